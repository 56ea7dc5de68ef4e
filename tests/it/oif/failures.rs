//! Every failure is nothing on stdout, one line on stderr, and the exit code of the contract.

use crate::harness::{Answer, SECRET, Zoom, wait};
use crate::oif::{NONE, act, at, begin, line, oif};
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn oif_unknown_action_is_named_with_the_nearest_one() {
    let ran = oif(&["get_usr"], NONE);
    assert_eq!(ran.exit, 2);
    let line = line(&ran);
    assert!(
        line.contains("\"get_usr\"") && line.contains("Did you mean \"get_user\"?"),
        "{line}"
    );
    assert!(line.ends_with("(unknown_action)"), "{line}");
}

#[test]
fn oif_missing_credential_is_named_in_the_platforms_words() {
    let all = [
        ("client_id", "Client ID"),
        ("client_secret", "Client Secret"),
        ("account_id", "Account ID"),
    ];
    for (id, label) in all {
        let given = all
            .iter()
            .filter(|(other, _)| *other != id)
            .map(|(other, _)| (*other, "x"));
        let variables: Vec<(&str, &str)> = given.chain([("user_id", "u1")]).collect();
        let ran = oif(&["get_user"], &variables);
        assert_eq!(ran.exit, 2);
        assert_eq!(
            line(&ran),
            format!(
                "{label} ({id}) is missing or blank. Correct the field {label} of the integration's resource. (invalid_resource)"
            )
        );
    }
}

#[test]
fn oif_bad_resource_field_is_named_by_label_and_id() {
    let rows = [
        ("token_url", "zoom", "OAuth Token URL"),
        ("api_url", "http://zoom.us", "API URL"),
        ("timeout", "soon", "Connection Timeout (s)"),
        ("timeout", "3601", "Connection Timeout (s)"),
        ("verify_certificate", "maybe", "Verify Server Certificate"),
        ("ca_certificate", "x", "CA Certificate"),
        ("proxy_url", "ftp://x", "Proxy URL"),
    ];
    for (id, value, label) in rows {
        let mut variables = vec![
            ("client_id", "a"),
            ("client_secret", SECRET),
            ("account_id", "c"),
            ("user_id", "u1"),
        ];
        variables.push((id, value));
        let ran = oif(&["get_user"], &variables);
        assert_eq!(ran.exit, 2);
        let line = line(&ran);
        assert!(line.starts_with(&format!("{label} ({id}) ")), "{line}");
        assert!(line.ends_with("(invalid_resource)"), "{line}");
    }
}

#[test]
fn oif_bad_parameter_is_named_by_label_and_id_and_sends_nothing() {
    let rows = [
        (
            "update_meeting",
            "meeting_id",
            "abc",
            "Meeting ID (meeting_id) ",
        ),
        (
            "update_meeting",
            "meeting_id",
            "",
            "Meeting ID (meeting_id) is missing",
        ),
        (
            "update_meeting",
            "waiting_room",
            "maybe",
            "Waiting Room (waiting_room) must be Yes or No",
        ),
        ("update_meeting", "settings", "{", "Settings (settings) "),
        (
            "update_meeting",
            "settings",
            "{\"waiting_room\":\"yes\"}",
            "Settings (settings.waiting_room) ",
        ),
        (
            "update_meeting",
            "tracking_fields",
            "[{\"field\":1}]",
            "Tracking Fields (tracking_fields.0.field) ",
        ),
        (
            "list_users",
            "page_size",
            "2001",
            "Page Size (page_size) must be a whole number from 1 to 2000",
        ),
        (
            "list_users",
            "status",
            "gone",
            "Status (status) must be one of",
        ),
        ("get_user", "user_id", "..", "User ID or Email (user_id) "),
    ];
    for (action, id, value, start) in rows {
        let zoom = Zoom::start(|_, _| Answer::none(500));
        let mut more = vec![
            ("meeting_id", "85746065432"),
            ("user_id", "u1"),
            ("topic", "x"),
        ];
        more.retain(|(other, _)| *other != id);
        more.push((id, value));
        let ran = act(&zoom, action, &more);
        assert_eq!(ran.exit, 2);
        let line = line(&ran);
        assert!(line.starts_with(start), "{line}");
        assert!(line.ends_with("(invalid_parameters)"), "{line}");
        assert!(
            !line.contains('`') && !line.contains("zoom-runner schema"),
            "{line}"
        );
        assert!(zoom.asked().is_empty());
    }
}

