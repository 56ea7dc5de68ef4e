//! Answers that no good server gives: the right code, and bounded memory.

use crate::harness::{Answer, Ran, Zoom, program, start, wait};
use serde_json::json;
use std::io::Write;
use std::net::TcpListener;
use std::time::Instant;

fn list(zoom: &Zoom) -> Ran {
    let request = json!({"action": "list_users", "resource": zoom.resource()}).to_string();
    // The address space is capped, so that an answer kept whole would show.
    let mut command = program();
    command.env("ZOOM_RUNNER_TOKEN_CACHE", "off");
    wait(start(command, request.as_bytes()), Instant::now())
}

#[test]
fn deeply_nested_answer_is_a_bad_answer() {
    for open in ["[", "{\"a\":"] {
        let close = if open == "[" { "]" } else { "}" };
        let body = format!(
            "{{\"users\":{}1{},\"next_page_token\":\"\"}}",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        let zoom = Zoom::start(move |_, _| Answer::text(200, &body));
        assert_eq!(list(&zoom).code(), "bad_answer");
    }
}

/// A server that reads a request and answers it without end.
fn endless(head: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut stream = stream;
                // An answer that comes before its request is another fault.
                if crate::harness::read_request(&mut stream).is_none() {
                    return;
                }
                let chunk = vec![b'x'; 1 << 16];
                let _ = stream.write_all(head.as_bytes());
                while stream.write_all(&chunk).is_ok() {}
            });
        }
    });
    port
}

#[test]
fn endless_answer_is_a_bad_answer() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 209715200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: ",
        "",
    ] {
        let url = format!("http://127.0.0.1:{}", endless(head));
        let resource = json!({"token_url": url, "api_url": url, "client_id": "i", "client_secret": "s", "account_id": "a", "timeout": 10});
        let request =
            json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource})
                .to_string();
        let ran = wait(start(program(), request.as_bytes()), Instant::now());
        assert_eq!(ran.code(), "bad_answer", "{head:?}");
    }
}

#[test]
fn answer_that_is_not_utf_8_is_a_bad_answer() {
    let zoom = Zoom::start(|_, _| Answer {
        body: b"{\"users\":[{\"id\":\"\xff\"}]}".to_vec(),
        ..Answer::none(200)
    });
    assert_eq!(list(&zoom).code(), "bad_answer");
}

#[test]
fn secrets_that_a_server_repeats_are_not_shown() {
    let zoom = Zoom::start(|asked, _| {
        let header = asked
            .head
            .lines()
            .find(|line| line.to_lowercase().starts_with("authorization"))
            .unwrap_or_default();
        Answer::json(
            400,
            &json!({"code": 300, "message": format!("Bad: {header}"), "errors": [{"field": header}]}),
        )
    });
    assert_eq!(list(&zoom).code(), "rejected");
    let zoom = Zoom::raw(|asked, _| {
        Answer::json(
            400,
            &json!({"error": "invalid_client", "reason": asked.head}),
        )
    });
    let ran = list(&zoom);
    assert_eq!(ran.code(), "unauthorized");
    assert!(!ran.stdout.contains("aWQ6Y2FuYXJ5"), "{}", ran.stdout);
}
