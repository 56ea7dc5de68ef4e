//! The documents: their commands run and print what their comments say, all commands are in them, their JSON parses, and
//! their links lead somewhere.

use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use zoom_runner::sandbox::{Options, Sandbox};

const PROGRAM: &str = env!("CARGO_BIN_EXE_zoom-runner");

/// The mark before a block that is not run here; behind it stands why.
const NOT_RUN: &str = "<!-- not run: ";

/// The pages whose commands are run, each with a sandbox of its own.
const RUN: [&str; 5] = [
    "README.md",
    "docs/agents.md",
    "docs/operations.md",
    "docs/playbooks.md",
    "docs/sumo-logic.md",
];

/// All pages that people read.
const PAGES: [&str; 12] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/actions.md",
    "docs/agents.md",
    "docs/benchmarks.md",
    "docs/operations.md",
    "docs/playbooks.md",
    "docs/protocol.md",
    "docs/sumo-logic.md",
    "examples/requests.jsonl",
];

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
fn desk(sandbox: &Sandbox, page: &str) -> PathBuf {
    let name = page.replace(['/', '.'], "-");
    let directory = std::env::temp_dir().join(format!("zoom-runner-{name}-{}", std::process::id()));
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

/// Runs the blocks of a page in their order; without `jq` those before the first one that needs it.
fn run_blocks(name: &str, has_jq: bool) {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let directory = desk(&sandbox, &format!("{name}-{has_jq}"));
    let page = read(name);

    for block in blocks(&page) {
        if block.contains("jq ") && !has_jq {
            break;
        }
        for line in block.lines() {
            let (command, said) = line
                .split_once(" # prints: ")
                .map_or((line, None), |(command, said)| (command, Some(said.trim())));
            let output = shell(command, &directory, &sandbox);
            let (out, errors) = (
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr),
            );

            assert!(output.status.success(), "{name}: {line}\n{out}{errors}");
            assert_eq!(errors, "", "{name}: {line}");
            if let Some(said) = said {
                assert!(out.contains(said), "{name}: {line}\n{out}");
            }
            let may_fail = line.contains("|| true");
            assert!(
                may_fail || !out.contains("\"failed\""),
                "{name}: {line}\n{out}"
            );
        }
    }
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn pages_commands_run_and_print_what_is_said() {
    std::thread::scope(|scope| {
        for name in RUN {
            scope.spawn(move || run_blocks(name, false));
        }
    });
}

#[test]
#[ignore = "needs jq"]
fn pages_commands_run_those_with_jq_too() {
    for name in RUN {
        run_blocks(name, true);
    }
}

#[test]
fn pages_mark_only_what_cannot_run_here() {
    let marked = PAGES.map(|name| read(name).matches(NOT_RUN).count());
    let run: usize = RUN
        .iter()
        .map(|name| {
            blocks(&read(name))
                .iter()
                .map(|block| block.lines().count())
                .sum::<usize>()
        })
        .sum();
    assert!(marked.iter().sum::<usize>() <= 8, "{marked:?}");
    assert!(run > 40, "only {run} commands are run");
}

#[test]
fn pages_json_parses() {
    let mut number = 0;
    for name in PAGES {
        let page = read(name);
        for (start, is_lines) in [("```json\n", false), ("```jsonl\n", true)] {
            for block in page.split(start).skip(1) {
                let (block, _) = block.split_once("```").unwrap();
                let texts: Vec<&str> = if is_lines {
                    block.lines().collect()
                } else {
                    vec![block]
                };
                for text in texts {
                    let read =
                        serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
                    for value in read {
                        value.unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
                    }
                    number += 1;
                }
            }
        }
    }
    assert!(number > 30, "{number}");
}

#[test]
fn readme_is_at_most_150_lines() {
    assert!(read("README.md").lines().count() <= 150);
}

#[test]
fn sample_requests_are_those_of_the_page_and_run() {
    let sample = read("examples/requests.jsonl");
    assert!(read("docs/operations.md").contains(&sample));

    let output = Command::new("sh")
        .args([
            "-c",
            "$PROGRAM batch --sandbox --ordered < examples/requests.jsonl",
        ])
        .env("PROGRAM", PROGRAM)
        .current_dir(root())
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let page = read("docs/operations.md");
    for answer in out.lines() {
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        let message = answer["message"].to_string();
        assert!(
            page.contains(&format!("\"message\":{message}")),
            "{message}"
        );
    }
}

#[test]
fn every_command_is_in_operations() {
    let page = read("docs/operations.md");
    let (_, table) = page.split_once("## Commands").unwrap();
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, list) = help.split_once("\nRun:\n").unwrap();
    let (list, _) = list.split_once("\nOptions:\n").unwrap();
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 11, "{names:?}");
    for name in names {
        assert!(
            table.contains(&format!("`zoom-runner {name}")),
            "{name} is not in the table of commands"
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

/// The anchors of a page's headings.
fn anchors(page: &str) -> Vec<String> {
    page.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut number = 0;
    for name in PAGES {
        let page = read(name);
        let links = page
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap());
        for link in links.filter(|link| !link.starts_with("https://")) {
            number += 1;
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let path = match file {
                "" => root().join(name),
                file => root().join(name).parent().unwrap().join(file),
            };
            assert!(path.exists(), "{name}: {link} is not there");
            if !place.is_empty() {
                let anchors = anchors(&std::fs::read_to_string(&path).unwrap());
                assert!(
                    anchors.iter().any(|anchor| anchor == place),
                    "{name}: no heading {link} in {anchors:?}"
                );
            }
        }
    }
    assert!(number > 60, "{number}");
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
