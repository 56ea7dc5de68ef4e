//! Recover Meeting Recordings: brings a recording back from the trash.

use super::get_meeting_recordings::GET_RECORDINGS;
use crate::action::prelude::*;
use crate::zoom::change::exists;

/// Brings a meeting's cloud recording back from the trash, within 30 days of its deletion: evidence that somebody
/// deleted, or the undo of Delete Meeting Recordings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoverMeetingRecordings {
    /// The UUID of the recorded instance, from List User Recordings with `trash`.
    #[schemars(extend("examples" = ["4444AAAiAAAAAiAiAiiAii=="]))]
    pub meeting_uuid: AnyMeetingId,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const RECOVER: Endpoint = Endpoint::new(
    Put,
    "/meetings/{meetingUUID}/recordings/status",
    Light,
    &["cloud_recording:update:recover_meeting_recordings:admin"],
    classic::WRITE_RECORDING,
);

impl Action for RecoverMeetingRecordings {
    const ID: &'static str = "recover_meeting_recordings";
    const TITLE: &'static str = "Recover Meeting Recordings";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`delete_meeting_recordings`.");
    const ENDPOINTS: Endpoints = &[
        RECOVER,
        GET_RECORDINGS.serves("the look whether it is back"),
    ];
    const TABLE: Columns = &[
        ("Meeting", "meeting_uuid"),
        ("Recovered", "changed"),
        ("Already so", "already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let uuid = self.meeting_uuid.as_str();
        let read = ApiCall::of(&GET_RECORDINGS, &[uuid], &[], Subject::Recording(uuid));
        let body = json!({ "action": "recover" });
        let look = |zoom: &Zoom<'_>| exists(zoom, &read, RECORDING_MISSING);

        let call = read.to(&RECOVER).with_body(&body);
        let change = Change::new(call, "recovered", self.dry_run).look(&look, true);
        let mut report = ChangeReport {
            meeting_uuid: Some(uuid.to_owned()),
            ..ChangeReport::default()
        };

        if !self.dry_run && change.look_before(zoom, look)? == Some(true) {
            // Single files can be in the trash beside a recording that is not.
            zoom.state().warn(
                "The meeting had a recording before, too: `rollback` is left out, since it would delete that as well.",
            );
        } else {
            report = report.undone_by("delete_meeting_recordings", [("meeting_id", json!(uuid))]);
        }
        change.run(zoom, report)
    }
}
