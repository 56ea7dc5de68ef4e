//! The commands by which the program describes itself: actions, schemas, manifest, error codes; and the generated files.

use super::output::Output;
use crate::actions;
use crate::catalog::{self, Artifact};
use crate::protocol::failure::{Code, Info};
use crate::protocol::suggest::{did_you_mean, quoted};
use serde_json::{Value, json};
use std::io::{self, Stderr, Write};
use std::path::Path;

/// The exit code of a wrong argument, and of a file that can't be written.
const WRONG: u8 = 2;

/// The outputs of a description: for the answer, and for what went wrong.
pub type Streams = (Output, Stderr);

/// Lists the actions: a table, or JSON with all that the table of actions knows; or explains the one called `name`.
pub fn actions(name: Option<&str>, as_json: bool, streams: Streams) -> u8 {
    if let Some(name) = name {
        let Some(found) = actions::find(name) else {
            let failure = crate::run::unknown_action(name);
            return fail(streams.1, &failure.message);
        };
        let shown = entry(found);
        let text = if as_json {
            format!("{shown:#}\n")
        } else {
            explained(&shown)
        };
        return print(streams, text.as_bytes());
    }

    if as_json {
        let all: Vec<Value> = actions::all().map(entry).collect();
        return print(streams, format!("{:#}\n", Value::Array(all)).as_bytes());
    }

    let rows: Vec<[String; 4]> = actions::all()
        .map(|entry| {
            let endpoint = entry
                .routes
                .first()
                .map(|route| format!("{} {}", route.method.name(), route.path));
            [
                entry.id.to_owned(),
                entry.title.to_owned(),
                entry.kind.name().to_owned(),
                endpoint.unwrap_or_default(),
            ]
        })
        .collect();

    let wide = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(String::len)
            .max()
            .unwrap_or(0)
    };

    let widths = [wide(0), wide(1), wide(2)];
    let mut text = String::new();
    for [id, title, kind, endpoint] in &rows {
        let [a, b, c] = widths;
        text.push_str(format!("{id:a$}  {title:b$}  {kind:c$}  {endpoint}").trim_end());
        text.push('\n');
    }

    print(streams, text.as_bytes())
}

/// An action for a person: what it does, its parameters, and the scopes it needs.
fn explained(entry: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut told = format!(
        "{} ({}, {})\n\n{}\n",
        text(&entry["id"]),
        text(&entry["title"]),
        text(&entry["type"]),
        text(&entry["description"])
    );

    let input = &entry["input"];
    let required = input["required"].as_array().cloned().unwrap_or_default();
    let properties = input["properties"].as_object().cloned().unwrap_or_default();
    if !properties.is_empty() {
        told.push_str("\nParameters:\n");
    }

    for (name, schema) in &properties {
        let mark = if required.contains(&json!(name)) {
            " (required)"
        } else {
            ""
        };
        let words = text(&schema["description"]);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        told.push_str(&format!("  {name}{mark}\n      {words}\n"));
    }

    told.push_str("\nCalls:\n");

    for route in entry["routes"].as_array().into_iter().flatten() {
        let scopes = ["granular_scopes", "classic_scopes"]
            .iter()
            .flat_map(|kind| route[kind].as_array().into_iter().flatten().map(text))
            .collect::<Vec<_>>()
            .join(" or ");
        told.push_str(&format!(
            "  {} {}\n      needs {scopes}\n",
            text(&route["method"]),
            text(&route["path"])
        ));
    }

    // A dry run and a rollback go together with changes.
    if properties.contains_key("dry_run") {
        told.push_str(
            "\nWhere Zoom can undo it, the answer's data.rollback is the request that does.\n",
        );
    }

    told
}

fn entry(entry: &crate::action::Entry) -> Value {
    let routes = entry.routes.iter().map(|route| {
        json!({
            "method": route.method.name(),
            "path": route.path,
            "granular_scopes": route.granular,
            "classic_scopes": route.classic,
            "needed_for": match route.need {
                crate::action::Requirement::Required => Value::Null,
                crate::action::Requirement::OptionalFor(part) => Value::from(part),
            },
        })
    });

    let input = catalog::schema(&format!("{}.input", entry.id)).unwrap_or_default();
    let input: Value = serde_json::from_str(&input).unwrap_or_default();

    json!({
        "id": entry.id,
        "title": entry.title,
        "type": entry.kind.name(),
        "description": input.get("description"),
        "routes": routes.collect::<Vec<_>>(),
        "input": input,
    })
}

