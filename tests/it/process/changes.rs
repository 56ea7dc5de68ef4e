//! The Containment actions: what is sent, what is read back, and what the envelope says became of it.

use crate::harness::{Answer, Zoom, act};
use serde_json::{Value, json};

fn no_scope() -> Answer {
    Answer::json(
        400,
        &json!({"code": 4711, "message": "Invalid access token, does not contain scopes:[meeting:read:meeting:admin]."}),
    )
}

fn zoom_error(status: u16, code: i64, message: &str) -> Answer {
    Answer::json(status, &json!({"code": code, "message": message}))
}

/// A user whose PATCH takes, or does not.
fn user(takes: bool) -> Zoom {
    let patched = std::sync::atomic::AtomicBool::new(false);
    Zoom::start(move |asked, _| match asked.method.as_str() {
        "PATCH" => {
            patched.store(true, std::sync::atomic::Ordering::SeqCst);
            Answer::none(204)
        }
        _ => {
            let new = takes && patched.load(std::sync::atomic::Ordering::SeqCst);
            let dept = if new { "Security" } else { "Sales" };
            Answer::json(
                200,
                &json!({"id": "a", "dept": dept, "type": if new { 1 } else { 2 }, "pmi": 5_551_112_222_u64}),
            )
        }
    })
}

#[test]
fn update_reads_before_and_after_and_says_how_to_undo_it() {
    let zoom = user(true);
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "Security", "type": "1", "company": "X"}),
    );
    assert_eq!(ran.code(), "success");
    let data = ran.envelope()["data"].clone();
    assert_eq!(data["user_id"], "a");
    let change = |field: &str| {
        data["changes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|change| change["field"] == field)
            .unwrap()
            .clone()
    };
    assert_eq!(
        change("dept"),
        json!({"field": "dept", "before": "Sales", "requested": "Security", "after": "Security", "applied": true})
    );
    assert_eq!(
        change("type"),
        json!({"field": "type", "before": 2, "requested": 1, "after": 1, "applied": true})
    );
    assert_eq!(
        change("company"),
        json!({"field": "company", "before": null, "requested": "X", "after": null, "applied": null})
    );
    assert_eq!(data["not_applied"], json!([]));
    assert_eq!(
        data["rollback"]["parameters"],
        json!({"user_id": "a", "dept": "Sales", "type": 2})
    );
    assert_eq!(
        zoom.log(),
        [
            "POST /oauth/token",
            "GET /v2/users/a",
            "PATCH /v2/users/a",
            "GET /v2/users/a"
        ]
    );
    let body: Value = zoom.asked()[2].json();
    assert_eq!(
        body,
        json!({"dept": "Security", "type": 1, "company": "X"}),
        "only what was given"
    );
    let warnings = ran.envelope()["meta"]["warnings"].to_string();
    assert!(warnings.contains("company"), "{warnings}");
}

#[test]
fn update_that_did_not_take_is_not_a_success() {
    let zoom = user(false);
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "Security", "pmi": "5551112222"}),
    );
    assert_eq!(ran.code(), "not_applied");
    let envelope = ran.envelope();
    assert_eq!(envelope["error"]["change"], "none", "pmi was so before");
    assert_eq!(envelope["data"]["not_applied"], json!(["dept"]));
    assert_eq!(envelope["data"]["changes"][0]["applied"], false);
    assert!(
        ran.took >= std::time::Duration::from_secs(3),
        "Zoom is given time to settle"
    );
    let patches = zoom
        .log()
        .iter()
        .filter(|line| line.starts_with("PATCH"))
        .count();
    assert_eq!(patches, 1);
}

#[test]
fn false_is_sent_when_given_and_never_otherwise() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "use_pmi": "no", "dept": "", "company": null, "verify": false}),
    );
    assert_eq!(zoom.asked()[1].json(), json!({"use_pmi": false}));
}

#[test]
fn update_with_nothing_to_change_is_refused() {
    for (action, parameters) in [
        ("update_user", json!({"user_id": "a"})),
        (
            "update_user",
            json!({"user_id": "a", "dept": " ", "verify": false}),
        ),
        ("update_meeting", json!({"meeting_id": 1, "settings": {}})),
        (
            "update_user_settings",
            json!({"user_id": "a", "settings": {"in_meeting": {}}}),
        ),
    ] {
        let zoom = Zoom::start(|_, _| Answer::none(204));
        let ran = act(&zoom, action, parameters);
        assert_eq!(ran.code(), "invalid_parameters");
        assert_eq!(ran.envelope()["error"]["change"], "none");
        assert_eq!(zoom.log(), [""; 0]);
    }
}

