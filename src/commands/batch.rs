//! The batch door: one request per line in, one envelope per line out, several at once. A bad line fails alone. Memory does not grow with the number of lines.
//!
//! Children: `lines` (stdin to lines, each with its number), `done` (what an earlier output already holds), `running`
//! (what is under way), `tokens` (one for each resource), `pace` (as fast as Zoom lets them), `output` (envelopes to
//! stdout, in order where asked), `workers` (the threads, and whoever watches over them).

mod failed_logins;
mod in_flight;
mod input;
mod output;
mod pace;
mod resume;
mod workers;

use super::output::{Output as WholeOutput, Style};
use super::placeholders::Variable;
use super::progress::Progress;
use crate::protocol::json;
use crate::protocol::resource;
use crate::run::Engine;
use crate::run::supervise::{Signals, Waited, no_thread, wait_for};
use crate::zoom::account_plan::Plan;
use failed_logins::Tokens;
use in_flight::InFlight;
use input::Lines;
use output::Output;
use pace::Pace;
use resume::Done;
use serde_json::{Map, Value};
use std::io::{IsTerminal, Stdin, Stdout, Write};
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use workers::{Batch, connections};

/// How a batch is run.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many requests run at once, 1 to 256.
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

/// Runs every line of `input`; answers with 0 when all succeeded, else 1, or 2 when `options` cannot be followed. After a
/// signal what runs is finished, and each line that was not begun is answered as `cancelled`; a second signal, or 20
/// seconds, cancels what runs as well.
pub fn serve(
    options: &Options,
    engine: Engine,
    secrets: Option<Variable>,
    (input, mut output): (Stdin, Stdout),
    signals: &Signals,
) -> u8 {
    let earlier = options.skip_done.as_deref();
    let prepared = default_resource(options, signals)
        .and_then(|resource| Ok((resource, Done::read(earlier)?)));
    let (resource, done) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "error: {message}");
            return 2;
        }
    };
    if done.is_cut_where(earlier, &output) {
        // Where that fails, the first envelope will too.
        let _ = writeln!(output);
    }
    let progress = Progress::of_batch(&input, output.is_terminal());
    let window = usize::from(options.workers) * 4;
    let batch = Arc::new(Batch {
        lines: Lines::read(input, window, signals.clone(), progress.clone()),
        done,
        resource,
        output: Output::new(
            WholeOutput::new(output, Style::Line),
            options.ordered.then_some(window),
            progress.clone(),
        ),
        running: InFlight::default(),
        pace: Pace::new(Arc::clone(&engine.clock), options.plan),
        wires: Mutex::default(),
        tokens: Arc::new(Tokens::of(engine.tokens)),
        clock: engine.clock,
        signals: signals.clone(),
        instead: engine.instead,
        secrets,
    });
    let connect = |batch: &Arc<Batch<WholeOutput>>| connections(Arc::clone(batch));
    let exit = batch.run(options.workers, connect);
    progress.end();
    if std::io::stderr().is_terminal() {
        let (succeeded, failed) = batch.output.counts();
        let _ = writeln!(
            std::io::stderr(),
            "{} lines: {succeeded} succeeded, {failed} failed.",
            succeeded + failed
        );
    }
    exit
}

/// The resource of the file that `options` name.
fn default_resource(
    options: &Options,
    signals: &Signals,
) -> Result<Option<Map<String, Value>>, String> {
    let Some(path) = &options.resource else {
        return Ok(None);
    };
    let name = path.display();
    let text = read_file(path.clone(), signals)?
        .map_err(|error| format!("{name} cannot be read: {error}"))?;
    let map = match json::read(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(map)) => map,
        Ok(_) => return Err(format!("{name} holds no JSON object")),
        Err(error) => return Err(format!("{name} holds no JSON object: {error}")),
    };
    // Said once, and not in every line.
    resource::check(map.clone())
        .map_err(|failure| format!("{name} holds no resource: {}", failure.message))?;
    Ok(Some(map))
}

/// Reads a file in a thread of its own: it may be a pipe that nobody writes to, and a signal is to end that too.
fn read_file(path: PathBuf, signals: &Signals) -> Result<std::io::Result<String>, String> {
    let (done, ended) = channel();
    std::thread::Builder::new()
        .spawn(move || {
            let _ = done.send(std::fs::read_to_string(path));
        })
        .map_err(|error| no_thread(&error).message.clone())?;
    match wait_for(&ended, signals, || false) {
        Waited::Ended(Some(text)) => Ok(text),
        _ => Err("a signal came first".to_owned()),
    }
}
