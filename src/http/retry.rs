//! What is tried again, when, and how long is waited for it, inside the run's time budget. Knows HTTP and Zoom's two kinds of rate limit, no endpoint.
//!
//! Child: `wait` (how long a 429 asks to wait).

pub use super::rate_limit::{Limit, is_daily, limit, retry_after};

use super::{Cause, Http, Request, Response, TransportError};
use crate::clock::Budget;
use crate::protocol::meta::RunState;
use std::sync::Arc;
use std::time::Duration;

/// How often a request that may be repeated is tried where nobody says when to come back.
pub const MAX_ATTEMPTS: u32 = 5;

/// The first wait between tries; each later one is twice as long.
const BASE_DELAY: Duration = Duration::from_millis(250);

/// The longest that one try of a request that may be repeated takes, so that a second one has a chance.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends over `inner`, again where that can do no harm.
///
/// | broken or refused by | GET, token | PATCH, PUT, DELETE |
/// |---|---|---|
/// | resolving, connecting, TLS | again | again: nothing was sent |
/// | waiting, reading, time of a try | again | not again: it may have happened |
/// | 429 per second | again | again: Zoom refused it |
/// | 429 per day | not again | not again |
/// | 500, 502, 503, 504 | again, not before `Retry-After` | not again: it may have happened |
/// | anything else | not again | not again |
pub struct Retry<H> {
    inner: H,
    budget: Budget,
    state: Arc<RunState>,
}

impl<H: Http> Retry<H> {
    /// Wraps `inner`; every request counts in `state`, and none outlives `budget`.
    pub const fn new(inner: H, budget: Budget, state: Arc<RunState>) -> Self {
        Self {
            inner,
            budget,
            state,
        }
    }

    fn once(&self, request: &Request) -> Result<Response, TransportError> {
        let started = self.budget.clock().now();
        let result = self.inner.send(request);
        if !matches!(&result, Err(broken) if broken.stage.is_before_send()) {
            self.state.sent();
        }
        log_try(
            request,
            &result,
            self.budget.clock().now().saturating_sub(started),
        );
        result
    }
}

impl<H: Http> Http for Retry<H> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let left = self.budget.left().min(request.timeout);
            if let Some(refusal) = self.inner.refusal(request, left) {
                log::debug!(
                    "{} was not sent: a limit that another call met still holds",
                    request.method
                );
                return Ok(refusal);
            }
            let timeout = if request.method.is_repeatable() {
                left.min(ATTEMPT_TIMEOUT)
            } else {
                left
            };
            let result = self.once(&Request {
                timeout,
                ..request.clone()
            });
            let Some(wait) = self.again(request, &result, tries) else {
                return result;
            };
            // Whatever comes while it waits: so far the change was refused, or never sent.
            self.state.change_will_be_retried();
            if !self.budget.wait(wait) {
                return result;
            }
            self.state.retried();
            if request.method.is_change() {
                self.state.change_sent();
            }
        }
    }

    fn prepare(&self, url: &str) {
        self.inner.prepare(url);
    }
}

impl<H> Retry<H> {
    /// How long to wait before another try; `None` when there must be none.
    fn again(
        &self,
        request: &Request,
        result: &Result<Response, TransportError>,
        tries: u32,
    ) -> Option<Duration> {
        let repeatable = request.method.is_repeatable();
        let backoff = || {
            (tries < MAX_ATTEMPTS).then(|| jittered(BASE_DELAY * 2_u32.saturating_pow(tries - 1)))
        };
        match result {
            Err(TransportError {
                cause: Cause::Failed | Cause::TimedOut,
                stage,
                ..
            }) if repeatable || stage.is_before_send() => backoff(),
            Ok(response) if response.status == 429 => {
                match limit(response, self.budget.clock().system_time()) {
                    Limit::PerSecond { wait: Some(wait) } => Some(jittered(wait)),
                    Limit::PerSecond { wait: None } => Some(jittered(Duration::from_secs(1))),
                    Limit::Daily { .. } => None,
                }
            }
            Ok(response) if repeatable && matches!(response.status, 500 | 502 | 503 | 504) => {
                let now = self.budget.clock().system_time();
                let asked = response
                    .header("retry-after")
                    .and_then(|text| retry_after(text, now));
                backoff().map(|wait| asked.map_or(wait, |asked| wait.max(jittered(asked))))
            }
            _ => None,
        }
    }
}

/// `wait` and up to a quarter more, so that processes that were refused together do not come back together.
fn jittered(wait: Duration) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(wait) % 256;
    wait + wait.mul_f64(random as f64 / 1024.0)
}

