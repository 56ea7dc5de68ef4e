//! A change with proof: look at the object, PATCH, look again, and say for each field whether it took. Begin with
//! [`update`].
//!
//! `fields` describes what an update can change, `body` makes Zoom's body of its parameters, `look` reads an answer,
//! `compare` compares values, and `report` says what came of it.

mod body;
mod compare;
pub mod fields;
mod look;
mod report;

pub use body::{Definition, Given, UpdateBody, clearable};
pub use report::{Change, DryRun, UpdateReport};

use super::client::{ApiCall, Zoom};
use super::endpoint::Endpoint;
use super::error::Subject;
use super::outcome::{Answer, Outcome};
use crate::protocol::failure::{ChangeOutcome, Code, Failure};
use compare::Comparison;
use report::{Leaf, Looks, Report};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// The waits between looks after the change, 3 s together: Zoom does not show every change at once.
pub const READBACK_DELAYS: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(750),
    Duration::from_millis(1500),
];

/// An update of one object, as a type: all that differs between the update actions.
pub trait Update: Definition {
    /// The id of the action.
    const ID: &'static str;
    /// The title of the action.
    const TITLE: &'static str;
    /// The endpoint of the PATCH, and that of the read that shows the same object.
    const ENDPOINTS: &'static [Endpoint; 2];
    /// The words before the object's id, for messages: `user `.
    const THING: &'static str;

    /// The object with this id.
    fn subject(id: &str) -> Subject<'_>;
}

/// Carries out the update that was `given`; answers with a sentence and the report.
///
/// # Errors
/// Zoom's refusals; `not_applied` with the report in `data` when something did not take; and the failure of a
/// later read, with what became of the change, when the change could not be checked.
pub fn update<D: Update>(zoom: &Zoom<'_>, given: &Given<D>) -> Answer<UpdateReport> {
    let body = given.body()?;
    let leaves = report::leaves(&body);
    for warning in &body.warnings {
        zoom.state().warn(warning.clone());
    }

    let id = given.main_id();
    let (read_query, write_query) = given.queries();
    let [write, read] = D::ENDPOINTS;
    let write = ApiCall::of(write, &[&id], &write_query, D::subject(&id));
    let run = Run {
        zoom,
        action: D::ID,
        thing: format!("{}{id}", D::THING),
        read: ApiCall {
            query: &read_query,
            ..write.to(read)
        },
        write: write.with_body(&body.json),
        paths: report::paths(&body, &leaves),
        body: &body,
        leaves,
        before: None,
        after: None,
    };
    run.run(given.verify, given.dry_run)
}

