//! The doctor: checks the connection to Zoom step by step and says how to fix what fails. It changes nothing at Zoom.
//!
//! Children: `report` (findings as text and as JSON), `checks` (which are made, in which order), `way` (a connection's
//! findings and their cures).

mod checks;
mod connection;
mod report;

use super::placeholders::Placeholders;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::meta::RunState;
use crate::protocol::request::{parse_action, parse_resource};
use crate::protocol::resource;
use crate::run::supervise::{DEADLINE_GRACE, Signals, Waited, catch_panic, no_thread, wait_for};
use crate::run::{Engine, keep_secrets};
use checks::Patient;
use report::{Event, Finding, Report};
use serde_json::{Map, Value};
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::channel;

/// The form in which findings are shown.
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
    (given, placeholders): (&[u8], Placeholders),
    output: impl Write,
    colours: bool,
    signals: &Signals,
) -> u8 {
    let mut report = Report::new(output, options.json, colours);
    let resource = parse_resource(given).and_then(|mut fields: Map<String, Value>| {
        fields = placeholders.resource(fields)?;
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
    let last = tell.clone();
    let action = parse_action(given);
    let patient = Patient::new(engine, resource, action, Arc::clone(&state), tell);
    let thread = std::thread::Builder::new()
        .name("doctor".to_owned())
        .spawn(move || {
            if let Err(bug) = catch_panic(|| patient.examine()) {
                let _ = last.send(Some(Event::Found(Finding::of("checks", &bug))));
            }
        });

    if let Err(error) = thread {
        report.found(Finding::of("start", &no_thread(&error)));
        return report.end();
    }

    loop {
        let event = wait_for(&told, signals, || clock.now() > deadline);
        report.scrub(state.scrubber());
        match event {
            Waited::Ended(Some(Some(Event::Part(part)))) => report.part(&part),
            Waited::Ended(Some(Some(Event::Found(finding)))) => report.found(finding),
            Waited::Ended(_) => break,
            Waited::Signal => {
                report.found(Finding::failed(
                    "checks",
                    Code::Cancelled,
                    "Cancelled by a signal; the rest was not checked.",
                ));
                break;
            }
            Waited::Overdue => {
                report.found(checks::out_of_time("checks"));
                break;
            }
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
