//! Get Meeting Recordings: the cloud recording of one meeting, every field as Zoom sends it.

use crate::action::prelude::*;
use crate::zoom::model::evidence::MeetingRecordings;

/// Gets the cloud recording of one meeting: its files, links and passcode. The token that opens downloads is never asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMeetingRecordings {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// Show the passcode instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// `GET /meetings/{meetingId}/recordings`
pub const GET_RECORDINGS: Endpoint = Endpoint::new(
    Get,
    "/meetings/{meetingId}/recordings",
    Light,
    &["cloud_recording:read:list_recording_files:admin"],
    classic::READ_RECORDING,
);

impl Action for GetMeetingRecordings {
    const ID: &'static str = "get_meeting_recordings";
    const TITLE: &'static str = "Get Meeting Recordings";
    const ENDPOINTS: Endpoints = &[GET_RECORDINGS];
    const TABLE: Columns = &[
        ("Meeting ID", "id"),
        ("UUID", "uuid"),
        ("Topic", "topic"),
        ("Files", "recording_count"),
        ("Recording", "share_url"),
        ("File types", "recording_files.[].file_type"),
    ];
    type Output = Verbatim<MeetingRecordings>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.as_str();

        let call = ApiCall::of(&GET_RECORDINGS, &[id], &[], Subject::Recording(id));
        let what = format!("the recordings of meeting {id}");
        zoom.find(&call, &["recording_files", "uuid"], what)
    }
}
