//! The tool server, bytes in and bytes out: both eras of the protocol, and attacks on its confirmations.

mod attacks;
mod official;
mod page;

use crate::harness::{Answer, Zoom, program};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A server under test, and the messages it sends.
struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
}

impl Server {
    /// A server in front of the sandbox.
    fn start(options: &[&str]) -> Self {
        let mut all = vec!["mcp", "--sandbox"];
        all.extend(options);
        Self::with(&all, &[])
    }

    fn with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = program();
        command.args(arguments).envs(variables.iter().copied());
        let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
        let (sender, messages) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        let stdin = child.stdin.take();
        Self {
            child,
            stdin,
            messages,
        }
    }

    /// A server in front of a scripted Zoom.
    fn before(zoom: &Zoom, options: &[&str]) -> Self {
        let url = zoom.resource()["api_url"].as_str().unwrap().to_owned();
        let variables = [
            ("ZOOM_API_URL", url.as_str()),
            ("ZOOM_TOKEN_URL", url.as_str()),
            ("ZOOM_CLIENT_ID", "id"),
            ("ZOOM_CLIENT_SECRET", "secret-secret"),
            ("ZOOM_ACCOUNT_ID", "account"),
        ];
        let mut all = vec!["mcp"];
        all.extend(options);
        Self::with(&all, &variables)
    }

    fn write(&mut self, line: &str) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Sends a request and waits for no answer.
    fn send(&mut self, id: u64, method: &str, params: Value) {
        self.write(
            &json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string(),
        );
    }

    /// Calls a tool and returns the envelope.
    fn envelope(&mut self, id: u64, tool: &str, arguments: Value) -> Value {
        self.ask(id, "tools/call", call(tool, arguments))["result"]["structuredContent"].clone()
    }

    fn next(&self) -> Value {
        self.messages.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    /// Asks and returns the answer to that very request.
    fn ask(&mut self, id: u64, method: &str, params: Value) -> Value {
        self.send(id, method, params);
        loop {
            let message = self.next();
            if message["id"] == id {
                return message;
            }
        }
    }

    fn initialize(&mut self, version: &str, capabilities: Value) -> Value {
        let params = json!({"protocolVersion": version, "capabilities": capabilities, "clientInfo": {"name": "test", "version": "1"}});
        self.ask(0, "initialize", params)
    }

    fn end(mut self) -> i32 {
        drop(self.stdin.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

/// Parameters of the stateless era.
fn stateless(mut params: Value, capabilities: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": capabilities,
    });
    params
}

fn call(name: &str, arguments: Value) -> Value {
    json!({"name": name, "arguments": arguments})
}

#[test]
fn server_refuses_what_is_no_request_and_goes_on() {
    let mut server = Server::start(&[]);
    for (line, code) in [
        ("nonsense".to_owned(), -32700),
        ("[]".to_owned(), -32600),
        ("{\"id\":1,\"method\":\"ping\"}".to_owned(), -32600),
        (format!("\"{}\"", "x".repeat(1 << 20)), -32600),
        (
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string(),
            -32600,
        ),
    ] {
        server.write(&line);
        assert_eq!(
            server.next()["error"]["code"],
            code,
            "{}",
            &line[..line.len().min(60)]
        );
    }
    assert_eq!(server.ask(2, "ping", json!({}))["result"], json!({}));
    assert_eq!(server.end(), 0);
}

#[test]
fn server_speaks_the_older_era() {
    let mut server = Server::start(&[]);
    assert_eq!(
        server.initialize("2025-06-18", json!({}))["result"]["protocolVersion"],
        "2025-06-18"
    );
    assert_eq!(
        server.initialize("1999-01-01", json!({}))["result"]["protocolVersion"],
        "2025-11-25"
    );
    let tools = server.ask(1, "tools/list", json!({}))["result"]["tools"].clone();
    let names: Vec<&str> = tools
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"get_user") && !names.contains(&"update_user"));

    let answer = server.ask(
        2,
        "tools/call",
        call("get_user", json!({"user_id": "jane@example.com"})),
    )["result"]
        .clone();
    assert_eq!(answer["isError"], false);
    assert_eq!(
        answer["structuredContent"]["data"]["email"],
        "jane@example.com"
    );
    let text = answer["content"][1]["text"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(text).unwrap(),
        answer["structuredContent"]
    );
    let wrong =
        server.ask(3, "tools/call", call("get_user", json!({"user": "x"})))["result"].clone();
    assert_eq!(
        (
            &wrong["isError"],
            &wrong["structuredContent"]["error"]["code"]
        ),
        (&json!(true), &json!("invalid_parameters"))
    );
    assert_eq!(
        server.ask(4, "tools/call", call("update_user", json!({})))["error"]["code"],
        -32602
    );
    assert_eq!(
        server.ask(5, "tools/call", json!({"name": "get_user", "arguments": 1}))["error"]["code"],
        -32602
    );
    assert_eq!(server.ask(6, "nothing", json!({}))["error"]["code"], -32601);
}

