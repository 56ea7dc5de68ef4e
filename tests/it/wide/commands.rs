//! The commands that the operations page and `--help` show are run as they stand.

use crate::harness::{Answer, Zoom};
use crate::wide::{Scratch, root};
use serde_json::json;

/// Runs those of `lines` that begin with `program`, in a directory with `resource.json`, `requests.jsonl` and `examples`.
fn run(name: &str, program: &str, lines: &[String]) {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let scratch = Scratch::new(name, &zoom, 30);
    std::os::unix::fs::symlink(root().join("examples"), scratch.0.join("examples")).unwrap();
    let mut count = 0;
    for line in lines.iter().filter(|line| line.starts_with(program)) {
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
    assert!(count > 0, "no line begins with {program}: {lines:?}");
}

/// The lines of the shell blocks in the operations page's parts about many requests and many machines.
fn page() -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let (_, section) = page.split_once("## Many requests").unwrap();
    let section = section.split("\n## Commands").next().unwrap();
    let blocks = section.split("```sh\n").skip(1);
    let lines: Vec<String> = blocks
        .flat_map(|block| block.split("```").next().unwrap().lines())
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    for line in &lines {
        assert!(
            [
                "zoom-runner ",
                "examples/wide/parallel.sh ",
                "spark-submit "
            ]
            .iter()
            .any(|known| line.starts_with(known)),
            "no test runs {line}"
        );
    }
    lines
}

#[test]
fn page_commands_for_many_requests_work() {
    run("readme", "zoom-runner ", &page());
}

#[test]
#[ignore = "needs GNU parallel"]
fn page_commands_for_gnu_parallel_work() {
    run("readme-parallel", "examples/", &page());
}

#[test]
#[ignore = "needs spark-submit and Java"]
fn page_commands_for_spark_work() {
    run("readme-spark", "spark-submit ", &page());
}

#[test]
fn batch_help_shows_examples_that_work() {
    let help = crate::harness::program()
        .args(["batch", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let lines: Vec<String> = examples
        .replace("\\\n", "")
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    assert!(lines.len() >= 2 && lines.iter().all(|line| line.starts_with("zoom-runner ")));
    run("help", "zoom-runner ", &lines);
}
