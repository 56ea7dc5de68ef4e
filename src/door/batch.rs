//! The batch door: one request per line in, one envelope per line out, several at once. A bad line fails alone. Memory does not grow with the number of lines.
//!
//! Children: `lines` (stdin to lines, each with its number), `done` (what an earlier output already holds), `output`
//! (envelopes to stdout, in order where asked).

mod done;
mod lines;
mod output;

use super::spool::Spool;
use crate::clock::Clock;
use crate::http::Http;
use crate::http::wire::Wire;
use crate::protocol::envelope::Head;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use crate::protocol::request::{Refused, Request, parse};
use crate::protocol::resource::Resource;
use crate::run::session::Session;
use crate::run::supervise::Signals;
use crate::run::{Engine, answer};
use crate::zoom::token::TokenStore;
use done::Done;
use lines::{Line, Lines};
use output::Output;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::{Stdin, Stdout, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// How a batch is run.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many requests run at once.
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
}

/// Runs every line of `input`; answers with 0 when all succeeded, else 1. After a signal what runs is finished, and each
/// line that was not begun is answered as `cancelled`.
pub fn serve(options: &Options, input: Stdin, output: Stdout, signals: &Signals) -> u8 {
    let prepared =
        default_resource(options).and_then(|resource| Ok((resource, Done::read(options.skip_done.as_deref())?)));
    let (resource, done) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "error: {message}");
            return 2;
        }
    };
    let engine = super::engine();
    let tokens: Arc<dyn TokenStore> = engine.tokens.into();
    let window = usize::from(options.workers) * 4;
    let output = Output::new(output, options.ordered.then_some(window));
    let lines = Lines::read(input, window, signals.clone());
    let batch = Batch { lines, done, resource, output, tokens, clock: engine.clock, signals };
    std::thread::scope(|scope| {
        for _ in 0..options.workers {
            scope.spawn(|| batch.work());
        }
    });
    batch.output.exit()
}

fn default_resource(options: &Options) -> Result<Option<Map<String, Value>>, String> {
    let Some(path) = &options.resource else { return Ok(None) };
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    match json::read(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(map)) => Ok(Some(map)),
        Ok(_) => Err(format!("{name} holds no JSON object")),
        Err(error) => Err(format!("{name} holds no JSON object: {error}")),
    }
}

/// What the workers share.
struct Batch<'a> {
    lines: Lines,
    done: Done,
    resource: Option<Map<String, Value>>,
    output: Output<Stdout>,
    tokens: Arc<dyn TokenStore>,
    clock: Arc<dyn Clock>,
    signals: &'a Signals,
}

impl Batch<'_> {
    /// One worker: takes lines until there are none.
    fn work(&self) {
        let engine = Engine {
            clock: Arc::clone(&self.clock),
            tokens: Box::new(Arc::clone(&self.tokens)),
            connect: Box::new(connections()),
            instead: None,
        };
        while !self.output.is_closed()
            && let Some(line) = self.lines.next()
        {
            self.answer(&engine, line);
        }
    }

    fn answer(&self, engine: &Engine, line: Line) {
        let number = line.number;
        let request = line.bytes.and_then(|bytes| parse(&bytes)).map(|request| self.completed(request));
        if request.as_ref().is_ok_and(|request| self.done.holds(request.id.as_deref())) {
            self.output.skip(line.turn);
            return;
        }
        let spool = Spool::new();
        let session = Session::start(spool.clone(), Arc::clone(&self.clock), false);
        let exit = if self.signals.came() {
            cancelled(&session, request, number)
        } else {
            // A worker outlives a bug in one request.
            catch_unwind(AssertUnwindSafe(|| answer(engine, &session, request, Some(number))))
                .unwrap_or_else(|_| session.finish(Err(&crate::run::supervise::panicked())))
        };
        self.output.write(line.turn, spool, exit);
    }

    /// The request with the batch's resource where it has none of its own.
    fn completed(&self, request: Request) -> Request {
        Request { resource: request.resource.or_else(|| self.resource.clone()), ..request }
    }
}

/// A line that a signal came before.
fn cancelled(session: &Session<Spool>, request: Result<Request, Box<Refused>>, number: u64) -> u8 {
    let (action, id) = match request {
        Ok(request) => (Some(request.action), request.id),
        Err(refused) => (refused.action, refused.id),
    };
    session.head(Head { action, label: None, id, line: Some(number) });
    let failure = Failure::new(Code::Cancelled, "The batch was cancelled by a signal before this line was begun.");
    session.finish(Err(&failure))
}

/// A worker's connections: kept from request to request, one per host.
fn connections() -> impl Fn(&Resource) -> Box<dyn Http> + Send + Sync {
    type Key = (bool, Option<String>, Option<String>);
    let kept: Mutex<HashMap<Key, Arc<Wire>>> = Mutex::default();
    move |resource| {
        let proxy = resource.proxy_url.as_ref().map(|proxy| proxy.reveal().clone());
        let key = (resource.verify_certificate, resource.ca_certificate.clone(), proxy);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        Box::new(Arc::clone(kept.entry(key).or_insert_with(|| Arc::new(super::wire(resource)))))
    }
}
