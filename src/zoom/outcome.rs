//! The result of an action: a sentence for a person, and the data.

use crate::protocol::failure::Failure;

/// The outcome of an action that went well.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// One sentence for a person.
    pub message: String,
    /// The data.
    pub data: T,
}

impl<T> Outcome<T> {
    /// An outcome with this sentence and this data.
    #[must_use]
    pub fn new(message: impl Into<String>, data: T) -> Self {
        Self {
            message: message.into(),
            data,
        }
    }
}

/// An outcome, or the failure in its place.
pub type Answer<T> = Result<Outcome<T>, Failure>;
