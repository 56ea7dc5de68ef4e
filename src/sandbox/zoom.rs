//! A request to an answer: token, scope, limits, validation, then the endpoint. Knows all of the state; no socket.

use super::access::{Access, account_settings};
use super::facts::{Endpoint, Objection, endpoints};
use super::faults::{self, Chance, Kind};
use super::limits::Limits;
use super::meetings::Meetings;
use super::oauth::{Tokens, check_scopes};
use super::profiles::{Profiles, ROLES};
use super::recordings::Recordings;
use super::schedule::Days;
use super::settings::Settings;
use super::users::Users;
use super::{Options, invitation, paging, reports};
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
    recordings: Recordings,
    access: Access,
    chance: Chance,
    log: VecDeque<Logged>,
}

/// The whole of it.
pub struct Zoom {
    pub options: Options,
    endpoints: Vec<Endpoint>,
    granted: Vec<String>,
    users: Users,
    /// The second that it was started at.
    born: u64,
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
        let born = seconds();
        let state = State {
            tokens: Tokens::default(),
            limits: Limits::default(),
            profiles: Profiles::new(users),
            meetings: Meetings::new(users, born),
            settings: Settings::default(),
            recordings: Recordings::new(born),
            access: Access::default(),
            chance: Chance::new(options.seed),
            log: VecDeque::new(),
        };
        Ok(Self {
            options,
            endpoints,
            granted,
            users,
            born,
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

    /// The endpoint that a request is for, and the values of its path's holes.
    fn endpoint(&self, ask: &Ask) -> Option<(&Endpoint, Vec<String>)> {
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
        let Some((endpoint, holes)) = self.endpoint(ask) else {
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
        self.serve(&mut state, ask, endpoint, &holes, &query, body, now)
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
        holes: &[String],
        query: &HashMap<&str, &str>,
        body: Map<String, Value>,
        now: u64,
    ) -> Result<Reply, Refusal> {
        let hole = |index: usize| holes.get(index).map_or("", String::as_str);
        let (first, second) = (hole(0), hole(1));
        let hole = first;
        let get = |name: &str| query.get(name).copied();
        let window = |path: &str| {
            let largest = if path == "/users" { 2000 } else { 300 };
            paging::window(
                path,
                &ask.query,
                largest,
                self.options.page_token_lifetime,
                now,
            )
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
            ("GET", "/users/{userId}") => {
                let number = self.user(state, hole, query)?;
                ok(state.profiles.get(number, now))
            }
            ("PATCH", "/users/{userId}") => {
                let number = self.user(state, hole, query)?;
                state.profiles.patch(number, body)?;
                Ok(Reply::done())
            }
            ("GET", "/users/{userId}/settings") => {
                let number = self.user(state, hole, query)?;
                if self.users.is_pending(number) {
                    return Err(pending());
                }
                ok(state
                    .settings
                    .get(number, get("option"), get("custom_query_fields")))
            }
            ("PATCH", "/users/{userId}/settings") => {
                let number = self.user(state, hole, query)?;
                if self.users.is_pending(number) {
                    return Err(pending());
                }
                state
                    .settings
                    .patch(number, state.profiles.is_licensed(number), body)?;
                Ok(Reply::done())
            }
            ("GET", "/users/{userId}/meetings") => {
                let number = self.user(state, hole, query)?;
                let window = window(&format!("/users/{number}/meetings"))?;
                let kind = get("type").unwrap_or("scheduled");
                ok(state
                    .meetings
                    .page(number, kind, &Days::read(query)?, &window, now))
            }
            ("GET", "/metrics/meetings") => {
                let live = state.meetings.live();
                let listed = live.iter().map(|meeting| {
                    let host = state
                        .meetings
                        .host(meeting["id"].as_u64().unwrap_or_default());
                    reports::live_meeting(meeting, &state.profiles.display_name(host))
                });
                ok(window("/metrics/meetings")?.cut("meetings", &listed.collect::<Vec<_>>(), now))
            }
            ("GET", "/metrics/meetings/{meetingId}/participants") => {
                let number = meeting_number(state, hole)?;
                let kind = get("type").unwrap_or("live");
                let all = reports::participants(number, kind, state.meetings.is_live(number))?;
                ok(window(&ask.segments.join("/"))?.cut("participants", &all, now))
            }
            ("GET", "/past_meetings/{meetingId}/participants") => {
                let all = reports::past_participants(meeting_number(state, hole)?);
                ok(window(&ask.segments.join("/"))?.cut("participants", &all, now))
            }
            ("GET", "/past_meetings/{meetingId}") => {
                let number = meeting_number(state, hole)?;
                let count = if number == reports::LONELY { 1 } else { 2 };
                ok(json!({"id": number, "participants_count": count}))
            }
            ("GET", "/report/activities") => ok(reports::activities(
                query,
                &window("/report/activities")?,
                self.born,
                now,
            )?),
            ("GET", "/report/operationlogs") => ok(reports::operation_logs(
                query,
                &window("/report/operationlogs")?,
                self.born,
                now,
            )?),
            ("GET", "/roles") => {
                let role = |(id, name): &(&str, &str)| {
                    json!({"id": id, "name": name, "description": "", "type": "common",
                        "total_members": state.profiles.holders(id).len()})
                };
                ok(
                    json!({"total_records": ROLES.len(), "roles": ROLES.iter().map(role).collect::<Vec<_>>()}),
                )
            }
            ("GET", "/roles/{roleId}/members") => {
                Profiles::role(hole)?;
                let all: Vec<Value> = state
                    .profiles
                    .holders(hole)
                    .into_iter()
                    .map(|number| {
                        let user = state.profiles.get(number, now);
                        json!({"id": user["id"], "email": user["email"], "first_name": user["first_name"],
                            "last_name": user["last_name"], "department": user["dept"], "type": user["type"]})
                    })
                    .collect();
                ok(window(&ask.segments.join("/"))?.cut("members", &all, now))
            }
            ("POST", "/roles/{roleId}/members") => {
                Profiles::role(hole)?;
                let members = body
                    .get("members")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default();
                let mut ids = Vec::new();
                for member in &members {
                    let name = member
                        .get("id")
                        .or_else(|| member.get("email"))
                        .and_then(Value::as_str);
                    let number = self.user(state, name.unwrap_or_default(), query)?;
                    state.profiles.set_role(number, hole, true)?;
                    ids.push(super::users::id(number));
                }
                Ok(Reply::json(
                    201,
                    &json!({"add_at": rfc3339(now), "ids": ids.join(",")}),
                ))
            }
            ("DELETE", "/roles/{roleId}/members/{memberId}") => {
                Profiles::role(hole)?;
                let number = self.user(state, second, query)?;
                state.profiles.set_role(number, hole, false)?;
                Ok(Reply::done())
            }
            ("PUT", "/users/{userId}/status") => {
                let number = self.user(state, hole, query)?;
                let action = body
                    .get("action")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                state.profiles.set_status(number, action)?;
                Ok(Reply::done())
            }
            ("DELETE", "/users/{userId}/token") => {
                self.user(state, hole, query)?;
                Ok(Reply::done())
            }
            ("DELETE", "/users/{userId}") => {
                let number = self.user(state, hole, query)?;
                state.profiles.delete(number)?;
                Ok(Reply::done())
            }
            ("POST", "/users/{userId}/meetings") => {
                let number = self.user(state, hole, query)?;
                Ok(Reply::json(201, &state.meetings.create(number, body)?))
            }
            ("GET", "/users/{userId}/assistants") => {
                let number = self.user(state, hole, query)?;
                ok(state.access.delegates(self.users, number, "assistants"))
            }
            ("GET", "/users/{userId}/schedulers") => {
                let number = self.user(state, hole, query)?;
                ok(state.access.delegates(self.users, number, "schedulers"))
            }
            ("DELETE", path)
                if path.ends_with("{assistantId}") || path.ends_with("{schedulerId}") =>
            {
                let right = if path.ends_with("{assistantId}") {
                    "assistants"
                } else {
                    "schedulers"
                };
                let number = self.user(state, hole, query)?;
                let delegate = self.user(state, second, query)?;
                state.access.remove_delegate(number, right, delegate);
                Ok(Reply::done())
            }
            ("GET", "/marketplace/apps") => {
                let all = Access::apps(get("type").unwrap_or("active_requests"));
                ok(reports::without_total(
                    window("/marketplace/apps")?.cut("apps", &all, now),
                ))
            }
            ("PATCH", "/marketplace/users/{userId}/apps/{appId}/subscription") => {
                let number = self.user(state, hole, query)?;
                let action = body
                    .get("action")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                state.access.subscribe(number, second, action)?;
                Ok(Reply::done())
            }
            ("GET", "/accounts/me/settings") => ok(account_settings(get("option"))),
            ("GET", "/users/{userId}/recordings") => {
                let number = self.user(state, hole, query)?;
                ok(state
                    .recordings
                    .page(number, query, &window(&ask.segments.join("/"))?, now))
            }
            ("GET", "/meetings/{meetingId}/recordings") => {
                ok(state.recordings.get(&decoded(hole))?)
            }
            ("DELETE", "/meetings/{meetingId}/recordings") => {
                state
                    .recordings
                    .delete(&decoded(hole), get("action").unwrap_or("trash"))?;
                Ok(Reply::done())
            }
            ("PUT", "/meetings/{meetingUUID}/recordings/status") => {
                state.recordings.recover(&decoded(hole))?;
                Ok(Reply::done())
            }
            ("GET", "/meetings/{meetingId}/recordings/settings") => {
                ok(state.recordings.get_settings(&decoded(hole))?)
            }
            ("PATCH", "/meetings/{meetingId}/recordings/settings") => {
                state.recordings.patch_settings(&decoded(hole), body)?;
                Ok(Reply::done())
            }
            ("GET", "/meetings/{meetingId}/recordings/analytics_details") => {
                ok(state.recordings.analytics(
                    &decoded(hole),
                    query,
                    &window(&ask.segments.join("/"))?,
                    now,
                )?)
            }
            ("PUT", _) => {
                match body.get("action").and_then(Value::as_str) {
                    Some("end") => {
                        let number = state.meetings.find(hole)?;
                        state.meetings.end(number)?;
                    }
                    Some("recover") => state.meetings.recover(hole)?,
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
                            &state.profiles.display_name(state.meetings.host(number)),
                        ))
                    }
                    ("PATCH", _) => {
                        let limited =
                            self.options.plan.is_some() || self.options.daily_limit.is_some();
                        let refused = limited
                            .then(|| {
                                state
                                    .limits
                                    .change(&state.meetings.host(number).to_string(), now)
                            })
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
    fn user(&self, state: &State, hole: &str, query: &HashMap<&str, &str>) -> Result<u64, Refusal> {
        let number = match query.get("search_by_unique_id") {
            Some(&"true") => self.users.find_employee(hole)?,
            _ => self.users.find(hole)?,
        };
        if state.profiles.status(number) == "deleted" {
            return Err(refusal(404, 1001, &format!("User does not exist: {hole}.")));
        }
        Ok(number)
    }
}

/// A meeting's number, from a number or the UUID that the sandbox makes of it.
fn meeting_number(state: &State, hole: &str) -> Result<u64, Refusal> {
    let uuid = decoded(hole);
    let from_uuid = uuid
        .strip_suffix("==")
        .and_then(|hex| u64::from_str_radix(hex, 16).ok());
    state
        .meetings
        .find(&from_uuid.map_or(uuid, |number| number.to_string()))
}

/// A UUID that was encoded twice, decoded once more.
fn decoded(hole: &str) -> String {
    percent_encoding::percent_decode_str(hole)
        .decode_utf8_lossy()
        .into_owned()
}
