//! Delete Meeting Recordings: moves a meeting's cloud recording to the trash, or deletes it for good.

use super::get_meeting_recordings::GET_RECORDINGS;
use crate::action::prelude::*;
use crate::zoom::change;

/// Moves a meeting's cloud recording to the trash, where it can be recovered for 30 days; with `permanently` it is
/// deleted for good.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMeetingRecordings {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// Delete the recording for good instead of moving it to the trash.
    #[serde(default)]
    pub permanently: bool,
    /// Succeed if there is no recording.
    #[serde(default)]
    pub missing_ok: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const DELETE: Endpoint = Endpoint::new(
    Delete,
    "/meetings/{meetingId}/recordings",
    Light,
    &["cloud_recording:delete:meeting_recording:admin"],
    classic::WRITE_RECORDING,
);

impl Action for DeleteMeetingRecordings {
    const ID: &'static str = "delete_meeting_recordings";
    const TITLE: &'static str = "Delete Meeting Recordings";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some(
        "`recover_meeting_recordings`, as long as the trash holds them; nothing after `permanently`.",
    );
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: Endpoints = &[DELETE, GET_RECORDINGS.serves("the UUID for the way back")];
    const TABLE: Columns = &[
        ("Meeting", "meeting_id"),
        ("Deleted", "changed"),
        ("Already so", "already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.as_str();
        let (action, done) = match self.permanently {
            true => ("delete", "deleted for good"),
            false => ("trash", "moved to the trash"),
        };
        let query = Query::new().with("action", action);
        let call = ApiCall::of(&DELETE, &[id], &query, Subject::Recording(id));
        let change = Change::new(call, done, self.dry_run);

        let mut report = ChangeReport::of_meeting(json!(self.meeting_id));
        if !self.permanently
            && let Some(uuid) = self.uuid(zoom, &change)?
        {
            report = report.undone_by("recover_meeting_recordings", [("meeting_uuid", uuid)]);
        }
        change.run_on_existing(zoom, report, self.missing_ok, RECORDING_MISSING)
    }
}

impl DeleteMeetingRecordings {
    /// Returns the instance's UUID: Zoom recovers by UUID only, which a number does not tell.
    fn uuid(&self, zoom: &Zoom<'_>, change: &Change<'_>) -> Result<Option<Value>, Failure> {
        let id = self.meeting_id.as_str();
        if !self.meeting_id.is_number() {
            return Ok(Some(json!(id)));
        }

        let read = ApiCall::of(&GET_RECORDINGS, &[id], &[], Subject::Recording(id));
        change.look_before(zoom, |zoom| match change::fields(zoom, &read, &["uuid"]) {
            // The deletion itself will say so.
            Err(failure) if has_code(&failure, RECORDING_MISSING) => Ok(None),
            fields => Ok(fields?.remove("uuid").filter(Value::is_string)),
        })
    }
}
