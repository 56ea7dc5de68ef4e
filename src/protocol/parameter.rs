//! Host text to typed values: the one coercion rule, driven by the schema that is published, and the types with rules of their own. Knows no action.
//!
//! Children: `fit` (a value against its schema, with or without conversion), `id` (ids and dates),
//! `settings` (what is known of the fields inside an object that is given as such).

mod fit;
mod id;
mod settings;

pub use fit::{KEYWORDS, told_maximum};
pub use id::{Date, DateTime, HostKey, MeetingId, UserId};

use super::failure::{Code, Failure};
use super::suggest::{did_you_mean, quoted};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// `true`, as a default.
#[must_use]
pub const fn yes() -> bool {
    true
}

/// The schema of `T` as it is published and enforced: no references, no `null` (which means "not given"). Made once in a
/// process, since a batch asks for it line by line.
#[must_use]
pub fn schema<T: JsonSchema>() -> &'static Value {
    static MADE: Mutex<BTreeMap<Cow<'static, str>, &'static Value>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(T::schema_id()).or_insert_with(|| Box::leak(Box::new(make::<T>())))
}

fn make<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    Tidy.transform(&mut schema);
    let mut schema = schema.to_value();
    settings::spread(&mut schema);
    schema
}

/// The schema of an answer: open, since Zoom adds fields, and with `null` where a value may be missing.
#[must_use]
pub fn schema_of_answer<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
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
    #[expect(clippy::unused_self, reason = "it reads as the step of the transform that it is")]
    fn transform_one(&self, schema: &mut schemars::Schema) {
        if let Some(map) = schema.as_object_mut() {
            let width = map.get("format").and_then(Value::as_str).unwrap_or_default();
            if ["int", "uint", "double", "float"].iter().any(|rust| width.starts_with(rust)) {
                map.remove("format");
            }
            if let Some(Value::String(text)) = map.get_mut("description")
                && text.contains('\n')
            {
                *text = text.split("\n\n").map(|block| block.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
            }
        }
    }
}

/// Reads what a host gave as a `T`: leaves out what is not given, converts text by `T`'s schema, and checks it.
///
/// # Errors
/// `code` (`invalid_parameters` or `invalid_resource`) with the field and what was expected.
pub fn decode<T: DeserializeOwned + JsonSchema>(given: Map<String, Value>, code: Code) -> Result<T, Failure> {
    typed(fitted(given, schema::<T>(), code)?, code)
}

/// Leaves out what is not given, converts texts by `schema`, and checks everything that the schema says.
///
/// # Errors
/// As [`decode`].
pub fn fitted(given: Map<String, Value>, schema: &Value, code: Code) -> Result<Map<String, Value>, Failure> {
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let mut fitted = Map::new();
    for (name, value) in given {
        let Some(property) = properties.get(&name) else {
            return Err(unknown(&name, properties, code));
        };
        if !is_given(&value) {
            continue;
        }
        let value = fit::fit(value, property, &name).map_err(|misfit| {
            let message = format!("`{}` {}.", misfit.field, misfit.expected);
            Failure::new(code, message).at(misfit.field)
        })?;
        fitted.insert(name, value);
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if !fitted.contains_key(name) {
            return Err(Failure::new(code, format!("`{name}` is missing or blank.")).at(name));
        }
    }
    Ok(fitted)
}

fn unknown(name: &str, properties: &Map<String, Value>, code: Code) -> Failure {
    let thing = if code == Code::InvalidResource { "A resource" } else { "This action" };
    let noun = if code == Code::InvalidResource { "field" } else { "parameter" };
    let suggestion = did_you_mean(name, properties.keys().map(String::as_str));
    let message = format!("{thing} has no {noun} {}.{suggestion}", quoted(name));
    let all: Vec<&str> = properties.keys().map(String::as_str).collect();
    let field: String = name.chars().take(64).collect();
    let hint =
        if all.is_empty() { "It takes no parameters.".to_owned() } else { format!("There are: {}.", all.join(", ")) };
    Failure::new(code, message).at(field).hint(hint)
}

/// False for what means "not given": null, and text that is empty or all white space.
#[must_use]
pub fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// Turns fitted values into a `T`: what the types check beyond the schema is checked here.
fn typed<T: DeserializeOwned>(given: Map<String, Value>, code: Code) -> Result<T, Failure> {
    serde_path_to_error::deserialize(Value::Object(given)).map_err(|error| {
        let field = error.path().to_string();
        let reason = error.into_inner().to_string();
        Failure::new(code, format!("`{field}` {reason}.")).at(field)
    })
}
