//! One value against its schema: converted where a host may send text, checked everywhere. Knows JSON Schema's words, no parameter's name.

use crate::protocol::json::{self, kind};
use crate::protocol::suggest::{nearest, quoted};
use serde_json::{Map, Number, Value};

/// The JSON Schema keywords that a parameter's schema may use: those that are enforced here or by the type
/// (`pattern`), and those that only tell (`description`, `x-...`).
pub const KEYWORDS: &[&str] = &[
    "type",
    "enum",
    "const",
    "oneOf",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "pattern",
    "default",
    "examples",
    "description",
    "title",
    "format",
    "deprecated",
    "writeOnly",
    "$schema",
];

/// A value that does not fit: where, and what was expected, as the rest of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CoerceError {
    /// The dotted path.
    pub field: String,
    /// `must be a whole number, not "x"`.
    pub expected: String,
}

fn misfit(field: &str, expected: impl Into<String>) -> CoerceError {
    CoerceError {
        field: field.to_owned(),
        expected: expected.into(),
    }
}

/// Converts `value` by the coercion rule where its type is not the schema's, then checks it.
pub(super) fn fit(value: Value, schema: &Value, field: &str) -> Result<Value, CoerceError> {
    let value = convert(value, schema, field)?;
    check(&value, schema, field)?;
    Ok(value)
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        // An enum with documented values is a `oneOf` of constants.
        _ => schema
            .get("oneOf")
            .and_then(|choices| choices.get(0))
            .map(types)
            .unwrap_or_default(),
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(is_whole),
        _ => false,
    }
}

fn is_whole(number: f64) -> bool {
    number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0
}

fn convert(value: Value, schema: &Value, field: &str) -> Result<Value, CoerceError> {
    let types = types(schema);
    if types.is_empty() {
        return Ok(value);
    }
    if types.iter().any(|name| is_a(&value, name)) {
        return match (value, schema.get("items")) {
            (Value::Array(items), Some(item)) => list(items, item, field),
            (Value::Object(map), _)
                if schema.get("additionalProperties") == Some(&Value::Bool(false)) =>
            {
                Ok(Value::Object(whole_inside(map, schema)))
            }
            (Value::Number(number), _) if types.contains(&"integer") => {
                Ok(Value::Number(whole(number)))
            }
            (value, _) => Ok(value),
        };
    }
    let converted = match (types.first().copied().unwrap_or_default(), &value) {
        ("boolean", Value::String(text)) => boolean(text.trim()),
        ("boolean", Value::Number(number)) => match number.as_f64() {
            Some(0.0) => Some(Value::Bool(false)),
            Some(1.0) => Some(Value::Bool(true)),
            _ => None,
        },
        ("integer", Value::String(text)) => integer(text.trim()),
        ("number", Value::String(text)) => text
            .trim()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        ("string", Value::Number(number)) => Some(Value::String(whole(number.clone()).to_string())),
        ("array", Value::String(text)) => return list_of_text(text, schema, field),
        ("object", Value::String(text)) => return object_of_text(text, field),
        _ => None,
    };
    converted.ok_or_else(|| {
        misfit(
            field,
            format!("must be {}, not {}", wanted(schema), shown(&value)),
        )
    })
}

/// The same for the fields of an object whose fields are all known. Texts in it are not converted.
fn whole_inside(map: Map<String, Value>, schema: &Value) -> Map<String, Value> {
    let inside = |key: &str| schema.get("properties").and_then(|known| known.get(key));
    map.into_iter()
        .map(|(key, value)| {
            let value = match (value, inside(&key)) {
                (Value::Number(number), Some(property)) if types(property).contains(&"integer") => {
                    Value::Number(whole(number))
                }
                (value, _) => value,
            };
            (key, value)
        })
        .collect()
}

/// 5.0 is a whole number to JSON Schema, so it is one here.
fn whole(number: Number) -> Number {
    match number.as_f64() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "`is_whole` bounds it to 2^53"
        )]
        Some(float) if number.is_f64() && is_whole(float) => Number::from(float as i64),
        _ => number,
    }
}

fn boolean(text: &str) -> Option<Value> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(Value::Bool(true)),
        "false" | "0" | "no" | "off" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn integer(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<u64>().map(Value::from))
        .ok()
}

fn list(items: Vec<Value>, item: &Value, field: &str) -> Result<Value, CoerceError> {
    let items = items.into_iter().enumerate();
    items
        .map(|(index, value)| convert(value, item, &format!("{field}.{index}")))
        .collect::<Result<_, _>>()
        .map(Value::Array)
}

fn list_of_text(text: &str, schema: &Value, field: &str) -> Result<Value, CoerceError> {
    let item = schema.get("items").unwrap_or(&Value::Null);
    let objects = types(item).contains(&"object");
    if objects || text.trim_start().starts_with('[') {
        return match json::read(text.trim()) {
            Ok(Value::Array(items)) => list(items, item, field),
            Ok(other) => Err(misfit(
                field,
                format!("must be a list, not {}", shown(&other)),
            )),
            Err(error) => Err(misfit(
                field,
                format!("must be a list as JSON text, and does not parse: {error}"),
            )),
        };
    }
    let items: Vec<Value> = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(Value::from)
        .collect();
    if items.is_empty() && !text.trim().is_empty() {
        return Err(misfit(
            field,
            "holds nothing but commas; leave it empty, or give [] to empty the list",
        ));
    }
    list(items, item, field)
}