#[test]
fn update_merges_names_and_settings_and_refuses_a_field_given_twice() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let parameters = json!({"meeting_id": "123-456-789", "topic": "T", "waiting_room": true, "verify": false,
        "settings": {"host_video": false, "language_interpretation": {"enable": true}, "something_new": {"a": [1]}}});
    act(&zoom, "update_meeting", parameters);
    assert_eq!(zoom.log()[1], "PATCH /v2/meetings/123456789");
    assert_eq!(
        zoom.asked()[1].json(),
        json!({"topic": "T", "settings": {"waiting_room": true, "host_video": false, "language_interpretation": {"enable": true}, "something_new": {"a": [1]}}})
    );
    let twice = json!({"meeting_id": 1, "waiting_room": true, "settings": {"waiting_room": false}});
    let ran = act(&zoom, "update_meeting", twice);
    assert_eq!(ran.code(), "invalid_parameters");
    assert_eq!(ran.envelope()["error"]["field"], "settings.waiting_room");
    let wrong = json!({"meeting_id": 1, "settings": {"waiting_room": "yes"}});
    let ran = act(&zoom, "update_meeting", wrong);
    assert_eq!(
        ran.code(),
        "invalid_parameters",
        "nothing is converted inside `settings`"
    );
    assert_eq!(ran.envelope()["error"]["field"], "settings.waiting_room");
}

#[test]
fn update_puts_a_setting_into_its_block() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let parameters = json!({"user_id": "a", "waiting_room": 1, "join_before_host": "off", "cloud_recording": false, "verify": "no",
        "settings": "{\"in_meeting\":{\"polling\":true},\"telephony\":{\"third_party_audio\":false}}"});
    act(&zoom, "update_user_settings", parameters);
    assert_eq!(zoom.asked()[1].target, "/v2/users/a/settings");
    assert_eq!(
        zoom.asked()[1].json(),
        json!({"in_meeting": {"waiting_room": true, "polling": true}, "schedule_meeting": {"join_before_host": false},
        "recording": {"cloud_recording": false}, "telephony": {"third_party_audio": false}})
    );
    let ran = act(
        &zoom,
        "update_user_settings",
        json!({"user_id": "a", "waiting_room": true, "settings": {"in_meeting": {"waiting_room": true}}}),
    );
    assert_eq!(
        ran.envelope()["error"]["field"],
        "settings.in_meeting.waiting_room"
    );
}

#[test]
fn update_with_option_takes_only_fields_of_that_form() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let ran = act(
        &zoom,
        "update_user_settings",
        json!({"user_id": "a", "option": "meeting_security", "waiting_room": true, "settings": {"meeting_security": {"auto_security": true}}, "verify": false}),
    );
    assert_eq!(ran.code(), "success");
    assert_eq!(
        zoom.asked()[1].target,
        "/v2/users/a/settings?option=meeting_security"
    );
    assert_eq!(
        zoom.asked()[1].json(),
        json!({"meeting_security": {"waiting_room": true, "auto_security": true}})
    );
    let ran = act(
        &zoom,
        "update_user_settings",
        json!({"user_id": "a", "option": "meeting_authentication", "meeting_authentication": true, "verify": false}),
    );
    assert_eq!(ran.code(), "success");
    assert_eq!(
        zoom.asked().last().unwrap().json(),
        json!({"meeting_authentication": true})
    );
    for (parameters, field) in [
        (
            json!({"user_id": "a", "option": "meeting_security", "cloud_recording": true}),
            "cloud_recording",
        ),
        (
            json!({"user_id": "a", "meeting_authentication": true}),
            "meeting_authentication",
        ),
        (
            json!({"user_id": "a", "option": "recording_authentication", "meeting_authentication": true}),
            "meeting_authentication",
        ),
    ] {
        let ran = act(&zoom, "update_user_settings", parameters);
        assert_eq!(ran.code(), "invalid_parameters");
        assert_eq!(ran.envelope()["error"]["field"], field);
    }
}

#[test]
fn update_without_the_read_scope_stands_with_a_warning() {
    let zoom = Zoom::start(|asked, _| {
        if asked.method == "PATCH" {
            Answer::none(204)
        } else {
            no_scope()
        }
    });
    let ran = act(
        &zoom,
        "update_meeting",
        json!({"meeting_id": 1, "topic": "T"}),
    );
    assert_eq!(ran.code(), "success");
    let envelope = ran.envelope();
    assert_eq!(envelope["data"]["changes"][0]["applied"], json!(null));
    assert!(
        envelope["meta"]["warnings"][0]
            .as_str()
            .unwrap()
            .contains("meeting:read:meeting:admin"),
        "{envelope}"
    );
}

