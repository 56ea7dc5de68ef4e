//! The documented shapes of a listed meeting and of an invitation. Describe only; answers are passed on as they come.

use schemars::JsonSchema;

/// A meeting, as List Meetings gives it.
#[derive(Debug, JsonSchema)]
pub struct ListedMeeting {
    /// The planned length in minutes.
    pub duration: Option<i64>,
    /// When it starts. A time in UTC, RFC 3339.
    pub start_time: Option<String>,
    /// The link to join by; it may hold the passcode.
    pub join_url: Option<String>,
    /// The time zone, one of Zoom's ids such as Europe/Berlin.
    pub timezone: Option<String>,
    /// When it was made. A time in UTC, RFC 3339.
    pub created_at: Option<String>,
    /// The title.
    pub topic: Option<String>,
    /// The meeting's number.
    pub id: Option<i64>,
    /// 1 instant, 2 scheduled, 3 recurring without fixed time, 8 recurring with fixed time.
    #[schemars(rename = "type")]
    pub kind: Option<i64>,
    /// The description.
    pub agenda: Option<String>,
    /// The personal meeting id, where the meeting uses it.
    pub pmi: Option<String>,
    /// The id of this one instance of the meeting.
    pub uuid: Option<String>,
    /// The host's user id.
    pub host_id: Option<String>,
}

/// A meeting's invitation.
#[derive(Debug, JsonSchema)]
pub struct Invitation {
    /// The text that invitees get, with passcode and dial-in numbers.
    pub invitation: Option<String>,
    /// The SIP addresses to join by.
    pub sip_links: Option<Vec<String>>,
}
