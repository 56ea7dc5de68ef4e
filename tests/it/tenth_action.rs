//! The worked example of CONTRIBUTING.md: an action that the program does not have, its file as it would lie in src/actions/, and its fixtures as they would lie in tests/fixtures/.

mod get_meeting;

use serde_json::Value;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zoom_runner::action::Entry;
use zoom_runner::clock::{Budget, Clock, FakeClock};
use zoom_runner::commands::replay::{strip_volatile, write};
use zoom_runner::fixtures::exchange::Fixture;
use zoom_runner::fixtures::player::Player;
use zoom_runner::http::retry::Retry;
use zoom_runner::protocol::envelope::Head;
use zoom_runner::protocol::request::parse;
use zoom_runner::protocol::resource;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::zoom::client::Zoom;
use zoom_runner::zoom::token::NoStore;

static TENTH: Entry = Entry::of::<get_meeting::GetMeeting>();

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The fixtures' files.
fn cases() -> Vec<PathBuf> {
    let directory = root().join("tests/it/tenth_action/fixtures").join(TENTH.id);
    std::fs::read_dir(directory)
        .unwrap()
        .map(|case| case.unwrap().path())
        .collect()
}

fn fixture(path: &Path) -> Fixture {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Returns the envelope as `zoom-runner replay` would, with an action that is not in the table.
fn replay(fixture: &Fixture) -> String {
    let request = parse(&fixture.stdin()).unwrap();
    let jumping = Arc::new(FakeClock::from(fixture.started_at.into()));
    let recording = Player::new(fixture.exchanges.clone(), Arc::clone(&jumping));
    let clock: Arc<dyn Clock> = jumping;
    let session = EnvelopeSession::start(Vec::new(), Arc::clone(&clock), false);
    let given = request.resource.unwrap();
    let label = Some(resource::label(&given));
    session.head(Head {
        action: Some(TENTH.id.to_owned()),
        label,
        id: request.id,
        line: None,
    });
    let resource = resource::check(given).unwrap();
    let budget = Budget::new(clock, resource.timeout);
    let http = Retry::new(recording, budget.clone(), session.state_shared());
    let zoom = Zoom::new(
        &http,
        &resource,
        &NoStore,
        &session,
        budget,
        session.state_shared(),
    );
    let result = (TENTH.run)(request.parameters, &zoom);
    session.finish(result.as_ref());
    strip_volatile(&String::from_utf8(session.into_output()).unwrap()).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a developer's switch")]
fn blesses() -> bool {
    std::env::var_os("BLESS").is_some()
}

#[test]
fn example_action_replays_its_fixtures() {
    let mut names = Vec::new();
    for case in cases() {
        let mut fixture = fixture(&case);
        let got = replay(&fixture);
        let expected = fixture
            .envelope
            .replace(RawValue::from_string(got).unwrap());
        if blesses() {
            write(&case, &fixture).unwrap();
        }
        let value = |json: Option<Box<RawValue>>| -> Value {
            serde_json::from_str(json.unwrap().get()).unwrap()
        };
        let hint = "if that is right: BLESS=1 cargo test --test it tenth_action";
        assert_eq!(
            value(fixture.envelope),
            value(expected),
            "{}; {hint}",
            case.display()
        );
        names.push(case.file_stem().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(
        names,
        [
            "missing_scope",
            "not_found",
            "rate_limited_then_ok",
            "success"
        ],
        "what tests/it/replay.rs asks for"
    );
}

#[test]
fn example_action_describes_what_its_fixture_holds() {
    let success = root()
        .join("tests/it/tenth_action/fixtures")
        .join(TENTH.id)
        .join("success.json");
    let envelope = fixture(&success).envelope.unwrap();
    let envelope: Value = serde_json::from_str(envelope.get()).unwrap();
    let output = (TENTH.output)();
    jsonschema::draft202012::new(&output)
        .unwrap()
        .validate(&envelope["data"])
        .unwrap();
    for column in TENTH.table {
        let path = format!("/{}", column.path.replace('.', "/"));
        assert!(envelope.pointer(&path).is_some(), "{path}");
    }
}

#[test]
fn contributing_shows_lines_of_the_example_and_names_what_is_there() {
    let page = read("CONTRIBUTING.md");
    let shown = page
        .split_once("```rust\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;
    let example = read("tests/it/tenth_action/get_meeting.rs");
    let mut rest = example.as_str();
    for line in shown
        .lines()
        .filter(|line| !line.trim().is_empty() && line.trim() != "// ...")
    {
        let (_, after) = rest.split_once(line).unwrap_or_else(|| {
            panic!("CONTRIBUTING.md shows a line that get_meeting.rs does not have, or not there: {line}")
        });
        rest = after;
    }
    // Paths and targets in code or links that the page names.
    let makefile = read("Makefile");
    for (_, word) in page.split('`').enumerate().filter(|(at, _)| at % 2 == 1) {
        if let Some(target) = word.strip_prefix("make ") {
            assert!(makefile.contains(&format!("\n{target}: ")), "make {target}");
        }
        let is_path = [
            "src/",
            "tests/",
            "fuzz/",
            "schemas/",
            "manifest/",
            ".github/",
            "examples/",
        ];
        if is_path.iter().any(|start| word.starts_with(start)) && !word.contains(['<', ' ', '*']) {
            assert!(
                root().join(word).exists() || word.contains("ACTION"),
                "{word} is not there"
            );
        }
    }
}
