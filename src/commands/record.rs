//! The record door: the stdin door, and a fixture of what went by, with stand-ins for secrets and personal data. Knows what a fixture's files are, not what is personal in them.
//!
//! Children: `disguise` (a run's request and exchanges, rewritten), `fields` (which field holds what), `scan` (free
//! text), `stand_ins` (what stands in for a value).

mod disguise;
mod fields;
mod scan;
mod stand_ins;

use super::replay::{ENVELOPE, EXCHANGES, REQUEST, kept, play};
use crate::fixtures::exchange::Exchanges;
use crate::fixtures::recorder::{Kept, Recorder};
use crate::protocol::exact::pretty;
use crate::protocol::request::parse;
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{Signals, supervise};
use crate::run::{Engine, answer};
use crate::zoom::token::NoStore;
use serde_json::Value;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// Where to keep a run, and how much of it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// The fixture's directory; made if it is not there.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Write into DIR although something is there.
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
    if let Err(what) = prepare(options) {
        let _ = writeln!(error, "error: {what}");
        return 2;
    }
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
    match write(options, &run, started) {
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
    kept: Arc<Kept>,
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
                Arc::clone(&run.kept),
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

/// Makes the directory, or sees that nothing in it would be lost.
fn prepare(options: &Options) -> Result<(), String> {
    let dir = options.dir.display();
    let cannot = |error: io::Error| format!("{dir} cannot be used: {error}");
    fs::create_dir_all(&options.dir).map_err(cannot)?;
    let in_use = fs::read_dir(&options.dir).map_err(cannot)?.next().is_some();
    if in_use && !options.force {
        return Err(format!(
            "{dir} is not empty; nothing was run. Name another directory, or add --force."
        ));
    }
    Ok(())
}

/// Writes the three files; answers with what the developer should know.
fn write(options: &Options, run: &Run, started: SystemTime) -> Result<Vec<String>, String> {
    let bytes = lock(&run.request);
    let request = std::str::from_utf8(&bytes).map_err(|_| "the request is not UTF-8".to_owned())?;
    let exchanges = run.kept.exchanges(started);
    let disguised = disguise::disguise(
        request.trim_start_matches('\u{feff}'),
        &exchanges,
        options.keep_personal_data,
    )
    .ok_or("the request is no JSON, so that its secrets cannot be found in it")?;
    let request = pretty(&disguised.request) + "\n";
    let exchanges =
        serde_json::to_string(&disguised.exchanges).map_err(|error| error.to_string())?;
    let exchanges = pretty(&exchanges) + "\n";
    let mut warnings = Vec::new();
    if options.keep_personal_data {
        warnings.push(format!(
            "{} holds personal data as it came; do not share it.",
            options.dir.display()
        ));
    }
    // The envelope is what comes of the files as they are written, so that it can't but replay.
    let (envelope, differences) = play(request.as_bytes(), Exchanges::read(&exchanges)?)?;
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
    let envelope = if envelope.trim().is_empty() {
        "{}".to_owned()
    } else {
        kept(&envelope)?
    };
    put(&options.dir, REQUEST, &request)?;
    put(&options.dir, EXCHANGES, &exchanges)?;
    put(&options.dir, ENVELOPE, &(pretty(&envelope) + "\n"))?;
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

/// Writes a file that only its owner may read.
fn put(dir: &Path, name: &str, text: &str) -> Result<(), String> {
    let path = dir.join(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // One that is there may be open to others, or lead elsewhere: it goes first.
    let written = match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => options
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes())),
    };
    written.map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
