//! One envelope in the making: the run writes items to it, and the run or its watcher ends it. Begin with
//! [`EnvelopeSession`].

use crate::clock::Clock;
use crate::protocol::envelope::{Head, ListState, Success, Writer};
use crate::protocol::failure::{ChangeOutcome, Code, Failure};
use crate::protocol::meta::RunState;
use crate::zoom::client::ItemSink;
use std::io::Write;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, SystemTime};

/// One run's envelope, counters and times. Shared by the thread that runs and the one that watches it.
pub struct EnvelopeSession<W> {
    writer: Mutex<Writer<W>>,
    state: Arc<RunState>,
    clock: Arc<dyn Clock>,
    started: Duration,
    started_at: SystemTime,
    deadline: Mutex<Option<Duration>>,
    exit: AtomicU8,
    sandbox: bool,
    /// The failure that the envelope told of.
    failure: Mutex<Option<Failure>>,
    /// The reason why the answer did not reach its reader.
    loss: Mutex<Option<String>>,
}

impl<W: Write + Send> EnvelopeSession<W> {
    /// A session that starts now and writes to `out`; `sandbox` marks the envelope.
    pub fn start(out: W, clock: Arc<dyn Clock>, sandbox: bool) -> Self {
        Self {
            writer: Mutex::new(Writer::new(out)),
            state: Arc::default(),
            started: clock.now(),
            started_at: clock.system_time(),
            clock,
            deadline: Mutex::new(None),
            exit: AtomicU8::new(Code::Internal.info().exit),
            sandbox,
            failure: Mutex::default(),
            loss: Mutex::default(),
        }
    }

