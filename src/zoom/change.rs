//! A change that is one call and no update of fields: ends, deactivates, deletes, assigns. Begin with [`Change::run`]: dry
//! run, or send once, look whether it took, and report how to undo it.

use super::client::{ApiCall, Zoom};
use super::error::has_code;
use super::outcome::{Answer, Outcome};
use super::rollback::Rollback;
use super::update::{DryRun, READBACK_DELAYS};
use crate::protocol::exact::{any_entry, parsed};
use crate::protocol::failure::{ChangeOutcome, Code, Failure, capitalized};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// The `data` of such a change.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ChangeReport {
    /// The user, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The meeting's number or UUID, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<Value>,
    /// The UUID of the recorded meeting, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_uuid: Option<String>,
    /// The app, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// True when this run made the change.
    pub changed: bool,
    /// True when a look after the change showed that it took; null where nobody looked.
    pub verified: Option<bool>,
    /// True when nothing had to be done, because it was so already.
    pub already: bool,
    /// Fields of the object as they were before, where they were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Map<String, Value>>,
    /// True when no change was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// The request that a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
    /// The request that undoes the change, where Zoom can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
}

impl ChangeReport {
    /// A report about a user.
    #[must_use]
    pub fn of_user(id: &str) -> Self {
        Self {
            user_id: Some(id.to_owned()),
            ..Self::default()
        }
    }

    /// The same report, of a change that `action` undoes, given what identifies the object.
    #[must_use]
    pub fn undone_by<const N: usize>(
        self,
        action: &'static str,
        identity: [(&str, Value); N],
    ) -> Self {
        Self {
            rollback: Some(Rollback::new(action, identity)),
            ..self
        }
    }

    /// A report about a meeting, by number or UUID.
    #[must_use]
    pub fn of_meeting(id: Value) -> Self {
        Self {
            meeting_id: Some(id),
            ..Self::default()
        }
    }
}

/// Reads back whether a change took; `None` where the answer does not tell.
pub type Look<'a> = &'a dyn Fn(&Zoom<'_>) -> Result<Option<bool>, Failure>;

/// One change to make.
pub struct Change<'a> {
    call: ApiCall<'a>,
    /// The object: `user jane@example.com`.
    thing: String,
    /// The change as a participle: `deactivated`, `given role Admin`.
    done: String,
    look: Option<Look<'a>>,
    /// True when the look is wanted.
    verify: bool,
    dry_run: bool,
}

impl<'a> Change<'a> {
    /// The change that `call` makes to what the call is about, which is then `done`; a dry run sends nothing.
    #[must_use]
    pub fn new(call: ApiCall<'a>, done: impl Into<String>, dry_run: bool) -> Self {
        Self {
            thing: call.about.to_string(),
            call,
            done: done.into(),
            look: None,
            verify: false,
            dry_run,
        }
    }

    /// The same change, to a `thing` that the call does not name.
    #[must_use]
    pub fn thing(self, thing: String) -> Self {
        Self { thing, ..self }
    }

    /// The same change, with a look at the result if it is wanted.
    #[must_use]
    pub fn look(self, look: Look<'a>, verify: bool) -> Self {
        Self {
            look: Some(look),
            verify,
            ..self
        }
    }

    /// Makes the change, or says what a dry run would send; `report` already names the object and the way back.
    ///
    /// # Errors
    /// Zoom's refusals; `not_applied` when the look shows that it did not take.
    pub fn run(&self, zoom: &Zoom<'_>, mut report: ChangeReport) -> Answer<ChangeReport> {
        let Self {
            call, thing, done, ..
        } = self;

        if self.dry_run {
            report.dry_run = Some(true);
            report.request = Some(DryRun::of(zoom, call));
            let message = format!("Dry run: {thing} would be {done}; no change was sent.");
            return Ok(Outcome::new(message, report));
        }

        if let Err(failure) = zoom.change(call) {
            self.look_after_failure(zoom, &failure);
            return Err(failure);
        }

        report.changed = true;
        report.verified = self.verify(zoom, &report)?;

        let message = match report.verified {
            None if self.look.is_some() => {
                format!("Zoom accepted that {thing} is {done}; this was not verified.")
            }
            _ => format!("{} was {done}.", capitalized(thing)),
        };
        Ok(Outcome::new(message, report))
    }

