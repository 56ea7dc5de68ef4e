//! The script that a Kubernetes Indexed Job runs: its share of the lines, its exit codes, and going on where it ended.

use crate::harness::{Answer, Zoom};
use crate::wide::{Scratch, envelopes, root, succeeded};
use serde_json::json;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn command(scratch: &Scratch, index: usize, shards: usize) -> Command {
    let mut command = scratch.command("sh");
    command.arg(root().join("examples/wide/shard.sh"));
    command.envs([
        ("JOB_COMPLETION_INDEX", index.to_string()),
        ("SHARDS", shards.to_string()),
    ]);
    command.envs([
        ("REQUESTS", "requests.jsonl"),
        ("ANSWERS", "answers"),
        ("RESOURCE", "resource.json"),
        ("WORKERS", "2"),
    ]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(scratch: &Scratch, index: usize, shards: usize) -> i32 {
    let output = command(scratch, index, shards).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    output.status.code().unwrap()
}

#[test]
fn shards_together_are_all_lines_once() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let scratch = Scratch::new("shards", &zoom, 50);
    let mut all = Vec::new();
    for index in 0..3 {
        assert_eq!(run(&scratch, index, 3), 0);
        let answers = envelopes(&scratch.read(&format!("answers/{index}.jsonl")));
        assert!((16..=17).contains(&answers.len()), "{}", answers.len());
        all.extend(succeeded(&answers));
    }
    all.sort_unstable();
    assert_eq!(all, (0..50).collect::<Vec<_>>());
    // Run again, it has nothing to do.
    let before = zoom.log().len();
    assert_eq!((run(&scratch, 1, 3), zoom.log().len()), (0, before));
}

#[test]
fn shard_ends_with_75_for_what_may_succeed_later() {
    let down = std::sync::atomic::AtomicBool::new(true);
    let zoom = Zoom::start(move |asked, _| {
        // 501 is not tried again within a run, and may be gone in the next.
        let fails =
            asked.target.ends_with("/u3") && down.swap(false, std::sync::atomic::Ordering::SeqCst);
        if fails {
            Answer::json(501, &json!({}))
        } else {
            Answer::json(200, &json!({"id": "x"}))
        }
    });
    let scratch = Scratch::new("later", &zoom, 6);
    assert_eq!(run(&scratch, 0, 1), 75);
    let before = zoom
        .log()
        .iter()
        .filter(|line| line.starts_with("GET"))
        .count();
    assert_eq!(run(&scratch, 0, 1), 0);
    assert_eq!(
        zoom.log()
            .iter()
            .filter(|line| line.starts_with("GET"))
            .count()
            - before,
        1
    );
    assert_eq!(
        succeeded(&envelopes(&scratch.read("answers/0.jsonl"))),
        (0..6).collect::<Vec<_>>()
    );
}

#[test]
fn shard_ends_with_1_for_failures_and_2_for_bad_input() {
    let zoom = Zoom::start(|_, _| {
        Answer::json(
            404,
            &json!({"code": 1001, "message": "User does not exist."}),
        )
    });
    let scratch = Scratch::new("never", &zoom, 3);
    assert_eq!(run(&scratch, 0, 1), 1);
    std::fs::write(scratch.0.join("resource.json"), "{}").unwrap();
    assert_eq!(run(&scratch, 0, 1), 2);
    std::fs::remove_file(scratch.0.join("requests.jsonl")).unwrap();
    assert_ne!(run(&scratch, 0, 1), 0);
}

#[test]
fn shard_never_repeats_a_change_that_may_have_been_made() {
    let zoom = Zoom::start(|_, _| Answer::json(503, &json!({})));
    let scratch = Scratch::new("change", &zoom, 0);
    let line = json!({"action": "update_user", "parameters": {"user_id": "u", "dept": "x", "verify": false}, "id": 1});
    std::fs::write(scratch.0.join("requests.jsonl"), format!("{line}\n")).unwrap();
    assert_eq!(run(&scratch, 0, 1), 1);
    let answers = envelopes(&scratch.read("answers/0.jsonl"));
    assert_eq!(
        (
            &answers[0]["error"]["retryable"],
            &answers[0]["error"]["change"]
        ),
        (&json!(false), &json!("unknown"))
    );
}

#[test]
fn shard_signal_ends_the_batch_well() {
    let zoom = Zoom::start(|_, _| {
        Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(300))
    });
    let scratch = Scratch::new("signal", &zoom, 40);
    let mut child = command(&scratch, 0, 1).spawn().unwrap();
    while zoom.log().len() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let since = Instant::now();
    Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    let code = child.wait().unwrap().code();
    assert!(
        since.elapsed() < Duration::from_secs(3),
        "{:?}",
        since.elapsed()
    );
    let answers = envelopes(&scratch.read("answers/0.jsonl"));
    let done = succeeded(&answers).len();
    assert_eq!(
        (code, answers.len()),
        (Some(75), 40),
        "every line is answered before the script ends"
    );
    assert!((1..40).contains(&done), "{done}");
    // The next pod does the rest.
    assert_eq!(run(&scratch, 0, 1), 0);
    assert_eq!(
        succeeded(&envelopes(&scratch.read("answers/0.jsonl"))).len(),
        40
    );
}