#[test]
fn failed_readback_says_that_the_change_was_applied() {
    let patched = std::sync::atomic::AtomicBool::new(false);
    let zoom = Zoom::start(move |asked, _| {
        if asked.method == "PATCH" {
            patched.store(true, std::sync::atomic::Ordering::SeqCst);
            return Answer::none(204);
        }
        if patched.load(std::sync::atomic::Ordering::SeqCst) {
            Answer::none(501)
        } else {
            Answer::json(200, &json!({"topic": "old"}))
        }
    });
    let ran = act(
        &zoom,
        "update_meeting",
        json!({"meeting_id": 1, "topic": "T"}),
    );
    assert_eq!(ran.code(), "zoom_unavailable");
    let envelope = ran.envelope();
    assert_eq!(envelope["error"]["change"], "applied");
    assert_eq!(envelope["data"]["changes"][0]["applied"], json!(null));
}

#[test]
fn refused_change_changed_nothing() {
    let zoom = Zoom::start(|asked, _| {
        if asked.method == "PATCH" {
            zoom_error(400, 300, "Validation Failed.")
        } else {
            Answer::json(200, &json!({"dept": "x"}))
        }
    });
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "Security"}),
    );
    assert_eq!(ran.code(), "rejected");
    assert_eq!(ran.envelope()["error"]["change"], "none");
    let zoom = Zoom::start(|_, _| zoom_error(404, 1001, "User does not exist."));
    let ran = act(
        &zoom,
        "update_user",
        json!({"user_id": "a", "dept": "Security"}),
    );
    assert_eq!(ran.code(), "not_found");
    assert_eq!(zoom.log(), ["POST /oauth/token", "GET /v2/users/a"]);
}

#[test]
fn passcode_is_compared_but_not_shown() {
    let patched = std::sync::atomic::AtomicBool::new(false);
    let script = move |asked: &crate::harness::Asked, _| {
        if asked.method == "PATCH" {
            patched.store(true, std::sync::atomic::Ordering::SeqCst);
            return Answer::none(204);
        }
        let new = patched.load(std::sync::atomic::Ordering::SeqCst);
        Answer::json(
            200,
            &json!({"password": if new { "n3w-pass" } else { "0ld-pass" }, "topic": if new { "T" } else { "old" }}),
        )
    };
    let zoom = Zoom::start(script);
    let ran = act(
        &zoom,
        "update_meeting",
        json!({"meeting_id": 1, "password": "n3w-pass", "topic": "T"}),
    );
    assert_eq!(ran.code(), "success");
    assert!(
        !ran.stdout.contains("n3w-pass") && !ran.stdout.contains("0ld-pass"),
        "{}",
        ran.stdout
    );
    let envelope = ran.envelope();
    let changes = envelope["data"]["changes"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["field"] == "password")
        .unwrap();
    assert_eq!(
        (
            &change["before"],
            &change["requested"],
            &change["after"],
            &change["applied"]
        ),
        (
            &json!("[hidden]"),
            &json!("[hidden]"),
            &json!("[hidden]"),
            &json!(true)
        )
    );
    assert_eq!(
        envelope["data"]["rollback"]["parameters"],
        json!({"meeting_id": 1, "topic": "old"})
    );
    assert_eq!(
        envelope["meta"]["hidden"],
        json!([
            "changes.[].after",
            "changes.[].before",
            "changes.[].requested"
        ])
    );
    assert!(
        envelope["meta"]["warnings"]
            .to_string()
            .contains("password")
    );
}

