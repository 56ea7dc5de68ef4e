//! Get Meeting Recordings: the cloud recording of one meeting, every field as Zoom sends it.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column, link};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::AnyMeetingId;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::MeetingRecordings;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Deserialize;

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
pub const GET_RECORDINGS: Endpoint = Endpoint {
    method: Method::Get,
    path: "/meetings/{meetingId}/recordings",
    label: RateLabel::Light,
    granular: &["cloud_recording:read:list_recording_files:admin"],
    classic: &["recording:read:admin", "recording:read"],
    need: Requirement::Required,
};

impl Action for GetMeetingRecordings {
    const ID: &'static str = "get_meeting_recordings";
    const TITLE: &'static str = "Get Meeting Recordings";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[GET_RECORDINGS];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.id"),
        column("UUID", "data.uuid"),
        column("Topic", "data.topic"),
        column("Files", "data.recording_count"),
        link("Recording", "data.share_url"),
        column("File types", "data.recording_files.[].file_type"),
    ];
    type Output = Verbatim<MeetingRecordings>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let segment = self.meeting_id.path_segment();
        let call = ApiCall::of(&GET_RECORDINGS, &[&segment], &[], Subject::Recording(&id));
        let raw = zoom.get_expecting(&call, &["recording_files", "uuid"])?;

        Ok(Outcome {
            message: format!("Found the recordings of meeting {id}."),
            data: Verbatim::new(raw),
        })
    }
}
