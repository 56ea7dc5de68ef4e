//! Every byte string on stdin ends in one envelope.

use crate::harness::{Answer, Ran, Zoom, act, run, run_bytes};
use serde_json::{Value, json};

fn invalid_request(ran: &Ran) -> Value {
    assert_eq!(ran.code(), "invalid_request");
    let envelope = ran.envelope();
    assert_eq!(envelope["meta"]["requests"], 0);
    envelope["error"].clone()
}

#[test]
fn stdin_that_is_not_one_request_is_placed() {
    let rows: &[(&[u8], Option<(u64, u64)>)] = &[
        (b"", Some((1, 1))),
        (b"   \n\t ", Some((1, 1))),
        (b"{", None),
        (b"{\"action\": \"get_user\",\n \"parameters\": {", None),
        (b"[]", None),
        (b"null", None),
        (b"42", None),
        (b"\"get_user\"", None),
        (b"{\"action\":\"get_user\"}{}", Some((1, 22))),
        (b"{\"action\":\"get_user\"} x", Some((1, 23))),
        (b"\xff\xfe", Some((1, 1))),
        (b"{\n\"a\xc3\x28\":1}", Some((2, 3))),
        (b"\x00\x00\x00", None),
        (b"{\"action\":\"a\x00\"}", None),
        (b"{'action':'get_user'}", None),
        (b"{\"action\":NaN}", None),
        (b"{\"parameters\":{\"limit\":1e999}}", None),
    ];
    for (bytes, place) in rows {
        let error = invalid_request(&run_bytes(bytes));
        let (line, column) = (
            error["line"].as_u64().unwrap(),
            error["column"].as_u64().unwrap(),
        );
        assert!(line >= 1 && column >= 1);
        if let Some(place) = place {
            assert_eq!((line, column), *place, "{}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
fn byte_order_mark_is_skipped() {
    assert_eq!(
        run_bytes(b"\xef\xbb\xbf{\"action\":\"nope\"}").code(),
        "unknown_action"
    );
}

#[test]
fn request_over_1_mib_is_refused() {
    let padded = |length: usize| {
        let start = "{\"action\":\"nope\",\"id\":\"";
        format!("{start}{}\"}}", "x".repeat(length - start.len() - 2))
    };
    assert_eq!(
        run_bytes(padded(1 << 20).as_bytes()).code(),
        "unknown_action"
    );
    for length in [(1 << 20) + 1, 2 << 20, 20 << 20] {
        let error = invalid_request(&run_bytes(padded(length).as_bytes()));
        assert!(error["message"].as_str().unwrap().contains("1 MiB"));
    }
}

#[test]
fn deeply_nested_request_does_not_crash() {
    for open in ["[", "{\"a\":"] {
        invalid_request(&run_bytes(
            format!(
                "{{\"action\":\"get_user\",\"parameters\":{}",
                open.repeat(200_000)
            )
            .as_bytes(),
        ));
        invalid_request(&run_bytes(open.repeat(200_000).as_bytes()));
    }
}

#[test]
fn duplicate_and_unknown_keys_are_named() {
    let error = invalid_request(&run_bytes(
        b"{\"action\":\"get_user\",\"action\":\"get_user\"}",
    ));
    assert_eq!(error["field"], "action");
    let error = invalid_request(&run_bytes(
        b"{\"action\":\"get_user\",\"parameters\":{\"user_id\":\"a\",\"user_id\":\"b\"}}",
    ));
    assert_eq!(error["field"], "user_id");
    let error = invalid_request(&run(&json!({"action": "get_user", "paramters": {}})));
    assert_eq!(error["field"], "paramters");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("Did you mean \"parameters\"?"),
        "{error}"
    );
}

#[test]
fn action_and_protocol_are_checked() {
    for request in [
        json!({}),
        json!({"action": null}),
        json!({"action": 5}),
        json!({"action": ["get_user"]}),
        json!({"action": " "}),
    ] {
        assert_eq!(invalid_request(&run(&request))["field"], "action");
    }
    for version in [json!(2), json!("1"), json!(1.5), json!([1])] {
        assert_eq!(
            invalid_request(&run(&json!({"action": "get_user", "protocol": version})))["field"],
            "protocol"
        );
    }
    for id in [json!([1]), json!({"a": 1}), json!(true)] {
        assert_eq!(
            invalid_request(&run(&json!({"action": "get_user", "id": id})))["field"],
            "id"
        );
    }
    let ran = run(&json!({"action": "get_usr", "id": 7, "protocol": 1}));
    assert_eq!(ran.code(), "unknown_action");
    let envelope = ran.envelope();
    assert_eq!(envelope["id"], 7);
    let message = envelope["message"].as_str().unwrap();
    assert!(message.contains("Did you mean \"get_user\"?"), "{message}");
    for id in [
        "delete_meeting",
        "get_meeting_invitation",
        "get_user",
        "get_user_settings",
        "list_meetings",
        "list_users",
        "update_meeting",
        "update_user",
        "update_user_settings",
        "test",
    ] {
        assert!(message.contains(id), "{message}");
    }
}

#[test]
fn id_is_echoed_as_it_was_written() {
    for id in [
        "\"a\\u00e9 b\"",
        "12345678901234567890123",
        "1.50",
        "-0",
        "\"\"",
    ] {
        let ran = run_bytes(format!("{{\"action\":\"nope\",\"id\":{id}}}").as_bytes());
        assert!(
            ran.stdout.contains(&format!("\"id\":{id},")),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn parameters_and_resource_of_the_wrong_kind_have_their_codes() {
    for wrong in [json!([]), json!("x"), json!(1), json!(true)] {
        assert_eq!(
            run(&json!({"action": "get_user", "parameters": wrong, "resource": {}})).code(),
            "invalid_parameters"
        );
        assert_eq!(
            run(&json!({"action": "get_user", "parameters": {}, "resource": wrong})).code(),
            "invalid_resource"
        );
    }
    assert_eq!(
        run(&json!({"action": "get_user", "parameters": {"user_id": "a"}})).code(),
        "invalid_resource"
    );
}

#[test]
fn bad_parameters_name_their_field_and_send_nothing() {
    let zoom = Zoom::start(|_, _| Answer::none(500));
    let rows = [
        ("get_user", json!({}), "user_id"),
        ("get_user", json!({"user_id": null}), "user_id"),
        ("get_user", json!({"user_id": "  "}), "user_id"),
        ("get_user", json!({"user_id": ".."}), "user_id"),
        ("get_user", json!({"user_id": "."}), "user_id"),
        ("get_user", json!({"user_id": ["a"]}), "user_id"),
        ("get_user", json!({"user_id": "a\nb"}), "user_id"),
        (
            "get_user",
            json!({"user_id": "a", "login_type": 5}),
            "login_type",
        ),
        (
            "get_user",
            json!({"user_id": "a", "encrypted_email": "maybe"}),
            "encrypted_email",
        ),
        ("get_user", json!({"user_id": "a", "usr": 1}), "usr"),
        (
            "get_user_settings",
            json!({"user_id": "a", "option": "x"}),
            "option",
        ),
        (
            "get_meeting_invitation",
            json!({"meeting_id": "12/34"}),
            "meeting_id",
        ),
        (
            "get_meeting_invitation",
            json!({"meeting_id": "1?x"}),
            "meeting_id",
        ),
        (
            "get_meeting_invitation",
            json!({"meeting_id": 1.5}),
            "meeting_id",
        ),
        (
            "get_meeting_invitation",
            json!({"meeting_id": -5}),
            "meeting_id",
        ),
        (
            "get_meeting_invitation",
            json!({"meeting_id": 0}),
            "meeting_id",
        ),
        (
            "delete_meeting",
            json!({"meeting_id": 1, "dry_run": 2}),
            "dry_run",
        ),
        ("list_users", json!({"page_size": 2001}), "page_size"),
        ("list_users", json!({"page_size": 0}), "page_size"),
        ("list_users", json!({"limit": "many"}), "limit"),
        ("list_users", json!({"limit": 0}), "limit"),
        ("list_users", json!({"status": "gone"}), "status"),
        (
            "list_meetings",
            json!({"user_id": "a", "type": "past"}),
            "type",
        ),
        (
            "list_meetings",
            json!({"user_id": "a", "from": "2026-02-30"}),
            "from",
        ),
        ("test", json!({"x": 1}), "x"),
    ];
    for (action, parameters, field) in rows {
        let ran = act(&zoom, action, parameters.clone());
        assert_eq!(ran.code(), "invalid_parameters", "{action} {parameters}");
        let envelope = ran.envelope();
        assert_eq!(envelope["error"]["field"], field, "{envelope}");
        assert!(
            envelope["message"].as_str().unwrap().contains(field),
            "{envelope}"
        );
        assert_eq!(envelope["meta"]["token"], "none");
    }
    assert_eq!(zoom.log(), [""; 0]);
}

#[test]
fn unknown_parameter_gets_the_nearest_known_name() {
    let zoom = Zoom::start(|_, _| Answer::none(500));
    let envelope = act(&zoom, "list_users", json!({"page-size": 5})).envelope();
    assert!(
        envelope["message"]
            .as_str()
            .unwrap()
            .contains("Did you mean \"page_size\"?"),
        "{envelope}"
    );
}

/// Arbitrary bytes, and requests with one place changed, from a fixed series.
#[test]
fn any_bytes_get_an_envelope() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let good = br#"{"action":"get_user","parameters":{"user_id":"a","login_type":1},"resource":{"client_id":"i","client_secret":"s","account_id":"a","token_url":"http://127.0.0.1:1","timeout":1},"id":1}"#;
    for round in 0..60 {
        let mut bytes = good.to_vec();
        if round % 3 == 0 {
            let length = (next() % 64) as usize;
            bytes = (0..length).map(|_| next() as u8).collect();
        } else {
            let at = (next() as usize) % bytes.len();
            match next() % 3 {
                0 => bytes[at] = next() as u8,
                1 => bytes.truncate(at),
                _ => bytes.insert(at, b"{}[]\",:0"[(next() % 8) as usize]),
            }
        }
        let ran = run_bytes(&bytes);
        let code = ran.code();
        assert!(
            ran.exit == 2 || code == "unreachable" || code == "timeout",
            "{code} {}",
            String::from_utf8_lossy(&bytes)
        );
    }
}

#[test]
fn request_that_is_no_object_is_placed_where_it_begins() {
    for (text, what, line, column) in [
        ("[]", "a list", 1, 1),
        ("\n  \"x\"", "a text", 2, 3),
        (" 5", "a number", 1, 2),
        ("null", "null", 1, 1),
    ] {
        let ran = run_bytes(text.as_bytes());
        assert_eq!(ran.code(), "invalid_request", "{text}");
        let error = &ran.envelope()["error"];
        assert!(error["message"].as_str().unwrap().contains(what), "{error}");
        assert_eq!(
            (&error["line"], &error["column"]),
            (&line.into(), &column.into()),
            "{text}"
        );
    }
    let long = run_bytes(&[b"{\n".to_vec(), vec![b' '; 2 << 20]].concat()).envelope();
    assert_eq!(long["error"]["line"], 2, "{long}");
    let unknown = run_bytes(br#"{"zzzzqq":1}"#).envelope();
    assert_eq!(
        unknown["error"]["hint"],
        "There are: action, parameters, resource, id, protocol."
    );
}
