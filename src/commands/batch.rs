//! `zoom-runner batch`: one request per line in, one envelope per line out, several at once. A bad line fails alone, and
//! memory does not grow with the number of lines. Begin with [`serve`]; `workers` has the threads and the watch over them.

mod failed_logins;
mod in_flight;
mod input;
mod output;
mod pace;
mod resume;
mod workers;

use super::mcp::from_file;
use super::output::{Output as WholeOutput, Style};
use super::placeholders::Placeholders;
use super::progress::Progress;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::resource;
use crate::run::Engine;
use crate::run::supervise::{Signals, Waited, cancelled, no_thread, wait_for};
use crate::zoom::account_plan::Plan;
use failed_logins::Tokens;
use in_flight::InFlight;
use input::Lines;
use output::Output;
use pace::Pace;
use resume::Done;
use serde_json::{Map, Value};
use std::io::{IsTerminal, Stdin, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use workers::{Batch, connections};

/// The options of a batch.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The number of requests that run at once, 1 to 256.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: u16,
    /// A file with the resource, as JSON, for the lines that have none.
    #[arg(long, value_name = "FILE")]
    pub resource: Option<PathBuf>,
    /// Write the envelopes in the order of the lines.
    #[arg(long)]
    pub ordered: bool,
    /// Skip the lines whose `id` an earlier output, in this file, holds as a success.
    #[arg(long, value_name = "FILE")]
    pub skip_done: Option<PathBuf>,
    /// The accounts' Zoom plan, free, pro or business: keep to its calls per second from the start. Without it nothing is
    /// held back until Zoom first refuses a call, and then as much as Zoom says.
    #[arg(long)]
    pub plan: Option<Plan>,
}

/// Runs every line of `input`. Returns 0 when all succeeded, else 1, or the exit code of what kept the batch from
/// beginning. After a signal what runs is finished, and each line that was not begun is answered as `cancelled`; a second
/// signal, or 20 seconds, cancels what runs as well.
pub fn serve(
    options: Options,
    engine: Engine,
    placeholders: Placeholders,
    (input, mut output): (Stdin, Stdout),
    signals: &Signals,
) -> u8 {
    let workers = options.workers;
    let window = usize::from(workers) * 4;
    let earlier = options.skip_done.clone();
    let is_ordered = options.ordered;
    let plan = options.plan;
    let (resource, done) = match prepare(options, placeholders, signals) {
        Ok(prepared) => prepared,
        Err(failure) => return refuse(&failure),
    };
    if done.is_cut_where(earlier.as_deref(), &output) {
        // Where that fails, the first envelope will too.
        let _ = writeln!(output);
    }

    let progress = Progress::of_batch(&input, output.is_terminal());
    let lines = match Lines::read(input, window, signals.clone(), progress.clone()) {
        Ok(lines) => lines,
        Err(error) => return refuse(&no_thread(&error)),
    };
    let batch = Arc::new(Batch {
        lines,
        done,
        resource,
        output: Output::new(
            WholeOutput::new(output, Style::Line),
            is_ordered.then_some(window),
            progress.clone(),
        ),
        running: InFlight::default(),
        pace: Pace::new(Arc::clone(&engine.clock), plan),
        wires: Mutex::default(),
        tokens: Arc::new(Tokens::of(engine.tokens)),
        clock: engine.clock,
        signals: signals.clone(),
        instead: engine.instead,
        placeholders,
    });

    let connect = |batch: &Arc<Batch<WholeOutput>>| connections(Arc::clone(batch));
    let exit = batch.run(workers, connect);
    progress.end();

    let mut errors = std::io::stderr();
    if let Some(reason) = batch.output.loss() {
        let unanswered = batch.lines.handed_out() - batch.output.written();
        let _ = writeln!(
            errors,
            "error: stdout cannot be written: {reason}. {unanswered} of the lines that were begun have no answer there: what they changed is not known."
        );
    }

    if errors.is_terminal() {
        let (succeeded, failed) = batch.output.counts();
        let _ = writeln!(
            errors,
            "{} lines: {succeeded} succeeded, {failed} failed.",
            succeeded + failed
        );
    }

    exit
}

/// Tells why the batch can't begin. Returns the exit code.
fn refuse(failure: &Failure) -> u8 {
    let hint = failure.hint.as_deref().unwrap_or_default();
    let sentence = format!("error: {} {hint}", failure.message);
    let _ = writeln!(std::io::stderr(), "{}", sentence.trim_end());
    failure.exit()
}

/// Reads the files that `options` name, in a thread of its own: one may be a pipe without a writer, and a signal has
/// to end that too.
fn prepare(
    options: Options,
    placeholders: Placeholders,
    signals: &Signals,
) -> Result<(Option<Map<String, Value>>, Done), Failure> {
    let (done, ended) = channel();
    std::thread::Builder::new()
        .spawn(move || {
            let resource = options
                .resource
                .as_deref()
                .map(|path| default_resource(path, placeholders))
                .transpose();
            let earlier = Done::read(options.skip_done.as_deref())
                .map_err(|reason| Failure::new(Code::InvalidRequest, reason));
            let _ = done.send(resource.and_then(|resource| Ok((resource, earlier?))));
        })
        .map_err(|error| no_thread(&error))?;

    match wait_for(&ended, signals, || false) {
        Waited::Ended(Some(prepared)) => prepared,
        _ => Err(cancelled()),
    }
}

/// Reads the resource for the lines that have none. What is wrong with it is said once, and not in every line.
fn default_resource(
    path: &Path,
    placeholders: Placeholders,
) -> Result<Map<String, Value>, Failure> {
    let wrong = |reason: &str| {
        Failure::new(
            Code::InvalidResource,
            format!("{} holds no resource: {reason}", path.display()),
        )
    };

    let fields = from_file(path).map_err(|reason| Failure::new(Code::InvalidResource, reason))?;
    let map = placeholders.resource(fields).map_err(|failure| {
        let hint = failure.hint.clone().unwrap_or_default();
        wrong(&failure.message).hint(hint)
    })?;
    if !placeholders.is_sandboxed {
        resource::check(map.clone()).map_err(|failure| wrong(&failure.message))?;
    }

    Ok(map)
}
