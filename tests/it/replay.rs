//! Every fixture replays to its envelope, the fixtures cover what they must, and a difference is told so that one can read it.

mod coverage;
pub mod door;

use std::fs;
use std::path::{Path, PathBuf};
use zoom_runner::commands::replay::{Options, run};

/// Where the fixtures are.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// A directory of its own that goes away with the test.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("zoom-runner-replay-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A copy of a fixture, with `from` replaced by `to` in one of its files.
    pub fn copy(&self, fixture: &str, file: &str, from: &str, to: &str) -> PathBuf {
        let target = self.0.join(fixture);
        fs::create_dir_all(&target).unwrap();
        for entry in fs::read_dir(fixtures().join(fixture)).unwrap() {
            let entry = entry.unwrap();
            let mut text = fs::read_to_string(entry.path()).unwrap();
            if entry.file_name().to_str() == Some(file) {
                assert!(text.contains(from), "{text}");
                text = text.replace(from, to);
            }
            fs::write(target.join(entry.file_name()), text).unwrap();
        }
        target
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_fixture_replays_to_its_envelope() {
    let replayed = run(&Options {
        paths: vec![fixtures()],
        ..Options::default()
    });
    assert!(
        replayed.len() >= 60,
        "only {} fixtures were found",
        replayed.len()
    );
    let differ = replayed.iter().filter(|one| !one.differences.is_empty());
    let told: Vec<String> = differ
        .map(|one| format!("{}\n{}", one.path.display(), one.differences.join("\n")))
        .collect();
    assert!(
        told.is_empty(),
        "{}\n\nIf that is right: cargo run -- replay --bless tests/fixtures, and read what has changed.",
        told.join("\n\n")
    );
}
