//! Placeholders for the secrets in a request that is shown, and their values back in a request that is run:
//! `"$client_secret"` stands for the variable `client_secret`. Begin with [`shown`] and [`Placeholders`].

use super::stdin::Parsed;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use crate::protocol::redact::fields::{is_secret, may_hold_secrets};
use crate::protocol::request::{Refused, Request};
use serde_json::{Map, Value};
use std::ffi::OsString;

/// Looks up an environment variable.
pub type Variable = fn(&str) -> Option<OsString>;

/// Returns the values with placeholders for secrets: those of the connection, and those that open meetings.
pub fn shown(values: Map<String, Value>) -> Map<String, Value> {
    let values = values.into_iter().map(|(name, value)| {
        let value = match value {
            _ if matches!(name.as_str(), "client_secret" | "proxy_url") => placeholder(&name),
            // A boolean under such a name says whether there is one.
            Value::String(text)
                if is_secret(&name) && !matches!(text.as_str(), "true" | "false") =>
            {
                placeholder(&name)
            }
            // JSON text may hold secrets inside.
            Value::String(text) => match json::read(&text) {
                Ok(value @ (Value::Object(_) | Value::Array(_))) => shown_inside(value),
                // Meant to be JSON, and broken: whatever is secret in it cannot be told from the rest.
                Err(_) if text.trim_start().starts_with(['{', '[']) && may_hold_secrets(&text) => {
                    placeholder(&name)
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

fn placeholder(name: &str) -> Value {
    Value::from(format!("${name}"))
}

/// Returns the variable that the value of a field stands for. A resource takes any, as its operator writes it. A
/// parameter may hold words of strangers (a topic, a name), which must not read this program's environment: there the
/// variable has to have the field's own name, in any case and with `ZOOM_` before it or not.
fn variable_of<'a>(value: &'a Value, field: &str, code: Code) -> Option<&'a str> {
    let name = value.as_str()?.strip_prefix('$')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        || !name.chars().all(is_name)
    {
        return None;
    }

    let plain = name.to_ascii_lowercase();
    let is_own = plain.strip_prefix("zoom_").unwrap_or(&plain) == field.to_ascii_lowercase();
    // A label is shown, so that it is no place for a secret either.
    (is_own || code == Code::InvalidResource && field != "label").then_some(name)
}

/// The treatment of the placeholders in a request or a resource.
#[derive(Clone, Copy, Debug, Default)]
pub struct Placeholders {
    /// Looks their values up; without it they are refused.
    pub variable: Option<Variable>,
    /// True where the sandbox's resource replaces the given one: placeholders in that are dropped.
    pub is_sandboxed: bool,
}

impl Placeholders {
    /// Returns the request with values in the place of its placeholders. A text that only looks like one, as `$1`, is
    /// left.
    ///
    /// # Errors
    /// `invalid_resource` or `invalid_parameters` for a placeholder that has no value, by its name.
    pub fn resolve(self, mut request: Request) -> Parsed {
        let resource = request.resource.take().map(|fields| self.resource(fields));
        let resolved = resource.transpose().and_then(|resource| {
            request.resource = resource;
            self.fill(&mut request.parameters, "", Code::InvalidParameters)
        });
        match resolved {
            Ok(()) => Ok(request),
            Err(failure) => Err(Box::new(Refused {
                failure,
                id: request.id,
                action: Some(request.action),
            })),
        }
    }

    /// Returns the resource with values in the place of its placeholders.
    ///
    /// # Errors
    /// `invalid_resource` for a placeholder that has no value, by its name.
    pub fn resource(self, mut fields: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
        if self.is_sandboxed {
            fields.retain(|name, value| variable_of(value, name, Code::InvalidResource).is_none());
        }
        self.fill(&mut fields, "", Code::InvalidResource)?;
        Ok(fields)
    }

    fn fill(self, map: &mut Map<String, Value>, outer: &str, code: Code) -> Result<(), Failure> {
        for (name, value) in map {
            let field = format!("{outer}{name}");
            if let Some(variable) = variable_of(value, name, code) {
                *value = Value::from(self.value(variable, &field, code)?);
            } else {
                self.fill_inside(value, &format!("{field}."), code)?;
            }
        }
        Ok(())
    }

    fn fill_inside(self, value: &mut Value, outer: &str, code: Code) -> Result<(), Failure> {
        match value {
            Value::Object(inner) => self.fill(inner, outer, code),
            Value::Array(items) => items
                .iter_mut()
                .try_for_each(|item| self.fill_inside(item, outer, code)),
            _ => Ok(()),
        }
    }

    fn value(self, name: &str, field: &str, code: Code) -> Result<String, Failure> {
        let Some(variable) = self.variable else {
            let message =
                format!("`{field}` still holds the placeholder \"${name}\" in place of its value.");
            return Err(Failure::new(code, message).at(field).hint(format!(
                "Set the environment variable {name}, and add --secrets-from-env."
            )));
        };
        variable(name)
            .and_then(|text| text.into_string().ok())
            // A variable that names itself has not been filled either.
            .filter(|text| text.strip_prefix('$') != Some(name))
            .ok_or_else(|| {
                let message =
                    format!("`{field}` is to come from the variable {name}, which is not set.");
                Failure::new(code, message)
                    .at(field)
                    .hint(format!("Set it: export {name}=..."))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::request::parse;
    use serde_json::json;

    fn filling(variable: Variable) -> Placeholders {
        Placeholders {
            variable: Some(variable),
            is_sandboxed: false,
        }
    }

    #[test]
    fn shown_values_are_filled_in_again() {
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
        let resolved = filling(|name| match name {
            "client_secret" => Some("s\"1".into()),
            "host_key" => Some("9".into()),
            _ => None,
        })
        .resolve(request)
        .unwrap();
        assert_eq!(Value::Object(resolved.parameters), given);
    }

    #[test]
    fn shown_hides_broken_json_that_may_hold_a_secret() {
        let given = json!({"settings": " {\"a\": {\"pmi_password\": \"hunter22\"},}", "twice": "{\"zak\":1,\"zak\":2}",
            "topic": "[weekly] zoom", "agenda": "{broken"});
        let wanted = json!({"settings": "$settings", "twice": "$twice", "topic": "[weekly] zoom", "agenda": "{broken"});
        assert_eq!(
            Value::Object(shown(given.as_object().unwrap().clone())),
            wanted
        );
    }

    #[test]
    fn placeholders_are_any_in_a_resource_and_those_of_their_own_field_in_parameters() {
        let request = |resource: Value| {
            let request = json!({"action": "x", "resource": resource}).to_string();
            parse(request.as_bytes()).unwrap()
        };
        let given =
            json!({"client_secret": "$MY_SECRET", "label": "$MY_SECRET", "client_id": "$1"});
        let filled = filling(|name| (name == "MY_SECRET").then(|| "s".into()))
            .resolve(request(given))
            .unwrap();
        let wanted = json!({"client_secret": "s", "label": "$MY_SECRET", "client_id": "$1"});
        assert_eq!(Value::Object(filled.resource.unwrap()), wanted);

        let parameters = json!({"topic": "$MY_SECRET", "password": "$ZOOM_PASSWORD"});
        let text = json!({"action": "x", "parameters": parameters}).to_string();
        let filled = filling(|_| Some("9".into()))
            .resolve(parse(text.as_bytes()).unwrap())
            .unwrap();
        let wanted = json!({"topic": "$MY_SECRET", "password": "9"});
        assert_eq!(Value::Object(filled.parameters), wanted);

        let left = json!({"client_id": "$1", "label": "$client_secret"});
        let same = filling(|_| None).resolve(request(left.clone())).unwrap();
        assert_eq!(Value::Object(same.resource.unwrap()), left);

        let itself: Variable = |name| Some(format!("${name}").into());
        for placeholders in [filling(|_| None), filling(itself), Placeholders::default()] {
            let given = request(json!({"client_secret": "$client_secret"}));
            let refused = placeholders.resolve(given).unwrap_err();
            assert_eq!(refused.failure.code, Code::InvalidResource);
            assert_eq!(refused.failure.field.as_deref(), Some("client_secret"));
        }
    }

    #[test]
    fn placeholders_in_a_resource_that_the_sandbox_replaces_are_dropped() {
        let placeholders = Placeholders {
            variable: None,
            is_sandboxed: true,
        };
        let given = json!({"client_secret": "$client_secret", "label": "x"});
        let resource = placeholders
            .resource(given.as_object().unwrap().clone())
            .unwrap();
        assert_eq!(Value::Object(resource), json!({"label": "x"}));
    }
}
