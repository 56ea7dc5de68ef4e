//! Attacks on the tool server: messages that are none, forged and borrowed confirmations, arguments that look harmless,
//! texts of outsiders, clients that go away.

use super::{Server, call, stateless};
use crate::harness::{Answer, Zoom, program};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

const YES: &str = r#"{"action": "accept", "content": {"confirm": true}}"#;

fn asks() -> Value {
    json!({"elicitation": {}})
}

/// A retry of the stateless era that says yes.
fn agreed(params: Value, state: &Value) -> Value {
    let mut params = stateless(params, asks());
    params["requestState"] = state.clone();
    params["inputResponses"] = json!({"confirm": serde_json::from_str::<Value>(YES).unwrap()});
    params
}

/// The methods that reached Zoom, tokens left out.
fn changes(zoom: &Zoom) -> Vec<String> {
    let asked = zoom.asked().into_iter().map(|asked| asked.method);
    asked
        .filter(|method| method != "GET" && method != "POST")
        .collect()
}

/// A Zoom with one user, whose display name is an outsider's.
fn zoom_with_user(name: &'static str, after: Duration) -> Zoom {
    Zoom::start(move |_, _| {
        Answer::json(
            200,
            &json!({"id": "u", "dept": "old", "display_name": name}),
        )
        .after(after)
    })
}

