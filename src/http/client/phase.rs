//! How far the connection for one request has come. Opens nothing itself: connector, resolver and TLS report to it.

use super::sighting::Sighting;
use crate::http::Stage;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

tokio::task_local! {
    /// The progress that a connection under way reports to. Set for the connector's future, read by the resolver,
    /// the proxy rules and the TLS session store that it calls.
    static CURRENT: Arc<Progress>;
}

/// The longest wait of [`Progress::settled`] for a connection that was given up to say so. It takes microseconds.
const SETTLING: Duration = Duration::from_millis(100);

/// The progress of one request's connection.
#[derive(Debug)]
pub struct Progress {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    stage: Stage,
    /// A connection is being opened for this request, and nobody knows yet whether it will be used.
    under_way: bool,
    /// A connection was opened for this request, now or ahead of it.
    opened: bool,
    direct: bool,
    name: Option<String>,
    /// The observations of a probe, where there is one.
    sighting: Option<Sighting>,
    /// A connection that was begun before the request; as long as this is set, its stage and names count.
    ahead: Option<Arc<Progress>>,
}

impl State {
    fn come_to(&mut self, stage: Stage) {
        self.stage = stage;
        if let Some(sighting) = &mut self.sighting {
            sighting.reached(stage);
        }
    }
}

impl Progress {
    /// The progress of a request that has asked for no connection: a kept one may serve it.
    pub fn new() -> Arc<Self> {
        let state = State {
            stage: Stage::Waiting,
            under_way: false,
            opened: false,
            direct: false,
            name: None,
            sighting: None,
            ahead: None,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        })
    }

    /// The same, for somebody who looks on.
    pub fn watched() -> Arc<Self> {
        let progress = Self::new();
        progress.state().sighting = Some(Sighting::start());
        progress
    }

    /// Reads what was seen; `None` where nobody looks.
    pub fn sighting<T>(&self, read: impl FnOnce(&Sighting) -> T) -> Option<T> {
        self.state().sighting.as_ref().map(read)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection is being opened.
    pub fn begin(&self) {
        let mut state = self.state();
        (state.under_way, state.opened, state.ahead) = (true, true, None);
        state.come_to(Stage::Connecting);
    }

    /// A connection begun earlier is waited for.
    pub fn follow(&self, ahead: &Arc<Self>) {
        let mut state = self.state();
        state.opened = true;
        (state.stage, state.under_way, state.ahead) =
            (Stage::Connecting, true, Some(Arc::clone(ahead)));
    }

    /// A connection stands, this one or a kept one: from here on bytes of the request may be on their way.
    pub fn stands(&self) {
        let mut state = self.state();
        (state.under_way, state.ahead) = (false, None);
        state.come_to(Stage::Waiting);
        self.changed.notify_all();
    }

    /// The connection was given up or failed; the stage stays as it was.
    pub fn ended(&self) {
        self.state().under_way = false;
        self.changed.notify_all();
    }

    /// Reads from the connection that counts.
    fn look<T>(state: &State, read: impl FnOnce(&State) -> T) -> T {
        match &state.ahead {
            Some(ahead) => read(&ahead.state()),
            None => read(state),
        }
    }

    /// True when the request went over a connection that was there already.
    pub fn is_kept(&self) -> bool {
        !self.state().opened
    }

    /// The stage, for an error that is known to come from connecting.
    pub fn stage(&self) -> Stage {
        Self::look(&self.state(), |state| state.stage)
    }

    /// The stage after the request was given up. A connection under way may already have lost against a kept one
    /// that became free, so this waits until its end is known; if that does not come, the cautious answer is that
    /// something may have been sent.
    pub fn settled(&self) -> Stage {
        let (state, _) = self
            .changed
            .wait_timeout_while(self.state(), SETTLING, |state| state.under_way)
            .unwrap_or_else(PoisonError::into_inner);
        if state.under_way {
            Stage::Waiting
        } else {
            Self::look(&state, |state| state.stage)
        }
    }

    /// True when the connection goes straight to the host although there is a proxy.
    pub fn is_direct(&self) -> bool {
        Self::look(&self.state(), |state| state.direct)
    }

    /// The last name looked up: the host's, or the proxy's.
    pub fn name(&self) -> Option<String> {
        Self::look(&self.state(), |state| state.name.clone())
    }
}

