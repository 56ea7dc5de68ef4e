//! Zoom's endpoints and what each takes, from `endpoints.json`: finds the endpoint of a path, and checks queries and
//! bodies.

use super::message::{Objection, Refusal, refusal};
use super::schedule::instant;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// An endpoint.
#[derive(Debug, Deserialize)]
pub struct Endpoint {
    pub method: String,
    pub path: String,
    pub label: String,
    pub granular: Vec<String>,
    pub classic: Vec<String>,
    /// The status that says it was done.
    #[serde(default = "done")]
    pub success: u16,
    query: BTreeMap<String, Spec>,
    body: BTreeMap<String, Spec>,
    /// Errors that Zoom documents: status, code and message.
    #[serde(default)]
    errors: Vec<(u16, i64, String)>,
}

const fn done() -> u16 {
    204
}

/// The values that a parameter or a field may have.
#[derive(Debug, Default, Deserialize)]
struct Spec {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "enum", default)]
    choices: Vec<Value>,
    #[serde(default)]
    min: Option<f64>,
    #[serde(default)]
    max: Option<f64>,
    /// True for a field without which the object that holds it is refused.
    #[serde(default)]
    required: bool,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    option: Vec<String>,
}

/// Returns all endpoints that are served.
pub fn endpoints() -> std::io::Result<Vec<Endpoint>> {
    serde_json::from_str(include_str!("endpoints.json")).map_err(std::io::Error::other)
}

impl Endpoint {
    /// Returns the values of the path's parameters when this is the endpoint of `method` and the decoded `segments`.
    pub fn matches(&self, method: &str, segments: &[String]) -> Option<Vec<String>> {
        let pattern: Vec<&str> = self.path.split('/').skip(1).collect();
        if self.method != method || pattern.len() != segments.len() {
            return None;
        }

        let mut path_params = Vec::new();
        for (wanted, given) in pattern.iter().zip(segments) {
            if wanted.starts_with('{') {
                // At Zoom such a slash ends a segment all the same; encoded twice it does not.
                if given.starts_with('/') || given.contains("//") {
                    return None;
                }
                path_params.push(given.clone());
            } else if wanted != given {
                return None;
            }
        }

        Some(path_params)
    }

    /// Returns an error that Zoom documents for this endpoint, `id` being the path's first parameter.
    pub fn documented(&self, code: i64, id: &str) -> Option<Refusal> {
        let (status, code, message) = self.errors.iter().find(|(_, known, _)| *known == code)?;
        Some(refusal(*status, *code, &message.replace("{}", id)))
    }

    /// Returns how many items a page may hold.
    pub fn largest_page(&self) -> u64 {
        let max = self.query.get("page_size").and_then(|spec| spec.max);
        max.unwrap_or(300.0) as u64
    }

    /// Returns what Zoom objects to in a query.
    pub fn check_query(&self, query: &[(String, String)]) -> Vec<Objection> {
        let mut objections = Vec::new();
        for (index, (name, value)) in query.iter().enumerate() {
            let reason = match self.query.get(name) {
                None => Some("Unknown parameter.".to_owned()),
                Some(_) if query.iter().take(index).any(|(earlier, _)| earlier == name) => {
                    Some("Given twice.".to_owned())
                }
                Some(spec) => spec.check(&spec.read(value)),
            };
            objections.extend(reason.map(|reason| (name.clone(), reason)));
        }

        let is_given = |name: &str| query.iter().any(|(given, _)| given == name);
        objections.extend(missing(&self.query, "", is_given));

        objections
    }

    /// Returns what Zoom objects to in a body, given with `option`.
    pub fn check_body(&self, body: &Map<String, Value>, option: Option<&str>) -> Vec<Objection> {
        let mut objections = Vec::new();
        self.check_fields(body, "", option, &mut objections);
        objections
    }

