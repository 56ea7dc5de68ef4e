//! The documented shapes of Zoom's answers.
use schemars::JsonSchema;
/// A user.
#[derive(Debug, JsonSchema)]
pub struct User {
    /// Id.
    pub id: Option<String>,
}
/// Settings.
#[derive(Debug, JsonSchema)]
pub struct UserSettings {
    /// Id.
    pub id: Option<String>,
}
/// Meeting.
#[derive(Debug, JsonSchema)]
pub struct ListedMeeting {
    /// Id.
    pub id: Option<u64>,
}
/// Invitation.
#[derive(Debug, JsonSchema)]
pub struct Invitation {
    /// Id.
    pub invitation: Option<String>,
}
