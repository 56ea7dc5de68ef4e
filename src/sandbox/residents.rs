//! Who and what lives in the sandbox, as a table, from `residents.json`: for its help, its page and the documents.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Somebody or something that is there at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The part of the account that it belongs to: `People`, `Meetings`, ...
    pub group: String,
    /// The name that requests use: an email address, a number, a UUID, an id.
    pub name: String,
    /// Its peculiarity, in one phrase.
    pub about: String,
}

/// Returns the table, one group after the other.
#[must_use]
pub fn residents() -> Vec<Resident> {
    let groups: Map<String, Value> =
        serde_json::from_str(include_str!("residents.json")).unwrap_or_default();
    let mut residents = Vec::new();
    for (group, rows) in groups {
        let rows: Vec<(String, String)> = serde_json::from_value(rows).unwrap_or_default();
        residents.extend(rows.into_iter().map(|(name, about)| Resident {
            group: group.clone(),
            name,
            about,
        }));
    }

    residents
}

/// The width of the names in the help.
const COLUMN: usize = 28;

/// Returns the table as the command's help shows it.
#[must_use]
pub fn residents_help() -> String {
    let mut text = String::from("Who lives in it:");
    let mut group = String::new();

    for resident in residents() {
        let name = &resident.name;
        if resident.group != group {
            let _ = write!(text, "\n  {}", resident.group);
            group.clone_from(&resident.group);
        }

        // A long name has a line of its own.
        if name.len() > COLUMN {
            let _ = write!(text, "\n    {name}\n    {:COLUMN$} {}", "", resident.about);
        } else {
            let _ = write!(text, "\n    {name:COLUMN$} {}", resident.about);
        }
    }

    text.push_str(
        "\n\nA browser sees the same at its address. It forgets everything when it stops.",
    );

    text
}
