//! Get Meeting Invitation: the text that invitees get, and what can be read from it.
//!
//! Child: `details` (what the text says, in the languages that Zoom writes it in).

mod details;

pub use details::Details;

use crate::action::prelude::*;
use crate::protocol::exact::field;
use crate::zoom::model::Invitation;

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
    /// The details found in the text; null where they were not.
    pub details: Details,
}

const INVITATION: Endpoint = Endpoint::new(
    Get,
    "/meetings/{meetingId}/invitation",
    Light,
    &["meeting:read:invitation:admin", "meeting:read:invitation"],
    classic::READ_MEETING,
);

impl Action for GetMeetingInvitation {
    const ID: &'static str = "get_meeting_invitation";
    const TITLE: &'static str = "Get Meeting Invitation";
    const ENDPOINTS: Endpoints = &[INVITATION];
    const TABLE: Columns = &[
        ("Topic", "details.topic"),
        ("Time", "details.time"),
        ("Meeting ID", "details.meeting_id"),
        ("Passcode", "details.passcode"),
        ("Join link", "details.join_url"),
    ];
    type Output = Verbatim<Invited>;

    /// The invitation is what people get to join: its passcode is what was asked for.
    const SHOWS_SECRETS: bool = true;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.to_string();

        let call = ApiCall::of(&INVITATION, &[&id], &[], Subject::Meeting(&id));
        let raw = zoom.get_expecting(&call, &["invitation"])?;

        let invitation = field(raw.get(), "invitation");
        let text = invitation.as_ref().and_then(Value::as_str);
        let details = details::of(text.unwrap_or_default(), self.meeting_id.number());
        Ok(Outcome::new(
            format!("Found the invitation of meeting {id}."),
            Verbatim::<Invitation>::new(raw).with("details", &details)?,
        ))
    }
}
