//! Repeats requests where that can do no harm, inside the run's timeout. Begin with [`Retry`]; its table says what is
//! repeated.

use super::rate_limit::{Limit, limit, wait_asked};
use super::{Cause, Http, Request, Response, TransportError};
use crate::clock::Budget;
use crate::protocol::meta::RunState;
use std::sync::Arc;
use std::time::Duration;

/// The most tries of a request where the server names no time to come back at.
pub const MAX_ATTEMPTS: u32 = 5;

/// The first wait between tries; each later one is twice as long.
const BASE_DELAY: Duration = Duration::from_millis(250);

/// The longest that one try of a request that may be repeated takes, so that a second one has a chance.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends over `inner`, again where that can do no harm.
///
/// | failure | GET, token | change |
/// |---|---|---|
/// | DNS, connect, TLS | again | again: nothing was sent |
/// | no answer, or a broken one | again | not again: it may have happened |
/// | 408 | again | again on a kept connection: Zoom had closed it before the change came |
/// | 425 | again | not again |
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

/// The tries of one request so far.
#[derive(Default)]
struct Tries {
    failures: u32,
    limits: u32,
}

impl<H: Http> Http for Retry<H> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut tries = Tries::default();

        loop {
            let left = self.budget.left().min(request.timeout);
            if let Some(refusal) = self.inner.refusal(request, left) {
                log::debug!("{} was not sent: a rate limit still holds", request.method);
                return Ok(refusal);
            }

            // A second try needs time as well. A change has none: it may take all that is left.
            let timeout = if request.is_change() {
                left
            } else {
                left.min(ATTEMPT_TIMEOUT)
            };
            let result = self.once(&Request {
                timeout,
                ..request.clone()
            });
            let Some(delay) = self.delay(request, &result, &mut tries) else {
                return result;
            };

            // Whatever comes while it waits: so far the change was refused, or never sent.
            if request.is_change() {
                self.state.ledger().will_retry();
            }
            // Spread out, so that processes that were refused together don't come back together.
            let spread = jittered(delay);
            let delay = if spread < self.budget.left() {
                spread
            } else {
                delay
            };
            if !self.budget.wait(delay)
                || self.state.is_cancelled()
                || (request.is_change() && !self.state.ledger().begin())
            {
                return result;
            }
            self.state.retried();
        }
    }

    fn prepare(&self, url: &str) {
        self.inner.prepare(url);
    }
}

impl<H> Retry<H> {
    /// Returns the wait before another try; `None` when there must be none.
    fn delay(
        &self,
        request: &Request,
        result: &Result<Response, TransportError>,
        tries: &mut Tries,
    ) -> Option<Duration> {
        let now = self.budget.clock().system_time();

        match result {
            Err(TransportError {
                cause: Cause::Failed | Cause::TimedOut,
                stage,
                ..
            }) if !request.is_change() || stage.is_before_send() => tries.backoff(),
            Ok(response) if response.status == 429 => match limit(response, now) {
                Limit::PerSecond { wait } => Some(tries.limited(wait)),
                Limit::Daily { .. } => None,
            },
            Ok(response) if response.status == 408 && request.is_change() => {
                if response.kept_connection {
                    tries.backoff()
                } else {
                    None
                }
            }
            Ok(response)
                if !request.is_change()
                    && matches!(response.status, 408 | 425 | 500 | 502 | 503 | 504) =>
            {
                let backoff = tries.backoff()?;
                Some(wait_asked(response, now).map_or(backoff, |asked| backoff.max(asked)))
            }
            _ => None,
        }
    }
}

impl Tries {
    /// Returns a wait that doubles with each failure; none after the last try.
    fn backoff(&mut self) -> Option<Duration> {
        self.failures += 1;
        (self.failures < MAX_ATTEMPTS).then(|| BASE_DELAY * 2_u32.pow(self.failures - 1))
    }

    /// Returns the wait for a rate limit: the one that was asked for, else one that grows from one second to four. Limits
    /// pass, so that they don't use up the tries of failures.
    fn limited(&mut self, asked: Option<Duration>) -> Duration {
        let grown = Duration::from_secs(u64::from(1 + self.limits.min(3)));
        self.limits += 1;
        asked.unwrap_or(grown)
    }
}

/// Returns `wait` and up to a quarter more.
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
            ..Response::default()
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

    /// The number of tries after each kind of failure, for a read and for a change.
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
            (status(408), true, false),
            (status(425), true, false),
            (status(501), false, false),
            (status(400), false, false),
            (status(401), false, false),
            (status(302), false, false),
        ];
        for (first, read, change) in rows {
            for (method, again) in [
                (Method::Get, read),
                (Method::Post, change),
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
    fn retry_repeats_a_change_after_408_on_a_kept_connection_only() {
        let kept = Ok(Response {
            status: 408,
            kept_connection: true,
            ..Response::default()
        });
        assert_eq!(run(Method::Patch, 60, vec![kept, status(204)]).1, 2);
        assert_eq!(run(Method::Patch, 60, vec![status(408), status(204)]).1, 1);
    }

    #[test]
    fn retry_counts_rate_limits_apart_from_failures() {
        let script = [vec![limited(&[]); 5], vec![status(503), status(200)]].concat();
        assert_eq!(run(Method::Get, 60, script).0, 200);
    }

    #[test]
    fn retry_waits_a_wait_that_fits_and_no_less_than_a_second_for_none() {
        for _ in 0..40 {
            assert_eq!(
                run(
                    Method::Get,
                    8,
                    vec![limited(&[("retry-after", "7")]), status(200)]
                )
                .0,
                200
            );
        }
        let past = [
            ("date", "Thu, 01 Jan 1970 02:00:00 GMT"),
            ("retry-after", "Thu, 01 Jan 1970 01:00:00 GMT"),
        ];
        for headers in [&[("retry-after", "0")][..], &past] {
            let script = vec![limited(headers), limited(headers), status(200)];
            let (_, tries, waited) = run(Method::Get, 60, script);
            assert!(
                tries == 3 && (3.0..4.0).contains(&waited),
                "{headers:?}: {waited}"
            );
        }
        let dated = limited(&[
            ("date", "Thu, 01 Jan 1970 02:00:00 GMT"),
            ("retry-after", "Thu, 01 Jan 1970 02:00:02 GMT"),
        ]);
        let (_, _, waited) = run(Method::Get, 60, vec![dated, status(200)]);
        assert!((2.0..2.6).contains(&waited), "{waited}");
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
        assert!((5..9).contains(&tries) && waited < 20.0, "{tries} {waited}");
    }

    #[test]
    fn a_server_that_is_down_is_asked_again_when_it_says() {
        let down = |after: &str| {
            let headers = vec![("retry-after".to_owned(), after.to_owned())];
            Ok(Response {
                status: 503,
                headers,
                body: vec![],
                ..Response::default()
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
