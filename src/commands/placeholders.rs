//! Secrets in a request that is shown, and back: `"$client_secret"` stands for the variable `client_secret`. Knows which fields are secret, reads no environment itself.

use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use crate::protocol::redact::fields::{is_secret, may_hold_secrets};
use crate::protocol::request::{Refused, Request};
use serde_json::{Map, Value};
use std::ffi::OsString;

/// Where a variable is looked up.
pub type Variable = fn(&str) -> Option<OsString>;

/// The values with place holders for secrets: those of the connection, and those that open meetings.
pub fn shown(values: Map<String, Value>) -> Map<String, Value> {
    let values = values.into_iter().map(|(name, value)| {
        let value = match value {
            _ if matches!(name.as_str(), "client_secret" | "proxy_url") => place_holder(&name),
            // A boolean under such a name says whether there is one.
            Value::String(text)
                if is_secret(&name) && !matches!(text.as_str(), "true" | "false") =>
            {
                place_holder(&name)
            }
            // JSON text may hold secrets inside.
            Value::String(text) => match json::read(&text) {
                Ok(value @ (Value::Object(_) | Value::Array(_))) => shown_inside(value),
                // Meant to be JSON, and broken: whatever is secret in it cannot be told from the rest.
                Err(_) if text.trim_start().starts_with(['{', '[']) && may_hold_secrets(&text) => {
                    place_holder(&name)
                }
                _ => Value::String(text),
            },
            value => shown_inside(value),
        };
        (name, value)
    });
    values.collect()
}

fn shown_inside(value: Value) -> Value {
    match value {
        Value::Object(inner) => Value::Object(shown(inner)),
        Value::Array(items) => Value::Array(items.into_iter().map(shown_inside).collect()),
        value => value,
    }
}

fn place_holder(name: &str) -> Value {
    Value::from(format!("${name}"))
}

/// The request with the values of the variables in the place holders' places. What only looks like one, as `$1` or the
/// place holder of another field, is left.
///
/// # Errors
/// `invalid_resource` or `invalid_parameters` for a place holder whose variable is not set.
pub fn filled(mut request: Request, variable: Variable) -> Result<Request, Box<Refused>> {
    let resource = request
        .resource
        .iter_mut()
        .try_for_each(|map| fill(map, variable, "", Code::InvalidResource));
    let all = resource.and_then(|()| {
        fill(
            &mut request.parameters,
            variable,
            "",
            Code::InvalidParameters,
        )
    });
    match all {
        Ok(()) => Ok(request),
        Err(failure) => Err(Box::new(Refused {
            failure,
            id: request.id,
            action: Some(request.action),
        })),
    }
}

/// The request, if no value of it is a place holder.
///
/// # Errors
/// `invalid_resource` or `invalid_parameters` for a place holder, by its name.
pub fn without_place_holders(request: Request) -> Result<Request, Box<Refused>> {
    filled(request, |_| None).map_err(|mut refused| {
        let field = refused.failure.field.clone().unwrap_or_default();
        let name = field.rsplit('.').next().unwrap_or_default();
        refused.failure.message =
            format!("`{field}` still holds the place holder \"${name}\" in place of its value.");
        refused.failure.hint = Some(format!(
            "Set the environment variable {name}, and add --secrets-from-env."
        ));
        refused
    })
}

/// Takes the place holders out of a resource whose credentials are replaced anyway.
pub fn drop_place_holders(resource: &mut Map<String, Value>) {
    resource.retain(|name, value| *value != place_holder(name));
}

fn fill(
    map: &mut Map<String, Value>,
    variable: Variable,
    outer: &str,
    code: Code,
) -> Result<(), Failure> {
    for (name, value) in map {
        let field = format!("{outer}{name}");
        if *value == place_holder(name) {
            let found = variable(name).and_then(|text| text.into_string().ok());
            let found = found.ok_or_else(|| {
                let message =
                    format!("`{field}` is to come from the variable {name}, which is not set.");
                Failure::new(code, message)
                    .at(field.as_str())
                    .hint(format!("Set it: export {name}=..."))
            })?;
            *value = Value::from(found);
            continue;
        }
        fill_inside(value, variable, &format!("{field}."), code)?;
    }
    Ok(())
}

fn fill_inside(
    value: &mut Value,
    variable: Variable,
    outer: &str,
    code: Code,
) -> Result<(), Failure> {
    match value {
        Value::Object(inner) => fill(inner, variable, outer, code),
        Value::Array(items) => items
            .iter_mut()
            .try_for_each(|item| fill_inside(item, variable, outer, code)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::request::parse;
    use serde_json::json;

    #[test]
    fn what_is_shown_is_filled_in_again() {
        let given = json!({"client_secret": "s\"1", "settings": {"b": [{"host_key": "9", "c": true}]}, "pmi_password": "true"});
        let shown = shown(given.as_object().unwrap().clone());
        assert_eq!(
            Value::Object(shown.clone()),
            json!({"client_secret": "$client_secret",
            "settings": {"b": [{"host_key": "$host_key", "c": true}]}, "pmi_password": "true"})
        );
        let request = parse(
            json!({"action": "x", "resource": {}, "parameters": shown})
                .to_string()
                .as_bytes(),
        )
        .unwrap();
        let variable: Variable = |name| match name {
            "client_secret" => Some("s\"1".into()),
            "host_key" => Some("9".into()),
            _ => None,
        };
        assert_eq!(
            Value::Object(filled(request, variable).unwrap().parameters),
            given
        );
    }

    #[test]
    fn broken_json_that_may_hold_a_secret_is_not_shown() {
        let given = json!({"settings": " {\"a\": {\"pmi_password\": \"hunter22\"},}", "twice": "{\"zak\":1,\"zak\":2}",
            "topic": "[weekly] zoom", "agenda": "{broken"});
        let wanted = json!({"settings": "$settings", "twice": "$twice", "topic": "[weekly] zoom", "agenda": "{broken"});
        assert_eq!(
            Value::Object(shown(given.as_object().unwrap().clone())),
            wanted
        );
    }

    #[test]
    fn what_is_no_place_holder_is_left_and_a_variable_that_is_missing_is_named() {
        let request = |resource: Value| {
            parse(
                json!({"action": "x", "resource": resource})
                    .to_string()
                    .as_bytes(),
            )
            .unwrap()
        };
        let left = json!({"client_id": "$1", "label": "$client_secret"});
        let same = filled(request(left.clone()), |_| None).unwrap();
        assert_eq!(Value::Object(same.resource.unwrap()), left);
        let refused = filled(request(json!({"client_secret": "$client_secret"})), |_| {
            None
        })
        .unwrap_err();
        assert_eq!(refused.failure.code, Code::InvalidResource);
        assert_eq!(refused.failure.field.as_deref(), Some("client_secret"));
    }
}
