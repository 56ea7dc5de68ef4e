//! The updates over real sockets: what a broken connection, a late failure, a huge answer or a missing scope make of them.

use crate::harness::{Answer, Asked, Zoom, act};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

/// A Zoom that shows `before`, and after a PATCH answers it with `patch` and then shows `looks`, the last one for good.
fn zoom(
    before: Value,
    patch: impl Fn() -> Answer + Send + Sync + 'static,
    looks: impl Fn(usize) -> Answer + Send + Sync + 'static,
) -> Zoom {
    let patched = AtomicBool::new(false);
    let looked = AtomicUsize::new(0);
    Zoom::start(move |asked, _| {
        if asked.method == "PATCH" {
            patched.store(true, SeqCst);
            patch()
        } else if patched.load(SeqCst) {
            looks(looked.fetch_add(1, SeqCst))
        } else {
            Answer::json(200, &before)
        }
    })
}

fn ok(body: &Value) -> Answer {
    Answer::json(200, body)
}

/// A connection that breaks before the answer.
fn lost() -> Answer {
    Answer::none(204).cut(0)
}

fn patches(zoom: &Zoom) -> usize {
    let log = zoom.log();
    log.iter().filter(|line| line.starts_with("PATCH")).count()
}

#[test]
fn update_looks_what_became_of_a_change_whose_connection_broke() {
    let old = json!({"dept": "Sales", "location": "Berlin"});
    let rows = [
        (json!({"dept": "IT", "location": "Bonn"}), "applied"),
        (json!({"dept": "IT", "location": "Berlin"}), "partial"),
        (old.clone(), "none"),
    ];
    for (shown, change) in rows {
        let zoom = zoom(old.clone(), lost, move |_| ok(&shown));
        let ran = act(
            &zoom,
            "update_user",
            json!({"user_id": "a", "dept": "IT", "location": "Bonn"}),
        );
        assert_eq!(ran.code(), "unreachable");
        let envelope = ran.envelope();
        assert_eq!(envelope["error"]["change"], change, "{envelope}");
        assert!(envelope["data"]["changes"].is_array(), "{envelope}");
        assert_eq!(patches(&zoom), 1, "a change is never sent twice");
    }
}

#[test]
fn update_knows_nothing_of_a_lost_change_that_no_look_tells() {
    let params = json!({"user_id": "a", "dept": "IT"});
    // The look fails, or the field was as requested before.
    let fails = zoom(json!({"dept": "Sales"}), lost, |_| Answer::none(404));
    let same = zoom(json!({"dept": "IT"}), lost, |_| ok(&json!({"dept": "IT"})));
    for zoom in [fails, same] {
        let ran = act(&zoom, "update_user", params.clone());
        assert_eq!(ran.envelope()["error"]["change"], "unknown");
    }

    let zoom = zoom(json!({}), lost, |_| ok(&json!({"dept": "IT"})));
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "IT", "verify": false}),
    );
    assert_eq!(ran.envelope()["error"]["change"], "unknown");
    assert_eq!(zoom.log().len(), 2, "without `verify` nothing is read");
}

#[test]
fn update_says_what_the_last_look_showed_when_a_later_one_fails() {
    let zoom = zoom(
        json!({"dept": "Sales", "location": "Berlin"}),
        || Answer::none(204),
        |look| match look {
            0 => ok(&json!({"dept": "IT", "location": "Berlin"})),
            1 => ok(&json!({"dept": "Sales", "location": "Berlin"})),
            _ => Answer::json(400, &json!({"code": 300, "message": "No."})),
        },
    );
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "IT", "location": "Bonn"}),
    );
    let envelope = ran.envelope();
    assert_eq!(envelope["error"]["change"], "none", "{envelope}");
    assert_eq!(envelope["data"]["changes"][0]["after"], "Sales");
}

#[test]
fn update_warns_of_no_read_scope_when_the_change_was_refused() {
    let scope = |name: &str| {
        let message = format!("Invalid access token, does not contain scopes:[{name}].");
        Answer::json(400, &json!({"code": 4711, "message": message}))
    };
    let zoom = Zoom::start(move |asked: &Asked, _| match asked.method.as_str() {
        "PATCH" => scope("user:update:user:admin"),
        _ => scope("user:read:user:admin"),
    });
    let ran = act(&zoom, "update_user", json!({"user_id": "a", "dept": "IT"}));
    let envelope = ran.envelope();
    assert_eq!(ran.code(), "missing_scope");
    assert_eq!(
        envelope["error"]["scopes"],
        json!(["user:update:user:admin"])
    );
    assert_eq!(envelope["meta"]["warnings"], Value::Null, "{envelope}");
}

