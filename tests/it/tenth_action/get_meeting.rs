//! Get Meeting: one meeting with its settings, every field as Zoom sends it.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column, link};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::MeetingId;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::GET_MEETING;
use crate::zoom::error::Subject;
use crate::zoom::model::ListedMeeting;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Deserialize;

/// Gets one meeting: topic, time, host, link, and all its settings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMeeting {
    /// The meeting's number.
    pub meeting_id: MeetingId,
    /// The id of one occurrence of a recurring meeting.
    #[serde(default)]
    pub occurrence_id: Option<String>,
    /// Whether the earlier occurrences of a recurring meeting are listed as well. Zoom's default is no.
    #[serde(default)]
    pub show_previous_occurrences: Option<bool>,
    /// Show passcode and host link in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

impl Action for GetMeeting {
    const ID: &'static str = "get_meeting";
    const TITLE: &'static str = "Get Meeting";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[GET_MEETING];
    const TABLE: &'static [Column] = &[
        column("Topic", "data.topic"),
        column("Start", "data.start_time"),
        column("Host", "data.host_id"),
        link("Join link", "data.join_url"),
    ];
    type Output = Verbatim<ListedMeeting>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let about = Subject::Meeting(&id);
        let mut query = Vec::new();
        query.extend(self.occurrence_id.map(|one| ("occurrence_id", one)));
        query.extend(
            self.show_previous_occurrences
                .map(|is| ("show_previous_occurrences", is.to_string())),
        );
        let raw = zoom.get(&ApiCall {
            endpoint: &GET_MEETING,
            ids: [&id, ""],
            query: &query,
            body: None,
            about,
        })?;
        Ok(Outcome {
            message: format!("Found meeting {id}."),
            data: Verbatim::new(raw),
        })
    }
}
