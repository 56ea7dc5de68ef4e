//! The pace of a batch: its workers share one budget per account and rate label, and keep within Zoom's limits.
//!
//! Nobody is held back before Zoom has said 429, unless the plan is given: an account may allow more than its plan's
//! figures, and a host that never refuses is not to be waited for. After the first 429 all calls of that label and
//! account go out evenly spaced, as fast as Zoom lets them, and no more lines are begun at once than calls go out in a second.
//!
//! Child: `rate` (one label's budget).

mod rate;

use crate::actions;
use crate::clock::Clock;
use crate::http::{Cause, Http, Request, Response, Stage, TransportError};
use crate::protocol::resource::Resource;
use crate::run::supervise::POLL_INTERVAL;
use crate::zoom::account_plan::Plan;
use crate::zoom::endpoint::{Endpoint, RateLabel};
use rate::Rate;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many accounts are remembered. Beyond that those that are not in use are forgotten, with what was learned of them.
const ACCOUNTS: usize = 1024;

/// The budgets of a batch.
pub struct Pace {
    clock: Arc<dyn Clock>,
    plan: Option<Plan>,
    accounts: Mutex<HashMap<Name, Arc<Account>>>,
}

/// What Zoom counts by: the API's address and the account.
type Name = (String, String);

/// One account: a budget per label, and how many lines are on it.
struct Account {
    rates: Mutex<[(RateLabel, Rate); 3]>,
    lines: Mutex<usize>,
}

/// A line's place on its account, until it is dropped.
pub struct Place(Arc<Account>);

impl Pace {
    /// Budgets that start at `plan`'s figures; without one, when Zoom first says 429.
    pub fn new(clock: Arc<dyn Clock>, plan: Option<Plan>) -> Self {
        Self {
            clock,
            plan,
            accounts: Mutex::default(),
        }
    }

    /// Waits until a further line that uses `routes` may be begun on `resource`'s account; `None` when `gone` says that it
    /// is not wanted any more. What waits here does not use up the line's time budget.
    pub fn place(
        &self,
        resource: &Resource,
        routes: &[Endpoint],
        gone: impl Fn() -> bool,
    ) -> Option<Place> {
        let account = self.account(resource);
        loop {
            let most = account.at_once(routes);
            let mut lines = lock(&account.lines);
            if *lines < most {
                *lines += 1;
                drop(lines);
                return Some(Place(account));
            }
            drop(lines);
            if gone() {
                return None;
            }
            self.clock.sleep(POLL_INTERVAL);
        }
    }

    /// `inner`, at the pace of `resource`'s account.
    pub fn over<H: Http>(&self, inner: H, resource: &Resource) -> Paced<H> {
        let api = resource.api_url.clone();
        Paced {
            inner,
            clock: Arc::clone(&self.clock),
            account: self.account(resource),
            api,
        }
    }

    fn account(&self, resource: &Resource) -> Arc<Account> {
        let name = (resource.api_url.clone(), resource.account_id.clone());
        let mut accounts = lock(&self.accounts);
        if accounts.len() >= ACCOUNTS && !accounts.contains_key(&name) {
            accounts.retain(|_, account| Arc::strong_count(account) > 1);
        }

        Arc::clone(
            accounts
                .entry(name)
                .or_insert_with(|| Arc::new(Account::new(self.plan))),
        )
    }
}

impl Account {
    fn new(plan: Option<Plan>) -> Self {
        let rates = [RateLabel::Light, RateLabel::Medium, RateLabel::Heavy]
            .map(|label| (label, Rate::new(label, plan)));
        Self {
            rates: Mutex::new(rates),
            lines: Mutex::new(0),
        }
    }

    /// How many lines may run at once for one that uses `routes` to be among them.
    fn at_once(&self, routes: &[Endpoint]) -> usize {
        let rates = lock(&self.rates);
        let used = rates
            .iter()
            .filter(|(label, _)| routes.iter().any(|route| route.label == *label));
        used.filter_map(|(_, rate)| rate.at_once())
            .min()
            .unwrap_or(usize::MAX)
    }

    fn with<T>(&self, label: RateLabel, act: impl FnOnce(&mut Rate) -> T) -> Option<T> {
        lock(&self.rates)
            .iter_mut()
            .find(|(of, _)| *of == label)
            .map(|(_, rate)| act(rate))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lines = lock(&self.0.lines);
        *lines = lines.saturating_sub(1);
    }
}

/// An [`Http`] whose requests wait for their turn.
pub struct Paced<H> {
    inner: H,
    clock: Arc<dyn Clock>,
    account: Arc<Account>,
    api: String,
}

impl<H> Paced<H> {
    /// The label of the endpoint that a request is for; `None` for the token's, which has no limit of this kind.
    fn label(&self, request: &Request) -> Option<RateLabel> {
        let path = request.url.strip_prefix(self.api.as_str())?;
        let mut routes = actions::all().flat_map(|entry| entry.routes);
        routes
            .find(|route| route.method == request.method && route.fits(path))
            .map(|route| route.label)
    }

