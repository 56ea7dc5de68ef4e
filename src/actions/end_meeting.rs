//! End Meeting: puts everybody out of a running meeting.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::MeetingId;
use crate::zoom::change::{Change, ChangeReport, is_refused_with};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{END_MEETING, GET_MEETING};
use crate::zoom::error::Subject;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// Ends a running meeting for everybody in it. The meeting stays in the calendar and can be started again: delete it or
/// change its passcode as well.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndMeeting {
    /// The meeting's number, or its join link.
    pub meeting_id: MeetingId,
    /// Succeed if there is no such meeting.
    #[serde(default)]
    pub missing_ok: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

impl Action for EndMeeting {
    const ID: &'static str = "end_meeting";
    const TITLE: &'static str = "End Meeting";
    const KIND: Kind = Kind::Containment;
    const ENDPOINTS: &'static [Endpoint] =
        &[END_MEETING, GET_MEETING.serves("the look whether it runs")];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.meeting_id"),
        column("Ended", "data.changed"),
        column("Verified", "data.verified"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let read = ApiCall::of(&GET_MEETING, &[&id], &[], Subject::Meeting(&id));
        let body = json!({ "action": "end" });
        let look = |zoom: &Zoom<'_>| Ok(status(zoom, &read)?.map(|status| status != "started"));
        let change = Change {
            call: ApiCall {
                endpoint: &END_MEETING,
                ..read
            }
            .with_body(&body),
            thing: format!("meeting {id}"),
            done: "ended".to_owned(),
            look: Some(&look),
            verify: true,
            dry_run: self.dry_run,
        };

        let report = ChangeReport::of_meeting(self.meeting_id.number().into());
        if self.dry_run {
            return Ok(change.run(zoom, report)?.into());
        }

        let before = match change.look_before(zoom, |zoom| status(zoom, &read)) {
            Err(failure) if self.missing_ok && is_refused_with(&failure, &[3001]) => {
                return Ok(change.already("does not exist", report).into());
            }
            before => before?,
        };

        if before.as_deref() == Some("waiting") {
            return Ok(change.already("is not running", report).into());
        }

        match change.run(zoom, report.clone()) {
            Err(failure) if self.missing_ok && is_refused_with(&failure, &[3001]) => {
                Ok(change.already("does not exist", report).into())
            }
            result => Ok(result?.into()),
        }
    }
}

/// Returns Zoom's word for the meeting's status: `waiting` or `started`.
fn status(zoom: &Zoom<'_>, read: &ApiCall<'_>) -> Result<Option<String>, Failure> {
    #[derive(Deserialize)]
    struct Meeting {
        status: Option<String>,
    }

    let raw = zoom.get(read)?;

    Ok(serde_json::from_str::<Meeting>(raw.get())
        .ok()
        .and_then(|meeting| meeting.status))
}
