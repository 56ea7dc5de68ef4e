//! `record` and `replay` from outside: stdout is that of a normal run, and what was recorded replays without the server.

use crate::fixtures::Scratch;
use crate::harness::{Answer, Zoom, act, program, start, wait};
use serde_json::{Value, json};
use std::time::Instant;

fn scratch(name: &str) -> Scratch {
    Scratch::new(&format!("record-process-{name}"))
}

#[test]
fn record_answers_as_a_normal_run_and_replays_without_the_server() {
    let dir = scratch("run");
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
    let path = dir.0.join("get_user.json");
    let files = std::fs::read_to_string(&path).unwrap();
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
    let fixture: Value = serde_json::from_str(&files).unwrap();
    assert_eq!(
        fixture["envelope"]["meta"]["requests"],
        envelope["meta"]["requests"]
    );
}

#[test]
fn record_asks_for_a_token_although_one_is_cached() {
    let (dir, cache) = (scratch("run-kept"), scratch("run-cache"));
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
            .env("ZOOM_RUNNER_TOKEN_CACHE", cache.0.join("tokens"));
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
fn record_and_replay_exit_2_and_print_nothing_on_wrong_use() {
    let dir = scratch("in-use");
    let full = dir.0.join("x.json");
    std::fs::write(&full, "x").unwrap();
    let full = full.to_str().unwrap();
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

#[test]
fn record_says_that_a_signal_stopped_it_before_a_request_came() {
    let dir = scratch("stopped");
    let path = dir.0.join("x.json");
    let mut command = program();
    command.arg("record").arg(&path);
    let since = Instant::now();
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let pid = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    let ran = wait(child, since);
    drop(stdin);
    assert_eq!(ran.exit, 75);
    assert_eq!(
        ran.stderr,
        "error: no fixture was written: a signal stopped the run\n"
    );
    assert!(!path.exists());
}
