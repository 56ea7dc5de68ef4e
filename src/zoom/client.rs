//! One call to Zoom's API: fills an endpoint's path, adds the token, sends, reads the answer or Zoom's error. Begin with
//! [`Zoom`].

use super::endpoint::{Endpoint, encoded, host};
use super::error::{self, Subject};
use super::outcome::{Answer, Outcome};
use super::token::{self, Token, TokenStore};
use super::verbatim::Verbatim;
use crate::clock::Budget;
use crate::http::{Body, Credentials, Http, Request, Response};
use crate::protocol::envelope::ListState;
use crate::protocol::exact::any_entry;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use crate::protocol::meta::{RunState, TokenSource};
use crate::protocol::resource::Resource;
use crate::protocol::secret::Secret;
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The destination of a list's items as they come.
pub trait ItemSink: Send + Sync {
    /// Takes items of the list `key`: the inside of a JSON array.
    ///
    /// # Errors
    /// `cancelled` when nobody takes them any more.
    fn items(&self, key: &str, items: &str, state: ListState) -> Result<(), Failure>;
}

/// Query parameters, not yet encoded.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// An empty query.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The query with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// The query with one more parameter, where the caller gave it.
    #[must_use]
    pub fn given(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl std::ops::Deref for Query {
    type Target = [(&'static str, String)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct ApiCall<'a> {
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The ids that fill the path's holes, in their order.
    pub ids: [&'a str; 2],
    /// Query parameters, not yet encoded.
    pub query: &'a [(&'a str, String)],
    /// The JSON body.
    pub body: Option<&'a Value>,
    /// The object that it is about, for messages.
    pub about: Subject<'a>,
}

impl<'a> ApiCall<'a> {
    /// A call without a body, with at most two `ids` in its path.
    #[must_use]
    pub fn of(
        endpoint: &'a Endpoint,
        ids: &[&'a str],
        query: &'a [(&'a str, String)],
        about: Subject<'a>,
    ) -> Self {
        let id = |index: usize| ids.get(index).copied().unwrap_or_default();

        Self {
            endpoint,
            ids: [id(0), id(1)],
            query,
            body: None,
            about,
        }
    }

    /// The call of another endpoint about the same object.
    #[must_use]
    pub const fn to(self, endpoint: &'a Endpoint) -> Self {
        Self { endpoint, ..self }
    }

    /// The same call with a JSON body.
    #[must_use]
    pub const fn with_body(self, body: &'a Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

/// A Zoom account for the time of one run.
pub struct Zoom<'a> {
    http: &'a dyn Http,
    resource: &'a Resource,
    tokens: &'a dyn TokenStore,
    sink: &'a dyn ItemSink,
    budget: Budget,
    state: Arc<RunState>,
    token: Mutex<Option<Token>>,
}

impl<'a> Zoom<'a> {
    /// The account that `resource` describes, reached through `http`.
    pub const fn new(
        http: &'a dyn Http,
        resource: &'a Resource,
        tokens: &'a dyn TokenStore,
        sink: &'a dyn ItemSink,
        budget: Budget,
        state: Arc<RunState>,
    ) -> Self {
        Self {
            http,
            resource,
            tokens,
            sink,
            budget,
            state,
            token: Mutex::new(None),
        }
    }

    /// The run's counters.
    #[must_use]
    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// The run's time.
    #[must_use]
    pub const fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The destination of a list's items.
    #[must_use]
    pub const fn sink(&self) -> &dyn ItemSink {
        self.sink
    }

    /// The whole address of a call.
    #[must_use]
    pub fn url(&self, call: &ApiCall<'_>) -> String {
        let mut url = format!("{}{}", self.resource.api_url, call.endpoint.fill(&call.ids));
        for (index, (name, value)) in call.query.iter().enumerate() {
            let mark = if index == 0 { '?' } else { '&' };
            url.push_str(&format!("{mark}{name}={}", encoded(value)));
        }
        url
    }

    /// Reads: a JSON object.
    ///
    /// # Errors
    /// Zoom's refusals, and `bad_answer` for anything but a JSON object.
    pub fn get(&self, call: &ApiCall<'_>) -> Result<Box<RawValue>, Failure> {
        let response = self.send(call)?;
        object(&response)?
            .map(ToOwned::to_owned)
            .ok_or_else(|| bad(&response, "nothing"))
    }

    /// Reads an object in which one of `keys` is to be expected, or anything at all where there are none. It is passed on
    /// without them too, but not without a warning: who answers so may not be Zoom.
    ///
    /// # Errors
    /// As [`Zoom::get`].
    pub fn get_expecting(
        &self,
        call: &ApiCall<'_>,
        keys: &[&str],
    ) -> Result<Box<RawValue>, Failure> {
        let raw = self.get(call)?;
        let is_it = |key: &str, value: &RawValue| {
            keys.is_empty() || (keys.contains(&key) && value.get() != "null")
        };
        if !any_entry(raw.get(), is_it) {
            let what = if keys.is_empty() {
                "nothing".to_owned()
            } else {
                format!("no `{}`", keys.join("` and no `"))
            };
            self.state.warn(format!(
                "The answer about {} holds {what}: check whether it is Zoom that answers.",
                call.about
            ));
        }

        Ok(raw)
    }

    /// Reads an object as [`Zoom::get_expecting`] does, and passes it on with a sentence about the `thing` that was found.
    ///
    /// # Errors
    /// As [`Zoom::get`].
    pub fn find<T>(
        &self,
        call: &ApiCall<'_>,
        keys: &[&str],
        thing: impl fmt::Display,
    ) -> Answer<Verbatim<T>> {
        let raw = self.get_expecting(call, keys)?;
        Ok(Outcome::new(format!("Found {thing}."), Verbatim::new(raw)))
    }

    /// Reads what `parse` makes of the answer's text, which nothing else parses before: for large answers. What of it can
    /// be passed on is for `parse` to see.
    ///
    /// # Errors
    /// As [`Zoom::get`], and what `parse` says of a JSON object.
    pub fn read<T>(
        &self,
        call: &ApiCall<'_>,
        parse: impl FnOnce(&str) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let response = self.send(call)?;
        let text = utf_8(&response)?.ok_or_else(|| bad(&response, "nothing"))?;
        parse(text).map_err(|failure| object(&response).err().unwrap_or(failure))
    }

    /// Makes a change. Its answer has to be empty or a JSON object.
    ///
    /// # Errors
    /// Zoom's refusals, and `bad_answer` for a page, which need not come from Zoom. The ledger knows what became of it.
    pub fn change(&self, call: &ApiCall<'_>) -> Result<(), Failure> {
        self.create(call).map(|_| ())
    }

    /// Makes a change, as [`Zoom::change`], and returns the object that Zoom answers with, where it does.
    ///
    /// # Errors
    /// As [`Zoom::change`].
    pub fn create(&self, call: &ApiCall<'_>) -> Result<Option<Box<RawValue>>, Failure> {
        let ledger = self.state.ledger();

        let result = self
            .send(call)
            .and_then(|response| Ok(object(&response)?.map(ToOwned::to_owned)));
        match &result {
            Ok(_) => ledger.applied(),
            Err(failure) if may_have_happened(failure) => {}
            Err(_) => ledger.refused(),
        }

        result
    }

    /// Makes a new token whatever the store holds, and leaves it there for others.
    ///
    /// # Errors
    /// As [`token::mint`].
    pub fn mint(&self) -> Result<Token, Failure> {
        self.prepare();
        let token = token::mint(self.http, self.resource, &self.budget)?;
        self.state.token(TokenSource::Minted);
        self.state.secrets(|secrets| secrets.add(&token.secret));
        self.tokens.keep(self.resource, &token);
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }

    /// Opens the API's connection while the token is fetched. Not where both have one address: the token's connection
    /// serves the API as well then, and an idle one would only be in its way.
    fn prepare(&self) {
        if host(&self.resource.token_url) != host(&self.resource.api_url) {
            self.http.prepare(&self.resource.api_url);
        }
    }

    fn token(&self, refused: Option<&Secret<String>>) -> Result<Secret<String>, Failure> {
        let mut held = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*held
            && refused != Some(&token.secret)
        {
            return Ok(token.secret.clone());
        }

        let mut mint = || {
            self.prepare();
            token::mint(self.http, self.resource, &self.budget)
        };
        let (token, cached) =
            self.tokens
                .obtain(self.resource, refused, &self.budget, &mut mint)?;
        self.state.token(match (refused, cached) {
            (Some(_), _) => TokenSource::Renewed,
            (None, true) => TokenSource::Cached,
            (None, false) => TokenSource::Minted,
        });

        self.state.secrets(|secrets| secrets.add(&token.secret));
        let secret = token.secret.clone();
        *held = Some(token);

        Ok(secret)
    }

    /// Sends a call with a token, and once more with a new one when Zoom does not accept the first (401, 124).
    fn send(&self, call: &ApiCall<'_>) -> Result<Response, Failure> {
        let mut request = Request {
            method: call.endpoint.method,
            url: self.url(call),
            credentials: None,
            body: call.body.map(|body| Body::Json(body.to_string())),
            timeout: Duration::ZERO,
        };

        let mut refused: Option<Secret<String>> = None;
        loop {
            if self.state.is_cancelled() {
                return Err(Failure::new(Code::Cancelled, "The run was cancelled."));
            }
            let token = self.token(refused.as_ref())?;
            self.state.subject(call.about.to_string());
            request.credentials = Some(Credentials::Bearer(token.clone()));
            request.timeout = self.budget.left();
            if request.is_change() && !self.state.ledger().begin() {
                return Err(Failure::new(
                    Code::Cancelled,
                    "The run was cancelled before the change was sent.",
                ));
            }
            let response = self.http.send(&request).map_err(|broken| {
                if request.is_change() && broken.stage.is_before_send() {
                    self.state.ledger().refused();
                }
                let now = self.budget.clock().system_time();
                error::broken(&broken, host(&request.url), self.budget.left(), now)
            })?;
            let Some(failure) = self.failure(&response, call) else {
                return Ok(response);
            };
            if refused.is_none() && failure.code == Code::Unauthorized {
                log::debug!("the access token was refused; asking for another");
                self.state.retried();
                if request.is_change() {
                    self.state.ledger().will_retry();
                }
                refused = Some(token);
                continue;
            }
            return Err(failure);
        }
    }

    /// Returns the failure that an answer tells; an error code inside a 2xx answer counts.
    fn failure(&self, response: &Response, call: &ApiCall<'_>) -> Option<Failure> {
        if (200..300).contains(&response.status) && !error::is_error(&response.body) {
            return None;
        }

        let mut failure = error::refused(response, call.about, self.budget.clock().system_time());
        if failure.code == Code::MissingScope && failure.scopes.is_empty() {
            let held = self.token.lock().unwrap_or_else(PoisonError::into_inner);
            let granted = held.as_ref().and_then(|token| token.scope.as_deref());
            let granted: Vec<&str> = granted.unwrap_or_default().split_whitespace().collect();
            let classic = call.endpoint.classic.first().copied();
            // Either would do, unless the app can have only one of them.
            failure.scopes = match call.endpoint.scope_to_add(&granted) {
                Some(scope) if Some(scope) != classic => vec![Some(scope), classic],
                scope => vec![scope],
            }
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        }

        Some(failure)
    }
}

/// The text of a 2xx answer; `None` where it is empty.
fn utf_8(response: &Response) -> Result<Option<&str>, Failure> {
    let text = std::str::from_utf8(&response.body)
        .map_err(|_| bad(response, "something that is not UTF-8"))?;
    let text = text.trim_ascii();
    Ok((!text.is_empty()).then_some(text))
}

/// The JSON object that a 2xx answer holds; `None` where it is empty.
fn object(response: &Response) -> Result<Option<&RawValue>, Failure> {
    let Some(text) = utf_8(response)? else {
        return Ok(None);
    };
    if !json::is_relayable(text.as_bytes()) {
        return Err(bad(
            response,
            "something nested too deep, or a number too large,",
        ));
    }

    let what = if text.starts_with('<') {
        "an HTML page"
    } else {
        "broken JSON"
    };

    let raw: &RawValue = serde_json::from_str(text).map_err(|_| bad(response, what))?;
    if !raw.get().starts_with('{') {
        return Err(bad(response, "a JSON value of another kind"));
    }

    Ok(Some(raw))
}

fn bad(response: &Response, what: &str) -> Failure {
    let message = format!(
        "Zoom answered {} with {what} instead of a JSON object.",
        response.status
    );
    let mut failure = Failure::new(Code::BadAnswer, message);
    failure.zoom = Some(error::said(response, None));
    failure
}

/// True when a change may have happened although the call failed: it was sent, and no refusal of Zoom's came back.
fn may_have_happened(failure: &Failure) -> bool {
    match &failure.zoom {
        Some(said) => match said.http_status {
            // A page in a success's place says nothing.
            200..300 => failure.code == Code::BadAnswer,
            status => status >= 500,
        },
        None => matches!(
            failure.code,
            Code::Unreachable | Code::Timeout | Code::BadAnswer
        ),
    }
}
