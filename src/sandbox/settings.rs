//! Users' settings: the account's defaults with what was changed, what the account has locked, settings that are seen in
//! two views, and the security floor.

use super::merge::merge;
use super::message::{Refusal, refusal};
use super::story::{VICTIM, story};
use super::users::holds;

use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Settings that the account has locked: a change is answered with 204 and not made.
pub const LOCKED: [&str; 3] = [
    "recording.local_recording",
    "in_meeting.allow_live_streaming",
    "in_meeting.file_transfer",
];

/// Settings that the security view shows under a name of its own: that name, and the place where they are kept.
const TWO_VIEWS: [(&str, [&str; 2]); 6] = [
    ("waiting_room", ["in_meeting", "waiting_room"]),
    (
        "embed_password_in_join_link",
        ["schedule_meeting", "embed_password_in_join_link"],
    ),
    (
        "meeting_password",
        [
            "schedule_meeting",
            "require_password_for_scheduling_new_meetings",
        ],
    ),
    (
        "require_password_for_scheduled_meeting",
        [
            "schedule_meeting",
            "require_password_for_scheduled_meetings",
        ],
    ),
    (
        "phone_password",
        ["schedule_meeting", "pstn_password_protected"],
    ),
    (
        "meeting_password_requirement",
        ["schedule_meeting", "meeting_password_requirement"],
    ),
];

/// Returns the settings that every user starts with: the account's own.
fn defaults() -> Value {
    serde_json::from_str(include_str!("defaults.json")).unwrap_or_default()
}

/// Returns the account's settings, all forms together.
pub fn of_account() -> Value {
    let mut tree = defaults();
    show_security(&mut tree);
    tree
}

/// Fills in what the security view shows of other blocks: a value under two names can't differ between them.
fn show_security(tree: &mut Value) {
    for (name, [block, key]) in TWO_VIEWS {
        tree["meeting_security"][name] = tree[block][key].clone();
    }

    // Here one view has a choice of three where the other has yes and no.
    let for_pmi = &tree["schedule_meeting"]["require_password_for_pmi_meetings"];
    tree["meeting_security"]["pmi_password"] = json!(for_pmi != "none");
}

/// The settings of all users: the account's defaults, and what was changed.
#[derive(Debug)]
pub struct Settings {
    changed: HashMap<u64, Value>,
}

impl Settings {
    pub fn new() -> Self {
        Self {
            changed: HashMap::from([(VICTIM, story().settings.clone())]),
        }
    }

    /// Returns the settings of a user, in the view `option`, or only the fields asked for.
    pub fn get(&self, number: u64, option: Option<&str>, fields: Option<&str>) -> Value {
        let all = self.tree(number);
        let take = |keys: &[&str]| -> Value {
            keys.iter()
                .filter_map(|key| Some(((*key).to_owned(), all.get(*key)?.clone())))
                .collect::<Map<_, _>>()
                .into()
        };

        // The fields are looked for in every view, whatever the option says.
        if fields.is_some() {
            return fields_of(all, fields);
        }

        match option {
            Some(form @ ("meeting_authentication" | "recording_authentication")) => {
                let mut view = take(&[form]);
                view["allow_authentication_exception"] = json!(false);
                let profiles = &all["authentication_options"][form]["authentication_options"];
                view["authentication_options"] = profiles.clone();
                view
            }
            Some("meeting_security") => take(&["meeting_security"]),
            _ => take(&[
                "schedule_meeting",
                "in_meeting",
                "email_notification",
                "recording",
                "telephony",
                "feature",
                "tsp",
                "profile",
                "audio_conferencing",
                "whiteboard",
            ]),
        }
    }

    /// Changes a user's settings, the locked ones apart.
    ///
    /// # Errors
    /// Zoom's refusals of add-ons for a user who is not `licensed`, or that exclude each other.
    pub fn patch(
        &mut self,
        number: u64,
        licensed: bool,
        mut body: Map<String, Value>,
    ) -> Result<(), Refusal> {
        let before = self.tree(number);
        check_feature(&body, &before["feature"], licensed)?;
        keep_once(&mut body, &before);
        change_profile(&mut body, &before)?;
        let changed = self.changed.entry(number).or_insert_with(|| json!({}));
        store_unlocked(changed, &body, "");
        let after = self.tree(number);
        let off = |block: &str, key: &str| after[block][key] != true;
        let open = off("in_meeting", "waiting_room")
            && off(
                "schedule_meeting",
                "require_password_for_scheduling_new_meetings",
            )
            && after["meeting_authentication"] != true;

        // The security floor: without passcode, waiting room and authentication, the waiting room comes back on.
        if let (true, Some(changed)) = (open, self.changed.get_mut(&number)) {
            merge(changed, &json!({"in_meeting": {"waiting_room": true}}));
        }

        Ok(())
    }

    fn tree(&self, number: u64) -> Value {
        let mut tree = defaults();
        let mut licenses = Vec::new();
        for license in ["zoom_workforce_management", "zoom_compliance_management"] {
            let is_held = holds(number, license);
            tree["feature"][license] = json!(is_held);
            if is_held {
                licenses.push(json!({"license_type": license.to_uppercase(), "license_option": 1}));
            }
        }

        tree["feature"]["license_info_list"] = Value::Array(licenses);

        if let Some(changed) = self.changed.get(&number) {
            merge(&mut tree, changed);
        }

        show_security(&mut tree);

        tree
    }
}

