//! The schemas are JSON Schema 2020-12, and say what requests and envelopes are.

use serde_json::{Value, json};
use zoom_runner::actions;
use zoom_runner::catalog::{schema, schema_names};
use zoom_runner::protocol::failure::Code;

pub fn read(name: &str) -> Value {
    serde_json::from_str(&schema(name).unwrap()).unwrap()
}

fn validator(name: &str) -> jsonschema::Validator {
    jsonschema::draft202012::new(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn schemas_are_valid_against_their_meta_schema() {
    let names = schema_names();
    assert_eq!(names.len(), 3 + 2 * actions::all().count());
    for name in names {
        let schema = read(&name);
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        jsonschema::draft202012::meta::validate(&schema)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        validator(&name);
    }
    for name in [
        "",
        "x",
        "x.input",
        "get_user",
        "get_user.",
        "get_user.x",
        "Get User.input",
    ] {
        assert_eq!(schema(name), None, "{name}");
    }
}

#[test]
fn request_schema_is_one_of_the_actions() {
    let request = validator("request");
    let resource = json!({"client_id": "a", "client_secret": "b", "account_id": "c"});
    let good = [
        json!({"action": "test", "resource": resource}),
        json!({"action": "list_users", "resource": resource, "id": 7, "protocol": 1}),
        json!({"action": "get_user", "parameters": {"user_id": "jane@example.com"}, "resource": resource, "id": "x"}),
        json!({"action": "update_meeting", "parameters": {"meeting_id": 1, "settings": {"x": 1}}, "resource": resource}),
    ];
    for request_given in good {
        assert!(request.is_valid(&request_given), "{request_given}");
    }
    let bad = [
        json!([]),
        json!({"resource": resource}),
        json!({"action": "nope", "resource": resource}),
        json!({"action": "get_user", "resource": resource}),
        json!({"action": "get_user", "parameters": {}, "resource": resource}),
        json!({"action": "get_user", "parameters": {"meeting_id": 1}, "resource": resource}),
        json!({"action": "test", "parameters": {"x": 1}, "resource": resource}),
        json!({"action": "test", "resource": {"client_id": "a"}}),
        json!({"action": "test", "resource": {"client_id": "a", "client_secret": "b", "account_id": "c", "timeout": 0}}),
        json!({"action": "test", "resource": resource, "protocol": 2}),
        json!({"action": "test", "resource": resource, "id": true}),
        json!({"action": "test", "resource": resource, "other": 1}),
    ];
    for request_given in bad {
        assert!(!request.is_valid(&request_given), "{request_given}");
    }
}

#[test]
fn envelope_schema_is_a_success_or_a_failure() {
    let envelope = validator("envelope");
    let meta = json!({"runner": "zoom-runner/0.1.0", "started_at": "2026-11-24T15:00:00Z", "duration_ms": 1, "requests": 0, "retries": 0, "token": "none"});
    let with = |more: Value| {
        let mut all = json!({"protocol": 1, "message": "M.", "action": "get_user", "label": "Zoom", "meta": meta});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    assert!(envelope.is_valid(&with(json!({"status": "success", "data": {}}))));
    for code in Code::ALL {
        let info = code.info();
        let error = json!({"code": info.name, "message": "M.", "retryable": info.is_retryable(), "change": "none"});
        assert!(
            envelope.is_valid(&with(json!({"status": "failed", "error": error}))),
            "{}",
            info.name
        );
    }
    let error = json!({"code": "internal", "message": "M.", "retryable": false});
    for bad in [
        json!({"status": "success"}),
        json!({"status": "success", "data": {}, "error": error}),
        json!({"status": "failed"}),
        json!({"status": "failed", "error": {"code": "nope", "message": "M.", "retryable": false}}),
        json!({"status": "done", "data": {}}),
    ] {
        assert!(!envelope.is_valid(&with(bad.clone())), "{bad}");
    }
}

#[test]
fn output_schemas_require_no_field_of_zooms() {
    for action in ["get_user", "get_user_settings", "get_meeting_invitation"] {
        assert!(
            !read(&format!("{action}.output"))
                .to_string()
                .contains("\"required\""),
            "{action}"
        );
    }
    for (action, list) in [("list_users", "users"), ("list_meetings", "meetings")] {
        let output = read(&format!("{action}.output"));
        assert!(
            !output["properties"][list]
                .to_string()
                .contains("\"required\""),
            "{action}"
        );
        assert_eq!(output["required"], json!([list, "count", "complete"]));
    }
}
