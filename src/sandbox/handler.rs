//! Takes a request to its reply: token, scopes, rate limits, query and body are checked here, in Zoom's order; what is
//! left is a [`Call`], which the account answers. Begin reading at [`Zoom::answer`].

use super::account::Account;
use super::call::Call;
use super::endpoints::{Endpoint, endpoints};
use super::faults::{self, Kind, Rng};
use super::limits::Limits;
use super::message::{ApiReply, ApiRequest, Logged, Refusal, invalid, refusal};
use super::oauth::{Tokens, check_scopes};
use super::time::seconds;
use super::{Options, page, paging};
use serde_json::{Map, Value};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of requests that are remembered.
const REMEMBERED: usize = 10_000;

/// The sandbox without its sockets.
pub struct Zoom {
    pub options: Options,
    endpoints: Vec<Endpoint>,
    granted: Vec<String>,
    /// Seconds that the sandbox is ahead of the machine; [`Options::now`] sets them.
    ahead: i64,
    state: Mutex<State>,
}

struct State {
    tokens: Tokens,
    limits: Limits,
    account: Account,
    rng: Rng,
    log: VecDeque<Logged>,
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
            // Server-to-server apps have the scopes that end in `:admin`.
            None => endpoints
                .iter()
                .flat_map(|endpoint| endpoint.granular.iter())
                .filter(|scope| scope.ends_with(":admin"))
                .cloned()
                .collect(),
        };

        let started = options.now.unwrap_or_else(seconds);
        let state = State {
            tokens: Tokens::default(),
            limits: Limits::default(),
            account: Account::new(options.users, started),
            rng: Rng::new(options.seed),
            log: VecDeque::new(),
        };

        Ok(Self {
            endpoints,
            granted,
            ahead: started.cast_signed() - seconds().cast_signed(),
            state: Mutex::new(state),
            options,
        })
    }

    /// Returns the sandbox's time.
    pub fn now(&self) -> u64 {
        seconds().saturating_add_signed(self.ahead)
    }

    /// Returns the same as the system's type has it.
    pub fn time(&self) -> std::time::SystemTime {
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(self.now())
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

    /// Draws the fault of the next request.
    pub fn next_fault(&self) -> Option<Kind> {
        if self.options.fault.is_empty() {
            None
        } else {
            self.state().rng.next_fault(&self.options.fault)
        }
    }

    /// Remembers a request and the reply to it, if there was one.
    pub fn remember(&self, request: &ApiRequest, reply: Option<&ApiReply>) {
        let status = reply.map_or(0, |reply| reply.status);
        let refused = reply
            .filter(|_| status >= 400)
            .and_then(|reply| serde_json::from_str::<Value>(&reply.body).ok());
        let logged = Logged {
            method: request.method.clone(),
            target: request.target.clone(),
            body: request.body.clone(),
            status,
            code: refused.and_then(|refused| refused.get("code")?.as_i64()),
        };

        // A server that runs for days must not grow.
        let mut state = self.state();
        if state.log.len() == REMEMBERED {
            state.log.pop_front();
        }

        state.log.push_back(logged);
    }

    /// The endpoint that a request is for, and the values of its path's parameters.
    fn endpoint(&self, request: &ApiRequest) -> Option<(&Endpoint, Vec<String>)> {
        let (_, path) = request
            .segments
            .split_first()
            .filter(|(version, _)| *version == "v2")?;
        self.endpoints
            .iter()
            .find_map(|endpoint| Some((endpoint, endpoint.matches(&request.method, path)?)))
    }

    /// Answers a request with a status that was asked for.
    pub fn faulty(&self, request: &ApiRequest, status: u16) -> ApiReply {
        let is_token = request
            .segments
            .first()
            .is_some_and(|segment| segment == "oauth");
        let label = self
            .endpoint(request)
            .map_or("light", |(endpoint, _)| endpoint.label.as_str());
        let label = (!is_token).then_some(label);

        faults::answer(status, label, self.options.plan, self.now())
    }

    /// Answers a request with an error that Zoom documents for its endpoint; as usual where it documents none such.
    pub fn refuse(&self, request: &ApiRequest, code: i64, url: &str) -> ApiReply {
        let documented = self.endpoint(request).and_then(|(endpoint, params)| {
            endpoint.documented(code, params.first().map_or("", String::as_str))
        });
        documented.map_or_else(|| self.answer(request, url), |refusal| *refusal)
    }

    /// Answers a request.
    pub fn answer(&self, request: &ApiRequest, url: &str) -> ApiReply {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match (request.method.as_str(), segments.as_slice()) {
            (_, ["oauth", "token"]) => self.token(request, url),
            ("GET", [""]) => {
                let state = self.state();
                page::write(&state.account, &state.log, self.now())
            }
            _ => self.api(request).unwrap_or_else(|refusal| *refusal),
        }
    }

    fn token(&self, request: &ApiRequest, url: &str) -> ApiReply {
        let mut state = self.state();
        let random = state.rng.next();
        let scopes = self.granted.join(" ");
        state
            .tokens
            .mint(request, &self.options, &scopes, url, self.now(), random)
    }

    fn api(&self, request: &ApiRequest) -> Result<ApiReply, Refusal> {
        let now = self.now();
        let mut state = self.state();
        let refused = |reply: Option<ApiReply>| reply.map_or(Ok(()), |reply| Err(Box::new(reply)));

        // Zoom looks at the token before anything else: a stranger learns nothing of paths.
        refused(state.tokens.check(request, now))?;
        let Some((endpoint, path_params)) = self.endpoint(request) else {
            return Err(refusal(404, 2300, "This API endpoint is not recognized."));
        };

        refused(check_scopes(
            &self.granted,
            &endpoint.granular,
            &endpoint.classic,
        ))?;

        // A call that is refused for its scope counts against no limit.
        let (plan, daily) = (self.options.plan, self.options.daily_limit);
        refused(state.limits.call(&endpoint.label, plan, daily, now))?;

        let call = self.call(request, endpoint, path_params, now)?;
        let is_planned = call.path.starts_with("/meetings/") && call.method == "PATCH";
        if (is_planned || call.method == "POST") && (plan.is_some() || daily.is_some()) {
            let host = state.account.host_of(&call);
            refused(host.and_then(|host| state.limits.change(&host.to_string(), now)))?;
        }

        state.account.answer(call)
    }

    /// Checks query and body.
    fn call<'a>(
        &self,
        request: &'a ApiRequest,
        endpoint: &'a Endpoint,
        path_params: Vec<String>,
        now: u64,
    ) -> Result<Call<'a>, Refusal> {
        let objections = endpoint.check_query(&request.query);
        if !objections.is_empty() {
            return Err(invalid(&objections));
        }

        let query: HashMap<&str, &str> = request
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();

        let body = body(request, endpoint, query.get("option").copied())?;

        // Every error that Zoom documents can be had: some names in a path ask for one.
        let asked_for = path_params
            .iter()
            .find_map(|param| endpoint.documented(code_in(param)?, param));
        if let Some(refusal) = asked_for {
            return Err(refusal);
        }

        // The whole path takes part: a page token of one list opens no other.
        let lifetime = self.options.page_token_lifetime;
        let path = request.segments.join("/");
        let window = paging::window(
            &path,
            &request.query,
            endpoint.largest_page(),
            lifetime,
            now,
        )
        .map_err(|message| refusal(400, 300, message))?;

        Ok(Call {
            method: &endpoint.method,
            path: &endpoint.path,
            success: endpoint.success,
            path_params,
            query,
            body,
            window,
            now,
        })
    }
}

fn body(
    request: &ApiRequest,
    endpoint: &Endpoint,
    option: Option<&str>,
) -> Result<Map<String, Value>, Refusal> {
    if matches!(request.method.as_str(), "GET" | "DELETE") {
        return Ok(Map::new());
    }

    if !request.content_type.starts_with("application/json") {
        return Err(refusal(415, 300, "Unsupported Content Type"));
    }

    let Ok(Value::Object(body)) = serde_json::from_str(&request.body) else {
        let message = "Request Body should be a valid JSON object.";
        return Err(refusal(400, 300, message));
    };

    let objections = endpoint.check_body(&body, option);

    if objections.is_empty() {
        Ok(body)
    } else {
        Err(invalid(&objections))
    }
}

/// The error that a name in a path asks for: `refusal1107@example.com`, or a meeting number of 99,000,000,000 plus the
/// code.
fn code_in(param: &str) -> Option<i64> {
    let user = param
        .strip_prefix("refusal")
        .and_then(|rest| rest.strip_suffix("@example.com"));
    user.or_else(|| param.strip_prefix("990000").filter(|rest| rest.len() == 5))?
        .parse()
        .ok()
}
