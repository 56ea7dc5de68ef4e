//! One update over every interleaving of answers, lost connections, refused tokens, limits, signals and a full stdout: it is
//! never sent twice, never after its end was told, and what is told of it is what the last look showed. Begin with
//! [`Happening`].

use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use zoom_runner::clock::FakeClock;
use zoom_runner::http::{Body, Cause, Http, Method, Request, Response, Stage, TransportError};
use zoom_runner::protocol::failure::{Code, Failure};
use zoom_runner::protocol::request::parse;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::run::{Engine, answer};
use zoom_runner::zoom::token::NoStore;

/// What befalls one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happening {
    Answered,
    /// A read shows what was there before the change.
    Stale,
    NotConnected,
    LostBeforeZoom,
    LostAfterZoom,
    TimedOut,
    TokenRefused,
    Limited,
    ServerError,
    Refused,
    /// A web page in the place of an answer.
    Page,
    NoScope,
}

/// An output that fails once it is `full`, and keeps what it took.
#[derive(Clone)]
struct Output {
    text: Arc<Mutex<Vec<u8>>>,
    full: bool,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.text.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Zoom, and what became of it.
#[derive(Debug, Default)]
struct State {
    requests: usize,
    dept: String,
    /// True once the change was on its way, whatever became of it.
    begun: bool,
    /// The changes that reached Zoom, or may have.
    sent: usize,
    told: bool,
    sent_after_told: bool,
    /// What the last look showed after a change was sent.
    last_look: Option<bool>,
    /// True once Zoom confirmed the change.
    confirmed: bool,
}

struct Zoom {
    script: Vec<Happening>,
    /// The request at which the run is cancelled.
    signal: Option<usize>,
    session: Arc<EnvelopeSession<Output>>,
    state: Arc<Mutex<State>>,
}

impl Zoom {
    fn cancel(&self) {
        let failure = Failure::new(Code::Cancelled, "The run was cancelled.");
        self.session
            .finish_within(&failure, Duration::from_millis(10));
        self.state.lock().unwrap().told = true;
    }

    fn happen(&self, request: &Request, happening: Happening) -> Result<Response, TransportError> {
        let mut state = self.state.lock().unwrap();
        let is_token = matches!(request.body, Some(Body::Form(_)));
        let is_change = request.method == Method::Patch;
        let broken = |stage, cause| {
            Err(TransportError {
                stage,
                cause,
                chain: vec!["it broke".to_owned()],
            })
        };
        let json = |status: u16, body: &Value| {
            Ok(Response {
                status,
                body: body.to_string().into_bytes(),
                ..Response::default()
            })
        };

        if is_change {
            state.begun = true;
            state.sent_after_told |= state.told;
        }
        if happening == Happening::NotConnected {
            return broken(Stage::Connecting, Cause::Failed);
        }
        if is_change {
            let is_refusal = matches!(
                happening,
                Happening::TokenRefused
                    | Happening::Limited
                    | Happening::Refused
                    | Happening::NoScope
            );
            if !is_refusal {
                state.sent += 1;
                state.last_look = None;
            }
            if !is_refusal && happening != Happening::LostBeforeZoom {
                state.dept = "new".to_owned();
            }
        }
        match happening {
            Happening::LostBeforeZoom | Happening::LostAfterZoom => {
                broken(Stage::Waiting, Cause::Failed)
            }
            Happening::TimedOut => broken(Stage::Waiting, Cause::TimedOut),
            Happening::TokenRefused => json(
                401,
                &json!({"code": 124, "message": "Invalid access token."}),
            ),
            Happening::Limited => json(429, &json!({"code": 429, "message": "Too many."})),
            Happening::ServerError => json(500, &json!({})),
            Happening::Refused => json(400, &json!({"code": 300, "message": "No."})),
            Happening::NoScope => json(
                400,
                &json!({"code": 4711, "message": "does not contain scopes:[user:x:admin]"}),
            ),
            Happening::Page => Ok(Response {
                status: 200,
                body: b"<html>Welcome</html>".to_vec(),
                ..Response::default()
            }),
            _ if is_token => json(
                200,
                &json!({"access_token": "token-0123456789", "expires_in": 3600}),
            ),
            _ if is_change => {
                state.confirmed = true;
                Ok(Response {
                    status: 204,
                    ..Response::default()
                })
            }
            _ => {
                let dept = match happening {
                    Happening::Stale => "old".to_owned(),
                    _ => state.dept.clone(),
                };
                if state.sent > 0 && !state.told {
                    state.last_look = Some(dept == "new");
                }
                json(
                    200,
                    &json!({"id": "u1", "email": "jane@example.com", "dept": dept}),
                )
            }
        }
    }
}

impl Http for Zoom {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let index = {
            let mut state = self.state.lock().unwrap();
            state.requests += 1;
            state.requests - 1
        };
        let happening = self
            .script
            .get(index)
            .copied()
            .unwrap_or(Happening::Answered);

