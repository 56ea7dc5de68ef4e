//! The JSON Schema of the envelope, both outcomes, with the error codes of the failure table.

use super::schemas::DIALECT;
use crate::protocol::VERSION;
use crate::protocol::failure::Code;
use serde_json::{Value, json};

/// The schema of an envelope.
#[must_use]
pub fn envelope() -> Value {
    json!({
        "$schema": DIALECT,
        "title": "Envelope",
        "description": "The answer to one request. Keys that have nothing to say are left out; readers must not rely on the order of keys, nor on there being no others.",
        "type": "object",
        "properties": {
            "protocol": { "const": VERSION },
            "status": { "enum": ["success", "failed"] },
            "id": { "type": ["string", "number"], "description": "The request's id, as written." },
            "line": { "type": "integer", "minimum": 1, "description": "The request's line in a batch, from 1." },
            "action": { "type": "string", "description": "The action's id; where there is none of that name, what was given." },
            "label": { "type": "string", "description": "The resource's label." },
            "message": { "type": "string", "minLength": 1, "description": "One sentence for a person." },
            "data": { "type": "object", "description": "What was asked for; schemas/ACTION.output.json says what it holds. Of a failed run: what is known all the same, such as the pages that had come." },
            "error": { "$ref": "#/$defs/error" },
            "meta": { "$ref": "#/$defs/meta" },
        },
        "required": ["protocol", "status", "message", "meta"],
        "oneOf": [
            { "title": "Success", "properties": { "status": { "const": "success" }, "error": false }, "required": ["data", "action", "label"] },
            { "title": "Failure", "properties": { "status": { "const": "failed" } }, "required": ["error"] },
        ],
        "$defs": { "error": error(), "meta": meta() },
    })
}

fn error() -> Value {
    let codes = Code::ALL.into_iter().map(code);
    json!({
        "description": "Why the run failed.",
        "type": "object",
        "properties": {
            "code": { "description": "The kind of failure; never renamed.", "oneOf": codes.collect::<Vec<_>>() },
            "message": { "type": "string", "description": "One sentence for a person, with what was asked." },
            "hint": { "type": "string", "description": "What to do about it." },
            "field": { "type": "string", "description": "The parameter or resource field at fault, dotted." },
            "line": { "type": "integer", "minimum": 1, "description": "The line in stdin, for invalid_request." },
            "column": { "type": "integer", "minimum": 1, "description": "The column in stdin, for invalid_request." },
            "retryable": { "type": "boolean", "description": "Whether the same request may succeed later." },
            "retry_after_seconds": { "type": "integer", "minimum": 0, "description": "When, where Zoom or the limit says so." },
            "change": {
                "description": "For actions that change something: what became of the change.",
                "oneOf": [
                    { "const": "none", "description": "Nothing was sent, or Zoom refused it, or none of it took." },
                    { "const": "unknown", "description": "It was sent; no answer came, or a 5xx." },
                    { "const": "partial", "description": "Some of it took." },
                    { "const": "applied", "description": "It took; something later failed." },
                ],
            },
            "scopes": { "type": "array", "items": { "type": "string" }, "description": "For missing_scope: the scopes that would do, as Zoom names them." },
            "zoom": { "$ref": "#/$defs/error/$defs/zoom" },
            "caused_by": { "type": "array", "items": { "type": "string" }, "description": "The chain of causes, outermost first." },
        },
        "required": ["code", "message", "retryable"],
        "$defs": { "zoom": zoom() },
    })
}

fn code(code: Code) -> Value {
    let info = code.info();
    json!({ "const": info.name, "description": format!("Exit {}: {}.", info.exit, info.meaning) })
}

fn zoom() -> Value {
    json!({
        "description": "What Zoom said.",
        "type": "object",
        "properties": {
            "http_status": { "type": "integer", "description": "The HTTP status." },
            "code": { "type": ["integer", "string"], "description": "Zoom's own code, or the token endpoint's word." },
            "message": { "type": "string", "description": "Zoom's sentence, or the beginning of a page that is no JSON." },
            "tracking_id": { "type": "string", "description": "The x-zm-trackingid header, which Zoom's support asks for." },
            "errors": { "description": "The fields that Zoom objected to, as it listed them." },
        },
        "required": ["http_status"],
    })
}

fn meta() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let number = json!({ "type": "integer", "minimum": 0 });
    let with = |base: &Value, told: &str| {
        let mut schema = base.clone();
        if let Some(map) = schema.as_object_mut() {
            map.insert("description".to_owned(), Value::from(told));
        }
        schema
    };

    json!({
        "description": "How the run went.",
        "type": "object",
        "properties": {
            "runner": { "type": "string", "pattern": "^zoom-runner/", "description": "The program and its version." },
            "started_at": { "type": "string", "format": "date-time", "description": "When the run started, in UTC." },
            "duration_ms": with(&number, "How long it took, in milliseconds."),
            "requests": with(&number, "HTTP requests sent, token included."),
            "retries": with(&number, "Tries beyond the first."),
            "pages": with(&number, "Pages read, for lists."),
            "token": { "enum": ["none", "minted", "cached", "renewed"], "description": "Where the access token came from." },
            "warnings": with(&texts, "What the reader should know all the same."),
            "hidden": with(&texts, "The dotted paths of masked values, lists as users.[].host_key."),
            "sandbox": { "const": true, "description": "The sandbox answered." },
        },
        "required": ["runner", "started_at", "duration_ms", "requests", "retries", "token"],
    })
}
