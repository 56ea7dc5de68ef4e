//! The one account of a run's changes at Zoom. Every send of a change begins here, and nobody else says what became of one.

use super::failure::ChangeOutcome;
use std::sync::Mutex;

/// The changes of one run. After it was closed, no change can begin any more: what was said of the run stays true.
#[derive(Debug, Default)]
pub struct ChangeLedger(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// True while a change was sent whose end is not known.
    in_flight: bool,
    /// True once a change took.
    took: bool,
    /// True once Zoom refused a part of what was asked for.
    refused_some: bool,
    closed: bool,
}

impl ChangeLedger {
    fn with<T>(&self, act: impl FnOnce(&mut Entries) -> T) -> T {
        act(&mut self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Asks to send a change. False once the ledger is closed: then it must not be sent.
    #[must_use]
    pub fn begin(&self) -> bool {
        self.with(|entries| {
            if !entries.closed {
                entries.in_flight = true;
            }
            !entries.closed
        })
    }

    /// The change in flight was refused, or never reached Zoom, and will be sent again: so far nothing happened.
    pub fn will_retry(&self) {
        self.with(|entries| entries.in_flight = false);
    }

    /// The change in flight took.
    pub fn applied(&self) {
        self.with(|entries| {
            entries.in_flight = false;
            entries.took = true;
        });
    }

    /// The change in flight was refused, or never reached Zoom.
    pub fn refused(&self) {
        self.with(|entries| {
            entries.in_flight = false;
            entries.refused_some |= entries.took;
        });
    }

    /// A look showed what Zoom holds: all of the change, some of it, or nothing. The last look counts.
    pub fn seen(&self, shown: ChangeOutcome) {
        self.with(|entries| {
            entries.in_flight = shown == ChangeOutcome::Unknown;
            entries.took = matches!(shown, ChangeOutcome::Applied | ChangeOutcome::Partial);
            entries.refused_some = shown == ChangeOutcome::Partial;
        });
    }

    /// Returns the outcome of the changes so far.
    #[must_use]
    pub fn outcome(&self) -> ChangeOutcome {
        self.with(|entries| entries.outcome())
    }

    /// Lets no further change begin, and says what became of those that did. What is said here stays true.
    pub fn close(&self) -> ChangeOutcome {
        self.with(|entries| {
            entries.closed = true;
            entries.outcome()
        })
    }
}

impl Entries {
    const fn outcome(&self) -> ChangeOutcome {
        match (self.took, self.in_flight, self.refused_some) {
            (true, false, false) => ChangeOutcome::Applied,
            (true, ..) => ChangeOutcome::Partial,
            (false, true, _) => ChangeOutcome::Unknown,
            (false, false, _) => ChangeOutcome::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One thing that can happen to a run.
    #[derive(Clone, Copy, Debug)]
    enum Event {
        Send,
        Answer,
        Refusal,
        TokenRefused,
        Look(bool),
        Signal,
    }

    fn events() -> impl Strategy<Value = Vec<Event>> {
        let event = prop_oneof![
            3 => Just(Event::Send),
            2 => Just(Event::Answer),
            1 => Just(Event::Refusal),
            1 => Just(Event::TokenRefused),
            1 => any::<bool>().prop_map(Event::Look),
            1 => Just(Event::Signal),
        ];
        proptest::collection::vec(event, 0..24)
    }

    proptest! {
        #[test]
        fn ledger_sends_nothing_after_it_said_what_became_of_the_change(events in events()) {
            let ledger = ChangeLedger::default();
            let (mut said, mut in_flight, mut took) = (None, false, false);

            for event in events {
                match event {
                    Event::Send if !in_flight => {
                        in_flight = ledger.begin();
                        prop_assert!(!(in_flight && said.is_some()), "a send after {said:?}");
                    }
                    Event::Answer if in_flight => {
                        ledger.applied();
                        (in_flight, took) = (false, true);
                    }
                    Event::Refusal if in_flight => {
                        ledger.refused();
                        in_flight = false;
                    }
                    Event::TokenRefused if in_flight => {
                        ledger.will_retry();
                        in_flight = false;
                    }
                    Event::Look(shown) if !in_flight && took => {
                        ledger.seen(if shown { ChangeOutcome::Applied } else { ChangeOutcome::None });
                        took = shown;
                    }
                    Event::Signal if said.is_none() => said = Some(ledger.close()),
                    _ => {}
                }
                let outcome = ledger.outcome();
                prop_assert_eq!(outcome == ChangeOutcome::None, !in_flight && !took);
                prop_assert!(outcome != ChangeOutcome::Applied || (took && !in_flight));
                // What was said before an answer came may become known, never undone.
                if said == Some(ChangeOutcome::None) {
                    prop_assert_eq!(outcome, ChangeOutcome::None);
                }
            }
        }
    }

    #[test]
    fn ledger_is_unknown_only_while_no_answer_has_come() {
        let ledger = ChangeLedger::default();
        assert_eq!(ledger.outcome(), ChangeOutcome::None);
        assert!(ledger.begin());
        assert_eq!(ledger.outcome(), ChangeOutcome::Unknown);
        ledger.refused();
        assert_eq!(ledger.outcome(), ChangeOutcome::None);
        assert!(ledger.begin());
        ledger.will_retry();
        assert_eq!(ledger.outcome(), ChangeOutcome::None);
        assert!(ledger.begin());
        ledger.seen(ChangeOutcome::Applied);
        assert_eq!(ledger.outcome(), ChangeOutcome::Applied);
        assert!(ledger.begin());
        assert_eq!(ledger.outcome(), ChangeOutcome::Partial);
        ledger.refused();
        assert_eq!(ledger.close(), ChangeOutcome::Partial);
        assert!(!ledger.begin());
    }
}
