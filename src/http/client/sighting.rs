//! What is seen of one connection while it is opened, for a person who wants to know: when it came how far, which addresses, which certificates. Judges nothing.

use super::witness::Shown;
use crate::clock::{Clock, SystemClock};
use crate::http::Stage;
use std::net::IpAddr;
use std::time::Duration;

/// The observations.
#[derive(Debug)]
pub struct Sighting {
    clock: SystemClock,
    reached: Vec<(Stage, Duration)>,
    /// The addresses that were found for the name that was looked up.
    pub addresses: Vec<IpAddr>,
    /// The certificates that the server showed.
    pub shown: Option<Shown>,
    /// The version of TLS.
    pub version: Option<&'static str>,
}

impl Sighting {
    /// Begins to look.
    pub fn start() -> Self {
        Self {
            clock: SystemClock::start(),
            reached: Vec::new(),
            addresses: Vec::new(),
            shown: None,
            version: None,
        }
    }

    /// The connection has come to `stage`.
    pub fn reached(&mut self, stage: Stage) {
        self.reached.push((stage, self.clock.now()));
    }

    /// True when the connection stood.
    pub fn stood(&self) -> bool {
        self.reached
            .last()
            .is_some_and(|(stage, _)| *stage == Stage::Waiting)
    }

    /// Returns the time that the connection spent at `stage`, so far where it did not come further; `None` where it was not there.
    pub fn time(&self, stage: Stage) -> Option<Duration> {
        // The last one counts: a proxy that is spoken to over TLS has a handshake of its own before.
        let at = self
            .reached
            .iter()
            .rposition(|(reached, _)| *reached == stage)?;
        let from = self.reached.get(at)?.1;
        let to = self
            .reached
            .get(at + 1)
            .map_or_else(|| self.clock.now(), |(_, time)| *time);

        Some(to.saturating_sub(from))
    }
}