/// Add-ons that only a licensed user can have, and Zoom's code for those who are not.
const ADD_ONS: [(&str, i64, &str); 3] = [
    ("large_meeting", 1108, "large meetings"),
    ("webinar", 1122, "webinars"),
    ("zoom_events", 1206, "Zoom Events"),
];

/// Refuses add-ons that the user can't have, or not together.
fn check_feature(body: &Map<String, Value>, before: &Value, licensed: bool) -> Result<(), Refusal> {
    let Some(asked) = body.get("feature") else {
        return Ok(());
    };
    let wants = |key: &str| asked[key] == true;
    let will_have = |key: &str| asked.get(key).unwrap_or(&before[key]) == &json!(true);

    for (key, code, name) in ADD_ONS {
        if wants(key) && !licensed {
            let message = format!("Only a licensed or on-premise user can have {name}.");
            return Err(refusal(400, code, &message));
        }
    }

    // Zoom Events bring webinars of their own.
    if wants("webinar") && will_have("zoom_events") {
        let message = "The user has Zoom Events; webinars cannot be added.";
        return Err(refusal(400, 1204, message));
    }

    if wants("zoom_events") && will_have("webinar") {
        let message = "The user has webinars; Zoom Events cannot be added.";
        return Err(refusal(400, 1205, message));
    }

    Ok(())
}

/// Moves what the security view calls by another name to where it is kept.
fn keep_once(body: &mut Map<String, Value>, before: &Value) {
    let Some(Value::Object(security)) = body.get_mut("meeting_security") else {
        return;
    };

    let mut kept = json!({});
    for (name, [block, key]) in TWO_VIEWS {
        if let Some(value) = security.remove(name) {
            kept[block][key] = value;
        }
    }

    match security.remove("pmi_password") {
        Some(Value::Bool(false)) => {
            kept["schedule_meeting"]["require_password_for_pmi_meetings"] = json!("none")
        }
        Some(_) if before["schedule_meeting"]["require_password_for_pmi_meetings"] == "none" => {
            kept["schedule_meeting"]["require_password_for_pmi_meetings"] = json!("all");
        }
        _ => {}
    }

    if let Value::Object(kept) = kept {
        body.extend(kept);
    }
}

/// Changes the authentication profile that a body names, in the list of those there are.
fn change_profile(body: &mut Map<String, Value>, before: &Value) -> Result<(), Refusal> {
    let Some(Value::Object(mut asked)) = body.remove("authentication_option") else {
        return Ok(());
    };

    let mut lists = before["authentication_options"].clone();
    let wanted = asked.remove("id").unwrap_or_default();
    let all = lists
        .as_object_mut()
        .into_iter()
        .flat_map(|map| map.values_mut());
    let mut all = all
        .filter_map(|list| list["authentication_options"].as_array_mut())
        .flatten();
    let Some(found) = all.rfind(|profile| profile["id"] == wanted) else {
        let message = "The authentication profile does not exist.";
        return Err(refusal(400, 300, message));
    };

    match asked.remove("action").as_ref().and_then(Value::as_str) {
        // A profile that is hidden stays there for the meetings that use it.
        Some("show") => found["visible"] = json!(true),
        Some("hide") => found["visible"] = json!(false),
        _ => merge(found, &Value::Object(asked)),
    }

    body.insert("authentication_options".to_owned(), lists);

    Ok(())
}

/// Puts a body's leaves into the kept changes, locked ones left out.
fn store_unlocked(into: &mut Value, body: &Map<String, Value>, prefix: &str) {
    for (key, value) in body {
        let path = format!("{prefix}{key}");
        if LOCKED.contains(&path.as_str()) {
            continue;
        }
        match value {
            Value::Object(inner) => {
                // An object is joined, so that its other fields keep what they were given before.
                if !into[key].is_object() {
                    into[key] = json!({});
                }
                store_unlocked(&mut into[key], inner, &format!("{path}."));
            }
            value => into[key] = value.clone(),
        }
    }
}

/// Returns settings with only the comma-separated `fields`, where such are asked for.
pub fn fields_of(settings: Value, fields: Option<&str>) -> Value {
    match fields {
        None => settings,
        Some(fields) => only(
            &settings,
            &fields.split(',').map(str::trim).collect::<Vec<_>>(),
        ),
    }
}

/// Returns the tree with only the leaves called `names`.
fn only(tree: &Value, names: &[&str]) -> Value {
    let Some(map) = tree.as_object() else {
        return json!({});
    };

    let mut kept = Map::new();
    for (key, value) in map {
        if names.contains(&key.as_str()) {
            kept.insert(key.clone(), value.clone());
        } else if value.is_object() {
            let inner = only(value, names);
            if inner.as_object().is_some_and(|inner| !inner.is_empty()) {
                kept.insert(key.clone(), inner);
            }
        }
    }

    Value::Object(kept)
}