/// Prints the schema called `name`.
pub fn schema(name: &str, streams: Streams) -> u8 {
    if let Some(text) = catalog::schema(name) {
        return print(streams, text.as_bytes());
    }

    let names = catalog::schema_names();
    let suggestion = did_you_mean(name, names.iter().map(String::as_str));

    fail(
        streams.1,
        &format!(
            "There is no schema {name:?}.{suggestion} There are: {}.",
            names.join(", ")
        ),
    )
}

/// Says what the error code called `name` means and what to do; without a name, lists them all.
pub fn explain(name: Option<&str>, streams: Streams) -> u8 {
    let Some(name) = name else {
        let infos = Code::ALL.map(Code::info);
        let wide = infos.iter().map(|info| info.name.len()).max().unwrap_or(0);
        let line = |info: &Info| {
            format!(
                "{:wide$}  exit {:2}  {}\n",
                info.name, info.exit, info.meaning
            )
        };
        return print(
            streams,
            infos.iter().map(line).collect::<String>().as_bytes(),
        );
    };

    let Some(code) = Code::named(name) else {
        let names = || Code::ALL.into_iter().map(Code::name);
        let suggestion = did_you_mean(name, names());
        let all = names().collect::<Vec<_>>().join(", ");
        return fail(
            streams.1,
            &format!(
                "There is no error code {}.{suggestion} There are: {all}.",
                quoted(name)
            ),
        );
    };

    let info = code.info();
    let Info {
        name,
        exit,
        meaning,
        hint,
    } = info;

    let again = if info.is_retryable() {
        "yes, unless `error.change` says that a change may have been made: then the exit code is 1"
    } else {
        "no, it would fail again"
    };

    let text = format!(
        "{name}: {meaning}\n\n  what to do  {hint}\n  try again   {again}\n  exit code   {exit}\n"
    );

    print(streams, text.as_bytes())
}

/// Writes the platform's definition files for `image` to `out`, or prints them one behind the other.
pub fn manifest(out: Option<&Path>, image: &str, streams: Streams) -> u8 {
    let files = catalog::manifest(image);
    match out {
        Some(directory) => write(directory, &files, streams),
        None => {
            let documents = files
                .iter()
                .map(|file| format!("---\n# {}\n{}", file.path, file.text));
            print(streams, documents.collect::<String>().as_bytes())
        }
    }
}

/// Writes all generated files of the project to `directory`, the tables of its documents included.
pub fn generate(directory: &Path, streams: Streams) -> u8 {
    let files = catalog::artifacts(&|path| std::fs::read_to_string(directory.join(path)).ok());
    write(directory, &files, streams)
}

/// Writes files below `directory`, and says what it wrote.
fn write(directory: &Path, files: &[Artifact], streams: Streams) -> u8 {
    let mut told = String::new();
    for file in files {
        let path = directory.join(&file.path);
        if let Err(error) = put(&path, file.text.as_bytes()) {
            return fail(
                streams.1,
                &format!("{} could not be written: {error}.", path.display()),
            );
        }
        told.push_str(&format!("{}\n", path.display()));
    }

    print(streams, told.as_bytes())
}

/// Writes a file if it differs, so that a file that stays has its old time.
pub(super) fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, text)
}

/// A reader that has seen enough closes stdout: no failure.
/// Writes `text` to stdout. A reader that has read enough, as `head` has, is no failure.
pub(crate) fn print((mut output, errors): Streams, text: &[u8]) -> u8 {
    match output.write_all(text).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(errors, &format!("error: stdout cannot be written: {error}"));
            1
        }
        _ => 0,
    }
}

pub(super) fn fail(mut errors: Stderr, sentence: &str) -> u8 {
    // A closed stderr leaves no way to tell.
    let _ = writeln!(errors, "{sentence}");
    WRONG
}