    /// Waits until it is the request's turn; answers with what is left of its time.
    fn turn(&self, label: RateLabel, mut left: Duration) -> Result<Duration, TransportError> {
        loop {
            let wait = self
                .account
                .with(label, |rate| rate.turn(self.clock.now()))
                .unwrap_or_default();
            self.clock.sleep(wait.min(left));
            if wait >= left {
                let chain = vec![
                    "the calls before it that Zoom's rate limit holds up took all of its time"
                        .to_owned(),
                ];
                return Err(TransportError {
                    stage: Stage::Connecting,
                    cause: Cause::TimedOut,
                    chain,
                });
            }
            left -= wait;
            // Zoom may have said 429 to somebody else meanwhile.
            if wait.is_zero()
                || self
                    .account
                    .with(label, |rate| rate.is_open(self.clock.now()))
                    != Some(false)
            {
                return Ok(left);
            }
        }
    }
}

impl<H: Http> Http for Paced<H> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let Some(label) = self.label(request) else {
            return self.inner.send(request);
        };
        let timeout = self.turn(label, request.timeout)?;
        let result = self.inner.send(&Request {
            timeout,
            ..request.clone()
        });
        if let Ok(response) = &result
            && response.status == 429
        {
            let (now, wall) = (self.clock.now(), self.clock.system_time());
            self.account
                .with(label, |rate| rate.refused(response, now, wall));
        }

        result
    }

    fn refusal(&self, request: &Request, left: Duration) -> Option<Response> {
        let label = self.label(request)?;
        self.account
            .with(label, |rate| rate.refusal(self.clock.now(), left))?
    }

    fn prepare(&self, url: &str) {
        self.inner.prepare(url);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Budget, FakeClock};
    use crate::http::Method;
    use crate::http::retry::Retry;
    use crate::protocol::meta::RunState;
    use crate::zoom::endpoint;
    use serde_json::json;
    use std::time::SystemTime;

    /// Answers each call by how many came in its second.
    struct Limited {
        clock: Arc<dyn Clock>,
        answer: fn(u64) -> Response,
        calls: Mutex<HashMap<u64, u64>>,
    }

    impl Limited {
        fn of(clock: &Arc<dyn Clock>, answer: fn(u64) -> Response) -> Self {
            Self {
                clock: Arc::clone(clock),
                answer,
                calls: Mutex::default(),
            }
        }
    }

    impl Http for Limited {
        fn send(&self, _: &Request) -> Result<Response, TransportError> {
            let mut calls = lock(&self.calls);
            let count = calls.entry(self.clock.now().as_secs()).or_default();
            *count += 1;
            Ok((self.answer)(*count))
        }
    }

    fn refused(headers: &[(&str, &str)]) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Response {
            status: 429,
            headers,
            body: vec![],
            ..Response::default()
        }
    }

    fn fine() -> Response {
        Response {
            status: 200,
            ..Response::default()
        }
    }

    fn resource(account: &str) -> Resource {
        let map = json!({"client_id": "i", "client_secret": "s", "account_id": account});
        crate::protocol::resource::check(map.as_object().unwrap().clone()).unwrap()
    }

    fn get(path: &str) -> Request {
        let url = format!("https://api.zoom.us/v2{path}");
        Request {
            method: Method::Get,
            url,
            credentials: None,
            body: None,
            timeout: Duration::from_secs(120),
        }
    }

    /// Sends `count` reads, one after the other; answers with the statuses, the requests that were sent, the refusals and the time.
    fn run(
        answer: fn(u64) -> Response,
        count: usize,
        path: &str,
    ) -> (Vec<u16>, u64, u64, Duration) {
        let clock: Arc<dyn Clock> = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let pace = Pace::new(Arc::clone(&clock), None);
        let limited = Limited::of(&clock, answer);
        let state = Arc::new(RunState::default());
        let statuses = (0..count)
            .map(|_| {
                let budget = Budget::new(Arc::clone(&clock), Duration::from_secs(120));
                let retry = Retry::new(
                    pace.over(&limited, &resource("a")),
                    budget,
                    Arc::clone(&state),
                );
                retry.send(&get(path)).unwrap().status
            })
            .collect();
        let meta = state.meta();
        (statuses, meta.requests, meta.retries, clock.now())
    }

    #[test]
    fn who_never_refuses_is_never_waited_for() {
        let (statuses, requests, _, took) = run(|_| fine(), 5_000, "/users/jane");
        assert!(statuses.iter().all(|status| *status == 200));
        assert_eq!((requests, took), (5_000, Duration::ZERO));
    }

    #[test]
    fn a_limit_is_learned_and_kept_to() {
        let answer = |count| match count {
            0..=30 => fine(),
            _ => refused(&[("x-ratelimit-type", "QPS"), ("x-ratelimit-limit", "30")]),
        };
        let (statuses, _, retries, took) = run(answer, 600, "/users/jane");
        assert!(statuses.iter().all(|status| *status == 200));
        assert!(retries <= 2, "{retries}");
        assert!((20..30).contains(&took.as_secs()), "{took:?}");
        // The same where Zoom names no figure: it takes some more refusals to learn it.
        let (_, _, retries, took) = run(
            |count| if count <= 30 { fine() } else { refused(&[]) },
            600,
            "/users/jane",
        );
        assert!(retries <= 10, "{retries}");
        assert!((20..45).contains(&took.as_secs()), "{took:?}");
    }

    #[test]
    fn a_daily_limit_is_asked_about_once_and_its_refusals_count_as_no_requests() {
        let answer = |_| refused(&[("x-ratelimit-type", "Daily-limit"), ("retry-after", "7200")]);
        let (statuses, requests, retries, took) = run(answer, 100, "/users");
        assert_eq!(
            (statuses, requests, retries, took),
            (vec![429; 100], 1, 0, Duration::ZERO)
        );
    }

    #[test]
    fn labels_and_accounts_are_limited_apart() {
        let clock: Arc<dyn Clock> = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let pace = Pace::new(Arc::clone(&clock), Some(Plan::Free));
        let paced = pace.over(Limited::of(&clock, |_| fine()), &resource("a"));
        for (method, path, label) in [
            (
                Method::Get,
                "/users/jane?login_type=1",
                Some(RateLabel::Light),
            ),
            (Method::Get, "/users?page_size=300", Some(RateLabel::Medium)),
            (Method::Get, "/users/jane/settings", Some(RateLabel::Medium)),
            (
                Method::Patch,
                "/users/jane/settings",
                Some(RateLabel::Medium),
            ),
            (Method::Get, "/users/jane/meetings", Some(RateLabel::Medium)),
            (Method::Patch, "/users/jane", Some(RateLabel::Light)),
            (Method::Patch, "/meetings/1", Some(RateLabel::Light)),
            (Method::Delete, "/meetings/1?a=b", Some(RateLabel::Light)),
            (Method::Put, "/meetings/1/status", Some(RateLabel::Light)),
            (
                Method::Get,
                "/meetings/1/invitation",
                Some(RateLabel::Light),
            ),
            (Method::Post, "/users", None),
        ] {
            assert_eq!(
                paced.label(&Request {
                    method,
                    ..get(path)
                }),
                label,
                "{method} {path}"
            );
        }
        let token = Request {
            url: "https://zoom.us/oauth/token".to_owned(),
            method: Method::Post,
            ..get("")
        };
        assert_eq!(paced.label(&token), None);
        let turn = |account: &str, label| {
            pace.over(Limited::of(&clock, |_| fine()), &resource(account))
                .turn(label, Duration::from_secs(9))
        };
        let wait = |account: &str, label| {
            let before = clock.now();
            turn(account, label).unwrap();
            clock.now() - before
        };
        assert_eq!(wait("a", RateLabel::Light), Duration::ZERO);
        assert_eq!(wait("a", RateLabel::Light), Duration::from_millis(250));
        assert_eq!(wait("a", RateLabel::Medium), Duration::ZERO);
        assert_eq!(wait("b", RateLabel::Light), Duration::ZERO);
        assert_eq!(wait("a", RateLabel::Medium), Duration::from_millis(500));
    }

    #[test]
    fn no_more_lines_are_begun_at_once_than_calls_go_out_in_a_second() {
        let clock: Arc<dyn Clock> = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let pace = Pace::new(Arc::clone(&clock), Some(Plan::Free));
        let place =
            |account: &str, route: Endpoint| pace.place(&resource(account), &[route], || true);
        let (light, medium) = (endpoint::GET_USER, endpoint::GET_USER_SETTINGS);
        let first = place("a", medium).unwrap();
        let _second = place("a", medium).unwrap();
        assert!(
            place("a", medium).is_none(),
            "the third waits until it is not wanted"
        );
        assert!(place("b", medium).is_some(), "another account");
        assert!(place("a", light).is_some(), "of another label four may run");
        drop(first);
        assert!(place("a", medium).is_some());
    }

    #[test]
    fn accounts_that_are_not_in_use_are_forgotten_in_time() {
        let pace = Pace::new(Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH)), None);
        let _place = pace.place(&resource("kept"), &[], || false);
        for number in 0..3 * ACCOUNTS {
            drop(pace.place(&resource(&number.to_string()), &[], || false));
        }
        let accounts = lock(&pace.accounts);
        assert!(
            accounts.len() <= ACCOUNTS && accounts.keys().any(|(_, account)| account == "kept")
        );
    }
}
