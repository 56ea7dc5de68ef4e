//! The list of what a recording may show as it came: documented names, enumerated words, numbers that identify nobody,
//! times, scopes, Zoom's hosts, and the words of error messages. Everything else is replaced.

use crate::actions;
use crate::catalog::{schema, schema_names};
use serde_json::Value;
use std::collections::BTreeSet;

/// The words, numbers and names that the published schemas document, each with the key it stands under.
#[derive(Debug, Default)]
pub struct Allowed {
    words: BTreeSet<(String, String)>,
    numbers: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// Words of Zoom's that the schemas do not enumerate, after the keys they may stand under. The roles are those that
/// Zoom makes in every account.
const WORDS: [(&str, &str); 4] = [
    ("status", "waiting started finished active inactive pending"),
    ("token_type", "bearer"),
    ("id role_id", "0 1 2"),
    ("name role role_name", "Admin Owner Member"),
];

/// The ways to write a boolean as text.
const BOOLEANS: [&str; 6] = ["true", "false", "yes", "no", "on", "off"];

/// Numbers of Zoom's that the schemas do not document.
const NUMBERS: [&str; 9] = [
    "after_ms",
    "errorCode",
    "expires_in",
    "page_count",
    "page_number",
    "participants",
    "repeat_interval",
    "total_records",
    "type",
];

/// The parts of a key that make its number one that identifies somebody.
const IDENTIFYING: [&str; 14] = [
    "account",
    "cif",
    "extension",
    "host",
    "id",
    "ids",
    "key",
    "number",
    "numbers",
    "passcode",
    "password",
    "phone",
    "pin",
    "pmi",
];

/// The parts of a key that make a date under it a time of Zoom's, and no one's birthday.
const TIMES: [&str; 14] = [
    "at", "created", "date", "end", "expires", "from", "last", "modified", "next", "since",
    "start", "time", "times", "to",
];

/// The keys of the texts of an error.
const MESSAGES: [&str; 8] = [
    "detail",
    "error",
    "error_description",
    "error_message",
    "errorMessage",
    "message",
    "reason",
    "title",
];

/// The keys whose texts are documented names themselves.
const NAMES: [&str; 5] = [
    "clear",
    "custom_query_fields",
    "field",
    "include_fields",
    "option",
];

/// The steps of Zoom's addresses that name nobody.
const PATH_STEPS: [&str; 21] = [
    "assistants",
    "download",
    "events",
    "invitation",
    "j",
    "meeting",
    "meetings",
    "my",
    "oauth",
    "p",
    "play",
    "rec",
    "recordings",
    "roles",
    "s",
    "settings",
    "share",
    "token",
    "users",
    "v2",
    "w",
];

/// The names of the parameters in Zoom's links.
const QUERY_NAMES: [&str; 6] = ["access_token", "jst", "pwd", "tk", "uuid", "zak"];

/// The words of error messages, Zoom's, a gateway's and this program's own, and those of scopes: one a line, sorted.
const MESSAGE_WORDS: &str = include_str!("message_words.txt");

impl Allowed {
    /// Collects what the published schemas document.
    #[must_use]
    pub fn from_schemas() -> Self {
        let mut allowed = Self::default();
        for name in schema_names() {
            let text = schema(&name).unwrap_or_default();
            let schema: Value = serde_json::from_str(&text).unwrap_or_default();
            allowed.collect(&schema, &schema, "", 0);
        }

        for (keys, words) in WORDS {
            for key in keys.split(' ') {
                let words = words.split(' ');
                allowed
                    .words
                    .extend(words.map(|word| (key.to_owned(), word.to_owned())));
            }
        }
        allowed
            .numbers
            .extend(NUMBERS.iter().map(|key| (*key).to_owned()));

        allowed
    }