#[test]
fn server_refuses_bytes_that_are_no_message() {
    let mut server = Server::start(&[]);
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let lines: [(&[u8], i64); 9] = [
        (b"\xff\xfe{}", -32700),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\ud800"}}"#,
            -32700,
        ),
        (deep.as_bytes(), -32700),
        (br#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
        (br#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600),
        (br#"{"jsonrpc":"2.0","id":1,"method":1}"#, -32600),
        (b"null", -32600),
    ];
    for (line, code) in lines {
        let stdin = server.stdin.as_mut().unwrap();
        stdin.write_all(line).unwrap();
        stdin.write_all(b"\n").unwrap();
        let shown = String::from_utf8_lossy(line);
        assert_eq!(server.next()["error"]["code"], code, "{:.80}", shown);
    }

    // Answers to nothing, and notifications, are not answered.
    for line in [
        r#"{"jsonrpc":"2.0","id":"confirm-1","result":{"action":"accept"}}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"test"}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
        "",
    ] {
        server.write(line);
    }
    assert_eq!(server.ask(2, "ping", json!({}))["id"], 2);
    assert_eq!(server.end(), 0);
}

#[test]
fn list_has_a_limit_however_the_limit_is_written() {
    let mut server = Server::start(&[]);
    server.initialize("2025-11-25", json!({}));
    let many = Zoom::start(|asked, _| {
        let users: Vec<Value> = (0..60).map(|id| json!({"id": format!("{id}")})).collect();
        match asked.method.as_str() {
            "GET" => Answer::json(200, &json!({"users": users, "next_page_token": "more"})),
            _ => Answer::json(404, &json!({})),
        }
    });
    let mut long = Server::before(&many, &[]);
    long.initialize("2025-11-25", json!({}));
    for (id, blank) in [json!(""), json!("  "), json!(null)]
        .into_iter()
        .enumerate()
    {
        let envelope = long.envelope(id as u64 + 1, "list_users", json!({"limit": blank}));
        assert_eq!(envelope["data"]["count"], 50, "{blank}: {envelope}");
    }

    for (id, large) in [json!(1001), json!(5000.0), json!("5000"), json!(" 5000 ")]
        .into_iter()
        .enumerate()
    {
        let envelope = server.envelope(id as u64 + 1, "list_users", json!({"limit": large}));
        assert_eq!(envelope["error"]["field"], "limit", "{large}: {envelope}");
    }
}

#[test]
fn agent_can_show_no_secrets_and_run_nothing_that_is_excluded() {
    let options = [
        "--changes",
        "--confirm",
        "never",
        "--exclude-tools",
        "deactivate_user",
    ];
    let mut server = Server::start(&options);
    server.initialize("2025-11-25", json!({}));
    let rollback = |action: &str, parameters: Value| json!({"rollback": {"action": action, "parameters": parameters}});
    let user = json!({"user_id": "user2@example.com"});
    let shown = json!({"user_id": "user2@example.com", "dept": "x", "show_secrets": true});
    let cases = [
        ("get_user", shown.clone(), "invalid_parameters"),
        (
            "roll_back",
            rollback("update_user", shown),
            "invalid_parameters",
        ),
        (
            "roll_back",
            rollback("deactivate_user", user.clone()),
            "forbidden",
        ),
        // What undoes no change is no rollback.
        (
            "roll_back",
            rollback("delete_user", user.clone()),
            "invalid_parameters",
        ),
        (
            "roll_back",
            rollback("revoke_sso_token", user.clone()),
            "invalid_parameters",
        ),
        (
            "roll_back",
            rollback("create_meeting", user),
            "invalid_parameters",
        ),
        (
            "get_user",
            json!({"user_id": "x", "resource": {}}),
            "invalid_parameters",
        ),
    ];
    for (id, (tool, arguments, code)) in cases.into_iter().enumerate() {
        let envelope = server.envelope(id as u64 + 1, tool, arguments.clone());
        assert_eq!(
            envelope["error"]["code"], code,
            "{tool} {arguments}: {envelope}"
        );
    }
    let envelope = server.envelope(50, "get_user", json!({"user_id": "user2@example.com"}));
    assert_eq!(envelope["data"]["status"], "active");
}

#[test]
fn dry_run_in_any_spelling_neither_asks_nor_changes() {
    let zoom = zoom_with_user("Jane", Duration::ZERO);
    let mut server = Server::before(&zoom, &["--changes"]);
    server.initialize("2025-11-25", asks());
    for (id, dry) in [
        json!(true),
        json!(1),
        json!("TRUE"),
        json!(" yes "),
        json!("on"),
    ]
    .into_iter()
    .enumerate()
    {
        let change = json!({"user_id": "u", "dept": "New", "dry_run": dry});
        server.send(id as u64 + 1, "tools/call", call("update_user", change));
        let message = server.next();
        let envelope = &message["result"]["structuredContent"];
        assert_eq!(envelope["status"], "success", "{dry}: {message}");
    }
    assert!(changes(&zoom).is_empty(), "{:?}", zoom.asked());
}

#[test]
fn stateless_confirmation_is_no_good_for_another_tool_or_another_process() {
    let zoom = zoom_with_user("Jane", Duration::ZERO);
    let mut server = Server::before(&zoom, &["--changes"]);
    let mut other = Server::before(&zoom, &["--changes"]);
    let update = || call("update_user", json!({"user_id": "u", "dept": "New"}));
    let first = server.ask(1, "tools/call", stateless(update(), asks()));
    let state = first["result"]["requestState"].clone();
    assert!(state.is_string(), "{first}");

    let borrowed = agreed(call("deactivate_user", json!({"user_id": "u"})), &state);
    let result = server.ask(2, "tools/call", borrowed)["result"].clone();
    assert_eq!(result["resultType"], "input_required", "{result}");
    let result = other.ask(3, "tools/call", agreed(update(), &state))["result"].clone();
    assert_eq!(result["resultType"], "input_required", "{result}");
    // A yes without a state, and a state without a yes.
    let result = server.ask(4, "tools/call", agreed(update(), &json!(null)))["result"].clone();
    assert_eq!(result["resultType"], "input_required", "{result}");
    let mut params = stateless(update(), asks());
    params["requestState"] = state.clone();
    let result = server.ask(5, "tools/call", params)["result"].clone();
    assert_eq!(result["resultType"], "input_required", "{result}");
    assert!(changes(&zoom).is_empty(), "{:?}", zoom.asked());

    // Two retries at once: one change.
    server.send(6, "tools/call", agreed(update(), &state));
    server.send(7, "tools/call", agreed(update(), &state));
    let kinds = [server.next(), server.next()].map(|message| {
        let kind = message["result"]["resultType"].as_str().unwrap();
        kind.to_owned()
    });
    assert!(kinds.contains(&"input_required".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"complete".to_owned()), "{kinds:?}");
    assert_eq!(changes(&zoom), ["PATCH"]);
}

#[test]
fn texts_of_outsiders_can_neither_end_a_line_nor_fake_the_question() {
    const NAME: &str = "Eve\u{2028}\u{202e}\nUndo: everything.\u{200b}";
    let zoom = zoom_with_user(NAME, Duration::ZERO);
    let mut command = program();
    let url = zoom.resource()["api_url"].as_str().unwrap().to_owned();
    command.args(["mcp", "--changes"]);
    for name in ["API_URL", "TOKEN_URL"] {
        command.env(format!("ZOOM_{name}"), &url);
    }
    for name in ["CLIENT_ID", "CLIENT_SECRET", "ACCOUNT_ID"] {
        command.env(format!("ZOOM_{name}"), "something");
    }
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let change = call(
        "update_user",
        json!({"user_id": "u", "display_name": "New"}),
    );
    let read = call("get_user", json!({"user_id": "u"}));
    for (id, params) in [(1, change), (2, read)] {
        let params = stateless(params, asks());
        let request = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        writeln!(stdin, "{request}").unwrap();
    }

    let mut output = String::new();
    let mut stdout = child.stdout.take().unwrap();
    while output.matches('\n').count() < 2 {
        let mut bytes = [0; 65536];
        let read = stdout.read(&mut bytes).unwrap();
        assert!(read > 0, "{output}");
        output.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    drop(stdin);
    child.wait().unwrap();

    for hidden in ['\u{2028}', '\u{202e}', '\u{200b}'] {
        assert!(!output.contains(hidden), "{output}");
    }
    for line in output.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let result = &message["result"];
        if message["id"] == 2 {
            // What a program reads is what Zoom sent.
            assert_eq!(result["structuredContent"]["data"]["display_name"], NAME);
            continue;
        }
        let question = &result["inputRequests"]["confirm"]["params"]["message"];
        let question = question.as_str().unwrap();
        assert!(question.contains("display_name: \"Eve"), "{question}");
        let undo = question.lines().filter(|line| line.starts_with("Undo"));
        assert_eq!(undo.count(), 1, "{question}");
    }
}

#[test]
fn question_shows_what_is_sent_and_what_undoes_it() {
    let mut server = Server::start(&["--changes"]);
    server.initialize("2025-06-18", asks());
    for (id, tool, arguments, parts) in [
        (
            1,
            "create_meeting",
            json!({"user_id": "jane@example.com", "topic": "Bridge"}),
            ["topic: \"Bridge\"", "Undo: delete_meeting."],
        ),
        (
            2,
            "deactivate_user",
            json!({"user_id": "user3@example.com"}),
            [
                "user3@example.com would be deactivated.",
                "Undo: activate_user.",
            ],
        ),
        (
            3,
            "delete_user",
            json!({"user_id": "user3@example.com"}),
            ["Delete User: ", "There is no undo."],
        ),
    ] {
        server.send(id, "tools/call", call(tool, arguments));
        let question = server.next();
        let message = question["params"]["message"].as_str().unwrap();
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
        let no =
            json!({"jsonrpc": "2.0", "id": question["id"], "error": {"code": 1, "message": "no"}});
        server.write(&no.to_string());
        let envelope = server.next()["result"]["structuredContent"].clone();
        assert_eq!(envelope["error"]["code"], "cancelled", "{envelope}");
    }
}

#[test]
fn reads_go_on_while_people_think() {
    let mut server = Server::start(&["--changes"]);
    server.initialize("2025-11-25", asks());
    for id in 1..=9 {
        let change = json!({"user_id": format!("user{}@example.com", id + 1), "dept": "New"});
        server.send(id, "tools/call", call("update_user", change));
    }
    for _ in 1..=9 {
        assert_eq!(server.next()["method"], "elicitation/create");
    }
    let envelope = server.envelope(20, "get_user", json!({"user_id": "jane@example.com"}));
    assert_eq!(envelope["status"], "success");

    // A call that is cancelled while a person thinks is not answered, and a late yes changes nothing.
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}});
    server.write(&cancelled.to_string());
    server.write(&format!(
        r#"{{"jsonrpc": "2.0", "id": "confirm-1", "result": {YES}}}"#
    ));
    std::thread::sleep(Duration::from_millis(300));
    let envelope = server.envelope(21, "get_user", json!({"user_id": "user2@example.com"}));
    assert_ne!(envelope["data"]["dept"], "New", "{envelope}");
}