fn object_of_text(text: &str, field: &str) -> Result<Value, CoerceError> {
    match json::read(text.trim()) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(other) => Err(misfit(
            field,
            format!("must be an object, not {}", shown(&other)),
        )),
        Err(error) => Err(misfit(
            field,
            format!("must be an object as JSON text, and does not parse: {error}"),
        )),
    }
}

/// Checks all that a schema says, converting nothing.
fn check(value: &Value, schema: &Value, field: &str) -> Result<(), CoerceError> {
    let types = types(schema);
    if !types.is_empty() && !types.iter().any(|name| is_a(value, name)) {
        return Err(misfit(
            field,
            format!("must be {}, not {}", wanted(schema), shown(value)),
        ));
    }
    let choices = choices(schema);
    if !choices.is_empty() && !choices.iter().any(|choice| same(choice, value)) {
        return Err(misfit(
            field,
            format!("must be {}, not {}", wanted(schema), shown(value)),
        ));
    }
    match value {
        Value::Number(number) => check_number(number, schema, field),
        Value::String(text) => check_text(text, schema, field),
        Value::Array(items) => check_list(items, schema, field),
        Value::Object(map) => check_object(map, schema, field),
        _ => Ok(()),
    }
}

fn choices(schema: &Value) -> Vec<&Value> {
    match (schema.get("enum"), schema.get("oneOf")) {
        (Some(Value::Array(values)), _) => values.iter().collect(),
        (_, Some(Value::Array(options))) => options
            .iter()
            .filter_map(|option| option.get("const"))
            .collect(),
        _ => schema.get("const").into_iter().collect(),
    }
}

fn same(choice: &Value, value: &Value) -> bool {
    choice == value
        || (choice.is_number() && value.is_number() && choice.as_f64() == value.as_f64())
}

fn check_number(number: &Number, schema: &Value, field: &str) -> Result<(), CoerceError> {
    // Whole numbers are compared as such: 2^63 is not 2^63-1, though their floats are the same.
    let order = |bound: &Value| match (
        number.as_i128(),
        bound.as_number().and_then(Number::as_i128),
    ) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => number
            .as_f64()
            .zip(bound.as_f64())
            .and_then(|(a, b)| a.partial_cmp(&b)),
    };
    let below = schema
        .get("minimum")
        .and_then(order)
        .is_some_and(std::cmp::Ordering::is_lt);
    let above = schema
        .get("maximum")
        .and_then(order)
        .is_some_and(std::cmp::Ordering::is_gt);
    if below || above {
        return Err(misfit(
            field,
            format!("must be {}, not {number}", wanted(schema)),
        ));
    }
    Ok(())
}

fn bound(schema: &Value, keyword: &str) -> Option<usize> {
    schema
        .get(keyword)
        .and_then(Value::as_u64)
        .and_then(|bound| usize::try_from(bound).ok())
}

fn check_text(text: &str, schema: &Value, field: &str) -> Result<(), CoerceError> {
    let length = text.chars().count();
    if let Some(most) = bound(schema, "maxLength").filter(|most| length > *most) {
        return Err(misfit(
            field,
            format!("must have at most {most} characters, and has {length}"),
        ));
    }
    if let Some(least) = bound(schema, "minLength").filter(|least| length < *least) {
        return Err(misfit(
            field,
            format!("must have at least {least} characters, and has {length}"),
        ));
    }
    Ok(())
}

fn check_list(items: &[Value], schema: &Value, field: &str) -> Result<(), CoerceError> {
    if let Some(most) = bound(schema, "maxItems").filter(|most| items.len() > *most) {
        return Err(misfit(
            field,
            format!("must have at most {most} items, and has {}", items.len()),
        ));
    }
    if let Some(least) = bound(schema, "minItems").filter(|least| items.len() < *least) {
        return Err(misfit(
            field,
            format!("must have at least {least} items, and has {}", items.len()),
        ));
    }
    let Some(item) = schema.get("items") else {
        return Ok(());
    };
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, value)| check(value, item, &format!("{field}.{index}")))
}

fn check_object(map: &Map<String, Value>, schema: &Value, field: &str) -> Result<(), CoerceError> {
    let empty = Map::new();
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let open = schema.get("additionalProperties") != Some(&Value::Bool(false));
    for (key, value) in map {
        let inner = format!("{field}.{}", key.chars().take(64).collect::<String>());
        match properties.get(key) {
            Some(property) => check(value, property, &inner)?,
            None if open => {}
            None => {
                let near = nearest(key, properties.keys().map(String::as_str));
                let near = near
                    .map(|name| format!("; \"{name}\" is"))
                    .unwrap_or_default();
                return Err(misfit(
                    &inner,
                    format!("is no field that is known here{near}"),
                ));
            }
        }
    }
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !map.contains_key(name) {
            return Err(misfit(&format!("{field}.{name}"), "is missing"));
        }
    }
    Ok(())
}

