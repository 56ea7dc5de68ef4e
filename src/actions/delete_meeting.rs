//! Delete Meeting: ends a running meeting where asked, then deletes it.

use crate::action::prelude::*;
use crate::zoom::change;
use crate::zoom::update::READBACK_DELAYS;

/// Deletes a meeting, or one occurrence of a recurring one. Without `occurrence_id` a recurring meeting goes with the
/// whole series. A running meeting is not stopped by deleting it: `end_if_live` ends it first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMeeting {
    /// The meeting's number.
    pub meeting_id: MeetingId,
    /// Delete one occurrence of a recurring meeting, named as Zoom does: milliseconds since 1970. Without it the whole series goes.
    #[schemars(extend("examples" = ["1648194360000"]))]
    pub occurrence_id: Option<Text<128>>,
    /// Have Zoom email the host and the alternative hosts about the cancellation.
    pub schedule_for_reminder: Option<bool>,
    /// Have Zoom email the registrants about the cancellation. Zoom's default is no.
    pub cancel_meeting_reminder: Option<bool>,
    /// End the meeting first if it is running: everybody in it is put out.
    #[serde(default)]
    pub end_if_live: bool,
    /// Take a meeting that is not there for a success.
    #[serde(default)]
    pub missing_ok: bool,
    /// Send nothing; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// The outcome for the meeting.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Deleted {
    /// The meeting's number.
    pub meeting_id: u64,
    /// True when this run deleted it.
    pub deleted: bool,
    /// True when this run ended it while it was running.
    pub ended: bool,
    /// True when there was no such meeting, and `missing_ok` took that for a success.
    pub already_absent: bool,
    /// The request that undoes the deletion, where Zoom can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
    /// True when nothing was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// The request that a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
}

const DELETE: Endpoint = Endpoint::new(
    Delete,
    "/meetings/{meetingId}",
    Light,
    &["meeting:delete:meeting:admin", "meeting:delete:meeting"],
    classic::WRITE_MEETING,
);

/// Zoom's word that the meeting is running.
const MEETING_RUNS: i64 = 3002;

impl Action for DeleteMeeting {
    const ID: &'static str = "delete_meeting";
    const TITLE: &'static str = "Delete Meeting";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some(
        "`recover_meeting`, as long as Zoom keeps the meeting; nothing brings one occurrence back.",
    );
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: Endpoints = &[
        DELETE,
        END_MEETING.serves("end_if_live"),
        GET_MEETING.serves("end_if_live"),
    ];
    const TABLE: Columns = &[
        ("Meeting ID", "meeting_id"),
        ("Deleted", "deleted"),
        ("Ended", "ended"),
        ("Already absent", "already_absent"),
    ];
    type Output = Deleted;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let number = self.meeting_id.number();
        let id = number.to_string();
        let what = match &self.occurrence_id {
            Some(occurrence) => format!("occurrence {occurrence} of meeting {number}"),
            None => format!("meeting {number}"),
        };

        // Zoom brings back whole meetings only.
        let way_back = || Rollback::new("recover_meeting", [("meeting_id", json!(number))]);
        let rollback = self.occurrence_id.is_none().then(way_back);
        let query = Query::new()
            .given("occurrence_id", self.occurrence_id)
            .given("schedule_for_reminder", self.schedule_for_reminder)
            .given("cancel_meeting_reminder", self.cancel_meeting_reminder);
        let delete = ApiCall::of(&DELETE, &[&id], &query, Subject::Meeting(&id));

        let mut data = Deleted {
            meeting_id: number,
            ..Deleted::default()
        };

        if self.dry_run {
            data.rollback = rollback;
            data.dry_run = Some(true);
            data.request = Some(DryRun::of(zoom, &delete));
            let first = match self.end_if_live {
                true => ", after ending it if it runs",
                false => "",
            };
            let message = format!("Dry run: {what} would be deleted{first}; nothing was sent.");
            return Ok(Outcome::new(message, data));
        }

        let end = || match self.end_if_live {
            true => end_if_live(
                zoom,
                &ApiCall {
                    query: &[],
                    ..delete
                },
            ),
            false => Ok(false),
        };
        let result = end().and_then(|ended| {
            data.ended = ended;
            delete_ended(zoom, &delete, ended)
        });
        match result {
            Ok(()) => data.deleted = true,
            Err(failure) if self.missing_ok && has_code(&failure, MEETING_MISSING) => {
                data.already_absent = true;
            }
            Err(mut failure) => {
                if has_code(&failure, MEETING_RUNS) && !self.end_if_live {
                    let hint = "A running meeting has to be ended first: `end_if_live` does that.";
                    failure.hint = Some(hint.to_owned());
                }
                if data.ended {
                    failure.message = format!(
                        "Meeting {number} was ended, but not deleted: {}",
                        failure.message
                    );
                    failure.data = raw(&data).ok();
                }
                return Err(failure);
            }
        }
        if data.deleted {
            if rollback.is_none() {
                zoom.state().warn(
                    "There is no rollback: Zoom brings back whole meetings, not one occurrence.",
                );
            }
            data.rollback = rollback;
        }

        let message = match (data.already_absent, data.ended) {
            (true, _) => format!("There is no {what}; nothing had to be deleted."),
            (_, true) => format!("Ended and deleted {what}."),
            (_, false) => format!("Deleted {what}."),
        };
        Ok(Outcome::new(message, data))
    }
}

/// Ends the meeting that `about` is about if it runs; true when it did. Without the scope to look, it is ended without
/// looking.
fn end_if_live(zoom: &Zoom<'_>, about: &ApiCall<'_>) -> Result<bool, Failure> {
    let body = json!({ "action": "end" });
    let end = about.to(&END_MEETING).with_body(&body);
    let status = change::fields(zoom, &about.to(&GET_MEETING), &["status"]);

    let has_looked = match status {
        Ok(fields) if fields.get("status") != Some(&json!("started")) => return Ok(false),
        Ok(_) => true,
        Err(failure) if failure.code == Code::MissingScope => false,
        Err(failure) => return Err(failure),
    };
    match zoom.change(&end).map_err(|failure| (failure.code, failure)) {
        Ok(()) => Ok(true),
        // It ended by itself between the look and the call.
        Err((Code::Conflict, _)) => Ok(false),
        // Zoom refuses to end what does not run.
        Err((Code::NotFound | Code::Rejected, _)) if !has_looked => Ok(false),
        Err((_, failure)) => Err(failure),
    }
}

/// Deletes; a meeting that was just ended may count as running for a moment yet.
fn delete_ended(zoom: &Zoom<'_>, delete: &ApiCall<'_>, ended: bool) -> Result<(), Failure> {
    let mut waits = READBACK_DELAYS.iter();
    loop {
        let result = zoom.change(delete);
        match &result {
            Err(failure) if ended && failure.code == Code::Conflict => {}
            _ => return result,
        }
        match waits.next() {
            Some(wait) if zoom.budget().wait(*wait) => zoom.state().retried(),
            _ => return result,
        }
    }
}
