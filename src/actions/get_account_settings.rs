//! Get Account Settings: the rules that hold for the whole account, every field as Zoom sends it.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{Text, word};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::AccountSettings;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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

const GET: Endpoint = Endpoint {
    method: Method::Get,
    // `me` is the account that the app belongs to.
    path: "/accounts/me/settings",
    label: RateLabel::Medium,
    granular: &["account:read:settings:admin"],
    classic: &["account:read:admin"],
    need: Requirement::Required,
};

impl Action for GetAccountSettings {
    const ID: &'static str = "get_account_settings";
    const TITLE: &'static str = "Get Account Settings";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[GET];
    const TABLE: &'static [Column] = &[
        column(
            "Passcode required",
            "data.schedule_meeting.require_password_for_scheduled_meetings",
        ),
        column("File transfer", "data.in_meeting.file_transfer"),
        column("Automatic recording", "data.recording.auto_recording"),
    ];
    type Output = Verbatim<AccountSettings>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let mut query = Vec::new();
        query.extend(self.option.map(|form| ("option", word(form))));
        query.extend(
            self.custom_query_fields
                .map(|fields| ("custom_query_fields", fields.to_string())),
        );

        let call = ApiCall::of(&GET, &[], &query, Subject::Account);
        let raw = zoom.get_expecting(&call, &[])?;

        Ok(Outcome {
            message: "Found the account's settings.".to_owned(),
            data: Verbatim::new(raw),
        })
    }
}
