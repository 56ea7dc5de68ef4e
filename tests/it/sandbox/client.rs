//! One request over one plain socket; and a sandbox with a token for it.

use base64::Engine as _;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use zoom_runner::sandbox::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, Options, Sandbox};

/// A response.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Answer {
    /// The body; null when there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&self.body).unwrap()
        }
    }

    /// The status and Zoom's code.
    pub fn code(&self) -> (u16, i64) {
        (
            self.status,
            self.json()["code"].as_i64().unwrap_or_default(),
        )
    }
}

/// A sandbox, and a token for it.
pub struct Zoom {
    pub sandbox: Sandbox,
    pub token: String,
}

/// A sandbox as a test wants it.
pub fn zoom(change: impl FnOnce(&mut Options)) -> Zoom {
    let sandbox = start(change);
    let token = mint(&sandbox).json()["access_token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    Zoom { sandbox, token }
}

/// The same without a token.
pub fn start(change: impl FnOnce(&mut Options)) -> Sandbox {
    let mut options = Options::default();
    change(&mut options);
    Sandbox::start(options).unwrap()
}

/// Asks for a token.
pub fn mint(sandbox: &Sandbox) -> Answer {
    token(
        sandbox,
        "POST",
        "/oauth/token",
        CLIENT_ID,
        CLIENT_SECRET,
        FORM,
        &grant(),
    )
}

/// The content type of a request for a token.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request for a token.
pub fn grant() -> String {
    format!("grant_type=account_credentials&account_id={ACCOUNT_ID}")
}

/// Asks for a token in some way.
pub fn token(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    id: &str,
    secret: &str,
    content_type: &str,
    body: &str,
) -> Answer {
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    let headers = [
        ("authorization", format!("Basic {basic}")),
        ("content-type", content_type.to_owned()),
    ];
    send(sandbox, method, target, &headers, body)
}

/// The bytes of a request.
pub fn request(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, String)],
    body: &str,
) -> String {
    let host = sandbox.url().split("//").last().unwrap();
    let mut text = format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}content-length: {}\r\n\r\n{body}", body.len())
}

/// Sends one request on a connection of its own.
pub fn send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, String)],
    body: &str,
) -> Answer {
    let mut stream = TcpStream::connect(sandbox.url().split("//").last().unwrap()).unwrap();
    stream
        .write_all(request(sandbox, method, target, headers, body).as_bytes())
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Answer {
        status,
        headers: headers.collect(),
        body: body.to_owned(),
    }
}

impl Zoom {
    pub fn ask(&self, method: &str, target: &str, body: Option<&Value>) -> Answer {
        let mut headers = vec![("authorization", format!("Bearer {}", self.token))];
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        send(
            &self.sandbox,
            method,
            &format!("/v2{target}"),
            &headers,
            &body,
        )
    }

    /// Returns the value there, which must exist.
    pub fn get(&self, target: &str) -> Value {
        let answer = self.ask("GET", target, None);
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        answer.json()
    }

    /// Returns the end of a request: the status and Zoom's code.
    pub fn code(&self, method: &str, target: &str) -> (u16, i64) {
        let body = (method == "PUT").then(|| json!({"action": "end"}));
        self.ask(method, target, body.as_ref()).code()
    }

    pub fn patch(&self, target: &str, body: Value) -> (u16, i64) {
        self.ask("PATCH", target, Some(&body)).code()
    }

    /// A change that is answered with 204.
    pub fn change(&self, target: &str, body: Value) {
        assert_eq!(
            self.patch(target, body.clone()),
            (204, 0),
            "{target} {body}"
        );
    }

    /// The numbers in a list of meetings.
    pub fn meetings(&self, target: &str) -> Vec<u64> {
        let list = self.get(target);
        list["meetings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|meeting| meeting["id"].as_u64().unwrap())
            .collect()
    }

    /// The addresses in a list of users.
    pub fn emails(&self, target: &str) -> Vec<String> {
        let list = self.get(target);
        list["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["email"].as_str().unwrap().to_owned())
            .collect()
    }
}
