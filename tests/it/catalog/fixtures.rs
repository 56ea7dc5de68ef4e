//! Every fixture holds to the schemas: its parameters, its envelope, and its data.

use crate::catalog::agreement::{agree, published};
use crate::catalog::schemas::read;
use crate::fixtures::all;
use serde_json::{Value, json};
use zoom_runner::actions;

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
fn envelopes_fit_their_schema_and_have_no_other_key() {
    let schema = jsonschema::draft202012::new(&closed(read("envelope"))).unwrap();
    for fixture in all() {
        let mut envelope = fixture.envelope().clone();
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
            .unwrap_or_else(|error| panic!("{}: {error}", fixture.name()));
    }
}

#[test]
fn fixtures_fit_their_schema_and_broken_ones_do_not() {
    let schema = jsonschema::draft202012::new(&read("fixture")).unwrap();
    for fixture in all() {
        let mut json = fixture.json.clone();
        schema
            .validate(&json)
            .unwrap_or_else(|error| panic!("{}: {error}", fixture.name()));
        // What the program does not read is not in the schema either.
        json["exchanges"] = json!([{"request": {"method": "GET", "url": "https://x/"}}]);
        assert!(!schema.is_valid(&json), "an exchange without an outcome");
        let read = serde_json::from_value::<zoom_runner::fixtures::exchange::Fixture>;
        assert!(read(json).is_err());
    }
}

#[test]
fn data_of_successes_fits_the_schema_of_their_action() {
    for entry in actions::all() {
        let schema = jsonschema::draft202012::new(&read(&format!("{}.output", entry.id))).unwrap();
        let successes = all().iter().filter(|fixture| {
            let envelope = fixture.envelope();
            envelope["action"] == entry.id && envelope["status"] == "success"
        });
        let mut number = 0;
        for fixture in successes {
            schema
                .validate(&fixture.envelope()["data"])
                .unwrap_or_else(|error| {
                    panic!("{}: {} {error}", fixture.name(), error.instance_path())
                });
            number += 1;
        }
        assert!(number > 0, "{entry:?} has no fixture of a success");
    }
}

#[test]
fn schema_and_program_judge_the_parameters_of_fixtures_alike() {
    for entry in actions::all() {
        let input = &(entry.input)();
        let schema = published(entry);
        for fixture in all() {
            let Some(request) = fixture.request().filter(|request| {
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
                    .unwrap_or_else(|why| panic!("{}: {why}", fixture.name()));
            }
        }
    }
}
