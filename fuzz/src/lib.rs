//! What the fuzz targets share: a run on answers from memory, with all that must hold for every run checked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use zoom_runner::clock::FakeClock;
use zoom_runner::http::{TransportError, Http, Method, Request, Response};
use zoom_runner::protocol::request::parse;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::run::{Engine, answer};
use zoom_runner::zoom::token::NoStore;

/// What is never to be seen.
pub const CANARY: &str = "canary-secret-0123456789";

struct Says(Vec<Response>, AtomicUsize);

impl Http for Says {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let turn = self.1.fetch_add(1, Ordering::SeqCst);
        assert!(turn < 100_000, "a run that does not end");
        if request.method == Method::Post {
            let token = format!(r#"{{"access_token":"{CANARY}","expires_in":3599,"scope":"user:read:user:admin"}}"#);
            return Ok(Response { status: 200, headers: vec![], body: token.into_bytes() });
        }
        Ok(self.0.get(turn % self.0.len().max(1)).cloned().unwrap_or_default())
    }
}

/// Runs a request on answers (status and body, over and over).
pub fn run(bytes: &[u8], answers: &[(u16, &[u8])]) -> u8 {
    let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_532_400)));
    let answers: Vec<Response> = answers
        .iter()
        .map(|(status, body)| Response { status: *status, headers: vec![], body: body.to_vec() })
        .collect();
    let connect =
        move |_: &_| -> Box<dyn Http> { Box::new(Says(answers.clone(), AtomicUsize::new(0))) };
    let engine = Engine { clock: clock.clone(), tokens: Box::new(NoStore), connect: Box::new(connect), instead: None };
    let session = EnvelopeSession::start(Vec::new(), clock, false);
    let exit = answer(&engine, &session, parse(bytes), None);
    let output = String::from_utf8(session.into_output()).expect("UTF-8");
    assert!(output.ends_with('\n') && output.matches('\n').count() == 1, "{output}");
    let envelope: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(envelope["status"] == "success", exit == 0);
    assert_ne!(exit, 70, "{output}");
    assert!(!output.contains(CANARY), "{output}");
    exit
}
