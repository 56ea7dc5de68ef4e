//! From an update's parameters to Zoom's body: each given value to its place, and `settings` merged in. Knows where a parameter goes from its schema alone.

use crate::protocol::failure::Failure;
use crate::protocol::{json, parameter};
use crate::zoom::client::ApiCall;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// The switches that are ours, and neither Zoom's nor part of what is changed.
const SWITCHES: [&str; 3] = ["verify", "dry_run", "show_secrets"];

/// What an update will send, and what it is about.
#[derive(Debug)]
pub struct Plan {
    /// The body of the PATCH.
    pub body: Value,
    /// The parameters that say which object it is, and in which form.
    pub identity: Map<String, Value>,
    /// The published schema of the action's parameters.
    pub schema: &'static Value,
    /// The body form (`option`) that names are looked up for.
    pub form: Option<&'static str>,
}

/// Where a parameter goes in Zoom's body.
pub enum Place {
    /// To this path.
    Path(String),
    /// Nowhere: it says which object is meant.
    Identity,
    /// Nowhere in this form of the body.
    OtherForm,
}

impl Plan {
    /// Sorts `parameters` by their schema's `x-zoom-field`; `form` is the value of `option`.
    ///
    /// # Errors
    /// `invalid_parameters` when nothing is to be changed, a field is given twice, or belongs to another form.
    pub fn of<P: Serialize + JsonSchema>(
        parameters: &P,
        form: Option<&'static str>,
    ) -> Result<Self, Failure> {
        let schema = parameter::schema::<P>();
        let given = match serde_json::to_value(parameters) {
            Ok(Value::Object(map)) => map,
            _ => return Err(Failure::internal("The parameters could not be written.")),
        };
        let (mut body, mut identity) = (Map::new(), Map::new());
        let property = |name: &str| {
            schema
                .get("properties")
                .and_then(|all| all.get(name))
                .unwrap_or(&Value::Null)
        };
        let root = property("settings")
            .get("x-zoom-field")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let settings = given.get("settings").cloned().unwrap_or_default();
        for (name, value) in given {
            if SWITCHES.contains(&name.as_str()) || value.is_null() || name == "settings" {
                continue;
            }
            match place(property(&name), form) {
                Place::Path(path)
                    if json::within(&path, root)
                        .is_some_and(|inside| json::at(&settings, inside).is_some()) =>
                {
                    return Err(twice(&format!(
                        "settings.{}",
                        json::within(&path, root).unwrap_or_default()
                    )));
                }
                Place::Path(path) => match &value {
                    Value::Object(inner) if !inner.is_empty() => {
                        merge(&mut body, &path, inner, &name)?
                    }
                    _ => {
                        if !json::put(&mut body, &path, value) {
                            return Err(twice(&name));
                        }
                    }
                },
                Place::Identity => {
                    identity.insert(name, value);
                }
                Place::OtherForm => return Err(other_form(&name, property(&name), form)),
            }
        }
        if let Value::Object(settings) = settings {
            merge(&mut body, root, &settings, "settings")?;
        }
        if !holds_something(&body) {
            let message =
                "There is nothing to change: give at least one field that is to be changed.";
            return Err(Failure::new(
                crate::protocol::failure::Code::InvalidParameters,
                message,
            ));
        }
        Ok(Self {
            body: Value::Object(body),
            identity,
            schema,
            form,
        })
    }
}

/// One update to carry out.
pub struct Update<'a> {
    /// The action's id, for the rollback.
    pub action: &'static str,
    /// What is to be sent, and what it is about.
    pub plan: &'a Plan,
    /// The PATCH; its body is the plan's.
    pub write: ApiCall<'a>,
    /// The read that shows the same object.
    pub read: ApiCall<'a>,
    /// Whether to read before and after.
    pub verify: bool,
    /// Whether to send nothing.
    pub dry_run: bool,
}

/// Where the parameter with this schema goes, for a value of `option`.
#[must_use]
pub fn place(property: &Value, form: Option<&str>) -> Place {
    let text = |key: &str| property.get(key).and_then(Value::as_str).map(str::to_owned);
    let forms = property.get("x-zoom-option").and_then(Value::as_array);
    let special = property
        .as_object()
        .is_some_and(|map| map.keys().any(|key| key.starts_with("x-zoom-field-")));
    match (form, text("x-zoom-field"), forms) {
        (None, Some(path), None) => Place::Path(path),
        (None, None, _) if !special => Place::Identity,
        (None, _, _) => Place::OtherForm,
        (Some(form), plain, forms) => {
            if let Some(path) = text(&format!("x-zoom-field-{form}")) {
                Place::Path(path)
            } else if forms.is_some_and(|forms| forms.iter().any(|known| known == form)) {
                plain.map_or(Place::Identity, Place::Path)
            } else if plain.is_none() && !special {
                Place::Identity
            } else {
                Place::OtherForm
            }
        }
    }
}

fn other_form(name: &str, property: &Value, form: Option<&str>) -> Failure {
    let message = match form {
        Some(form) => format!("`{name}` is not part of the settings that `option` {form} changes."),
        None => {
            let listed = property
                .get("x-zoom-option")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let mut forms: Vec<&str> = listed.filter_map(Value::as_str).collect();
            let keys = property.as_object().into_iter().flat_map(Map::keys);
            forms.extend(keys.filter_map(|key| key.strip_prefix("x-zoom-field-")));
            format!(
                "`{name}` is taken together with `option` {} only.",
                forms.join(" or ")
            )
        }
    };
    Failure::parameter(name, message)
}

/// Merges `settings` in at `root`, leaf by leaf. `field` is where in the parameters they are.
fn merge(
    body: &mut Map<String, Value>,
    root: &str,
    settings: &Map<String, Value>,
    field: &str,
) -> Result<(), Failure> {
    for (key, value) in settings {
        let path = if root.is_empty() {
            key.clone()
        } else {
            format!("{root}.{key}")
        };
        let field = format!("{field}.{key}");
        match value {
            Value::Object(inner) if !inner.is_empty() => merge(body, &path, inner, &field)?,
            _ => {
                // A key with a dot in it is Zoom's to refuse, not a path.
                if !put_at(body, root, key, value.clone()) {
                    return Err(twice(&field));
                }
            }
        }
    }
    Ok(())
}

fn twice(field: &str) -> Failure {
    Failure::parameter(
        field,
        format!("`{field}` is given by name as well; give it once."),
    )
}

fn put_at(body: &mut Map<String, Value>, root: &str, key: &str, value: Value) -> bool {
    let mut map = body;
    for step in root.split('.').filter(|step| !step.is_empty()) {
        match map.entry(step).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(inner) => map = inner,
            _ => return false,
        }
    }
    // An object without fields changes nothing in one that has some.
    let nothing =
        value.as_object().is_some_and(Map::is_empty) && map.get(key).is_some_and(Value::is_object);
    let free = !map.contains_key(key);
    if free {
        map.insert(key.to_owned(), value);
    }
    free || nothing
}

fn holds_something(body: &Map<String, Value>) -> bool {
    body.values().any(|value| match value {
        Value::Object(inner) => holds_something(inner),
        _ => true,
    })
}
