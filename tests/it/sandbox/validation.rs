//! Requests that do not fit their endpoint are refused: fields, types, choices, sizes, queries, paths.

use crate::sandbox::client::{send, zoom};
use serde_json::{Value, json};

#[test]
fn a_body_that_does_not_fit_is_300_with_the_field() {
    let zoom = zoom(|_| {});
    let (user, settings, meeting) = (
        "/users/jane%40example.com",
        "/users/jane%40example.com/settings",
        "/meetings/85746065432",
    );
    let table = [
        (user, json!({"department": "x"}), "department"),
        (user, json!({"dept": 1}), "dept"),
        (user, json!({"dept": null}), "dept"),
        (user, json!({"type": 3}), "type"),
        (user, json!({"type": "2"}), "type"),
        (user, json!({"use_pmi": "true"}), "use_pmi"),
        (user, json!({"first_name": "x".repeat(65)}), "first_name"),
        (user, json!({"pmi": 10_000_000_000_u64}), "pmi"),
        (user, json!({"pmi": 1234567890.5}), "pmi"),
        (
            user,
            json!({"phone_numbers": [{}, {}, {}, {}]}),
            "phone_numbers",
        ),
        (user, json!({"phone_numbers": {}}), "phone_numbers"),
        (
            user,
            json!({"phone_numbers": [{"label": "Work"}]}),
            "phone_numbers[].label",
        ),
        (
            user,
            json!({"phone_numbers": [{"kind": "Work"}]}),
            "phone_numbers[].kind",
        ),
        (
            settings,
            json!({"in_meeting": {"chats": true}}),
            "in_meeting.chats",
        ),
        (
            settings,
            json!({"in_meeting": {"chat": 1}}),
            "in_meeting.chat",
        ),
        (settings, json!({"in_meeting": []}), "in_meeting"),
        (settings, json!({"chat": true}), "chat"),
        (
            settings,
            json!({"in_meeting": {"data_center_regions": ["DE", "XX"]}}),
            "in_meeting.data_center_regions",
        ),
        (
            settings,
            json!({"recording": {"recording_password_requirement": {"length": 11}}}),
            "recording.recording_password_requirement.length",
        ),
        (meeting, json!({"waiting_room": true}), "waiting_room"),
        (
            meeting,
            json!({"settings": {"auto_recording": "disk"}}),
            "settings.auto_recording",
        ),
        (meeting, json!({"topic": "x".repeat(201)}), "topic"),
        (
            meeting,
            json!({"recurrence": {"type": 2, "weekly_days": "1,8"}}),
            "recurrence.weekly_days",
        ),
        (
            meeting,
            json!({"settings": {"breakout_room": {"rooms": [{"name": 1}]}}}),
            "settings.breakout_room.rooms[].name",
        ),
    ];
    for (target, body, field) in table {
        let answer = zoom.ask("PATCH", target, Some(&body));
        assert_eq!(answer.code(), (400, 300), "{target} {body}");
        let told = answer.json();
        assert_eq!(
            (&told["message"], &told["errors"][0]["field"]),
            (&json!("Validation Failed."), &json!(field)),
            "{body}"
        );
        assert_eq!(zoom.sandbox.requests().last().unwrap().code, Some(300));
    }
    // At the bounds all is well.
    zoom.change(user, json!({"first_name": "é".repeat(64), "pmi": 9_999_999_999_u64, "phone_numbers": [{}, {}, {}]}));
    zoom.change(
        meeting,
        json!({"topic": "x".repeat(200), "recurrence": {"type": 2, "weekly_days": "1,7"}}),
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let zoom = zoom(|_| {});
    let answer = zoom.ask(
        "PATCH",
        "/users/jane%40example.com",
        Some(&json!({"a": 1, "type": 9, "dept": "x"})),
    );
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 2);
    assert_ne!(zoom.get("/users/jane%40example.com")["dept"], "x");
}

#[test]
fn a_query_that_does_not_fit_is_300_with_the_parameter() {
    let zoom = zoom(|_| {});
    for (target, field) in [
        ("/users?limit=5", "limit"),
        ("/users?status=deleted", "status"),
        ("/users?page_size=many", "page_size"),
        ("/users?page_size=2001", "page_size"),
        ("/users?status=active&status=active", "status"),
        ("/users/jane%40example.com?login_type=2", "login_type"),
        (
            "/users/jane%40example.com?encrypted_email=1",
            "encrypted_email",
        ),
        ("/users/jane%40example.com/meetings?type=instant", "type"),
        ("/meetings/85746065432/invitation?x=1", "x"),
    ] {
        let answer = zoom.ask("GET", target, None);
        assert_eq!(
            (answer.code(), &answer.json()["errors"][0]["field"]),
            ((400, 300), &json!(field)),
            "{target}"
        );
    }
}

#[test]
fn a_body_must_be_a_json_object_and_say_so() {
    let zoom = zoom(|_| {});
    let send = |kind: &str, body: &str| {
        let headers = [
            ("authorization", format!("Bearer {}", zoom.token)),
            ("content-type", kind.to_owned()),
        ];
        send(
            &zoom.sandbox,
            "PATCH",
            "/v2/meetings/85746065432",
            &headers,
            body,
        )
        .code()
    };
    for body in ["", "[]", "1", "{", "{\"topic\": \"x\"} x"] {
        assert_eq!(send("application/json", body), (400, 300), "{body}");
    }
    assert_eq!(send("text/plain", "{}"), (415, 300));
    assert_eq!(send("application/json; charset=utf-8", "{}"), (204, 0));
}

#[test]
fn only_zooms_endpoints_are_there() {
    let zoom = zoom(|_| {});
    for (method, target) in [
        ("GET", "/user"),
        ("POST", "/users"),
        ("GET", "/users/"),
        ("GET", "/users/jane%40example.com/"),
        ("GET", "/users/a/b/settings"),
        ("GET", "/meetings/85746065432/status"),
    ] {
        let body = (method == "POST").then_some(Value::Null);
        let code = zoom.ask(method, target, body.as_ref()).code();
        assert!(
            matches!(code, (404, 2300 | 1001)),
            "{method} {target}: {code:?}"
        );
    }
    // An id is one segment, whatever is in it.
    assert_eq!(
        zoom.code("GET", "/users/jane%40example.com%2Fsettings"),
        (404, 1001)
    );
    assert_eq!(
        send(
            &zoom.sandbox,
            "GET",
            "/users",
            &[("authorization", format!("Bearer {}", zoom.token))],
            ""
        )
        .code(),
        (404, 2300)
    );
}