    /// Collects from `schema`, which stands under `key`; `root` resolves its references.
    fn collect(&mut self, schema: &Value, root: &Value, key: &str, depth: u8) {
        // No schema of ours is that deep; one that refers to itself would be endless.
        if depth > 24 {
            return;
        }

        let Value::Object(schema) = schema else {
            return;
        };

        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("$ref", Value::String(reference)) => {
                    if let Some(target) = root.pointer(reference.trim_start_matches('#')) {
                        self.collect(target, root, key, depth + 1);
                    }
                }
                ("properties", Value::Object(properties)) => {
                    for (name, schema) in properties {
                        self.names.insert(name.clone());
                        self.collect(schema, root, name, depth + 1);
                    }
                }
                ("items" | "additionalProperties", schema) => {
                    self.collect(schema, root, key, depth + 1);
                }
                ("oneOf" | "anyOf" | "allOf", Value::Array(schemas)) => {
                    for schema in schemas {
                        self.collect(schema, root, key, depth + 1);
                    }
                }
                ("enum", Value::Array(words)) => {
                    for word in words {
                        self.insert_word(key, word);
                    }
                }
                ("const", word) => self.insert_word(key, word),
                ("type", kind) => {
                    let is_number =
                        |kind: &Value| matches!(kind.as_str(), Some("integer" | "number"));
                    let kinds = kind
                        .as_array()
                        .map_or(std::slice::from_ref(kind), Vec::as_slice);
                    if kinds.iter().any(is_number) && !has_part(key, &IDENTIFYING) {
                        self.numbers.insert(key.to_owned());
                    }
                }
                _ => {}
            }
        }
    }

    fn insert_word(&mut self, key: &str, word: &Value) {
        if let Some(word) = word.as_str() {
            self.words.insert((key.to_owned(), word.to_owned()));
        }
    }

    /// True if `text` may stand under `key` as it is.
    #[must_use]
    pub fn is_text(&self, key: &str, text: &str) -> bool {
        let text = text.trim();
        text.is_empty()
            || self.words.contains(&(key.to_owned(), text.to_owned()))
            || BOOLEANS.contains(&text.to_ascii_lowercase().as_str())
            || is_time(key, text)
            || (key == "action" && actions::find(text).is_some())
            || (NAMES.contains(&key) && text.split([',', '.', ' ']).all(|name| self.is_name(name)))
            || (matches!(key, "timezone" | "time_zone") && jiff::tz::TimeZone::get(text).is_ok())
            || (key == "language" && is_language(text))
            || (self.is_number(key) && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit()))
    }

    /// True if the numbers under `key` identify nobody.
    #[must_use]
    pub fn is_number(&self, key: &str) -> bool {
        self.numbers.contains(key)
    }

    /// True if `key` is documented.
    #[must_use]
    pub fn is_name(&self, key: &str) -> bool {
        self.names.contains(key)
    }
}

/// True for the keys of the texts of an error.
#[must_use]
pub fn is_message(key: &str) -> bool {
    MESSAGES.contains(&key)
}

/// True for a word of error messages.
#[must_use]
pub fn is_message_word(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    MESSAGE_WORDS.lines().any(|known| known == word)
}

/// True for a scope such as `user:read:user:admin`.
#[must_use]
pub fn is_scope(text: &str) -> bool {
    let is_part = |part: &str| {
        part.split('_').all(is_message_word) && !part.contains(|c: char| c.is_ascii_uppercase())
    };
    (2..=4).contains(&text.split(':').count()) && text.split(':').all(is_part)
}

