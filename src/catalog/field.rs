//! A parameter or a resource field as a field of the platform's forms: type, label, hint, default, choices. Begin with
//! [`of_action`].

use super::choice::{PREFIX, key_of};
use super::label;
use crate::protocol::parameter::documented_maximum;
use serde_json::Value;

/// The types of fields in use, of those the platform has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// One line, hidden; for resources only.
    Password,
    /// A whole number.
    Number,
    /// On or off; what the platform sends for off is not documented, so that off must be the default.
    Checkbox,
    /// One of several.
    List,
    /// Many lines.
    Textarea,
}

impl Kind {
    /// The platform's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Password => "password",
            Self::Number => "number",
            Self::Checkbox => "checkbox",
            Self::List => "list",
            Self::Textarea => "textarea",
        }
    }
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// The id, which is the variable's name too.
    pub id: String,
    /// The label.
    pub label: String,
    /// Its type.
    pub kind: Kind,
    /// True when the form demands it.
    pub required: bool,
    /// The value that the form fills in.
    pub default: Option<String>,
    /// The choices of a list: key and label.
    pub values: Vec<(String, String)>,
    /// One line of advice.
    pub hint: String,
    /// The form's own check.
    pub validator: Option<&'static str>,
    /// True when artifacts of an incident, and earlier answers, may fill it.
    pub artifacts: bool,
}

/// The fields of an action's form, in the order of its parameters.
#[must_use]
pub fn of_action(input: &Value) -> Vec<Field> {
    let labels: Vec<(&str, String)> = properties(input)
        .map(|(id, schema)| (id.as_str(), label::of_parameter(id, schema)))
        .collect();

    // What no responder sets from a playbook would only make the form longer.
    let on_form = |schema: &Value| schema.get("x-form") != Some(&Value::Bool(false));
    let mut fields: Vec<(u8, Field)> = properties(input)
        .zip(&labels)
        .filter(|((_, schema), _)| on_form(schema))
        .map(|((id, schema), (_, label))| {
            let mut field = field(id, label.clone(), schema, is_required(input, id), &labels);
            let told = description(schema);
            let address = id.ends_with("_id")
                || told.contains("email address")
                || told.contains("e-mail address");
            field.artifacts = field.kind == Kind::Text && address;
            (rank(&field), field)
        })
        .collect();

    fields.sort_by_key(|(rank, _)| *rank);
    fields.into_iter().map(|(_, field)| field).collect()
}

/// Returns the place of a field on its form: what identifies the object, then the switches of a change, then the rest.
fn rank(field: &Field) -> u8 {
    match field.id.as_str() {
        _ if field.required => 0,
        "occurrence_id" | "login_type" | "option" => 1,
        "dry_run" => 2,
        "verify" => 3,
        _ => 4,
    }
}

/// The fields of the resource's form. The platform adds its own for the label and the proxy.
#[must_use]
pub fn of_resource(schema: &Value) -> Vec<Field> {
    let own = properties(schema).filter(|(id, _)| !matches!(id.as_str(), "label" | "proxy_url"));
    let labels: Vec<(&str, String)> = properties(schema)
        .map(|(id, _)| (id.as_str(), label::of_resource(id)))
        .collect();
    let fields = own.map(|(id, property)| {
        let mut field = field(
            id,
            label::of_resource(id),
            property,
            is_required(schema, id),
            &labels,
        );
        if property.get("writeOnly") == Some(&Value::Bool(true)) {
            field.kind = Kind::Password;
        }
        if property.get("format").and_then(Value::as_str) == Some("uri") {
            field.validator = Some("url");
        }
        if id == "ca_certificate" {
            field.kind = Kind::Textarea;
        }
        field
    });

    fields.collect()
}