#[test]
fn dry_run_sends_no_change() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"topic": "old", "password": "0ld-pass"})));
    let ran = act(
        &zoom,
        "update_meeting",
        json!({"meeting_id": 1, "topic": "T", "password": "n3w-pass", "occurrence_id": "123", "dry_run": true}),
    );
    assert_eq!(ran.code(), "success");
    let data = ran.envelope()["data"].clone();
    assert_eq!(data["dry_run"], true);
    assert_eq!(data["request"]["method"], "PATCH");
    assert!(
        data["request"]["url"]
            .as_str()
            .unwrap()
            .ends_with("/v2/meetings/1?occurrence_id=123")
    );
    assert_eq!(
        data["request"]["body"],
        json!({"topic": "T", "password": "[hidden]"})
    );
    assert!(!ran.stdout.contains("n3w-pass"));
    assert_eq!(zoom.log(), ["POST /oauth/token", "GET /v2/meetings/1"]);
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "dry_run": true, "cancel_meeting_reminder": "no"}),
    );
    assert!(
        ran.envelope()["data"]["request"]["url"]
            .as_str()
            .unwrap()
            .ends_with("/v2/meetings/1?cancel_meeting_reminder=false")
    );
    assert_eq!(ran.envelope()["data"]["request"]["method"], "DELETE");
    for (action, parameters) in [
        (
            "update_user",
            json!({"user_id": "a", "dept": "x", "dry_run": true, "verify": false}),
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "waiting_room": true, "dry_run": true, "verify": false}),
        ),
    ] {
        assert_eq!(
            act(&zoom, action, parameters).envelope()["data"]["dry_run"],
            true
        );
    }
    assert_eq!(zoom.log(), [""; 0]);
}

#[test]
fn delete_meeting_sends_what_was_given() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": "857 4606 5432", "occurrence_id": 1_648_194_360_000_u64, "schedule_for_reminder": true}),
    );
    assert_eq!(
        ran.envelope()["data"],
        json!({"meeting_id": 85_746_065_432_u64, "deleted": true, "ended": false, "already_absent": false})
    );
    assert_eq!(
        zoom.asked()[1].target,
        "/v2/meetings/85746065432?occurrence_id=1648194360000&schedule_for_reminder=true"
    );
}

#[test]
fn delete_meeting_of_an_absent_one_fails_unless_missing_ok() {
    let absent = || Zoom::start(|_, _| zoom_error(404, 3001, "Meeting does not exist: 1."));
    let ran = act(&absent(), "delete_meeting", json!({"meeting_id": 1}));
    assert_eq!(ran.code(), "not_found");
    assert_eq!(ran.envelope()["error"]["change"], "none");
    let ran = act(
        &absent(),
        "delete_meeting",
        json!({"meeting_id": 1, "missing_ok": true}),
    );
    assert_eq!(
        ran.envelope()["data"],
        json!({"meeting_id": 1, "deleted": false, "ended": false, "already_absent": true})
    );
    let ran = act(
        &absent(),
        "delete_meeting",
        json!({"meeting_id": 1, "missing_ok": true, "end_if_live": true}),
    );
    assert_eq!(ran.envelope()["data"]["already_absent"], true);
    let gateway = Zoom::start(|_, _| Answer::text(404, "<html>not here</html>"));
    assert_eq!(
        act(
            &gateway,
            "delete_meeting",
            json!({"meeting_id": 1, "missing_ok": true})
        )
        .code(),
        "rejected"
    );
}

#[test]
fn delete_meeting_ends_a_running_one_first_if_asked() {
    let live = |status: &'static str| {
        Zoom::start(move |asked, _| {
            if asked.method == "GET" {
                Answer::json(200, &json!({"id": 1, "status": status}))
            } else {
                Answer::none(204)
            }
        })
    };
    let zoom = live("started");
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "end_if_live": true}),
    );
    assert_eq!(
        (
            &ran.envelope()["data"]["ended"],
            &ran.envelope()["data"]["deleted"]
        ),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        zoom.log(),
        [
            "POST /oauth/token",
            "GET /v2/meetings/1",
            "PUT /v2/meetings/1/status",
            "DELETE /v2/meetings/1"
        ]
    );
    assert_eq!(zoom.asked()[2].json(), json!({"action": "end"}));
    let zoom = live("waiting");
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "end_if_live": true}),
    );
    assert_eq!(ran.envelope()["data"]["ended"], false);
    assert_eq!(
        zoom.log(),
        [
            "POST /oauth/token",
            "GET /v2/meetings/1",
            "DELETE /v2/meetings/1"
        ]
    );
}

#[test]
fn delete_meeting_without_the_read_scope_ends_without_looking() {
    let zoom = Zoom::start(|asked, _| {
        if asked.method == "GET" {
            no_scope()
        } else {
            Answer::none(204)
        }
    });
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "end_if_live": true}),
    );
    assert_eq!(ran.envelope()["data"]["ended"], true);
    let zoom = Zoom::start(|asked, _| match asked.method.as_str() {
        "GET" => no_scope(),
        "PUT" => zoom_error(400, 300, "The meeting is not running."),
        _ => Answer::none(204),
    });
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "end_if_live": true}),
    );
    assert_eq!(
        (
            &ran.envelope()["data"]["ended"],
            &ran.envelope()["data"]["deleted"]
        ),
        (&json!(false), &json!(true))
    );
}

