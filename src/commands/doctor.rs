//! The doctor: looks step by step at the way to Zoom and says what is well and how to cure the rest. Knows no action, changes nothing at Zoom.
//!
//! Children: `report` (findings as text and as JSON), `checks` (which are made, in which order), `way` (a connection's
//! findings and their cures).

mod checks;
mod connection;
mod report;

use crate::protocol::failure::{Code, Failure};
use crate::protocol::meta::RunState;
use crate::protocol::request::parse_resource;
use crate::protocol::resource;
use crate::run::supervise::{DEADLINE_GRACE, POLL_INTERVAL, Signals, panicked};
use crate::run::{Engine, keep_secrets};
use checks::Patient;
use report::{Event, Finding, Report};
use serde_json::{Map, Value};
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};

/// How the findings are shown.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// As one JSON object, for machines.
    #[arg(long)]
    pub json: bool,
}

/// Checks the resource in `given` and the way to Zoom that it describes; tells `output`, in colours where `colours`.
/// Answers with the exit code: 0, or that of the first thing that is not well.
pub fn serve(
    options: &Options,
    engine: Engine,
    given: &[u8],
    output: impl Write,
    colours: bool,
    signals: &Signals,
) -> u8 {
    let mut report = Report::new(output, options.json, colours);
    let resource = parse_resource(given).and_then(|mut fields: Map<String, Value>| {
        fields.extend(engine.instead.clone().unwrap_or_default());
        report.title(&resource::label(&fields));
        resource::check(fields)
    });
    report.part("Resource");
    let resource = match resource {
        Ok(resource) => resource,
        Err(failure) => {
            report.found(refused(&failure));
            return report.end();
        }
    };
    let state = Arc::new(RunState::default());
    keep_secrets(&state, &resource);
    let deadline = engine.clock.now() + resource.timeout + DEADLINE_GRACE;
    let clock = Arc::clone(&engine.clock);
    let (tell, told) = channel();
    let patient = Patient::new(engine, resource, Arc::clone(&state), tell);
    let thread = std::thread::Builder::new()
        .name("doctor".to_owned())
        .spawn(move || patient.examine());
    if let Err(error) = thread {
        report.found(Finding::failed(
            "start",
            Code::Internal,
            format!("No thread could be started: {error}."),
        ));
        return report.end();
    }
    loop {
        let event = told.recv_timeout(POLL_INTERVAL);
        report.scrub(state.scrubber());
        match event {
            Ok(Some(Event::Part(part))) => report.part(&part),
            Ok(Some(Event::Found(finding))) => report.found(finding),
            Ok(None) => break,
            Err(RecvTimeoutError::Disconnected) => {
                report.found(Finding::of("checks", &panicked()));
                break;
            }
            Err(RecvTimeoutError::Timeout) if signals.came() => {
                report.found(Finding::failed(
                    "checks",
                    Code::Cancelled,
                    "Cancelled by a signal; the rest was not checked.",
                ));
                break;
            }
            Err(RecvTimeoutError::Timeout) if clock.now() > deadline => {
                report.found(checks::out_of_time("checks"));
                break;
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    report.end()
}

/// A resource that cannot be used, or stdin that holds none.
fn refused(failure: &Failure) -> Finding {
    let finding = Finding::of("resource", failure);
    match (&failure.hint, failure.code) {
        (Some(_), _) => finding,
        (None, Code::InvalidRequest) => finding.cure(
            "Give the resource as JSON: {\"client_id\": \"...\", \"client_secret\": \"...\", \"account_id\": \"...\"}; a whole request will do too.",
        ),
        (None, _) => {
            let field = failure.field.as_deref().unwrap_or("resource");
            finding.cure(format!("Correct the field `{field}`; `zoom-runner schema request` tells what each may hold."))
        }
    }
    .skipping("everything else")
}
