//! One call of a tool: plans a change, has it confirmed, runs it, and keeps its audit line. Each runs on a thread of its
//! own, and can be cancelled like a run by a signal.

use super::audit::{Audit, Confirmed, Record};
use super::confirm::{Policy, Seal, is_yes, question};
use super::tools::{DEFAULT_LIMIT, LARGEST_LIMIT, LEFT_OUT, is_list};
use super::wire::{Out, visible, visible_json};
use crate::action::{Entry, Kind};
use crate::protocol::failure::{ChangeOutcome, Code, Failure};
use crate::protocol::parameter::{clean, is_given};
use crate::protocol::request::Request;
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{catch_panic, overdue};
use crate::run::{Engine, answer};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The longest that an output in memory is waited for.
const PATIENCE: Duration = Duration::from_millis(100);

/// The state that all calls share.
pub struct Shared {
    pub engine: Engine,
    pub resource: Map<String, Value>,
    pub policy: Policy,
    /// Tools that the operator excluded by name.
    pub excluded: Vec<String>,
    pub audit: Audit,
    pub seal: Seal,
    pub out: Out,
}

/// A client's way to ask a person.
pub enum Asking {
    /// It has none.
    Unable,
    /// The older era: a request to the client, whose answer comes over the function. `true`: it knows modes.
    Request(Box<dyn Fn(Value) -> Option<Value> + Send>, bool),
    /// The stateless era: the answer to the call is the question, the retry brings these.
    Retry {
        state: Option<String>,
        answer: Option<Value>,
    },
}

/// One call.
pub struct Call {
    pub entry: &'static Entry,
    pub arguments: Map<String, Value>,
    pub client: Value,
    pub asking: Asking,
    /// The run that goes on now, where the loop can cancel and watch it.
    pub slot: Arc<Slot>,
}

/// The place of a call's run. A call may run twice, to plan and to change: cancelled once, it never begins another.
#[derive(Default)]
pub struct Slot(Mutex<(Option<Arc<Session>>, bool)>);

impl Slot {
    fn lock(&self) -> std::sync::MutexGuard<'_, (Option<Arc<Session>>, bool)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run that goes on, or the last one.
    pub fn session(&self) -> Option<Arc<Session>> {
        self.lock().0.clone()
    }

    /// Ends the run that goes on: no further request goes to Zoom. Returns what became of its change.
    pub fn cancel(&self, why: &str) -> Option<ChangeOutcome> {
        let session = {
            let mut slot = self.lock();
            slot.1 = true;
            slot.0.clone()?
        };
        session.state().cancel();
        let outcome = session.state().close_changes();
        session.finish_within(&Failure::new(Code::Cancelled, why), PATIENCE);
        outcome
    }

    /// Takes the place of the run before. A cancelled call's run sends nothing.
    fn begin(&self, session: &Arc<Session>) {
        let mut slot = self.lock();
        if slot.1 {
            session.state().cancel();
            let _ = session.state().close_changes();
        }
        slot.0 = Some(Arc::clone(session));
    }
}

pub type Session = EnvelopeSession<Buffer>;

/// The end of a call.
pub enum Ended {
    /// With an envelope.
    Envelope(Value),
    /// With a question, in the stateless era.
    Question { question: Value, state: String },
}

