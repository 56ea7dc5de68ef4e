//! The record door: the stdin door, and a fixture of what went by, with stand-ins for secrets and personal data. Knows what a fixture's files are, not what is personal in them.
//!
//! Children: `disguise` (a run's request and exchanges, rewritten), `fields` (which field holds what), `scan` (free
//! text), `stand_ins` (what stands in for a value).

mod disguise;
mod fields;
mod scan;
mod stand_ins;

use super::replay::{play, refuse_links, strip_volatile, write as write_fixture};
use crate::actions;
use crate::fixtures::exchange::Fixture;
use crate::fixtures::recorder::{ExchangeLog, Recorder};
use crate::protocol::request::parse;
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{Signals, supervise};
use crate::run::{Engine, answer};
use crate::zoom::token::NoStore;
use serde_json::Value;
use serde_json::value::RawValue;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// Where to keep a run, and how much of it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// The fixture's file, CASE.json, or a directory for it; made if it is not there.
    #[arg(value_name = "DIR_OR_FILE")]
    pub path: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    pub force: bool,
    /// Keep names, addresses, numbers, ids, passcodes and links as they are. Secrets and tokens are replaced all the same.
    #[arg(long)]
    pub keep_personal_data: bool,
}

/// Runs the request that `read` gives as the stdin door does, and writes the fixture; answers with the run's exit code,
/// with 2 before anything is run when DIR cannot be used, and with 1 when the run went well and the fixture did not.
pub fn serve(
    engine: Engine,
    options: &Options,
    read: impl FnOnce() -> Vec<u8> + Send + 'static,
    output: impl Write + Send + 'static,
    mut error: impl Write,
    signals: &Signals,
) -> u8 {
    let target = match Target::of(options) {
        Ok(target) => target,
        Err(what) => {
            let _ = writeln!(error, "error: {what}");
            return 2;
        }
    };
    let run = Arc::<Run>::default();
    let clock = Arc::clone(&engine.clock);
    let engine = run.keep(engine);
    let sandbox = engine.instead.is_some();
    let out = Tee {
        out: output,
        run: Arc::clone(&run),
    };
    let session = Arc::new(EnvelopeSession::start(
        BufWriter::new(out),
        Arc::clone(&clock),
        sandbox,
    ));
    let inner = Arc::clone(&run);
    let exit = supervise(&session, signals, move |session| {
        let bytes = read();
        lock(&inner.request).clone_from(&bytes);
        answer(&engine, session, parse(&bytes), None);
    });
    let (_, started) = *run
        .started
        .get_or_init(|| (clock.now(), clock.system_time()));
    match write(options, target, &run, started) {
        Ok(warnings) => {
            for warning in warnings {
                let _ = writeln!(error, "warning: {warning}");
            }
            exit
        }
        Err(what) => {
            let _ = writeln!(error, "error: no fixture was written: {what}");
            exit.max(1)
        }
    }
}

/// What is known of the run that is recorded.
#[derive(Default)]
struct Run {
    request: Mutex<Vec<u8>>,
    envelope: Mutex<Vec<u8>>,
    log: Arc<ExchangeLog>,
    started: OnceLock<(Duration, SystemTime)>,
}

impl Run {
    /// The same engine, with whatever goes by kept. No token from before is used: a replay has none, and would ask for one
    /// that the recording does not hold.
    fn keep(self: &Arc<Self>, engine: Engine) -> Engine {
        let (run, clock, connect) = (Arc::clone(self), Arc::clone(&engine.clock), engine.connect);
        let connect: crate::run::Connect = Box::new(move |resource| {
            // The time budget begins here, and not while the request is waited for.
            let (started, _) = *run
                .started
                .get_or_init(|| (clock.now(), clock.system_time()));
            Box::new(Recorder::new(
                connect(resource),
                Arc::clone(&clock),
                started,
                Arc::clone(&run.log),
            ))
        });
        Engine {
            connect,
            tokens: Box::new(NoStore),
            ..engine
        }
    }
}

/// Writes to `out`, and keeps what was written.
struct Tee<W> {
    out: W,
    run: Arc<Run>,
}

