//! `batch` from outside: lines in, lines out.

use crate::harness::{Answer, SECRET, TOKEN, Zoom, program, start, wait};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// The end of a batch.
pub struct Out {
    pub exit: i32,
    pub lines: Vec<Value>,
    pub took: Duration,
}

/// Runs a batch that must be silent on stderr.
pub fn batch(arguments: &[&str], input: &[u8]) -> Out {
    let mut command = program();
    command.arg("batch").args(arguments);
    let ran = wait(start(command, input), Instant::now());
    assert_eq!(ran.stderr, "");
    for word in [SECRET, TOKEN] {
        assert!(!ran.stdout.contains(word));
    }
    let lines = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    Out {
        exit: ran.exit,
        lines,
        took: ran.took,
    }
}

/// So many reads, the ids from 0.
pub fn requests(zoom: &Zoom, count: usize) -> String {
    let line = |number: usize| json!({"action": "get_user", "parameters": {"user_id": format!("u{number}")}, "id": number, "resource": zoom.resource()});
    (0..count)
        .map(|number| format!("{}\n", line(number)))
        .collect()
}

fn kill(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    Command::new("kill").args([signal, &pid]).status().unwrap();
}

fn file(name: &str, text: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("zoom-runner-{name}-{}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn batch_answers_each_line_with_its_line_and_id() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let input = format!(
        "\n{}not json\n\n{{\"action\":\"nope\",\"id\":\"z\"}}",
        requests(&zoom, 2)
    );
    let out = batch(&["--ordered"], input.as_bytes());
    assert_eq!(out.exit, 1, "a line failed");
    let rows: Vec<(u64, &Value, &str)> = out
        .lines
        .iter()
        .map(|line| {
            (
                line["line"].as_u64().unwrap(),
                &line["id"],
                line["error"]["code"].as_str().unwrap_or(""),
            )
        })
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
fn batch_of_no_lines_succeeds_and_prints_nothing() {
    for input in ["", "\n\n", "  \n"] {
        let out = batch(&[], input.as_bytes());
        assert_eq!((out.exit, out.lines.len()), (0, 0));
    }
}

#[test]
fn workers_share_one_token_and_have_a_connection_each() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(50)));
    let out = batch(&["--workers", "16"], requests(&zoom, 64).as_bytes());
    assert_eq!((out.exit, out.lines.len()), (0, 64));
    assert!(
        out.took < Duration::from_millis(64 * 50 / 2),
        "{:?}",
        out.took
    );
    let tokens = zoom
        .log()
        .iter()
        .filter(|line| *line == "POST /oauth/token")
        .count();
    assert_eq!(tokens, 1);
    assert!(zoom.connections() <= 16, "{}", zoom.connections());
    let minted = out
        .lines
        .iter()
        .filter(|line| line["meta"]["token"] == "minted")
        .count();
    assert_eq!(minted, 1);
}

/// Tokens and the API have hosts of their own at Zoom.
#[test]
fn accounts_have_one_token_each_and_workers_one_connection_to_a_host() {
    let (tokens, api) = (
        Zoom::start(|_, _| Answer::none(404)),
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"}))),
    );
    let line = |number: usize| {
        let mut resource = api.resource();
        resource["token_url"] = tokens.resource()["token_url"].clone();
        resource["account_id"] = json!(format!("account {}", number % 3));
        json!({"action": "get_user", "parameters": {"user_id": "u"}, "resource": resource})
            .to_string()
            + "\n"
    };
    let input: String = (0..90).map(line).collect();
    let out = batch(&["--workers", "8"], input.as_bytes());
    assert_eq!((out.exit, out.lines.len()), (0, 90));
    assert_eq!((tokens.log().len(), api.log().len()), (3, 90));
    assert!(
        tokens.connections() <= 3 && api.connections() <= 8,
        "{} {}",
        tokens.connections(),
        api.connections()
    );
}

#[test]
fn refused_credentials_are_tried_once_per_batch() {
    let zoom = Zoom::raw(|_, _| {
        Answer::json(
            400,
            &json!({"reason": "Invalid client_id or client_secret", "error": "invalid_client"}),
        )
    });
    let out = batch(&["--workers", "8"], requests(&zoom, 100).as_bytes());
    assert_eq!((out.exit, out.lines.len(), zoom.log().len()), (1, 100, 1));
    assert!(
        out.lines
            .iter()
            .all(|line| line["error"]["code"] == "unauthorized")
    );
    let counted: u64 = out
        .lines
        .iter()
        .map(|line| line["meta"]["requests"].as_u64().unwrap())
        .sum();
    assert_eq!(counted, 1);
}

