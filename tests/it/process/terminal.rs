//! At a terminal: progress on stderr, stdout clean.

use crate::fixtures::Scratch;
use crate::harness::{Answer, SECRET, TOKEN, Zoom, program};
use nix::pty::openpty;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// Runs the program with `arguments` on `input`, its stderr being a terminal, and stdout too if `shared`, else a file.
/// Returns what the terminal showed and what went to the file.
fn at_a_terminal(arguments: &[&str], input: &str, shared: bool) -> (String, String) {
    let terminal = openpty(None, None).unwrap();
    let scratch = Scratch::new(&format!("terminal-{}", terminal.master.as_raw_fd()));
    let (given, written) = (scratch.0.join("in"), scratch.0.join("out"));
    std::fs::write(&given, input).unwrap();

    let mut command = program();
    command.args(arguments).env("TERM", "xterm");
    command.stdin(File::open(given).unwrap());
    let file = File::create(&written).unwrap();
    match shared {
        true => command.stdout(terminal.slave.try_clone().unwrap()),
        false => command.stdout(file),
    };
    command.stderr(terminal.slave);
    let mut child = command.spawn().unwrap();
    // The command holds the terminal's other end, which would keep it from ending.
    drop(command);

    let mut shown = Vec::new();
    // The end is told by an error, since the terminal has nobody left.
    let _ = File::from(terminal.master).read_to_end(&mut shown);
    child.wait().unwrap();
    let shown = String::from_utf8(shown).unwrap();
    let written = std::fs::read_to_string(&written).unwrap();
    for word in [SECRET, TOKEN] {
        assert!(!shown.contains(word) && !written.contains(word));
    }
    (shown, written)
}

fn slow_users(zoom: &Zoom, count: usize) -> String {
    let line = |number: usize| json!({"action": "get_user", "parameters": {"user_id": "u"}, "id": number, "resource": zoom.resource()});
    (0..count)
        .map(|number| format!("{}\n", line(number)))
        .collect::<String>()
        + "not json\n"
}

#[test]
fn batch_shows_progress_on_stderr_and_leaves_stdout_clean() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(50)));
    let (shown, written) =
        at_a_terminal(&["batch", "--workers", "2"], &slow_users(&zoom, 20), false);
    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 21);
    assert!(shown.contains(" lines") && shown.contains('%'), "{shown:?}");
    assert!(
        shown.ends_with("\r\u{1b}[2K21 lines: 20 succeeded, 1 failed.\r\n"),
        "a summary takes the line's place at the end: {shown:?}"
    );
}

#[test]
fn envelopes_stay_whole_beside_progress() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(50)));
    let (shown, _) = at_a_terminal(&["batch", "--workers", "2"], &slow_users(&zoom, 20), true);
    // What is between the last control sequence before an envelope and its end of line is the envelope.
    let envelopes = shown
        .lines()
        .filter_map(|line| line.find("{\"protocol\"").map(|at| &line[at..]));
    let whole = envelopes
        .filter(|text| serde_json::from_str::<Value>(text).is_ok())
        .count();
    assert_eq!(whole, 21, "{shown:?}");
}

#[test]
fn progress_is_shown_for_long_lists_only() {
    let zoom = Zoom::start(|asked, _| {
        if !asked.target.starts_with("/v2/users?") {
            return Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(300));
        }
        let page: u64 = asked
            .target
            .split_once("next_page_token=")
            .map_or(0, |(_, rest)| {
                rest.split('&').next().unwrap().parse().unwrap()
            });
        let next = if page < 5 {
            (page + 1).to_string()
        } else {
            String::new()
        };
        let body = json!({"users": [{"id": page}], "total_records": 6, "next_page_token": next});
        Answer::json(200, &body).after(Duration::from_millis(150))
    });
    let request = |action: &str, parameters: Value| {
        json!({"action": action, "parameters": parameters, "resource": zoom.resource()}).to_string()
    };
    let (shown, written) = at_a_terminal(&[], &request("list_users", json!({})), false);
    let envelope: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        (&envelope["data"]["count"], &envelope["status"]),
        (&json!(6), &json!("success"))
    );
    assert!(shown.contains(" of 6"), "{shown:?}");
    let (shown, _) = at_a_terminal(&[], &request("get_user", json!({"user_id": "u"})), false);
    assert_eq!(shown, "");
}
