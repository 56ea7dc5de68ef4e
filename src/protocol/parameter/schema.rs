//! The schemas of types, as they are published. Nothing that a plain request runs asks for one.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

/// Returns the schema of what is given as a `T`: closed, without references, and without `null`, which means "not given".
#[must_use]
pub fn schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    Tidy.transform(&mut schema);
    schema.to_value()
}

/// Returns the schema of an answer: open, since Zoom adds fields, and with `null` where a value may be missing.
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
            if let Some(Value::Array(choices)) = map.get_mut("enum") {
                choices.retain(|choice| !choice.is_null());
            }
            describe_meanings(map);
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

/// Adds what the numbers of an enumeration mean to its description.
fn describe_meanings(map: &mut serde_json::Map<String, Value>) {
    let list = |key: &str| map.get(key).and_then(Value::as_array);
    let (Some(numbers), Some(meanings)) = (list("enum"), list("x-meanings")) else {
        return;
    };
    let each = numbers.iter().zip(meanings);
    let each =
        each.map(|(number, meaning)| format!("{number} {}", meaning.as_str().unwrap_or_default()));
    let told = each.collect::<Vec<_>>().join(", ");

    if let Some(Value::String(description)) = map.get_mut("description") {
        description.push_str(&format!(" {told}."));
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

/// Returns the largest number that a schema allows, where people should be told: not where it is only the most digits that
/// can be held.
#[must_use]
pub fn documented_maximum(schema: &Value) -> Option<&Value> {
    let most = schema.get("maximum")?;
    let is_technical = most
        .as_u64()
        .is_some_and(|most| most >= 999_999_999_999_999_999);
    (!is_technical).then_some(most)
}