    fn check_fields(
        &self,
        fields: &Map<String, Value>,
        prefix: &str,
        option: Option<&str>,
        found: &mut Vec<Objection>,
    ) {
        found.extend(missing(&self.body, prefix, |name| {
            fields.contains_key(name)
        }));

        for (name, value) in fields {
            let path = format!("{prefix}{name}");
            let Some(spec) = self.body.get(&path) else {
                found.push((path, "Unknown field.".to_owned()));
                continue;
            };
            let fits = match option {
                None => spec.option.is_empty(),
                Some(option) => spec.option.iter().any(|known| known == option),
            };
            // Each option has a body of its own, and Zoom takes no field of another's.
            if !fits {
                found.push((path, "The field does not go with this option.".to_owned()));
                continue;
            }
            if let Some(reason) = spec.check(value) {
                found.push((path, reason));
                continue;
            }
            match value {
                Value::Object(inner) if self.knows_inside(&path) => {
                    self.check_fields(inner, &format!("{path}."), option, found);
                }
                // Items that are plain values were checked with the list.
                Value::Array(items) => {
                    for inner in items.iter().filter_map(Value::as_object) {
                        self.check_fields(inner, &format!("{path}[]."), option, found);
                    }
                }
                _ => {}
            }
        }
    }

    fn knows_inside(&self, path: &str) -> bool {
        let prefix = format!("{path}.");
        self.body.keys().any(|known| known.starts_with(&prefix))
    }
}

/// The required fields directly behind `prefix` that are not given.
fn missing(
    specs: &BTreeMap<String, Spec>,
    prefix: &str,
    is_given: impl Fn(&str) -> bool,
) -> Vec<Objection> {
    let direct = |path: &str| {
        let name = path.strip_prefix(prefix)?;
        (!name.contains('.')).then(|| name.to_owned())
    };

    specs
        .iter()
        .filter(|(_, spec)| spec.required)
        .filter_map(|(path, _)| Some((path, direct(path)?)))
        .filter(|(_, name)| !is_given(name))
        .map(|(path, _)| (path.clone(), "The field is required.".to_owned()))
        .collect()
}

impl Spec {
    /// Returns true when the choices are numbers that a text lists.
    fn lists_numbers(&self) -> bool {
        let is_number = |choice: &Value| plain(choice).parse::<i64>().is_ok();
        self.kind == "string" && !self.choices.is_empty() && self.choices.iter().all(is_number)
    }

    /// Returns the value that a query's text stands for.
    fn read(&self, text: &str) -> Value {
        match self.kind.as_str() {
            "integer" => text
                .parse::<i64>()
                .map_or_else(|_| json!(text), Value::from),
            "boolean" => text
                .parse::<bool>()
                .map_or_else(|_| json!(text), Value::from),
            _ => json!(text),
        }
    }

    /// Returns the reason why a value is refused.
    fn check(&self, value: &Value) -> Option<String> {
        let fits = match self.kind.as_str() {
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "string" => value.is_string(),
            "object" => value.is_object(),
            kind => {
                let item = kind.trim_start_matches("array<").trim_end_matches('>');
                let spec = Self {
                    kind: item.to_owned(),
                    ..Self::default()
                };
                value
                    .as_array()
                    .is_some_and(|items| items.iter().all(|item| spec.check(item).is_none()))
            }
        };

        if !fits {
            return Some(format!("Invalid type: {} is wanted.", self.kind));
        }

        let among = |value: &Value| self.choices.is_empty() || self.choices.contains(value);
        let allowed = match value {
            Value::Array(items) => items.iter().all(among),
            // A text may list several of them: the days of a week.
            Value::String(text) if self.lists_numbers() => text.split(',').all(|item| {
                self.choices
                    .iter()
                    .any(|choice| plain(choice) == item.trim())
            }),
            value => among(value),
        };

        if !allowed {
            return Some(format!("Invalid value {value}."));
        }

        if let (Some("date-time"), Some(text)) = (self.format.as_deref(), value.as_str())
            && instant(text, "UTC").is_none()
        {
            return Some("Invalid date and time.".to_owned());
        }

        let size = match value {
            Value::String(text) => text.chars().count() as f64,
            Value::Array(items) => items.len() as f64,
            value => value.as_f64().unwrap_or_default(),
        };

        // An empty text clears a field, whatever its length has to be.
        let is_cleared = value == "";

        match (self.min, self.max) {
            (Some(min), _) if size < min && !is_cleared => {
                Some(format!("At least {min} is wanted."))
            }
            (_, Some(max)) if size > max => Some(format!("At most {max} is allowed.")),
            _ => None,
        }
    }
}

/// Returns a value as plain text.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