        let is_cancelled = self.signal == Some(index);
        // A signal that comes while the change is on its way finds it sent.
        let is_change = request.method == Method::Patch;
        if is_cancelled && !is_change {
            self.cancel();
        }
        let result = self.happen(request, happening);
        if is_cancelled && is_change {
            self.cancel();
        }
        result
    }
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => Just(Happening::Answered),
        1 => Just(Happening::Stale),
        1 => Just(Happening::NotConnected),
        1 => Just(Happening::LostBeforeZoom),
        1 => Just(Happening::LostAfterZoom),
        1 => Just(Happening::TimedOut),
        2 => Just(Happening::TokenRefused),
        1 => Just(Happening::Limited),
        1 => Just(Happening::ServerError),
        1 => Just(Happening::Refused),
        1 => Just(Happening::Page),
        1 => Just(Happening::NoScope),
    ]
}

/// Runs one update of `dept` from "old" to "new"; returns the exit code, the envelope where one was written, and Zoom.
fn run(script: Vec<Happening>, signal: Option<usize>, full: bool) -> (u8, Option<Value>, State) {
    let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
    let text = Arc::new(Mutex::new(Vec::new()));
    let output = Output {
        text: Arc::clone(&text),
        full,
    };
    let session = Arc::new(EnvelopeSession::start(output, clock.clone(), false));
    let state = Arc::new(Mutex::new(State {
        dept: "old".to_owned(),
        ..State::default()
    }));

    let shared = (Arc::clone(&session), Arc::clone(&state));
    let engine = Engine {
        clock,
        tokens: Box::new(NoStore),
        connect: Box::new(move |_| {
            Box::new(Zoom {
                script: script.clone(),
                signal,
                session: Arc::clone(&shared.0),
                state: Arc::clone(&shared.1),
            })
        }),
        instead: None,
    };
    let request = json!({
        "action": "update_user",
        "parameters": {"user_id": "jane@example.com", "dept": "new"},
        "resource": {"client_id": "id", "client_secret": "secret-0123456789", "account_id": "account", "timeout": 60},
    });
    let exit = answer(
        &engine,
        &session,
        parse(request.to_string().as_bytes()),
        None,
    );

    let envelope = serde_json::from_slice(&text.lock().unwrap()).ok();
    let state = std::mem::take(&mut *state.lock().unwrap());
    (exit, envelope, state)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn change_is_sent_once_and_told_as_it_is(script in proptest::collection::vec(happening(), 0..12), signal in prop::option::of(0..9_usize), full in prop::bool::weighted(0.1)) {
        let (exit, envelope, zoom) = run(script, signal, full);
        prop_assert!(zoom.sent <= 1, "sent {} times", zoom.sent);
        prop_assert!(!zoom.sent_after_told, "sent after its end was told");

        let Some(envelope) = envelope else {
            prop_assert!(full);
            prop_assert!(exit != 0);
            return Ok(());
        };
        let error = &envelope["error"];
        let told = error["change"].as_str().unwrap_or_default();
        let retryable = error["retryable"] == json!(true);
        prop_assert_eq!(exit == 75, retryable, "{}", envelope);
        prop_assert!(!retryable || told == "none", "{}", envelope);

        match told {
            "none" => prop_assert!(zoom.sent == 0 || zoom.last_look == Some(false), "{}", envelope),
            "applied" => prop_assert!(zoom.last_look == Some(true) || (zoom.last_look.is_none() && zoom.confirmed), "{}", envelope),
            "unknown" => prop_assert!(zoom.begun, "{}", envelope),
            "partial" => prop_assert!(false, "one field is no part: {}", envelope),
            _ => prop_assert!(envelope["status"] == "success" && zoom.confirmed && zoom.last_look != Some(false), "{}", envelope),
        }
    }
}

/// A signal while the token is renewed finds a change that Zoom refused: nothing happened.
#[test]
fn signal_during_the_renewal_of_a_token_finds_no_change() {
    use Happening::{Answered, TokenRefused};
    // Token, look, refused change, and then the token again.
    let script = vec![Answered, Answered, TokenRefused, Answered];
    let (exit, envelope, zoom) = run(script, Some(3), false);

    assert_eq!(envelope.unwrap()["error"]["change"], "none");
    assert_eq!((exit, zoom.sent), (75, 0));
}