fn field(
    id: &str,
    label: String,
    schema: &Value,
    required: bool,
    labels: &[(&str, String)],
) -> Field {
    let values = choices(schema);
    let default = schema.get("default").map(plain);
    let kind = match type_of(schema) {
        _ if !values.is_empty() => Kind::List,
        "boolean" if default.as_deref() == Some("false") => Kind::Checkbox,
        "boolean" => Kind::List,
        "integer" => Kind::Number,
        "object" => Kind::Textarea,
        "array" if schema.pointer("/items").map(type_of) == Some("object") => Kind::Textarea,
        _ => Kind::Text,
    };

    let values = match kind {
        Kind::List if values.is_empty() => {
            vec![
                ("true".to_owned(), "Yes".to_owned()),
                ("false".to_owned(), "No".to_owned()),
            ]
        }
        _ => values,
    };

    // A box that is off says so itself.
    let default = default.filter(|_| kind != Kind::Checkbox).map(|value| {
        if kind == Kind::List {
            key_of(&value)
        } else {
            value
        }
    });

    Field {
        id: id.to_owned(),
        label,
        kind,
        required,
        default,
        values,
        hint: hint(schema, kind, labels),
        validator: (kind == Kind::Number).then_some("integer"),
        artifacts: false,
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn is_required(schema: &Value, id: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == id))
}

/// The one type of a schema; of several, text.
pub(crate) fn type_of(schema: &Value) -> &str {
    schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("string")
}

fn description(schema: &Value) -> &str {
    schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A value as the platform sends it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The values of an enumeration.
pub(crate) fn values(schema: &Value) -> impl Iterator<Item = &Value> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    let options = list("oneOf").into_iter().flatten();
    let constants = options.filter_map(|option| option.get("const"));
    list("enum").into_iter().flatten().chain(constants)
}

/// The choices of an enumeration, keys and labels. A number's label is its meaning, where the schema has one.
fn choices(schema: &Value) -> Vec<(String, String)> {
    let meanings = schema.get("x-meanings").and_then(Value::as_array);
    let meanings = meanings.into_iter().flatten();
    let meanings = meanings.map(Some).chain(std::iter::repeat(None));

    let choices = values(schema).zip(meanings).map(|(value, meaning)| {
        let label = match (value, meaning.and_then(Value::as_str)) {
            (Value::String(text), _) => label::of_choice(text),
            (number, Some(meaning)) => format!("{meaning} ({number})"),
            (number, None) => number.to_string(),
        };
        (key_of(&plain(value)), label)
    });

    choices.collect()
}

/// The description with the form's names in it, how to write what is no plain text, and an example.
fn hint(schema: &Value, kind: Kind, labels: &[(&str, String)]) -> String {
    let mut hint = String::new();

    // The choices of the list tell what the numbers mean.
    let told = match schema.get("x-meanings") {
        Some(_) => without_last_sentence(description(schema)),
        None => description(schema),
    };
    for (index, piece) in told.replace("\n\n", " ").split('`').enumerate() {
        let label = labels.iter().find(|(id, _)| index % 2 == 1 && *id == piece);
        hint.push_str(label.map_or(piece, |(_, label)| label));
    }

    match (schema.get("minimum"), documented_maximum(schema)) {
        (Some(least), Some(most)) if kind == Kind::Number => {
            hint.push_str(&format!(" From {least} to {most}."))
        }
        _ => {}
    }

    match (type_of(schema), kind) {
        ("object", _) => hint.push_str(" A JSON object."),
        ("array", Kind::Textarea) => hint.push_str(" A JSON list of objects."),
        ("array", _) => hint.push_str(" Several are separated by commas."),
        _ => {}
    }

    if let Some((key, label)) = choices(schema)
        .into_iter()
        .find(|(key, _)| key.starts_with(PREFIX))
    {
        hint.push_str(&format!(" From a playbook {label} is written {key}."));
    }

    if let Some(example) = example(schema) {
        hint.push_str(&format!(" Example: {example}"));
    }

    hint
}

/// Returns `text` without the meanings that stand at its end.
fn without_last_sentence(text: &str) -> &str {
    text.trim_end_matches('.')
        .rsplit_once(". ")
        .map_or(text, |(first, _)| text.get(..=first.len()).unwrap_or(first))
}

