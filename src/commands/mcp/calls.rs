//! One call of a tool: plans a change, has it confirmed, runs it, and keeps its audit line. Each runs on a thread of its
//! own, and can be cancelled like a run by a signal.

use super::audit::{Audit, Confirmed, Record};
use super::confirm::{Answer, Policy, Seal, question};
use super::tools::{DEFAULT_LIMIT, LARGEST_LIMIT, is_list};
use super::wire::{Out, visible, visible_json};
use crate::action::{Entry, Kind};
use crate::protocol::failure::{ChangeOutcome, Code, Failure};
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
        let arguments = match self.limited() {
            Ok(arguments) => arguments,
            Err(failure) => {
                return (
                    Ended::Envelope(self.refuse(shared, &failure)),
                    Confirmed::Nobody,
                );
            }
        };
        let run = |arguments, warning| Ended::Envelope(self.envelope(shared, arguments, warning));

        let is_change = self.entry.kind == Kind::Containment;
        let is_dry = self.arguments.get("dry_run").is_some_and(|given| {
            let text = given.as_str().unwrap_or_default().to_ascii_lowercase();
            *given == Value::Bool(true)
                || *given == 1
                || matches!(text.as_str(), "true" | "1" | "yes" | "on")
        });
        if !is_change || is_dry {
            return (run(arguments, None), Confirmed::Nobody);
        }
        if shared.audit.is_broken() {
            let failure = Failure::new(
                Code::HostLimit,
                "The audit can't be written, so that changes are refused.",
            )
            .hint("Free space for the audit file, and start the server again.");
            return (
                Ended::Envelope(self.refuse(shared, &failure)),
                Confirmed::Nobody,
            );
        }

        match (shared.policy, &self.asking) {
            (Policy::Never, _) => (run(arguments, None), Confirmed::Nobody),
            (Policy::Ask, Asking::Unable) => {
                let warning =
                    "Nobody was asked: this client can't ask. Its own approval is all there was.";
                (run(arguments, Some(warning)), Confirmed::Client)
            }
            (Policy::Require, Asking::Unable) => {
                let failure = Failure::new(
                    Code::Forbidden,
                    "A person has to confirm changes, and this client can't ask one.",
                )
                .hint("Use a client with elicitation, or start the server with --confirm ask.");
                (
                    Ended::Envelope(self.refuse(shared, &failure)),
                    Confirmed::Nobody,
                )
            }
            _ => self.ask(shared, arguments),
        }
    }

    /// Plans the change, asks, and makes it only after a yes to this very plan.
    fn ask(&self, shared: &Shared, arguments: Map<String, Value>) -> (Ended, Confirmed) {
        let mut dry = arguments.clone();
        dry.insert("dry_run".to_owned(), Value::Bool(true));
        let plan = self.envelope(shared, dry, None);
        // Refused before it was made, or nothing to do: nothing to ask.
        if plan.get("status").is_none_or(|status| status != "success")
            || plan.pointer("/data/request").is_none()
        {
            return (Ended::Envelope(plan), Confirmed::Nobody);
        }

        let now = shared.engine.clock.system_time();
        let answer = match &self.asking {
            Asking::Request(ask, with_mode) => ask(question(self.entry.id, &plan, *with_mode))
                .map_or(Answer::No, |response| super::confirm::answer(&response)),
            Asking::Retry { state, answer } => {
                let is_ours = state.as_ref().is_some_and(|state| {
                    shared
                        .seal
                        .opens(state, self.entry.id, &self.arguments, &plan, now)
                });
                match answer.as_ref().filter(|_| is_ours) {
                    Some(response) => super::confirm::answer(response),
                    None => {
                        let Some(state) =
                            shared.seal.seal(self.entry.id, &self.arguments, &plan, now)
                        else {
                            let failure = Failure::internal("The system gives no random numbers.");
                            return (
                                Ended::Envelope(self.refuse(shared, &failure)),
                                Confirmed::Nobody,
                            );
                        };
                        return (
                            Ended::Question {
                                question: question(self.entry.id, &plan, true),
                                state,
                            },
                            Confirmed::Nobody,
                        );
                    }
                }
            }
            Asking::Unable => Answer::No,
        };

        match answer {
            Answer::Yes => (
                Ended::Envelope(self.envelope(shared, arguments, None)),
                Confirmed::Person,
            ),
            Answer::No => {
                let failure = Failure::new(Code::Cancelled, "Not confirmed; nothing was changed.")
                    .hint("Ask the person what to do instead.");
                (
                    Ended::Envelope(self.refuse(shared, &failure)),
                    Confirmed::Nobody,
                )
            }
        }
    }

    /// The arguments, lists with a limit that an agent can read.
    fn limited(&self) -> Result<Map<String, Value>, Failure> {
        let mut arguments = self.arguments.clone();
        if !is_list(self.entry) {
            return Ok(arguments);
        }
        let given = arguments.get("limit").filter(|given| !given.is_null());
        let number = given.and_then(|given| {
            given
                .as_u64()
                .or_else(|| given.as_str()?.trim().parse().ok())
        });

        if number.is_some_and(|number| number > LARGEST_LIMIT) {
            return Err(Failure::parameter(
                "limit",
                format!("`limit` must be at most {LARGEST_LIMIT}."),
            ));
        }
        if given.is_none() {
            arguments.insert("limit".to_owned(), DEFAULT_LIMIT.into());
        }
        Ok(arguments)
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
