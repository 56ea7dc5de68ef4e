//! The JSON Schema of a fixture: its three files, each as a property of that name. Knows their forms, not how they are played.

use super::schemas::DIALECT;
use crate::fixtures::exchange::{Exchanges, VERSION};
use crate::protocol::meta::NEVER_THE_SAME;
use crate::protocol::parameter;
use serde_json::{Value, json};

/// The schema of a fixture.
#[must_use]
pub fn fixture() -> Value {
    let mut envelope = super::envelope::envelope();
    let mut definitions = json!({});
    if let Some(map) = envelope.as_object_mut() {
        map.shift_remove("$schema");
        // The references in it begin at the root of the document, which it no longer is.
        definitions = map.shift_remove("$defs").unwrap_or_default();
    }
    if let Some(Value::Array(required)) = definitions.pointer_mut("/meta/required") {
        required.retain(|key| !NEVER_THE_SAME.iter().any(|aside| key == aside));
    }
    let mut exchanges = parameter::schema::<Exchanges>().clone();
    if let Some(map) = exchanges.as_object_mut() {
        map.shift_remove("title");
    }
    json!({
        "$schema": DIALECT,
        "title": "Fixture",
        "description": format!("A recorded run: a directory with three files, each of which is a property here. This is version {VERSION} of the form."),
        "type": "object",
        "properties": {
            "request.json": { "description": "The bytes on stdin, whatever they are; schemas/request.json says what a good request is." },
            "exchanges.json": exchanges,
            "envelope.json": envelope,
        },
        "required": ["request.json", "exchanges.json", "envelope.json"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}