/// True for a host of Zoom's that names no customer, and for this machine.
#[must_use]
pub fn is_host(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    if matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]" | "::1") {
        return true;
    }

    let label = match ["zoom.us", "zoomgov.com", "zoom.com"]
        .iter()
        .find_map(|domain| host.strip_suffix(domain))
    {
        Some("") => return true,
        Some(labels) => match labels.strip_suffix('.') {
            Some(label) => label,
            None => return false,
        },
        None => return false,
    };

    let region = label.strip_prefix("api-").unwrap_or_default();
    let cluster = label
        .strip_prefix("us")
        .map(|rest| rest.strip_suffix("web").unwrap_or(rest));

    matches!(label, "api" | "www" | "marketplace" | "support" | "explore")
        || (region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_lowercase()))
        || cluster.is_some_and(|digits| {
            (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// True for a step of an address that names nobody.
#[must_use]
pub fn is_path_step(step: &str) -> bool {
    step.is_empty() || PATH_STEPS.contains(&step)
}

/// True for the name of a parameter in a link of Zoom's.
#[must_use]
pub fn is_query_name(name: &str) -> bool {
    QUERY_NAMES.contains(&name)
}

/// Returns the type of a body without its parameters, in which a name could stand.
#[must_use]
pub fn content_type(text: &str) -> &'static str {
    const KNOWN: [&str; 6] = [
        "application/json",
        "application/problem+json",
        "application/xml",
        "text/html",
        "text/plain",
        "text/xml",
    ];
    let kind = text.split(';').next().unwrap_or_default().trim();
    KNOWN
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(kind))
        .unwrap_or("application/octet-stream")
}

/// True for a time under a key that may hold one. Under another key it may be a birthday.
fn is_time(key: &str, text: &str) -> bool {
    let is_date = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    has_part(key, &TIMES) && (is_instant(text) || (is_date && is_plain_time(text)))
}

/// True for a date with a time of day.
#[must_use]
pub fn is_instant(text: &str) -> bool {
    let is_civil = text.len() >= 16 && text.parse::<jiff::civil::DateTime>().is_ok();
    is_plain_time(text) && (is_civil || text.parse::<jiff::Timestamp>().is_ok())
}

/// True for the characters of RFC 3339. jiff reads more, such as a zone's name in brackets.
fn is_plain_time(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || b"-+:. TZ".contains(&byte))
}

fn is_language(text: &str) -> bool {
    let (language, region) = text.split_once('-').unwrap_or((text, "US"));
    language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && region.len() == 2
        && region.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// True if one of the words of `key`, in snake or camel case, is in `parts`.
fn has_part(key: &str, parts: &[&str]) -> bool {
    let mut words = String::new();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            words.push('_');
        }
        words.push(character.to_ascii_lowercase());
    }

    words.split('_').any(|word| parts.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_texts_are_those_that_can_not_be_personal() {
        let allowed = Allowed::from_schemas();
        for (key, text) in [
            ("status", "active"),
            ("auto_recording", "cloud"),
            ("timezone", "Europe/Berlin"),
            ("language", "en-US"),
            ("start_time", "2026-11-24T15:00:00Z"),
            ("from", "2026-11-24"),
            ("waiting_room", "Yes"),
            ("page_size", "300"),
            ("action", "Get User"),
            ("clear", "dept,job_title"),
            ("email", ""),
        ] {
            assert!(allowed.is_text(key, text), "{key}: {text}");
        }
        for (key, text) in [
            ("nick", "active"),
            ("status", "cloud"),
            ("birthday", "1980-02-03"),
            ("birthday", "1980-02-03T00:00:00Z"),
            ("timezone", "Jane"),
            ("language", "Jane"),
            ("meeting_id", "300"),
            ("action", "Jane"),
            ("clear", "Jane"),
        ] {
            assert!(!allowed.is_text(key, text), "{key}: {text}");
        }
    }

    #[test]
    fn allowed_scopes_are_zooms() {
        for scope in [
            "user:read:user:admin",
            "meeting:write:admin",
            "cloud_recording:read:list_user_recordings:admin",
        ] {
            assert!(is_scope(scope), "{scope}");
        }
        for scope in [
            "user",
            "user:jane",
            "jane:read",
            "user:read:jane:admin",
            "user:",
        ] {
            assert!(!is_scope(scope), "{scope}");
        }
    }

    #[test]
    fn allowed_numbers_are_those_that_identify_nobody() {
        let allowed = Allowed::from_schemas();
        for key in ["type", "page_size", "duration", "total_records", "code"] {
            assert!(allowed.is_number(key), "{key}");
        }
        for key in ["id", "pmi", "account_number", "meeting_id", "age"] {
            assert!(!allowed.is_number(key), "{key}");
        }
    }

    #[test]
    fn allowed_hosts_name_no_customer() {
        for host in [
            "zoom.us",
            "api.zoom.us",
            "us02web.zoom.us",
            "api-eu.zoom.us",
            "api.zoomgov.com",
            "127.0.0.1",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "corp.zoom.us",
            "usjane.zoom.us",
            "zoom.us.corp.test",
            "jane-zoom.us",
            "corp.test",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }
}
