//! The platform's definition files (Open Integration Framework): one of the integration, one of each action. Begin
//! with [`action`].

use super::field::{self, Field, Kind};
use super::output_paths;
use crate::action::Entry;
use crate::protocol::parameter;
use crate::protocol::resource;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use serde_saphyr::ser_options;

/// The integration's name on the platform. (A certified one is called Zoom.)
pub const NAME: &str = "Zoom Runner";

/// The program's path in the image.
pub const PROGRAM: &str = "/usr/local/bin/zoom-runner";

/// The integration's icon, 128 by 128, drawn for this project.
const ICON: &[u8] = include_bytes!("icon.png");

/// Returns the integration's definition, run in `image`.
#[must_use]
pub fn integration(image: &str) -> String {
    let fields = field::of_resource(&parameter::schema::<resource::Fields>());
    let listed = ["account_id", "api_url"]
        .into_iter()
        .filter_map(|id| fields.iter().find(|field| field.id == id));
    let columns: Map<String, Value> = listed
        .map(|field| (field.id.clone(), json!({ "name": field.label })))
        .collect();
    let attributes: Map<String, Value> = fields
        .iter()
        .map(|field| (field.id.clone(), Value::Object(common(field))))
        .collect();

    document(&json!({
        "name": NAME,
        "version": concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR")),
        "icon": format!("data:image/png;base64,{}", STANDARD.encode(ICON)),
        "script": { "type": "bash", "test_connection_code": code("test") },
        "docker_repo_tag": image,
        // An image without a registry in its name is loaded on the bridge.
        "local_repo": !image.contains('/'),
        "configuration": {
            "testable_connection": true,
            "require_proxy_config": true,
            "data_attributes": attributes,
            "listing_attributes": columns,
        },
    }))
}

/// Returns an action's definition.
#[must_use]
pub fn action(entry: &Entry) -> String {
    let fields = field::of_action(&(entry.input)());
    let fields: Vec<Value> = fields.iter().map(parameter_field).collect();
    let own = ["status", "message"].map(str::to_owned);

    // A list that a step takes in runs it once per item, unless it is joined.
    let lists = entry.columns().map(|(_, path)| path);
    let lists = lists.filter(|path| path.contains("[]"));
    let ids = lists.filter(|path| path.ends_with("id") || path.ends_with("email"));
    let joined = ids.map(|path| format!("{path} | join(,)"));
    let outputs = own
        .into_iter()
        .chain(output_paths::of(&(entry.output)()))
        .chain(joined);
    let outputs: Vec<Value> = outputs
        .map(|path| json!({ "path": path, "type": "text" }))
        .collect();
    let columns: Vec<Value> = entry.columns().map(column).collect();

    document(&json!({
        "integration": NAME,
        "name": entry.title,
        "type": entry.kind.name(),
        "script": { "code": code(entry.id) },
        "fields": fields,
        "output": outputs,
        "table_view": columns,
    }))
}

/// Writes YAML with every text in quotes: without them a key `true` or a version `1.0` is read as something else.
pub(super) fn document(value: &Value) -> String {
    let options = ser_options! { quote_all: true, compact_list_indent: false };
    serde_saphyr::to_string_with_options(value, options).unwrap_or_default()
}

/// Returns the one line that bash runs: the program takes bash's place, so that streams and exit code are its own.
fn code(action: &str) -> String {
    format!("exec {PROGRAM} oif {action}\n")
}

fn column((name, path): (&str, String)) -> Value {
    let is_link = path.ends_with("_url");
    let mut entries = json!({ "display_name": name, "value": path });
    if let Some(map) = entries.as_object_mut().filter(|_| is_link) {
        map.insert("type".to_owned(), json!("link"));
    }
    entries
}

/// Returns a field of an action's form.
fn parameter_field(field: &Field) -> Value {
    let mut entries = Map::new();
    entries.insert("id".to_owned(), json!(field.id));
    entries.extend(common(field));

    if field.artifacts {
        entries.insert("incident_artifacts".to_owned(), json!(true));
    }

    if field.id == "user_id" {
        // Puts the action into the menu of an entity that is a user.
        entries.insert("observables".to_owned(), json!(["email", "userdetail"]));
    }

    Value::Object(entries)
}

fn common(field: &Field) -> Map<String, Value> {
    let mut entries = Map::new();
    let mut add = |key: &str, value: Value| entries.insert(key.to_owned(), value);
    add("label", json!(field.label));
    add("type", json!(field.kind.name()));
    add("required", json!(field.required));

    if let Some(validator) = field.validator {
        add("validator", json!(validator));
    }

    if let Some(default) = &field.default {
        add("default", json!(default));
    }

    if field.kind == Kind::List {
        let values = field.values.iter();
        let values: Map<String, Value> = values
            .map(|(key, label)| (key.clone(), json!(label)))
            .collect();
        add("values", Value::Object(values));
    }

    add("hint", json!(field.hint));
    entries
}
