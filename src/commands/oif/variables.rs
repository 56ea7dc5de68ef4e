//! Reads a request from environment variables: each resource field and each parameter from the variable of exactly its name.

use super::clean::{clean, clean_json, is_given};
use crate::catalog::choice::value_of;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use crate::protocol::parameter;
use crate::protocol::resource;
use serde_json::{Map, Value};
use std::ffi::OsString;

/// The source of variables: the environment, or a test's table.
pub type LookupFn<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The resource, from the variables of its fields.
///
/// # Errors
/// `invalid_resource` where a value is not UTF-8.
pub fn resource(look: LookupFn<'_>) -> Result<Map<String, Value>, Failure> {
    given(
        &parameter::schema::<resource::Fields>(),
        look,
        Code::InvalidResource,
    )
}

/// The parameters of an action with this input schema, from the variables of their names.
///
/// # Errors
/// `invalid_parameters` where a value is not UTF-8.
pub fn parameters(schema: &Value, look: LookupFn<'_>) -> Result<Map<String, Value>, Failure> {
    given(schema, look, Code::InvalidParameters)
}

fn given(schema: &Value, look: LookupFn<'_>, code: Code) -> Result<Map<String, Value>, Failure> {
    let mut found = Map::new();
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let Some(text) = look(name) else { continue };
        let text = text.into_string().map_err(|_| {
            Failure::new(code, format!("`{name}` holds bytes that are not UTF-8.")).at(name)
        })?;
        if let Some(text) = read(name, &text, property) {
            found.insert(name.clone(), Value::String(text));
        }
    }

    Ok(found)
}

/// The text that a variable stands for; `None` where it is not given.
fn read(name: &str, text: &str, schema: &Value) -> Option<String> {
    if !is_given(text) {
        return None;
    }

    let text = match Form::of(name, schema) {
        Form::Free => return Some(text.to_owned()),
        Form::Certificate => clean(text, '\n'),
        Form::Plain | Form::Choice => clean(text, ' '),
        Form::Json if json::read(text.trim()).is_ok() => clean_json(text.trim()),
        Form::Json => clean(text, ' '),
    };

    if !is_given(&text) {
        return None;
    }

    let is_choice = matches!(Form::of(name, schema), Form::Choice);
    Some(if is_choice {
        value_of(&text).to_owned()
    } else {
        text
    })
}

/// The treatment of a value's text.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// It is passed on as it is.
    Free,
    /// PEM, where lines matter.
    Certificate,
    /// A number, a truth value, a date, an id, or a list of texts.
    Plain,
    /// One of several.
    Choice,
    /// JSON text.
    Json,
}

impl Form {
    fn of(name: &str, schema: &Value) -> Self {
        let kind = schema.get("type").and_then(Value::as_str);
        if schema.get("enum").is_some() || schema.get("oneOf").is_some() {
            return Self::Choice;
        }

        match kind {
            Some("object") => Self::Json,
            Some("array")
                if schema.pointer("/items/type").and_then(Value::as_str) == Some("object") =>
            {
                Self::Json
            }
            Some("string") if name == "ca_certificate" => Self::Certificate,
            // Markup in an id, an address or a word of Zoom's cannot be meant; in a topic or a passcode it can.
            Some("string")
                if !["pattern", "format", "x-identifier"]
                    .iter()
                    .any(|key| schema.get(key).is_some())
                    && !name.ends_with("_id") =>
            {
                Self::Free
            }
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn read_as(text: &str, schema: Value) -> Option<String> {
        read("x", text, &schema)
    }

    #[test]
    fn free_text_is_left_as_it_is_and_all_else_is_cleaned() {
        let html = "<p>1&amp;2</p>";
        assert_eq!(
            read_as(html, json!({"type": "string"})).as_deref(),
            Some(html)
        );
        for schema in [
            json!({"type": "integer"}),
            json!({"type": "boolean"}),
            json!({"type": ["integer", "string"]}),
            json!({"type": "string", "pattern": "x"}),
            json!({"type": "string", "format": "uri"}),
            json!({"type": "string", "x-identifier": true}),
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"enum": ["a"]}),
        ] {
            assert_eq!(
                read_as(html, schema.clone()).as_deref(),
                Some("1&2"),
                "{schema}"
            );
        }
        assert_eq!(
            read("user_id", html, &json!({"type": "string"})).as_deref(),
            Some("1&2")
        );
        let pem = read("ca_certificate", "<p>a</p>b", &json!({"type": "string"}));
        assert_eq!(pem.as_deref(), Some("a\nb"));
    }

    #[test]
    fn json_is_cleaned_and_stays_json() {
        let object = || json!({"type": "object"});
        assert_eq!(
            read_as("<p>{&quot;a&quot;:1}</p>", object()).as_deref(),
            Some("{\"a\":1}")
        );
        let whole = "{\"a\":\"R&amp;D<br>a<b and c>d, <i>so</i>\"}";
        assert_eq!(
            read_as(whole, object()).as_deref(),
            Some("{\"a\":\"R&D a<b and c>d, <i>so</i>\"}")
        );
        let untouched = "{\"a\":\"he said &quot;no&quot;\"}";
        assert_eq!(
            read_as(untouched, object()).as_deref(),
            Some(untouched),
            "it would be JSON no more"
        );
        assert_eq!(
            read_as("<p>{\"a\":\"R&amp;D\"}</p>", object()).as_deref(),
            Some("{\"a\":\"R&D\"}")
        );
        assert_eq!(
            read_as("{\"a\":\"&quot;\"}", object()).as_deref(),
            Some("{\"a\":\"&quot;\"}")
        );
    }

    #[test]
    fn what_is_empty_once_cleaned_is_not_given() {
        for text in ["<p><br></p>", "&nbsp;", "\u{200b}", "<p>None</p>"] {
            assert_eq!(read_as(text, json!({"type": "object"})), None, "{text:?}");
        }
    }

    #[test]
    fn a_choice_called_none_can_be_made() {
        let choices = || json!({"type": "string", "enum": ["local", "none"]});
        assert_eq!(read_as("value:none", choices()).as_deref(), Some("none"));
        assert_eq!(read_as("none", choices()), None);
        assert_eq!(read_as("local", choices()).as_deref(), Some("local"));
        assert_eq!(read_as("<br>", choices()), None);
        assert_eq!(read_as("<p>None</p>", choices()), None);
    }
}
