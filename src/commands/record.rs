//! `zoom-runner record`: a normal run, and a fixture of it with pseudonyms for everything that may be personal or secret.
//! Begin with [`serve`]; `pseudonymize` replaces, `allowed` lists what stays.

mod allowed;
mod pseudonymize;

use super::placeholders::Placeholders;
use super::replay::{answer_with, play, refuse_links, strip_volatile, write as write_fixture};
use super::stdin::tell_loss;
use crate::actions;
use crate::clock::FakeClock;
use crate::fixtures::exchange::{Exchange, Fixture, Outcome};
use crate::fixtures::player::Outcomes;
use crate::fixtures::recorder::{ExchangeLog, Recorder};
use crate::protocol::exact::entries;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::request::{Refused, parse};
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{Signals, supervise};
use crate::run::{Engine, answer, describe};
use crate::zoom::token::NoStore;
use pseudonymize::Pseudonymizer;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// The arguments of `record`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// The fixture's file, CASE.json, or a directory for it; made if it is not there.
    #[arg(value_name = "DIR_OR_FILE")]
    pub path: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    pub force: bool,
}

/// Runs the request that `read` returns as a run without arguments does, and writes the fixture. Returns the run's exit
/// code; 2 before anything is run if the path cannot be used, and 1 if the run went well and the fixture did not.
pub fn serve(
    engine: Engine,
    options: &Options,
    read: impl Fn() -> Result<Vec<u8>, Failure> + Clone + Send + 'static,
    placeholders: Placeholders,
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
    let engine = run.observe(engine);
    let resource = engine.instead.clone();
    let out = Tee {
        out: output,
        run: Arc::clone(&run),
    };
    let session = Arc::new(EnvelopeSession::start(
        BufWriter::new(out),
        Arc::clone(&clock),
        resource.is_some(),
    ));

    let inner = Arc::clone(&run);
    let again = read.clone();
    let exit = supervise(
        &session,
        signals,
        |session| {
            describe(
                session,
                again().map_err(refused).and_then(|bytes| parse(&bytes)),
            )
        },
        move |session| {
            let parsed = read().map_err(refused).and_then(|bytes| {
                lock(&inner.request).clone_from(&bytes);
                placeholders.resolve(parse(&bytes)?)
            });
            answer(&engine, session, parsed, None);
        },
    );

    tell_loss(&session);
    let (_, started) = *run
        .started
        .get_or_init(|| (clock.now(), clock.system_time()));

    match write(target, &run, resource, started) {
        Ok(warning) => {
            if let Some(warning) = warning {
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

fn refused(failure: Failure) -> Box<Refused> {
    Box::new(Refused {
        failure,
        id: None,
        action: None,
    })
}

/// The run that is recorded.
#[derive(Default)]
struct Run {
    request: Mutex<Vec<u8>>,
    envelope: Mutex<Vec<u8>>,
    log: Arc<ExchangeLog>,
    started: OnceLock<(Duration, SystemTime)>,
}

impl Run {
    /// Returns the same engine with every exchange logged. It uses no cached token: a replay has none, and would ask for
    /// one that the recording does not hold.
    fn observe(self: &Arc<Self>, engine: Engine) -> Engine {
        let (run, clock, connect) = (Arc::clone(self), Arc::clone(&engine.clock), engine.connect);
        let connect: crate::run::Connect = Box::new(move |resource| {
            // The timeout begins here, and not while the request is waited for.
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

/// Writes to `out` and to the run's envelope.
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

/// The place of the fixture.
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

/// Writes the fixture. Returns what the developer should know about it.
fn write(
    target: Target,
    run: &Run,
    resource: Option<Map<String, Value>>,
    started: SystemTime,
) -> Result<Option<String>, String> {
    if error_code(&lock(&run.envelope)) == Code::Cancelled.name() {
        return Err("a signal stopped the run".to_owned());
    }

    let bytes = lock(&run.request);
    if bytes.is_empty() {
        return Err("no request came".to_owned());
    }

    let request = std::str::from_utf8(&bytes).map_err(|_| "the request is not UTF-8")?;
    let request: &RawValue = serde_json::from_str(request.trim_start_matches('\u{feff}'))
        .map_err(|_| "the request is no JSON, so that its secrets cannot be found in it")?;
    let request = with_resource(request, resource)?;
    let mut fixture = pseudonymized(&request, &run.log.exchanges(), started)?;

    // The envelope is what comes of the file as it is written: messages name lines and columns.
    let (envelope, differences) = play(&fixture);
    let warning = if !differences.is_empty() {
        let what = differences.join("\n");
        Some(format!("the fixture does not replay: {what}"))
    } else if outline(&envelope) != outline(&String::from_utf8_lossy(&lock(&run.envelope))) {
        let what = "the fixture replays to another outcome than the run had; compare the envelopes";
        Some(what.to_owned())
    } else {
        None
    };

    if !envelope.trim().is_empty() {
        fixture.envelope = RawValue::from_string(strip_volatile(&envelope)?).ok();
    }

    let action = parse(&fixture.stdin())
        .ok()
        .and_then(|request| actions::find(&request.action))
        .map_or("request", |entry| entry.id);
    let path = target
        .path(action)
        .ok_or("the directory has no free name")?;
    write_fixture(&path, &fixture)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;

    Ok(warning)
}

/// Returns the request with the resource that the sandbox put in the place of its own: a replay has no sandbox. The
/// addresses are left out, since they differ from run to run.
fn with_resource(
    request: &RawValue,
    resource: Option<Map<String, Value>>,
) -> Result<Box<RawValue>, String> {
    let (Some(mut resource), Some(members)) = (resource, entries(request)) else {
        return Ok(request.to_owned());
    };
    resource.retain(|key, _| !key.ends_with("_url"));
    let resource = to_raw_value(&resource).map_err(|error| error.to_string())?;
    let members: BTreeMap<&str, &RawValue> = members
        .iter()
        .map(|(key, value)| (key.as_str(), *value))
        .chain([("resource", &*resource)])
        .collect();

    to_raw_value(&members).map_err(|error| error.to_string())
}

/// Returns the run as a fixture with pseudonyms, still without its envelope.
fn pseudonymized(
    request: &RawValue,
    exchanges: &[Exchange],
    started: SystemTime,
) -> Result<Fixture, String> {
    let outcomes: Vec<&Outcome> = exchanges.iter().map(|one| &one.outcome).collect();
    let mut all = Pseudonymizer::new(request, &outcomes);
    let request = all.request(request);
    let outcomes = exchanges
        .iter()
        .map(|one| (one.after_ms, all.outcome(&one.outcome)))
        .collect();

    // The requests of the fixture are those that a run with pseudonyms makes. So nothing of the original can stand in
    // them, and they fit the rest however they are encoded.
    let clock = Arc::new(FakeClock::from(started));
    let log = Arc::<ExchangeLog>::default();
    let outcomes = Outcomes::new(outcomes, Arc::clone(&clock));
    let recorder = Recorder::new(
        outcomes,
        Arc::clone(&clock) as _,
        Duration::ZERO,
        Arc::clone(&log),
    );

    answer_with(Arc::new(recorder), clock, request.as_bytes())?;

    let fixture = Fixture {
        request: RawValue::from_string(request).map_err(|error| error.to_string())?,
        started_at: started.into(),
        exchanges: log.exchanges(),
        envelope: None,
    };

    fixture
        .text()
        .and_then(|text| serde_json::from_str(&text))
        .map_err(|error| error.to_string())
}

/// Returns the `error.code` of an envelope, empty where it has none.
fn error_code(envelope: &[u8]) -> String {
    let envelope: Value = serde_json::from_slice(envelope).unwrap_or_default();
    let code = envelope.pointer("/error/code").and_then(Value::as_str);
    code.unwrap_or_default().to_owned()
}

/// Returns the parts of an envelope that no pseudonym may change.
fn outline(envelope: &str) -> Value {
    let envelope: Value = serde_json::from_str(envelope).unwrap_or_default();
    let at = |path: &str| envelope.pointer(path).cloned().unwrap_or_default();
    let paths = [
        "/status",
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
