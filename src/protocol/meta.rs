//! What a run counts as it goes: requests, retries, pages, the token's origin, warnings, and what became of a change. Shared by the layers below and by whoever ends the run.

use super::failure::ChangeOutcome;
use super::ledger::ChangeLedger;
use super::redact::logs;
use super::redact::secrets::Redactor;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The origin of the run's access token.
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

#[derive(Debug, Default)]
struct Counts {
    requests: u64,
    retries: u64,
    pages: u64,
    listed: Option<(u64, Option<u64>)>,
    token: TokenSource,
    warnings: Vec<String>,
    changes: bool,
    subject: Option<String>,
    show_secrets: bool,
    hidden: BTreeSet<String>,
    secrets: Redactor,
}

/// The counters of one run, and the ledger of its changes. All methods may be called from any thread.
#[derive(Debug, Default)]
pub struct RunState {
    counts: Mutex<Counts>,
    ledger: ChangeLedger,
    cancelled: AtomicBool,
}

/// The keys of `meta` that differ with the time of day, the machine or the release: a fixture leaves them out.
pub const NEVER_THE_SAME: [&str; 3] = ["runner", "started_at", "duration_ms"];

/// `meta` of an envelope.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Meta {
    /// The program and its version.
    pub runner: &'static str,
    /// When the run started, RFC 3339, UTC.
    pub started_at: String,
    /// The duration, in milliseconds.
    pub duration_ms: u64,
    /// HTTP requests sent, token included.
    pub requests: u64,
    /// Tries beyond the first.
    pub retries: u64,
    /// Pages read, for lists.
    #[serde(skip_serializing_if = "is_zero")]
    pub pages: u64,
    /// The origin of the token.
    pub token: TokenSource,
    /// Sentences that the reader should know besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The paths of masked values.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<String>,
    /// True when the sandbox answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl RunState {
    fn with<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        act(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner))
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

    /// Returns the progress of the list, as [`RunState::list`] was told last.
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

    /// Marks the action as a change, so that failures say what became of it.
    pub fn set_mutating(&self, changes: bool) {
        self.with(|counts| counts.changes = changes);
    }

    /// Lets no further request go to Zoom.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// True once the run was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// The ledger of the run's changes.
    #[must_use]
    pub const fn ledger(&self) -> &ChangeLedger {
        &self.ledger
    }

    /// Names the object that is asked about from now on: `user jane@example.com`. For the sentence about a failure.
    pub fn subject(&self, subject: String) {
        self.with(|counts| counts.subject = Some(subject));
    }

    /// Returns the object that was asked about last.
    #[must_use]
    pub fn asked_about(&self) -> Option<String> {
        self.with(|counts| counts.subject.clone())
    }

    /// A value at this path of `data` was masked by the action itself.
    pub fn hide(&self, path: impl Into<String>) {
        self.with(|counts| {
            counts.hidden.insert(path.into());
        });
    }

    /// Lets no further change begin, and says what became of those that did; `None` for an action that changes nothing.
    #[must_use]
    pub fn close_changes(&self) -> Option<ChangeOutcome> {
        let outcome = self.ledger.close();
        self.with(|counts| counts.changes.then_some(outcome))
    }

    /// Adds to the secrets that the output must not repeat.
    pub fn secrets(&self, add: impl Fn(&mut Redactor)) {
        logs::add(&add);
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

    /// True when the caller asked for secrets in clear.
    #[must_use]
    pub fn shows_secrets(&self) -> bool {
        self.with(|counts| counts.show_secrets)
    }

    /// Returns the counts, as `meta`; times, hidden paths and the sandbox mark are the caller's to add.
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
