//! Keeps the exchanges that go by, without their credentials. Knows nothing of what they say; replaces nothing.

use super::{Answered, Asked, Broke, Exchange, Exchanges, HEADERS, RATE_LIMIT_HEADERS, VERSION};
use crate::clock::Clock;
use crate::http::{Body, Broken, Http, Request, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The exchanges of a run so far.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<Exchange>>);

impl Kept {
    /// What was kept, of a run that started at `started`.
    #[must_use]
    pub fn exchanges(&self, started: SystemTime) -> Exchanges {
        let since = started
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or_default();
        let started_at = jiff::Timestamp::from_millisecond(millis)
            .map(|stamp| stamp.to_string())
            .unwrap_or_default();
        let exchanges = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Exchanges {
            version: VERSION,
            started_at,
            exchanges,
        }
    }
}

/// Sends over `inner` and keeps what came of it in `kept`.
pub struct Keeper<H> {
    inner: H,
    clock: Arc<dyn Clock>,
    started: Duration,
    kept: Arc<Kept>,
}

impl<H: Http> Keeper<H> {
    /// A keeper for a run that started when `clock` said `started`.
    pub const fn new(inner: H, clock: Arc<dyn Clock>, started: Duration, kept: Arc<Kept>) -> Self {
        Self {
            inner,
            clock,
            started,
            kept,
        }
    }
}

impl<H: Http> Http for Keeper<H> {
    fn send(&self, request: &Request) -> Result<Response, Broken> {
        let result = self.inner.send(request);
        let after = self.clock.now().saturating_sub(self.started).as_millis();
        let (response, broken) = match &result {
            Ok(response) => (Some(answered(response)), None),
            Err(broken) => (
                None,
                Some(Broke {
                    stage: broken.stage,
                    cause: broken.cause,
                    chain: broken.chain.clone(),
                }),
            ),
        };
        let after_ms = u64::try_from(after).ok();
        let exchange = Exchange {
            request: asked(request),
            after_ms,
            response,
            broken,
        };
        self.kept
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(exchange);
        result
    }

    fn prepare(&self, url: &str) {
        self.inner.prepare(url);
    }
}

fn asked(request: &Request) -> Asked {
    let (body, form) = match &request.body {
        None => (None, None),
        Some(Body::Json(json)) => (RawValue::from_string(json.clone()).ok(), None),
        Some(Body::Form(pairs)) => (None, Some(pairs.iter().cloned().collect())),
    };
    Asked {
        method: request.method,
        url: request.url.clone(),
        body,
        form,
    }
}

fn answered(response: &Response) -> Answered {
    let matters = |name: &str| HEADERS.contains(&name) || name.starts_with(RATE_LIMIT_HEADERS);
    // The first of a name is the one that is read, so that it is the one to keep.
    let headers = response
        .headers
        .iter()
        .rev()
        .filter(|(name, _)| matters(name))
        .cloned()
        .collect();
    let mut answered = Answered {
        status: response.status,
        headers,
        body: None,
        text: None,
        base64: None,
    };
    match std::str::from_utf8(&response.body) {
        Err(_) => answered.base64 = Some(STANDARD.encode(&response.body)),
        Ok("") => {}
        Ok(text) => match json(text) {
            Some(json) => answered.body = Some(json),
            None => answered.text = Some(text.to_owned()),
        },
    }
    answered
}

/// The text as JSON, where it can be kept so. Not what nests too deep for serde_json: whoever reads the file would have
/// to be as careful with it as the program is. And not `null`: in a file that is the same as nothing.
fn json(text: &str) -> Option<Box<RawValue>> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    if value.is_null() {
        None
    } else {
        RawValue::from_string(text.to_owned()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Jumping;
    use crate::http::{Cause, Credentials, Method, Stage};
    use crate::protocol::secret::Secret;

    struct Script(Mutex<Vec<Result<Response, Broken>>>, Arc<Jumping>);

    impl Http for Script {
        fn send(&self, _: &Request) -> Result<Response, Broken> {
            self.1.sleep(Duration::from_millis(30));
            self.0.lock().unwrap().remove(0)
        }
    }

    #[test]
    fn an_exchange_is_kept_without_credentials_and_with_the_headers_that_matter() {
        let headers = [
            ("content-type", "a"),
            ("set-cookie", "secret"),
            ("x-ratelimit-type", "QPS"),
            ("content-type", "b"),
        ];
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<Vec<_>>();
        let answer = |body: &[u8]| {
            Ok(Response {
                status: 200,
                headers: headers.clone(),
                body: body.to_vec(),
            })
        };
        let broken = Broken {
            stage: Stage::Waiting,
            cause: Cause::TimedOut,
            chain: vec!["late".to_owned()],
        };
        let script = vec![
            answer(br#"{"a": 1.50}"#),
            answer(b"<html>"),
            answer(b"\xff"),
            answer(b""),
            answer(b"null"),
            Err(broken),
        ];
        let (clock, kept) = (
            Arc::new(Jumping::from(SystemTime::UNIX_EPOCH)),
            Arc::<Kept>::default(),
        );
        let keeper = Keeper::new(
            Script(Mutex::new(script), Arc::clone(&clock)),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Duration::ZERO,
            Arc::clone(&kept),
        );
        let request = Request {
            method: Method::Patch,
            url: "https://x/y".to_owned(),
            credentials: Some(Credentials::Bearer(Secret::new("canary".to_owned()))),
            body: Some(Body::Json(r#"{"b":2}"#.to_owned())),
            timeout: Duration::ZERO,
        };
        for _ in 0..6 {
            let _ = keeper.send(&request);
        }
        let text = serde_json::to_string(
            &kept.exchanges(SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_532_400_250)),
        )
        .unwrap();
        assert!(
            !text.contains("canary") && !text.contains("cookie"),
            "{text}"
        );
        let asked = r#""request":{"method":"PATCH","url":"https://x/y","body":{"b":2}}"#;
        let answered =
            r#""response":{"status":200,"headers":{"content-type":"a","x-ratelimit-type":"QPS"}"#;
        let wanted = [
            format!(
                r#"{{"version":1,"started_at":"2026-11-24T15:00:00.25Z","exchanges":[{{{asked},"after_ms":30,{answered},"body":{{"a": 1.50}}}}}}"#
            ),
            format!(r#"{{{asked},"after_ms":60,{answered},"text":"<html>"}}}}"#),
            format!(r#"{{{asked},"after_ms":90,{answered},"base64":"/w=="}}}}"#),
            format!(r#"{{{asked},"after_ms":120,{answered}}}}}"#),
            format!(r#"{{{asked},"after_ms":150,{answered},"text":"null"}}}}"#),
            format!(
                r#"{{{asked},"after_ms":180,"broken":{{"stage":"waiting","cause":"timed_out","chain":["late"]}}}}]}}"#
            ),
        ];
        assert_eq!(text, wanted.join(","));
    }
}