impl<W: Write> Write for Tee<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        lock(&self.run.envelope).extend_from_slice(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the fixture goes.
enum Target {
    /// This file.
    File(PathBuf),
    /// A new file in this directory, named after the action.
    Directory(PathBuf),
}

impl Target {
    /// Makes the directory if it is not there, and checks that nothing is lost by writing.
    fn of(options: &Options) -> Result<Self, String> {
        let path = &options.path;
        let is_file = path
            .extension()
            .is_some_and(|extension| extension == "json");
        let directory = match path.parent() {
            Some(parent) if is_file => parent,
            _ => path,
        };
        let cannot = |error| format!("{} cannot be used: {error}", path.display());
        if !directory.as_os_str().is_empty() {
            fs::create_dir_all(directory).map_err(cannot)?;
        }
        refuse_links(path).map_err(cannot)?;
        if !is_file {
            return Ok(Self::Directory(path.clone()));
        }
        if path.exists() && !options.force {
            return Err(format!(
                "{} is there already; nothing was run. Name another file, or add --force.",
                path.display()
            ));
        }
        Ok(Self::File(path.clone()))
    }

    fn path(self, action: &str) -> Option<PathBuf> {
        let directory = match self {
            Self::File(path) => return Some(path),
            Self::Directory(directory) => directory,
        };
        let names = (1_u32..).map(|number| match number {
            1 => format!("{action}.json"),
            number => format!("{action}-{number}.json"),
        });
        names
            .map(|name| directory.join(name))
            .find(|path| fs::symlink_metadata(path).is_err())
    }
}

/// Writes the fixture; answers with what the developer should know.
fn write(
    options: &Options,
    target: Target,
    run: &Run,
    started: SystemTime,
) -> Result<Vec<String>, String> {
    let bytes = lock(&run.request);
    let request = std::str::from_utf8(&bytes).map_err(|_| "the request is not UTF-8".to_owned())?;
    let disguised = disguise::disguise(
        request.trim_start_matches('\u{feff}'),
        &run.log.exchanges(),
        options.keep_personal_data,
    )
    .ok_or("the request is no JSON, so that its secrets cannot be found in it")?;
    let fixture = Fixture {
        request: RawValue::from_string(disguised.request).map_err(|error| error.to_string())?,
        started_at: started.into(),
        exchanges: disguised.exchanges,
        envelope: None,
    };
    // Played as it is written: messages name lines and columns.
    let read = |text: String| serde_json::from_str::<Fixture>(&text);
    let mut fixture = fixture
        .text()
        .and_then(read)
        .map_err(|error| error.to_string())?;
    let action = parse(&bytes)
        .ok()
        .and_then(|request| actions::find(&request.action))
        .map_or("request", |entry| entry.id);
    let path = target
        .path(action)
        .ok_or("the directory has no free name")?;
    let mut warnings = Vec::new();
    if options.keep_personal_data {
        warnings.push(format!(
            "{} holds personal data as it came; do not share it.",
            path.display()
        ));
    }
    // The envelope is what comes of the file as it is written, so that it can't but replay.
    let (envelope, differences) = play(&fixture)?;
    if !differences.is_empty() {
        warnings.push(format!(
            "the fixture does not replay: {}",
            differences.join("\n")
        ));
    } else if outline(&envelope) != outline(&String::from_utf8_lossy(&lock(&run.envelope))) {
        warnings.push(
            "the fixture replays to another outcome than the run had; compare the envelopes."
                .to_owned(),
        );
    }
    if !envelope.trim().is_empty() {
        let envelope = strip_volatile(&envelope)?;
        fixture.envelope = RawValue::from_string(envelope).ok();
    }
    write_fixture(&path, &fixture)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(warnings)
}

/// What of an outcome no stand-in may change.
fn outline(envelope: &str) -> Value {
    let envelope: Value = serde_json::from_str(envelope).unwrap_or_default();
    let at = |path: &str| envelope.pointer(path).cloned().unwrap_or_default();
    let paths = [
        "/status",
        "/action",
        "/error/code",
        "/error/change",
        "/error/field",
        "/meta/requests",
        "/meta/retries",
    ];
    let more = [
        "/meta/pages",
        "/meta/token",
        "/meta/hidden",
        "/data/count",
        "/data/complete",
        "/data/not_applied",
    ];
    paths.iter().chain(&more).map(|path| at(path)).collect()
}
