//! The outcome of a request by the place where it breaks: each row of the README's table, for each method, through the whole
//! program down to real sockets. Time jumps, so that waits between tries cost none.

use super::loopback::{Server, ok, wire};
use serde_json::{Value, json};
use std::io::Read;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use zoom_runner::clock::FakeClock;
use zoom_runner::http::client::ReqwestClient;
use zoom_runner::http::{Cause, Http, Method, Request, Response, Stage, TransportError};
use zoom_runner::protocol::request::parse;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::run::{Engine, answer};
use zoom_runner::zoom::token::NoStore;

/// Stands for an address that does not resolve: no test asks the system's resolver.
const UNRESOLVED: &str = "https://something.invalid/v2";

/// Lets one method's requests go to an address where they break; what else an action asks is answered from here.
struct Breaking {
    wire: ReqwestClient,
    method: Method,
    address: String,
    tries: AtomicUsize,
}

impl Http for Breaking {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        if request.method == self.method {
            self.tries.fetch_add(1, Ordering::SeqCst);
            if self.address == UNRESOLVED {
                return Err(TransportError {
                    stage: Stage::Resolving,
                    cause: Cause::Failed,
                    chain: vec!["the name is not known".to_owned()],
                });
            }
            return self.wire.send(&Request {
                url: self.address.clone(),
                ..request.clone()
            });
        }
        let body = match request.method {
            Method::Post => r#"{"access_token":"token","expires_in":3599}"#,
            // The one read here is `end_if_live`'s look at the meeting.
            _ => r#"{"id":1,"status":"started"}"#,
        };
        Ok(Response {
            status: 200,
            headers: vec![],
            body: body.into(),
            ..Response::default()
        })
    }
}

/// The end of a run.
#[derive(Debug, PartialEq, Eq)]
struct End {
    code: String,
    change: Option<String>,
    exit: u8,
    tries: usize,
}

/// The action whose first request of that method is the one that counts.
fn request(method: Method) -> Value {
    let (action, parameters) = match method {
        Method::Get => ("get_user", json!({"user_id": "a"})),
        Method::Post => ("get_user", json!({"user_id": "a"})),
        Method::Patch => (
            "update_user",
            json!({"user_id": "a", "dept": "D", "verify": false}),
        ),
        Method::Delete => ("delete_meeting", json!({"meeting_id": 1})),
        Method::Put => (
            "delete_meeting",
            json!({"meeting_id": 1, "end_if_live": true}),
        ),
    };
    let resource =
        json!({"client_id": "i", "client_secret": "s", "account_id": "a", "timeout": 60});
    json!({"action": action, "parameters": parameters, "resource": resource})
}

fn run(method: Method, address: &str) -> End {
    let breaking = Arc::new(Breaking {
        wire: wire(),
        method,
        address: address.to_owned(),
        tries: AtomicUsize::new(0),
    });
    let clock = Arc::new(FakeClock::from(
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_532_400),
    ));
    let shared = Mutex::new(Arc::clone(&breaking));
    let connect = move |_: &_| -> Box<dyn Http> { Box::new(Arc::clone(&*shared.lock().unwrap())) };
    let engine = Engine {
        clock: clock.clone(),
        tokens: Box::new(NoStore),
        connect: Box::new(connect),
        instead: None,
    };
    let session = EnvelopeSession::start(Vec::new(), clock, false);
    let exit = answer(
        &engine,
        &session,
        parse(request(method).to_string().as_bytes()),
        None,
    );
    let envelope: Value = serde_json::from_slice(&session.into_output()).unwrap();
    let error = &envelope["error"];
    End {
        code: error["code"].as_str().unwrap_or("success").to_owned(),
        change: error["change"].as_str().map(str::to_owned),
        exit,
        tries: breaking.tries.load(Ordering::SeqCst),
    }
}

const METHODS: [Method; 5] = [
    Method::Get,
    Method::Post,
    Method::Patch,
    Method::Put,
    Method::Delete,
];

/// Nothing can have been sent: every method is tried again, and a change is known not to have happened.
fn is_before_send(address: &str) {
    for method in METHODS {
        let change = (!matches!(method, Method::Get | Method::Post)).then(|| "none".to_owned());
        let wanted = End {
            code: "unreachable".into(),
            change,
            exit: 75,
            tries: 5,
        };
        assert_eq!(run(method, address), wanted, "{method} {address}");
    }
}

