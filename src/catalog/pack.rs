//! The StackStorm pack: its metadata, the form of its configuration, and one file for each action, all run by the one
//! script `packaging/stackstorm/actions/run.py`. Begin with [`files`].

use super::Artifact;
use super::field::{type_of, values};
use super::manifest::document;
use crate::action::{Entry, Kind};
use crate::actions;
use crate::protocol::parameter;
use crate::protocol::redact::fields::is_secret;
use crate::protocol::resource;
use serde_json::{Map, Value, json};

/// The pack's reference, which StackStorm allows no hyphen in.
const PACK: &str = "zoom_runner";

/// The runner's own time limit in seconds: above the longest that a resource allows, so that the program ends first.
const TIMEOUT: u32 = 3660;

/// What people type in a chat: the alias' name, the words, the action.
const ALIASES: [(&str, &str, &str); 5] = [
    ("test", "zoom test", "test"),
    ("who_is", "zoom who is {{user_id}}", "get_user"),
    (
        "meetings_live",
        "zoom meetings of {{user_id}} {{type=live}}",
        "list_meetings",
    ),
    (
        "end_meeting",
        "zoom end meeting {{meeting_id}}",
        "end_meeting",
    ),
    (
        "deactivate",
        "zoom deactivate {{user_id}}",
        "deactivate_user",
    ),
];

/// Returns the pack's generated files, below `packaging/stackstorm/`.
pub fn files() -> Vec<Artifact> {
    let own = [
        ("pack.yaml".to_owned(), pack()),
        ("config.schema.yaml".to_owned(), config()),
    ];
    let actions = actions::all().map(|entry| (format!("actions/{}.yaml", entry.id), action(entry)));
    let aliases = ALIASES
        .map(|(name, words, action)| (format!("aliases/{name}.yaml"), alias(name, words, action)));

    let all = own.into_iter().chain(actions).chain(aliases);

    all.map(|(path, value)| Artifact {
        path: format!("packaging/stackstorm/{path}"),
        text: document(&value),
    })
    .collect()
}

fn pack() -> Value {
    json!({
        "ref": PACK,
        "name": PACK,
        "description": "Zoom for security teams: users, meetings, recordings, roles and settings, with truthful changes.",
        "keywords": ["zoom", "security", "incident response", "meetings"],
        "version": env!("CARGO_PKG_VERSION"),
        "python_versions": ["3"],
        "author": "The zoom-runner authors",
        "email": "zoom-runner@example.com",
    })
}

/// The fields of the resource, and where the program is.
fn config() -> Value {
    let schema = parameter::schema::<resource::Fields>();
    let mut config = parameters(&schema);
    for field in config.values_mut().filter_map(Value::as_object_mut) {
        field.remove("position");
    }

    config.insert(
        "binary".to_owned(),
        json!({
            "type": "string",
            "description": "The program: a name on the PATH, or a path.",
            "default": "zoom-runner",
            "required": false,
        }),
    );

    Value::Object(config)
}

fn action(entry: &Entry) -> Value {
    let mut all = parameters(&(entry.input)());
    all.insert(
        "action".to_owned(),
        json!({
            "type": "string",
            "description": "The action's id.",
            "default": entry.id,
            "immutable": true,
        }),
    );

    // The runner's own parameter: nothing but these two may be said of it.
    all.insert(
        "timeout".to_owned(),
        json!({ "default": TIMEOUT, "immutable": true }),
    );

    let tag = |value: &str| json!({ "name": "kind", "value": value });

    json!({
        "name": entry.id,
        "pack": PACK,
        "description": entry.description(),
        "enabled": true,
        "runner_type": "python-script",
        "entry_point": "run.py",
        "tags": [tag(if entry.kind == Kind::Containment { "change" } else { "read" })],
        "parameters": all,
        "output_schema": {
            "protocol": { "type": "integer", "required": true },
            "status": { "type": "string", "required": true },
            "action": { "type": "string" },
            "id": { "type": "string" },
            "label": { "type": "string" },
            "message": { "type": "string", "required": true },
            "data": { "type": "object" },
            "error": { "type": "object" },
            "meta": { "type": "object" },
        },
    })
}

/// Returns the properties of a schema as StackStorm's parameters, each with its one type.
fn parameters(schema: &Value) -> Map<String, Value> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    let required: Vec<&Value> = list("required").into_iter().flatten().collect();
    let properties = schema.get("properties").and_then(Value::as_object);

    let mut position = 0;
    let each = properties.into_iter().flatten().map(|(name, property)| {
        let is_required = required.contains(&&Value::from(name.as_str()));
        let mut parameter = Map::new();
        let mut add = |key: &str, value: Value| parameter.insert(key.to_owned(), value);

        add("type", json!(type_of(property)));
        for key in ["description", "default"] {
            if let Some(value) = property.get(key) {
                add(key, value.clone());
            }
        }
        let choices: Vec<&Value> = values(property).collect();
        if !choices.is_empty() {
            add("enum", json!(choices));
        }
        add("required", json!(is_required));
        if is_required {
            add("position", json!(position));
            position += 1;
        }
        if is_secret(name) || property.get("writeOnly") == Some(&Value::Bool(true)) {
            add("secret", json!(true));
        }
        (name.clone(), Value::Object(parameter))
    });

    each.collect()
}

fn alias(name: &str, words: &str, action: &str) -> Value {
    json!({
        "name": name,
        "pack": PACK,
        "description": format!("Runs {action}."),
        "action_ref": format!("{PACK}.{action}"),
        "formats": [words],
        "ack": { "enabled": false },
        "result": {
            "format": "{{ execution.result.result.message }}",
        },
    })
}
