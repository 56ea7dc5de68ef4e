//! Turns a request into an envelope: finds the action, checks the resource, runs, wraps; an envelope comes even where a run is
//! cut short. Begin with [`answer`].
//!
//! Children: `session` (one envelope in the making), `supervise` (deadline, signals, panics).

pub mod session;
pub mod supervise;

use crate::action::{Entry, Kind};
use crate::actions;
use crate::clock::{Budget, Clock};
use crate::http::Http;
use crate::http::client::unreadable_certificate_file;
use crate::http::retry::Retry;
use crate::protocol::envelope::Head;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::meta::RunState;
use crate::protocol::request::{Refused, Request};
use crate::protocol::resource::{self, Resource};
use crate::protocol::suggest::quoted;
use crate::zoom::client::Zoom;
use crate::zoom::token::TokenStore;
use session::EnvelopeSession;
use std::io::Write;
use std::sync::Arc;

/// Makes the way to the network, or to a recording, for a resource.
pub type Connect = Box<dyn Fn(&Resource) -> Box<dyn Http> + Send + Sync>;

/// The clock, the tokens and the network that all runs of a process share.
pub struct Engine {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The store of tokens.
    pub tokens: Box<dyn TokenStore>,
    /// Makes the way to the network, or to a recording, for a resource.
    pub connect: Connect,
    /// Replaces every request's resource: the sandbox's.
    pub instead: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Runs what `parsed` asks for and ends the session's envelope; answers with the exit code.
pub fn answer<W: Write + Send>(
    engine: &Engine,
    session: &EnvelopeSession<W>,
    parsed: Result<Request, Box<Refused>>,
    line: Option<u64>,
) -> u8 {
    match parsed {
        Ok(request) => {
            let result = run(engine, session, request, line);
            session.finish(result.as_ref())
        }
        Err(refused) => {
            let Refused {
                mut failure,
                id,
                action,
            } = *refused;
            let entry = action.as_deref().and_then(actions::find);
            if let Some(entry) = entry {
                name_action(&mut failure, entry);
            }
            session.state().set_mutating(entry.is_some_and(changes));
            let action = entry.map(|entry| entry.id.to_owned()).or(action);
            session.head(Head {
                action,
                id,
                line,
                label: None,
            });
            session.finish(Err(&failure))
        }
    }
}

/// Tells `session` what it was to answer, where nothing can be run.
pub fn describe<W: Write + Send>(
    session: &EnvelopeSession<W>,
    parsed: Result<Request, Box<Refused>>,
) {
    let (action, id, label) = match parsed {
        Ok(request) => {
            let label = request.resource.as_ref().map(resource::label);
            (Some(request.action), request.id, label)
        }
        Err(refused) => (refused.action, refused.id, None),
    };

    let entry = action.as_deref().and_then(actions::find);
    session.state().set_mutating(entry.is_some_and(changes));

    session.head(Head {
        action: entry.map(|entry| entry.id.to_owned()).or(action),
        id,
        line: None,
        label,
    });
}

fn run<W: Write + Send>(
    engine: &Engine,
    session: &EnvelopeSession<W>,
    request: Request,
    line: Option<u64>,
) -> Result<crate::protocol::envelope::Success, Failure> {
    let Request {
        action,
        parameters,
        resource: mut given,
        id,
    } = request;

    if let Some(instead) = &engine.instead {
        let mut fields = given.unwrap_or_default();
        fields.extend(instead.clone());
        given = Some(fields);
    }

    let label = given.as_ref().map(resource::label);
    let mut head = Head {
        action: Some(action),
        label,
        id,
        line,
    };

    let Some(entry) = head.action.as_deref().and_then(actions::find) else {
        let name = head.action.clone().unwrap_or_default();
        session.head(head);
        return Err(unknown_action(&name));
    };

    head.action = Some(entry.id.to_owned());
    session.head(head);
    session.state().set_mutating(changes(entry));
    let given = given.ok_or_else(|| {
        Failure::resource(
            "resource",
            "`resource` is missing: the request must say how to reach Zoom.",
        )
    })?;

    let resource = resource::check(given)?;
    if !resource.verify_certificate {
        session.state().warn("`verify_certificate` is off: any certificate is accepted, and anyone on the network path can read the client secret.");
    }

    if let Some(warning) = unreadable_certificate_file() {
        session.state().warn(warning);
    }

    keep_secrets(session.state(), &resource);
    let budget = Budget::new(engine.clock.clone(), resource.timeout);
    session.deadline(resource.timeout);
    let http = Retry::new(
        (engine.connect)(&resource),
        budget.clone(),
        session.state_shared(),
    );

    let zoom = Zoom::new(
        &http,
        &resource,
        &*engine.tokens,
        session,
        budget,
        session.state_shared(),
    );

    (entry.run)(parameters, &zoom).map_err(|mut failure| {
        name_action(&mut failure, entry);
        failure
    })
}

/// Puts the action's id into the hint about its parameters.
fn name_action(failure: &mut Failure, entry: &Entry) {
    if failure.code == Code::InvalidParameters && failure.hint.is_none() {
        let hint = failure.code.info().hint;
        failure.hint = Some(hint.replace("ACTION", entry.id));
    }
}

/// Sees to it that what is secret in a resource is struck out wherever `state`'s scrubber goes.
pub fn keep_secrets(state: &RunState, resource: &Resource) {
    state.secrets(|secrets| {
        secrets.add(&resource.client_secret);
        secrets.add_basic(&resource.client_id, &resource.client_secret);
        if let Some((user, password, given)) = resource.proxy_credentials() {
            secrets.add(&password);
            secrets.add(&given);
            secrets.add_basic(&user, &password);
        }
    });
}

/// True when an action changes something at Zoom: then a failure has to say what became of it.
pub(crate) fn changes(entry: &Entry) -> bool {
    entry.kind == Kind::Containment
}

/// The failure of a request for an action that is not there.
#[must_use]
pub fn unknown_action(name: &str) -> Failure {
    let ids: Vec<&str> = actions::all().map(|entry| entry.id).collect();
    let told = match (impossible(name), actions::nearest(name)) {
        (Some(why), _) => format!(" {why}"),
        (None, Some(near)) => format!(" Did you mean \"{near}\"?"),
        (None, None) => String::new(),
    };

    let message = format!(
        "There is no action {}.{told} There are: {}.",
        quoted(name),
        ids.join(", ")
    );

    Failure::new(Code::UnknownAction, message).at("action")
}

/// Says why there is no such action, for what responders look for and Zoom has no call for.
fn impossible(name: &str) -> Option<&'static str> {
    let words = actions::plain(name);
    let any = |of: &[&str]| words.split('_').any(|word| of.contains(&word));
    if any(&["participant", "participants", "attendee", "attendees"])
        && any(&[
            "remove",
            "kick",
            "expel",
            "mute",
            "unmute",
            "ban",
            "admit",
            "disconnect",
        ])
    {
        return Some(
            "Zoom has no call that removes or mutes one participant: `end_meeting` ends the meeting for all, and `update_meeting` turns on the waiting room.",
        );
    }

    if any(&["password", "passwords"]) && any(&["reset", "change", "set", "expire"]) {
        return Some(
            "Passwords of users are not reset here: `deactivate_user` keeps a user out, and `revoke_sso_token` ends single sign-on sessions.",
        );
    }

    if any(&["session", "sessions", "logout", "signout"]) || words.contains("sign_out") {
        return Some(
            "Zoom has no call that ends all sessions of a user: `revoke_sso_token` ends those of single sign-on, and `deactivate_user` keeps a user out.",
        );
    }

    None
}
