//! Zoom's refusals and the network's to our codes: one test a row of the contract's table.

use crate::harness::{Answer, Ran, Zoom, act, run};
use serde_json::{Value, json};

/// Runs `action` against a Zoom that always answers `answer`.
fn against(answer: Answer, action: &str, parameters: Value) -> Ran {
    act(&Zoom::start(move |_, _| answer.clone()), action, parameters)
}

fn user(answer: Answer) -> Ran {
    against(answer, "get_user", json!({"user_id": "jane@example.com"}))
}

fn zoom_error(status: u16, code: i64, message: &str) -> Answer {
    Answer::json(status, &json!({"code": code, "message": message}))
}

#[test]
fn zoom_codes_have_their_codes() {
    let rows = [
        (
            404,
            1001,
            "User does not exist: jane@example.com.",
            "not_found",
        ),
        (
            404,
            1010,
            "User does not belong to this account.",
            "not_found",
        ),
        (
            400,
            1010,
            "User does not belong to this account.",
            "not_found",
        ),
        (404, 3001, "Meeting does not exist: 1.", "not_found"),
        (400, 3001, "Meeting does not exist: 1.", "not_found"),
        (404, 0, "Nothing here.", "rejected"),
        (400, 200, "No permission.", "forbidden"),
        (400, 3161, "Hosting is not allowed.", "forbidden"),
        (400, 3018, "Not allowed to delete PMI.", "forbidden"),
        (400, 3037, "Not allowed to delete PAC.", "forbidden"),
        (403, 999, "Forbidden.", "forbidden"),
        (400, 3002, "Meeting is in progress.", "conflict"),
        (400, 3007, "Meeting has ended.", "conflict"),
        (409, 999, "Conflict.", "conflict"),
        (
            400,
            4711,
            "Invalid access token, does not contain scopes:[user:read:user:admin, user:read:user].",
            "missing_scope",
        ),
        (
            400,
            4700,
            "Invalid access token, does not contain scopes: [user:read:admin].",
            "missing_scope",
        ),
        (
            401,
            4711,
            "Invalid access token, does not contain scopes:[a].",
            "missing_scope",
        ),
        (401, 124, "Invalid access token.", "unauthorized"),
        (400, 300, "Validation Failed.", "rejected"),
        (400, 1120, "Invitation expired.", "forbidden"),
        (400, 3000, "Cannot access webinar info.", "rejected"),
        (418, 1, "Teapot.", "rejected"),
        (200, 300, "An error inside a 200.", "rejected"),
        (200, 1001, "User does not exist.", "not_found"),
    ];
    for (status, code, message, wanted) in rows {
        let ran = user(zoom_error(status, code, message));
        assert_eq!(ran.code(), wanted, "{status} {code}");
        let error = &ran.envelope()["error"];
        assert_eq!(error["zoom"]["http_status"], status);
        assert_eq!(error["zoom"]["code"], code);
        assert_eq!(error["zoom"]["message"], message);
        assert!(
            error["zoom"]["tracking_id"]
                .as_str()
                .unwrap()
                .starts_with("v=2.0;track-")
        );
        assert!(
            error.get("change").is_none(),
            "a read says nothing of a change"
        );
        assert!(!error["hint"].as_str().unwrap_or_default().is_empty());
    }
}

#[test]
fn missing_scope_is_named() {
    let ran = user(zoom_error(
        400,
        4711,
        "Invalid access token, does not contain scopes:[user:read:user:admin, user:read:user].",
    ));
    assert_eq!(
        ran.envelope()["error"]["scopes"],
        json!(["user:read:user:admin", "user:read:user"])
    );
    let ran = user(zoom_error(
        400,
        4711,
        "Invalid access token, does not contain scopes.",
    ));
    assert_eq!(
        ran.envelope()["error"]["scopes"],
        json!(["user:read:user:admin", "user:read:admin"])
    );
}

