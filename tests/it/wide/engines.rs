//! GNU parallel and Spark run the examples: every line answered once, one token for all.

use crate::harness::{Answer, Zoom};
use crate::wide::{Scratch, envelopes, python, root, succeeded};
use serde_json::json;
use std::fs::File;

fn zoom() -> Zoom {
    Zoom::start(|asked, _| match asked.target.ends_with("/u7") {
        true => Answer::json(
            404,
            &json!({"code": 1001, "message": "User does not exist: u7."}),
        ),
        false => Answer::json(200, &json!({"id": "x"})),
    })
}

fn tokens(zoom: &Zoom) -> usize {
    zoom.log()
        .iter()
        .filter(|line| *line == "POST /oauth/token")
        .count()
}

/// All of 0 to `count` but 7.
fn all_but_one(count: u64) -> Vec<u64> {
    (0..count).filter(|id| *id != 7).collect()
}

#[test]
#[ignore = "needs GNU parallel"]
fn gnu_parallel_spreads_a_file_over_batches_that_share_a_token() {
    let zoom = zoom();
    let scratch = Scratch::new("parallel", &zoom, 2000);
    std::fs::create_dir(scratch.0.join("tokens")).unwrap();
    std::fs::set_permissions(
        scratch.0.join("tokens"),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let mut command = scratch.command(root().join("examples/wide/parallel.sh").to_str().unwrap());
    command
        .args(["resource.json", "--jobs", "3"])
        .stdin(File::open(scratch.0.join("requests.jsonl")).unwrap());
    let output = command.output().unwrap();
    let answers = envelopes(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(
        (answers.len(), succeeded(&answers)),
        (2000, all_but_one(2000))
    );
    assert_eq!(output.status.code(), Some(1), "a line failed");
    assert_eq!(tokens(&zoom), 1);
    let most = answers
        .iter()
        .map(|line| line["line"].as_u64().unwrap())
        .max()
        .unwrap();
    assert!(most < 2000, "more than one batch had lines");
}

#[test]
#[ignore = "needs GNU parallel"]
fn gnu_parallel_ends_with_0_when_every_line_succeeded() {
    let zoom = zoom();
    let scratch = Scratch::new("parallel-0", &zoom, 7);
    let mut command = scratch.command(root().join("examples/wide/parallel.sh").to_str().unwrap());
    command
        .arg("resource.json")
        .stdin(File::open(scratch.0.join("requests.jsonl")).unwrap());
    let output = command.output().unwrap();
    assert_eq!(
        (
            output.status.code(),
            output.stdout.split(|byte| *byte == b'\n').count()
        ),
        (Some(0), 8)
    );
}

#[test]
#[ignore = "needs pyspark and Java"]
fn spark_pipes_each_partition_through_a_batch() {
    let python = python();
    let zoom = zoom();
    let scratch = Scratch::new("spark", &zoom, 2000);
    let run = |answers: &str, resource: &str| {
        let mut command = scratch.command(&python);
        command.arg(root().join("examples/wide/spark.py"));
        command.args([
            "--resource",
            resource,
            "--partitions",
            "4",
            "requests.jsonl",
            answers,
        ]);
        let environment = [
            ("SPARK_LOCAL_IP", "127.0.0.1"),
            ("PYSPARK_PYTHON", &python),
            ("SPARK_MASTER", "local[2]"),
        ];
        command.envs(environment).output().unwrap()
    };
    let output = run("answers", "resource.json");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let parts = std::fs::read_dir(scratch.0.join("answers"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let parts: Vec<_> = parts
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("part-")
        })
        .collect();
    let text: String = parts
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let answers = envelopes(&text);
    assert_eq!(
        (answers.len(), succeeded(&answers)),
        (2000, all_but_one(2000))
    );
    assert!(parts.len() >= 4, "{parts:?}");
    // A resource that is none is no line's affair.
    let output = run("never", "requests.jsonl");
    assert!(!output.status.success());
    assert!(!scratch.0.join("never/_SUCCESS").exists());
}
