//! Recover Meeting: brings a deleted meeting back.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::MeetingId;
use crate::zoom::change::{Change, ChangeReport, exists};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{END_MEETING, GET_MEETING};
use crate::zoom::error::{MEETING_MISSING, Subject};
use crate::zoom::rollback::Rollback;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// Brings a deleted meeting back with its settings: the undo of Delete Meeting.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoverMeeting {
    /// The number of the deleted meeting.
    pub meeting_id: MeetingId,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

impl Action for RecoverMeeting {
    const ID: &'static str = "recover_meeting";
    const TITLE: &'static str = "Recover Meeting";
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> = Some("`delete_meeting`.");
    const ENDPOINTS: &'static [Endpoint] = &[
        END_MEETING,
        GET_MEETING.serves("the look whether it is back"),
    ];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.meeting_id"),
        column("Recovered", "data.changed"),
        column("Verified", "data.verified"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let number = self.meeting_id.number();
        let read = ApiCall::of(&GET_MEETING, &[&id], &[], Subject::Meeting(&id));
        let body = json!({ "action": "recover" });
        let look = |zoom: &Zoom<'_>| exists(zoom, &read, MEETING_MISSING);

        let change = Change {
            call: ApiCall {
                endpoint: &END_MEETING,
                ..read
            }
            .with_body(&body),
            thing: format!("meeting {id}"),
            done: "recovered".to_owned(),
            look: Some(&look),
            verify: true,
            dry_run: self.dry_run,
        };

        let mut report = ChangeReport::of_meeting(number.into());
        report.rollback = Some(Rollback::new(
            "delete_meeting",
            [("meeting_id", json!(number))],
        ));

        // The way back would delete a meeting that was never deleted.
        if !self.dry_run
            && change.look_before(zoom, |zoom| exists(zoom, &read, MEETING_MISSING))? == Some(true)
        {
            return Ok(change.already("was not deleted", report).into());
        }

        Ok(change.run(zoom, report)?.into())
    }
}
