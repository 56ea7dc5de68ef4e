//! At a terminal: progress on stderr, stdout clean. The terminal is `script`'s; without it nothing is tested here.

use crate::harness::{Answer, SECRET, TOKEN, Zoom, program};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs the program with `arguments` on `input` in a terminal, stdout going to a file unless `shared`; answers with what
/// the terminal showed and what went to stdout. None where there is no `script`.
fn at_a_terminal(
    name: &str,
    arguments: &str,
    input: &str,
    shared: bool,
) -> Option<(String, String)> {
    if Command::new("script").arg("--version").output().is_err() {
        println!("skipped: `script` (util-linux) is not installed");
        return None;
    }
    let path = |kind: &str| {
        std::env::temp_dir().join(format!("zoom-runner-{name}-{kind}-{}", std::process::id()))
    };
    let (given, out) = (path("in"), path("out"));
    std::fs::write(&given, input).unwrap();
    std::fs::write(&out, "").unwrap();
    let to = if shared {
        String::new()
    } else {
        format!("> '{}'", out.display())
    };
    let line = format!(
        "'{}' {arguments} < '{}' {to}",
        program().get_program().display(),
        given.display()
    );
    let mut command = Command::new("script");
    command
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .stdin(Stdio::null());
    command.env_clear().envs([
        ("ZOOM_RUNNER_TOKEN_CACHE", "off"),
        ("TERM", "xterm"),
        ("PATH", "/usr/bin:/bin"),
    ]);
    let shown = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let written = std::fs::read_to_string(&out).unwrap();
    for path in [given, out] {
        std::fs::remove_file(path).unwrap();
    }
    assert!(
        ![SECRET, TOKEN]
            .iter()
            .any(|word| shown.contains(word) || written.contains(word))
    );
    Some((shown, written))
}

fn slow_users(zoom: &Zoom, count: usize) -> String {
    let line = |number: usize| json!({"action": "get_user", "parameters": {"user_id": "u"}, "id": number, "resource": zoom.resource()});
    (0..count)
        .map(|number| format!("{}\n", line(number)))
        .collect::<String>()
        + "not json\n"
}

#[test]
fn a_batch_shows_progress_on_stderr_and_leaves_stdout_clean() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(50)));
    let Some((shown, written)) =
        at_a_terminal("batch", "batch --workers 2", &slow_users(&zoom, 20), false)
    else {
        return;
    };
    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 21);
    {
        assert!(shown.contains(" lines") && shown.contains('%'), "{shown:?}");
        assert!(
            shown.ends_with("\r\u{1b}[2K"),
            "the line is gone at the end: {shown:?}"
        );
    }
}

#[test]
fn envelopes_on_the_same_terminal_stay_whole() {
    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_millis(50)));
    let Some((shown, _)) =
        at_a_terminal("shared", "batch --workers 2", &slow_users(&zoom, 20), true)
    else {
        return;
    };
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
fn a_long_list_shows_progress_and_a_short_run_shows_nothing() {
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
    let Some((shown, written)) =
        at_a_terminal("list", "", &request("list_users", json!({})), false)
    else {
        return;
    };
    let envelope: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        (&envelope["data"]["count"], &envelope["status"]),
        (&json!(6), &json!("success"))
    );
    {
        assert!(shown.contains(" of 6"), "{shown:?}");
    }
    let (shown, _) = at_a_terminal(
        "short",
        "",
        &request("get_user", json!({"user_id": "u"})),
        false,
    )
    .unwrap();
    assert_eq!(shown, "");
}
