//! `zoom-runner replay`: runs fixtures again without a network and shows where something else comes of them. Begin with
//! [`serve`]; [`play`] is the run of one fixture.

use crate::clock::{Clock, FakeClock};
use crate::fixtures::exchange::Fixture;
use crate::fixtures::player::Player;
use crate::http::Http;
use crate::protocol::exact::{differences, entries};
use crate::protocol::meta::NEVER_THE_SAME;
use crate::protocol::request::parse;
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{Signals, Waited, wait_for};
use crate::run::{Engine, answer};
use crate::zoom::token::NoStore;
use serde_json::value::RawValue;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::{fs, thread};

/// The exit code of a wrong argument.
const USAGE: u8 = 2;

/// The exit code of a replay that a signal ended.
const CANCELED: u8 = 75;

/// The arguments of `replay`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Fixtures (CASE.json), or directories that hold some.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only the fixtures whose path holds TEXT.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Accept what comes out: write it as the envelope that is expected from now on.
    #[arg(long)]
    pub bless: bool,
}

/// The result of one fixture.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The fixture's file.
    pub path: PathBuf,
    /// The differences from the recording, a paragraph each; empty if there are none.
    pub differences: Vec<String>,
    /// True if its envelope was written anew.
    pub blessed: bool,
}

/// Replays the fixtures and prints a line for each, its differences below it, and the totals. Returns the exit code: 1
/// if something differs, 2 if a path is no fixture.
pub fn serve(
    options: Options,
    mut out: impl Write + Send + 'static,
    mut error: impl Write,
    signals: &Signals,
) -> u8 {
    // On a thread of its own, so that a signal ends it even while a pipe or a reader of stdout makes it wait.
    let (done, ended) = channel();
    let work = move || {
        let replayed = find(&options).map(|found| run(found, options.bless));
        let result = replayed.map(|replayed| {
            // A closed stdout is no difference; the exit code tells the result all the same.
            let _ = print(&options, &replayed, &mut out);
            replayed.is_empty() || replayed.iter().any(|one| !one.differences.is_empty())
        });
        let _ = done.send(result);
    };

    if let Err(reason) = thread::Builder::new().spawn(work) {
        let _ = writeln!(error, "error: no thread could be started: {reason}");
        return 1;
    }

    match wait_for(&ended, signals, || false) {
        Waited::Ended(Some(Ok(differs))) => u8::from(differs),
        Waited::Ended(Some(Err(what))) => {
            let _ = writeln!(
                error,
                "error: {what}\n\nFor more information, try '--help'."
            );
            USAGE
        }
        Waited::Ended(None) => 1,
        Waited::Signal | Waited::Overdue => CANCELED,
    }
}

/// Returns the files of the fixtures that `options` name, those below a directory in the order of their paths.
///
/// # Errors
/// A sentence about the first path that neither is a fixture nor holds one.
pub fn find(options: &Options) -> Result<Vec<PathBuf>, String> {
    let mut all = Vec::new();
    for path in &options.paths {
        let cannot = |error| format!("{} cannot be read: {error}", path.display());
        if options.bless {
            refuse_links(path).map_err(|error| format!("nothing was blessed: {error}"))?;
        }
        let mut found = Vec::new();
        if fs::metadata(path).map_err(cannot)?.is_dir() {
            walk(path, &mut found).map_err(cannot)?;
        } else {
            read(path)
                .and_then(|text| check_is_fixture(&text))
                .map_err(|reason| format!("{} is no fixture: {reason}", path.display()))?;
            found.push(path.clone());
        }
        if found.is_empty() {
            let directory = path.display();
            return Err(format!(
                "{directory} holds no fixture, which is a JSON file"
            ));
        }
        found.sort();
        all.append(&mut found);
    }

    if let Some(text) = &options.filter {
        all.retain(|path| path.to_string_lossy().contains(text.as_str()));
    }

    Ok(all)
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        // Links are not followed: they may lead round in a circle, and out of the directory.
        if kind.is_dir() {
            walk(&path, found)?;
        } else if kind.is_file()
            && path
                .extension()
                .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))
}

fn check_is_fixture(text: &str) -> Result<(), String> {
    let json: &RawValue = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let members = entries(json).unwrap_or_default();
    match members.iter().any(|(key, _)| key == "request") {
        true => Ok(()),
        false => Err("it has no `request`, `exchanges` and `envelope`".to_owned()),
    }
}

/// Replays each of `fixtures`; with `bless`, what comes out becomes what is expected.
#[must_use]
pub fn run(fixtures: Vec<PathBuf>, bless: bool) -> Vec<Replayed> {
    let replay = |path: PathBuf| {
        let mut blessed = false;
        let differences = compare(&path, bless, &mut blessed).unwrap_or_else(|what| vec![what]);
        Replayed {
            path,
            differences,
            blessed,
        }
    };
    fixtures.into_iter().map(replay).collect()
}

fn compare(path: &Path, bless: bool, blessed: &mut bool) -> Result<Vec<String>, String> {
    let mut fixture: Fixture =
        serde_json::from_str(&read(path)?).map_err(|error| format!("it is no fixture: {error}"))?;
    let (got, unlike) = play(&fixture);

    // What comes of a run that was not given its answers is not worth comparing.
    if !unlike.is_empty() {
        return Ok(unlike);
    }

    let got = raw(&strip_volatile(&got)?)?;
    let found = match &fixture.envelope {
        Some(expected) => differences(expected, &got)
            .iter()
            .map(|one| format!("envelope: {one}"))
            .collect(),
        None => vec!["envelope: there is none to compare with".to_owned()],
    };

    if bless && !found.is_empty() {
        fixture.envelope = Some(got);
        write(path, &fixture).map_err(|error| format!("it was not blessed: {error}"))?;
        *blessed = true;
        return Ok(Vec::new());
    }

    Ok(found)
}

