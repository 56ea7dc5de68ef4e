//! The stdin door: one request until end of file, one envelope as one line on stdout.

use super::placeholders::{Variable, filled};
use super::progress::Progress;
use crate::clock::Clock;
use crate::protocol::MAX_REQUEST;
use crate::protocol::meta::RunState;
use crate::protocol::request::parse;
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{Signals, supervise};
use crate::run::{Engine, answer};
use std::io::{BufWriter, IsTerminal, Read, Stdin, Stdout};
use std::sync::Arc;
use std::time::Duration;

/// How often a person at a terminal is told how far a list has come.
const TELL: Duration = Duration::from_millis(100);

/// Reads a request from `input`, runs it, writes its envelope to `output`; answers with the exit code. With `secrets`,
/// place holders for them are filled from the environment.
pub fn serve(
    engine: Engine,
    secrets: Option<Variable>,
    (input, output): (Stdin, Stdout),
    signals: &Signals,
) -> u8 {
    let sandbox = engine.instead.is_some();
    let progress = Progress::of_list(output.is_terminal());
    let session = Arc::new(EnvelopeSession::start(
        BufWriter::new(output),
        Arc::clone(&engine.clock),
        sandbox,
    ));
    if progress.is_shown() {
        watch(
            progress.clone(),
            session.state_shared(),
            Arc::clone(&engine.clock),
        );
    }
    let exit = supervise(&session, signals, move |session| {
        let parsed = parse(&read(input.lock()));
        let parsed = match secrets {
            Some(variable) => parsed.and_then(|request| filled(request, variable)),
            None => parsed,
        };
        answer(&engine, session, parsed, None);
    });
    progress.end();
    exit
}

/// Tells `progress` how far the list has come, in a thread that ends with the process.
fn watch(progress: Progress, state: Arc<RunState>, clock: Arc<dyn Clock>) {
    std::thread::spawn(move || {
        loop {
            clock.sleep(TELL);
            if let Some((count, total)) = state.listed() {
                progress.listed(count, total);
            }
        }
    });
}

/// Reads to the end, keeping one byte more than a request may have: the rest is read and dropped, so that a host that
/// writes too much gets its answer instead of a broken pipe.
pub fn read(mut input: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let most = MAX_REQUEST as u64 + 1;
    // What cannot be read is as good as not there; what came before it is judged.
    if let Err(error) = input.by_ref().take(most).read_to_end(&mut bytes) {
        log::debug!("stdin broke off: {error}");
    }
    if bytes.len() > MAX_REQUEST {
        let _ = std::io::copy(&mut input.take(64 << 20), &mut std::io::sink());
    }
    bytes
}
