//! A failed run as a code, a sentence, and all else that is known of it. Begin with [`Failure`]; [`Code`] lists the codes.
//!
//! `code` says what each code means.

mod code;

pub use code::{Code, Info};

use serde::Serialize;
use std::fmt;

/// The outcome of a change when a run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOutcome {
    /// Nothing was sent, or Zoom refused it, or none of it took.
    None,
    /// It was sent; no answer came, or a 5xx.
    Unknown,
    /// Some of it took.
    Partial,
    /// It took; something later failed.
    Applied,
}

/// Zoom's own words about a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The HTTP status.
    pub http_status: u16,
    /// Zoom's own code, a number, or the token endpoint's word such as `invalid_client`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<serde_json::Value>,
    /// Zoom's sentence, or the first 200 characters of a page that is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The `x-zm-trackingid` header, which Zoom's support asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_id: Option<String>,
    /// The fields Zoom objected to, as it listed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<serde_json::Value>,
}

/// A failed run: the error type of everything from actions down.
#[derive(Clone, Debug)]
pub struct Failure(Box<Details>);

/// All that a failure can say.
#[derive(Clone, Debug)]
pub struct Details {
    /// The kind of failure.
    pub code: Code,
    /// One sentence for a person, with what was asked.
    pub message: String,
    /// The instruction that helps against it.
    pub hint: Option<String>,
    /// The parameter or resource field at fault, dotted.
    pub field: Option<String>,
    /// Line and column in stdin, from 1.
    pub place: Option<(usize, usize)>,
    /// Seconds until trying again makes sense.
    pub retry_after: Option<u64>,
    /// The outcome of the change; the run fills it in where an action changes something.
    pub change: Option<ChangeOutcome>,
    /// The scopes that would do.
    pub scopes: Vec<String>,
    /// Zoom's own words.
    pub zoom: Option<Said>,
    /// The causes, outermost first.
    pub causes: Vec<String>,
    /// The data that is known in spite of the failure, already JSON: an update's `changes`.
    pub data: Option<Box<serde_json::value::RawValue>>,
}

impl Failure {
    /// A failure with `code` and one sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            code,
            message: message.into(),
            hint: None,
            field: None,
            place: None,
            retry_after: None,
            change: None,
            scopes: Vec::new(),
            zoom: None,
            causes: Vec::new(),
            data: None,
        }))
    }

    /// A parameter at `field` that does not fit.
    pub fn parameter(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidParameters, message).at(field)
    }

    /// A resource field that does not fit.
    pub fn resource(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidResource, message).at(field)
    }

    /// A bug: something that cannot happen did.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Code::Internal, message)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// True when the same request may be sent again and may then succeed: never while a change may stand.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.code.info().is_retryable() && matches!(self.change, None | Some(ChangeOutcome::None))
    }

    /// Returns the exit code: 75 if and only if the failure is retryable.
    #[must_use]
    pub fn exit(&self) -> u8 {
        match self.code.info().exit {
            75 if !self.is_retryable() => 1,
            exit => exit,
        }
    }

    /// Names the subject in the message unless it is named there, and says what to do where a change may stand.
    pub fn add_context(&mut self, subject: Option<&str>) {
        // Wrong input, wrong credentials and bugs are not about anybody.
        let about_nobody =
            self.code.info().exit == 2 || matches!(self.code, Code::Unauthorized | Code::Internal);
        if let Some(subject) = subject.filter(|_| !about_nobody)
            && !names(&self.message, subject)
        {
            self.message = format!("{}: {}", capitalized(subject), self.message);
        }

        // A hint to try again would be wrong where a change stands.
        let thing = subject.unwrap_or("the object at Zoom");
        let is_own = self.hint.is_some() && self.code != Code::RateLimited;
        let hint = match self.change {
            Some(ChangeOutcome::Unknown) => {
                format!(
                    "Look at {thing} first; run the action again only if the change was not made."
                )
            }
            Some(ChangeOutcome::Applied) if self.code.info().is_retryable() && !is_own => {
                format!(
                    "Don't run the action again: the change was made. Look at {thing} to verify it."
                )
            }
            Some(ChangeOutcome::Partial) if self.code.info().is_retryable() && !is_own => {
                format!("Look at {thing} first: a part of the change was made.")
            }
            _ => return,
        };

        self.hint = Some(hint);
    }

    /// Adds the causes, outermost first.
    #[must_use]
    pub fn caused_by(mut self, chain: Vec<String>) -> Self {
        self.causes = chain;
        self
    }
}

/// True when `message` names the id at the end of `subject`, as a word of its own.
fn names(message: &str, subject: &str) -> bool {
    let id = subject.rsplit(' ').next().unwrap_or(subject);
    let is_edge = |letter: Option<char>| {
        letter.is_none_or(|letter| !letter.is_alphanumeric() && letter != '@')
    };

    message.match_indices(id).any(|(start, _)| {
        let before = message
            .get(..start)
            .and_then(|text| text.chars().next_back());
        let after = message
            .get(start + id.len()..)
            .and_then(|text| text.chars().next());
        is_edge(before) && is_edge(after)
    })
}

/// Returns a text with its first letter in upper case.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

impl std::ops::Deref for Failure {
    type Target = Details;
    fn deref(&self) -> &Details {
        &self.0
    }
}

impl std::ops::DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Failure {}

impl Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let info = self.code.info();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", info.name)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("hint", self.hint.as_deref().unwrap_or(info.hint))?;

        if let Some(field) = &self.field {
            map.serialize_entry("field", field)?;
        }

        if let Some((line, column)) = self.place {
            map.serialize_entry("line", &line)?;
            map.serialize_entry("column", &column)?;
        }

        map.serialize_entry("retryable", &self.is_retryable())?;

        if let Some(seconds) = self.retry_after {
            map.serialize_entry("retry_after_seconds", &seconds)?;
        }

        if let Some(change) = self.change {
            map.serialize_entry("change", &change)?;
        }

        if !self.scopes.is_empty() {
            map.serialize_entry("scopes", &self.scopes)?;
        }

        if let Some(zoom) = &self.zoom {
            map.serialize_entry("zoom", zoom)?;
        }

        if !self.causes.is_empty() {
            map.serialize_entry("caused_by", &self.causes)?;
        }

        map.end()
    }
}
