//! Tokens and scopes.

use crate::sandbox::client::{FORM, grant, mint, send, start, token, zoom};
use serde_json::json;
use zoom_runner::sandbox::{CLIENT_ID, CLIENT_SECRET, INACTIVE_CLIENT_ID};

#[test]
fn a_token_comes_with_what_zoom_says_of_it() {
    let sandbox = start(|_| {});
    let answer = mint(&sandbox);
    let body = answer.json();
    assert_eq!(
        (answer.status, &body["token_type"], &body["expires_in"]),
        (200, &json!("bearer"), &json!(3599))
    );
    assert_eq!(body["api_url"], sandbox.url());
    let scopes: Vec<&str> = body["scope"].as_str().unwrap().split(' ').collect();
    assert!(
        scopes.contains(&"user:read:list_users:admin")
            && scopes.iter().all(|scope| scope.ends_with(":admin"))
    );
    assert_eq!(sandbox.tokens_minted(), 1);
}

#[test]
fn a_request_for_a_token_is_refused_as_zoom_refuses_it() {
    let sandbox = start(|_| {});
    let good = grant();
    let in_query = format!("/oauth/token?{good}");
    let table = [
        (
            "POST",
            "/oauth/token",
            CLIENT_ID,
            "wrong",
            FORM,
            good.as_str(),
            400,
            "invalid_client",
            "Invalid client_id or client_secret",
        ),
        (
            "POST",
            "/oauth/token",
            "wrong",
            CLIENT_SECRET,
            FORM,
            &good,
            400,
            "invalid_client",
            "Invalid client_id or client_secret",
        ),
        (
            "POST",
            "/oauth/token",
            INACTIVE_CLIENT_ID,
            CLIENT_SECRET,
            FORM,
            &good,
            400,
            "invalid_request",
            "The app is not activated",
        ),
        (
            "POST",
            "/oauth/token",
            CLIENT_ID,
            CLIENT_SECRET,
            FORM,
            "grant_type=account_credentials&account_id=x",
            400,
            "invalid_request",
            "Bad Request",
        ),
        (
            "POST",
            "/oauth/token",
            CLIENT_ID,
            CLIENT_SECRET,
            FORM,
            "grant_type=account_credentials",
            400,
            "invalid_request",
            "Bad Request",
        ),
        (
            "POST",
            "/oauth/token",
            CLIENT_ID,
            CLIENT_SECRET,
            FORM,
            "grant_type=password",
            400,
            "unsupported_grant_type",
            "unsupported grant type",
        ),
        (
            "POST",
            "/oauth/token",
            CLIENT_ID,
            CLIENT_SECRET,
            "application/json",
            &good,
            400,
            "unsupported_grant_type",
            "unsupported grant type",
        ),
        (
            "POST",
            &in_query,
            CLIENT_ID,
            CLIENT_SECRET,
            FORM,
            "",
            400,
            "invalid_request",
            "Bad Request",
        ),
        (
            "GET",
            "/oauth/token",
            CLIENT_ID,
            CLIENT_SECRET,
            FORM,
            &good,
            405,
            "invalid_request",
            "Method Not Allowed",
        ),
    ];
    for (method, target, id, secret, kind, body, status, error, reason) in table {
        let answer = token(&sandbox, method, target, id, secret, kind, body);
        let wanted = json!({"reason": reason, "error": error});
        assert_eq!(
            (answer.status, answer.json()),
            (status, wanted),
            "{method} {target} {id} {secret} {kind} {body}"
        );
    }
    assert_eq!(sandbox.tokens_minted(), 0);
}

#[test]
fn without_a_token_of_its_own_nothing_is_answered() {
    let zoom = zoom(|_| {});
    let with = |value: &str| {
        send(
            &zoom.sandbox,
            "GET",
            "/v2/users",
            &[("authorization", value.to_owned())],
            "",
        )
    };
    for value in ["", "Bearer ", "Bearer x", &format!("Basic {}", zoom.token)] {
        let answer = with(value);
        assert_eq!(answer.code(), (401, 124), "{value}");
        assert_eq!(answer.json()["message"], "Invalid access token.");
        assert!(answer.headers["x-zm-trackingid"].starts_with("v=2.0;"));
    }
    assert_eq!(with(&format!("Bearer {}", zoom.token)).status, 200);
}

#[test]
fn a_token_ends_with_its_time() {
    let zoom = zoom(|options| options.token_lifetime = 0);
    let answer = zoom.ask("GET", "/users", None);
    assert_eq!(
        (answer.code(), &answer.json()["message"]),
        ((401, 124), &json!("Access token is expired."))
    );
}

#[test]
fn a_new_token_ends_the_one_before_only_where_one_may_live() {
    for (one_live_token, code) in [(true, 401), (false, 200)] {
        let zoom = zoom(|options| options.one_live_token = one_live_token);
        mint(&zoom.sandbox);
        assert_eq!(zoom.ask("GET", "/users", None).status, code);
    }
}

#[test]
fn a_missing_scope_is_4711_with_granular_scopes_and_4700_with_classic_ones() {
    for (granted, code, named) in [
        ("user:read:user:admin", 4711, "user:read:list_users:admin"),
        ("", 4711, "user:read:list_users:admin"),
        ("meeting:read:admin", 4700, "user:read:admin"),
    ] {
        let zoom = zoom(|options| options.granted_scopes = Some(granted.to_owned()));
        let answer = zoom.ask("GET", "/users", None);
        assert_eq!(answer.code(), (400, code), "{granted}");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(
            message.starts_with("Invalid access token, does not contain scopes:["),
            "{message}"
        );
        assert!(message.contains(named), "{message}");
    }
}

#[test]
fn either_kind_of_scope_opens_an_endpoint_and_they_may_be_mixed() {
    for granted in [
        "user:read:list_users:admin",
        "user:write:admin",
        "meeting:read:admin,user:read:admin",
    ] {
        let zoom = zoom(|options| options.granted_scopes = Some(granted.to_owned()));
        assert_eq!(zoom.ask("GET", "/users", None).status, 200, "{granted}");
        assert_eq!(
            mint(&zoom.sandbox).json()["scope"],
            granted.replace(',', " ")
        );
    }
}
