//! What an earlier output of a batch already holds as a success. Knows envelopes by three keys.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The ids of the requests that succeeded before, as they were written.
#[derive(Debug, Default)]
pub struct Done(HashSet<Box<str>>);

#[derive(Deserialize)]
struct Envelope<'a> {
    status: &'a str,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

impl Done {
    /// Reads an earlier output; nothing is done without one. Lines that are no envelopes are passed over: an output may
    /// have been cut off.
    ///
    /// # Errors
    /// A sentence, when the file cannot be read.
    pub fn read(path: Option<&Path>) -> Result<Self, String> {
        let mut done = Self::default();
        let Some(path) = path else { return Ok(done) };
        let wrong = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
        for line in BufReader::new(File::open(path).map_err(wrong)?).split(b'\n') {
            let line = line.map_err(wrong)?;
            if let Ok(Envelope { status: "success", id: Some(id) }) = serde_json::from_slice(&line) {
                done.0.insert(id.get().into());
            }
        }
        Ok(done)
    }

    /// True when the request with this id succeeded before.
    pub fn holds(&self, id: Option<&RawValue>) -> bool {
        id.is_some_and(|id| self.0.contains(id.get()))
    }
}