#[test]
fn audit_is_its_owners_alone_and_tells_of_cancelled_changes() {
    let path = std::env::temp_dir().join(format!("zoom-runner-audit-{}", std::process::id()));
    std::fs::write(&path, "{}\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let zoom = Zoom::start(|asked, _| match asked.method.as_str() {
        "PATCH" => Answer::none(204).after(Duration::from_secs(5)),
        _ => Answer::json(200, &json!({"id": "u", "dept": "old"})),
    });
    let audit = path.to_str().unwrap();
    let mut server = Server::before(
        &zoom,
        &["--changes", "--confirm", "never", "--audit", audit],
    );
    let params = json!({"protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "A".repeat(5000), "version": "2", "secret": "other"}});
    server.ask(1, "initialize", params);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    server.envelope(2, "get_user", json!({"user_id": "u"}));
    let change = json!({"user_id": "u", "dept": "New", "host_key": "123456"});
    server.send(3, "tools/call", call("update_user", change));
    while changes(&zoom).is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 3}});
    server.write(&cancelled.to_string());
    server.ask(4, "ping", json!({}));
    assert_eq!(server.end(), 0);

    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!(lines[0]["client"]["name"], "A".repeat(100));
    assert!(
        !text.contains("other") && !text.contains("123456"),
        "{text}"
    );
    assert_eq!(lines[1]["code"], "cancelled", "{text}");
    assert_eq!(lines[1]["change"], "unknown", "{text}");
    assert_eq!(lines[1]["confirmed"], "nobody");
}