fn log_try(request: &Request, result: &Result<Response, TransportError>, took: Duration) {
    if !log::log_enabled!(log::Level::Info) {
        return;
    }
    let path = request
        .url
        .split_once("://")
        .map_or(request.url.as_str(), |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let took = took.as_millis();
    match result {
        Ok(response) => {
            let tracking = response.header("x-zm-trackingid").unwrap_or("-");
            log::info!(
                "{} {path} {} in {took} ms, tracking id {tracking}",
                request.method,
                response.status
            );
        }
        Err(broken) => log::info!(
            "{} {path} broke while {:?} ({:?}) after {took} ms: {}",
            request.method,
            broken.stage,
            broken.cause,
            broken.chain.join(": ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, FakeClock};
    use crate::http::{Method, Stage};
    use std::sync::Mutex;
    use std::time::SystemTime;

    /// Answers what it was given, in turn; fails the test when it is asked more often.
    struct Script(Mutex<Vec<Result<Response, TransportError>>>);

    impl Http for Script {
        fn send(&self, _: &Request) -> Result<Response, TransportError> {
            self.0.lock().unwrap().remove(0)
        }
    }

    fn status(status: u16) -> Result<Response, TransportError> {
        Ok(Response {
            status,
            ..Response::default()
        })
    }

    fn broken(stage: Stage, cause: Cause) -> Result<Response, TransportError> {
        Err(TransportError {
            stage,
            cause,
            chain: vec![],
        })
    }

    fn limited(headers: &[(&str, &str)]) -> Result<Response, TransportError> {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Ok(Response {
            status: 429,
            headers,
            body: vec![],
        })
    }

    /// Runs a script; returns the last status (0 when broken), the tries and the seconds waited.
    fn run(
        method: Method,
        seconds: u64,
        script: Vec<Result<Response, TransportError>>,
    ) -> (u16, usize, f64) {
        let length = script.len();
        let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let budget = Budget::new(clock.clone(), Duration::from_secs(seconds));
        let retry = Retry::new(Script(Mutex::new(script)), budget, Arc::default());
        let request = Request {
            method,
            url: "https://x/".into(),
            credentials: None,
            body: None,
            timeout: Duration::MAX,
        };
        let status = retry.send(&request).map_or(0, |response| response.status);
        let left = retry.inner.0.lock().unwrap().len();
        (status, length - left, clock.now().as_secs_f64())
    }

    /// How often each kind of failure is tried, by a read and by a change.
    #[test]
    fn each_row_of_the_table_holds() {
        use Stage::{Connecting, Reading, Resolving, Securing, Waiting};
        let rows: Vec<(Result<Response, TransportError>, bool, bool)> = vec![
            (broken(Resolving, Cause::Failed), true, true),
            (broken(Connecting, Cause::Failed), true, true),
            (broken(Connecting, Cause::TimedOut), true, true),
            (broken(Securing, Cause::Failed), true, true),
            (broken(Securing, Cause::Untrusted), false, false),
            (broken(Waiting, Cause::Failed), true, false),
            (broken(Waiting, Cause::TimedOut), true, false),
            (broken(Waiting, Cause::Garbled), false, false),
            (broken(Reading, Cause::Failed), true, false),
            (broken(Reading, Cause::TimedOut), true, false),
            (broken(Reading, Cause::TooLarge), false, false),
            (limited(&[]), true, true),
            (
                limited(&[("x-ratelimit-type", "Daily-limit")]),
                false,
                false,
            ),
            (status(500), true, false),
            (status(502), true, false),
            (status(503), true, false),
            (status(504), true, false),
            (status(501), false, false),
            (status(400), false, false),
            (status(401), false, false),
            (status(302), false, false),
        ];
        for (first, read, change) in rows {
            for (method, again) in [
                (Method::Get, read),
                (Method::Post, read),
                (Method::Patch, change),
                (Method::Put, change),
                (Method::Delete, change),
            ] {
                let (_, tries, _) = run(method, 60, vec![first.clone(), status(200)]);
                assert_eq!(tries, if again { 2 } else { 1 }, "{method} after {first:?}");
            }
        }
    }

    #[test]
    fn five_tries_are_enough_for_a_server_that_stays_down() {
        let (last, tries, waited) = run(Method::Get, 3600, vec![status(503); 9]);
        assert_eq!((last, tries), (503, 5));
        assert!((3.75..4.7).contains(&waited), "{waited}");
    }

    #[test]
    fn a_limit_per_second_is_waited_out_to_the_end_of_the_budget() {
        let (last, tries, waited) = run(Method::Patch, 20, vec![limited(&[]); 30]);
        assert_eq!(last, 429);
        assert!(tries > 12 && waited < 20.0, "{tries} {waited}");
    }

    #[test]
    fn a_server_that_is_down_is_asked_again_when_it_says() {
        let down = |after: &str| {
            let headers = vec![("retry-after".to_owned(), after.to_owned())];
            Ok(Response {
                status: 503,
                headers,
                body: vec![],
            })
        };
        let (last, tries, waited) = run(Method::Get, 60, vec![down("7"), status(200)]);
        assert_eq!((last, tries), (200, 2));
        assert!((7.0..9.0).contains(&waited), "{waited}");
        assert_eq!(
            run(Method::Get, 60, vec![down("100"), status(200)]),
            (503, 1, 0.0)
        );
    }

    #[test]
    fn retry_after_is_obeyed_and_a_wait_beyond_the_budget_is_not_begun() {
        let (last, tries, waited) = run(
            Method::Get,
            60,
            vec![limited(&[("retry-after", "7")]), status(200)],
        );
        assert_eq!((last, tries), (200, 2));
        assert!((7.0..9.0).contains(&waited), "{waited}");
        let (last, tries, waited) = run(
            Method::Get,
            60,
            vec![limited(&[("retry-after", "61")]), status(200)],
        );
        assert_eq!((last, tries, waited), (429, 1, 0.0));
    }
}
