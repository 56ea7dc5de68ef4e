//! Who else can act for a user: delegates and Marketplace apps.

use super::users::{Users, id};
use super::zoom::{Refusal, refusal};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Delegates at the start: the user, the right, the delegate.
const DELEGATES: [(u64, &str, u64); 4] = [
    (4, "assistants", 5),
    (4, "assistants", 6),
    (4, "schedulers", 5),
    (0, "assistants", 3),
];

/// Apps that users of the account have added: id, name, kind, developer, scope.
const APPS: [(&str, &str, &str, &str, &str); 3] = [
    (
        "wdKzuB2cT0ucZrWQbPvMtw",
        "Calendar Helper",
        "ZoomApp",
        "THIRD_PARTY",
        "recording:read",
    ),
    (
        "Qn3xkBvVRZaFhA4oF2GtHg",
        "Team Whiteboard",
        "GeneralApp",
        "ZOOM",
        "user:read",
    ),
    (
        "m1TzPq8RSOy0cLZ5vX9dWw",
        "Incident Bot",
        "ChatBotApp",
        "INTERNAL",
        "chat_message:write",
    ),
];

/// The delegates and apps that were taken away.
#[derive(Debug, Default)]
pub struct Access {
    removed: HashSet<(u64, String, u64)>,
    disabled: HashSet<(u64, String)>,
}

impl Access {
    /// The delegates of a user under `right`: `assistants` or `schedulers`.
    pub fn delegates(&self, users: Users, user: u64, right: &str) -> Value {
        let all = DELEGATES
            .iter()
            .filter(|(owner, kind, delegate)| {
                *owner == user
                    && *kind == right
                    && !self.removed.contains(&(user, right.to_owned(), *delegate))
            })
            .map(|(_, _, delegate)| json!({"id": id(*delegate), "email": users.email(*delegate)}));
        json!({ right: all.collect::<Vec<_>>() })
    }

    /// Takes a delegate away. Zoom says nothing of one who was none.
    pub fn remove_delegate(&mut self, user: u64, right: &str, delegate: u64) {
        self.removed.insert((user, right.to_owned(), delegate));
    }

    /// The apps of a list.
    pub fn apps(kind: &str) -> Vec<Value> {
        let installed = |app: &&(&str, &str, &str, &str, &str)| match kind {
            "account_added" | "approved_apps" | "public" => true,
            "account_created" => app.3 == "INTERNAL",
            _ => false,
        };
        let write = |(id, name, kind, developer, scope): &(&str, &str, &str, &str, &str)| {
            json!({
                "app_id": id, "app_name": name, "app_type": kind, "app_usage": 2, "app_status": "PUBLISHED",
                "app_developer_type": developer, "app_description": format!("{name} for Zoom"),
                "scopes": [{"scope_name": scope, "scope_description": scope}],
            })
        };
        APPS.iter().filter(installed).map(write).collect()
    }

    /// Enables or disables an app for a user.
    pub fn subscribe(&mut self, user: u64, app: &str, action: &str) -> Result<(), Refusal> {
        if !APPS.iter().any(|(id, ..)| *id == app) {
            return Err(refusal(400, 1401, "The app does not exist."));
        }
        let key = (user, app.to_owned());
        match action {
            "disable" => self.disabled.insert(key),
            _ => self.disabled.remove(&key),
        };
        Ok(())
    }
}

/// The account's settings, by `option`.
pub fn account_settings(option: Option<&str>) -> Value {
    match option {
        Some("security") => json!({"security": {
            "admin_change_name_pic": true,
            "sign_again_period_for_inactivity_on_client": 0,
            "sign_in_with_two_factor_auth": "none",
            "password_requirement": {"minimum_password_length": 8, "have_special_character": false},
            "signin_with_sso": {"enable": true, "require_sso_for_domains": true,
                "sso_bypass_users": [{"id": id(4), "email": "user4@example.com"}]},
        }}),
        Some("meeting_security") => json!({"meeting_security": {
            "waiting_room": false, "meeting_password": true, "encryption_type": "enhanced_encryption",
        }}),
        Some(form @ ("meeting_authentication" | "recording_authentication")) => json!({
            form: true, "authentication_options": [{"id": "signIn_1", "name": "Signed-in users", "type": "internally", "default_option": true}],
        }),
        _ => json!({
            "schedule_meeting": {"host_video": true, "join_before_host": true, "require_password_for_scheduled_meetings": true},
            "in_meeting": {"waiting_room": false, "chat": true, "file_transfer": true, "remote_control": true},
            "recording": {"local_recording": true, "cloud_recording": true, "auto_recording": "none"},
            "feature": {"meeting_capacity": 300},
            "chat": {"send_data_to_third_party_archiving_service": {
                "enable": true, "type": "global_relay", "user_name": "archive",
                "passcode": "archive-passcode", "authorized_channel_token": "archive-channel-token",
            }},
        }),
    }
}
