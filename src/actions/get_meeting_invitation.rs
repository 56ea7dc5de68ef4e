//! Get Meeting Invitation: the text that invitees get, and what can be read from it.

use crate::action::{Action, Column, Kind, Outcome, Route, column, link};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::MeetingId;
use crate::zoom::client::{Call, Zoom};
use crate::zoom::error::About;
use crate::zoom::model::Invitation;
use crate::zoom::route::{Need, RateLabel};
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
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

/// What an invitation's text says.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Details {
    /// The topic.
    pub topic: Option<String>,
    /// The time, in the words of the text.
    pub time: Option<String>,
    /// The link to join by.
    pub join_url: Option<String>,
    /// The meeting's number, as written.
    pub meeting_id: Option<String>,
    /// The passcode.
    pub passcode: Option<String>,
}

const INVITATION: Route = Route {
    method: Method::Get,
    path: "/meetings/{meetingId}/invitation",
    label: RateLabel::Light,
    granular: &["meeting:read:invitation:admin", "meeting:read:invitation"],
    classic: &["meeting:read:admin", "meeting:read"],
    need: Need::Always,
};

impl Action for GetMeetingInvitation {
    const ID: &'static str = "get_meeting_invitation";
    const TITLE: &'static str = "Get Meeting Invitation";
    const KIND: Kind = Kind::Enrichment;
    const ROUTES: &'static [Route] = &[INVITATION];
    const TABLE: &'static [Column] = &[
        column("Topic", "data.details.topic"),
        column("Time", "data.details.time"),
        column("Meeting ID", "data.details.meeting_id"),
        column("Passcode", "data.details.passcode"),
        link("Join link", "data.details.join_url"),
    ];
    type Output = Verbatim<Invited>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let about = About::Meeting(self.meeting_id.number());
        let raw = zoom.get(&Call { route: &INVITATION, id: &id, query: &[], body: None, about })?;
        let answer: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let details = details(answer.get("invitation").and_then(Value::as_str).unwrap_or_default());
        Ok(Outcome {
            message: format!("Found the invitation of meeting {id}."),
            data: Verbatim::<Invitation>::new(raw).with("details", &details)?,
        })
    }
}

/// Reads the text line by line: `Topic: ...`, `Meeting ID: ...`, and the first link to join by.
fn details(text: &str) -> Details {
    let mut found = Details::default();
    for line in text.lines().map(str::trim) {
        let after = |label: &str| {
            let (name, value) = line.split_once(':')?;
            let value = value.trim();
            (name.trim().eq_ignore_ascii_case(label) && !value.is_empty()).then(|| value.to_owned())
        };
        found.topic = found.topic.or_else(|| after("Topic"));
        found.time = found.time.or_else(|| after("Time"));
        found.meeting_id = found.meeting_id.or_else(|| after("Meeting ID"));
        found.passcode = found.passcode.or_else(|| after("Passcode")).or_else(|| after("Password"));
        if found.join_url.is_none() {
            let link = line.split_whitespace().find(|word| {
                word.starts_with("https://") && ["/j/", "/my/", "/w/", "/s/"].iter().any(|path| word.contains(path))
            });
            found.join_url = link.map(str::to_owned);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_found_in_the_text_and_null_where_not() {
        let text = "Jane is inviting you to a scheduled Zoom meeting.\r\n\r\nTopic: Weekly: plans\r\nTime: Nov 25, 2026 10:00 AM\r\n\r\nJoin Zoom Meeting\r\nhttps://us02web.zoom.us/j/85746065432?pwd=abc\r\n\r\nMeeting ID: 857 4606 5432\r\nPasscode: 7aX\r\n\r\n---\r\nMeeting ID: 999";
        let found = details(text);
        assert_eq!(found.topic.as_deref(), Some("Weekly: plans"));
        assert_eq!(found.time.as_deref(), Some("Nov 25, 2026 10:00 AM"));
        assert_eq!(found.join_url.as_deref(), Some("https://us02web.zoom.us/j/85746065432?pwd=abc"));
        assert_eq!(found.meeting_id.as_deref(), Some("857 4606 5432"));
        assert_eq!(found.passcode.as_deref(), Some("7aX"));
        assert_eq!(details("Willkommen"), Details::default());
    }
}