#[test]
fn delete_meeting_that_only_ended_is_partial() {
    let zoom = Zoom::start(|asked, _| match asked.method.as_str() {
        "GET" => Answer::json(200, &json!({"status": "started"})),
        "PUT" => Answer::none(204),
        _ => zoom_error(400, 3018, "Not allowed to delete PMI."),
    });
    let ran = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "end_if_live": true}),
    );
    assert_eq!(ran.code(), "forbidden");
    assert_eq!(ran.envelope()["error"]["change"], "partial");
}

#[test]
fn delete_meeting_of_a_live_one_hints_at_end_if_live() {
    let zoom = Zoom::start(|_, _| zoom_error(400, 3002, "Meeting is in progress."));
    let ran = act(&zoom, "delete_meeting", json!({"meeting_id": 1}));
    assert_eq!(ran.code(), "conflict");
    assert!(
        ran.envelope()["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("end_if_live")
    );
}

/// A sign-in page or a gateway's answer in a success's place: whoever sent it need not have passed the change on.
#[test]
fn html_page_is_no_answer_to_a_change() {
    let changes = [
        ("delete_meeting", json!({"meeting_id": 1})),
        (
            "update_user",
            json!({"user_id": "a", "dept": "D", "verify": false}),
        ),
        (
            "delete_meeting",
            json!({"meeting_id": 1, "end_if_live": true}),
        ),
    ];
    for body in ["<html>sign in</html>", "[]", "null", "\"ok\"", "{\"a\":"] {
        for (action, parameters) in &changes {
            let zoom = Zoom::start(move |asked, _| match asked.method.as_str() {
                "GET" => Answer::json(200, &json!({"id": 1, "status": "started"})),
                _ => Answer::text(200, body),
            });
            let ran = act(&zoom, action, parameters.clone());
            assert_eq!(ran.code(), "bad_answer", "{action} {body}");
            let envelope = ran.envelope();
            assert_eq!(envelope["error"]["change"], "unknown", "{envelope}");
            assert_eq!(envelope["error"]["zoom"]["http_status"], 200);
            assert!(
                envelope["error"]["hint"]
                    .as_str()
                    .unwrap()
                    .contains("first"),
                "{envelope}"
            );
        }
    }
    for answer in [
        Answer::none(204),
        Answer::text(200, ""),
        Answer::text(200, "{}"),
        Answer::text(202, " {\"id\":1} "),
    ] {
        let zoom = Zoom::start(move |_, _| answer.clone());
        assert_eq!(
            act(&zoom, "delete_meeting", json!({"meeting_id": 1})).code(),
            "success"
        );
    }
}

/// Zoom may make something of a change that is neither the old value nor the requested one.
#[test]
fn field_that_became_something_else_is_a_partial_change_with_a_rollback() {
    let zoom = Zoom::start(|asked, number| match (asked.method.as_str(), number) {
        ("PATCH", _) => Answer::none(204),
        (_, 0) => Answer::json(200, &json!({"id": 1, "topic": "Old"})),
        _ => Answer::json(200, &json!({"id": 1, "topic": "Ne"})),
    });
    let ran = act(
        &zoom,
        "update_meeting",
        json!({"meeting_id": 1, "topic": "New"}),
    );
    assert_eq!(ran.code(), "not_applied");
    let envelope = ran.envelope();
    assert_eq!(envelope["error"]["change"], "partial");
    assert_eq!(
        envelope["data"]["rollback"]["parameters"],
        json!({"meeting_id": 1, "topic": "Old"})
    );
}

#[test]
fn delete_meeting_that_only_ended_says_so() {
    let zoom = Zoom::start(|asked, _| match asked.method.as_str() {
        "GET" => Answer::json(200, &json!({"id": 1, "status": "started"})),
        "PUT" => Answer::none(204),
        _ => zoom_error(400, 3161, "No."),
    });
    let envelope = act(
        &zoom,
        "delete_meeting",
        json!({"meeting_id": 1, "end_if_live": true}),
    )
    .envelope();
    assert!(
        envelope["message"]
            .as_str()
            .unwrap()
            .starts_with("Meeting 1 was ended, but not deleted"),
        "{envelope}"
    );
    assert_eq!(envelope["data"]["ended"], true);
    assert_eq!(envelope["error"]["change"], "partial");
}
