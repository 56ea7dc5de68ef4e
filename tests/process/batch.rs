//! The batch door: lines in, lines out.

use crate::harness::{Answer, SECRET, TOKEN, Zoom, program, start, wait};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

struct Out {
    exit: i32,
    lines: Vec<Value>,
    took: Duration,
}

fn batch(arguments: &[&str], input: &[u8]) -> Out {
    let mut command = program();
    command.arg("batch").args(arguments);
    let ran = wait(start(command, input), Instant::now());
    assert_eq!(ran.stderr, "");
    for word in [SECRET, TOKEN] {
        assert!(!ran.stdout.contains(word));
    }
    let lines = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Out { exit: ran.exit, lines, took: ran.took }
}

fn requests(zoom: &Zoom, count: usize) -> String {
    let line = |number: usize| json!({"action": "get_user", "parameters": {"user_id": format!("u{number}")}, "id": number, "resource": zoom.resource()});
    (0..count).map(|number| format!("{}\n", line(number))).collect()
}

fn file(name: &str, text: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("zoom-runner-{name}-{}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn each_line_has_an_envelope_with_its_line_and_id() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let input = format!("\n{}not json\n\n{{\"action\":\"nope\",\"id\":\"z\"}}", requests(&zoom, 2));
    let out = batch(&["--ordered"], input.as_bytes());
    assert_eq!(out.exit, 1, "a line failed");
    let rows: Vec<(u64, &Value, &str)> = out
        .lines
        .iter()
        .map(|line| (line["line"].as_u64().unwrap(), &line["id"], line["error"]["code"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(
        rows,
        [
            (2, &json!(0), ""),
            (3, &json!(1), ""),
            (4, &Value::Null, "invalid_request"),
            (6, &json!("z"), "unknown_action")
        ]
    );
}

#[test]
fn nothing_in_is_a_success_and_nothing_out() {
    for input in ["", "\n\n", "  \n"] {
        let out = batch(&[], input.as_bytes());
        assert_eq!((out.exit, out.lines.len()), (0, 0));
    }
}

#[test]
fn many_run_at_once_with_one_token_and_a_connection_each() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(50)));
    let out = batch(&["--workers", "16"], requests(&zoom, 64).as_bytes());
    assert_eq!((out.exit, out.lines.len()), (0, 64));
    assert!(out.took < Duration::from_millis(64 * 50 / 2), "{:?}", out.took);
    let tokens = zoom.log().iter().filter(|line| *line == "POST /oauth/token").count();
    assert_eq!(tokens, 1);
    assert!(zoom.connections() <= 16, "{}", zoom.connections());
    let minted = out.lines.iter().filter(|line| line["meta"]["token"] == "minted").count();
    assert_eq!(minted, 1);
}

#[test]
fn ordered_keeps_the_order_of_the_lines() {
    let zoom = Zoom::start(|asked, _| {
        let slow = asked.target.ends_with("u0");
        Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(if slow { 300 } else { 0 }))
    });
    let out = batch(&["--workers", "4", "--ordered"], requests(&zoom, 40).as_bytes());
    let ids: Vec<u64> = out.lines.iter().map(|line| line["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..40).collect::<Vec<_>>());
}

#[test]
fn a_file_gives_the_resource_and_another_what_is_done() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let resource = file("resource", &zoom.resource().to_string());
    let done = file("done", "{\"status\":\"success\",\"id\":\"a\"}\n{\"status\":\"failed\",\"id\":\"b\"}\n{\"cut");
    let line =
        |id: &str| format!("{{\"action\":\"get_user\",\"parameters\":{{\"user_id\":\"{id}\"}},\"id\":\"{id}\"}}\n");
    let input: String = ["a", "b", "c"].map(line).concat();
    let paths = [resource.to_str().unwrap(), done.to_str().unwrap()];
    let out = batch(&["--resource", paths[0], "--skip-done", paths[1], "--ordered"], input.as_bytes());
    let ids: Vec<&Value> = out.lines.iter().map(|line| &line["id"]).collect();
    assert_eq!((out.exit, ids), (0, vec![&json!("b"), &json!("c")]));
    for path in paths {
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_file_that_is_none_is_a_usage_error() {
    let mut command = program();
    command.args(["batch", "--resource", "/nowhere/resource.json"]);
    let ran = wait(start(command, b""), Instant::now());
    assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("/nowhere/resource.json"), "{}", ran.stderr);
}

#[test]
fn after_a_signal_what_runs_is_finished_and_the_rest_is_cancelled() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(200)));
    let mut command = program();
    command.args(["batch", "--workers", "2"]);
    let child = start(command, requests(&zoom, 30).as_bytes());
    while zoom.log().len() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let since = Instant::now();
    let ran = wait(child, since);
    assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
    assert_eq!(ran.exit, 1);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 30, "every line is answered");
    let succeeded = lines.iter().filter(|line| line["status"] == "success").count();
    let cancelled = lines.iter().filter(|line| line["error"]["code"] == "cancelled").count();
    assert!(succeeded >= 1 && succeeded + cancelled == 30, "{succeeded} {cancelled}");
}
