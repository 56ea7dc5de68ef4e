//! Get Account Settings: the rules that hold for the whole account, every field as Zoom sends it.

use crate::action::prelude::*;
use crate::zoom::model::evidence::AccountSettings;

/// Gets the account's settings: passcodes, waiting rooms, recording, and with `option` `security` the rules for signing in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetAccountSettings {
    /// Get another form of the settings.
    pub option: Option<Form>,
    /// Get only these fields, by their names at Zoom, separated by commas.
    pub custom_query_fields: Option<Text<4096>>,
    /// Show the archiving service's passcode and token instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// A form of the settings.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Who has to sign in to join meetings.
    MeetingAuthentication,
    /// Who has to sign in to watch recordings.
    RecordingAuthentication,
    /// Rules for signing in: two factors, single sign-on, passwords.
    Security,
    /// Passcodes, waiting room and encryption of meetings.
    MeetingSecurity,
}

const GET: Endpoint = Endpoint::new(
    // `me` is the account that the app belongs to.
    Get,
    "/accounts/me/settings",
    Medium,
    &["account:read:settings:admin"],
    &["account:read:admin"],
);

impl Action for GetAccountSettings {
    const ID: &'static str = "get_account_settings";
    const TITLE: &'static str = "Get Account Settings";
    const ENDPOINTS: Endpoints = &[GET];
    const TABLE: Columns = &[
        (
            "Passcode required",
            "schedule_meeting.require_password_for_scheduled_meetings",
        ),
        ("File transfer", "in_meeting.file_transfer"),
        ("Automatic recording", "recording.auto_recording"),
    ];
    type Output = Verbatim<AccountSettings>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let query = Query::new()
            .given("option", self.option.map(word))
            .given("custom_query_fields", self.custom_query_fields);

        let call = ApiCall::of(&GET, &[], &query, Subject::Account);
        zoom.find(&call, &[], "the account's settings")
    }
}
