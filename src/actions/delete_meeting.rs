//! Delete Meeting: ends a running meeting where asked, then deletes it.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::exact::field;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::parameter::{MeetingId, Text};
use crate::zoom::change::is_refused_with;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{END_MEETING, GET_MEETING, RateLabel, Requirement};
use crate::zoom::error::{MEETING_MISSING, Subject};
use crate::zoom::rollback::Rollback;
use crate::zoom::update::DryRun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// Deletes a meeting, or one occurrence of a recurring one. Without `occurrence_id` a recurring meeting goes with the
/// whole series. A running meeting is not stopped by deleting it: `end_if_live` ends it first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMeeting {
    /// The meeting's number.
    pub meeting_id: MeetingId,
    /// One occurrence of a recurring meeting, as Zoom names it: milliseconds since 1970. Without it the whole series goes.
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

/// What became of the meeting.
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
    /// What a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
}

const DELETE: Endpoint = Endpoint {
    method: Method::Delete,
    path: "/meetings/{meetingId}",
    label: RateLabel::Light,
    granular: &["meeting:delete:meeting:admin", "meeting:delete:meeting"],
    classic: &["meeting:write:admin", "meeting:write"],
    need: Requirement::Required,
};

/// Zoom's word that the meeting is running.
const MEETING_RUNS: i64 = 3002;

/// The waits for Zoom to let go of a meeting that was just ended.
const LETTING_GO: [u64; 4] = [250, 500, 750, 1500];

impl Action for DeleteMeeting {
    const ID: &'static str = "delete_meeting";
    const TITLE: &'static str = "Delete Meeting";
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> = Some(
        "`recover_meeting`, as long as Zoom keeps the meeting; nothing brings one occurrence back.",
    );
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: &'static [Endpoint] = &[
        DELETE,
        END_MEETING.serves("end_if_live"),
        GET_MEETING.serves("end_if_live"),
    ];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.meeting_id"),
        column("Deleted", "data.deleted"),
        column("Ended", "data.ended"),
        column("Already absent", "data.already_absent"),
    ];
    type Output = Deleted;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Deleted>, Failure> {
        let number = self.meeting_id.number();
        let id = self.meeting_id.to_string();
        let about = Subject::Meeting(&id);
        let what = match &self.occurrence_id {
            Some(occurrence) => format!("occurrence {occurrence} of meeting {number}"),
            None => format!("meeting {number}"),
        };

        // Zoom brings back whole meetings only.
        let rollback = match &self.occurrence_id {
            Some(_) => None,
            None => Some(Rollback::new(
                "recover_meeting",
                [("meeting_id", json!(number))],
            )),
        };

        let mut query = Vec::new();
        query.extend(
            self.occurrence_id
                .map(|id| ("occurrence_id", id.to_string())),
        );

        query.extend(
            self.schedule_for_reminder
                .map(|mail| ("schedule_for_reminder", mail.to_string())),
        );

        query.extend(
            self.cancel_meeting_reminder
                .map(|mail| ("cancel_meeting_reminder", mail.to_string())),
        );

        let delete = ApiCall {
            endpoint: &DELETE,
            ids: [&id, ""],
            query: &query,
            body: None,
            about,
        };

        let mut data = Deleted {
            meeting_id: number,
            rollback,
            ..Deleted::default()
        };

        if self.dry_run {
            data.dry_run = Some(true);
            data.request = Some(DryRun {
                method: DELETE.method.name(),
                url: zoom.url(&delete),
                body: None,
            });
            let first = if self.end_if_live {
                ", after ending it if it runs"
            } else {
                ""
            };
            let message = format!("Dry run: {what} would be deleted{first}; nothing was sent.");
            return Ok(Outcome { message, data });
        }

        let result = match self.end_if_live {
            true => end_if_live(zoom, &id, about).and_then(|ended| {
                data.ended = ended;
                delete_ended(zoom, &delete, ended)
            }),
            false => zoom.change(&delete),
        };

        match result {
            Ok(()) => data.deleted = true,
            Err(failure) if self.missing_ok && is_refused_with(&failure, &[MEETING_MISSING]) => {
                data.already_absent = true;
                data.rollback = None;
            }
            Err(mut failure) => {
                data.rollback = None;
                if is_refused_with(&failure, &[MEETING_RUNS]) && !self.end_if_live {
                    failure.hint = Some(
                        "A running meeting has to be ended first: `end_if_live` does that."
                            .to_owned(),
                    );
                }
                if data.ended {
                    failure.message = format!(
                        "Meeting {number} was ended, but not deleted: {}",
                        failure.message
                    );
                    failure.data = serde_json::value::to_raw_value(&data).ok();
                }
                return Err(failure);
            }
        }

        if data.deleted && data.rollback.is_none() {
            zoom.state()
                .warn("There is no rollback: Zoom brings back whole meetings, not one occurrence.");
        }

        let message = match (data.already_absent, data.ended) {
            (true, _) => format!("There is no {what}; nothing had to be deleted."),
            (_, true) => format!("Ended and deleted {what}."),
            (_, false) => format!("Deleted {what}."),
        };

        Ok(Outcome { message, data })
    }
}

/// Ends the meeting if it runs; true when it did. Without the scope to look, it is ended without looking.
fn end_if_live(zoom: &Zoom<'_>, id: &str, about: Subject<'_>) -> Result<bool, Failure> {
    let body = json!({ "action": "end" });
    let end = ApiCall {
        endpoint: &END_MEETING,
        ids: [id, ""],
        query: &[],
        body: Some(&body),
        about,
    };

    let read = ApiCall {
        endpoint: &GET_MEETING,
        ids: [id, ""],
        query: &[],
        body: None,
        about,
    };

    match zoom.get(&read) {
        Ok(raw) => {
            if field(raw.get(), "status") != Some(json!("started")) {
                return Ok(false);
            }
            match zoom.change(&end) {
                // It ended by itself between the look and the call.
                Err(failure) if failure.code == Code::Conflict => Ok(false),
                result => result.map(|()| true),
            }
        }
        Err(failure) if failure.code == Code::MissingScope => match zoom.change(&end) {
            Ok(()) => Ok(true),
            // Zoom refuses to end what does not run.
            Err(failure)
                if matches!(
                    failure.code,
                    Code::NotFound | Code::Conflict | Code::Rejected
                ) =>
            {
                Ok(false)
            }
            Err(failure) => Err(failure),
        },
        Err(failure) => Err(failure),
    }
}

/// Deletes; a meeting that was just ended may count as running for a moment yet.
fn delete_ended(zoom: &Zoom<'_>, delete: &ApiCall<'_>, ended: bool) -> Result<(), Failure> {
    let mut waits = LETTING_GO.iter();
    loop {
        let result = zoom.change(delete);
        match &result {
            Err(failure) if ended && failure.code == Code::Conflict => {}
            _ => return result,
        }
        match waits.next() {
            Some(wait) if zoom.budget().wait(Duration::from_millis(*wait)) => {
                zoom.state().retried()
            }
            _ => return result,
        }
    }
}
