//! Every fixture replays to its envelope, the fixtures cover what they must, and a difference is told so that one can read it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "replay/coverage.rs"]
mod coverage;
#[path = "replay/door.rs"]
mod door;

use std::path::{Path, PathBuf};
use zoom_runner::door::replay::{Options, run};

/// Where the fixtures are.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[test]
fn every_fixture_replays_to_its_envelope() {
    let replayed = run(&Options { paths: vec![fixtures()], ..Options::default() });
    assert!(replayed.len() >= 60, "only {} fixtures were found", replayed.len());
    let differ = replayed.iter().filter(|one| !one.differences.is_empty());
    let told: Vec<String> =
        differ.map(|one| format!("{}\n{}", one.path.display(), one.differences.join("\n"))).collect();
    assert!(
        told.is_empty(),
        "{}\n\nIf that is right: cargo run -- replay --bless tests/fixtures, and read what has changed.",
        told.join("\n\n")
    );
}
