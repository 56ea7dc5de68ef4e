//! Plays recorded exchanges in their order, without a socket, and says where a run asks for something else. Knows nothing of what is asked.

use super::{Answered, Exchange, Exchanges};
use crate::clock::Jumping;
use crate::http::{Body, Broken, Cause, Credentials, Http, Request, Response, Stage};
use crate::protocol::exact;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Recorded exchanges that are being played.
///
/// The first request that differs ends the play: it and all that follow get no answer and are not tried again.
#[derive(Debug)]
pub struct Recording {
    exchanges: Vec<Exchange>,
    clock: Arc<Jumping>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: usize,
    difference: Option<String>,
    token: Option<String>,
}

impl Recording {
    /// Plays `exchanges` from their first; `clock` is put to the times they came at.
    #[must_use]
    pub fn new(exchanges: Exchanges, clock: Arc<Jumping>) -> Self {
        Self {
            exchanges: exchanges.exchanges,
            clock,
            state: Mutex::default(),
        }
    }

    /// The first request that was not the recorded one.
    #[must_use]
    pub fn difference(&self) -> Option<String> {
        self.state().difference.clone()
    }

    /// The exchanges that never came: a sentence, where there are some.
    #[must_use]
    pub fn left(&self) -> Option<String> {
        let next = self.state().next;
        let exchange = self.exchanges.get(next)?;
        let (number, of) = (next + 1, self.exchanges.len());
        Some(format!(
            "exchange {number} of {of} never came: the recording holds\n  {}",
            recorded(exchange)
        ))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Http for Recording {
    fn send(&self, request: &Request) -> Result<Response, Broken> {
        let mut state = self.state();
        let off = Err(Broken {
            stage: Stage::Resolving,
            cause: Cause::Unusable,
            chain: vec!["the recording holds no such exchange".to_owned()],
        });
        if state.difference.is_some() {
            return off;
        }
        let number = state.next + 1;
        let Some(exchange) = self.exchanges.get(state.next) else {
            let held = self.exchanges.len();
            state.difference = Some(format!(
                "request {number} comes after the last of {held} exchanges: asked\n  {}",
                asked(request)
            ));
            return off;
        };
        if let Some(what) = differs(exchange, request, state.token.as_deref()) {
            state.difference = Some(format!(
                "request {number} differs from the recording: {what}"
            ));
            return off;
        }
        state.next += 1;
        if let Some(millis) = exchange.after_ms {
            self.clock.put(Duration::from_millis(millis));
        }
        match (&exchange.response, &exchange.broken) {
            (Some(answered), _) => {
                let response = response(answered);
                if exchange.request.form.is_some() {
                    let token = serde_json::from_slice::<serde_json::Value>(&response.body).ok();
                    state.token = token
                        .and_then(|answer| answer.get("access_token")?.as_str().map(str::to_owned))
                        .or(state.token.take());
                }
                Ok(response)
            }
            (None, Some(broke)) => Err(broke.clone().into()),
            (None, None) => off,
        }
    }
}

/// What differs between a recorded exchange and a request; `None` when it is the same. `token` is the one that the
/// recording gave last.
fn differs(exchange: &Exchange, request: &Request, token: Option<&str>) -> Option<String> {
    let recorded_one = &exchange.request;
    let mut what = Vec::new();
    match (&recorded_one.body, &request.body) {
        (Some(expected), Some(Body::Json(got))) => match serde_json::from_str::<&RawValue>(got) {
            Ok(got) => what.extend(
                exact::differences(expected, got)
                    .iter()
                    .map(|one| format!("body.{one}")),
            ),
            Err(error) => what.push(format!("the body is no JSON: {error}")),
        },
        (None, None) if recorded_one.form.is_none() => {}
        (None, Some(Body::Form(pairs)))
            if recorded_one.form.as_ref() == Some(&pairs.iter().cloned().collect()) => {}
        _ => what.push("the body is another".to_owned()),
    }
    let same =
        recorded_one.method == request.method && recorded_one.url == request.url && what.is_empty();
    if !same {
        let mut text = format!(
            "asked\n  {}\nrecorded\n  {}",
            asked(request),
            recorded(exchange)
        );
        for one in what {
            let _ = write!(text, "\n{one}");
        }
        return Some(text);
    }
    // Credentials are not recorded, but that they are the right ones can be told.
    let right = match &request.credentials {
        Some(Credentials::Basic { .. }) => recorded_one.form.is_some(),
        Some(Credentials::Bearer(given)) => {
            recorded_one.form.is_none() && token == Some(given.reveal().as_str())
        }
        None => false,
    };
    (!right).then(|| {
        format!(
            "it does not carry the token that came last\n  {}",
            asked(request)
        )
    })
}

/// A request in one line: method, address, body.
fn asked(request: &Request) -> String {
    let body = match &request.body {
        None => String::new(),
        Some(Body::Json(json)) => format!(" {json}"),
        Some(Body::Form(pairs)) => format!(" {}", form(&pairs.iter().cloned().collect())),
    };
    format!("{} {}{body}", request.method, request.url)
}

fn recorded(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let body = match (&request.body, &request.form) {
        (Some(json), _) => format!(" {}", json.get()),
        (None, Some(pairs)) => format!(" {}", form(pairs)),
        (None, None) => String::new(),
    };
    format!("{} {}{body}", request.method, request.url)
}

fn form(pairs: &BTreeMap<String, String>) -> String {
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn response(answered: &Answered) -> Response {
    let body = match (&answered.body, &answered.text, &answered.base64) {
        (Some(json), _, _) => json.get().as_bytes().to_vec(),
        (None, Some(text), _) => text.as_bytes().to_vec(),
        (None, None, Some(bytes)) => STANDARD.decode(bytes).unwrap_or_default(),
        (None, None, None) => Vec::new(),
    };
    let headers = answered
        .headers
        .iter()
        .map(|(name, value)| (name.to_lowercase(), value.clone()))
        .collect();
    Response {
        status: answered.status,
        headers,
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use crate::protocol::secret::Secret;
    use std::time::SystemTime;

    const TEXT: &str = r#"{"version":1,"started_at":"2026-11-24T15:00:00Z","exchanges":[
        {"request":{"method":"POST","url":"https://zoom.us/oauth/token","form":{"grant_type":"x"}},"after_ms":40,"response":{"status":200,"body":{"access_token":"t1"}}},
        {"request":{"method":"PATCH","url":"https://api.zoom.us/v2/a","body":{"a":1,"b":[2]}},"broken":{"stage":"waiting","cause":"timed_out","chain":["late"]}},
        {"request":{"method":"GET","url":"https://api.zoom.us/v2/a"},"response":{"status":404,"headers":{"retry-after":"3"},"text":"<html>"}}]}"#;

    fn recording() -> (Recording, Arc<Jumping>) {
        let clock = Arc::new(Jumping::from(SystemTime::UNIX_EPOCH));
        (
            Recording::new(Exchanges::read(TEXT).unwrap(), Arc::clone(&clock)),
            clock,
        )
    }

    fn token() -> Request {
        let credentials = Credentials::Basic {
            user: "i".to_owned(),
            password: Secret::new("s".to_owned()),
        };
        let form = Body::Form(vec![("grant_type".to_owned(), "x".to_owned())]);
        let url = "https://zoom.us/oauth/token".to_owned();
        Request {
            method: Method::Post,
            url,
            credentials: Some(credentials),
            body: Some(form),
            timeout: Duration::ZERO,
        }
    }

    fn call(method: Method, body: Option<&str>, token: &str) -> Request {
        Request {
            method,
            url: "https://api.zoom.us/v2/a".to_owned(),
            credentials: Some(Credentials::Bearer(Secret::new(token.to_owned()))),
            body: body.map(|body| Body::Json(body.to_owned())),
            timeout: Duration::ZERO,
        }
    }

    #[test]
    fn exchanges_are_played_in_order_whatever_the_order_of_keys() {
        use crate::clock::Clock;
        let (recording, clock) = recording();
        assert_eq!(
            recording.send(&token()).unwrap().body,
            br#"{"access_token":"t1"}"#
        );
        assert_eq!(clock.now(), Duration::from_millis(40));
        assert!(
            recording
                .left()
                .unwrap()
                .contains("exchange 2 of 3 never came")
        );
        let broken = recording
            .send(&call(Method::Patch, Some(r#"{"b":[2],"a":1}"#), "t1"))
            .unwrap_err();
        assert_eq!(
            (broken.stage, broken.cause, broken.chain.len()),
            (Stage::Waiting, Cause::TimedOut, 1)
        );
        let page = recording.send(&call(Method::Get, None, "t1")).unwrap();
        assert_eq!(
            (
                page.status,
                page.header("retry-after"),
                page.body.as_slice()
            ),
            (404, Some("3"), &b"<html>"[..])
        );
        assert_eq!((recording.difference(), recording.left()), (None, None));
        assert!(recording.send(&call(Method::Get, None, "t1")).is_err());
        assert!(
            recording
                .difference()
                .unwrap()
                .contains("after the last of 3")
        );
    }

    #[test]
    fn another_request_is_a_difference_that_shows_both() {
        let rows = [
            (
                call(Method::Patch, Some(r#"{"a":1,"b":[3]}"#), "t1"),
                "body.b.[0]: expected 2, got 3",
            ),
            (call(Method::Patch, None, "t1"), "the body is another"),
            (
                call(Method::Get, None, "t1"),
                "asked\n  GET https://api.zoom.us/v2/a\nrecorded\n  PATCH https://api.zoom.us/v2/a {",
            ),
            (
                call(Method::Patch, Some(r#"{"a":1,"b":[2]}"#), "t0"),
                "the token that came last",
            ),
            (
                token(),
                "asked\n  POST https://zoom.us/oauth/token grant_type=x",
            ),
        ];
        for (request, wanted) in rows {
            let (recording, _) = recording();
            recording.send(&token()).unwrap();
            let broken = recording.send(&request).unwrap_err();
            assert_eq!(broken.cause, Cause::Unusable, "not to be tried again");
            let difference = recording.difference().unwrap();
            assert!(
                difference.contains(wanted) && difference.starts_with("request 2"),
                "{difference}"
            );
            assert!(!difference.contains("t0") && recording.send(&token()).is_err());
            assert_eq!(
                recording.difference().unwrap(),
                difference,
                "the first one is told"
            );
        }
    }

    #[test]
    fn a_file_of_another_form_is_refused() {
        for (from, to) in [
            ("\"version\":1", "\"version\":2"),
            ("2026-11-24T15:00:00Z", "today"),
            (
                "\"text\":\"<html>\"}",
                "\"text\":\"x\"},\"broken\":{\"stage\":\"waiting\",\"cause\":\"failed\"}",
            ),
            ("\"after_ms\":40", "\"after\":40"),
        ] {
            assert!(Exchanges::read(&TEXT.replace(from, to)).is_err(), "{to}");
        }
    }
}