/// The schema's own example, or the shape of an object or of a list of objects.
fn example(schema: &Value) -> Option<String> {
    if let Some(own) = schema.get("examples").and_then(|examples| examples.get(0)) {
        return Some(plain(own));
    }
    match (type_of(schema), schema.get("items")) {
        ("array", Some(items)) => shape(items).map(|shape| format!("[{shape}]")),
        _ => shape(schema),
    }
}

fn shape(schema: &Value) -> Option<String> {
    // An open object may hold more than what is known of it.
    if type_of(schema) != "object"
        || schema.get("additionalProperties") != Some(&Value::Bool(false))
    {
        return None;
    }

    let fields = properties(schema).map(|(id, schema)| {
        let first = |key: &str| {
            schema
                .get(key)
                .and_then(|values| values.get(0))
                .map(Value::to_string)
        };
        let value = first("examples")
            .or_else(|| first("enum"))
            .unwrap_or_else(|| match type_of(schema) {
                "boolean" => "true".to_owned(),
                "integer" => schema
                    .get("minimum")
                    .map_or_else(|| "1".to_owned(), Value::to_string),
                _ => "\"...\"".to_owned(),
            });
        format!("\"{id}\": {value}")
    });

    Some(format!("{{{}}}", fields.collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(schema: Value) -> Field {
        field(
            "x",
            "X".into(),
            &schema,
            false,
            &[("other", "Other Field".into())],
        )
    }

    #[test]
    fn a_box_is_used_only_where_off_is_the_default() {
        assert_eq!(
            one(json!({"type": "boolean", "default": false})).kind,
            Kind::Checkbox
        );
        for schema in [
            json!({"type": "boolean"}),
            json!({"type": "boolean", "default": true}),
        ] {
            let field = one(schema);
            assert_eq!(field.kind, Kind::List);
            assert_eq!(
                field
                    .values
                    .iter()
                    .map(|(key, _)| key.as_str())
                    .collect::<Vec<_>>(),
                ["true", "false"]
            );
        }
    }

    #[test]
    fn choice_of_a_number_is_labeled_by_its_meaning() {
        let field = one(
            json!({"type": "integer", "enum": [1, 10], "x-meanings": ["Instant", "Screen sharing only"]}),
        );
        let labels: Vec<&str> = field
            .values
            .iter()
            .map(|(_, label)| label.as_str())
            .collect();
        assert_eq!(labels, ["Instant (1)", "Screen sharing only (10)"]);
        let bare = one(json!({"type": "integer", "enum": [30, 60]}));
        assert_eq!(bare.values[1], ("60".to_owned(), "60".to_owned()));
    }

    #[test]
    fn a_choice_called_none_has_a_key_that_says_so() {
        let field =
            one(json!({"type": "string", "enum": ["cloud", "None", "none"], "default": "none"}));
        let keys: Vec<&str> = field.values.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["cloud", "value:None", "value:none"]);
        assert_eq!(field.default.as_deref(), Some("value:none"));
        assert_eq!(crate::catalog::choice::value_of("value:none"), "none");
    }

    #[test]
    fn a_hint_shows_bounds_and_how_json_looks() {
        assert_eq!(
            one(json!({"type": "integer", "minimum": 1, "maximum": 9, "description": "N."})).hint,
            "N. From 1 to 9."
        );
        let item = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer", "minimum": 3},
            "c": {"enum": ["x"]}}, "additionalProperties": false});
        let list = one(json!({"type": "array", "items": item, "description": "L."}));
        assert_eq!(
            list.hint,
            "L. A JSON list of objects. Example: [{\"a\": \"...\", \"b\": 3, \"c\": \"x\"}]"
        );
    }

    #[test]
    fn a_hint_names_other_fields_by_their_labels() {
        let field = one(
            json!({"type": "array", "items": {"type": "string"}, "description": "With `other` and `a.b`."}),
        );
        assert_eq!(
            field.hint,
            "With Other Field and a.b. Several are separated by commas."
        );
    }
}
