//! Host text to typed values: the one coercion rule, driven by the schema that is published, and the types with rules of their own. Knows no action.
//!
//! Children: `schema` (the schema of a type), `fit` (a value against its schema, with or without conversion), `id` (ids and
//! dates).

mod any_meeting;
mod fit;
mod id;
mod schema;
mod text;

pub use any_meeting::AnyMeetingId;
pub use fit::{KEYWORDS, documented_maximum};
pub use id::{Date, DateTime, HostKey, MeetingId, UserId};
pub use schema::{enforced, schema_of_answer};
pub use schema::{name, schema};
pub use text::Text;

use super::failure::{Code, Failure};
use super::suggest::{did_you_mean, quoted};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// `true`, as a default.
#[must_use]
pub const fn default_true() -> bool {
    true
}

/// Returns the word by which Zoom knows a choice: `account_added`.
#[must_use]
pub fn word(choice: impl serde::Serialize) -> String {
    match serde_json::to_value(choice) {
        Ok(Value::String(word)) => word,
        Ok(value) => value.to_string(),
        Err(_) => String::new(),
    }
}

/// Reads what a host gave as a `T`: leaves out what is not given, converts text by `T`'s schema, and checks it.
///
/// # Errors
/// `code` (`invalid_parameters` or `invalid_resource`) with the field and what was expected.
pub fn decode<T: DeserializeOwned + JsonSchema>(
    given: Map<String, Value>,
    code: Code,
) -> Result<T, Failure> {
    typed(fitted(given, schema::<T>(), code)?, code)
}

/// Leaves out what is not given, converts texts by `schema`, and checks everything that the schema says.
///
/// # Errors
/// As [`decode`].
pub fn fitted(
    given: Map<String, Value>,
    schema: &Value,
    code: Code,
) -> Result<Map<String, Value>, Failure> {
    let empty = Map::new();
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
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
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !fitted.contains_key(name) {
            return Err(Failure::new(code, format!("`{name}` is missing or blank.")).at(name));
        }
    }
    Ok(fitted)
}

fn unknown(name: &str, properties: &Map<String, Value>, code: Code) -> Failure {
    let thing = if code == Code::InvalidResource {
        "A resource"
    } else {
        "This action"
    };
    let noun = if code == Code::InvalidResource {
        "field"
    } else {
        "parameter"
    };
    let suggestion = did_you_mean(name, properties.keys().map(String::as_str));
    let message = format!("{thing} has no {noun} {}.{suggestion}", quoted(name));
    let all: Vec<&str> = properties.keys().map(String::as_str).collect();
    let field: String = name.chars().take(64).collect();
    let hint = if all.is_empty() {
        "It takes no parameters.".to_owned()
    } else {
        format!("There are: {}.", all.join(", "))
    };
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