#[test]
fn update_reads_a_huge_answer_without_keeping_it() {
    // 12 MB of tiny values would be a gigabyte as a tree.
    let huge: Arc<str> = format!(
        r#"{{"custom":[{}[]],"dept":"IT","phone_numbers":[{}[]]}}"#,
        "[],".repeat(2_000_000),
        "[],".repeat(2_000_000)
    )
    .into();
    let zoom = zoom(
        json!({"dept": "Sales"}),
        || Answer::none(204),
        move |_| Answer::text(200, &huge).header("content-type", "application/json"),
    );
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "IT", "phone_numbers": []}),
    );
    let envelope = ran.envelope();
    assert_eq!(ran.code(), "success", "{envelope}");
    assert_eq!(envelope["data"]["changes"][0]["applied"], true);
    assert_eq!(
        envelope["data"]["changes"][1]["applied"],
        Value::Null,
        "a list that was not read is not taken for an empty one"
    );
}

#[test]
fn roll_back_runs_the_rollback_of_an_update_as_it_stands() {
    let state = std::sync::Mutex::new(
        json!({"topic": "Old", "agenda": "", "settings": {"waiting_room": false, "alternative_hosts": "a@example.com"}}),
    );
    let zoom = Zoom::start(move |asked: &Asked, _| {
        let mut state = state.lock().unwrap();
        if asked.method == "PATCH" {
            for (key, value) in asked.json().as_object().unwrap() {
                match value {
                    Value::Object(inner) => {
                        for (key, value) in inner {
                            state["settings"][key] = value.clone();
                        }
                    }
                    _ => state[key] = value.clone(),
                }
            }
            return Answer::none(204);
        }
        ok(&state)
    });
    let ran = act(
        &zoom,
        "update_meeting",
        json!({"meeting_id": 1, "topic": "New", "agenda": "Now", "waiting_room": true, "clear": ["alternative_hosts"]}),
    );
    let rollback = ran.envelope()["data"]["rollback"].clone();
    assert_eq!(
        rollback,
        json!({"action": "update_meeting", "parameters": {"meeting_id": 1, "topic": "Old", "waiting_room": false,
            "alternative_hosts": "a@example.com", "clear": ["agenda"]}})
    );

    // As an object, and as the text that a playbook hands over.
    for rollback in [rollback.clone(), Value::from(rollback.to_string())] {
        let ran = act(&zoom, "roll_back", json!({"rollback": rollback}));
        assert_eq!(ran.code(), "success", "{}", ran.envelope());
    }
    assert_eq!(
        zoom.asked()
            .last()
            .map(|asked| asked.method.clone())
            .as_deref(),
        Some("GET")
    );
    let sent = zoom.asked();
    let undo = sent
        .iter()
        .filter(|asked| asked.method == "PATCH")
        .nth(1)
        .unwrap();
    assert_eq!(
        undo.json(),
        json!({"topic": "Old", "agenda": "", "settings": {"waiting_room": false, "alternative_hosts": "a@example.com"}})
    );
}

#[test]
fn roll_back_sends_nothing_for_an_identity_and_runs_nothing_but_changes() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let nothing = json!({"action": "update_user", "parameters": {"user_id": "a", "login_type": 1}});
    let ran = act(&zoom, "roll_back", json!({"rollback": nothing}));
    assert_eq!(ran.code(), "success");
    for (rollback, field) in [
        (
            json!({"action": "roll_back", "parameters": {}}),
            "rollback.action",
        ),
        (
            json!({"action": "test", "parameters": {}}),
            "rollback.action",
        ),
        (
            json!({"action": "list_users", "parameters": {}}),
            "rollback.action",
        ),
        (json!({"action": "update_user"}), "rollback.parameters"),
        (json!({"user_id": "a", "dept": "x"}), "rollback"),
        (
            json!({"action": "update_user", "parameters": {"user_id": "a", "dept": 5.5, "no": 1}}),
            "rollback.parameters.no",
        ),
    ] {
        let ran = act(&zoom, "roll_back", json!({"rollback": rollback}));
        assert_eq!(ran.code(), "invalid_parameters", "{rollback}");
        assert_eq!(ran.envelope()["error"]["field"], field, "{rollback}");
    }
    assert_eq!(zoom.log(), [""; 0]);
}
