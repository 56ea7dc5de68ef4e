//! Get User Settings: one user's settings, whole or one view of them.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{LoginType, Text, UserId};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::GET_USER_SETTINGS;
use crate::zoom::error::Subject;
use crate::zoom::model::UserSettings;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Gets one user's settings: meetings, recording, security, email notices, licenses. With `option` one of Zoom's
/// special views of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetUserSettings {
    /// The user's id or email address.
    pub user_id: UserId,
    /// Select one login where an email address has several.
    pub login_type: Option<LoginType>,
    /// The view: without it the settings in their blocks.
    pub option: Option<View>,
    /// The settings to get instead of all, by Zoom's names, separated by commas.
    #[schemars(extend("examples" = ["host_video,participants_video"]))]
    pub custom_query_fields: Option<Text<4096>>,
    /// Show passcodes in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// A special view of a user's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Who may join meetings: authentication profiles.
    MeetingAuthentication,
    /// Who may view recordings: authentication profiles.
    RecordingAuthentication,
    /// Passcodes, waiting room, encryption, blocked domains.
    MeetingSecurity,
}

impl View {
    /// Zoom's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MeetingAuthentication => "meeting_authentication",
            Self::RecordingAuthentication => "recording_authentication",
            Self::MeetingSecurity => "meeting_security",
        }
    }
}

impl Action for GetUserSettings {
    const ID: &'static str = "get_user_settings";
    const TITLE: &'static str = "Get User Settings";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[GET_USER_SETTINGS];
    const TABLE: &'static [Column] = &[
        column("Waiting room", "data.in_meeting.waiting_room"),
        column(
            "Passcode for new meetings",
            "data.schedule_meeting.require_password_for_scheduling_new_meetings",
        ),
        column("Join before host", "data.schedule_meeting.join_before_host"),
        column("Screen sharing by", "data.in_meeting.who_can_share_screen"),
        column("File transfer", "data.in_meeting.file_transfer"),
        column("Remote control", "data.in_meeting.remote_control"),
        column("Local recording", "data.recording.local_recording"),
        column("Cloud recording", "data.recording.cloud_recording"),
    ];
    type Output = Verbatim<UserSettings>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.user_id.as_str();
        let mut query = Vec::new();
        query.extend(
            self.login_type
                .map(|login| ("login_type", login.to_string())),
        );

        query.extend(self.option.map(|view| ("option", view.name().to_owned())));
        query.extend(
            self.custom_query_fields
                .map(|fields| ("custom_query_fields", fields.to_string())),
        );

        let call = ApiCall {
            endpoint: &GET_USER_SETTINGS,
            ids: [id, ""],
            query: &query,
            body: None,
            about: Subject::User(id),
        };

        let raw = zoom.get_expecting(&call, &[])?;
        Ok(Outcome {
            message: format!("Found the settings of user {id}."),
            data: Verbatim::new(raw),
        })
    }
}
