//! The lines in flight: which thread writes each one's envelope, and whether another may be begun.

use crate::commands::spool::Spool;
use crate::run::session::EnvelopeSession;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The lines under way, by their turns. The thread that takes one out writes its envelope.
#[derive(Default)]
pub struct InFlight(Mutex<State>);

#[derive(Default)]
struct State {
    lines: BTreeMap<u64, Begun>,
    is_closed: bool,
}

/// A line that was begun.
pub struct Begun {
    /// Its envelope in the making.
    pub session: Arc<EnvelopeSession<Spool>>,
    /// The output that it is written to.
    pub spool: Spool,
}

impl InFlight {
    /// A line begins; false when none may any more.
    pub fn begin(&self, turn: u64, session: &Arc<EnvelopeSession<Spool>>, spool: &Spool) -> bool {
        let mut state = self.lock();
        if !state.is_closed {
            state.lines.insert(
                turn,
                Begun {
                    session: Arc::clone(session),
                    spool: spool.clone(),
                },
            );
        }

        !state.is_closed
    }

    /// Takes a line out that has ended; `None` when the watch was faster.
    pub fn take(&self, turn: u64) -> Option<Begun> {
        self.lock().lines.remove(&turn)
    }

    /// Takes out the lines that are past their time by more than `grace`.
    pub fn take_overdue(&self, grace: Duration) -> BTreeMap<u64, Begun> {
        let mut state = self.lock();
        let late = |line: &Begun| {
            line.session
                .overdue()
                .is_some_and(|overdue| overdue > grace)
        };

        let turns: Vec<u64> = state
            .lines
            .iter()
            .filter(|(_, line)| late(line))
            .map(|(turn, _)| *turn)
            .collect();

        turns
            .into_iter()
            .filter_map(|turn| state.lines.remove_entry(&turn))
            .collect()
    }

    /// Takes out all lines, in the order of their turns; no other begins.
    pub fn close(&self) -> BTreeMap<u64, Begun> {
        let mut state = self.lock();
        state.is_closed = true;
        std::mem::take(&mut state.lines)
    }

    /// True when nothing is under way; no other line begins then.
    pub fn close_if_idle(&self) -> bool {
        let mut state = self.lock();
        state.is_closed |= state.lines.is_empty();
        state.is_closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
