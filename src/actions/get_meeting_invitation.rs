//! Get Meeting Invitation: the text that invitees get, and what can be read from it.
//!
//! Child: `details` (what the text says, in the languages that Zoom writes it in).

mod details;

pub use details::Details;

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column, link};
use crate::http::Method;
use crate::protocol::exact::field;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::MeetingId;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::Invitation;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// Gets the invitation of a meeting: the text with topic, time, link, passcode and dial-in numbers, and those details
/// by themselves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMeetingInvitation {
    /// The meeting's number.
    pub meeting_id: MeetingId,
}

/// Zoom's answer, and what was found in its text.
#[derive(Debug, JsonSchema)]
pub struct Invited {
    /// Zoom's answer.
    #[serde(flatten)]
    pub answer: Invitation,
    /// What was found in the text; null where it was not.
    pub details: Details,
}

const INVITATION: Endpoint = Endpoint {
    method: Method::Get,
    path: "/meetings/{meetingId}/invitation",
    label: RateLabel::Light,
    granular: &["meeting:read:invitation:admin", "meeting:read:invitation"],
    classic: &["meeting:read:admin", "meeting:read"],
    need: Requirement::Required,
};

impl Action for GetMeetingInvitation {
    const ID: &'static str = "get_meeting_invitation";
    const TITLE: &'static str = "Get Meeting Invitation";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[INVITATION];
    const TABLE: &'static [Column] = &[
        column("Topic", "data.details.topic"),
        column("Time", "data.details.time"),
        column("Meeting ID", "data.details.meeting_id"),
        column("Passcode", "data.details.passcode"),
        link("Join link", "data.details.join_url"),
    ];
    type Output = Verbatim<Invited>;

    /// The invitation is what people get to join: its passcode is what was asked for.
    fn shows_secrets(&self) -> bool {
        true
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let about = Subject::Meeting(&id);
        let raw = zoom.get_expecting(
            &ApiCall {
                endpoint: &INVITATION,
                ids: [&id, ""],
                query: &[],
                body: None,
                about,
            },
            &["invitation"],
        )?;

        let invitation = field(raw.get(), "invitation");
        let text = invitation.as_ref().and_then(Value::as_str);
        let details = details::of(text.unwrap_or_default());

        Ok(Outcome {
            message: format!("Found the invitation of meeting {id}."),
            data: Verbatim::<Invitation>::new(raw).with("details", &details)?,
        })
    }
}
