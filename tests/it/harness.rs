//! Starts the program, feeds it, and reads its one envelope; and a Zoom that says what a test tells it to.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The secret that must be seen nowhere.
pub const SECRET: &str = "canary-secret-0123456789";
/// The token that must be seen nowhere.
pub const TOKEN: &str = "canary-token-9876543210";

/// The end of a run: exit code, streams, time.
#[derive(Debug)]
pub struct Ran {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

impl Ran {
    /// The one envelope, its form checked.
    pub fn envelope(&self) -> Value {
        assert!(self.stdout.ends_with('\n'), "no line: {self:?}");
        assert_eq!(
            self.stdout.matches('\n').count(),
            1,
            "more than one line: {self:?}"
        );
        assert_eq!(self.stderr, "", "stderr is not empty");
        let envelope: Value =
            serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(envelope["protocol"], 1);
        for word in [SECRET, TOKEN] {
            assert!(!self.stdout.contains(word), "a secret is shown: {self:?}");
        }
        match envelope["status"].as_str() {
            Some("success") => {
                assert_eq!(self.exit, 0);
                assert!(
                    envelope.get("error").is_none() && envelope.get("data").is_some(),
                    "{envelope}"
                );
            }
            Some("failed") => {
                assert_ne!(self.exit, 0);
                assert_eq!(envelope["error"]["message"], envelope["message"]);
                let retryable = envelope["error"]["retryable"].as_bool().unwrap();
                assert_eq!(retryable, self.exit == 75, "{envelope}");
            }
            _ => panic!("no status: {envelope}"),
        }
        assert!(
            envelope["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{envelope}"
        );
        assert!(
            envelope["meta"]["duration_ms"].is_u64() && envelope["meta"]["requests"].is_u64(),
            "{envelope}"
        );
        envelope
    }

    /// The error's code, with its exit code checked against the contract.
    pub fn code(&self) -> String {
        let envelope = self.envelope();
        let code = envelope["error"]["code"]
            .as_str()
            .unwrap_or("success")
            .to_owned();
        let exit = match code.as_str() {
            "success" => 0,
            "invalid_request" | "unknown_action" | "invalid_parameters" | "invalid_resource" => 2,
            "internal" => 70,
            _ if envelope["error"]["retryable"] == true => 75,
            _ => 1,
        };
        assert_eq!(self.exit, exit, "{envelope}");
        code
    }
}

/// The program, with an environment of its own.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zoom-runner"));
    command.env_clear().env("ZOOM_RUNNER_TOKEN_CACHE", "off");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts `command` and writes `input` to it.
pub fn start(mut command: Command, input: &[u8]) -> Child {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // In a thread of its own: the program may answer before it has read everything.
    std::thread::spawn(move || stdin.write_all(&input));
    child
}

/// Waits for the end.
pub fn wait(child: Child, since: Instant) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        took: since.elapsed(),
    }
}

/// Runs the program on bytes.
pub fn run_bytes(input: &[u8]) -> Ran {
    let since = Instant::now();
    wait(start(program(), input), since)
}

/// Runs the program on a request.
pub fn run(request: &Value) -> Ran {
    run_bytes(request.to_string().as_bytes())
}

/// Runs an action against `zoom`.
pub fn act(zoom: &Zoom, action: &str, parameters: Value) -> Ran {
    run(&json!({"action": action, "parameters": parameters, "resource": zoom.resource()}))
}

/// An answer of the scripted Zoom.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Waits this long before it answers.
    pub after: Duration,
    /// Closes after this many bytes of the answer.
    pub cut: Option<usize>,
}

impl Answer {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, &body.to_string())
    }

    pub fn text(status: u16, body: &str) -> Self {
        let body = body.as_bytes().to_vec();
        Self {
            status,
            headers: Vec::new(),
            body,
            after: Duration::ZERO,
            cut: None,
        }
    }

    pub fn none(status: u16) -> Self {
        Self::text(status, "")
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    pub fn cut(self, cut: usize) -> Self {
        Self {
            cut: Some(cut),
            ..self
        }
    }
}

