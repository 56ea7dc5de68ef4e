//! The findings, as text for a person and as JSON for a machine. Begin at `Report::found`.

use crate::protocol::failure::{Code, Failure};
use crate::protocol::redact::secrets::Redactor;
use serde_json::{Value, json};
use std::io::Write;

/// The state of a thing that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Well,
    Warning,
    Failed(Code),
    Skipped,
}

/// The finding of one check.
#[derive(Clone, Debug)]
pub struct Finding {
    check: &'static str,
    state: State,
    text: String,
    notes: Vec<String>,
    cure: Option<String>,
    skipping: Option<&'static str>,
}

/// The findings of a check as it goes.
pub enum Event {
    /// Findings from here on are about this.
    Part(String),
    /// Something was found.
    Found(Finding),
}

impl Finding {
    fn new(check: &'static str, state: State, text: impl Into<String>) -> Self {
        Self {
            check,
            state,
            text: text.into(),
            notes: Vec::new(),
            cure: None,
            skipping: None,
        }
    }

    /// All is well.
    pub fn well(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, State::Well, text)
    }

    /// It works, and somebody should know of it all the same.
    pub fn warning(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, State::Warning, text)
    }

    /// It could not be checked.
    pub fn skipped(check: &'static str, why: impl Into<String>) -> Self {
        Self::new(
            check,
            State::Skipped,
            format!("not checked: {}", why.into()),
        )
    }

    /// It does not work.
    pub fn failed(check: &'static str, code: Code, text: impl Into<String>) -> Self {
        Self::new(check, State::Failed(code), text)
    }

    /// It failed as an action would, with the failure's cure, or else the one of its code.
    pub fn of(check: &'static str, failure: &Failure) -> Self {
        let cure = failure.hint.as_deref().unwrap_or(failure.code.info().hint);
        let finding = Self::failed(check, failure.code, failure.message.clone()).cure(cure);
        let id = failure
            .zoom
            .as_ref()
            .and_then(|said| said.tracking_id.as_ref());
        finding.notes(id.map(|id| format!("Zoom's support asks for the tracking id: {id}")))
    }

    /// The advice.
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// Further details.
    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// The checks that are skipped for that reason.
    pub fn skipping(mut self, what: &'static str) -> Self {
        self.skipping = Some(what);
        self
    }
}

/// The output of findings.
pub struct Report<W> {
    out: W,
    json: bool,
    colours: bool,
    scrubber: Redactor,
    part: String,
    checks: Vec<Value>,
    warnings: usize,
    failures: usize,
    /// The first check that failed, whose code is the exit code.
    worst: Option<(&'static str, Code)>,
}

impl<W: Write> Report<W> {
    pub fn new(out: W, json: bool, colours: bool) -> Self {
        let (scrubber, part, checks) = (Redactor::default(), String::new(), Vec::new());
        Self {
            out,
            json,
            colours,
            scrubber,
            part,
            checks,
            warnings: 0,
            failures: 0,
            worst: None,
        }
    }

    /// Strikes these secrets out from now on.
    pub fn scrub(&mut self, scrubber: Redactor) {
        self.scrubber = scrubber;
    }

    /// Says whose resource it is.
    pub fn title(&mut self, label: &str) {
        self.line(&format!("Checking {label}. Nothing is changed at Zoom."));
    }

    /// Begins a part.
    pub fn part(&mut self, part: &str) {
        self.part = self.clean(part);
        self.line("");
        self.line(part);
    }

    /// Tells a finding.
    pub fn found(&mut self, finding: Finding) {
        let Finding {
            check,
            state,
            text,
            notes,
            cure,
            skipping,
        } = finding;

        let (mark, colour, word) = match state {
            State::Well => ("✓", "32", "ok"),
            State::Warning => ("!", "33", "warning"),
            State::Failed(_) => ("✗", "31", "failed"),
            State::Skipped => ("-", "2", "skipped"),
        };

        let mark = if self.colours {
            format!("\x1b[{colour}m{mark}\x1b[0m")
        } else {
            mark.to_owned()
        };

        let text = self.clean(&text);
        let notes: Vec<String> = notes.iter().map(|note| self.clean(note)).collect();
        let cure = cure.map(|cure| self.clean(&cure));

        // Cleaned before the mark is added, which may hold a colour.
        self.write(&format!("  {mark} {check:<12} {text}"));

        for note in &notes {
            self.write(&format!("    {:<12} {note}", ""));
        }

        if let Some(cure) = &cure {
            self.write(&format!("    {:<12} > {cure}", ""));
        }

        let mut entry = json!({"part": self.part, "check": check, "state": word, "message": text});
        if let Some(entry) = entry.as_object_mut() {
            if let State::Failed(code) = state {
                entry.insert("code".to_owned(), code.name().into());
            }
            if !notes.is_empty() {
                entry.insert("notes".to_owned(), notes.into());
            }
            if let Some(cure) = cure {
                entry.insert("cure".to_owned(), cure.into());
            }
        }

        self.checks.push(entry);

        match state {
            State::Warning => self.warnings += 1,
            State::Failed(code) => {
                self.failures += 1;
                self.worst.get_or_insert((check, code));
            }
            State::Well | State::Skipped => {}
        }

        if let Some(what) = skipping {
            self.found(Finding::skipped(what, "first things first"));
        }
    }

    /// Sums up; answers with the exit code.
    pub fn end(&mut self) -> u8 {
        let exit = self.worst.as_ref().map_or(0, |(_, code)| code.info().exit);
        if self.json {
            let status = match (&self.worst, self.warnings) {
                (Some(_), _) => "failed",
                (None, 0) => "ok",
                (None, _) => "warning",
            };
            let mut whole = json!({"status": status, "exit": exit});
            if let (Some(whole), Some((_, code))) = (whole.as_object_mut(), &self.worst) {
                whole.insert("code".to_owned(), code.name().into());
            }
            if let Some(whole) = whole.as_object_mut() {
                whole.insert("checks".to_owned(), std::mem::take(&mut self.checks).into());
            }
            let _ = writeln!(self.out, "{whole}").and_then(|()| self.out.flush());
            return exit;
        }

        let warnings = match self.warnings {
            0 => String::new(),
            1 => ", with 1 warning".to_owned(),
            many => format!(", with {many} warnings"),
        };

        let sum = match &self.worst {
            None => format!("All is well{warnings}."),
            Some((check, code)) => {
                let problems = match self.failures {
                    1 => "1 problem: ".to_owned(),
                    many => format!("{many} problems, the first: "),
                };
                format!(
                    "{problems}{check} ({}, exit code {exit}){warnings}.",
                    code.name()
                )
            }
        };

        self.line("");
        self.line(&sum);

        exit
    }

    fn line(&mut self, text: &str) {
        let text = self.clean(text);
        self.write(&text);
    }

    /// A reader that has seen enough is no failure; the exit code tells all the same.
    fn write(&mut self, text: &str) {
        if !self.json {
            let _ = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
        }
    }

    /// Without secrets, and without what a server might tell a terminal to do.
    fn clean(&self, text: &str) -> String {
        let escape = |letter: char| {
            if letter.is_control() {
                letter.escape_default().to_string()
            } else {
                letter.into()
            }
        };

        self.scrubber
            .scrubbed_line(text)
            .chars()
            .map(escape)
            .collect()
    }
}
