//! How far a long run has come, for a person at a terminal: one line on stderr that is gone at the end. Shows nothing
//! where stderr is no terminal.

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Stdin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The interval at which the line is drawn again when nothing happens.
const TICK: Duration = Duration::from_millis(200);

/// The line; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<Arc<Line>>);

#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    done: AtomicU64,
    failed: AtomicU64,
    /// stdout is a terminal too, most likely the same.
    shares_terminal: bool,
}

/// Returns the size of `input` in bytes, where it is a file.
#[cfg(unix)]
fn size(input: &Stdin) -> Option<u64> {
    let stat = rustix::fs::fstat(input).ok()?;
    let is_file = rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file();
    is_file.then(|| u64::try_from(stat.st_size).ok())?
}

/// Not known where there is no Unix: the line then shows no share.
#[cfg(not(unix))]
fn size(_: &Stdin) -> Option<u64> {
    None
}

impl Progress {
    /// No line.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// For a batch that reads `input`: how much of it, where it is a file, and how many lines.
    #[must_use]
    pub fn of_batch(input: &Stdin, stdout_is_terminal: bool) -> Self {
        let progress = Self::start(size(input), stdout_is_terminal);
        if let Some(line) = &progress.0 {
            line.bar.enable_steady_tick(TICK);
        }
        progress
    }

    /// For a list, from its first page on. None where stdout is a terminal: the list itself is to be seen there, and a line would break it.
    #[must_use]
    pub fn of_list(stdout_is_terminal: bool) -> Self {
        if stdout_is_terminal {
            Self::none()
        } else {
            Self::start(None, false)
        }
    }

    fn start(size: Option<u64>, shares_terminal: bool) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::none();
        }

        let template = match size {
            Some(_) => "{bar:24} {percent:>3} %  {msg}  {elapsed}, {eta} left",
            None => "{spinner} {msg}  {elapsed}",
        };
        let bar = size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }

        let zero = || AtomicU64::new(0);
        Self(Some(Arc::new(Line {
            bar,
            done: zero(),
            failed: zero(),
            shares_terminal,
        })))
    }

    /// True where stderr is a terminal.
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        self.0.is_some()
    }

    /// `bytes` more of the input were read.
    pub fn read(&self, bytes: usize) {
        if let Some(line) = &self.0 {
            line.bar.inc(bytes as u64);
        }
    }

    /// A line was answered.
    pub fn answered(&self, failed: bool) {
        let Some(line) = &self.0 else { return };
        let done = line.done.fetch_add(1, Ordering::Relaxed) + 1;
        let failed =
            line.failed.fetch_add(u64::from(failed), Ordering::Relaxed) + u64::from(failed);
        let failed = if failed == 0 {
            String::new()
        } else {
            format!(", {} failed", HumanCount(failed))
        };

        line.bar
            .set_message(format!("{} lines{failed}", HumanCount(done)));
    }

    /// A list has come so far.
    pub fn listed(&self, count: u64, total: Option<u64>) {
        let Some(line) = &self.0 else { return };
        let total = total
            .map(|total| format!(" of {}", HumanCount(total)))
            .unwrap_or_default();
        line.bar
            .set_message(format!("{}{total}", HumanCount(count)));
    }

    /// Runs `write`, which writes to stdout, so that the two do not mix on one screen.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(line) if line.shares_terminal => line.bar.suspend(write),
            _ => write(),
        }
    }

    /// Takes the line away.
    pub fn end(&self) {
        if let Some(line) = &self.0 {
            line.bar.finish_and_clear();
        }
    }
}
