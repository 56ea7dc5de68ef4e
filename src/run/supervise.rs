//! Watches a run for signals, for its deadline and for panics, so that an envelope is written whatever happens. Begin with
//! [`supervise`].

use super::session::EnvelopeSession;
use crate::protocol::failure::{Code, Failure};
use std::cell::RefCell;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// The interval at which signals and the deadline are checked.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The time after its deadline in which a run may still end by itself: its own timers know better what it was doing.
pub(crate) const DEADLINE_GRACE: Duration = Duration::from_millis(500);

/// The longest wait for a stuck output at the end.
pub(crate) const OUTPUT_TIMEOUT: Duration = Duration::from_millis(120);

/// The signals that end a run.
#[cfg(unix)]
const ENDING: [i32; 3] = [
    signal_hook::consts::SIGTERM,
    signal_hook::consts::SIGINT,
    signal_hook::consts::SIGHUP,
];
#[cfg(not(unix))]
const ENDING: [i32; 2] = [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT];

/// The signals that end a run: SIGTERM, SIGINT and SIGHUP.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Set by the signal itself.
    came: Arc<AtomicBool>,
    /// The number of times that it was found set.
    times: Arc<AtomicUsize>,
}

impl Signals {
    /// Catches the signals from now on. Where that fails they end the process as ever.
    #[must_use]
    pub fn catch() -> Self {
        let signals = Self::default();
        for signal in ENDING {
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

    /// Returns the number of signals so far. Two that come between two checks count as one.
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

/// Lets the signals through that a parent may have blocked, and turns a file-size limit into an error of the write that
/// meets it. To be called before the first thread starts.
#[cfg(unix)]
pub fn open_signals() {
    use nix::sys::signal::{SigSet, Signal};

    let mut ending = SigSet::empty();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        ending.add(signal);
    }

    if let Err(error) = ending.thread_unblock() {
        log::debug!("signals stay blocked: {error}");
    }

    // Its own action would end the process in the middle of a change.
    let ignored = Arc::new(AtomicBool::new(false));

    if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, ignored) {
        log::debug!("SIGXFSZ cannot be ignored: {error}");
    }
}

/// Does nothing where signals can't be blocked.
#[cfg(not(unix))]
pub const fn open_signals() {}

thread_local! {
    /// The place where this thread panicked: `src/x.rs:1`. The message is not kept, since it might repeat a secret.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

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
        PANICKED_AT.with(|kept| *kept.borrow_mut() = place);
    }));
}

/// Runs `work`, and turns a panic into the failure that a run ends with.
pub fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let place = PANICKED_AT.with(|kept| kept.borrow_mut().take());
        let place = place
            .map(|place| format!(" at {place}"))
            .unwrap_or_default();
        Failure::internal(format!("The program failed{place}: this is a bug."))
    })
}

/// The end of a wait.
#[derive(Debug, PartialEq, Eq)]
pub enum Waited<T> {
    /// The thread sent this; `None` when it ended without a word.
    Ended(Option<T>),
    /// A signal came first.
    Signal,
    /// The time was over first.
    Overdue,
}

/// Waits for what a thread sends, for a signal, or until the time is over.
pub fn wait_for<T>(
    receiver: &Receiver<T>,
    signals: &Signals,
    is_overdue: impl Fn() -> bool,
) -> Waited<T> {
    loop {
        match receiver.recv_timeout(POLL_INTERVAL) {
            Ok(sent) => return Waited::Ended(Some(sent)),
            Err(RecvTimeoutError::Disconnected) => return Waited::Ended(None),
            Err(RecvTimeoutError::Timeout) if signals.came() => return Waited::Signal,
            Err(RecvTimeoutError::Timeout) if is_overdue() => return Waited::Overdue,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Runs `work` on a thread of its own and waits for it, for a signal, or for its deadline; returns the exit code. The
/// session is ended in every case. The thread is not waited for: it may hang in a name lookup. Where no thread can
/// start, `describe` tells the session what it was to answer.
pub fn supervise<W: Write + Send + 'static>(
    session: &Arc<EnvelopeSession<W>>,
    signals: &Signals,
    describe: impl FnOnce(&EnvelopeSession<W>),
    work: impl FnOnce(&EnvelopeSession<W>) + Send + 'static,
) -> u8 {
    let (done, ended) = channel();
    let inner = Arc::clone(session);
    let spawned = std::thread::Builder::new()
        .name("action".to_owned())
        .spawn(move || {
            let _ = done.send(catch_panic(|| work(&inner)));
        });

    if let Err(error) = spawned {
        describe(session);
        return session.finish_within(&no_thread(&error), OUTPUT_TIMEOUT);
    }

    let is_overdue = || session.overdue().is_some_and(|late| late > DEADLINE_GRACE);
    let failure = match wait_for(&ended, signals, is_overdue) {
        Waited::Ended(Some(Ok(()))) => return session.exit(),
        Waited::Ended(Some(Err(bug))) => bug,
        Waited::Ended(None) => Failure::internal("The run ended without an answer."),
        Waited::Signal => cancelled(),
        Waited::Overdue => overdue(),
    };

    session.finish_within(&failure, OUTPUT_TIMEOUT)
}

/// Returns what a run ends with when a signal came.
pub(crate) fn cancelled() -> Failure {
    Failure::new(
        Code::Cancelled,
        "The run was cancelled by a signal before it ended.",
    )
}

/// Returns what a run ends with where the system lets no thread start.
pub(crate) fn no_thread(error: &io::Error) -> Failure {
    let hint = if error.kind() == io::ErrorKind::PermissionDenied {
        "The container's seccomp profile forbids threads: use Docker 20.10.10 or newer, or another seccomp profile."
    } else {
        "Raise the limit of threads (pids) of the container, the service or the user, or run fewer actions at once."
    };
    Failure::new(
        Code::HostLimit,
        format!("This machine or container lets no more threads start: {error}."),
    )
    .hint(hint)
    .caused_by(vec![error.to_string()])
}

/// Returns the failure of a run that did not keep its time.
pub(crate) fn overdue() -> Failure {
    Failure::new(Code::Timeout, "The timeout ran out.")
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
        let exit = supervise(&session, signals, |_| {}, work);
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