#[test]
fn oif_refusal_has_zooms_words_and_what_became_of_the_change() {
    let rows: &[(u16, &str, i32, &str)] = &[
        (
            404,
            r#"{"code":3001,"message":"Meeting does not exist: 1."}"#,
            1,
            "Zoom has no meeting 1. Nothing was changed. ",
        ),
        (
            400,
            r#"{"code":300,"message":"Validation Failed.","errors":[{"field":"topic","message":"Too long."}]}"#,
            1,
            "Zoom refused the request about meeting 1 (400): Validation Failed; topic: Too long. Nothing was changed.",
        ),
        (
            400,
            r#"{"code":4711,"message":"Invalid access token, does not contain scopes:[meeting:update:meeting:admin]."}"#,
            1,
            "Meeting 1: The Zoom app needs the scope meeting:update:meeting:admin. Nothing was changed. Add the ",
        ),
        (
            500,
            "<html>down</html>",
            1,
            "Zoom answered 500 to the request about meeting 1. Whether the change was made is not known.",
        ),
    ];
    for (status, body, exit, start) in rows {
        let zoom = Zoom::start(move |_, _| Answer::text(*status, body));
        let ran = act(
            &zoom,
            "update_meeting",
            &[("meeting_id", "1"), ("topic", "x"), ("verify", "false")],
        );
        assert_eq!(ran.exit, *exit);
        let line = line(&ran);
        assert!(line.starts_with(start), "{line}");
        for key in ["`scopes`", "`zoom`", "`field`"] {
            assert!(!line.contains(key), "{line}");
        }
    }
}

#[test]
fn oif_list_that_fails_half_way_prints_nothing_on_stdout() {
    let zoom = Zoom::start(|_, number| match number {
        0 => Answer::json(
            200,
            &json!({"users": [{"id": "a"}], "total_records": 2, "next_page_token": "t"}),
        ),
        _ => Answer::json(
            400,
            &json!({"code": 300, "message": "The next page token is invalid or expired."}),
        ),
    });
    let ran = act(&zoom, "list_users", &[]);
    assert!(line(&ran).contains("next page token"), "{ran:?}");
    assert_eq!(ran.exit, 1);
}

#[test]
fn oif_timeout_ends_in_a_line_within_a_second() {
    let zoom = Zoom::start(|_, _| Answer::none(200).after(Duration::from_secs(30)));
    let variables = at(&zoom, &[("user_id", "u1"), ("timeout", "1")]);
    let ran = oif(&["get_user"], &variables);
    assert_eq!(ran.exit, 75);
    assert!(line(&ran).contains("Connection Timeout (s)"), "{ran:?}");
    assert!(ran.took < Duration::from_millis(2300), "{:?}", ran.took);
}

#[test]
fn oif_signal_ends_in_a_line() {
    let zoom = Zoom::start(|_, _| Answer::none(200).after(Duration::from_secs(30)));
    let variables = at(&zoom, &[("user_id", "u1")]);
    let child = begin(&["get_user"], &variables);
    while zoom.log().len() < 2 {
        std::thread::sleep(Duration::from_millis(10));
    }
    let since = Instant::now();
    std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    let ran = wait(child, since);
    assert_eq!(ran.exit, 75);
    assert!(line(&ran).ends_with("(cancelled)"), "{ran:?}");
    assert!(ran.took < Duration::from_millis(400), "{:?}", ran.took);
}

#[test]
fn oif_signal_ends_a_run_whose_host_does_not_read() {
    let zoom = Zoom::start(|_, _| {
        let users: Vec<_> = (0..3000)
            .map(|n| json!({"id": n, "dept": "x".repeat(100)}))
            .collect();
        Answer::json(
            200,
            &json!({"users": users, "total_records": 3000, "next_page_token": ""}),
        )
    });
    let variables = at(&zoom, &[]);
    let mut child = begin(&["list_users"], &variables);
    // The pipe holds 64 KiB; the rest stays stuck.
    while zoom.log().len() < 2 {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    let since = Instant::now();
    let exit = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None if since.elapsed() > Duration::from_secs(3) => panic!("it hangs"),
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    assert_eq!(exit, Some(75));
}

#[test]
fn oif_envelope_of_a_failure_goes_to_stdout_where_asked() {
    for (arguments, code) in [
        (["get_usr", "--envelope"], "unknown_action"),
        (["get_user", "--envelope"], "invalid_resource"),
    ] {
        let ran = oif(&arguments, NONE);
        assert_eq!(ran.exit, 2);
        assert_eq!(ran.stderr, "");
        assert_eq!(ran.code(), code);
        assert_eq!(ran.envelope()["action"], arguments[0]);
    }
}
