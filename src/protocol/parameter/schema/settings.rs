//! What is known of the fields inside `settings`: a field that has a parameter of its own has the same type there. Knows schemas, no field.

use crate::protocol::json;
use serde_json::{Map, Value};

/// Adds to the schema of `settings` the fields that other parameters put into the same object (`x-zoom-field`), so
/// that a wrong type is found on either way.
pub(super) fn spread(schema: &mut Value) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(root) = properties
        .get("settings")
        .and_then(|settings| settings.get("x-zoom-field"))
    else {
        return;
    };
    let root = root.as_str().unwrap_or_default().to_owned();
    let mut known = Map::new();
    for (name, property) in properties.iter().filter(|(name, _)| *name != "settings") {
        let Some(property) = property.as_object() else {
            continue;
        };
        let keys = property
            .iter()
            .filter(|(key, _)| *key == "x-zoom-field" || key.starts_with("x-zoom-field-"));
        for path in keys.filter_map(|(_, path)| path.as_str()) {
            let Some(inside) = json::within(path, &root) else {
                continue;
            };
            let mut plain = property.clone();
            plain.retain(|key, _| {
                !key.starts_with("x-") && !matches!(key.as_str(), "description" | "examples")
            });
            plain.insert(
                "description".to_owned(),
                Value::from(format!("As the parameter `{name}`.")),
            );
            place(&mut known, inside, Value::Object(plain));
        }
    }
    if let Some(settings) = properties
        .get_mut("settings")
        .and_then(Value::as_object_mut)
    {
        settings.insert("properties".to_owned(), Value::Object(known));
    }
}

/// Puts a schema at a dotted path of properties.
fn place(properties: &mut Map<String, Value>, path: &str, schema: Value) {
    match path.split_once('.') {
        None => {
            // An object that is both a parameter and the place of others keeps what is known of its fields.
            let inner = properties
                .get(path)
                .and_then(|there| json::at(there, "properties"))
                .cloned();
            properties.insert(path.to_owned(), schema);
            if let (Some(inner), Some(Value::Object(map))) = (inner, properties.get_mut(path)) {
                map.insert("properties".to_owned(), inner);
            }
        }
        Some((key, rest)) => {
            let description =
                format!("Zoom's `{key}`: the fields that are parameters, and any of its others.");
            let block = properties.entry(key).or_insert_with(
                || serde_json::json!({ "description": description, "type": "object" }),
            );
            if let Some(block) = block.as_object_mut()
                && let Value::Object(inner) = block
                    .entry("properties")
                    .or_insert_with(|| Value::Object(Map::new()))
            {
                place(inner, rest, schema);
            }
        }
    }
}
