//! One fixture: `request.json` (bytes), `exchanges.json`, `envelope.json`; its run without a network, and what differs. Writes to no stream.

use crate::clock::{Clock, FakeClock};
use crate::fixtures::exchange::Exchanges;
use crate::fixtures::player::Player;
use crate::protocol::exact::{differences, entries, pretty};
use crate::protocol::meta::NEVER_THE_SAME;
use crate::protocol::request::parse;
use crate::run::session::EnvelopeSession;
use crate::run::{Engine, answer};
use crate::zoom::token::NoStore;
use serde_json::value::RawValue;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// The file that holds the bytes on stdin.
pub const REQUEST: &str = "request.json";
/// The file that holds the HTTP exchanges.
pub const EXCHANGES: &str = "exchanges.json";
/// The file that holds the envelope that comes of it.
pub const ENVELOPE: &str = "envelope.json";

/// How one fixture went.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The fixture's directory.
    pub path: PathBuf,
    /// What differs from the recording, a paragraph each; empty when nothing does.
    pub differences: Vec<String>,
    /// True when its envelope was written anew.
    pub blessed: bool,
}

/// The fixtures at `path` and below.
pub(super) fn find(path: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.join(REQUEST).is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        // Links are not followed: they may lead round in a circle.
        if entry.file_type()?.is_dir() {
            find(&entry.path(), found)?;
        }
    }
    Ok(())
}

/// Runs the fixture at `path`; with `bless`, what came out is what is expected from now on.
pub(super) fn replay(path: PathBuf, bless: bool) -> Replayed {
    let mut blessed = false;
    let differences = match compare(&path, bless, &mut blessed) {
        Ok(differences) => differences,
        Err(what) => vec![what],
    };
    Replayed {
        path,
        differences,
        blessed,
    }
}

fn compare(path: &Path, bless: bool, blessed: &mut bool) -> Result<Vec<String>, String> {
    let read = |name: &str| {
        fs::read(path.join(name)).map_err(|error| format!("{name} cannot be read: {error}"))
    };
    let request = read(REQUEST)?;
    let exchanges = String::from_utf8(read(EXCHANGES)?).map_err(|error| error.to_string());
    let exchanges = exchanges
        .and_then(|text| Exchanges::read(&text))
        .map_err(|error| format!("{} cannot be used: {error}", EXCHANGES))?;
    let (got, http) = play(&request, exchanges)?;
    // What comes of a run that was given no answers is not worth comparing.
    if !http.is_empty() {
        return Ok(http);
    }
    let kept = kept(&got)?;
    let expected = fs::read_to_string(path.join(ENVELOPE));
    let found = match &expected {
        Ok(text) => envelopes_differ(text, &kept)?,
        Err(error) => vec![format!("{} cannot be read: {error}", ENVELOPE)],
    };
    if bless && !found.is_empty() {
        let written = fs::write(path.join(ENVELOPE), pretty(&kept) + "\n");
        written.map_err(|error| format!("{} cannot be written: {error}", ENVELOPE))?;
        *blessed = true;
        return Ok(Vec::new());
    }
    Ok(found)
}

fn envelopes_differ(expected: &str, got: &str) -> Result<Vec<String>, String> {
    let raw =
        |text: &str| serde_json::from_str::<Box<RawValue>>(text).map_err(|error| error.to_string());
    let expected = raw(expected).map_err(|error| format!("{} is no JSON: {error}", ENVELOPE))?;
    let found = differences(&expected, &raw(got)?);
    Ok(found.iter().map(|one| format!("envelope: {one}")).collect())
}

/// Runs `request` against the recording: the envelope, and what was asked that is not recorded or never asked.
///
/// # Errors
/// A sentence, when the exchanges or the envelope are not what they should be.
pub fn play(request: &[u8], exchanges: Exchanges) -> Result<(String, Vec<String>), String> {
    let clock = Arc::new(FakeClock::from(exchanges.start()?));
    let recording = Arc::new(Player::new(exchanges, Arc::clone(&clock)));
    let (http, clock) = (Arc::clone(&recording), clock as Arc<dyn Clock>);
    let connect: crate::run::Connect = Box::new(move |_| Box::new(Arc::clone(&http)));
    let engine = Engine {
        clock: Arc::clone(&clock),
        tokens: Box::new(NoStore),
        connect,
        instead: None,
    };
    let session = EnvelopeSession::start(Vec::new(), clock, false);
    // One fixture that meets a bug must not end the others.
    let ran = catch_unwind(AssertUnwindSafe(|| {
        answer(&engine, &session, parse(request), None)
    }));
    let mut http: Vec<String> = recording.difference().into_iter().collect();
    if let Err(panic) = ran {
        let words = panic
            .downcast_ref::<&str>()
            .map(|words| (*words).to_owned());
        let words = words
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        http.push(format!("the program panicked: {words}"));
    } else if http.is_empty() {
        http.extend(recording.left());
    }
    let envelope = String::from_utf8(session.into_output()).map_err(|error| error.to_string())?;
    Ok((envelope, http))
}

/// The envelope as it is kept: without what is never the same twice.
///
/// # Errors
/// A sentence, when `envelope` is no JSON.
pub fn kept(envelope: &str) -> Result<String, String> {
    let raw: &RawValue = serde_json::from_str(envelope.trim())
        .map_err(|error| format!("no envelope came: {error}"))?;
    let without = |object: &RawValue, keys: &[&str], inner: &dyn Fn(&str, &RawValue) -> String| {
        let entries = entries(object).unwrap_or_default();
        let kept = entries
            .iter()
            .filter(|(key, _)| !keys.contains(&key.as_str()));
        let kept: Vec<String> = kept
            .map(|(key, value)| {
                format!(
                    "{}:{}",
                    serde_json::Value::from(key.as_str()),
                    inner(key, value)
                )
            })
            .collect();
        format!("{{{}}}", kept.join(","))
    };
    let as_it_is = |_: &str, value: &RawValue| value.get().to_owned();
    Ok(without(raw, &[], &|key, value| match key {
        "meta" => without(value, &NEVER_THE_SAME, &as_it_is),
        _ => as_it_is(key, value),
    }))
}
