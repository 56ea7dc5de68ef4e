//! Makes schemas from types, as they are published: the generator's settings, and what is mended behind it. Knows no type.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

/// The schema of what is given: closed, without references, without `null`.
pub(super) fn of_parameters<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    Tidy.transform(&mut schema);
    schema.to_value()
}

/// The schema of an answer: open, since Zoom adds fields, and with `null` where a value may be missing.
#[must_use]
pub fn schema_of_answer<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    Joined.transform(&mut schema);
    schema.to_value()
}

/// What its readers are told, and the program never asks of a schema. (Defaults are the types' own.)
const ANNOTATIONS: [&str; 6] = [
    "title",
    "description",
    "examples",
    "default",
    "deprecated",
    "writeOnly",
];

/// `schema` without what it only tells its readers: all that the program reads to convert and check values.
#[must_use]
pub fn enforced(schema: &Value) -> Value {
    match schema {
        Value::Array(all) => all.iter().map(enforced).collect(),
        Value::Object(map) => {
            let kept = map
                .iter()
                .filter(|(key, _)| !ANNOTATIONS.contains(&key.as_str()));
            let kept = kept.map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    // The names of fields, which may be such words; and values.
                    ("properties", Value::Object(fields)) => fields
                        .iter()
                        .map(|(name, field)| (name.clone(), enforced(field)))
                        .collect(),
                    ("const" | "enum", value) => value.clone(),
                    // The type enforces it; that there is one is all that is asked.
                    ("pattern", _) => Value::from(""),
                    (_, value) => enforced(value),
                };
                (key.clone(), value)
            });
            Value::Object(kept.collect())
        }
        plain => plain.clone(),
    }
}

/// Takes `null` out of optional values, widths of Rust's integers, and line breaks out of descriptions.
#[derive(Clone, Debug)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        if let Some(map) = schema.as_object_mut() {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type") != Some(&Value::from("null")));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    map.remove("anyOf");
                    for (key, value) in only {
                        map.entry(key).or_insert(value);
                    }
                }
            }
            if map.get("default") == Some(&Value::Null) {
                map.remove("default");
            }
            // The widths of Rust's integers are bounds too. An enumeration has narrower ones.
            let most = match map.get("format").and_then(Value::as_str) {
                Some("int64") => Some(Value::from(i64::MAX)),
                Some("uint64") => Some(Value::from(u64::MAX)),
                _ => None,
            };
            if let Some(most) = most.filter(|_| !map.contains_key("enum")) {
                map.entry("maximum").or_insert(most);
            }
        }
        Joined.transform_one(schema);
        transform_subschemas(self, schema);
    }
}

/// Takes widths of Rust's integers and line breaks in descriptions out.
#[derive(Clone, Debug)]
struct Joined;

impl Transform for Joined {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        self.transform_one(schema);
        transform_subschemas(self, schema);
    }
}

impl Joined {
    #[expect(
        clippy::unused_self,
        reason = "it reads as the step of the transform that it is"
    )]
    fn transform_one(&self, schema: &mut schemars::Schema) {
        if let Some(map) = schema.as_object_mut() {
            let width = map
                .get("format")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if ["int", "uint", "double", "float"]
                .iter()
                .any(|rust| width.starts_with(rust))
            {
                map.remove("format");
            }
            if let Some(Value::String(text)) = map.get_mut("description")
                && text.contains('\n')
            {
                *text = text
                    .split("\n\n")
                    .map(|block| block.replace('\n', " "))
                    .collect::<Vec<_>>()
                    .join("\n\n");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_only_tells_is_not_enforced() {
        let schema = json!({
            "title": "T", "description": "D", "type": "object", "required": ["title"],
            "properties": {
                "title": {"type": "string", "description": "A field of that name.", "pattern": "^x$", "x-zoom-field": "title"},
                "examples": {"type": "array", "items": {"description": "I", "enum": ["description"]}, "examples": [[]]},
                "one": {"oneOf": [{"const": {"title": 1}, "description": "C"}], "default": {"title": 2}},
            },
        });
        let wanted = json!({
            "type": "object", "required": ["title"],
            "properties": {
                "title": {"type": "string", "pattern": "", "x-zoom-field": "title"},
                "examples": {"type": "array", "items": {"enum": ["description"]}},
                "one": {"oneOf": [{"const": {"title": 1}}]},
            },
        });
        assert_eq!(enforced(&schema), wanted);
    }
}
