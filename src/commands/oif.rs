//! `zoom-runner oif`, which Sumo Logic's platform runs (Open Integration Framework): a request from environment variables,
//! the envelope of a success on stdout, one line about a failure on stderr. Begin with [`serve`]; `variables` makes the
//! request, `line` the line.

mod clean;
mod line;
mod variables;

pub use variables::LookupFn;

use super::describe::print;
use super::output::Output;
use super::placeholders::{Placeholders, shown};
use super::spool::Spool;
use crate::action::Entry;
use crate::actions;
use crate::protocol::failure::Failure;
use crate::protocol::request::{Refused, Request};
use crate::run::session::EnvelopeSession;
use crate::run::session::{loss_sentence, lost_exit};
use crate::run::supervise::{DEADLINE_GRACE, Signals, Waited, no_thread, supervise, wait_for};
use crate::run::{Engine, answer, describe};
use serde_json::{Map, json};
use std::io::{self, BufWriter, Stderr, Write};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// Runs `action` with what the variables say; returns the exit code. The answer is held back until it is whole, since a
/// platform takes half an answer for one. A failure is a line on stderr; with `envelope` it is an envelope on stdout.
pub fn serve(
    engine: Engine,
    action: &str,
    envelope: bool,
    (look, placeholders): (LookupFn<'_>, Placeholders),
    streams: (Output, Stderr),
    signals: &Signals,
) -> u8 {
    let (output, errors) = streams;
    let entry = actions::find(action);
    let refused = |failure| {
        Box::new(Refused {
            failure,
            id: None,
            action: Some(action.to_owned()),
        })
    };
    let request = request(action, entry, look)
        .map_err(refused)
        .and_then(|request| placeholders.resolve(request));
    let named = Request {
        action: action.to_owned(),
        parameters: Map::new(),
        resource: variables::resource(look).ok(),
        id: None,
    };

    let spool = Spool::new();
    let session = Arc::new(EnvelopeSession::start(
        BufWriter::new(spool.clone()),
        Arc::clone(&engine.clock),
        engine.instead.is_some(),
    ));

    let exit = supervise(
        &session,
        signals,
        |session| describe(session, Ok(named)),
        move |session| {
            answer(&engine, session, request, None);
        },
    );

    if exit != 0 && !envelope {
        let failure = session
            .failure()
            .unwrap_or_else(|| Failure::internal("The run ended without an answer."));
        let line = line::line(&failure, entry);
        say(errors, &session.state().scrubber().scrubbed_line(&line));
        return exit;
    }

    let is_overdue = || session.overdue().is_some_and(|late| late > DEADLINE_GRACE);

    match hand_over(&spool, output, signals, is_overdue) {
        Ok(()) => exit,
        Err(reason) => {
            let change = session.state().close_changes();
            say(errors, &loss_sentence(&reason, change));
            if exit == 0 { lost_exit(change) } else { exit }
        }
    }
}

/// Writes the request that [`serve`] would run to `output`, secrets as `$client_secret`; answers with the exit code.
/// `zoom-runner --secrets-from-env` runs it.
pub fn print_request(action: &str, look: LookupFn<'_>, streams: (Output, Stderr)) -> u8 {
    let (output, errors) = streams;
    let entry = actions::find(action);
    let request = entry.map_or_else(
        || Err(crate::run::unknown_action(action)),
        |entry| request(action, Some(entry), look).map(|request| (entry, request)),
    );

    match request {
        Ok((entry, request)) => {
            let shown = json!({
                "action": entry.id,
                "parameters": shown(request.parameters),
                "resource": shown(request.resource.unwrap_or_default()),
            });
            print((output, errors), format!("{shown:#}\n").as_bytes())
        }
        Err(failure) => {
            say(errors, &line::line(&failure, entry));
            failure.exit()
        }
    }
}

/// Returns the request that the variables make.
///
/// # Errors
/// The variable that can't be read.
pub fn request(
    action: &str,
    entry: Option<&Entry>,
    look: LookupFn<'_>,
) -> Result<Request, Failure> {
    let resource = Some(variables::resource(look)?);
    let parameters = entry
        .map(|entry| variables::parameters(&(entry.input)(), look))
        .transpose()?
        .unwrap_or_default();
    Ok(Request {
        action: action.to_owned(),
        parameters,
        resource,
        id: None,
    })
}

/// Copies the answer to `output`, in a thread of its own, so that a host that does not read can still end the run.
fn hand_over(
    spool: &Spool,
    mut output: Output,
    signals: &Signals,
    is_overdue: impl Fn() -> bool,
) -> Result<(), String> {
    let (done, ended) = channel::<io::Result<()>>();
    let spool = spool.clone();
    let write = move || {
        let copied = spool.copy_to(&mut output).and_then(|_| output.flush());
        let _ = done.send(copied);
    };
    std::thread::Builder::new()
        .name("output".to_owned())
        .spawn(write)
        .map_err(|error| no_thread(&error).message.clone())?;

    match wait_for(&ended, signals, is_overdue) {
        Waited::Ended(Some(copied)) => copied.map_err(|error| error.to_string()),
        Waited::Ended(None) => Err("its writer failed".to_owned()),
        Waited::Signal => Err("a signal came, and nobody reads it".to_owned()),
        Waited::Overdue => Err("the time ran out, and nobody reads it".to_owned()),
    }
}

/// Writes one line to stderr. Where that is closed too there is no way to tell.
fn say(mut errors: Stderr, line: &str) {
    let _ = writeln!(errors, "{line}");
}