    /// Makes the change as [`Change::run`] does. With `missing_ok`, Zoom's refusal `missing` means that the object is gone
    /// already, which is a success.
    ///
    /// # Errors
    /// As [`Change::run`].
    pub fn run_on_existing(
        &self,
        zoom: &Zoom<'_>,
        report: ChangeReport,
        missing_ok: bool,
        missing: i64,
    ) -> Answer<ChangeReport> {
        match self.run(zoom, report.clone()) {
            Err(failure) if missing_ok && has_code(&failure, missing) => {
                self.already("does not exist", report)
            }
            result => result,
        }
    }

    /// Ends without a change, because it is so already: `is` reads on behind the object, as `is inactive already`.
    ///
    /// # Errors
    /// None; an action ends with it.
    pub fn already(&self, is: &str, mut report: ChangeReport) -> Answer<ChangeReport> {
        report.already = true;
        report.rollback = None;
        report.dry_run = self.dry_run.then_some(true);

        let message = format!("{} {is}; nothing was changed.", capitalized(&self.thing));
        Ok(Outcome::new(message, report))
    }

    /// Reads something before the change. An app that may not read still changes, with a warning.
    ///
    /// # Errors
    /// Those of the request, a missing scope apart.
    pub fn look_before<T>(
        &self,
        zoom: &Zoom<'_>,
        read: impl FnOnce(&Zoom<'_>) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        match read(zoom) {
            Err(failure) if failure.code == Code::MissingScope => {
                zoom.state().warn(format!(
                    "The state before the change could not be read: for that, the app lacks the scope {}.",
                    failure.scopes.join(" or ")
                ));
                Ok(None)
            }
            result => result,
        }
    }

    /// Looks until the change shows, for up to 3 s.
    fn verify(&self, zoom: &Zoom<'_>, report: &ChangeReport) -> Result<Option<bool>, Failure> {
        let Some(look) = self.look.filter(|_| self.verify) else {
            return Ok(None);
        };
        let mut waits = READBACK_DELAYS.iter();

        loop {
            let took = match look(zoom) {
                Ok(took) => took,
                Err(failure) => {
                    zoom.state().warn(format!(
                        "The change was made, but could not be verified: {}",
                        failure.message
                    ));
                    return Ok(None);
                }
            };
            if took != Some(false) {
                return Ok(took);
            }

            match waits.next() {
                Some(wait) if zoom.budget().wait(*wait) => {}
                _ => return Err(self.not_applied(zoom, report)),
            }
        }
    }

    fn not_applied(&self, zoom: &Zoom<'_>, report: &ChangeReport) -> Failure {
        zoom.state().ledger().seen(ChangeOutcome::None);
        let report = ChangeReport {
            changed: false,
            verified: Some(false),
            rollback: None,
            ..report.clone()
        };

        let message = format!(
            "Zoom accepted the request, but {} is not {}.",
            self.thing, self.done
        );
        let mut failure = Failure::new(Code::NotApplied, message);
        failure.data = serde_json::value::to_raw_value(&report).ok();

        failure
    }

    /// Finds out whether a change took whose answer was lost.
    fn look_after_failure(&self, zoom: &Zoom<'_>, failure: &Failure) {
        let may_have_happened = zoom.state().ledger().outcome() == ChangeOutcome::Unknown;
        let lost = matches!(
            failure.code,
            Code::Unreachable | Code::ZoomUnavailable | Code::Timeout
        );
        let Some(look) = self
            .look
            .filter(|_| self.verify && may_have_happened && lost)
        else {
            return;
        };

        match look(zoom) {
            Ok(Some(true)) => zoom.state().ledger().seen(ChangeOutcome::Applied),
            Ok(Some(false)) => zoom.state().ledger().seen(ChangeOutcome::None),
            _ => {}
        }
    }
}

/// Reads the fields called `names` of an object, those that it has.
///
/// # Errors
/// Those of the request.
pub fn fields(
    zoom: &Zoom<'_>,
    read: &ApiCall<'_>,
    names: &[&str],
) -> Result<Map<String, Value>, Failure> {
    let raw = zoom.get(read)?;
    let mut fields = Map::new();

    let _ = any_entry(raw.get(), |name, value| {
        if let (true, Some(value)) = (names.contains(&name), parsed(value)) {
            fields.insert(name.to_owned(), value);
        }
        false
    });

    Ok(fields)
}

/// Finds out whether Zoom has the object that `read` reads; its own code `missing` says that it does not.
///
/// # Errors
/// Those of the request.
pub fn exists(zoom: &Zoom<'_>, read: &ApiCall<'_>, missing: i64) -> Result<Option<bool>, Failure> {
    match zoom.get(read) {
        Ok(_) => Ok(Some(true)),
        Err(failure) if has_code(&failure, missing) => Ok(Some(false)),
        Err(failure) => Err(failure),
    }
}