/// The largest number that a schema allows, where people should be told: not where it is only what fits into 64 bits.
#[must_use]
pub fn documented_maximum(schema: &Value) -> Option<&Value> {
    let most = schema.get("maximum")?;
    (most.as_u64() != Some(i64::MAX as u64) && most.as_u64() != Some(u64::MAX)).then_some(most)
}

/// What a schema wants, for a message.
fn wanted(schema: &Value) -> String {
    let choices = choices(schema);
    if !choices.is_empty() {
        let names: Vec<String> = choices.iter().map(|choice| choice.to_string()).collect();
        return format!("one of {}", names.join(", "));
    }
    let kinds: Vec<&str> = types(schema)
        .into_iter()
        .map(|name| match name {
            "boolean" => "true or false",
            "integer" => "a whole number",
            "string" => "a text",
            "array" => "a list",
            "object" => "an object",
            other => other,
        })
        .collect();
    let range = match (schema.get("minimum"), documented_maximum(schema)) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    };
    format!("{}{range}", kinds.join(" or "))
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        other => kind(other).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fitted(value: Value, schema: &Value) -> Result<Value, String> {
        fit(value, schema, "x").map_err(|misfit| format!("{} {}", misfit.field, misfit.expected))
    }

    #[test]
    fn every_row_of_the_coercion_rule_holds() {
        let rows = [
            (json!({"type": "boolean"}), json!("YES"), json!(true)),
            (json!({"type": "boolean"}), json!("off"), json!(false)),
            (json!({"type": "boolean"}), json!(0), json!(false)),
            (json!({"type": "boolean"}), json!(1), json!(true)),
            (json!({"type": "integer"}), json!(" 500 "), json!(500)),
            (json!({"type": "integer"}), json!("-7"), json!(-7)),
            (json!({"type": "integer"}), json!(5.0), json!(5)),
            (json!({"type": "string"}), json!(12345), json!("12345")),
            (
                json!({"type": "array", "items": {"type": "string"}}),
                json!("a, b,,c"),
                json!(["a", "b", "c"]),
            ),
            (
                json!({"type": "array", "items": {"type": "string"}}),
                json!("[]"),
                json!([]),
            ),
            (json!({"type": "string"}), json!(100.0), json!("100")),
            (
                json!({"type": "array", "items": {"type": "integer"}}),
                json!("1,2"),
                json!([1, 2]),
            ),
            (
                json!({"type": "array", "items": {"type": "object"}}),
                json!("[{\"a\":\"1\"}]"),
                json!([{"a": "1"}]),
            ),
            (
                json!({"type": "object"}),
                json!("{\"a\":\"true\"}"),
                json!({"a": "true"}),
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}),
                json!({"a": 2.0}),
                json!({"a": 2}),
            ),
        ];
        for (schema, given, wanted) in rows {
            assert_eq!(fitted(given.clone(), &schema), Ok(wanted), "{given}");
        }
    }

    #[test]
    fn what_does_not_fit_says_what_was_expected() {
        let rows = [
            (
                json!({"type": "boolean"}),
                json!("maybe"),
                "x must be true or false, not \"maybe\"",
            ),
            (
                json!({"type": "boolean"}),
                json!(2),
                "x must be true or false, not 2",
            ),
            (
                json!({"type": "integer", "minimum": 1, "maximum": 300}),
                json!(301),
                "x must be a whole number from 1 to 300, not 301",
            ),
            (
                json!({"type": "integer"}),
                json!("1e3"),
                "x must be a whole number, not \"1e3\"",
            ),
            (
                json!({"type": "string"}),
                json!(true),
                "x must be a text, not true",
            ),
            (
                json!({"type": "array", "items": {"type": "string"}}),
                json!(" , ,"),
                "x holds nothing but commas; leave it empty, or give [] to empty the list",
            ),
            (
                json!({"type": "string", "maxLength": 2}),
                json!("äöü"),
                "x must have at most 2 characters, and has 3",
            ),
            (
                json!({"type": "string", "enum": ["a", "b"]}),
                json!("c"),
                "x must be one of \"a\", \"b\", not \"c\"",
            ),
            (
                json!({"type": "array", "items": {"type": "integer"}}),
                json!([1, "z"]),
                "x.1 must be a whole number, not \"z\"",
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "boolean"}}}),
                json!({"a": "true"}),
                "x.a must be true or false, not \"true\"",
            ),
            (
                json!({"type": "object", "properties": {"code": {}}, "additionalProperties": false}),
                json!({"cod": 1}),
                "x.cod is no field that is known here; \"code\" is",
            ),
        ];
        for (schema, given, wanted) in rows {
            assert_eq!(
                fitted(given.clone(), &schema),
                Err(wanted.to_owned()),
                "{given}"
            );
        }
    }
}
