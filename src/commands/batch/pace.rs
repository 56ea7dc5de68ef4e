//! The pace of a batch: all lines of an account and rate label wait together after a 429, and with `--plan` they keep to
//! the plan's calls a second from the start. Begin with [`Pace`]; [`Paced`] holds each call back.

use crate::actions;
use crate::clock::Clock;
use crate::http::rate_limit::{Limit, limit};
use crate::http::{Cause, Http, Request, Response, Stage, TransportError};
use crate::protocol::resource::Resource;
use crate::run::supervise::POLL_INTERVAL;
use crate::zoom::account_plan::Plan;
use crate::zoom::endpoint::{Endpoint, RateLabel};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The wait after a 429 that names none.
const PAUSE: Duration = Duration::from_secs(1);

/// The time for which a limit is believed in without asking again.
const BELIEF: Duration = Duration::from_secs(60);

/// The number of accounts that are remembered. Beyond it those that are not in use are forgotten.
const ACCOUNTS: usize = 1024;

/// The limits that the lines of a batch share.
pub struct Pace {
    clock: Arc<dyn Clock>,
    plan: Option<Plan>,
    accounts: Mutex<HashMap<Name, Arc<Account>>>,
}

/// An account as Zoom counts its calls: the API's address and the account's id.
type Name = (String, String);

/// One account: the limit of each label, and how many lines are under way on it.
#[derive(Default)]
struct Account {
    rates: Mutex<HashMap<RateLabel, Rate>>,
    lines: Mutex<usize>,
}

/// One label's limit on an account. Times are the batch's clock's.
#[derive(Debug, Default)]
struct Rate {
    /// When the plan lets the next call out.
    next: Duration,
    /// Until when no call may go out, after a 429.
    closed: Duration,
    refusal: Option<Refusal>,
}

/// The last 429, while it holds.
#[derive(Debug)]
struct Refusal {
    response: Response,
    is_daily: bool,
    /// When the limit is lifted.
    lifted: Duration,
    /// Until when it is believed in.
    until: Duration,
}

/// A line's place on its account, until it is dropped.
pub struct Place(Arc<Account>);

impl Pace {
    /// A batch's pace; without a `plan` nothing is held back until Zoom says 429.
    pub fn new(clock: Arc<dyn Clock>, plan: Option<Plan>) -> Self {
        Self {
            clock,
            plan,
            accounts: Mutex::default(),
        }
    }

