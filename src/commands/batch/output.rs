//! Envelopes to stdout, whole lines, in the order of the lines where asked. A thread of its own writes, so that the thread that
//! watches over the batch never waits for a reader.

use crate::commands::progress::Progress;
use crate::commands::spool::Spool;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most envelopes that wait to be written where no order is asked for.
const QUEUE: usize = 64;

/// The output of the envelopes.
#[derive(Debug)]
pub struct Output<W> {
    state: Mutex<State>,
    moved: Condvar,
    out: Mutex<W>,
    /// The most envelopes that wait for their turn; `None` when there are no turns.
    window: Option<usize>,
    progress: Progress,
}

#[derive(Debug, Default)]
struct State {
    /// With turns, whose turn it is.
    turn: u64,
    /// The number of lines that were answered, and their envelopes written.
    written: u64,
    succeeded: u64,
    failures: u64,
    waiting: BTreeMap<u64, Option<Spool>>,
    /// The reason why envelopes are no longer taken.
    loss: Option<String>,
}

impl<W: Write> Output<W> {
    /// Writes to `out`; in order when there is a `window`. `progress` is told.
    pub fn new(out: W, window: Option<usize>, progress: Progress) -> Self {
        Self {
            state: Mutex::default(),
            moved: Condvar::new(),
            out: Mutex::new(out),
            window,
            progress,
        }
    }

    /// Takes the envelope of the line whose turn this is, and the exit code it would have had. Waits while too many
    /// envelopes wait already.
    pub fn write(&self, turn: u64, envelope: Spool, exit: u8) {
        self.take(turn, Some(envelope), exit != 0, true);
    }

    /// As [`Output::write`], without waiting, for the watch. There are no more of these than workers.
    pub fn write_at_once(&self, turn: u64, envelope: Spool, exit: u8) {
        self.take(turn, Some(envelope), exit != 0, false);
    }

    /// The line whose turn this is has no envelope.
    pub fn skip(&self, turn: u64) {
        self.take(turn, None, false, true);
    }

    /// As [`Output::skip`], without waiting.
    pub fn skip_at_once(&self, turn: u64) {
        self.take(turn, None, false, false);
    }

    /// 0 when all lines succeeded and were written, else 1.
    pub fn exit(&self) -> u8 {
        let state = self.lock();
        u8::from(state.failures > 0 || state.loss.is_some() || !state.waiting.is_empty())
    }

    /// Returns the numbers of lines that succeeded and that failed.
    pub fn counts(&self) -> (u64, u64) {
        let state = self.lock();
        (state.succeeded, state.failures)
    }

    /// Returns the number of envelopes that were written.
    pub fn written(&self) -> u64 {
        self.lock().written
    }

    /// Returns the reason why envelopes are no longer taken; `None` while they are.
    pub fn loss(&self) -> Option<String> {
        self.lock().loss.clone()
    }

    /// True when envelopes are no longer taken: no further line should be begun.
    pub fn is_closed(&self) -> bool {
        self.lock().loss.is_some()
    }

    /// Waits until `lines` lines are answered and written, at most for `patience`; true when they are.
    pub fn wait_for(&self, lines: u64, patience: Duration) -> bool {
        let is_waiting = |state: &mut State| state.written < lines && state.loss.is_none();
        let answered = self
            .moved
            .wait_timeout_while(self.lock(), patience, is_waiting);
        answered.is_ok_and(|(_, waited)| !waited.timed_out())
    }

    /// Writes envelopes as they come; ends with the process, or when they are no longer taken.
    pub fn drain(&self) {
        let mut state = self.lock();
        loop {
            let next = match self.window {
                Some(_) => {
                    let turn = state.turn;
                    state.waiting.remove(&turn)
                }
                None => state.waiting.pop_first().map(|(_, envelope)| envelope),
            };
            let Some(envelope) = next else {
                state = self
                    .moved
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            state.turn += 1;
            drop(state);
            let written = envelope.map_or(Ok(()), |envelope| self.put(&envelope));
            state = self.lock();
            state.written += u64::from(written.is_ok());
            state.loss = written.err().map(|error| error.to_string());
            self.moved.notify_all();
            if state.loss.is_some() {
                return;
            }
        }
    }

    fn put(&self, envelope: &Spool) -> io::Result<()> {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        self.progress
            .aside(|| envelope.copy_to(&mut *out).and_then(|_| out.flush()))
    }

    fn take(&self, turn: u64, envelope: Option<Spool>, failed: bool, may_wait: bool) {
        self.progress.answered(failed);
        let mut state = self.lock();
        if failed {
            state.failures += 1;
        } else if envelope.is_some() {
            state.succeeded += 1;
        }

        // A worker far ahead waits for the slow one, so that not everything has to be kept. The next in turn never waits.
        let is_full = |state: &State| match self.window {
            Some(window) => turn >= state.turn + window as u64,
            None => state.waiting.len() >= QUEUE,
        };
        while may_wait && state.loss.is_none() && is_full(&state) {
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }

        state.waiting.insert(turn, envelope);
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
