//! A request to an answer: token, scope, limits, validation, then the endpoint. Knows all of the state; no socket.

use super::calendar::host;
use super::facts::{Endpoint, Objection, endpoints};
use super::faults::{self, Chance, Kind};
use super::limits::Limits;
use super::meetings::Meetings;
use super::oauth::{Tokens, check_scopes};
use super::profiles::Profiles;
use super::schedule::Days;
use super::settings::Settings;
use super::users::Users;
use super::{Options, invitation, paging};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;

/// A request, its path decoded.
#[derive(Debug, Default)]
pub struct Ask {
    pub method: String,
    pub segments: Vec<String>,
    pub query: Vec<(String, String)>,
    pub target: String,
    pub authorization: String,
    pub content_type: String,
    pub body: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A refusal, boxed: most requests are not refused.
pub type Refusal = Box<Reply>;

/// A request that came in, and the status it was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body.
    pub body: String,
    /// The status; 0 when it was not answered.
    pub status: u16,
    /// Zoom's code, where the answer held one: 300 for what does not fit the endpoint.
    pub code: Option<i64>,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    /// An answer whose body is JSON already.
    pub fn text(status: u16, body: String) -> Self {
        let headers = vec![(
            "content-type".to_owned(),
            "application/json;charset=UTF-8".to_owned(),
        )];
        Self {
            status,
            headers,
            body,
        }
    }

    pub const fn done() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }
}

/// One of Zoom's errors.
pub fn refusal(status: u16, code: i64, message: &str) -> Refusal {
    Box::new(Reply::json(
        status,
        &json!({"code": code, "message": message}),
    ))
}

/// Zoom's refusal of what does not fit the endpoint, field by field.
pub fn invalid(objections: &[Objection]) -> Refusal {
    let errors: Vec<Value> = objections
        .iter()
        .map(|(field, message)| json!({"field": field, "message": message}))
        .collect();
    Box::new(Reply::json(
        400,
        &json!({"code": 300, "message": "Validation Failed.", "errors": errors}),
    ))
}

/// Seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the embedded Zoom has its own time"
)]
pub fn seconds() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// A time as Zoom writes it.
pub fn rfc3339(seconds: u64) -> String {
    let stamp = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    stamp.map(|stamp| stamp.to_string()).unwrap_or_default()
}

/// The state.
struct State {
    tokens: Tokens,
    limits: Limits,
    profiles: Profiles,
    meetings: Meetings,
    settings: Settings,
    chance: Chance,
    log: VecDeque<Logged>,
}

/// The whole of it.
pub struct Zoom {
    pub options: Options,
    endpoints: Vec<Endpoint>,
    granted: Vec<String>,
    users: Users,
    state: Mutex<State>,
}

