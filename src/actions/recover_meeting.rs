//! Recover Meeting: brings a deleted meeting back.

use crate::action::prelude::*;
use crate::zoom::change::exists;

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
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`delete_meeting`.");
    const ENDPOINTS: Endpoints = &[
        END_MEETING,
        GET_MEETING.serves("the look whether it is back"),
    ];
    const TABLE: Columns = &[
        ("Meeting ID", "meeting_id"),
        ("Recovered", "changed"),
        ("Verified", "verified"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.to_string();
        let number = json!(self.meeting_id.number());
        let read = ApiCall::of(&GET_MEETING, &[&id], &[], Subject::Meeting(&id));
        let body = json!({ "action": "recover" });
        let look = |zoom: &Zoom<'_>| exists(zoom, &read, MEETING_MISSING);

        let call = read.to(&END_MEETING).with_body(&body);
        let change = Change::new(call, "recovered", self.dry_run).look(&look, true);
        let report = ChangeReport::of_meeting(number.clone())
            .undone_by("delete_meeting", [("meeting_id", number)]);

        // The way back would delete a meeting that was never deleted.
        if !self.dry_run && change.look_before(zoom, look)? == Some(true) {
            return change.already("was not deleted", report);
        }
        change.run(zoom, report)
    }
}
