//! The generated files are fresh, valid, and true to the program.

mod actions;
mod agreement;
mod fixtures;
mod image;
mod manifest;
mod schemas;

use std::path::Path;
use zoom_runner::catalog::artifacts;

/// The project's directory.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The first lines that differ, as a person would look for them.
fn difference(there: &str, wanted: &str) -> String {
    let lines = there.lines().map(Some).chain(std::iter::repeat(None));
    let wanted = wanted.lines().map(Some).chain(std::iter::repeat(None));
    let pairs = lines
        .zip(wanted)
        .enumerate()
        .take_while(|(_, pair)| *pair != (None, None));
    let different = pairs.filter(|(_, (there, wanted))| there != wanted).take(5);
    different
        .map(|(number, (there, wanted))| {
            format!(
                "  line {}\n  - {}\n  + {}\n",
                number + 1,
                there.unwrap_or_default(),
                wanted.unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn generated_files_are_fresh() {
    let all = artifacts(&|path| std::fs::read_to_string(root().join(path)).ok());
    let mut stale = String::new();
    for artifact in &all {
        let there = std::fs::read_to_string(root().join(&artifact.path)).unwrap_or_default();
        if there != artifact.text {
            stale.push_str(&format!(
                "{}\n{}",
                artifact.path,
                difference(&there, &artifact.text)
            ));
        }
    }
    assert!(
        stale.is_empty(),
        "generated files are stale:\n{stale}run: make generate"
    );
    let pack = ["actions", "aliases"].map(|directory| format!("packaging/stackstorm/{directory}"));
    let directories = ["schemas", "manifest", "manifest/actions"].map(str::to_owned);
    for directory in directories.into_iter().chain(pack) {
        for file in std::fs::read_dir(root().join(&directory))
            .unwrap()
            .flatten()
            .filter(|file| {
                let path = file.path();
                path.extension()
                    .is_some_and(|end| end == "yaml" || end == "json")
            })
        {
            let path = format!("{directory}/{}", file.file_name().to_string_lossy());
            assert!(
                all.iter().any(|artifact| artifact.path == path),
                "{path} is generated no more: remove it"
            );
        }
    }
}

#[test]
fn documents_have_their_tables() {
    for (path, name, row) in [
        ("README.md", "actions", "| [`get_user`]("),
        ("docs/operations.md", "codes", "| `not_applied` |"),
        ("docs/operations.md", "resource", "| `token_url` |"),
        ("docs/operations.md", "scopes", "| `get_user` |"),
        ("docs/playbooks.md", "residents", "`jane@example.com`"),
    ] {
        let page = std::fs::read_to_string(root().join(path)).unwrap();
        let (_, table) = page
            .split_once(&format!("<!-- generated: {name} -->"))
            .unwrap();
        let (table, _) = table.split_once("<!-- end -->").unwrap();
        assert!(table.contains(row), "{name}: {table}");
    }
}
