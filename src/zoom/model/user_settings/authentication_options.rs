//! The documented shape of the `authentication_options` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Authentication profiles, with `option` `meeting_authentication` or `recording_authentication`: Zoom documents an
/// object, and sends a list.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum AuthenticationOptions {
    /// As it is sent.
    Sent(Vec<AuthenticationProfile>),
    /// As it is documented.
    Documented(Box<BothAuthenticationOptions>),
}

/// The profiles for meetings and for recordings, or one profile.
#[derive(Debug, JsonSchema)]
pub struct BothAuthenticationOptions {
    /// The profile's id.
    pub id: Option<String>,
    /// The profile's name.
    pub name: Option<String>,
    /// How people prove who they are, in Zoom's word.
    #[schemars(rename = "type")]
    pub kind: Option<String>,
    /// The domains that people must belong to, separated by commas.
    pub domains: Option<String>,
    /// Whether it is the profile that is used where none is chosen.
    pub default_option: Option<bool>,
    /// Whether users see it.
    pub visible: Option<bool>,
    /// The profiles for meetings.
    pub meeting_authentication: Option<MeetingAuthentication>,
    /// The profiles for recordings.
    pub recording_authentication: Option<RecordingAuthentication>,
}

/// The profiles for meetings.
#[derive(Debug, JsonSchema)]
pub struct MeetingAuthentication {
    /// Whether people may be exempted.
    pub allow_authentication_exception: Option<bool>,
    /// The profiles.
    pub authentication_options: Option<Vec<AuthenticationProfile>>,
    /// Whether only people who are signed in may join.
    pub meeting_authentication: Option<bool>,
}

/// The profiles for recordings.
#[derive(Debug, JsonSchema)]
pub struct RecordingAuthentication {
    /// The profiles.
    pub authentication_options: Option<Vec<AuthenticationProfile>>,
    /// Whether only people who are signed in may view recordings.
    pub recording_authentication: Option<bool>,
}

/// An authentication profile.
#[derive(Debug, JsonSchema)]
pub struct AuthenticationProfile {
    /// The profile's id.
    pub id: Option<String>,
    /// The profile's name.
    pub name: Option<String>,
    /// How people prove who they are, in Zoom's word.
    #[schemars(rename = "type")]
    pub kind: Option<String>,
    /// The domains that people must belong to, separated by commas.
    pub domains: Option<String>,
    /// Whether it is the profile that is used where none is chosen.
    pub default_option: Option<bool>,
    /// Whether users see it.
    pub visible: Option<bool>,
}
