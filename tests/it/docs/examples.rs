//! Every line that `--help` shows as an example runs, and ends well. A sandbox answers; files are those that a reader would have.

use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zoom_runner::sandbox::{Options, Sandbox};

const PROGRAM: &str = env!("CARGO_BIN_EXE_zoom-runner");

fn help(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM)
        .args(arguments)
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands below `Examples:`, those that go on in the next line as one.
fn examples(help: &str) -> Vec<String> {
    let below = help
        .split_once("Examples:\n")
        .map_or("", |(_, below)| below);
    below
        .replace("\\\n", "")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The names of the subcommands, which stand in groups.
fn commands(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("\nRun:\n").unwrap();
    let (list, _) = list.split_once("\nOptions:\n").unwrap();
    // A line that goes on is further in.
    let named = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    named
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// A directory with what the examples read.
fn desk(sandbox: &Sandbox) -> PathBuf {
    let directory =
        std::env::temp_dir().join(format!("zoom-runner-examples-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let request = json!({"action": "get_user", "parameters": {"user_id": "jane@example.com"}, "resource": sandbox.resource()});
    let write = |name: &str, text: String| std::fs::write(directory.join(name), text).unwrap();
    write("resource.json", sandbox.resource().to_string());
    write("request.json", request.to_string());
    write(
        "requests.jsonl",
        format!("{request}\n{}\n", json!({"action": "list_users"})),
    );
    std::os::unix::fs::symlink(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"),
        directory.join("tests"),
    )
    .unwrap();
    directory
}

fn shell(line: &str, directory: &Path) -> Command {
    let mut command = Command::new("sh");
    let program = Path::new(PROGRAM).parent().unwrap().display();
    let path = format!("{program}:/usr/local/bin:/usr/bin:/bin");
    command
        .args(["-c", line])
        .current_dir(directory)
        .env_clear()
        .env("PATH", path);
    command
        .env("ZOOM_RUNNER_TOKEN_CACHE", "off")
        .stdin(Stdio::null());
    command
}

#[test]
fn help_examples_run() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let directory = desk(&sandbox);
    let top = help(&[]);
    let mut lines = examples(&top);
    for name in commands(&top) {
        lines.extend(examples(&help(&[&name])));
    }
    assert!(lines.len() > 20, "{lines:?}");
    for line in &lines {
        if line.starts_with("zoom-runner sandbox") {
            // It runs until it is stopped; its first line says that it does.
            let mut child = shell(&format!("exec {line}"), &directory)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut first = String::new();
            BufReader::new(child.stdout.take().unwrap())
                .read_line(&mut first)
                .unwrap();
            assert!(first.contains("token_url"), "{line}: {first}");
            child.kill().unwrap();
            child.wait().unwrap();
            continue;
        }
        let output = shell(line, &directory).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "{line}: {said}{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    std::fs::remove_dir_all(directory).unwrap();
}