#[test]
fn batch_ordered_keeps_the_order_of_the_lines() {
    let zoom = Zoom::start(|asked, _| {
        let slow = asked.target.ends_with("u0");
        Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(if slow {
            300
        } else {
            0
        }))
    });
    let out = batch(
        &["--workers", "4", "--ordered"],
        requests(&zoom, 40).as_bytes(),
    );
    let ids: Vec<u64> = out
        .lines
        .iter()
        .map(|line| line["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, (0..40).collect::<Vec<_>>());
}

#[test]
fn batch_reads_its_resource_and_what_is_done_from_files() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let resource = file("resource", &zoom.resource().to_string());
    let done = file(
        "done",
        "{\"status\":\"success\",\"id\":\"a\"}\n{\"status\":\"failed\",\"id\":\"b\"}\n{\"cut",
    );
    let line = |id: &str| {
        format!(
            "{{\"action\":\"get_user\",\"parameters\":{{\"user_id\":\"{id}\"}},\"id\":\"{id}\"}}\n"
        )
    };
    let input: String = ["a", "b", "c"].map(line).concat();
    let paths = [resource.to_str().unwrap(), done.to_str().unwrap()];
    let out = batch(
        &["--resource", paths[0], "--skip-done", paths[1], "--ordered"],
        input.as_bytes(),
    );
    let ids: Vec<&Value> = out.lines.iter().map(|line| &line["id"]).collect();
    assert_eq!((out.exit, ids), (0, vec![&json!("b"), &json!("c")]));
    for path in paths {
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn batch_with_an_unreadable_file_is_a_usage_error() {
    let mut command = program();
    command.args(["batch", "--resource", "/nowhere/resource.json"]);
    let ran = wait(start(command, b""), Instant::now());
    assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("/nowhere/resource.json"),
        "{}",
        ran.stderr
    );
}

#[test]
fn batch_signal_lets_lines_finish_and_cancels_the_rest() {
    let zoom = Zoom::start(|_, _| {
        Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(200))
    });
    let mut command = program();
    command.args(["batch", "--workers", "2"]);
    let child = start(command, requests(&zoom, 30).as_bytes());
    while zoom.log().len() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    let since = Instant::now();
    let ran = wait(child, since);
    assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
    assert_eq!(ran.exit, 1);
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 30, "every line is answered");
    let succeeded = lines
        .iter()
        .filter(|line| line["status"] == "success")
        .count();
    let cancelled = lines
        .iter()
        .filter(|line| line["error"]["code"] == "cancelled")
        .count();
    assert!(
        succeeded >= 1 && succeeded + cancelled == 30,
        "{succeeded} {cancelled}"
    );
}

#[test]
fn batch_skips_byte_order_marks_and_windows_line_ends() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let input = format!("\u{feff}{}", requests(&zoom, 2).replace('\n', "\r\n\r\n"));
    let out = batch(&["--ordered"], input.trim_end().as_bytes());
    let rows: Vec<(&Value, &Value)> = out
        .lines
        .iter()
        .map(|line| (&line["line"], &line["id"]))
        .collect();
    assert_eq!(
        (out.exit, rows),
        (0, vec![(&json!(1), &json!(0)), (&json!(3), &json!(1))])
    );
}

#[test]
fn bad_lines_fail_alone() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let one = requests(&zoom, 1);
    let mut input = vec![0xff, 0xfe, b'\n', 0, b'\n'];
    input.extend_from_slice(format!("{} {}[]\n\"x\"\n{one}", one.trim(), one).as_bytes());
    let out = batch(&["--ordered"], &input);
    let codes: Vec<&str> = out
        .lines
        .iter()
        .map(|line| line["error"]["code"].as_str().unwrap_or(""))
        .collect();
    let refused = "invalid_request";
    assert_eq!(
        (out.exit, codes),
        (1, vec![refused, refused, refused, refused, refused, ""])
    );
}

#[test]
fn bad_resource_file_is_a_usage_error_without_secrets() {
    let cases = [
        ("[]", "no JSON object"),
        ("{", "no JSON"),
        (r#"{"client_id":"i","client_id":"i"}"#, "no JSON"),
        (
            r#"{"client_id":"i","client_secret":"canary-secret-0123456789"}"#,
            "account_id",
        ),
        (
            r#"{"client_id":"i","client_secret":"canary-secret-0123456789","account_id":"a","secret":1}"#,
            "secret",
        ),
        (
            r#"{"client_id":"i","client_secret":"canary-secret-0123456789","account_id":"a","api_url":"http://zoom.us"}"#,
            "https",
        ),
    ];
    for (number, (text, word)) in cases.into_iter().enumerate() {
        let path = file(&format!("wrong-resource-{number}"), text);
        let mut command = program();
        command.args(["batch", "--resource", path.to_str().unwrap()]);
        let ran = wait(start(command, b"{}\n"), Instant::now());
        assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""), "{text}");
        assert!(
            ran.stderr.contains(word) && ran.stderr.contains(path.to_str().unwrap()),
            "{text}: {}",
            ran.stderr
        );
        assert!(!ran.stderr.contains(SECRET));
        std::fs::remove_file(path).unwrap();
    }
}

