//! With the generator and without: the program says of itself what the generated files say. Without it (what ships), it reads them out of what it carries, so that this is run in both builds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::path::{Path, PathBuf};
use zoom_runner::actions;
use zoom_runner::catalog::{IMAGE, manifest, schema, schema_names};
use zoom_runner::protocol::carried::{PATH, Pack};
use zoom_runner::zoom::zone::{CARRIED, found};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_schemas_are_those_of_the_files() {
    let names = schema_names();
    assert_eq!(
        names.len(),
        std::fs::read_dir(file("schemas")).unwrap().count()
    );
    assert_eq!(names.len(), 3 + 2 * actions::all().count());
    for name in names {
        assert!(
            schema(&name).unwrap() == text(&format!("schemas/{name}.json")),
            "{name}; run: make generate"
        );
    }
    for name in [
        "",
        "x",
        "get_user",
        "get_user.",
        "../manifest/zoom.integration",
    ] {
        assert_eq!(schema(name), None, "{name}");
    }
}

#[test]
fn the_manifest_is_that_of_the_files_and_names_the_image_that_is_asked_for() {
    let other = "soar/zoom:1.2.3";
    let files = manifest(IMAGE);
    assert_eq!(files.len(), 1 + actions::ACTIONS.len());
    assert_eq!(
        files[0].path, "zoom.integration.yaml",
        "the platform takes the integration first"
    );
    for (file, own) in files.iter().zip(manifest(other)) {
        assert!(
            file.text == text(&format!("manifest/{}", file.path)),
            "{}; run: make generate",
            file.path
        );
        let (wanted, count) = (
            file.text.replace(IMAGE, other),
            file.text.matches(IMAGE).count(),
        );
        assert_eq!(own.text, wanted);
        assert_eq!(
            count,
            usize::from(file.path == "zoom.integration.yaml"),
            "{}",
            file.path
        );
    }
}

#[test]
fn every_action_knows_its_parameters() {
    for entry in actions::all() {
        let published: serde_json::Value =
            serde_json::from_str(&schema(&format!("{}.input", entry.id)).unwrap()).unwrap();
        let names = |schema: &serde_json::Value| -> Vec<String> {
            schema["properties"]
                .as_object()
                .map(|map| map.keys().cloned().collect())
                .unwrap_or_default()
        };
        assert_eq!(names((entry.input)()), names(&published), "{entry:?}");
        assert_eq!(
            (entry.input)()["required"],
            published["required"],
            "{entry:?}"
        );
        assert_eq!((entry.input)()["additionalProperties"], false, "{entry:?}");
    }
}

#[test]
fn time_zones_are_there_where_the_system_has_none() {
    let pack = std::fs::read(file(PATH)).unwrap();
    let all = Pack::of(&pack).get(CARRIED).unwrap();
    let noon: jiff::civil::DateTime = "2026-07-01T12:00".parse().unwrap();
    for (name, hours) in [
        ("Europe/Berlin", 2),
        ("america/new_york", -4),
        ("Asia/Calcutta", 5),
        ("UTC", 0),
    ] {
        let zone = found(&all, name).unwrap_or_else(|| panic!("{name}"));
        let offset = zone.to_offset(zone.to_timestamp(noon).unwrap());
        assert_eq!(offset.seconds() / 3600, hours, "{name}");
    }
    assert!(found(&all, "Europe/Nowhere").is_none());
}
