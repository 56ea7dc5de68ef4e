//! `replay`: every fixture replays to its envelope, the fixtures cover what they must, and differences are readable.

pub mod command;
mod coverage;

use crate::fixtures::directory;
use zoom_runner::commands::replay::{Options, find, run};

#[test]
fn fixtures_replay_to_their_envelopes() {
    let options = Options {
        paths: vec![directory()],
        ..Options::default()
    };
    let replayed = run(find(&options).unwrap(), false);
    assert!(replayed.len() >= 200, "only {} were found", replayed.len());
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
