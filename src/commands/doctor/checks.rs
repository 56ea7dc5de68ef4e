//! The checks in their order; what can't be checked because an earlier one failed is skipped. Begin at `Patient::examine`.

use super::connection::{Judge, took};
use super::report::{Event, Finding};
use crate::actions;
use crate::actions::test::{Readiness, call_api, readiness, remarks};
use crate::clock::{Budget, Clock};
use crate::http::client::ReqwestClient;
use crate::http::retry::Retry;
use crate::http::{Http, Request, Response, TransportError};
use crate::protocol::envelope::ListState;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::meta::RunState;
use crate::protocol::resource::Resource;
use crate::run::Engine;
use crate::zoom::client::{ItemSink, Zoom};
use crate::zoom::endpoint::host;
use crate::zoom::error::broken;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use url::Url;

/// A clock that is further off than this is warned of. Less is what slow answers and whole seconds make of a good one.
const SKEW: Duration = Duration::from_secs(60);

/// One resource and the time there is for it.
pub struct Patient {
    engine: Engine,
    resource: Resource,
    /// The action of the request, where a whole request was given.
    action: Option<String>,
    state: Arc<RunState>,
    budget: Budget,
    tell: Sender<Option<Event>>,
}

impl Patient {
    pub fn new(
        engine: Engine,
        resource: Resource,
        action: Option<String>,
        state: Arc<RunState>,
        tell: Sender<Option<Event>>,
    ) -> Self {
        let budget = Budget::new(Arc::clone(&engine.clock), resource.timeout);
        Self {
            engine,
            resource,
            action,
            state,
            budget,
            tell,
        }
    }

    /// Makes all checks.
    pub fn examine(&self) {
        self.found(Finding::well(
            "fields",
            format!(
                "all fit; {} s for everything",
                self.resource.timeout.as_secs()
            ),
        ));

        // Given up, not closed, as every command does: to close it would wait for its thread.
        let wire: &'static ReqwestClient =
            Box::leak(Box::new(crate::commands::client(&self.resource)));
        if let Err(why) = wire.ready() {
            let failure = broken(
                &why,
                "",
                self.budget.left(),
                self.budget.clock().system_time(),
            );
            let finding = Finding::failed("connection", failure.code, failure.message.clone());
            self.found(
                finding
                    .cure(
                        "Correct what is named there: it is a field of the resource, or a variable of the environment.",
                    )
                    .skipping("everything else"),
            );
        } else {
            let (token, api) = (
                self.resource.token_url.as_str(),
                self.resource.api_url.as_str(),
            );
            if host(token) == host(api) {
                let stands = self.connect(wire, token, "token_url", "tokens and API");
                self.zoom(wire, stands, stands);
            } else {
                let token = self.connect(wire, token, "token_url", "tokens");
                let api = self.connect(wire, api, "api_url", "API");
                self.zoom(wire, token, api);
            }
        }

        let _ = self.tell.send(None);
    }

    fn found(&self, finding: Finding) {
        let _ = self.tell.send(Some(Event::Found(finding)));
    }

    fn part(&self, part: impl Into<String>) {
        let _ = self.tell.send(Some(Event::Part(part.into())));
    }

    /// The way to one host; true when a connection stood.
    fn connect(&self, wire: &ReqwestClient, url: &str, field: &str, purpose: &str) -> bool {
        let parsed = Url::parse(url).ok();
        let port = parsed
            .as_ref()
            .and_then(Url::port_or_known_default)
            .unwrap_or_default();
        let name = parsed.as_ref().and_then(Url::host_str).unwrap_or_default();
        let host = format!("{name}:{port}");
        self.part(format!("{host}, for {purpose}"));

        if self.budget.left().is_zero() {
            self.found(out_of_time("connect"));
            return false;
        }

        let way = wire.probe(url, self.budget.left());
        let judge = Judge {
            way: &way,
            host: &host,
            field,
            plain: url.starts_with("http:"),
            verify: self.resource.verify_certificate,
            now: self.budget.clock().system_time(),
            left: self.budget.left(),
        };

        for finding in judge.findings() {
            self.found(finding);
        }

        way.outcome.is_ok()
    }

    /// The scopes of the request's own action. The summary of all actions only warns, but a request whose action can't
    /// run will fail.
    fn action_scopes(&self, granted: Option<&[&str]>) -> Option<Finding> {
        let entry = actions::find(self.action.as_deref()?)?;
        let action = readiness(Some(granted?))
            .into_iter()
            .find(|action| action.action == entry.id)?;

        Some(own_scopes(&action))
    }

