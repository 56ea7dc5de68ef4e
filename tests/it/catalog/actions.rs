//! Lints over the table of actions, which name what a new action has forgotten.

use crate::catalog::root;
use std::collections::BTreeSet;
use zoom_runner::action::{Entry, Kind as ActionKind};
use zoom_runner::actions;
use zoom_runner::zoom::update::fields::Kind;

use serde_json::Value;

fn is_snake_case(text: &str) -> bool {
    let words = || text.split('_');
    let plain = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    words().all(plain) && text.starts_with(|first: char| first.is_ascii_lowercase())
}

/// Hands every schema inside `schema`, with its path, to `look`.
fn each_schema(schema: &Value, path: &str, look: &mut dyn FnMut(&Value, &str)) {
    look(schema, path);
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        each_schema(inner, &format!("{path}.{name}"), look);
    }
    if let Some(items) = schema.get("items") {
        each_schema(items, &format!("{path}.[]"), look);
    }
    for inner in schema["oneOf"].as_array().into_iter().flatten() {
        each_schema(inner, &format!("{path}|"), look);
    }
}

#[test]
fn ids_and_titles_are_unique_and_say_the_same() {
    let all: Vec<&Entry> = actions::all().collect();
    let ids: BTreeSet<&str> = all.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), all.len());
    for entry in all {
        assert!(is_snake_case(entry.id), "{entry:?}");
        assert_eq!(
            entry.title.to_lowercase().replace(' ', "_"),
            entry.id,
            "the title says something else"
        );
    }
}

#[test]
fn action_files_are_named_after_their_ids() {
    let files: BTreeSet<String> = std::fs::read_dir(root().join("src/actions"))
        .unwrap()
        .flatten()
        .filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    let ids: BTreeSet<String> = actions::all().map(|entry| entry.id.to_owned()).collect();
    assert_eq!(
        files, ids,
        "src/actions/ and the table in src/actions.rs differ"
    );
}

#[test]
fn actions_and_parameters_are_all_described() {
    for entry in actions::all() {
        assert!(
            entry.description().ends_with('.'),
            "{entry:?} has no description: write a doc comment"
        );
        each_schema(&(entry.input)(), entry.id, &mut |schema, path| {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let told = property["description"].as_str().unwrap_or_default();
                let block =
                    property["properties"].is_object() && property.get("description").is_none();
                assert!(
                    told.ends_with('.') || block,
                    "{path}.{name} has no description: write a doc comment"
                );
            }
        });
    }
}

#[test]
fn parameters_are_closed_and_their_names_are_zooms() {
    for entry in actions::all() {
        let input = (entry.input)();
        assert_eq!(
            input["additionalProperties"], false,
            "{entry:?}: add deny_unknown_fields"
        );
        for (name, _) in input["properties"].as_object().into_iter().flatten() {
            assert!(is_snake_case(name), "{entry:?}: {name}");
        }
    }
}

#[test]
fn endpoints_have_both_kinds_of_scopes_and_fit_the_kind_of_their_action() {
    for entry in actions::all() {
        // `roll_back` uses those of the change that it undoes.
        let Some(first) = entry.routes.first() else {
            assert_eq!(entry.id, "roll_back", "{entry:?} has no route");
            continue;
        };
        assert_eq!(
            entry.kind == ActionKind::Containment,
            first.method.name() != "GET",
            "{entry:?}"
        );
        for route in entry.routes {
            // For analytics Zoom documents no classic scope.
            let has_classic = !route.classic.is_empty() || route.path.contains("analytics");
            assert!(
                !route.granular.is_empty() && has_classic,
                "{entry:?} {}",
                route.path
            );
            assert!(route.path.starts_with('/'), "{}", route.path);
        }
    }
}

#[test]
fn a_parameter_of_an_update_has_the_type_that_is_documented_for_its_place_in_settings() {
    let mut judged = 0;
    for table in actions::ACTIONS.iter().filter_map(|entry| entry.update) {
        let Some(root) = table.settings_root() else {
            continue;
        };
        for field in table.parameters {
            for (form, path) in field.places() {
                let Some(inside) = zoom_runner::protocol::json::within(path, root) else {
                    continue;
                };
                let documented = Kind::Object(*table.documented(form).unwrap()).schema();
                let pointer = inside.replace('.', "/properties/");
                let mut known = documented
                    .pointer(&format!("/properties/{pointer}"))
                    .cloned()
                    .unwrap_or_else(|| panic!("{}: {path} is not documented", table.name));
                known.as_object_mut().unwrap().remove("description");
                // A parameter may name the choices that are a range inside `settings`.
                let mut own = field.kind.schema();
                for schema in [&mut own, &mut known] {
                    schema.as_object_mut().unwrap().remove("x-meanings");
                }
                let is_range = known.get("minimum").is_some() && own.get("enum").is_some();
                assert!(
                    is_range || known == own,
                    "{}: {path}: {known} {own}",
                    table.name
                );
                judged += 1;
            }
        }
    }
    assert!(judged >= 40, "{judged}");
}