    /// The counters.
    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// The counters, to be kept.
    pub fn state_shared(&self) -> Arc<RunState> {
        Arc::clone(&self.state)
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Says what the envelope is an answer to.
    pub fn head(&self, head: Head) {
        self.lock().head(head);
    }

    /// Says how long the run may take from now on.
    pub fn deadline(&self, time: Duration) {
        let deadline = self.clock.now() + time;
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Some(deadline);
    }

    /// Returns the time since the deadline; `None` before it.
    pub fn overdue(&self) -> Option<Duration> {
        let deadline = (*self.deadline.lock().unwrap_or_else(PoisonError::into_inner))?;
        self.clock.now().checked_sub(deadline)
    }

    /// Ends the envelope; answers with the exit code. Where it was ended before, the first code stands.
    pub fn finish(&self, outcome: Result<&Success, &Failure>) -> u8 {
        let mut writer = self.lock();
        self.finish_with(&mut writer, outcome)
    }

    /// As [`EnvelopeSession::finish`], for a watcher that must not wait long: gives up after `patience`, when the output
    /// itself is stuck.
    pub fn finish_within(&self, failure: &Failure, patience: Duration) -> u8 {
        let start = self.clock.now();

        // First of all: whatever is told of the change stays true, also when the output is stuck.
        let mut failure = failure.clone();
        failure.change = failure.change.or(self.state.close_changes());

        loop {
            match self.writer.try_lock() {
                Ok(mut writer) => return self.finish_with(&mut writer, Err(&failure)),
                Err(TryLockError::Poisoned(poisoned)) => {
                    return self.finish_with(&mut poisoned.into_inner(), Err(&failure));
                }
                Err(TryLockError::WouldBlock)
                    if self.clock.now().saturating_sub(start) < patience =>
                {
                    self.clock.sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    self.lose("nobody reads it".to_owned());
                    return failure.exit();
                }
            }
        }
    }

    /// The exit code of an ended session.
    pub fn exit(&self) -> u8 {
        self.exit.load(Ordering::SeqCst)
    }

    /// Returns the output that the envelope was written to.
    pub fn into_output(self) -> W {
        self.writer
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_inner()
    }

    fn finish_with(&self, writer: &mut Writer<W>, outcome: Result<&Success, &Failure>) -> u8 {
        if writer.is_done() {
            return self.exit();
        }

        if self.state.shows_secrets() {
            writer.show_secrets();
        }

        writer.scrub(self.state.scrubber());
        let mut meta = self.state.meta();
        meta.started_at = crate::zoom::error::rfc3339(self.started_at);
        let took = self.clock.now().saturating_sub(self.started).as_millis();
        meta.duration_ms = u64::try_from(took).unwrap_or(u64::MAX);
        meta.sandbox = self.sandbox;

        // From here on no change is sent: what is told of it stays true, however long the output takes.
        let change = self.state.close_changes();
        let (code, written) = match outcome {
            Ok(success) => {
                self.exit.store(0, Ordering::SeqCst);
                (0, writer.finish(Ok(success), meta))
            }
            Err(failure) => {
                let mut failure = failure.clone();
                failure.change = failure.change.or(change);
                failure.add_context(self.state.asked_about().as_deref());
                // Stored before the output may hang: the watching thread ends with it.
                self.exit.store(failure.exit(), Ordering::SeqCst);
                *lock(&self.failure) = Some(failure.clone());
                (failure.exit(), writer.finish(Err(&failure), meta))
            }
        };

        if let Err(error) = written {
            self.lose(error.to_string());
            if code == 0 {
                // The action went well, and its caller does not know: not a success.
                self.exit.store(lost_exit(change), Ordering::SeqCst);
            }
        }

        self.exit()
    }

    /// Returns the failure that the envelope told of, secrets included.
    pub fn failure(&self) -> Option<Failure> {
        lock(&self.failure).clone()
    }

    /// Says why the answer could not be handed over, and what became of the change; `None` where it was handed over.
    pub fn loss(&self) -> Option<String> {
        let reason = lock(&self.loss).clone()?;
        Some(loss_sentence(&reason, self.state.close_changes()))
    }

    /// Notes why the answer could not be handed over; the first reason stands.
    fn lose(&self, reason: String) {
        lock(&self.loss).get_or_insert(reason);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Writer<W>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write + Send> ItemSink for EnvelopeSession<W> {
    fn items(&self, key: &str, items: &str, state: ListState) -> Result<(), Failure> {
        self.state.list(state.count, state.total_records);
        let mut writer = self.lock();
        if self.state.shows_secrets() {
            writer.show_secrets();
        }

        writer.scrub(self.state.scrubber());
        let was_done = writer.is_done();

        writer.items(key, items, state).map_err(|error| {
            // The watcher may have ended the envelope meanwhile, and handed it over.
            if !was_done {
                self.lose(error.to_string());
            }
            Failure::new(
                Code::Cancelled,
                "The output was closed before the list was written.",
            )
            .caused_by(vec![error.to_string()])
        })
    }
}

/// Returns the line about an answer that could not be handed over.
pub fn loss_sentence(reason: &str, change: Option<ChangeOutcome>) -> String {
    let truth = match change {
        None => "Nothing was to be changed: run the action again.",
        Some(ChangeOutcome::None) => "The change was not made.",
        Some(ChangeOutcome::Unknown) => "Whether the change was made is not known.",
        Some(ChangeOutcome::Partial) => "A part of the change was made.",
        Some(ChangeOutcome::Applied) => "The change was made: do not run the action again.",
    };
    format!("The answer could not be written to stdout: {reason}. {truth}")
}

/// Returns the exit code of a success that could not be handed over: 75 where the action may be run again.
pub fn lost_exit(change: Option<ChangeOutcome>) -> u8 {
    match change {
        None | Some(ChangeOutcome::None) => Code::Cancelled.info().exit,
        Some(_) => 1,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;

    #[test]
    fn session_lets_no_change_begin_once_it_was_ended_also_when_the_output_is_stuck() {
        let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let session = EnvelopeSession::start(Vec::new(), clock, false);
        session.state().set_mutating(true);
        let stuck = session.lock();

        let failure = Failure::new(Code::Cancelled, "The run was cancelled.");
        let exit = session.finish_within(&failure, Duration::from_millis(50));
        assert_eq!(exit, 75);
        assert!(!session.state().ledger().begin());
        drop(stuck);
    }

    #[test]
    fn session_with_a_stuck_output_ends_with_1_where_a_change_may_stand() {
        let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let session = EnvelopeSession::start(Vec::new(), clock, false);
        session.state().set_mutating(true);
        assert!(session.state().ledger().begin());
        let stuck = session.lock();

        let failure = Failure::new(Code::Timeout, "The timeout ran out.");
        assert_eq!(
            session.finish_within(&failure, Duration::from_millis(50)),
            1
        );
        drop(stuck);
    }
}
