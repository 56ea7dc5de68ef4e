//! Envelopes to stdout, whole lines, in the order of the lines where asked. Knows nothing of what they hold.

use crate::commands::progress::Progress;
use crate::commands::spool::Spool;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where the envelopes go.
#[derive(Debug)]
pub struct Output<W> {
    state: Mutex<State<W>>,
    moved: Condvar,
    /// How many envelopes may wait for their turn; `None` when there are no turns.
    window: Option<usize>,
    progress: Progress,
}

#[derive(Debug)]
struct State<W> {
    out: W,
    /// How many lines were answered; with turns, whose turn it is.
    turn: u64,
    waiting: BTreeMap<u64, Option<Spool>>,
    failed: bool,
    closed: bool,
}

impl<W: Write> Output<W> {
    /// Writes to `out`; in order when there is a `window`. `progress` is told.
    pub fn new(out: W, window: Option<usize>, progress: Progress) -> Self {
        let state = State {
            out,
            turn: 0,
            waiting: BTreeMap::new(),
            failed: false,
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            moved: Condvar::new(),
            window,
            progress,
        }
    }

    /// Takes the envelope of the line whose turn this is, and the exit code it would have had.
    pub fn write(&self, turn: u64, envelope: Spool, exit: u8) {
        self.take(turn, Some(envelope), exit != 0);
    }

    /// The line whose turn this is has no envelope.
    pub fn skip(&self, turn: u64) {
        self.take(turn, None, false);
    }

    /// 0 when all lines succeeded and were written, else 1.
    pub fn exit(&self) -> u8 {
        u8::from(self.lock().failed)
    }

    /// True when nobody takes envelopes any more: nothing further should be begun.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits until `lines` lines are answered, at most for `patience`.
    pub fn wait_for(&self, lines: u64, patience: Duration) {
        let answered = self
            .moved
            .wait_timeout_while(self.lock(), patience, |state| state.turn < lines);
        if answered.is_ok_and(|(_, waited)| waited.timed_out()) {
            log::debug!("not all lines that were begun are answered");
        }
    }

    fn take(&self, turn: u64, envelope: Option<Spool>, failed: bool) {
        self.progress.answered(failed);
        let mut state = self.lock();
        state.failed |= failed;
        let Some(window) = self.window else {
            state.put(envelope, &self.progress);
            state.turn += 1;
            return self.moved.notify_all();
        };
        // Who is far ahead waits for the slow one, so that not everything has to be kept. The next in turn never waits.
        while turn >= state.turn + window as u64 {
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting.insert(turn, envelope);
        loop {
            let next = state.turn;
            let Some(envelope) = state.waiting.remove(&next) else {
                break;
            };
            state.put(envelope, &self.progress);
            state.turn += 1;
        }
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write> State<W> {
    fn put(&mut self, envelope: Option<Spool>, progress: &Progress) {
        let Some(envelope) = envelope else { return };
        let written = progress.aside(|| {
            envelope
                .copy_to(&mut self.out)
                .and_then(|_| self.out.flush())
        });
        self.closed |= written.is_err();
        self.failed |= written.is_err();
    }
}
