//! Host text to typed values. Begin with [`decode`], then `coerce`, the one coercion rule; the other children are the types
//! with rules of their own, each stated in its schema and checked while it is read.

mod any_meeting;
mod bounded;
mod coerce;
mod id;
mod login;
mod schema;
mod text;
mod time;

pub use any_meeting::AnyMeetingId;
pub use bounded::Bounded;
pub use id::{HostKey, MeetingId, UserId};
pub use login::{LOGIN_TYPES, LoginType};
pub use schema::{documented_maximum, schema, schema_of_answer};
pub use text::{PathId, Text, clean, is_invisible};
pub use time::{Date, DateTime, in_order};

use super::failure::{Code, Failure};
use super::suggest::{nearest_field, quoted};
use coerce::{Coerce, CoerceError, Reason};
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

/// Reads what a host gave as a `T`: leaves out what is not given, converts the rest by the coercion rule, and checks it.
///
/// # Errors
/// `code` (`invalid_parameters` or `invalid_resource`) with the field and what was expected.
pub fn decode<T: DeserializeOwned>(given: Map<String, Value>, code: Code) -> Result<T, Failure> {
    T::deserialize(Coerce(Value::Object(given))).map_err(|error| failure(error, code))
}

fn failure(error: CoerceError, code: Code) -> Failure {
    match error.reason {
        Reason::Misfit(reason) => {
            let message = format!("`{}` {reason}.", error.path);
            Failure::new(code, message).at(error.path)
        }
        Reason::Unknown(known) => unknown(&error.path, known, code),
    }
}

fn unknown(name: &str, known: &[&'static str], code: Code) -> Failure {
    let (thing, noun) = match code {
        Code::InvalidResource => ("A resource", "field"),
        _ => ("This action", "parameter"),
    };
    let suggestion = nearest_field(name, known)
        .map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
    let message = format!("{thing} has no {noun} {}.{suggestion}", quoted(name));

    let hint = if known.is_empty() {
        "It takes no parameters.".to_owned()
    } else {
        format!("There are: {}.", known.join(", "))
    };

    Failure::new(code, message).at(name).hint(hint)
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
