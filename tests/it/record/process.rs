//! The record and replay doors from outside: stdout is the stdin door's, and what was kept replays without the server.

use crate::harness::{Answer, Zoom, act, program, start, wait};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Instant;

/// A directory of its own that goes away with the test.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn scratch(name: &str) -> Scratch {
    let path = std::env::temp_dir().join(format!("zoom-runner-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    Scratch(path)
}

#[test]
fn a_recorded_run_answers_as_ever_and_replays_without_the_server() {
    let dir = scratch("process-record");
    let zoom = Zoom::start(|_, number| match number {
        0 => Answer::json(
            429,
            &json!({"code": 429, "message": "Slow down, jane@corp.test."}),
        )
        .header("retry-after", "0"),
        _ => Answer::json(
            200,
            &json!({"id": "KdYKjnimT4KPd8FFgQt9FQ", "email": "jane@corp.test", "host_key": "299476"}),
        ),
    });
    let parameters = json!({"user_id": "jane@corp.test"});
    let request =
        json!({"action": "get_user", "parameters": parameters, "resource": zoom.resource()});
    let mut command = program();
    command.arg("record").arg(&dir.0);
    let recorded = wait(
        start(command, request.to_string().as_bytes()),
        Instant::now(),
    );
    let envelope = recorded.envelope();
    assert_eq!((recorded.code().as_str(), recorded.exit), ("success", 0));
    assert_eq!(
        envelope["data"],
        act(&zoom, "get_user", parameters).envelope()["data"]
    );
    let mut files = String::new();
    for name in ["request.json", "exchanges.json", "envelope.json"] {
        files.push_str(&std::fs::read_to_string(dir.0.join(name)).unwrap());
    }
    for gone in [
        crate::harness::SECRET,
        crate::harness::TOKEN,
        "corp.test",
        "KdYKjnim",
        "299476",
        "track-0",
        "Basic ",
    ] {
        assert!(!files.contains(gone), "{gone}: {files}");
    }
    drop(zoom);
    let mut command = program();
    command.arg("replay").arg(&dir.0);
    let replayed = wait(start(command, b""), Instant::now());
    assert_eq!((replayed.exit, replayed.stderr.as_str()), (0, ""));
    assert!(
        replayed.stdout.ends_with("1 fixture, all the same.\n"),
        "{}",
        replayed.stdout
    );
    let kept: Value =
        serde_json::from_str(&std::fs::read_to_string(dir.0.join("envelope.json")).unwrap())
            .unwrap();
    assert_eq!(kept["meta"]["requests"], envelope["meta"]["requests"]);
}

#[test]
fn a_run_is_recorded_with_its_token_request_although_a_token_is_kept() {
    let (dir, cache) = (
        scratch("process-record-kept"),
        scratch("process-record-cache"),
    );
    let zoom = Zoom::start(|_, _| {
        Answer::json(
            200,
            &json!({"id": "KdYKjnimT4KPd8FFgQt9FQ", "email": "jane@corp.test"}),
        )
    });
    let parameters = json!({"user_id": "jane@corp.test"});
    let request =
        json!({"action": "get_user", "parameters": parameters, "resource": zoom.resource()})
            .to_string();
    let run = |arguments: &[&str]| {
        let mut command = program();
        command
            .args(arguments)
            .env("ZOOM_RUNNER_TOKEN_CACHE", &cache.0);
        wait(start(command, request.as_bytes()), Instant::now())
    };
    assert_eq!(run(&[]).envelope()["meta"]["token"], "minted");
    let token = run(&[]).envelope()["meta"]["token"].clone();
    assert!(token == "cached" || cfg!(not(unix)), "{token}");
    let path = dir.0.to_str().unwrap();
    // A warning on stderr would say that it does not replay.
    assert_eq!(run(&["record", path]).envelope()["meta"]["token"], "minted");
    assert_eq!(run(&["replay", path]).exit, 0);
}

#[test]
fn a_wrong_use_of_the_doors_is_exit_2_and_nothing_on_stdout() {
    let dir = scratch("process-in-use");
    std::fs::create_dir_all(&dir.0).unwrap();
    std::fs::write(dir.0.join("x"), "x").unwrap();
    let full = dir.0.to_str().unwrap();
    for arguments in [
        vec!["record"],
        vec!["replay"],
        vec!["record", full],
        vec!["replay", "--blast", full],
    ] {
        let mut command = program();
        command.args(&arguments);
        let ran = wait(start(command, b"{}"), Instant::now());
        assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}
