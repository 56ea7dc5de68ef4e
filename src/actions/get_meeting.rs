//! Get Meeting: one meeting with its settings, every field as Zoom sends it.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column, link};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{MeetingId, Text};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::GET_MEETING;
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::Meeting;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Deserialize;

/// Gets one scheduled meeting by its number: host, status, passcode, waiting room and all its other settings. A meeting
/// that has ended for good is not found here: list its participants instead.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMeeting {
    /// The meeting's number, or its join link.
    pub meeting_id: MeetingId,
    /// The occurrence of a recurring meeting, by the id that Zoom gives it.
    pub occurrence_id: Option<Text<128>>,
    /// List past occurrences of a recurring meeting too.
    pub show_previous_occurrences: Option<bool>,
    /// Show the passcode and the host's start link instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

impl Action for GetMeeting {
    const ID: &'static str = "get_meeting";
    const TITLE: &'static str = "Get Meeting";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[GET_MEETING];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.id"),
        column("Topic", "data.topic"),
        column("Host", "data.host_email"),
        column("Status", "data.status"),
        column("Start", "data.start_time"),
        column("Waiting room", "data.settings.waiting_room"),
        link("Join link", "data.join_url"),
    ];
    type Output = Verbatim<Meeting>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let mut query = Vec::new();
        query.extend(
            self.occurrence_id
                .map(|occurrence| ("occurrence_id", occurrence.to_string())),
        );

        query.extend(
            self.show_previous_occurrences
                .map(|show| ("show_previous_occurrences", show.to_string())),
        );

        let call = ApiCall::of(&GET_MEETING, &[&id], &query, Subject::Meeting(&id));
        let raw = zoom.get_expecting(&call, &["id", "uuid"])?;

        Ok(Outcome {
            message: format!("Found meeting {id}."),
            data: Verbatim::new(raw),
        })
    }
}
