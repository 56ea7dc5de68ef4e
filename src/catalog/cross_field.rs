//! The rules that the parameters of an update must hold together, as JSON Schema: at least one change, of one form of the
//! body, and none given twice. Begin with [`of_update`], which walks the update's table.

use crate::protocol::json::within;
use crate::zoom::update::clearable;
use crate::zoom::update::fields::{Field, Kind, Role, Table};
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

/// Returns the rules of the update that `table` describes.
#[must_use]
pub fn of_update(table: &Table) -> Value {
    let option = table.parameters.iter().find(|field| field.name == "option");
    let forms: &[&str] = match option.map(|field| field.kind) {
        Some(Kind::Word(forms)) => forms,
        _ => &[],
    };
    let all = std::iter::once(None).chain(forms.iter().copied().map(Some));
    let rules = all.map(|form| {
        let rule = of_form(table, form);
        match form {
            _ if forms.is_empty() => rule,
            None => json!({ "if": { "not": { "required": ["option"] } }, "then": rule }),
            Some(form) => json!({
                "if": { "required": ["option"], "properties": { "option": { "const": form } } },
                "then": rule,
            }),
        }
    });

    Value::Array(rules.collect())
}

/// The rules of one form of the body.
fn of_form(table: &Table, form: Option<&str>) -> Value {
    let (mut one_of_these, mut closed, mut not_twice) = (Vec::new(), Map::new(), Vec::new());
    let root = table.settings_root();
    let changes = table
        .parameters
        .iter()
        .filter(|field| matches!(field.role, Role::Body(_)));

    for field in changes {
        let Some(path) = field.path(form) else {
            closed.insert(field.name.to_owned(), Value::Bool(false));
            continue;
        };
        one_of_these.push(given(field));
        if let Some(inside) = root.and_then(|root| within(path, root)) {
            not_twice.push(not_both(
                field.name,
                &json!({}),
                "settings",
                &nested(inside),
            ));
        }
    }

    let clearable = if table.is_update() {
        clearable(table, form)
    } else {
        Vec::new()
    };

    for (name, path, _) in &clearable {
        let clears = json!({ "contains": { "const": name } });
        if let Some(field) = table.at(path, form) {
            not_twice.push(not_both(field.name, &json!({}), "clear", &clears));
        }
        if let Some(inside) = root.and_then(|root| within(path, root)) {
            not_twice.push(not_both("settings", &nested(inside), "clear", &clears));
        }
    }

    let names: Vec<&str> = clearable.iter().map(|(name, ..)| name.as_str()).collect();
    if table.is_update() {
        closed.insert("clear".to_owned(), json!({ "items": { "enum": names } }));
    }

    one_of_these
        .push(json!({ "required": ["clear"], "properties": { "clear": { "minItems": 1 } } }));

    if let Some(settings) = table
        .parameters
        .iter()
        .find(|field| field.name == "settings")
    {
        one_of_these.push(given(settings));
        let others: Map<String, Value> = fields_of_other_forms(table, form)
            .map(|name| (name.to_owned(), Value::Bool(false)))
            .collect();
        if !others.is_empty() {
            closed.insert("settings".to_owned(), json!({ "properties": others }));
        }
    }

    let mut rule = json!({ "properties": closed });
    if let Some(map) = rule.as_object_mut().filter(|_| table.is_update()) {
        map.insert("anyOf".to_owned(), Value::Array(one_of_these));
    }

    if let Some(map) = rule.as_object_mut().filter(|_| !not_twice.is_empty()) {
        map.insert("allOf".to_owned(), Value::Array(not_twice));
    }

    rule
}

/// The fields of `settings` that only other forms of the body have.
fn fields_of_other_forms<'t>(
    table: &'t Table,
    form: Option<&'t str>,
) -> impl Iterator<Item = &'static str> + 't {
    let here = table.documented(form).copied().unwrap_or_default();
    let all = table.settings.iter().flat_map(|(_, object)| object.all());
    all.map(|(name, _)| name)
        .filter(move |name| here.field(name).is_none())
}

/// The parameter is there, and changes something.
fn given(field: &Field) -> Value {
    let name = field.name;
    if matches!(field.kind, Kind::Object(_)) {
        let something = json!({ "not": { "$ref": format!("#/$defs/{EMPTY}") } });
        json!({ "required": [name], "properties": { name: something } })
    } else {
        json!({ "required": [name] })
    }
}

/// Not both of two parameters are given, each as its schema says.
fn not_both(one: &str, is: &Value, other: &str, and_is: &Value) -> Value {
    json!({ "not": { "required": [one, other], "properties": { one: is, other: and_is } } })
}

/// An object that holds something at a dotted path.
fn nested(path: &str) -> Value {
    match path.split_once('.') {
        None => json!({ "required": [path] }),
        Some((key, rest)) => json!({ "required": [key], "properties": { key: nested(rest) } }),
    }
}
