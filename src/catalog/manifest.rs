//! The platform's definition files (Open Integration Framework): one of the integration, one of each action. Knows that format; decides nothing about actions.

use super::field::{self, Field, Kind};
use super::output_paths;
use super::yaml::Yaml;
use crate::action::{Column, Entry};
use crate::protocol::parameter;
use crate::protocol::resource;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The integration's name on the platform. (A certified one is called Zoom.)
pub const NAME: &str = "Zoom Runner";

/// Where the image holds the program.
pub const PROGRAM: &str = "/usr/local/bin/zoom-runner";

/// The integration's icon, 128 by 128, drawn for this project.
const ICON: &[u8] = include_bytes!("icon.png");

/// The integration's definition, run in `image`.
#[must_use]
pub fn integration(image: &str) -> String {
    let fields = field::of_resource(&parameter::schema::<resource::Fields>());
    let listed = ["account_id", "api_url"]
        .into_iter()
        .filter_map(|id| fields.iter().find(|field| field.id == id));
    let columns = listed.map(|field| {
        (
            field.id.clone(),
            Yaml::map([("name", Yaml::text(&field.label))]),
        )
    });
    let columns = Yaml::Map(columns.collect());
    let attributes = fields
        .iter()
        .map(|field| (field.id.clone(), attribute(field)));
    Yaml::map([
        ("name", Yaml::text(NAME)),
        ("version", Yaml::text(env!("CARGO_PKG_VERSION"))),
        (
            "icon",
            Yaml::text(format!("data:image/png;base64,{}", STANDARD.encode(ICON))),
        ),
        (
            "script",
            Yaml::map([
                ("type", Yaml::Word("bash")),
                ("test_connection_code", body("test")),
            ]),
        ),
        ("docker_repo_tag", Yaml::text(image)),
        (
            "configuration",
            Yaml::map([
                ("testable_connection", Yaml::Bool(true)),
                ("require_proxy_config", Yaml::Bool(true)),
                ("data_attributes", Yaml::Map(attributes.collect())),
                ("listing_attributes", columns),
            ]),
        ),
    ])
    .document()
}

/// An action's definition.
#[must_use]
pub fn action(entry: &Entry) -> String {
    let fields = field::of_action(&(entry.input)());
    let own = ["status", "message"].map(str::to_owned);
    let outputs = own.into_iter().chain(output_paths::of(&(entry.output)()));
    let outputs =
        outputs.map(|path| Yaml::map([("path", Yaml::text(path)), ("type", Yaml::Word("text"))]));
    Yaml::map([
        ("integration", Yaml::text(NAME)),
        ("name", Yaml::text(entry.title)),
        ("type", Yaml::Word(entry.kind.name())),
        ("script", Yaml::map([("code", body(entry.id))])),
        (
            "fields",
            Yaml::List(fields.iter().map(parameter_field).collect()),
        ),
        ("output", Yaml::List(outputs.collect())),
        (
            "table_view",
            Yaml::List(entry.table.iter().map(column).collect()),
        ),
    ])
    .document()
}

/// The one line that bash runs: the program takes bash's place, so that streams and exit code are its own.
fn body(action: &str) -> Yaml {
    Yaml::Code(format!("exec {PROGRAM} oif {action}\n"))
}

fn column(column: &Column) -> Yaml {
    let mut entries = vec![
        ("display_name", Yaml::text(column.name)),
        ("value", Yaml::text(column.path)),
    ];
    if column.link {
        entries.push(("type", Yaml::Word("link")));
    }
    Yaml::map(entries)
}

/// A field of the resource's form.
fn attribute(field: &Field) -> Yaml {
    Yaml::map(common(field))
}

/// A field of an action's form.
fn parameter_field(field: &Field) -> Yaml {
    let mut entries = vec![("id", Yaml::text(&field.id))];
    entries.extend(common(field));
    if field.artifacts {
        entries.push(("incident_artifacts", Yaml::Bool(true)));
    }
    Yaml::map(entries)
}

fn common(field: &Field) -> Vec<(&'static str, Yaml)> {
    let mut entries = vec![
        ("label", Yaml::text(&field.label)),
        ("type", Yaml::Word(field.kind.name())),
        ("required", Yaml::Bool(field.required)),
    ];
    entries.extend(
        field
            .validator
            .map(|validator| ("validator", Yaml::Word(validator))),
    );
    entries.extend(
        field
            .default
            .as_ref()
            .map(|default| ("default", Yaml::text(default))),
    );
    if field.kind == Kind::List {
        entries.push(("values", Yaml::Quoted(field.values.clone())));
    }
    entries.push(("hint", Yaml::text(&field.hint)));
    entries
}
