//! The documented shape of the `authentication_options` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Authentication profiles, with `option` `meeting_authentication` or `recording_authentication`.
#[derive(Debug, JsonSchema)]
pub struct AuthenticationOptions {
    /// Only signed-in people may join (with ?option=meeting_authentication).
    pub meeting_authentication: Option<AuthenticationOptionsMeetingAuthentication>,
    /// Only signed-in people may view recordings (with ?option=recording_authentication).
    pub recording_authentication: Option<AuthenticationOptionsRecordingAuthentication>,
    /// Whether default option is on.
    pub default_option: Option<bool>,
    /// The domains.
    pub domains: Option<String>,
    /// The id.
    pub id: Option<String>,
    /// Attribute name.
    pub name: Option<String>,
    /// 1 basic, 2 licensed, 4 unassigned, 99 none.
    #[schemars(rename = "type")]
    pub kind: Option<String>,
    /// Whether visible is on.
    pub visible: Option<bool>,
}

/// Only signed-in people may join (with ?option=meeting_authentication).
#[derive(Debug, JsonSchema)]
pub struct AuthenticationOptionsMeetingAuthentication {
    /// Whether allow authentication exception is on.
    pub allow_authentication_exception: Option<bool>,
    /// The authentication options.
    pub authentication_options: Option<Vec<MeetingAuthenticationAuthenticationOptions>>,
    /// Only signed-in people may join (with ?option=meeting_authentication).
    pub meeting_authentication: Option<bool>,
}

/// The settings of authentication options.
#[derive(Debug, JsonSchema)]
pub struct MeetingAuthenticationAuthenticationOptions {
    /// Whether default option is on.
    pub default_option: Option<bool>,
    /// The domains.
    pub domains: Option<String>,
    /// The id.
    pub id: Option<String>,
    /// Attribute name.
    pub name: Option<String>,
    /// 1 basic, 2 licensed, 4 unassigned, 99 none.
    #[schemars(rename = "type")]
    pub kind: Option<String>,
    /// Whether visible is on.
    pub visible: Option<bool>,
}

/// Only signed-in people may view recordings (with ?option=recording_authentication).
#[derive(Debug, JsonSchema)]
pub struct AuthenticationOptionsRecordingAuthentication {
    /// The authentication options.
    pub authentication_options: Option<Vec<RecordingAuthenticationAuthenticationOptions>>,
    /// Only signed-in people may view recordings (with ?option=recording_authentication).
    pub recording_authentication: Option<bool>,
}

/// The settings of authentication options.
#[derive(Debug, JsonSchema)]
pub struct RecordingAuthenticationAuthenticationOptions {
    /// Whether default option is on.
    pub default_option: Option<bool>,
    /// The domains.
    pub domains: Option<String>,
    /// The id.
    pub id: Option<String>,
    /// Attribute name.
    pub name: Option<String>,
    /// 1 basic, 2 licensed, 4 unassigned, 99 none.
    #[schemars(rename = "type")]
    pub kind: Option<String>,
    /// Whether visible is on.
    pub visible: Option<bool>,
}
