//! Time, as the rest of the program sees it: how long a run has taken, what day it is, and waiting. The only file that asks the system.

use std::time::{Duration, SystemTime};

/// A clock, so that tests need no waiting.
pub trait Clock: Send + Sync {
    /// Time since the clock was made; never runs backwards.
    fn now(&self) -> Duration;
    /// The time of day.
    fn system_time(&self) -> SystemTime;
    /// Waits.
    fn sleep(&self, time: Duration);
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// A clock that starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn start() -> Self {
        Self {
            start: std::time::Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// A clock that jumps instead of waiting: for tests and for replaying a recording.
#[derive(Debug)]
pub struct FakeClock {
    start: SystemTime,
    now: std::sync::Mutex<Duration>,
}

impl FakeClock {
    /// A clock whose time of day starts at `start`.
    #[must_use]
    pub const fn from(start: SystemTime) -> Self {
        Self {
            start,
            now: std::sync::Mutex::new(Duration::ZERO),
        }
    }

    /// Puts the clock to `now` since its start: a recording knows how late it was. This is the one way back in time.
    pub fn put(&self, now: Duration) {
        *self
            .now
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        *self
            .now
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    fn system_time(&self) -> SystemTime {
        self.start + self.now()
    }
    fn sleep(&self, time: Duration) {
        *self
            .now
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) += time;
    }
}

/// The time that a run has: from its start to its deadline.
#[derive(Clone)]
pub struct Budget {
    clock: std::sync::Arc<dyn Clock>,
    deadline: Duration,
}

impl Budget {
    /// `time` from now on.
    #[must_use]
    pub fn new(clock: std::sync::Arc<dyn Clock>, time: Duration) -> Self {
        let deadline = clock.now() + time;
        Self { clock, deadline }
    }

    /// Returns the time that is left; zero when it is used up.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.deadline.saturating_sub(self.clock.now())
    }

    /// The clock the budget is measured by.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Waits for `time`; false, without waiting, when that would use up the budget.
    #[must_use]
    pub fn wait(&self, time: Duration) -> bool {
        let fits = time < self.left();
        if fits {
            self.clock.sleep(time);
        }
        fits
    }
}