/// It may have happened: reads and the token are tried again, a change is not, and nobody knows what became of it.
fn it_may_have_happened(address: &str) {
    for method in METHODS {
        let repeated = matches!(method, Method::Get | Method::Post);
        let end = run(method, address);
        let change = (!repeated).then(|| "unknown".to_owned());
        let wanted = End {
            code: "unreachable".into(),
            change,
            exit: if repeated { 75 } else { 1 },
            tries: if repeated { 5 } else { 1 },
        };
        assert_eq!(end, wanted, "{method} {address}");
    }
}

#[test]
fn unresolved_name_sent_nothing() {
    is_before_send(UNRESOLVED);
}

#[test]
fn refused_connection_sent_nothing() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    is_before_send(&format!("https://127.0.0.1:{port}/v2"));
}

#[test]
fn broken_handshake_sent_nothing() {
    // Reads the first of the handshake and hangs up.
    let server = Server::start(|mut peer| {
        let _ = peer.stream.read(&mut [0; 64]);
    });
    is_before_send(&format!("https://127.0.0.1:{}/v2", server.port));
}

#[test]
fn connection_that_breaks_while_sending_may_have_done_it() {
    // Hangs up with bytes unread, which the other side meets as a reset.
    let server = Server::start(|mut peer| {
        let _ = peer.stream.read(&mut [0; 8]);
    });
    it_may_have_happened(&server.url("/v2"));
}

#[test]
fn connection_that_breaks_before_the_answer_may_have_done_it() {
    let server = Server::start(|mut peer| {
        peer.request();
    });
    it_may_have_happened(&server.url("/v2"));
}

#[test]
fn answer_that_breaks_off_may_have_done_it() {
    // In the head, and in the body.
    for answer in [
        "HTTP/1.1 200 O",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\":",
    ] {
        let server = Server::saying(answer);
        it_may_have_happened(&server.url("/v2"));
    }
}

/// The effect of an answer on a change: repeated or not, and what is known of it.
#[test]
fn answers_say_what_became_of_the_change() {
    // The server hangs up after each answer and says so: else the next try may meet a connection that is just closing.
    let answer = |status: u16, headers: &str, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 {status} X\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    let second = answer(
        429,
        "",
        r#"{"code":429,"message":"You have reached the maximum per-second rate limit for this API. Try again later."}"#,
    );
    let daily = answer(429, "X-RateLimit-Type: Daily-limit\r\n", "{}");
    let unavailable = answer(503, "", "<html>");
    let refused = answer(400, "", r#"{"code":300,"message":"Validation Failed."}"#);
    let token = answer(
        401,
        "",
        r#"{"code":124,"message":"Access token is expired."}"#,
    );
    let inside = answer(200, "", r#"{"code":300,"message":"Validation Failed."}"#);
    // The answer, what it comes to, how often a read is tried, how often a change, and what became of the change.
    let rows = [
        (&second, "rate_limited", 75, None, None, "none"),
        (&daily, "rate_limited", 75, Some(1), Some(1), "none"),
        (
            &unavailable,
            "zoom_unavailable",
            75,
            Some(5),
            Some(1),
            "unknown",
        ),
        (&refused, "rejected", 1, Some(1), Some(1), "none"),
        (&token, "unauthorized", 1, Some(2), Some(2), "none"),
        (&inside, "rejected", 1, Some(1), Some(1), "none"),
    ];
    for (text, code, exit, read, changed, change) in rows {
        for method in [Method::Get, Method::Patch, Method::Put, Method::Delete] {
            let server = Server::saying(text.as_bytes());
            let end = run(method, &server.url("/v2"));
            // A change that may have been made must not be run again.
            let exit = if end.change.as_deref() == Some("unknown") {
                1
            } else {
                exit
            };
            assert_eq!(
                (end.code.as_str(), end.exit),
                (code, exit),
                "{method} {text}"
            );
            let is_read = method == Method::Get;
            match if is_read { read } else { changed } {
                Some(tries) => assert_eq!(end.tries, tries, "{method} {text}"),
                // A limit per second is waited out as long as the time lasts: 60 s.
                None => assert!(end.tries > 12, "{method} {text}: {end:?}"),
            }
            assert_eq!(
                end.change.as_deref(),
                (!is_read).then_some(change),
                "{method} {text}"
            );
        }
    }
    assert_eq!(
        run(Method::Delete, &Server::answering(|_| ok("{}")).url("/v2")).code,
        "success"
    );
}
