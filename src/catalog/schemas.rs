//! The JSON Schemas (2020-12) of requests, of each action's parameters and of its data.

use super::cross_field;
use crate::action::Entry;
use crate::actions;
use crate::protocol::parameter;
use crate::protocol::resource;
use crate::protocol::{MAX_REQUEST, VERSION};
use serde_json::{Map, Value, json};

/// The dialect of all schemas.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a request: what all have in common, and one branch for each action.
#[must_use]
pub fn request() -> Value {
    let mut definitions = Map::new();
    definitions.insert(
        "resource".to_owned(),
        parameter::schema::<resource::Fields>(),
    );

    let mut branches = Vec::new();
    for entry in actions::all() {
        let input = ruled(entry);
        let mut required = vec!["action"];
        if input.get("required").is_some() {
            required.push("parameters");
        }
        branches.push(json!({
            "title": entry.title,
            "properties": { "action": { "const": entry.id }, "parameters": { "$ref": format!("#/$defs/{}", entry.id) } },
            "required": required,
        }));
        definitions.insert(entry.id.to_owned(), input);
    }

    definitions.insert(cross_field::EMPTY.to_owned(), cross_field::empty());
    let limit = MAX_REQUEST >> 20;

    json!({
        "$schema": DIALECT,
        "title": "Request",
        "description": format!("One request, at most {limit} MiB of UTF-8. Values are described in their typed form; the text forms that hosts send are accepted besides: true/false, yes/no, on/off and 1/0 for a boolean, digits for a number, a comma-separated text for a list, JSON text for an object. null, an empty text and white space alone mean that a value is not given."),
        "type": "object",
        "properties": {
            "action": { "type": "string", "description": "The action's id. Its title is accepted as well, in any case." },
            "parameters": { "type": "object", "description": "The action's parameters.", "default": {} },
            "resource": { "$ref": "#/$defs/resource" },
            "id": { "type": ["string", "number"], "description": "The caller's id for the request, repeated in the envelope." },
            "protocol": { "const": VERSION, "description": "The version of the protocol, of which there is one." },
        },
        "required": ["action", "resource"],
        "additionalProperties": false,
        "oneOf": branches,
        "$defs": definitions,
    })
}

/// The schema of an action's parameters: closed.
#[must_use]
pub fn input(entry: &Entry) -> Value {
    let mut schema = ruled(entry);
    if let Some(map) = schema.as_object_mut()
        && map.contains_key("allOf")
    {
        map.insert(
            "$defs".to_owned(),
            json!({ cross_field::EMPTY: cross_field::empty() }),
        );
    }

    in_dialect(schema)
}

/// The schema of an action's parameters, with the rules that they must hold together.
fn ruled(entry: &Entry) -> Value {
    let mut schema = titled((entry.input)(), entry.title);
    if let (Some(table), Some(map)) = (entry.update, schema.as_object_mut()) {
        map.insert("allOf".to_owned(), cross_field::of_update(table));
    }
    schema
}

/// The schema of an action's `data`: open, since Zoom adds fields.
#[must_use]
pub fn output(entry: &Entry) -> Value {
    in_dialect(titled((entry.output)(), &format!("{}: data", entry.title)))
}

fn titled(mut schema: Value, title: &str) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.shift_remove("title");
        map.shift_insert(0, "title".to_owned(), Value::from(title));
    }
    schema
}

fn in_dialect(mut schema: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.shift_insert(0, "$schema".to_owned(), Value::from(DIALECT));
    }
    schema
}
