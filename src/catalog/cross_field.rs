//! What the parameters of an update must hold together, in the schema's words: at least one change, of one form, and none given twice. Knows how parameters find their place in Zoom's body, no action.

use crate::protocol::json::within;
use crate::zoom::update::{Place, place};
use serde_json::{Map, Value, json};

/// The name of the definition of an object that changes nothing.
pub const EMPTY: &str = "empty";

/// An object in which there is nothing, or only such objects.
#[must_use]
pub fn empty() -> Value {
    json!({
        "description": "An object that changes nothing.",
        "type": "object",
        "additionalProperties": { "$ref": format!("#/$defs/{EMPTY}") },
    })
}

/// The rules of an update with this schema; `None` for an action that is none.
#[must_use]
pub fn of_update(schema: &Value) -> Option<Value> {
    let properties = schema.get("properties")?.as_object()?;
    let is_change = |property: &Value| {
        property
            .as_object()
            .is_some_and(|map| map.keys().any(|key| key.starts_with("x-zoom-field")))
    };
    let changes: Vec<(&String, &Value)> = properties
        .iter()
        .filter(|(name, property)| *name != "settings" && is_change(property))
        .collect();
    if changes.is_empty() {
        return None;
    }
    let root = properties
        .get("settings")
        .and_then(|settings| settings.get("x-zoom-field")?.as_str());
    let forms = properties.get("option").map(forms).unwrap_or_default();
    let rules = std::iter::once(None)
        .chain(forms.iter().copied().map(Some))
        .map(|form| {
            let rule = of_form(&changes, root, form);
            match form {
                _ if forms.is_empty() => rule,
                None => json!({ "if": { "not": { "required": ["option"] } }, "then": rule }),
                Some(form) => json!({
                    "if": { "required": ["option"], "properties": { "option": { "const": form } } },
                    "then": rule,
                }),
            }
        });
    Some(Value::Array(rules.collect()))
}

/// The values of `option`.
fn forms(option: &Value) -> Vec<&str> {
    let listed = option
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let told = option
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    listed
        .chain(told.filter_map(|choice| choice.get("const")))
        .filter_map(Value::as_str)
        .collect()
}

/// What holds for one form of the body.
fn of_form(changes: &[(&String, &Value)], root: Option<&str>, form: Option<&str>) -> Value {
    let (mut one_of_these, mut others, mut not_twice) = (Vec::new(), Map::new(), Vec::new());
    let mut taken = Vec::new();
    for (name, property) in changes {
        match place(property, form) {
            Place::Path(path) => {
                one_of_these.push(given(name, property));
                if let Some(inside) = root.and_then(|root| within(&path, root)) {
                    not_twice.push(not_both(name, "settings", inside));
                }
                taken.push((name.as_str(), path));
            }
            Place::OtherForm | Place::Identity => {
                others.insert((*name).clone(), Value::Bool(false));
            }
        }
    }
    // A parameter may be the object that another one is a field of.
    for (name, path) in &taken {
        let inner = taken
            .iter()
            .filter_map(|(field, inner)| Some((field, within(inner, path)?)));
        not_twice.extend(inner.map(|(field, inside)| not_both(field, name, inside)));
    }
    if root.is_some() {
        one_of_these.push(given("settings", &json!({ "type": "object" })));
    }
    let mut rule = json!({ "anyOf": one_of_these });
    if let Some(map) = rule.as_object_mut() {
        if !others.is_empty() {
            map.insert("properties".to_owned(), Value::Object(others));
        }
        if !not_twice.is_empty() {
            map.insert("allOf".to_owned(), Value::Array(not_twice));
        }
    }
    rule
}

/// The parameter is there, and changes something.
fn given(name: &str, property: &Value) -> Value {
    let mut rule = json!({ "required": [name] });
    if property.get("type") == Some(&Value::from("object"))
        && let Some(map) = rule.as_object_mut()
    {
        let something = json!({ "not": { "$ref": format!("#/$defs/{EMPTY}") } });
        map.insert("properties".to_owned(), json!({ name: something }));
    }
    rule
}

/// `name` and the field `inside` of `object` are not both given.
fn not_both(name: &str, object: &str, inside: &str) -> Value {
    json!({ "not": { "required": [name, object], "properties": { object: nested(inside) } } })
}

/// An object that holds something at a dotted path.
fn nested(path: &str) -> Value {
    match path.split_once('.') {
        None => json!({ "required": [path] }),
        Some((key, rest)) => json!({ "required": [key], "properties": { key: nested(rest) } }),
    }
}
