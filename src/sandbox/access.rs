//! Who else can act for a user: delegates and Marketplace apps; and the account's own settings.

use super::message::{Refusal, refusal};
use super::settings::of_account;
use super::story::{App, Delegate, Right, VICTIM, story};
use super::users::{Users, id, personal_meeting};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Returns the key of the list of delegates in Zoom's answer.
const fn key(right: Right) -> &'static str {
    match right {
        Right::Assistant => "assistants",
        Right::Scheduler => "schedulers",
    }
}

/// The delegates and apps that were taken away.
#[derive(Debug, Default)]
pub struct Access {
    removed: HashSet<(u64, Right, u64)>,
    disabled: HashSet<(u64, String)>,
}

impl Access {
    /// Returns a user's delegates with a right.
    pub fn delegates(&self, users: Users, user: u64, right: Right) -> Value {
        // A small account has not all of the delegates.
        let is_there = |one: &&Delegate| {
            one.user == user
                && one.right == right
                && users.status(one.delegate) == "active"
                && !self.removed.contains(&(user, right, one.delegate))
        };

        let write = |one: &Delegate| {
            let number = one.delegate;
            let mut delegate = json!({"id": id(number), "email": users.email(number)});
            match right {
                Right::Assistant => delegate["can_manage_host_private_event"] = json!(false),
                Right::Scheduler => delegate["pmi"] = json!(personal_meeting(number)),
            }
            delegate
        };

        let delegates = story().delegates.iter();
        let all: Vec<Value> = delegates.filter(is_there).map(write).collect();

        json!({ key(right): all })
    }

    /// Takes a delegate away. Zoom says nothing of one who was none.
    pub fn remove_delegate(&mut self, user: u64, right: Right, delegate: u64) {
        self.removed.insert((user, right, delegate));
    }

    /// Returns the apps of a list.
    pub fn apps(kind: &str) -> Vec<Value> {
        let is_listed = |app: &&App| match kind {
            "account_added" | "approved_apps" | "public" => true,
            "account_created" => app.developer == "INTERNAL",
            _ => false,
        };

        let scope = |name: &String| json!({"scope_name": name, "scope_description": name});
        let write = |app: &App| {
            json!({
                "app_id": app.id, "app_name": app.name, "app_type": app.kind, "app_usage": 2, "app_status": "PUBLISHED",
                "app_developer_type": app.developer, "app_description": format!("{} for Zoom", app.name),
                "app_icon": "", "scopes": app.scopes.iter().map(scope).collect::<Vec<_>>(),
                "approval_info": {"approved_type": "forAllUser", "approver_id": id(0), "app_approval_closed": false},
            })
        };

        story().apps.iter().filter(is_listed).map(write).collect()
    }

    /// Enables or disables an app for a user.
    pub fn subscribe(&mut self, user: u64, app: &str, action: &str) -> Result<(), Refusal> {
        if !story().apps.iter().any(|known| known.id == app) {
            return Err(refusal(404, 1401, "Marketplace app id does not exist."));
        }

        let key = (user, app.to_owned());

        // Both are answered alike when the app is so already.
        match action {
            "disable" => self.disabled.insert(key),
            _ => self.disabled.remove(&key),
        };

        Ok(())
    }
}

/// Settings that users have and the account has not, by block.
const OF_USERS_ONLY: [(&str, &str); 13] = [
    (
        "in_meeting",
        "allow_users_to_delete_messages_in_meeting_chat",
    ),
    ("in_meeting", "record_play_voice"),
    ("in_meeting", "share_dual_camera"),
    ("in_meeting", "waiting_room"),
    ("recording", "ask_host_to_confirm_disclaimer"),
    ("recording", "ask_participants_to_consent_disclaimer"),
    ("recording", "host_pause_stop_recording"),
    (
        "schedule_meeting",
        "default_password_for_scheduled_meetings",
    ),
    ("schedule_meeting", "embed_password_in_join_link"),
    ("schedule_meeting", "participants_video"),
    ("schedule_meeting", "pmi_password"),
    ("schedule_meeting", "pstn_password_protected"),
    ("telephony", "show_international_numbers_link"),
];

/// Returns the account's settings in the form that `option` asks for.
pub fn account_settings(option: Option<&str>) -> Map<String, Value> {
    let mut all = of_account();
    let mut take = |keys: &[&str]| {
        keys.iter()
            .filter_map(|key| Some(((*key).to_owned(), all.get_mut(*key)?.take())))
            .collect::<Map<_, _>>()
    };

    match option {
        Some("security") => Map::from_iter([("security".to_owned(), security())]),
        Some("meeting_security") => take(&["meeting_security"]),
        Some(form @ ("meeting_authentication" | "recording_authentication")) => {
            let profiles = take(&["authentication_options"])["authentication_options"][form].take();
            let mut settings = take(&[form]);
            settings.insert("allow_authentication_exception".to_owned(), json!(false));
            settings.insert(
                "authentication_options".to_owned(),
                profiles["authentication_options"].clone(),
            );
            settings
        }
        // The account's own view, without what only users have.
        _ => {
            let mut settings = take(&[
                "schedule_meeting",
                "in_meeting",
                "email_notification",
                "recording",
                "telephony",
                "tsp",
                "audio_conferencing",
                "profile",
            ]);
            settings.insert("feature".to_owned(), json!({"meeting_capacity": 300}));
            settings.insert("chat".to_owned(), chat());
            for (block, name) in OF_USERS_ONLY {
                if let Some(block) = settings.get_mut(block).and_then(Value::as_object_mut) {
                    block.shift_remove(name);
                }
            }
            settings
        }
    }
}

fn security() -> Value {
    json!({
        "admin_change_name_pic": true,
        "admin_change_user_info": true,
        "hide_billing_info": false,
        "import_photos_from_devices": true,
        "sign_again_period_for_inactivity_on_client": 0,
        "sign_again_period_for_inactivity_on_web": 0,
        // Nobody needs a second factor: one of the findings of a posture review.
        "sign_in_with_two_factor_auth": "none",
        "password_requirement": {
            "minimum_password_length": 8, "have_special_character": false, "consecutive_characters_length": 4, "weak_enhance_detection": false,
        },
        "signin_with_sso": {
            "enable": true, "require_sso_for_domains": true, "domains": ["example.com"],
            "sso_bypass_users": [{"id": id(VICTIM), "email": "user4@example.com"}],
        },
    })
}

fn chat() -> Value {
    json!({
        "allow_bots_chat": true, "share_files": {"enable": true, "share_option": "anyone"}, "record_voice_messages": true,
        "send_data_to_third_party_archiving_service": {
            "enable": true, "type": "global_relay", "user_name": "archive",
            "passcode": "archive-passcode", "authorized_channel_token": "archive-channel-token",
        },
    })
}
