//! Every fixture holds to the schemas: its parameters, its envelope, and its data.

use crate::catalog::agreement::{agree, published};
use crate::catalog::root;
use crate::catalog::schemas::read;
use serde_json::{Value, json};
use std::path::PathBuf;
use zoom_runner::actions;

/// Every fixture: its directory, its request where that is JSON, and its envelope.
fn fixtures() -> Vec<(PathBuf, Option<Value>, Value)> {
    let json = |path: PathBuf| {
        std::fs::read(path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
    };
    let mut all = Vec::new();
    for action in std::fs::read_dir(root().join("tests/fixtures"))
        .unwrap()
        .flatten()
    {
        for case in std::fs::read_dir(action.path())
            .unwrap()
            .flatten()
            .map(|case| case.path())
        {
            let envelope =
                json(case.join("envelope.json")).unwrap_or_else(|| panic!("{}", case.display()));
            all.push((case.clone(), json(case.join("request.json")), envelope));
        }
    }
    assert!(all.len() >= 60, "only {} fixtures", all.len());
    all
}

/// The schema with no room for keys that it does not name, so that none is forgotten in it.
fn closed(mut schema: Value) -> Value {
    let keys = |schema: &mut Value| schema["additionalProperties"] = json!(false);
    keys(&mut schema);
    keys(&mut schema["$defs"]["meta"]);
    keys(&mut schema["$defs"]["error"]);
    keys(&mut schema["$defs"]["error"]["$defs"]["zoom"]);
    schema
}

#[test]
fn every_envelope_is_as_the_schema_says_and_holds_no_key_that_it_does_not_name() {
    let schema = jsonschema::draft202012::new(&closed(read("envelope"))).unwrap();
    for (case, _, mut envelope) in fixtures() {
        // A fixture leaves out what every run has anew.
        for (key, value) in [
            ("runner", json!("zoom-runner/0")),
            ("started_at", json!("2026-11-24T15:00:00Z")),
            ("duration_ms", json!(1)),
        ] {
            envelope["meta"][key] = value;
        }
        schema
            .validate(&envelope)
            .unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    }
}

#[test]
fn every_fixture_is_as_its_schema_says_and_a_broken_one_is_not() {
    let schema = jsonschema::draft202012::new(&read("fixture")).unwrap();
    for (case, request, envelope) in fixtures() {
        let exchanges = std::fs::read_to_string(case.join("exchanges.json")).unwrap();
        let exchanges: Value = serde_json::from_str(&exchanges).unwrap();
        let mut fixture = json!({"request.json": request, "exchanges.json": exchanges, "envelope.json": envelope});
        schema
            .validate(&fixture)
            .unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        // What the program does not read is not in the schema either.
        fixture["exchanges.json"]["version"] = json!(2);
        assert!(!schema.is_valid(&fixture), "another version");
        fixture["exchanges.json"]["version"] = json!(1);
        fixture["exchanges.json"]["exchanges"] =
            json!([{"request": {"method": "GET", "url": "https://x/"}}]);
        assert!(!schema.is_valid(&fixture), "an exchange without an end");
        let text = fixture["exchanges.json"].to_string();
        assert!(
            zoom_runner::fixtures::exchange::Exchanges::read(&text).is_err(),
            "{text}"
        );
    }
}

#[test]
fn the_data_of_every_success_is_as_the_actions_schema_says() {
    for entry in actions::all() {
        let schema = jsonschema::draft202012::new(&read(&format!("{}.output", entry.id))).unwrap();
        let successes = fixtures().into_iter().filter(|(_, _, envelope)| {
            envelope["action"] == entry.id && envelope["status"] == "success"
        });
        let mut number = 0;
        for (case, _, envelope) in successes {
            schema.validate(&envelope["data"]).unwrap_or_else(|error| {
                panic!("{}: {} {error}", case.display(), error.instance_path())
            });
            number += 1;
        }
        assert!(number > 0, "{entry:?} has no fixture of a success");
    }
}

#[test]
fn the_parameters_of_every_fixture_are_judged_alike_by_schema_and_program() {
    for entry in actions::all() {
        let input = (entry.input)();
        let schema = published(entry);
        for (case, request, _) in fixtures() {
            let Some(request) = request.filter(|request| {
                request["action"]
                    .as_str()
                    .and_then(actions::find)
                    .is_some_and(|found| found.id == entry.id)
            }) else {
                continue;
            };
            let none = json!({});
            if let Some(given) = request.get("parameters").unwrap_or(&none).as_object() {
                agree(entry, input, &schema, given)
                    .unwrap_or_else(|why| panic!("{}: {why}", case.display()));
            }
        }
    }
}
