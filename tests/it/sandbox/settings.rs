//! Settings: views, locks, the security floor.

use crate::sandbox::client::{Zoom, zoom};
use serde_json::{Value, json};

const SETTINGS: &str = "/users/jane%40example.com/settings";

fn there() -> Zoom {
    zoom(|_| {})
}

fn view(zoom: &Zoom, option: &str) -> Value {
    zoom.get(&format!("{SETTINGS}?option={option}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_locked_setting_is_answered_204_and_not_changed() {
    let zoom = there();
    let at = |path: &str| zoom.get(SETTINGS).pointer(path).cloned().unwrap();
    for (block, key) in [
        ("recording", "local_recording"),
        ("in_meeting", "allow_live_streaming"),
        ("in_meeting", "file_transfer"),
    ] {
        let path = format!("/{block}/{key}");
        let before = at(&path);
        zoom.change(SETTINGS, json!({block: {key: !before.as_bool().unwrap()}}));
        assert_eq!(at(&path), before, "{path}");
    }
    zoom.change(
        SETTINGS,
        json!({"in_meeting": {"file_transfer": false, "chat": false}}),
    );
    assert_eq!(
        (at("/in_meeting/file_transfer"), at("/in_meeting/chat")),
        (json!(true), json!(false))
    );
}

#[test]
fn each_option_is_a_view_and_a_form_of_its_own() {
    let zoom = there();
    let all = zoom.get(SETTINGS);
    for block in [
        "schedule_meeting",
        "in_meeting",
        "recording",
        "feature",
        "email_notification",
        "telephony",
        "tsp",
        "profile",
    ] {
        assert!(all[block].is_object(), "{block}");
    }
    assert!(all.get("meeting_security").is_none());
    assert_eq!(keys(&view(&zoom, "meeting_security")), ["meeting_security"]);
    for option in ["meeting_authentication", "recording_authentication"] {
        assert_eq!(
            keys(&view(&zoom, option)),
            [
                option,
                "allow_authentication_exception",
                "authentication_options"
            ]
        );
        zoom.change(
            &format!("{SETTINGS}?option={option}"),
            json!({option: true}),
        );
        assert_eq!(view(&zoom, option)[option], true);
    }
    // A field of one form is refused in another.
    for (target, body) in [
        (
            SETTINGS.to_owned(),
            json!({"meeting_security": {"auto_security": false}}),
        ),
        (SETTINGS.to_owned(), json!({"meeting_authentication": true})),
        (
            format!("{SETTINGS}?option=meeting_security"),
            json!({"in_meeting": {"chat": false}}),
        ),
        (
            format!("{SETTINGS}?option=meeting_authentication"),
            json!({"recording_authentication": true}),
        ),
        (format!("{SETTINGS}?option=other"), json!({})),
    ] {
        assert_eq!(
            zoom.patch(&target, body.clone()),
            (400, 300),
            "{target} {body}"
        );
    }
}

#[test]
fn an_authentication_profile_is_changed_by_its_id() {
    let zoom = there();
    let option = format!("{SETTINGS}?option=meeting_authentication");
    let profile = || {
        let all = view(&zoom, "meeting_authentication");
        all["authentication_options"][0].clone()
    };
    let id = profile()["id"].clone();
    zoom.change(
        &option,
        json!({"authentication_option": {"id": id, "action": "update", "name": "Staff"}}),
    );
    assert_eq!(
        (&profile()["name"], &profile()["type"]),
        (&json!("Staff"), &json!("enforce_login"))
    );
    zoom.change(
        &option,
        json!({"authentication_option": {"id": id, "action": "hide"}}),
    );
    assert_eq!(profile()["visible"], false);
    let unknown = json!({"authentication_option": {"id": "x", "action": "show"}});
    assert_eq!(zoom.patch(&option, unknown), (400, 300));
}

#[test]
fn one_setting_is_the_same_in_both_views() {
    let zoom = there();
    let security = format!("{SETTINGS}?option=meeting_security");
    for (name, block, key) in [
        ("waiting_room", "in_meeting", "waiting_room"),
        (
            "embed_password_in_join_link",
            "schedule_meeting",
            "embed_password_in_join_link",
        ),
        (
            "meeting_password",
            "schedule_meeting",
            "require_password_for_scheduling_new_meetings",
        ),
        (
            "require_password_for_scheduled_meeting",
            "schedule_meeting",
            "require_password_for_scheduled_meetings",
        ),
        (
            "phone_password",
            "schedule_meeting",
            "pstn_password_protected",
        ),
    ] {
        let seen = || {
            (
                view(&zoom, "meeting_security")["meeting_security"][name].clone(),
                zoom.get(SETTINGS)[block][key].clone(),
            )
        };
        assert_eq!(seen(), (json!(true), json!(true)), "{name}");
        zoom.change(&security, json!({"meeting_security": {name: false}}));
        assert_eq!(seen(), (json!(false), json!(false)), "{name}");
        zoom.change(SETTINGS, json!({block: {key: true}}));
        assert_eq!(seen(), (json!(true), json!(true)), "{name}");
    }
    zoom.change(
        &security,
        json!({"meeting_security": {"meeting_password_requirement": {"length": 9}}}),
    );
    let requirement =
        zoom.get(SETTINGS)["schedule_meeting"]["meeting_password_requirement"].clone();
    assert_eq!(
        (&requirement["length"], &requirement["have_letter"]),
        (&json!(9), &json!(true))
    );
    assert_eq!(
        view(&zoom, "meeting_security")["meeting_security"]["meeting_password_requirement"],
        requirement
    );
}

#[test]
fn the_personal_meetings_passcode_is_all_or_none_in_the_security_view() {
    let zoom = there();
    let security = format!("{SETTINGS}?option=meeting_security");
    let seen = || {
        let all =
            zoom.get(SETTINGS)["schedule_meeting"]["require_password_for_pmi_meetings"].clone();
        (
            view(&zoom, "meeting_security")["meeting_security"]["pmi_password"].clone(),
            all,
        )
    };
    assert_eq!(seen(), (json!(true), json!("all")));
    zoom.change(
        SETTINGS,
        json!({"schedule_meeting": {"require_password_for_pmi_meetings": "jbh_only"}}),
    );
    zoom.change(
        &security,
        json!({"meeting_security": {"pmi_password": true}}),
    );
    assert_eq!(seen(), (json!(true), json!("jbh_only")));
    zoom.change(
        &security,
        json!({"meeting_security": {"pmi_password": false}}),
    );
    assert_eq!(seen(), (json!(false), json!("none")));
    zoom.change(
        &security,
        json!({"meeting_security": {"pmi_password": true}}),
    );
    assert_eq!(seen(), (json!(true), json!("all")));
}

#[test]
fn the_security_floor_turns_the_waiting_room_on_again() {
    let off = json!({
        "in_meeting": {"waiting_room": false},
        "schedule_meeting": {"require_password_for_scheduling_new_meetings": false},
    });
    let zoom = there();
    zoom.change(SETTINGS, off);
    assert_eq!(zoom.get(SETTINGS)["in_meeting"]["waiting_room"], true);
    // From the other view.
    let zoom = there();
    let body = json!({"meeting_security": {"waiting_room": false, "meeting_password": false}});
    zoom.change(&format!("{SETTINGS}?option=meeting_security"), body);
    assert_eq!(
        view(&zoom, "meeting_security")["meeting_security"]["waiting_room"],
        true
    );
    // With authentication both may be off.
    zoom.change(
        &format!("{SETTINGS}?option=meeting_authentication"),
        json!({"meeting_authentication": true}),
    );
    zoom.change(SETTINGS, json!({"in_meeting": {"waiting_room": false}}));
    assert_eq!(zoom.get(SETTINGS)["in_meeting"]["waiting_room"], false);
}

#[test]
fn only_the_fields_asked_for_come_back_in_their_blocks() {
    let zoom = there();
    let settings = zoom.get(&format!(
        "{SETTINGS}?custom_query_fields=chat,%20local_recording,nonsense"
    ));
    assert_eq!(
        settings,
        json!({"in_meeting": {"chat": true}, "recording": {"local_recording": true}})
    );
}

#[test]
fn add_ons_need_a_paid_seat_and_exclude_each_other() {
    let zoom = there();
    let feature = |user: &str, body: Value| {
        zoom.patch(
            &format!("/users/{user}%40example.com/settings"),
            json!({"feature": body}),
        )
    };
    assert_eq!(
        feature("basic", json!({"large_meeting": true})),
        (400, 1108)
    );
    assert_eq!(feature("basic", json!({"webinar": true})), (400, 1122));
    assert_eq!(feature("basic", json!({"zoom_events": true})), (400, 1206));
    assert_eq!(feature("basic", json!({"webinar": false})), (204, 0));
    assert_eq!(feature("jane", json!({"webinar": true})), (204, 0));
    assert_eq!(feature("jane", json!({"zoom_events": true})), (400, 1205));
    assert_eq!(
        feature("jane", json!({"webinar": false, "zoom_events": true})),
        (204, 0)
    );
    assert_eq!(feature("jane", json!({"webinar": true})), (400, 1204));
}

#[test]
fn one_users_settings_are_nobody_elses() {
    let zoom = there();
    zoom.change(SETTINGS, json!({"in_meeting": {"chat": false}}));
    assert_eq!(
        zoom.get("/users/basic%40example.com/settings")["in_meeting"]["chat"],
        true
    );
}

#[test]
fn settings_of_2026_are_taken_and_given_back() {
    let zoom = there();
    let license = json!([{"license_type": "ZOOM_SCHEDULER", "license_option": 1}]);
    let body = json!({
        "feature": {"large_meeting": true, "large_meeting_capacity": 3000, "license_info_list": license},
        "recording": {"recording_notification_for_zoom_client": {"play_voice_prompt": "No one"}},
        "audio_conferencing": {"participant_phone_masking": {"enable": true, "masking_type": "mask_first_5"}},
        "tsp": {"global_dial_in_countries": {"selected_countries": [{"code": "DE", "name": "Germany"}]}},
    });
    zoom.change(SETTINGS, body.clone());

    let after = zoom.get(SETTINGS);
    assert_eq!(after["feature"]["large_meeting_capacity"], 3000);
    assert_eq!(after["feature"]["license_info_list"], license);
    assert_eq!(
        after["recording"]["recording_notification_for_zoom_client"],
        json!({"disclaimer_to_participants": "All participants", "play_voice_prompt": "No one", "ask_host_to_confirm": false})
    );
    assert_eq!(
        after["audio_conferencing"]["participant_phone_masking"],
        body["audio_conferencing"]["participant_phone_masking"]
    );
    assert_eq!(
        after["tsp"]["global_dial_in_countries"]["selected_countries"][0]["code"],
        "DE"
    );
    for wrong in [
        json!({"feature": {"large_meeting_capacity": 2000}}),
        json!({"audio_conferencing": {"participant_phone_masking": {"masking_type": "all"}}}),
    ] {
        assert_eq!(zoom.patch(SETTINGS, wrong.clone()), (400, 300), "{wrong}");
    }
}

#[test]
fn settings_hold_hundreds_of_documented_fields() {
    fn leaves(value: &Value) -> usize {
        match value {
            Value::Object(map) if !map.is_empty() => map.values().map(leaves).sum(),
            _ => 1,
        }
    }
    let settings = there().get(SETTINGS);
    assert!(leaves(&settings) > 240, "{}", leaves(&settings));
    assert!(settings["in_meeting"].get("auto_answer").is_none());
}

#[test]
fn settings_of_the_user_who_was_taken_over_are_weak() {
    let zoom = there();
    let victim = zoom.get("/users/user4%40example.com/settings");
    assert_eq!(victim["in_meeting"]["waiting_room"], false);
    assert_eq!(victim["schedule_meeting"]["join_before_host"], true);
    assert_eq!(zoom.get(SETTINGS)["in_meeting"]["waiting_room"], true);
}