/// An output in memory.
#[derive(Clone, Default)]
pub struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Call {
    /// Runs the call to its end.
    pub fn run(&self, shared: &Shared) -> Ended {
        let (ended, confirmed) = self.confirmed_run(shared);

        if let Ended::Envelope(envelope) = &ended {
            shared.audit.keep(&Record {
                time: crate::zoom::error::rfc3339(shared.engine.clock.system_time()),
                client: &self.client,
                tool: self.entry.id,
                arguments: &self.arguments,
                confirmed,
                envelope,
            });
        }
        ended
    }

    fn confirmed_run(&self, shared: &Shared) -> (Ended, Confirmed) {
        let nobody = |envelope| (Ended::Envelope(envelope), Confirmed::Nobody);
        let mut arguments = match self.checked(shared) {
            Ok(arguments) => arguments,
            Err(failure) => return nobody(self.refuse(shared, &failure)),
        };

        if self.entry.kind != Kind::Containment {
            return nobody(self.envelope(shared, arguments, None));
        }
        if self.is_dry() {
            // In so many words: nothing that is run without a question may depend on how a text is read.
            arguments.insert("dry_run".to_owned(), Value::Bool(true));
            return nobody(self.envelope(shared, arguments, None));
        }
        if shared.audit.is_broken() {
            let message = "The audit can't be written, so that changes are refused.";
            let failure = Failure::new(Code::HostLimit, message)
                .hint("Free space for the audit file, and start the server again.");
            return nobody(self.refuse(shared, &failure));
        }

        match (shared.policy, &self.asking) {
            (Policy::Never, _) => nobody(self.envelope(shared, arguments, None)),
            (Policy::Ask, Asking::Unable) => {
                let warning =
                    "Nobody was asked: this client can't ask. Its own approval is all there was.";
                let envelope = self.envelope(shared, arguments, Some(warning));
                (Ended::Envelope(envelope), Confirmed::Client)
            }
            (Policy::Require, Asking::Unable) => {
                let message = "A person has to confirm changes, and this client can't ask one.";
                let failure = Failure::new(Code::Forbidden, message)
                    .hint("Use a client with elicitation, or start the server with --confirm ask.");
                nobody(self.refuse(shared, &failure))
            }
            _ => self.ask(shared, arguments),
        }
    }

    /// Plans the change, asks, and makes it only after a yes to this very plan.
    fn ask(&self, shared: &Shared, arguments: Map<String, Value>) -> (Ended, Confirmed) {
        let nobody = |envelope| (Ended::Envelope(envelope), Confirmed::Nobody);
        let mut dry = arguments.clone();
        dry.insert("dry_run".to_owned(), Value::Bool(true));
        let plan = self.envelope(shared, dry, None);
        // Refused before it was made, or nothing to do: nothing to ask.
        if plan.get("status").is_none_or(|status| status != "success")
            || plan.pointer("/data/request").is_none()
        {
            return nobody(plan);
        }

        let response = match &self.asking {
            Asking::Unable => None,
            Asking::Request(ask, with_mode) => ask(question(self.entry, &plan, *with_mode)),
            Asking::Retry { state, answer } => {
                let now = shared.engine.clock.system_time();
                let (tool, given) = (self.entry.id, &self.arguments);
                // The state is used up by its answer alone: a retry without one asks again.
                let agreed = answer.as_ref().filter(|_| {
                    let state = state.as_deref().unwrap_or_default();
                    shared.seal.opens(state, tool, given, &plan, now)
                });
                if agreed.is_none() {
                    let Some(state) = shared.seal.seal(tool, given, &plan, now) else {
                        let failure = Failure::internal("The system gives no random numbers.");
                        return nobody(self.refuse(shared, &failure));
                    };
                    let question = question(self.entry, &plan, true);
                    return (Ended::Question { question, state }, Confirmed::Nobody);
                }
                agreed.cloned()
            }
        };

        if !response.is_some_and(|response| is_yes(&response)) {
            let failure = Failure::new(Code::Cancelled, "Not confirmed; nothing was changed.")
                .hint("Ask the person what to do instead.");
            return nobody(self.refuse(shared, &failure));
        }
        (
            Ended::Envelope(self.envelope(shared, arguments, None)),
            Confirmed::Person,
        )
    }

    /// Returns the arguments as they are run: without what is not offered to agents, and lists with a limit.
    fn checked(&self, shared: &Shared) -> Result<Map<String, Value>, Failure> {
        let rollback = self.arguments.get("rollback");
        let inner = rollback.and_then(|rollback| rollback.get("parameters"));
        let has = |name: &str| {
            self.arguments.contains_key(name)
                || inner.is_some_and(|inner| inner.get(name).is_some())
        };
        if let Some(name) = LEFT_OUT.into_iter().find(|name| has(name)) {
            let message = format!("Agents can't set `{name}`.");
            return Err(Failure::parameter(name, message).hint("Leave it out."));
        }

        // Else Roll Back would be a way around what the operator excluded.
        let action = rollback.and_then(|rollback| rollback.get("action"));
        let action = action.and_then(Value::as_str).unwrap_or_default();
        if shared.excluded.iter().any(|excluded| excluded == action) {
            let message = format!("The rollback runs {action}, which this server excludes.");
            return Err(Failure::new(Code::Forbidden, message)
                .hint("Ask a person to undo the change in another way."));
        }

        let mut arguments = self.arguments.clone();
        if !is_list(self.entry) {
            return Ok(arguments);
        }
        let limit = arguments.get("limit").filter(|limit| is_given(limit));
        let Some(limit) = limit else {
            arguments.insert("limit".to_owned(), DEFAULT_LIMIT.into());
            return Ok(arguments);
        };
        let number = limit
            .as_f64()
            .or_else(|| clean(limit.as_str()?).parse().ok());
        if number.is_some_and(|number: f64| number > f64::from(LARGEST_LIMIT)) {
            let message = format!("`limit` must be at most {LARGEST_LIMIT}.");
            return Err(Failure::parameter("limit", message));
        }
        Ok(arguments)
    }

    /// True where the caller asks for a plan alone.
    fn is_dry(&self) -> bool {
        match self.arguments.get("dry_run") {
            Some(Value::Bool(dry)) => *dry,
            Some(Value::Number(number)) => number.as_f64() == Some(1.0),
            Some(Value::String(text)) => {
                let text = clean(text).to_ascii_lowercase();
                ["true", "1", "yes", "on"].contains(&text.as_str())
            }
            _ => false,
        }
    }

    /// Runs the action once; returns its envelope.
    fn envelope(
        &self,
        shared: &Shared,
        parameters: Map<String, Value>,
        warning: Option<&str>,
    ) -> Value {
        let request = Request {
            action: self.entry.id.to_owned(),
            parameters,
            resource: Some(shared.resource.clone()),
            ..Request::default()
        };

        self.session(shared, |session| {
            if let Some(warning) = warning {
                session.state().warn(warning);
            }
            answer(&shared.engine, session, Ok(request), None);
        })
    }

    /// The envelope of a call that was not run.
    fn refuse(&self, shared: &Shared, failure: &Failure) -> Value {
        self.session(shared, |session| {
            session
                .state()
                .set_mutating(self.entry.kind == Kind::Containment);
            session.head(crate::protocol::envelope::Head {
                action: Some(self.entry.id.to_owned()),
                ..crate::protocol::envelope::Head::default()
            });
            session.finish(Err(failure));
        })
    }

    fn session(&self, shared: &Shared, act: impl FnOnce(&Session)) -> Value {
        let buffer = Buffer::default();
        let is_sandbox = shared.engine.instead.is_some();
        let session = Arc::new(Session::start(
            buffer.clone(),
            Arc::clone(&shared.engine.clock),
            is_sandbox,
        ));
        self.slot.begin(&session);

        if let Err(bug) = catch_panic(|| act(&session)) {
            session.finish_within(&bug, PATIENCE);
        }
        let bytes = buffer.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut envelope: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        tell_how_to_get_more(&mut envelope);
        envelope
    }
}

