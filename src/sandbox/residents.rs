//! Who and what lives in the sandbox, as a table: for its help, its page and the documents.

use std::fmt::Write as _;

/// Somebody or something that is there at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The part of the account that it belongs to: `People`, `Meetings`, ...
    pub group: &'static str,
    /// The name that requests use: an email address, a number, a UUID, an id.
    pub name: &'static str,
    /// Its peculiarity, in one phrase.
    pub about: &'static str,
}

const fn person(name: &'static str, about: &'static str) -> Resident {
    Resident {
        group: "People",
        name,
        about,
    }
}

const fn meeting(name: &'static str, about: &'static str) -> Resident {
    Resident {
        group: "Meetings",
        name,
        about,
    }
}

const fn recording(name: &'static str, about: &'static str) -> Resident {
    Resident {
        group: "Recordings",
        name,
        about,
    }
}

const fn setting(name: &'static str, about: &'static str) -> Resident {
    Resident {
        group: "Settings",
        name,
        about,
    }
}

const fn role(name: &'static str, about: &'static str) -> Resident {
    Resident {
        group: "Roles",
        name,
        about,
    }
}

const fn app(name: &'static str, about: &'static str) -> Resident {
    Resident {
        group: "Apps",
        name,
        about,
    }
}

const RESIDENTS: &[Resident] = &[
    person(
        "jane@example.com",
        "the owner, licensed; hosts most meetings",
    ),
    person(
        "user4@example.com",
        "taken over by a stranger: an administrator with sign-ins from abroad, a hijacked meeting, a leaked recording, delegates",
    ),
    person(
        "basic@example.com",
        "a basic user: a host key is refused (1108), and a license too (2034) until another user's is taken away",
    ),
    person(
        "user5@example.com",
        "has the role Help desk; delegate of user4",
    ),
    person(
        "user2@example.com and on",
        "the others; every third is basic; two meetings each",
    ),
    person(
        "inactive1@example.com, inactive2@example.com",
        "deactivated; their meetings are there",
    ),
    person(
        "pending1@example.com",
        "invited, without an id: settings can't be read, and only the group changed (1120)",
    ),
    person(
        "someone@elsewhere.example",
        "belongs to another account (1010)",
    ),
    person(
        "refusal1107@example.com",
        "refused with that code (any that Zoom documents) by the endpoints that know it",
    ),
    meeting("85746065432", "scheduled, with a passcode"),
    meeting(
        "81555000444",
        "user4's, running now: a short passcode, no waiting room, a stranger in it",
    ),
    meeting("86555000444", "user4's of tomorrow, as weak"),
    meeting(
        "81234567890",
        "running: a delete is refused (3002) until it is ended",
    ),
    meeting(
        "89123456789",
        "an instant meeting, running: listed only as live",
    ),
    meeting(
        "82345678901",
        "recurring with fixed times: five occurrences, a day apart",
    ),
    meeting(
        "83456789012, 84567890123",
        "recurring without fixed times; screen sharing only",
    ),
    meeting(
        "5551112222",
        "jane's personal meeting: can't be deleted (3018)",
    ),
    meeting("70000000020 and on", "two for each other user"),
    meeting("87000000001", "a webinar (3000)"),
    meeting("86000000001", "its host may not host (3161)"),
    meeting("88000000001", "somebody else's (3003)"),
    meeting(
        "99000003063",
        "refused with that code: 99000000000 plus any that Zoom documents",
    ),
    meeting(
        "Vq//8rT2SbKx0aPz5nLw3A==",
        "user4's of yesterday, which a stranger joined twice",
    ),
    meeting(
        "kQx9vZ2yTsa4Wb7cD8eF1g==",
        "took place with the host alone: no participants are listed",
    ),
    meeting(
        "nR7yT0pLQeGm5sVw2xZk9A==",
        "has just ended: durations are not counted yet",
    ),
    recording(
        "70000000040",
        "user4's Quarterly numbers: public, without a passcode, downloaded by a stranger",
    ),
    recording(
        "85746065432",
        "jane's Weekly incident review, with a passcode",
    ),
    recording(
        "/ajXp112QmuoKj4854875==",
        "40 days old; its UUID must be encoded twice in a path",
    ),
    recording(
        "Zt4mW1cGQbC6rYpD0sHn7g==, kQx9vZ2yTsa4Wb7cD8eF1g==",
        "in the trash: user4's and jane's",
    ),
    setting(
        "recording.local_recording",
        "locked by the account: a change is answered 204 and not made",
    ),
    setting("in_meeting.allow_live_streaming", "locked too"),
    setting("in_meeting.file_transfer", "locked too"),
    role(
        "1 (Admin)",
        "user4: can't be deactivated (200) or deleted (1117) until it is taken away",
    ),
    role("Rhd7c2Xv3QmaK9 (Help desk)", "user5"),
    app(
        "wdKzuB2cT0ucZrWQbPvMtw",
        "Calendar Helper, added by the stranger: reads recordings",
    ),
    app(
        "Qn3xkBvVRZaFhA4oF2GtHg, m1TzPq8RSOy0cLZ5vX9dWw",
        "Team Whiteboard, Incident Bot",
    ),
];

/// Returns the table, one group after the other.
#[must_use]
pub const fn residents() -> &'static [Resident] {
    RESIDENTS
}

/// The width of the names in the help.
const COLUMN: usize = 28;

/// Returns the table as the command's help shows it.
#[must_use]
pub fn residents_help() -> String {
    let mut text = String::from("Who lives in it:");
    let mut group = "";
    for resident in RESIDENTS {
        if resident.group != group {
            group = resident.group;
            let _ = write!(text, "\n  {group}");
        }
        // A long name has a line of its own.
        let gap = if resident.name.len() > COLUMN {
            format!("\n    {:COLUMN$}", "")
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "\n    {:COLUMN$}{gap} {}",
            resident.name, resident.about
        );
    }
    text.push_str(
        "\n\nA browser sees the same at its address. It forgets everything when it stops.",
    );
    text
}
