//! What a run counts as it goes: requests, retries, pages, the token's origin, warnings, and what became of a change. Shared by the layers below and by whoever ends the run.

use super::failure::Change;
use super::redact::secrets::Redactor;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Where the run's access token came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenSource {
    /// No token was needed, or none was had.
    #[default]
    None,
    /// This run asked Zoom for it.
    Minted,
    /// Another run had left it in the cache.
    Cached,
    /// Zoom refused the first one, and it was replaced.
    Renewed,
}

/// How far a change has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    Nothing,
    InFlight,
    Took,
    TookAndInFlight,
}

#[derive(Debug, Default)]
struct Counts {
    requests: u64,
    retries: u64,
    pages: u64,
    listed: Option<(u64, Option<u64>)>,
    token: TokenSource,
    warnings: Vec<String>,
    changes: bool,
    progress: Progress,
    subject: Option<String>,
    partial: bool,
    show_secrets: bool,
    hidden: BTreeSet<String>,
    secrets: Redactor,
}

/// The counters of one run. All methods may be called from any thread.
#[derive(Debug, Default)]
pub struct RunState(Mutex<Counts>);

/// What is in every envelope's `meta` and differs with the time of day, the machine or the release: a fixture leaves it out.
pub const NEVER_THE_SAME: [&str; 3] = ["runner", "started_at", "duration_ms"];

/// `meta` of an envelope.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Meta {
    /// The program and its version.
    pub runner: &'static str,
    /// When the run started, RFC 3339, UTC.
    pub started_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// HTTP requests sent, token included.
    pub requests: u64,
    /// Tries beyond the first.
    pub retries: u64,
    /// Pages read, for lists.
    #[serde(skip_serializing_if = "is_zero")]
    pub pages: u64,
    /// Where the token came from.
    pub token: TokenSource,
    /// What the reader should know all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The paths of masked values.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<String>,
    /// True when the embedded Zoom answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl RunState {
    fn with<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A request went out on a connection that stood.
    pub fn sent(&self) {
        self.with(|counts| counts.requests += 1);
    }

    /// Something is tried again.
    pub fn retried(&self) {
        self.with(|counts| counts.retries += 1);
    }

    /// A page of a list was read.
    pub fn page(&self) {
        self.with(|counts| counts.pages += 1);
    }

    /// So many items of a list have been passed on, of so many where Zoom says.
    pub fn list(&self, count: u64, total: Option<u64>) {
        self.with(|counts| counts.listed = Some((count, total)));
    }

    /// How far the list has come: as [`RunState::list`] was told last.
    #[must_use]
    pub fn listed(&self) -> Option<(u64, Option<u64>)> {
        self.with(|counts| counts.listed)
    }

    /// The token in use came from `source`.
    pub fn token(&self, source: TokenSource) {
        self.with(|counts| counts.token = source);
    }

    /// Tells the reader something beside the outcome. The same words twice count once.
    pub fn warn(&self, warning: impl Into<String>) {
        let warning = warning.into();
        self.with(|counts| {
            if !counts.warnings.contains(&warning) {
                counts.warnings.push(warning);
            }
        });
    }

    /// Whether the run's action changes something at Zoom: then a failure has to say what became of it.
    pub fn about(&self, changes: bool) {
        self.with(|counts| counts.changes = changes);
    }

    /// What is asked about from now on: `user jane@example.com`. For the sentence about a failure.
    pub fn subject(&self, subject: String) {
        self.with(|counts| counts.subject = Some(subject));
    }

    /// What was asked about last.
    #[must_use]
    pub fn asked_about(&self) -> Option<String> {
        self.with(|counts| counts.subject.clone())
    }

    /// A change is about to be sent.
    pub fn change_sent(&self) {
        self.with(|counts| {
            counts.progress = match counts.progress {
                Progress::Nothing | Progress::InFlight => Progress::InFlight,
                Progress::Took | Progress::TookAndInFlight => Progress::TookAndInFlight,
            };
        });
    }

    /// The change that was sent last took.
    pub fn change_took(&self) {
        self.with(|counts| counts.progress = Progress::Took);
    }

    /// The change that was sent last was refused for its token's sake, and is to be sent again with another.
    pub fn change_will_be_retried(&self) {
        self.with(|counts| {
            if matches!(counts.progress, Progress::InFlight) {
                counts.progress = Progress::Nothing;
            }
        });
    }

    /// The change that was sent last was refused, or never reached Zoom.
    pub fn change_refused(&self) {
        self.with(|counts| match counts.progress {
            Progress::TookAndInFlight | Progress::Took => {
                counts.progress = Progress::Took;
                counts.partial = true;
            }
            Progress::Nothing | Progress::InFlight => counts.progress = Progress::Nothing,
        });
    }

    /// Reading back showed that not all of a change took that Zoom had accepted: some of it, or nothing.
    pub fn change_shown(&self, some_took: bool) {
        self.with(|counts| {
            counts.partial = some_took;
            counts.progress = if some_took {
                Progress::Took
            } else {
                Progress::Nothing
            };
        });
    }

    /// A value at this path of `data` was masked by the action itself.
    pub fn hide(&self, path: impl Into<String>) {
        self.with(|counts| {
            counts.hidden.insert(path.into());
        });
    }

    /// What became of the change, for a run that failed; `None` for an action that changes nothing.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        self.with(|counts| {
            counts.changes.then_some(match counts.progress {
                Progress::Nothing => Change::None,
                Progress::InFlight => Change::Unknown,
                Progress::Took if counts.partial => Change::Partial,
                Progress::Took => Change::Applied,
                Progress::TookAndInFlight => Change::Partial,
            })
        })
    }

    /// Adds to the secrets that the output must not repeat.
    pub fn secrets(&self, add: impl FnOnce(&mut Redactor)) {
        self.with(|counts| add(&mut counts.secrets));
    }

    /// The secrets that the output must not repeat.
    #[must_use]
    pub fn scrubber(&self) -> Redactor {
        self.with(|counts| counts.secrets.clone())
    }

    /// The caller asked for secrets in clear.
    pub fn show_secrets(&self) {
        self.with(|counts| counts.show_secrets = true);
    }

    /// Whether the caller asked for secrets in clear.
    #[must_use]
    pub fn shows_secrets(&self) -> bool {
        self.with(|counts| counts.show_secrets)
    }

    /// What was counted, as `meta`; times, hidden paths and the sandbox mark are the caller's to add.
    #[must_use]
    pub fn meta(&self) -> Meta {
        self.with(|counts| Meta {
            runner: concat!("zoom-runner/", env!("CARGO_PKG_VERSION")),
            requests: counts.requests,
            retries: counts.retries,
            pages: counts.pages,
            token: counts.token,
            warnings: counts.warnings.clone(),
            hidden: counts.hidden.clone(),
            ..Meta::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_unknown_only_while_no_answer_has_come() {
        let state = RunState::default();
        assert_eq!(state.change(), None);
        state.about(true);
        assert_eq!(state.change(), Some(Change::None));
        state.change_sent();
        assert_eq!(state.change(), Some(Change::Unknown));
        state.change_refused();
        assert_eq!(state.change(), Some(Change::None));
        state.change_sent();
        state.change_will_be_retried();
        assert_eq!(state.change(), Some(Change::None));
        state.change_sent();
        state.change_took();
        assert_eq!(state.change(), Some(Change::Applied));
        state.change_sent();
        assert_eq!(state.change(), Some(Change::Partial));
        state.change_refused();
        assert_eq!(state.change(), Some(Change::Partial));
    }
}