    fn zoom(&self, wire: &ReqwestClient, token_host: bool, api_host: bool) {
        self.part("Zoom");
        let heard = Heard {
            inner: wire,
            clock: Arc::clone(&self.engine.clock),
            date: Mutex::new(None),
        };

        let http = Retry::new(&heard, self.budget.clone(), Arc::clone(&self.state));
        let zoom = Zoom::new(
            &http,
            &self.resource,
            &*self.engine.tokens,
            &NoList,
            self.budget.clone(),
            Arc::clone(&self.state),
        );

        let clock = &*self.engine.clock;
        let start = clock.now();

        // Always a new one: a kept one would prove the credentials of an hour ago. It is left for others, since with some
        // apps it ends the one before.
        let minted = if token_host { Some(zoom.mint()) } else { None };
        let took_token = clock.now().saturating_sub(start);
        let token = match minted {
            None => {
                self.found(Finding::skipped(
                    "token",
                    "there is no connection for tokens",
                ));
                None
            }
            Some(Err(failure)) => {
                self.found(Finding::of("token", &failure));
                None
            }
            Some(Ok(token)) => {
                let valid = token
                    .expires_at
                    .duration_since(clock.system_time())
                    .unwrap_or_default();
                let minutes = (valid.as_secs() + 30) / 60;
                self.found(Finding::well(
                    "token",
                    format!(
                        "granted, valid for {minutes} minutes{}",
                        took(Some(took_token))
                    ),
                ));
                Some(token)
            }
        };

        let scope = token.as_ref().and_then(|token| token.scope.as_deref());
        let granted: Option<Vec<&str>> = scope.map(|scope| scope.split_whitespace().collect());
        let start = clock.now();
        let called = match (&token, api_host) {
            (None, _) => Err(Finding::skipped("API call", "there is no token")),
            (Some(_), false) => Err(Finding::skipped(
                "API call",
                "there is no connection for the API",
            )),
            (Some(_), true) => Ok(call_api(&zoom, granted.as_deref().unwrap_or_default())),
        };

        let took_call = clock.now().saturating_sub(start);
        self.found(heard.skew());
        self.found(if token.is_some() {
            scopes(granted.as_deref())
        } else {
            Finding::skipped("scopes", "there is no token")
        });

        if let Some(finding) = self.action_scopes(granted.as_deref()) {
            self.found(finding);
        }

        self.found(match called {
            Err(skipped) => skipped,
            Ok(Err(failure)) => Finding::of("API call", &failure),
            Ok(Ok(())) => Finding::well("API call", format!("answered{}", took(Some(took_call)))),
        });

        let retries = self.state.meta().retries;
        if retries > 0 {
            let text = format!(
                "Requests had to be tried again, {retries} in all: the connection or Zoom is unsteady."
            );
            self.found(
                Finding::warning("retries", text)
                    .cure("`RUST_LOG=info zoom-runner doctor` shows each try."),
            );
        }
    }
}

/// The advice on scopes that the app lacks.
const ADD_SCOPES: &str = "Where you want these actions, add the scopes on the app's page in the Zoom App Marketplace, under Scopes; the next token carries them.";

fn scopes(granted: Option<&[&str]>) -> Finding {
    let Some(known) = granted else {
        return Finding::warning(
            "scopes",
            "Zoom did not say which it granted, so that no action could be checked.",
        );
    };

    let actions = readiness(granted);
    let ready = actions
        .iter()
        .filter(|action| action.ready == Some(true))
        .count();
    let all = actions.len();
    let remarks = remarks(&actions, known);

    match (ready, remarks.is_empty()) {
        (0, _) => {
            let text = "No action is ready: the app lacks the scopes of every one.";
            Finding::failed("scopes", Code::MissingScope, text)
                .notes(remarks)
                .cure(ADD_SCOPES)
        }
        (_, true) => Finding::well("scopes", format!("all {all} actions are ready")),
        (_, false) => Finding::warning("scopes", format!("{ready} of {all} actions are ready"))
            .notes(remarks)
            .cure(ADD_SCOPES),
    }
}

fn own_scopes(action: &Readiness) -> Finding {
    let name = action.action;
    if action.ready != Some(false) {
        return Finding::well(
            "action",
            format!("{name}, which the request names, is ready"),
        );
    }

    let scopes = action.missing_scopes.join(", ");
    let text = format!("{name}, which the request names, lacks the scope {scopes}.");
    Finding::failed("action", Code::MissingScope, text).cure(format!(
        "Add {scopes} on the app's page in the Zoom App Marketplace, under Scopes; the next token carries it."
    ))
}

/// The result of a check for which no time was left.
pub fn out_of_time(check: &'static str) -> Finding {
    Finding::failed(
        check,
        Code::Timeout,
        "The time ran out; the rest was not checked.",
    )
    .cure("Raise the resource's `timeout`.")
}

/// Listens for what time the servers say it is.
struct Heard<'a> {
    inner: &'a ReqwestClient,
    clock: Arc<dyn Clock>,
    /// The server's time and ours, of the first answer that has one.
    date: Mutex<Option<(SystemTime, SystemTime)>>,
}

impl Http for Heard<'_> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let result = self.inner.send(request);
        if let Ok(response) = &result
            && let Some(theirs) = response
                .header("date")
                .and_then(|date| httpdate::parse_http_date(date).ok())
        {
            self.date
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert((theirs, self.clock.system_time()));
        }

        result
    }

    fn prepare(&self, url: &str) {
        self.inner.prepare(url);
    }
}

impl Heard<'_> {
    fn skew(&self) -> Finding {
        let Some((theirs, ours)) = *self.date.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Finding::skipped("clock", "no answer said what time it is");
        };
        let (off, word) = match ours.duration_since(theirs) {
            Ok(ahead) => (ahead, "ahead of"),
            Err(behind) => (behind.duration(), "behind"),
        };
        if off <= SKEW {
            return Finding::well("clock", "agrees with the server's");
        }

        let text = format!(
            "This machine's clock is {} s {word} the server's.",
            off.as_secs()
        );

        Finding::warning("clock", text).cure(
            "Set the clock, best by NTP. Certificates are judged by it, waits until a daily limit lifts are reckoned by it, and envelopes carry its time.",
        )
    }
}

/// No list is read here.
struct NoList;

impl ItemSink for NoList {
    fn items(&self, _: &str, _: &str, _: ListState) -> Result<(), Failure> {
        Ok(())
    }
}