    /// Waits until a further line that uses `routes` may be begun on `resource`'s account; `None` when `gone` says that it
    /// is not wanted any more. What waits here does not use up the line's timeout.
    pub fn place(
        &self,
        resource: &Resource,
        routes: &[Endpoint],
        gone: impl Fn() -> bool,
    ) -> Option<Place> {
        let account = self.account(resource);
        // No more than go out in a second: further ones would only wait, and on their own time.
        let most = self.plan.and_then(|plan| {
            let calls = routes.iter().map(|route| plan.per_second(route.label));
            calls.min()
        });
        loop {
            let mut lines = lock(&account.lines);
            if most.is_none_or(|most| *lines < most as usize) {
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
        Paced {
            inner,
            clock: Arc::clone(&self.clock),
            plan: self.plan,
            account: self.account(resource),
            api: resource.api_url.clone(),
        }
    }

    fn account(&self, resource: &Resource) -> Arc<Account> {
        let name = (resource.api_url.clone(), resource.account_id.clone());
        let mut accounts = lock(&self.accounts);
        if accounts.len() >= ACCOUNTS && !accounts.contains_key(&name) {
            accounts.retain(|_, account| Arc::strong_count(account) > 1);
        }
        Arc::clone(accounts.entry(name).or_default())
    }
}

impl Account {
    fn with<T>(&self, label: RateLabel, act: impl FnOnce(&mut Rate) -> T) -> T {
        act(lock(&self.rates).entry(label).or_default())
    }
}

impl Rate {
    /// Takes the next turn, `spacing` after the one before; returns how long to wait for it.
    fn turn(&mut self, spacing: Duration, now: Duration) -> Duration {
        let at = self.next.max(self.closed).max(now);
        self.next = at + spacing;
        at - now
    }

    /// Notes a 429 that holds for the whole account.
    fn refused(&mut self, response: &Response, clock: &dyn Clock) {
        let now = clock.now();
        let limit = limit(response, clock.system_time());
        let is_daily = matches!(limit, Limit::Daily { .. });
        let kind = response.header("x-ratelimit-type").unwrap_or_default();
        // The daily limit of one host's meetings comes without this header. It is no concern of other users.
        if is_daily && !kind.to_ascii_lowercase().starts_with("daily") {
            return;
        }

        let wait = limit.wait().unwrap_or(PAUSE);
        let until = now + wait.min(BELIEF);
        self.refusal = Some(Refusal {
            response: response.clone(),
            is_daily,
            lifted: now + wait,
            until,
        });
        if !is_daily {
            self.closed = self.closed.max(until);
        }
    }

    /// Returns the answer to a call that has `left` to wait, where the limit holds longer or for the day.
    fn refusal(&self, now: Duration, left: Duration) -> Option<Response> {
        let refusal = self.refusal.as_ref()?;
        let wait = refusal.lifted.saturating_sub(now);
        if now >= refusal.until || !refusal.is_daily && wait < left {
            return None;
        }

        let mut response = refusal.response.clone();
        // The time that it names was counted from its own moment.
        response.headers.retain(|(name, _)| name != "retry-after");
        let seconds = wait.as_millis().div_ceil(1000).to_string();
        response.headers.push(("retry-after".to_owned(), seconds));
        Some(response)
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
    plan: Option<Plan>,
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

    /// Waits until it is the request's turn; returns what is left of its time.
    fn turn(&self, label: RateLabel, mut left: Duration) -> Result<Duration, TransportError> {
        let spacing = self.plan.map_or(Duration::ZERO, |plan| {
            Duration::from_secs(1) / plan.per_second(label)
        });
        loop {
            let turn = |rate: &mut Rate| rate.turn(spacing, self.clock.now());
            let wait = self.account.with(label, turn);
            self.clock.sleep(wait.min(left));
            if wait >= left {
                let reason =
                    "the calls before it that Zoom's rate limit holds up took all of its time";
                return Err(TransportError {
                    stage: Stage::Connecting,
                    cause: Cause::TimedOut,
                    chain: vec![reason.to_owned()],
                });
            }
            left -= wait;

            // Zoom may have answered 429 to another line meanwhile.
            let is_open = |rate: &mut Rate| rate.closed <= self.clock.now();
            if wait.is_zero() || self.account.with(label, is_open) {
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
            self.account
                .with(label, |rate| rate.refused(response, &*self.clock));
        }

        result
    }

    fn refusal(&self, request: &Request, left: Duration) -> Option<Response> {
        let label = self.label(request)?;
        self.account
            .with(label, |rate| rate.refusal(self.clock.now(), left))
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
    fn pace_waits_as_long_as_a_429_says_and_no_longer_than_a_line_has() {
        let clock = FakeClock::from(SystemTime::UNIX_EPOCH);
        let mut rate = Rate::default();
        rate.refused(&refused(&[]), &clock);
        assert_eq!(rate.turn(Duration::ZERO, clock.now()), PAUSE);
        rate.refused(&refused(&[("retry-after", "50")]), &clock);
        assert_eq!(
            rate.turn(Duration::ZERO, clock.now()),
            Duration::from_secs(50)
        );
        assert_eq!(rate.refusal(clock.now(), BELIEF), None);

        clock.sleep(Duration::from_millis(500));
        let refusal = rate.refusal(clock.now(), 20 * PAUSE).unwrap();
        assert_eq!(refusal.header("retry-after"), Some("50"));
        clock.sleep(BELIEF);
        assert_eq!(rate.turn(Duration::ZERO, clock.now()), Duration::ZERO);
        assert_eq!(rate.refusal(clock.now(), PAUSE), None);
    }

    #[test]
    fn pace_after_a_429_holds_for_all_calls_of_the_label() {
        let answer = |count| if count <= 30 { fine() } else { refused(&[]) };
        let (statuses, _, retries, took) = run(answer, 600, "/users/jane");
        assert!(statuses.iter().all(|status| *status == 200));
        // One refusal in each second, and no pause much longer than Zoom's.
        assert!((15..20).contains(&retries), "{retries}");
        assert!((19..30).contains(&took.as_secs()), "{took:?}");
    }

    #[test]
    fn daily_limit_is_asked_about_once_a_minute_and_that_of_one_host_is_not_shared() {
        let clock = FakeClock::from(SystemTime::UNIX_EPOCH);
        let mut rate = Rate::default();
        let words = b"You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user.";
        let host = Response {
            body: words.to_vec(),
            ..refused(&[])
        };
        rate.refused(&host, &clock);
        assert_eq!(rate.refusal(clock.now(), PAUSE), None);
        assert_eq!(rate.turn(Duration::ZERO, clock.now()), Duration::ZERO);

        let daily = refused(&[("x-ratelimit-type", "Daily-limit"), ("retry-after", "7200")]);
        rate.refused(&daily, &clock);
        clock.sleep(10 * PAUSE);
        let again = rate.refusal(clock.now(), Duration::MAX).unwrap();
        assert_eq!(again.header("retry-after"), Some("7190"));
        clock.sleep(BELIEF);
        assert_eq!(rate.refusal(clock.now(), PAUSE), None);
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