#[test]
fn server_speaks_the_stateless_era_without_a_handshake() {
    let mut server = Server::start(&[]);
    let found = server.ask(1, "server/discover", stateless(json!({}), json!({})))["result"].clone();
    assert_eq!(found["supportedVersions"][0], "2026-07-28");
    assert_eq!(
        (&found["resultType"], &found["cacheScope"]),
        (&json!("complete"), &json!("public"))
    );
    let list = server.ask(2, "tools/list", stateless(json!({}), json!({})))["result"].clone();
    assert_eq!(list["ttlMs"], 3_600_000);
    let mut params = stateless(json!({}), json!({}));
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2031-01-01");
    assert_eq!(server.ask(3, "tools/list", params)["error"]["code"], -32022);
    let params = json!({"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}});
    assert_eq!(server.ask(4, "tools/list", params)["error"]["code"], -32602);
}

#[test]
fn server_limits_lists_and_says_how_to_get_more() {
    let mut server = Server::start(&[]);
    server.initialize("2025-11-25", json!({}));
    let list = |limit: Value| call("list_users", json!({"limit": limit}));
    let answer = server.ask(1, "tools/call", list(json!(2)))["result"].clone();
    assert!(
        answer["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("larger limit"),
        "{answer}"
    );
    let answer = server.ask(2, "tools/call", list(json!(1001)))["result"].clone();
    assert_eq!(answer["structuredContent"]["error"]["field"], "limit");
}

#[test]
fn change_is_made_only_after_a_person_said_yes() {
    let mut server = Server::start(&["--changes"]);
    server.initialize("2025-06-18", json!({"elicitation": {}}));
    let change = call(
        "update_user",
        json!({"user_id": "user2@example.com", "dept": "New"}),
    );

    for (reply, status) in [
        (json!({"action": "decline"}), "failed"),
        (
            json!({"action": "accept", "content": {"confirm": false}}),
            "failed",
        ),
        (
            json!({"action": "accept", "content": {"confirm": true}}),
            "success",
        ),
    ] {
        server.write(
            &json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": change})
                .to_string(),
        );
        let question = server.next();
        assert_eq!(question["method"], "elicitation/create");
        assert!(
            question["params"]["message"]
                .as_str()
                .unwrap()
                .contains("dept"),
            "{question}"
        );
        server.write(&json!({"jsonrpc": "2.0", "id": question["id"], "result": reply}).to_string());
        let envelope = server.next()["result"]["structuredContent"].clone();
        assert_eq!(envelope["status"], status, "{envelope}");
        if status == "failed" {
            assert_eq!(
                (&envelope["error"]["code"], &envelope["error"]["change"]),
                (&json!("cancelled"), &json!("none"))
            );
        }
    }
}

#[test]
fn stateless_confirmation_is_good_once_and_for_its_own_change_alone() {
    let mut server = Server::start(&["--changes"]);
    let asks = json!({"elicitation": {}});
    let params = |dept: &str| {
        stateless(
            call(
                "update_user",
                json!({"user_id": "user3@example.com", "dept": dept}),
            ),
            asks.clone(),
        )
    };
    let retry = |dept: &str, state: &Value| {
        let mut params = params(dept);
        params["requestState"] = state.clone();
        params["inputResponses"] =
            json!({"confirm": {"action": "accept", "content": {"confirm": true}}});
        params
    };
    let first = server.ask(1, "tools/call", params("A"))["result"].clone();
    assert_eq!(first["resultType"], "input_required");
    let state = first["requestState"].clone();

    let mut tampered = state.as_str().unwrap().to_owned();
    tampered.replace_range(20..21, if tampered[20..21] == *"x" { "y" } else { "x" });
    for (id, params) in [
        (2, retry("B", &state)),
        (3, retry("A", &json!(tampered))),
        (4, retry("A", &json!(""))),
    ] {
        assert_eq!(
            server.ask(id, "tools/call", params)["result"]["resultType"],
            "input_required",
            "{id}"
        );
    }
    let done = server.ask(5, "tools/call", retry("A", &state))["result"].clone();
    assert_eq!(done["structuredContent"]["status"], "success", "{done}");
    // The plan is another one now, and the state is used.
    assert_eq!(
        server.ask(6, "tools/call", retry("A", &state))["result"]["resultType"],
        "input_required"
    );
}

#[test]
fn change_without_a_person_follows_the_policy() {
    for (policy, status, code) in [
        ("ask", "success", None),
        ("require", "failed", Some("forbidden")),
        ("never", "success", None),
    ] {
        let mut server = Server::start(&["--changes", "--confirm", policy]);
        server.initialize("2025-11-25", json!({}));
        let envelope = server.ask(
            1,
            "tools/call",
            call(
                "update_user",
                json!({"user_id": "user2@example.com", "dept": "New"}),
            ),
        )["result"]["structuredContent"]
            .clone();
        assert_eq!(envelope["status"], status, "{policy}: {envelope}");
        assert_eq!(envelope["error"]["code"].as_str(), code);
        let is_warned = envelope["meta"]["warnings"]
            .to_string()
            .contains("Nobody was asked");
        assert_eq!(is_warned, policy == "ask", "{envelope}");
    }
}

#[test]
fn cancelled_call_sends_nothing_more_and_is_not_answered() {
    let zoom = Zoom::start(|_, _| {
        Answer::json(200, &json!({"id": "x", "dept": "old"})).after(Duration::from_millis(700))
    });
    let mut server = Server::before(&zoom, &["--changes", "--confirm", "never"]);
    server.initialize("2025-11-25", json!({}));
    let change = call("update_user", json!({"user_id": "u", "dept": "New"}));
    server.write(
        &json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": change}).to_string(),
    );
    std::thread::sleep(Duration::from_millis(300));
    server.write(
        &json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})
            .to_string(),
    );
    assert_eq!(server.ask(2, "ping", json!({}))["result"], json!({}));
    std::thread::sleep(Duration::from_millis(1500));
    assert!(
        zoom.asked().iter().all(|asked| asked.method != "PATCH"),
        "{:?}",
        zoom.asked()
    );
    assert_eq!(server.end(), 0);
}

#[test]
fn missing_credentials_are_told_by_each_call_and_a_wrong_tool_at_the_start() {
    let mut server = Server::with(&["mcp"], &[]);
    server.initialize("2025-11-25", json!({}));
    let answer =
        server.ask(1, "tools/call", call("get_user", json!({"user_id": "x"})))["result"].clone();
    assert_eq!(
        answer["structuredContent"]["error"]["code"],
        "invalid_resource"
    );
    let ran = program()
        .args(["mcp", "--tools", "get_usre"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("get_user"));
}
