//! Delegates, apps, the account's settings, and meetings that are created or recovered.

use crate::sandbox::client::zoom;
use serde_json::json;

#[test]
fn delegate_who_is_removed_is_gone_for_that_right_only() {
    let zoom = zoom(|_| {});
    let emails = |right: &str| -> Vec<String> {
        let list = zoom.get(&format!("/users/user4%40example.com/{right}"));
        let rows = list[right].as_array().unwrap();
        rows.iter()
            .map(|one| one["email"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        emails("assistants"),
        ["user5@example.com", "user6@example.com"]
    );
    assert_eq!(emails("schedulers"), ["user5@example.com"]);

    let assistant = "/users/user4%40example.com/assistants/user5%40example.com";
    assert_eq!(zoom.code("DELETE", assistant), (204, 0));
    assert_eq!(emails("assistants"), ["user6@example.com"]);
    assert_eq!(emails("schedulers"), ["user5@example.com"]);
    let unknown = "/users/user4%40example.com/schedulers/nobody%40example.com";
    assert_eq!(zoom.code("DELETE", unknown), (404, 1001));
}

#[test]
fn apps_are_listed_by_kind_and_switched_for_a_user() {
    let zoom = zoom(|_| {});
    let count = |query: &str| {
        zoom.get(&format!("/marketplace/apps{query}"))["apps"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(""), 0, "requests, where no list is named");
    assert_eq!(count("?type=account_added"), 3);
    assert_eq!(count("?type=account_created"), 1);

    let switch = |user: &str, app: &str, action: &str| {
        let target = format!("/marketplace/users/{user}/apps/{app}/subscription");
        zoom.patch(&target, json!({"action": action}))
    };
    let app = "wdKzuB2cT0ucZrWQbPvMtw";
    assert_eq!(switch("user4%40example.com", app, "disable"), (204, 0));
    assert_eq!(switch("user4%40example.com", app, "enable"), (204, 0));
    assert_eq!(switch("user4%40example.com", app, "remove"), (400, 300));
    assert_eq!(
        switch("user4%40example.com", "none", "disable"),
        (404, 1401)
    );
    assert_eq!(switch("nobody%40example.com", app, "disable"), (404, 1001));
}

#[test]
fn account_settings_have_a_form_for_each_option() {
    let zoom = zoom(|_| {});
    let settings = |query: &str| zoom.get(&format!("/accounts/me/settings{query}"));
    let chat = &settings("")["chat"]["send_data_to_third_party_archiving_service"];
    assert!(chat["passcode"].is_string() && chat["authorized_channel_token"].is_string());
    let bypass = &settings("?option=security")["security"]["signin_with_sso"]["sso_bypass_users"];
    assert_eq!(bypass[0]["email"], "user4@example.com");
    let security = settings("?option=meeting_security")["meeting_security"].clone();
    assert_eq!(
        (&security["waiting_room"], &security["encryption_type"]),
        (&json!(true), &json!("enhanced_encryption"))
    );
    for form in ["meeting_authentication", "recording_authentication"] {
        let settings = settings(&format!("?option={form}"));
        assert_eq!(settings[form], false);
        assert!(
            settings["authentication_options"][0]["id"].is_string(),
            "{settings}"
        );
    }
    assert_eq!(
        settings("?custom_query_fields=file_transfer"),
        json!({"in_meeting": {"file_transfer": true}})
    );
}

#[test]
fn meeting_is_created_deleted_and_recovered() {
    let zoom = zoom(|_| {});
    let user = "/users/user2%40example.com/meetings";
    let body = json!({"topic": "Bridge", "start_time": "2031-01-01T12:00:00Z", "password": "abc123",
        "settings": {"waiting_room": false}});
    let created = zoom.ask("POST", user, Some(&body));
    assert_eq!(created.status, 201);
    let created = created.json();
    assert_eq!(
        (&created["topic"], &created["host_email"]),
        (&json!("Bridge"), &json!("user2@example.com"))
    );
    assert_eq!(
        (&created["type"], &created["settings"]["waiting_room"]),
        (&json!(2), &json!(false))
    );
    assert!(
        created["start_url"].is_string() && created["join_url"].as_str().unwrap().contains("pwd=")
    );

    let number = created["id"].as_u64().unwrap();
    let meeting = format!("/meetings/{number}");
    assert!(zoom.meetings(user).contains(&number));
    assert_eq!(zoom.code("DELETE", &meeting), (204, 0));
    assert_eq!(zoom.code("GET", &meeting), (404, 3001));
    let recover = |target: &str| {
        zoom.ask(
            "PUT",
            &format!("{target}/status"),
            Some(&json!({"action": "recover"})),
        )
        .code()
    };
    assert_eq!(recover(&meeting), (204, 0));
    assert_eq!(zoom.get(&meeting)["topic"], "Bridge");
    assert_eq!(recover("/meetings/12345678901"), (404, 3001));
}

#[test]
fn meeting_that_does_not_fit_is_not_created() {
    let zoom = zoom(|_| {});
    let create = |user: &str, body: serde_json::Value| {
        zoom.ask("POST", &format!("/users/{user}/meetings"), Some(&body))
            .code()
    };
    let jane = "jane%40example.com";
    for (user, body, code) in [
        (
            jane,
            json!({"type": 1, "schedule_for": "user2@example.com"}),
            (400, 3000),
        ),
        (
            jane,
            json!({"schedule_for": "nobody@example.com"}),
            (400, 300),
        ),
        (
            jane,
            json!({"type": 8, "pre_schedule": true, "recurrence": {"type": 1}}),
            (400, 3000),
        ),
        (
            jane,
            json!({"settings": {"enforce_login_domains": "a.example,b.example"}}),
            (400, 300),
        ),
        (jane, json!({"duration": 0}), (400, 300)),
        (jane, json!({"duration": 1441}), (400, 300)),
        (jane, json!({"start_time": "soon"}), (400, 300)),
        (
            jane,
            json!({"recurrence": {"repeat_interval": 1}}),
            (400, 300),
        ),
        ("nobody%40example.com", json!({}), (404, 1001)),
        ("pending1%40example.com", json!({}), (400, 1120)),
    ] {
        assert_eq!(create(user, body.clone()), code, "{user} {body}");
    }
    let weak = json!({"password": "", "settings": {"waiting_room": false}});
    let created = zoom
        .ask("POST", "/users/jane%40example.com/meetings", Some(&weak))
        .json();
    assert_eq!(
        created["settings"]["waiting_room"], true,
        "the security floor"
    );
}
