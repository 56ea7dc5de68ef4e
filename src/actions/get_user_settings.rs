//! Get User Settings: one user's settings, whole or one view of them.

use crate::action::prelude::*;
use crate::zoom::model::UserSettings;

/// Gets one user's settings: meetings, recording, security, email notices, licenses. With `option` one of Zoom's
/// special views of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetUserSettings {
    /// The user's id or email address.
    pub user_id: UserId,
    /// Select one login where an email address has several.
    pub login_type: Option<LoginType>,
    /// Get another form of the settings.
    pub option: Option<View>,
    /// The settings to get instead of all, by Zoom's names, separated by commas.
    #[schemars(extend("examples" = ["host_video,participants_video"]))]
    pub custom_query_fields: Option<Text<4096>>,
    /// Show passcodes in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// A special view of a user's settings.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Who may join meetings: authentication profiles.
    MeetingAuthentication,
    /// Who may view recordings: authentication profiles.
    RecordingAuthentication,
    /// Passcodes, waiting room, encryption, blocked domains.
    MeetingSecurity,
}

impl Action for GetUserSettings {
    const ID: &'static str = "get_user_settings";
    const TITLE: &'static str = "Get User Settings";
    const ENDPOINTS: Endpoints = &[GET_USER_SETTINGS];
    const TABLE: Columns = &[
        ("Waiting room", "in_meeting.waiting_room"),
        (
            "Passcode for new meetings",
            "schedule_meeting.require_password_for_scheduling_new_meetings",
        ),
        ("Join before host", "schedule_meeting.join_before_host"),
        ("Screen sharing by", "in_meeting.who_can_share_screen"),
        ("File transfer", "in_meeting.file_transfer"),
        ("Remote control", "in_meeting.remote_control"),
        ("Local recording", "recording.local_recording"),
        ("Cloud recording", "recording.cloud_recording"),
    ];
    type Output = Verbatim<UserSettings>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let query = Query::new()
            .given("login_type", self.login_type)
            .given("option", self.option.map(word))
            .given("custom_query_fields", self.custom_query_fields);

        let call = ApiCall::of(&GET_USER_SETTINGS, &[id], &query, Subject::User(id));
        zoom.find(&call, &[], format!("the settings of user {id}"))
    }
}