fn raw(json: &str) -> Result<Box<RawValue>, String> {
    RawValue::from_string(json.to_owned()).map_err(|error| error.to_string())
}

/// Writes `fixture` to the file `path`, never through a symbolic link. The file is replaced as a whole, so that an
/// interrupted write leaves the old one.
///
/// # Errors
/// `path` is a link or lies in a directory that is one, or the file system refuses.
pub fn write(path: &Path, fixture: &Fixture) -> io::Result<()> {
    refuse_links(path)?;
    let directory = parent(path);
    let text = fixture.text()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = directory.join(format!(".{name}.{}", std::process::id()));
    let written = write_new(&new, path, text.as_bytes()).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }

    written
}

/// Refuses a path that is a symbolic link or lies in a directory that is one.
///
/// # Errors
/// The link, named.
pub fn refuse_links(path: &Path) -> io::Result<()> {
    for link in [path, parent(path)] {
        if fs::symlink_metadata(link).is_ok_and(|metadata| metadata.is_symlink()) {
            let what = format!("{} is a symbolic link", link.display());
            return Err(io::Error::other(what));
        }
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Writes a file that was not there, with the permissions of `like`, or for its owner only if `like` does not exist.
fn write_new(path: &Path, like: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    if let Ok(metadata) = fs::metadata(like) {
        file.set_permissions(metadata.permissions())?;
    }

    file.write_all(text)
}

/// Runs a fixture's request against its exchanges. Returns the envelope, and what the run asked that is not recorded or
/// did not ask that is.
#[must_use]
pub fn play(fixture: &Fixture) -> (String, Vec<String>) {
    let clock = Arc::new(FakeClock::from(fixture.started_at.into()));
    let player = Arc::new(Player::new(fixture.exchanges.clone(), Arc::clone(&clock)));
    let ran = answer_with(Arc::clone(&player) as _, clock, &fixture.stdin());

    let mut unlike: Vec<String> = player.difference().into_iter().collect();
    match &ran {
        Err(panic) => unlike.push(panic.clone()),
        Ok(_) if unlike.is_empty() => unlike.extend(player.left()),
        Ok(_) => {}
    }

    (ran.unwrap_or_default(), unlike)
}

/// Runs the request on `stdin` with `http` as its network. Returns the envelope.
///
/// # Errors
/// A sentence, if the program panicked: one fixture that meets a bug must not end the others.
pub fn answer_with(
    http: Arc<dyn Http>,
    clock: Arc<FakeClock>,
    stdin: &[u8],
) -> Result<String, String> {
    let clock: Arc<dyn Clock> = clock;
    let engine = Engine {
        clock: Arc::clone(&clock),
        tokens: Box::new(NoStore),
        connect: Box::new(move |_| Box::new(Arc::clone(&http))),
        instead: None,
    };

    let session = EnvelopeSession::start(Vec::new(), clock, false);
    catch_unwind(AssertUnwindSafe(|| {
        answer(&engine, &session, parse(stdin), None)
    }))
    .map_err(|panic| {
        let words = panic
            .downcast_ref::<&str>()
            .map(|words| (*words).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        format!("the program panicked: {words}")
    })?;

    String::from_utf8(session.into_output()).map_err(|error| error.to_string())
}

/// Returns the envelope without what differs from run to run.
///
/// # Errors
/// A sentence, if `envelope` is no JSON.
pub fn strip_volatile(envelope: &str) -> Result<String, String> {
    let envelope: &RawValue = serde_json::from_str(envelope.trim())
        .map_err(|error| format!("no envelope came: {error}"))?;
    let object = |members: Vec<String>| format!("{{{}}}", members.join(","));
    let member = |key: &str, value: &str| format!("{}:{value}", serde_json::Value::from(key));

    let meta = |meta: &RawValue| {
        let members = entries(meta).unwrap_or_default();
        let lasting = members
            .iter()
            .filter(|(key, _)| !NEVER_THE_SAME.contains(&key.as_str()));
        object(
            lasting
                .map(|(key, value)| member(key, value.get()))
                .collect(),
        )
    };

    let members = entries(envelope).unwrap_or_default();
    let members = members.iter().map(|(key, value)| match key.as_str() {
        "meta" => member(key, &meta(value)),
        _ => member(key, value.get()),
    });

    Ok(object(members.collect()))
}

fn print(options: &Options, replayed: &[Replayed], out: &mut impl Write) -> io::Result<()> {
    for one in replayed {
        let word = match (one.differences.is_empty(), one.blessed) {
            (false, _) => "DIFFERS",
            (true, true) => "blessed",
            (true, false) => "same",
        };
        writeln!(out, "{word:<8}{}", one.path.display())?;
        for line in one.differences.iter().flat_map(|one| one.lines()) {
            writeln!(out, "          {line}")?;
        }
    }

    let differ = replayed
        .iter()
        .filter(|one| !one.differences.is_empty())
        .count();
    let blessed = match replayed.iter().filter(|one| one.blessed).count() {
        0 => String::new(),
        blessed => format!(", {blessed} of them blessed"),
    };
    let fixtures = match replayed.len() {
        1 => "1 fixture".to_owned(),
        all => format!("{all} fixtures"),
    };
    match (replayed.len(), differ) {
        (0, _) => {
            let text = options.filter.as_deref().unwrap_or_default();
            writeln!(out, "No fixture has {text:?} in its path.")
        }
        (_, 0) => writeln!(out, "{fixtures}, all the same{blessed}."),
        (all, _) => writeln!(
            out,
            "{fixtures}: {} the same{blessed}, {differ} not.",
            all - differ
        ),
    }?;

    out.flush()
}