#[test]
fn call_that_is_cancelled_before_its_turn_sends_nothing_and_leaves_its_audit_line() {
    let path = std::env::temp_dir().join(format!("zoom-runner-queue-{}", std::process::id()));
    let zoom = zoom_with_user("Jane", Duration::from_millis(500));
    let mut server = Server::before(&zoom, &["--audit", path.to_str().unwrap()]);
    server.initialize("2025-11-25", json!({}));
    for id in 1..=9 {
        let user = json!({"user_id": format!("user{id}@example.com")});
        server.send(id, "tools/call", call("get_user", user));
    }
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 9}});
    server.write(&cancelled.to_string());
    for _ in 1..=8 {
        assert_ne!(server.next()["id"], 9);
    }
    server.envelope(10, "get_user", json!({"user_id": "last@example.com"}));
    assert_eq!(server.end(), 0);

    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(text.lines().count(), 10, "{text}");
    assert_eq!(text.matches("\"cancelled\"").count(), 1, "{text}");
    let asked = zoom.asked();
    assert!(!asked.iter().any(|asked| asked.what().contains("user9")));
}

#[test]
fn question_that_nobody_can_answer_holds_up_no_end() {
    let zoom = zoom_with_user("Jane", Duration::from_millis(300));
    let mut server = Server::before(&zoom, &["--changes"]);
    server.initialize("2025-11-25", asks());
    let change = json!({"user_id": "u", "dept": "New"});
    server.send(1, "tools/call", call("update_user", change));
    let since = Instant::now();
    assert_eq!(server.end(), 0);
    assert!(since.elapsed() < Duration::from_secs(5));
    assert!(changes(&zoom).is_empty(), "{:?}", zoom.asked());
}

#[test]
fn change_that_runs_when_the_client_goes_away_is_finished() {
    let zoom = Zoom::start(|asked, _| match asked.method.as_str() {
        "PATCH" => Answer::none(204).after(Duration::from_secs(1)),
        _ => Answer::json(200, &json!({"id": "u", "dept": "old"})),
    });
    let mut server = Server::before(&zoom, &["--changes", "--confirm", "never"]);
    server.initialize("2025-11-25", json!({}));
    let change = json!({"user_id": "u", "dept": "New", "verify": false});
    server.send(1, "tools/call", call("update_user", change));
    while changes(&zoom).is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(server.stdin.take());
    let envelope = server.next()["result"]["structuredContent"].clone();
    assert_eq!(envelope["status"], "success", "{envelope}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn server_ends_for_a_signal_though_nobody_reads_and_by_itself_where_nobody_can() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let start = || {
        let mut command = program();
        command.args(["mcp", "--sandbox"]).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        (child, stdin)
    };
    let list = stateless(json!({}), json!({}));
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": list});

    let (mut child, mut stdin) = start();
    // More than a pipe holds.
    for _ in 0..20 {
        writeln!(stdin, "{list}").unwrap();
    }
    std::thread::sleep(Duration::from_millis(500));
    let since = Instant::now();
    kill(
        Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    child.wait().unwrap();
    assert!(since.elapsed() < Duration::from_secs(3));

    let (mut child, mut stdin) = start();
    drop(child.stdout.take());
    writeln!(stdin, "{list}").unwrap();
    let since = Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(since.elapsed() < Duration::from_secs(3));
}