/// Runs `future` so that what it calls reports to `progress`.
pub fn within<F: Future>(progress: Arc<Progress>, future: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(progress, future)
}

/// Calls `f` so that what it calls reports to `progress`.
pub fn within_call<T>(progress: Arc<Progress>, f: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(progress, f)
}

/// Reports that the connection under way has come to `stage`.
pub fn reached(stage: Stage) {
    report(|state| state.come_to(stage));
}

/// Reports that `name` is being looked up.
pub fn looking_up(name: &str) {
    report(|state| {
        state.name = Some(name.to_owned());
        state.come_to(Stage::Resolving);
    });
}

/// Reports that the connection does not go through the proxy.
pub fn direct() {
    report(|state| state.direct = true);
}

/// Reports the addresses that were found.
pub fn found(addresses: impl Iterator<Item = std::net::IpAddr>) {
    see(|sighting| sighting.addresses = addresses.collect());
}

/// Reports what the server showed.
pub fn shown(shown: super::witness::Shown) {
    see(|sighting| sighting.shown = Some(shown));
}

/// Reports the version of TLS.
pub fn speaks(version: &'static str) {
    see(|sighting| sighting.version = Some(version));
}

/// True when somebody looks at the connection under way.
pub fn is_watched() -> bool {
    CURRENT
        .try_with(|progress| progress.state().sighting.is_some())
        .unwrap_or(false)
}

fn see(change: impl FnOnce(&mut Sighting)) {
    report(|state| {
        if let Some(sighting) = &mut state.sighting {
            change(sighting);
        }
    });
}

fn report(change: impl FnOnce(&mut State)) {
    // Outside a connection nobody listens: reqwest asks the proxy rules for other purposes too.
    let _ = CURRENT.try_with(|progress| {
        let mut state = progress.state();
        if state.under_way {
            change(&mut state);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_opened_no_connection_may_have_been_sent() {
        let progress = Progress::new();
        assert_eq!(progress.stage(), Stage::Waiting);
        assert_eq!(progress.settled(), Stage::Waiting);
    }

    #[test]
    fn a_connection_given_up_leaves_the_stage_it_had_come_to() {
        let progress = Progress::new();
        progress.begin();
        within_call(Arc::clone(&progress), || reached(Stage::Securing));
        progress.ended();
        assert_eq!(progress.settled(), Stage::Securing);
    }

    #[test]
    fn an_end_that_is_not_known_counts_as_sent() {
        let progress = Progress::new();
        progress.begin();
        assert_eq!(progress.stage(), Stage::Connecting);
        assert_eq!(progress.settled(), Stage::Waiting);
    }

    #[test]
    fn an_end_that_comes_late_is_waited_for() {
        let progress = Progress::new();
        progress.begin();
        let other = Arc::clone(&progress);
        let thread = std::thread::spawn(move || other.ended());
        assert_eq!(progress.settled(), Stage::Connecting);
        thread.join().unwrap();
    }

    #[test]
    fn a_connection_begun_earlier_lends_its_stage_until_it_stands_or_is_replaced() {
        let (ahead, progress) = (Progress::new(), Progress::new());
        ahead.begin();
        progress.follow(&ahead);
        within_call(Arc::clone(&ahead), || looking_up("zoom.us"));
        assert_eq!(
            (progress.stage(), progress.name().as_deref()),
            (Stage::Resolving, Some("zoom.us"))
        );
        assert_eq!(progress.settled(), Stage::Waiting);
        progress.ended();
        assert_eq!(progress.settled(), Stage::Resolving);
        progress.follow(&ahead);
        progress.stands();
        assert_eq!(progress.settled(), Stage::Waiting);
        progress.follow(&ahead);
        progress.begin();
        assert_eq!(progress.stage(), Stage::Connecting);
    }

    #[test]
    fn what_a_connection_does_after_it_lost_is_ignored() {
        let progress = Progress::new();
        progress.begin();
        progress.stands();
        within_call(Arc::clone(&progress), || {
            reached(Stage::Securing);
            looking_up("zoom.us");
            direct();
        });
        assert_eq!(progress.settled(), Stage::Waiting);
        assert!(!progress.is_direct());
        assert_eq!(progress.name(), None);
    }
}
