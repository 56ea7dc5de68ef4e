//! README.md and its neighbours: their commands run, all commands are in them, and their links lead somewhere.

use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use zoom_runner::sandbox::{Options, Sandbox};

const PROGRAM: &str = env!("CARGO_BIN_EXE_zoom-runner");

/// The mark before a block that is not run here; behind it stands why.
const NOT_RUN: &str = "<!-- not run: ";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The shell blocks, but for those that say why they are not run.
fn blocks(page: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("```sh\n") {
        let (block, behind) = after.split_once("\n```").unwrap();
        let is_marked = before
            .lines()
            .last()
            .is_some_and(|line| line.starts_with(NOT_RUN) && line.ends_with(" -->"));
        if !is_marked {
            blocks.push(block);
        }
        rest = behind;
    }
    blocks
}

/// A directory with what a reader of the page has.
fn desk(sandbox: &Sandbox) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("zoom-runner-readme-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let request = json!({"action": "get_user", "parameters": {"user_id": "jane@example.com"}, "resource": sandbox.resource()});
    let write = |name: &str, text: String| std::fs::write(directory.join(name), text).unwrap();
    write("resource.json", sandbox.resource().to_string());
    write("request.json", request.to_string());
    write(
        "requests.jsonl",
        format!(
            "{}\n{}\n",
            json!({"action": "test", "id": 1}),
            json!({"action": "list_users", "id": 2})
        ),
    );
    directory
}

/// Runs a block as somebody who has exported the connection's variables.
fn shell(block: &str, directory: &Path, sandbox: &Sandbox) -> Output {
    let program = Path::new(PROGRAM).parent().unwrap().display();
    let connection = sandbox.resource();
    let connection = connection
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "label");
    Command::new("sh")
        .args(["-euc", block])
        .current_dir(directory)
        .env_clear()
        .envs(connection.map(|(name, value)| (name.as_str(), value.as_str().unwrap())))
        .env(
            "PATH",
            format!("{program}:/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin"),
        )
        .env("ZOOM_RUNNER_TOKEN_CACHE", "off")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Runs the blocks of the README in their order; without `jq` those before the first one that needs it.
fn run_blocks(has_jq: bool) {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let directory = desk(&sandbox);
    let page = read("README.md");
    let blocks = blocks(&page);
    assert!(blocks.len() >= 6, "{blocks:?}");
    for block in blocks {
        if block.contains("jq ") && !has_jq {
            break;
        }
        let output = shell(block, &directory, &sandbox);
        let (out, errors) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{block}\n{out}{errors}");
        assert_eq!(errors, "", "{block}");
        assert!(!out.contains("\"failed\""), "{block}\n{out}");
        // What a comment says comes out, comes out.
        for said in block
            .lines()
            .filter_map(|line| line.split_once("# envelope: "))
        {
            assert!(out.contains(said.1.trim()), "{block}\n{out}");
        }
    }
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn readme_commands_run_or_say_why_not() {
    run_blocks(false);
}

#[test]
#[ignore = "needs jq"]
fn readme_commands_run_those_with_jq_too() {
    run_blocks(true);
}

#[test]
fn every_door_is_in_the_readme() {
    let page = read("README.md");
    let (_, doors) = page.split_once("## All doors").unwrap();
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let list = help
        .split_once("Commands:\n")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap()
        .0;
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() >= 11, "{names:?}");
    for name in names {
        assert!(
            doors.contains(&format!("`zoom-runner {name}")),
            "{name} is not among README's doors"
        );
    }
}

/// A heading as a link leads to it.
fn anchor(heading: &str) -> String {
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
        .collect::<String>();
    kept.replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let mut number = 0;
    for name in [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ] {
        let page = read(name);
        let anchors: Vec<String> = page
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect();
        for link in page
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap())
        {
            number += 1;
            match link.strip_prefix('#') {
                Some(place) => {
                    assert!(
                        anchors.iter().any(|anchor| anchor == place),
                        "{name}: no heading {link} in {anchors:?}"
                    )
                }
                None if link.starts_with("https://") => {}
                None => assert!(root().join(link).exists(), "{name}: {link} is not there"),
            }
        }
    }
    assert!(number > 15, "{number}");
}

#[test]
fn contributing_shows_lines_of_an_action_and_names_what_is_there() {
    let page = read("CONTRIBUTING.md");
    let (_, shown) = page.split_once("```rust\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let action = read("src/actions/get_meeting.rs");
    let mut rest = action.as_str();
    for line in shown
        .lines()
        .filter(|line| !line.trim().is_empty() && line.trim() != "// ...")
    {
        let (_, after) = rest
            .split_once(line)
            .unwrap_or_else(|| panic!("get_meeting.rs does not have this line there: {line}"));
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