#[test]
fn zoom_field_errors_are_passed_on() {
    let body = json!({"code": 300, "message": "Validation Failed.", "errors": [{"field": "user_id", "message": "Bad."}]});
    let envelope = user(Answer::json(400, &body)).envelope();
    assert_eq!(envelope["error"]["zoom"]["errors"], body["errors"]);
}

#[test]
fn gateway_page_is_rejected_and_quoted_briefly() {
    for status in [400, 403, 404, 407] {
        let page = format!("<html>{}</html>", "no ".repeat(5000));
        let ran = user(Answer::text(status, &page));
        assert_eq!(ran.code(), "rejected", "{status}");
        assert!(
            ran.envelope()["error"]["zoom"]["message"]
                .as_str()
                .unwrap()
                .len()
                <= 200
        );
    }
}

#[test]
fn status_without_a_body_has_its_code() {
    for (status, code) in [
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "rejected"),
        (409, "conflict"),
        (400, "rejected"),
    ] {
        assert_eq!(user(Answer::none(status)).code(), code);
    }
}

#[test]
fn answer_that_is_no_json_object_is_a_bad_answer() {
    for body in [
        "",
        "<html>sign in</html>",
        "{\"id\":",
        "[]",
        "42",
        "null",
        "\u{0}",
    ] {
        assert_eq!(user(Answer::text(200, body)).code(), "bad_answer", "{body}");
    }
    assert_eq!(user(Answer::none(204)).code(), "bad_answer");
}

#[test]
fn redirect_is_not_followed_and_hints_at_the_urls() {
    for status in [301, 302, 307, 308] {
        let zoom =
            Zoom::start(move |_, _| Answer::none(status).header("location", "/v2/elsewhere"));
        let ran = act(&zoom, "get_user", json!({"user_id": "a"}));
        assert_eq!(ran.code(), "bad_answer");
        assert!(
            ran.envelope()["error"]["hint"]
                .as_str()
                .unwrap()
                .contains("api_url")
        );
        assert_eq!(zoom.log(), ["POST /oauth/token", "GET /v2/users/a"]);
    }
}

#[test]
fn server_error_is_zoom_unavailable_whatever_the_body() {
    for body in [
        "",
        "<html>",
        "{\"code\":1001,\"message\":\"User does not exist.\"}",
    ] {
        let answer = Answer::text(501, body);
        assert_eq!(user(answer).code(), "zoom_unavailable");
    }
}

#[test]
fn refused_connection_is_unreachable_after_retries_that_were_no_requests() {
    let request = json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": {"token_url": "http://127.0.0.1:1", "api_url": "http://127.0.0.1:1", "client_id": "i", "client_secret": "s", "account_id": "a", "timeout": 2}});
    let ran = run(&request);
    assert_eq!(ran.code(), "unreachable");
    let meta = &ran.envelope()["meta"];
    assert_eq!(meta["requests"], 0);
    assert!(meta["retries"].as_u64().unwrap() >= 2, "{meta}");
}

#[test]
fn refused_credentials_hint_at_what_to_compare() {
    let rows = [
        (
            400,
            json!({"reason": "Invalid client_id or client_secret", "error": "invalid_client"}),
            "Client Secret",
        ),
        (
            400,
            json!({"reason": "The app is not activated", "error": "invalid_request"}),
            "Activate",
        ),
        (
            400,
            json!({"reason": "Bad Request", "error": "invalid_request"}),
            "Account ID",
        ),
        (
            401,
            json!({"reason": "Invalid Token!", "error": "invalid_request"}),
            "",
        ),
    ];
    for (status, body, hint) in rows {
        let zoom = Zoom::raw(move |_, _| Answer::json(status, &body));
        let ran = act(&zoom, "get_user", json!({"user_id": "a"}));
        assert_eq!(ran.code(), "unauthorized");
        let envelope = ran.envelope();
        assert!(
            envelope["error"]["hint"].as_str().unwrap().contains(hint),
            "{envelope}"
        );
        assert_eq!(envelope["error"]["zoom"]["http_status"], status);
        assert_eq!(
            zoom.log(),
            ["POST /oauth/token"],
            "a refusal is not tried again"
        );
        let asked = &zoom.asked()[0];
        assert_eq!(
            asked.body,
            "grant_type=account_credentials&account_id=account"
        );
        assert!(asked.head.to_lowercase().contains("authorization: basic "));
    }
}

