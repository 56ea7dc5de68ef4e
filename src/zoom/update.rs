//! A change with proof: read before, PATCH, read after, and say for each field whether it took. Knows how Zoom answers changes, no action's fields.
//!
//! Children: `plan` (parameters to Zoom's body), `report` (changes, rollback, what must not be shown).

mod body;
pub mod compare;
mod report;

pub use body::{Place, Plan, Update, place};
pub use report::{Change, DryRun, UpdateReport};

use super::client::{ApiCall, Zoom};
use crate::protocol::failure::{Code, Failure};
use compare::Comparison;
use report::Field;
use serde_json::Value;
use std::time::Duration;

/// How long Zoom is given to settle: the waits between reads after the change, 3 s together.
pub(super) const SETTLING: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(750),
    Duration::from_millis(1500),
];

/// Carries out an update of `thing` (`user jane@example.com`); answers with a sentence and the report.
///
/// # Errors
/// What Zoom refuses with; `not_applied` with the report in `data` when something did not take; and the failure of a
/// later read, with `change` `applied`, when the change stands but could not be checked.
pub fn update(
    zoom: &Zoom<'_>,
    update: &Update<'_>,
    thing: &str,
) -> Result<(String, UpdateReport), Failure> {
    let body = &update.plan.body;
    let write = ApiCall {
        body: Some(body),
        ..update.write
    };
    let mut fields = report::leaves(body);
    let before = if update.verify {
        read_before(zoom, update)?
    } else {
        None
    };
    if let Some(before) = &before {
        fields.iter_mut().for_each(|field| field.before(before));
    }
    if update.dry_run {
        let request = DryRun {
            method: write.endpoint.method.name(),
            url: zoom.url(&write),
            body: Some(body.clone()),
        };
        let message = format!(
            "Dry run: {} of {thing} would be changed; no change was sent.",
            number(fields.len())
        );
        return Ok((
            message,
            report::report(zoom, update, before.as_ref(), &fields, Some(request)),
        ));
    }
    zoom.change(&write)?;
    if before.is_some() {
        match read_until_settled(zoom, update, &mut fields) {
            Ok(()) => {}
            Err(failure) if failure.code == Code::MissingScope => unchecked(zoom, false, &failure),
            Err(mut failure) => {
                failure.message = format!(
                    "The change was made, but could not be checked: {}",
                    failure.message
                );
                failure.data = raw(&report::report(
                    zoom,
                    update,
                    before.as_ref(),
                    &fields,
                    None,
                ));
                return Err(failure);
            }
        }
    }
    let updated = report::report(zoom, update, before.as_ref(), &fields, None);
    if updated.not_applied.is_empty() {
        let checked = fields
            .iter()
            .all(|field| field.likeness == Comparison::Same);
        let unchecked = if checked || !update.verify {
            ""
        } else {
            " Not every field could be checked."
        };
        return Ok((
            format!("Updated {} of {thing}.{unchecked}", number(fields.len())),
            updated,
        ));
    }
    zoom.state().change_shown(fields.iter().any(Field::moved));
    let names = updated.not_applied.join(", ");
    let message = format!(
        "Zoom accepted the change of {thing}, but does not hold what was asked for: {names}."
    );
    let mut failure = Failure::new(Code::NotApplied, message);
    failure.data = raw(&updated);
    Err(failure)
}

fn number(fields: usize) -> String {
    if fields == 1 {
        "1 field".to_owned()
    } else {
        format!("{fields} fields")
    }
}

/// The object before the change; `None`, with a warning, when the app may not read it.
fn read_before(zoom: &Zoom<'_>, update: &Update<'_>) -> Result<Option<Value>, Failure> {
    match zoom.get(&update.read) {
        Ok(raw) => parsed(raw.get()).map(Some),
        Err(failure) if failure.code == Code::MissingScope => {
            unchecked(zoom, update.dry_run, &failure);
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

fn read_until_settled(
    zoom: &Zoom<'_>,
    update: &Update<'_>,
    fields: &mut [Field],
) -> Result<(), Failure> {
    let mut waits = SETTLING.iter();
    loop {
        let after = parsed(zoom.get(&update.read)?.get())?;
        for field in fields.iter_mut() {
            field.compare(&after);
        }
        if fields
            .iter()
            .all(|field| field.likeness != Comparison::Different)
        {
            return Ok(());
        }
        match waits.next() {
            Some(wait) if zoom.budget().wait(*wait) => {}
            _ => return Ok(()),
        }
    }
}

fn unchecked(zoom: &Zoom<'_>, dry_run: bool, failure: &Failure) {
    let scopes = failure.scopes.join(" or ");
    let what = if dry_run {
        "What Zoom holds now could not be read"
    } else {
        "The change could not be checked"
    };
    zoom.state().warn(format!(
        "{what}: for reading, the app lacks the scope {scopes}."
    ));
}

fn parsed(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::new(Code::BadAnswer, "Zoom's answer is no JSON.")
            .caused_by(vec![error.to_string()])
    })
}

fn raw(updated: &UpdateReport) -> Option<Box<serde_json::value::RawValue>> {
    serde_json::value::to_raw_value(updated).ok()
}