/// A request as the scripted Zoom got it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub target: String,
    pub head: String,
    pub body: String,
}

impl Asked {
    /// `GET /v2/users`, without the query.
    pub fn what(&self) -> String {
        format!("{} {}", self.method, self.target.split('?').next().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A Zoom that answers as told: the token by itself, everything else by the script, which gets the request and how many
/// came before it (tokens left aside).
pub struct Zoom {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
    /// Set when the script panicked, which is the test's failure and no answer of Zoom's.
    panicked: Arc<AtomicBool>,
}

impl Drop for Zoom {
    fn drop(&mut self) {
        let panicked = self.panicked.load(Ordering::SeqCst);
        assert!(
            !panicked || std::thread::panicking(),
            "the scripted Zoom panicked"
        );
    }
}

impl Zoom {
    pub fn start(script: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::raw(move |asked, number| {
            if asked.target == "/oauth/token" {
                let token = json!({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3599, "scope": "user:read:user:admin"});
                return Answer::json(200, &token);
            }
            script(asked, number)
        })
    }

    /// The same, the token request scripted too.
    pub fn raw(script: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let panicked = Arc::new(AtomicBool::new(false));
        let (script, log, count, failed) = (
            Arc::new(script),
            Arc::clone(&asked),
            Arc::clone(&connections),
            Arc::clone(&panicked),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let (script, log) = (Arc::clone(&script), Arc::clone(&log));
                let failed = Arc::clone(&failed);
                std::thread::spawn(move || {
                    let talk = AssertUnwindSafe(|| converse(stream, &*script, &log));
                    if catch_unwind(talk).is_err() {
                        failed.store(true, Ordering::SeqCst);
                    }
                });
            }
        });
        Self {
            port,
            asked,
            connections,
            panicked,
        }
    }

    pub fn resource(&self) -> Value {
        let url = format!("http://127.0.0.1:{}", self.port);
        json!({"label": "Test Zoom", "token_url": url, "api_url": url, "client_id": "id", "client_secret": SECRET, "account_id": "account", "timeout": 20})
    }

    /// The connections so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The requests so far, methods and paths.
    pub fn log(&self) -> Vec<String> {
        self.asked().iter().map(Asked::what).collect()
    }
}

fn converse(
    mut stream: TcpStream,
    script: &(dyn Fn(&Asked, usize) -> Answer + Send + Sync),
    log: &Mutex<Vec<Asked>>,
) {
    while let Some(asked) = read_request(&mut stream) {
        let number = {
            let mut log = log.lock().unwrap();
            let before = log
                .iter()
                .filter(|asked| asked.target != "/oauth/token")
                .count();
            log.push(asked.clone());
            before
        };
        let answer = script(&asked, number);
        std::thread::sleep(answer.after);
        let mut bytes = format!(
            "HTTP/1.1 {} X\r\nx-zm-trackingid: v=2.0;track-{number}\r\n",
            answer.status
        );
        for (name, value) in &answer.headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        if answer.status != 204 {
            bytes.push_str(&format!("content-length: {}\r\n", answer.body.len()));
        }
        let mut bytes = (bytes + "\r\n").into_bytes();
        bytes.extend_from_slice(&answer.body);
        bytes.truncate(answer.cut.unwrap_or(usize::MAX));
        if stream.write_all(&bytes).is_err() || answer.cut.is_some() {
            return;
        }
    }
}

/// Reads one request; `None` if the client has closed.
pub fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut one = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut one).ok()? == 0 {
            return None;
        }
        bytes.push(one[0]);
    }
    let head = String::from_utf8(bytes).ok()?;
    let length = head
        .to_lowercase()
        .split_once("content-length: ")
        .map_or(0, |(_, rest)| {
            rest.split("\r\n").next().unwrap().trim().parse().unwrap()
        });
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let mut words = head.split(' ');
    Some(Asked {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        body: String::from_utf8(body).ok()?,
        head: head.clone(),
    })
}
