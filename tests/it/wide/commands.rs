//! The commands that the README and `--help` show are run as they stand.

use crate::harness::{Answer, Zoom};
use crate::wide::{Scratch, is_there, python_with, root};
use serde_json::json;

/// Runs shell lines in a directory with `resource.json`, `requests.jsonl` and `examples`; answers with how many were run.
fn run(name: &str, lines: &[&str]) -> usize {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let scratch = Scratch::new(name, &zoom, 30);
    std::os::unix::fs::symlink(root().join("examples"), scratch.0.join("examples")).unwrap();
    let mut count = 0;
    for line in lines {
        let missing = match line.split([' ', '/']).next().unwrap() {
            "zoom-runner" => false,
            "examples" => !is_there("parallel"),
            "spark-submit" => {
                python_with("pyspark").is_none() || !is_there("spark-submit") || !is_there("java")
            }
            other => panic!("{other} is not known: {line}"),
        };
        if missing {
            continue;
        }
        let mut command = scratch.command("sh");
        let output = command
            .args(["-ec", line])
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
        assert!(
            line.starts_with("spark") || said.is_empty(),
            "{line}: {said}"
        );
        count += 1;
    }
    count
}

#[test]
fn the_readmes_commands_for_many_at_once_work() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, section) = readme.split_once("## Many at once").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks: Vec<&str> = section
        .split("```sh\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .collect();
    let lines: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.lines())
        .filter(|line| !line.is_empty())
        .collect();
    assert!(lines.len() >= 4, "{lines:?}");
    assert!(run("readme", &lines) >= 2);
}

#[test]
fn the_examples_that_batch_shows_work() {
    let help = crate::harness::program()
        .args(["batch", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let lines: Vec<&str> = examples
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert!(lines.len() >= 2);
    assert_eq!(run("help", &lines), lines.len());
}
