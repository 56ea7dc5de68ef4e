//! The connections of a run: servers that serve one at a time must do.

use crate::harness::run;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;

/// A server that serves one connection after the other, each to its end.
fn one_at_a_time() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 8192];
            while let Ok(length) = stream.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                if length == 0 {
                    break;
                }
                if !text.contains("HTTP/1.1") {
                    continue;
                }
                let body = if text.starts_with("POST") {
                    r#"{"access_token":"t","expires_in":3599}"#
                } else {
                    r#"{"id":"a"}"#
                };
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all((head + body).as_bytes()).unwrap();
            }
        }
    });
    port
}

#[test]
fn one_connection_at_a_time_is_enough() {
    let url = format!("http://127.0.0.1:{}", one_at_a_time());
    let resource = json!({"token_url": url, "api_url": url, "client_id": "i", "client_secret": "s", "account_id": "a", "timeout": 5});
    let ran =
        run(&json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource}));
    assert_eq!(ran.code(), "success");
    let other = format!("http://127.0.0.1:{}", one_at_a_time());
    let mut apart = resource;
    apart["api_url"] = json!(other);
    let ran =
        run(&json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": apart}));
    assert_eq!(ran.code(), "success");
}