/// Resumes as the help says, `>>` and `--skip-done` on the same file, from an output that was cut off in a line.
#[test]
fn batch_resumes_into_the_file_that_it_reads() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})));
    let earlier = "{\"status\":\"success\",\"id\":0}\n{\"status\":\"failed\",\"id\":1}\n{\"protocol\":1,\"status\":\"succ";
    let path = file("resumed", earlier);
    for asked in [2, 0] {
        let before = zoom
            .log()
            .iter()
            .filter(|line| line.starts_with("GET"))
            .count();
        let mut command = program();
        command.args(["batch", "--skip-done", path.to_str().unwrap()]);
        command.stdout(
            std::fs::OpenOptions::new()
                .append(true)
                .open(&path)
                .unwrap(),
        );
        let ran = wait(
            start(command, requests(&zoom, 3).as_bytes()),
            Instant::now(),
        );
        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
        assert_eq!(
            zoom.log()
                .iter()
                .filter(|line| line.starts_with("GET"))
                .count()
                - before,
            asked
        );
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let whole: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let done: Vec<&Value> = whole
        .iter()
        .filter(|line| line["status"] == "success")
        .map(|line| &line["id"])
        .collect();
    assert_eq!((whole.len(), done.len()), (4, 3), "{text}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn batch_begins_no_line_after_stdout_is_closed() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(20)));
    let mut command = program();
    command.args(["batch", "--workers", "2"]);
    let mut child = command.spawn().unwrap();
    // stdin stays open: a batch must not wait for lines whose answers nobody takes.
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, requests(&zoom, 40).as_bytes()).unwrap();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut output, &mut line).unwrap();
    assert!(line.contains("success"));
    drop(output);
    let since = Instant::now();
    let ran = wait(child, since);
    assert_eq!((ran.exit, ran.stderr.lines().count()), (1, 1));
    assert!(
        ran.stderr.contains("have no answer there"),
        "{}",
        ran.stderr
    );
    assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
    assert!(zoom.log().len() < 20, "{}", zoom.log().len());
    drop(input);
}

#[test]
fn batch_second_signal_cancels_what_runs_and_says_what_became_of_a_change() {
    let zoom = Zoom::start(|asked, _| match asked.method.as_str() {
        "PATCH" => Answer::none(204).after(Duration::from_secs(20)),
        _ => Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(20)),
    });
    let change = json!({"action": "update_user", "parameters": {"user_id": "u", "dept": "x", "verify": false}, "resource": zoom.resource()});
    let input = format!("{change}\n{}{change}\n", requests(&zoom, 300));
    let mut command = program();
    command.args(["batch", "--workers", "2"]);
    let mut child = start(command, input.as_bytes());
    while !zoom.log().iter().any(|one| one.starts_with("PATCH")) {
        std::thread::sleep(Duration::from_millis(5));
    }

    // A line that is answered as canceled tells that the first signal was seen; two at once would count as one.
    kill(&child, "-TERM");
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let mut lines = stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let is_canceled = |line: &Value| line["error"]["code"] == "cancelled";
    assert!(lines.any(|line| is_canceled(&line)));
    let since = Instant::now();
    kill(&child, "-TERM");
    let rest: Vec<Value> = lines.collect();
    let ran = wait(child, since);
    assert!(ran.took < Duration::from_secs(5), "{:?}", ran.took);
    assert_eq!(ran.exit, 1);
    for (number, change) in [(1, "unknown"), (302, "none")] {
        let line = rest.iter().find(|line| line["line"] == number).unwrap();
        assert!(is_canceled(line), "{line}");
        assert_eq!(line["error"]["change"], change, "{line}");
    }
}

#[test]
fn batch_ordered_runs_no_further_ahead_than_its_window() {
    // The first line hangs; what is far ahead of it has to wait, or its answers would all be kept in memory.
    let zoom = Zoom::start(|asked, _| {
        let answer = Answer::json(200, &json!({"id": "x"}));
        match asked.target.ends_with("/u0") {
            true => answer.after(Duration::from_millis(1500)),
            false => answer,
        }
    });
    let mut command = program();
    command.args(["batch", "--ordered", "--workers", "2"]);
    let child = start(command, requests(&zoom, 300).as_bytes());
    let asked = || {
        zoom.log()
            .iter()
            .filter(|one| one.starts_with("GET"))
            .count()
    };
    while asked() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }

    std::thread::sleep(Duration::from_millis(1000));
    let ahead = asked();
    assert!((2..=40).contains(&ahead), "{ahead} of 300 were asked for");
    let ran = wait(child, Instant::now());
    assert_eq!(ran.exit, 0);
    assert_eq!(ran.stdout.lines().count(), 300);
}
