//! End Meeting: puts everybody out of a running meeting.

use crate::action::prelude::*;
use crate::zoom::change;

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
    const KIND: Kind = Containment;
    const ENDPOINTS: Endpoints = &[END_MEETING, GET_MEETING.serves("the look whether it runs")];
    const TABLE: Columns = &[
        ("Meeting ID", "meeting_id"),
        ("Ended", "changed"),
        ("Verified", "verified"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.to_string();
        let read = ApiCall::of(&GET_MEETING, &[&id], &[], Subject::Meeting(&id));
        let body = json!({ "action": "end" });
        let look = |zoom: &Zoom<'_>| {
            let status = change::fields(zoom, &read, &["status"])?.remove("status");
            Ok(status.map(|status| status != "started"))
        };
        let change = Change::new(
            read.to(&END_MEETING).with_body(&body),
            "ended",
            self.dry_run,
        )
        .look(&look, true);

        let report = ChangeReport::of_meeting(self.meeting_id.number().into());
        if !self.dry_run {
            match change.look_before(zoom, look) {
                Err(failure) if self.missing_ok && has_code(&failure, MEETING_MISSING) => {
                    return change.already("does not exist", report);
                }
                Ok(Some(true)) => return change.already("is not running", report),
                before => before?,
            };
        }
        change.run_on_existing(zoom, report, self.missing_ok, MEETING_MISSING)
    }
}
