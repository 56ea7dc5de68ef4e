//! Reads which requests an earlier output of a batch already holds as successes.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
#[cfg(unix)]
use std::os::fd::AsFd;
use std::path::Path;

/// The ids of the requests that succeeded before.
#[derive(Debug, Default)]
pub struct Done {
    ids: HashSet<Box<str>>,
    /// The output was cut off in the middle of a line.
    is_cut: bool,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    status: &'a str,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

/// An id as it is compared: a text by its letters, however they are escaped; a number as it is written.
fn same(id: &RawValue) -> Box<str> {
    let text = serde_json::from_str::<String>(id.get());
    text.and_then(|text| serde_json::to_string(&text))
        .unwrap_or_else(|_| id.get().to_owned())
        .into()
}

impl Done {
    /// Reads an earlier output whole; nothing is done without one. Lines that are no envelopes are passed over: an
    /// output may have been cut off.
    ///
    /// # Errors
    /// A sentence, when the file cannot be read.
    pub fn read(path: Option<&Path>) -> Result<Self, String> {
        let mut done = Self::default();
        let Some(path) = path else { return Ok(done) };
        let wrong = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
        let mut input = BufReader::new(File::open(path).map_err(wrong)?);
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).map_err(wrong)? > 0 {
            done.is_cut = line.last() != Some(&b'\n');
            if let Ok(Envelope {
                status: "success",
                id: Some(id),
            }) = serde_json::from_slice(&line)
            {
                done.ids.insert(same(id));
            }
            line.clear();
        }

        Ok(done)
    }

    /// True when the request with this id succeeded before.
    pub fn holds(&self, id: Option<&RawValue>) -> bool {
        !self.ids.is_empty() && id.is_some_and(|id| self.ids.contains(&same(id)))
    }

    /// True when `output` goes on where the earlier one, in the file `path`, was cut off: the first envelope would
    /// become part of the line that was never finished.
    #[cfg(unix)]
    pub fn is_cut_where(&self, path: Option<&Path>, output: impl AsFd) -> bool {
        let Some(path) = path.filter(|_| self.is_cut) else {
            return false;
        };
        match (rustix::fs::stat(path), rustix::fs::fstat(output)) {
            (Ok(file), Ok(output)) => (file.st_dev, file.st_ino) == (output.st_dev, output.st_ino),
            _ => false,
        }
    }

    /// True when the earlier output was cut off. Whether `output` goes on there is not known here; an empty line too many
    /// does no harm.
    #[cfg(not(unix))]
    pub fn is_cut_where<W>(&self, path: Option<&Path>, _output: W) -> bool {
        path.is_some() && self.is_cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_however_its_letters_are_escaped() {
        let same = |id: &str| same(serde_json::from_str(id).unwrap());
        assert_eq!(same("\"\\u00e9/b\""), same("\"é\\/b\""));
        assert_ne!(same("\"1\""), same("1"));
        assert_ne!(same("1.0"), same("1"));
    }
}
