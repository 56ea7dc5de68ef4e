//! The paths of an answer's documented fields, as the platform writes them: `data.users.[].email`.

use serde_json::Value;

/// The paths of all documented fields of `data`, by its schema, in the schema's order, each once.
#[must_use]
pub fn of(output: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    walk(output, "data", &mut paths);
    let mut seen = std::collections::HashSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths
}

fn walk(schema: &Value, path: &str, paths: &mut Vec<String>) {
    // A value that may be missing is a choice between its schema and null.
    for choice in ["anyOf", "oneOf", "allOf"] {
        let choices = schema
            .get(choice)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for inner in choices.filter(|inner| inner.get("type").is_none_or(|kind| kind != "null")) {
            if holds_fields(inner) {
                walk(inner, path, paths);
            }
        }
    }

    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (name, inner) in properties {
            walk(inner, &format!("{path}.{}", key(name)), paths);
        }
    } else if let Some(items) = schema.get("items") {
        walk(items, &format!("{path}.[]"), paths);
    } else if path != "data" && !choices_hold_fields(schema) {
        paths.push(path.to_owned());
    }
}

fn holds_fields(schema: &Value) -> bool {
    schema.get("properties").is_some()
        || schema.get("items").is_some()
        || choices_hold_fields(schema)
}

fn choices_hold_fields(schema: &Value) -> bool {
    ["anyOf", "oneOf", "allOf"].iter().any(|choice| {
        schema
            .get(choice)
            .and_then(Value::as_array)
            .is_some_and(|choices| choices.iter().any(holds_fields))
    })
}

/// A key as a step of a path: in quotes where it is no plain word.
fn key(name: &str) -> String {
    let plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if plain {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_has_its_path_through_lists_and_optional_objects() {
        let user = json!({"type": "object", "properties": {"id": {"type": ["string", "null"]}, "tags": {"type": "array", "items": {"type": "string"}},
            "phone": {"anyOf": [{"type": "object", "properties": {"code": true}}, {"type": "null"}]}, "X-Id": {}, "open": {"type": "object"}}});
        let output =
            json!({"properties": {"users": {"type": "array", "items": user}, "count": {}}});
        let wanted = [
            "users.[].id",
            "users.[].tags.[]",
            "users.[].phone.code",
            "users.[].\"X-Id\"",
            "users.[].open",
            "count",
        ];
        assert_eq!(of(&output), wanted.map(|path| format!("data.{path}")));
    }
}
