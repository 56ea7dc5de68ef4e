//! The JSON Schema of a fixture: the file's own keys, with the schema of the envelope in its place.

use super::schemas::DIALECT;
use crate::fixtures::exchange::Fixture;
use crate::protocol::meta::NEVER_THE_SAME;
use crate::protocol::parameter;
use serde_json::{Value, json};

/// Returns the schema of a fixture.
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
        required.retain(|key| !NEVER_THE_SAME.iter().any(|volatile| key == volatile));
    }

    let mut schema = json!({ "$schema": DIALECT, "title": "Fixture" });
    let fields = parameter::schema::<Fixture>();
    if let (Some(schema), Value::Object(fields)) = (schema.as_object_mut(), fields) {
        schema.extend(fields.into_iter().filter(|(key, _)| key != "title"));
        schema.insert("$defs".to_owned(), definitions);
    }

    if let Some(place) = schema.pointer_mut("/properties/envelope") {
        *place = envelope;
    }

    schema
}