#[test]
fn wrong_token_endpoint_is_a_bad_answer_or_rejected() {
    for (answer, code) in [
        (Answer::text(200, "<html>"), "bad_answer"),
        (
            Answer::json(200, &json!({"access_token": ""})),
            "bad_answer",
        ),
        (
            Answer::json(200, &json!({"access_token": "a b\n"})),
            "bad_answer",
        ),
        (Answer::json(200, &json!({})), "bad_answer"),
        (Answer::text(404, "<html>"), "rejected"),
        (Answer::none(302).header("location", "/"), "bad_answer"),
    ] {
        let zoom = Zoom::raw(move |_, _| answer.clone());
        assert_eq!(act(&zoom, "get_user", json!({"user_id": "a"})).code(), code);
    }
}

#[test]
fn refused_access_token_is_renewed_once_for_reads_and_changes() {
    for (action, parameters, path) in [
        ("get_user", json!({"user_id": "a"}), "GET /v2/users/a"),
        (
            "delete_meeting",
            json!({"meeting_id": 123_456_789}),
            "DELETE /v2/meetings/123456789",
        ),
    ] {
        let zoom = Zoom::start(|asked, number| match (number, asked.method.as_str()) {
            (0, _) => zoom_error(401, 124, "Access token is expired."),
            (_, "GET") => Answer::json(200, &json!({"id": "x"})),
            _ => Answer::none(204),
        });
        let ran = act(&zoom, action, parameters);
        assert_eq!(ran.code(), "success");
        assert_eq!(
            zoom.log(),
            ["POST /oauth/token", path, "POST /oauth/token", path]
        );
        let meta = ran.envelope()["meta"].clone();
        assert_eq!(
            (
                meta["token"].as_str(),
                meta["requests"].as_u64(),
                meta["retries"].as_u64()
            ),
            (Some("renewed"), Some(4), Some(1))
        );
    }
    let zoom = Zoom::start(|_, _| zoom_error(401, 124, "Invalid access token."));
    assert_eq!(
        act(&zoom, "get_user", json!({"user_id": "a"})).code(),
        "unauthorized"
    );
    assert_eq!(zoom.log().len(), 4, "once, not for ever");
}

#[test]
fn answer_is_passed_on_byte_for_byte() {
    let body = r#"{"id": "a",  "zoom_one_type":576460752303423488,"x":1.50,"y":1e3,"new_field":{"b":[1,2]},"host_key":"123456"}"#;
    let ran = user(Answer::text(200, body));
    let shown = body.replace("\"123456\"", "\"[hidden]\"");
    assert!(
        ran.stdout.contains(&format!("\"data\":{shown}")),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.envelope()["meta"]["hidden"], json!(["host_key"]));
    let ran = against(
        Answer::text(200, body),
        "get_user",
        json!({"user_id": "a", "show_secrets": "yes"}),
    );
    assert!(
        ran.stdout.contains(&format!("\"data\":{body}")),
        "{}",
        ran.stdout
    );
    assert!(ran.envelope()["meta"].get("hidden").is_none());
}

#[test]
fn get_user_is_two_requests() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "a"})));
    let ran = act(&zoom, "Get User", json!({"user_id": "me/settings?x=#%"}));
    assert_eq!(
        zoom.log(),
        [
            "POST /oauth/token",
            "GET /v2/users/me%2Fsettings%3Fx%3D%23%25"
        ]
    );
    let envelope = ran.envelope();
    assert_eq!(envelope["action"], "get_user");
    assert_eq!(envelope["label"], "Test Zoom");
    assert_eq!(envelope["meta"]["requests"], 2);
    assert_eq!(envelope["meta"]["token"], "minted");
    assert!(
        envelope["meta"]["started_at"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    assert!(
        envelope["meta"]["runner"]
            .as_str()
            .unwrap()
            .starts_with("zoom-runner/")
    );
}