impl Zoom {
    pub fn new(options: Options) -> std::io::Result<Self> {
        let endpoints = endpoints()?;
        let granted = match &options.granted_scopes {
            Some(scopes) => scopes
                .split([' ', ','])
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect(),
            // Server-to-Server apps have the scopes that end in `:admin`.
            None => {
                let all = endpoints
                    .iter()
                    .flat_map(|endpoint| endpoint.granular.iter());
                all.filter(|scope| scope.ends_with(":admin"))
                    .cloned()
                    .collect()
            }
        };
        let users = Users::new(options.users);
        let state = State {
            tokens: Tokens::default(),
            limits: Limits::default(),
            profiles: Profiles::new(users),
            meetings: Meetings::new(users, seconds()),
            settings: Settings::default(),
            chance: Chance::new(options.seed),
            log: VecDeque::new(),
        };
        Ok(Self {
            options,
            endpoints,
            granted,
            users,
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn log(&self) -> Vec<Logged> {
        self.state().log.iter().cloned().collect()
    }

    pub fn tokens_minted(&self) -> u64 {
        self.state().tokens.minted
    }

    /// What goes wrong with the next request.
    pub fn strike(&self) -> Option<Kind> {
        if self.options.fault.is_empty() {
            None
        } else {
            self.state().chance.strike(&self.options.fault)
        }
    }

    /// Remembers a request and what it was answered with, if it was.
    pub fn remember(&self, ask: &Ask, reply: Option<&Reply>) {
        let status = reply.map_or(0, |reply| reply.status);
        let told = reply
            .filter(|_| status >= 400)
            .and_then(|reply| serde_json::from_str::<Value>(&reply.body).ok());
        let logged = Logged {
            method: ask.method.clone(),
            target: ask.target.clone(),
            body: ask.body.clone(),
            status,
            code: told.and_then(|told| told.get("code")?.as_i64()),
        };
        let mut state = self.state();
        if state.log.len() == REMEMBERED {
            state.log.pop_front();
        }
        state.log.push_back(logged);
    }

    /// The endpoint that a request is for, and the value of its path's hole.
    fn endpoint(&self, ask: &Ask) -> Option<(&Endpoint, String)> {
        let (_, path) = ask
            .segments
            .split_first()
            .filter(|(version, _)| *version == "v2")?;
        self.endpoints
            .iter()
            .find_map(|endpoint| Some((endpoint, endpoint.matches(&ask.method, path)?)))
    }

    /// The answer with a status that was asked for.
    pub fn faulty(&self, ask: &Ask, status: u16) -> Reply {
        let is_token = ask
            .segments
            .first()
            .is_some_and(|segment| segment == "oauth");
        let label = self
            .endpoint(ask)
            .map_or("light", |(endpoint, _)| endpoint.label.as_str());
        faults::answer(
            status,
            (!is_token).then_some(label),
            self.options.plan,
            seconds(),
        )
    }

    /// Answers a request.
    pub fn answer(&self, ask: &Ask, url: &str) -> Reply {
        let now = seconds();
        let segments: Vec<&str> = ask.segments.iter().map(String::as_str).collect();
        if segments == ["oauth", "token"] {
            let mut state = self.state();
            let random = state.chance.next();
            return state.tokens.mint(
                ask,
                &self.options,
                &self.granted.join(" "),
                url,
                now,
                random,
            );
        }
        self.api(ask, now).unwrap_or_else(|refusal| *refusal)
    }

    fn api(&self, ask: &Ask, now: u64) -> Result<Reply, Refusal> {
        let mut state = self.state();
        let refused = |reply: Option<Reply>| reply.map_or(Ok(()), |reply| Err(Box::new(reply)));
        refused(state.tokens.check(ask, now))?;
        let Some((endpoint, hole)) = self.endpoint(ask) else {
            return Err(refusal(404, 2300, "This API endpoint is not recognized."));
        };
        refused(check_scopes(
            &self.granted,
            &endpoint.granular,
            &endpoint.classic,
        ))?;
        refused(state.limits.call(
            &endpoint.label,
            self.options.plan,
            self.options.daily_limit,
            now,
        ))?;
        let objections = endpoint.check_query(&ask.query);
        if !objections.is_empty() {
            return Err(invalid(&objections));
        }
        let query: HashMap<&str, &str> = ask
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let body = self.body(ask, endpoint, query.get("option").copied())?;
        self.serve(&mut state, ask, endpoint, &hole, &query, body, now)
    }

    fn body(
        &self,
        ask: &Ask,
        endpoint: &Endpoint,
        option: Option<&str>,
    ) -> Result<Map<String, Value>, Refusal> {
        if matches!(ask.method.as_str(), "GET" | "DELETE") {
            return Ok(Map::new());
        }
        if !ask.content_type.starts_with("application/json") {
            return Err(refusal(415, 300, "Unsupported Content Type"));
        }
        let Ok(Value::Object(body)) = serde_json::from_str(&ask.body) else {
            return Err(refusal(
                400,
                300,
                "Request Body should be a valid JSON object.",
            ));
        };
        let objections = endpoint.check_body(&body, option);
        if objections.is_empty() {
            Ok(body)
        } else {
            Err(invalid(&objections))
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one request, taken apart once"
    )]
    fn serve(
        &self,
        state: &mut State,
        ask: &Ask,
        endpoint: &Endpoint,
        hole: &str,
        query: &HashMap<&str, &str>,
        body: Map<String, Value>,
        now: u64,
    ) -> Result<Reply, Refusal> {
        let get = |name: &str| query.get(name).copied();
        let window = |path: &str| {
            paging::window(path, &ask.query, self.options.page_token_lifetime, now)
                .map_err(|words| refusal(400, 300, words))
        };
        let pending = || {
            refusal(
                400,
                1120,
                "Invitation of the user is missing or has expired.",
            )
        };
        let ok = |body: Value| Ok(Reply::json(200, &body));
        match (endpoint.method.as_str(), endpoint.path.as_str()) {
            ("GET", "/users") => Ok(Reply::text(
                200,
                state.profiles.page(query, &window("/users")?, now),
            )),
            ("GET", "/users/{userId}") => ok(state.profiles.get(self.user(hole, query)?, now)),
            ("PATCH", "/users/{userId}") => {
                let number = self.user(hole, query)?;
                state.profiles.patch(number, body)?;
                Ok(Reply::done())
            }
            ("GET", "/users/{userId}/settings") => {
                let number = self.user(hole, query)?;
                if self.users.is_pending(number) {
                    return Err(pending());
                }
                ok(state
                    .settings
                    .get(number, get("option"), get("custom_query_fields")))
            }
            ("PATCH", "/users/{userId}/settings") => {
                let number = self.user(hole, query)?;
                if self.users.is_pending(number) {
                    return Err(pending());
                }
                state
                    .settings
                    .patch(number, state.profiles.is_licensed(number), body)?;
                Ok(Reply::done())
            }
            ("GET", "/users/{userId}/meetings") => {
                let number = self.user(hole, query)?;
                let window = window(&format!("/users/{number}/meetings"))?;
                let kind = get("type").unwrap_or("scheduled");
                ok(state
                    .meetings
                    .page(number, kind, &Days::read(query)?, &window, now))
            }
            ("PUT", _) => {
                let number = state.meetings.find(hole)?;
                match body.get("action").and_then(Value::as_str) {
                    Some("end") => state.meetings.end(number)?,
                    _ => return Err(refusal(400, 300, "Invalid action.")),
                }
                Ok(Reply::done())
            }
            (method, path) => {
                let number = state.meetings.find(hole)?;
                match (method, path) {
                    ("GET", "/meetings/{meetingId}") => {
                        ok(state.meetings.get(number, get("occurrence_id"))?)
                    }
                    ("GET", _) => {
                        let meeting = state.meetings.get(number, None)?;
                        ok(invitation::write(
                            &meeting,
                            number,
                            &state.profiles.display_name(host(number)),
                        ))
                    }
                    ("PATCH", _) => {
                        let limited =
                            self.options.plan.is_some() || self.options.daily_limit.is_some();
                        let refused = limited
                            .then(|| state.limits.change(&host(number).to_string(), now))
                            .flatten();
                        if let Some(reply) = refused {
                            return Ok(reply);
                        }
                        state
                            .meetings
                            .patch(number, get("occurrence_id"), body, now)?;
                        Ok(Reply::done())
                    }
                    _ => {
                        state.meetings.delete(number, get("occurrence_id"))?;
                        Ok(Reply::done())
                    }
                }
            }
        }
    }

    /// The number of the user in a path.
    fn user(&self, hole: &str, query: &HashMap<&str, &str>) -> Result<u64, Refusal> {
        match query.get("search_by_unique_id") {
            Some(&"true") => self.users.find_employee(hole),
            _ => self.users.find(hole),
        }
    }
}