/// An update on its way.
struct Run<'a> {
    zoom: &'a Zoom<'a>,
    action: &'static str,
    thing: String,
    body: &'a UpdateBody,
    write: ApiCall<'a>,
    read: ApiCall<'a>,
    leaves: Vec<Leaf>,
    paths: BTreeSet<String>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Run<'_> {
    fn run(mut self, verify: bool, dry_run: bool) -> Answer<UpdateReport> {
        let lacking = if verify { self.look_before()? } else { None };
        if dry_run {
            return Ok(self.dry_run(lacking.as_ref()));
        }

        if let Err(failure) = self.zoom.change(&self.write) {
            let is_lost = failure.code == Code::Unreachable
                && self.zoom.state().ledger().outcome() == ChangeOutcome::Unknown;
            return Err(if is_lost && self.before.is_some() {
                self.look_after_lost_answer(failure)
            } else {
                failure
            });
        }

        // A change that was refused would not be worth this warning.
        if let Some(lacking) = &lacking {
            self.warn_unchecked("The change could not be checked", lacking);
        }

        if self.before.is_some() {
            match self.look_until_settled() {
                Ok(()) => {}
                Err(failure) if failure.code == Code::MissingScope => {
                    self.warn_unchecked("The change could not be checked", &failure);
                }
                Err(failure) => return Err(self.check_failed(failure)),
            }
        }

        self.conclude()
    }

    /// Looks at the object before the change; returns the failure when the app lacks the scope for it.
    fn look_before(&mut self) -> Result<Option<Failure>, Failure> {
        match self.look() {
            Ok(before) => {
                for leaf in &mut self.leaves {
                    leaf.look_before(&before);
                }
                self.before = Some(before);
                Ok(None)
            }
            Err(failure) if failure.code == Code::MissingScope => Ok(Some(failure)),
            Err(failure) => Err(failure),
        }
    }

    /// Looks until Zoom shows all that was asked for, as long as the delays and the timeout allow.
    fn look_until_settled(&mut self) -> Result<(), Failure> {
        let mut delays = READBACK_DELAYS.iter();
        loop {
            let after = self.look()?;
            for leaf in &mut self.leaves {
                leaf.look(&after);
            }
            self.after = Some(after);

            let is_settled = !self.any(Comparison::Different);
            // The last look counts, also for a signal that comes now. A change whose answer was lost may show later.
            let ledger = self.zoom.state().ledger();
            if ledger.outcome() != ChangeOutcome::Unknown {
                ledger.seen(if is_settled {
                    ChangeOutcome::Applied
                } else {
                    self.shown()
                });
            }
            if is_settled {
                return Ok(());
            }
            match delays.next() {
                Some(delay) if self.zoom.budget().wait(*delay) => {}
                _ => return Ok(()),
            }
        }
    }

    fn look(&self) -> Result<Value, Failure> {
        let paths: Vec<&str> = self.paths.iter().map(String::as_str).collect();
        self.zoom.read(&self.read, |text| {
            look::read(text, &paths).map_err(|error| {
                Failure::new(Code::BadAnswer, "Zoom's answer is no JSON object.")
                    .caused_by(vec![error.to_string()])
            })
        })
    }

    fn any(&self, comparison: Comparison) -> bool {
        self.leaves.iter().any(|leaf| leaf.comparison == comparison)
    }

    fn any_changed(&self) -> bool {
        self.after.is_some() && self.leaves.iter().any(Leaf::changed)
    }

    /// Returns the outcome that the last look showed, of a change that is not there as a whole.
    fn shown(&self) -> ChangeOutcome {
        if self.any_changed() {
            ChangeOutcome::Partial
        } else {
            ChangeOutcome::None
        }
    }

    fn dry_run(self, lacking: Option<&Failure>) -> Outcome<UpdateReport> {
        if let Some(lacking) = lacking {
            self.warn_unchecked("What Zoom holds now could not be read", lacking);
        }

        let already = self
            .leaves
            .iter()
            .filter(|leaf| leaf.was_already_set())
            .count();

        let change = self.leaves.len() - already;
        let thing = &self.thing;
        let message = match (change, already) {
            (_, 0) => format!(
                "Dry run: {} of {thing} would be changed; no change was sent.",
                fields(change)
            ),
            (0, _) => format!(
                "Dry run: {} of {thing} {} already as requested; no change was sent.",
                fields(already),
                is(already)
            ),
            _ => format!(
                "Dry run: {} of {thing} would be changed, {already} {} already as requested; no change was sent.",
                fields(change),
                is(already)
            ),
        };

        let request = DryRun::of(self.zoom, &self.write);
        Outcome::new(message, self.report(Some(request)))
    }

    /// Ends an update whose change Zoom accepted.
    fn conclude(self) -> Answer<UpdateReport> {
        if !self.any(Comparison::Different) {
            return Ok(Outcome::new(self.sentence(), self.report(None)));
        }

        self.zoom.state().ledger().seen(self.shown());
        let different = self
            .leaves
            .iter()
            .filter(|leaf| leaf.comparison == Comparison::Different);
        let names: Vec<&str> = different.map(|leaf| leaf.path.as_str()).collect();
        let message = format!(
            "Zoom accepted the change of {}, but these fields are not as requested: {}.",
            self.thing,
            names.join(", ")
        );

        let mut failure = Failure::new(Code::NotApplied, message);
        failure.data = raw(&self.report(None));

        Err(failure)
    }

    /// Returns the message of an update that Zoom accepted: changed, so before, or not verified.
    fn sentence(&self) -> String {
        let count = |of: &dyn Fn(&Leaf) -> bool| self.leaves.iter().filter(|leaf| of(leaf)).count();
        let unseen = count(&|leaf| leaf.comparison == Comparison::Unknown);
        let already = count(&|leaf| leaf.comparison == Comparison::Equal && leaf.was_already_set());
        let changed = self.leaves.len() - unseen - already;
        let thing = &self.thing;

        if changed == 0 && already == 0 {
            return format!(
                "Zoom accepted the change of {} of {thing}, which was not verified.",
                fields(unseen)
            );
        }

        let mut parts = Vec::new();
        if changed > 0 {
            parts.push(format!("Updated {} of {thing}", fields(changed)));
            if already > 0 {
                parts.push(format!("{already} {} already as requested", was(already)));
            }
        } else {
            parts.push(format!(
                "{} of {thing} {} already as requested",
                fields(already),
                was(already)
            ));
            if unseen == 0 {
                parts.push("nothing changed".to_owned());
            }
        }

        if unseen > 0 {
            parts.push(format!(
                "{unseen} {} accepted but not verified",
                was(unseen)
            ));
        }

        format!("{}.", parts.join("; "))
    }

    /// The failure of a read after a change that Zoom accepted.
    fn check_failed(self, mut failure: Failure) -> Failure {
        if self.after.is_some() {
            self.zoom.state().ledger().seen(self.shown());
            failure.message = format!(
                "Zoom accepted the change, but did not show all of it before a look failed: {}",
                failure.message
            );
        } else {
            failure.message = format!(
                "The change was made, but could not be checked: {}",
                failure.message
            );
        }

        failure.data = raw(&self.report(None));
        failure
    }

    /// Looks what became of a change whose connection broke before Zoom's answer.
    fn look_after_lost_answer(mut self, mut lost: Failure) -> Failure {
        if self.look_until_settled().is_err() {
            return lost;
        }

        let (shown, hint) = match (self.any_changed(), self.any(Comparison::Different)) {
            (true, false) => {
                self.zoom.state().ledger().seen(ChangeOutcome::Applied);
                (
                    "the change was made",
                    "The change stands; do not run the action again.",
                )
            }
            (true, true) => {
                self.zoom.state().ledger().seen(ChangeOutcome::Partial);
                (
                    "only a part of the change was made",
                    "Look at `data.not_applied`, and change these fields again.",
                )
            }
            (false, true) => {
                self.zoom.state().ledger().seen(ChangeOutcome::None);
                ("the change was not made", "Run the action again.")
            }
            // All was as requested before, or Zoom does not show the fields: nothing tells.
            (false, false) => return lost,
        };

        lost.message = format!("{} A look afterwards shows that {shown}.", lost.message);
        lost.hint = Some(hint.to_owned());
        lost.data = raw(&self.report(None));

        lost
    }

    fn report(&self, request: Option<DryRun>) -> UpdateReport {
        let looks = Looks {
            before: self.before.as_ref(),
            after: self.after.as_ref(),
        };
        let state = self.zoom.state();
        let report = Report::of(
            self.action,
            self.body,
            &self.leaves,
            looks,
            request,
            state.shows_secrets(),
        );

        if let Some(warning) = report.warning {
            state.warn(warning);
        }

        for path in report.hidden {
            state.hide(path);
        }

        report.data
    }

    fn warn_unchecked(&self, what: &str, failure: &Failure) {
        let scopes = failure.scopes.join(" or ");
        self.zoom.state().warn(format!(
            "{what}: for reading, the app lacks the scope {scopes}."
        ));
    }
}

fn fields(number: usize) -> String {
    if number == 1 {
        "1 field".to_owned()
    } else {
        format!("{number} fields")
    }
}

const fn is(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

const fn was(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}

fn raw(report: &UpdateReport) -> Option<Box<serde_json::value::RawValue>> {
    serde_json::value::to_raw_value(report).ok()
}
