//! Get Meeting: one meeting with its settings, every field as Zoom sends it.

use crate::action::prelude::*;
use crate::zoom::model::evidence::Meeting;

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
    const ENDPOINTS: Endpoints = &[GET_MEETING];
    const TABLE: Columns = &[
        ("Meeting ID", "id"),
        ("Topic", "topic"),
        ("Host", "host_email"),
        ("Status", "status"),
        ("Start", "start_time"),
        ("Waiting room", "settings.waiting_room"),
        ("Join link", "join_url"),
    ];
    type Output = Verbatim<Meeting>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.to_string();
        let query = Query::new()
            .given("occurrence_id", self.occurrence_id)
            .given("show_previous_occurrences", self.show_previous_occurrences);

        let call = ApiCall::of(&GET_MEETING, &[&id], &query, Subject::Meeting(&id));
        zoom.find(&call, &["id", "uuid"], call.about)
    }
}
