//! An envelope whatever happens: watches a run for signals, for its deadline and for panics. Knows nothing of what runs.

use super::session::EnvelopeSession;
use crate::protocol::failure::{Code, Failure};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often signals and the deadline are looked at.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long after its deadline a run may still end by itself: its own timers know better what it was doing.
pub(crate) const DEADLINE_GRACE: Duration = Duration::from_millis(500);

/// How long a stuck output is waited for at the end.
pub(crate) const OUTPUT_TIMEOUT: Duration = Duration::from_millis(120);

/// The signals that end a run: SIGTERM and SIGINT.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Set by the signal itself.
    came: Arc<AtomicBool>,
    /// How often it was found set.
    times: Arc<AtomicUsize>,
}

impl Signals {
    /// Catches the signals from now on. Where that fails they end the process as ever.
    #[must_use]
    pub fn catch() -> Self {
        let signals = Self::default();
        for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
            if let Err(error) = signal_hook::flag::register(signal, Arc::clone(&signals.came)) {
                log::debug!("signal {signal} cannot be caught: {error}");
            }
        }
        signals
    }

    /// True when one has come.
    #[must_use]
    pub fn came(&self) -> bool {
        self.times() > 0
    }

    /// How many have come. Two that come between two looks count as one.
    #[must_use]
    pub fn times(&self) -> usize {
        let new = usize::from(self.came.swap(false, Ordering::SeqCst));
        self.times.fetch_add(new, Ordering::SeqCst) + new
    }

    /// As if one had come, for tests.
    pub fn raise(&self) {
        self.came.store(true, Ordering::SeqCst);
    }
}

/// Where the last panic was: `src/x.rs:1`. The message is not kept, since it might repeat a secret.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps panics off stderr; their place goes into the envelope.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        log::error!(
            "panic at {}",
            place.as_deref().unwrap_or("an unknown place")
        );
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// Runs `work` on a thread of its own and waits for it, for a signal, or for its deadline; answers with the exit code.
/// The session is ended in every case. The thread is not waited for: it may hang in a name lookup.
pub fn supervise<W: Write + Send + 'static>(
    session: &Arc<EnvelopeSession<W>>,
    signals: &Signals,
    work: impl FnOnce(&EnvelopeSession<W>) + Send + 'static,
) -> u8 {
    let (done, ended) = channel::<()>();
    let inner = Arc::clone(session);
    let spawned = std::thread::Builder::new()
        .name("action".to_owned())
        .spawn(move || {
            work(&inner);
            let _ = done.send(());
        });
    if let Err(error) = spawned {
        let failure =
            Failure::internal("No thread could be started.").caused_by(vec![error.to_string()]);
        return session.finish_within(&failure, OUTPUT_TIMEOUT);
    }
    loop {
        match ended.recv_timeout(POLL_INTERVAL) {
            Ok(()) => return session.exit(),
            Err(RecvTimeoutError::Disconnected) => {
                return session.finish_within(&panicked(), OUTPUT_TIMEOUT);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if signals.came() {
            let failure = Failure::new(
                Code::Cancelled,
                "The run was cancelled by a signal before it ended.",
            );
            return session.finish_within(&failure, OUTPUT_TIMEOUT);
        }
        if session
            .overdue()
            .is_some_and(|overdue| overdue > DEADLINE_GRACE)
        {
            return session.finish_within(&overdue(), OUTPUT_TIMEOUT);
        }
    }
}

/// What a run that did not keep its time ends with.
pub(crate) fn overdue() -> Failure {
    Failure::new(Code::Timeout, "The time budget ran out.")
}

/// What a run that panicked ends with.
pub(crate) fn panicked() -> Failure {
    let place = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
    let place = place
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    Failure::internal(format!("The program failed{place}: this is a bug."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use serde_json::Value;

    fn supervised(
        signals: &Signals,
        work: impl FnOnce(&EnvelopeSession<Vec<u8>>) + Send + 'static,
    ) -> (u8, Value) {
        let session = Arc::new(EnvelopeSession::start(
            Vec::new(),
            Arc::new(SystemClock::start()),
            false,
        ));
        let exit = supervise(&session, signals, work);
        let session = Arc::try_unwrap(session);
        // A thread that hangs still holds the session; it is looked at through the lock then.
        let output = match session {
            Ok(session) => session.into_output(),
            Err(shared) => shared.lock().clone_output(),
        };
        (exit, serde_json::from_slice(&output).unwrap())
    }

    #[test]
    fn a_panic_ends_in_an_envelope_that_names_the_place_and_not_the_message() {
        install_panic_hook();
        let (exit, envelope) = supervised(&Signals::default(), |_| panic!("hunter2"));
        assert_eq!(exit, 70);
        assert_eq!(envelope["error"]["code"], "internal");
        assert!(
            envelope["message"]
                .as_str()
                .unwrap()
                .contains("supervise.rs"),
            "{envelope}"
        );
        assert!(!envelope.to_string().contains("hunter2"));
    }

    #[test]
    fn a_run_that_hangs_past_its_deadline_is_ended() {
        let (exit, envelope) = supervised(&Signals::default(), |session| {
            session.deadline(Duration::ZERO);
            session.clock().sleep(Duration::from_secs(3));
        });
        assert_eq!(exit, 75);
        assert_eq!(envelope["error"]["code"], "timeout");
    }

    #[test]
    fn a_signal_ends_a_run_and_says_what_became_of_the_change() {
        let signals = Signals::default();
        signals.raise();
        let (exit, envelope) = supervised(&signals, |session| {
            session.state().set_mutating(true);
            assert!(session.state().ledger().begin());
            session.clock().sleep(Duration::from_secs(3));
        });
        assert_eq!(exit, 1, "the change may have been made");
        assert_eq!(envelope["error"]["code"], "cancelled");
        assert_eq!(envelope["error"]["change"], "unknown");
    }
}