/// Says how to get the rest of a list that is not complete.
fn tell_how_to_get_more(envelope: &mut Value) {
    let is_cut = envelope
        .get("status")
        .is_some_and(|status| status == "success")
        && envelope.pointer("/data/complete") == Some(&Value::Bool(false));
    if let (true, Some(message)) = (is_cut, envelope.get("message").and_then(Value::as_str)) {
        envelope["message"] =
            format!("{message} Call again with a larger limit (at most {LARGEST_LIMIT}) for more.")
                .into();
    }
}

/// The result of a tool call: for people and older clients a text and the envelope as JSON, for others the envelope.
pub fn result(envelope: &Value) -> Value {
    let is_error = envelope
        .get("status")
        .is_none_or(|status| status != "success");
    let text = |path: &str| {
        envelope
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut words = visible(text("/message"));
    if is_error {
        words.push_str(&format!(
            " {} ({})",
            visible(text("/error/hint")),
            text("/error/code")
        ));
    }

    json!({
        "content": [
            {"type": "text", "text": words},
            {"type": "text", "text": visible_json(&envelope.to_string())},
        ],
        "structuredContent": envelope,
        "isError": is_error,
    })
}

/// Ends a run that is past its deadline.
pub fn end_overdue(session: &Session) {
    session.state().cancel();
    session.finish_within(&overdue(), PATIENCE);
}
