//! Which of Zoom's fields hold what, told by the key: ids, names, telephone numbers, domains, texts. Knows no values.

use super::scan;
use super::stand_ins::StandIns;

/// Keys of persons' names.
const NAMES: [&str; 9] = [
    "first_name",
    "last_name",
    "display_name",
    "contact_name",
    "host_name",
    "nick_name",
    "phonetic_name",
    "user_name",
    "participant_name",
];

/// Keys of texts that people wrote and that may tell who they are.
const TEXTS: [&str; 16] = [
    "about_me",
    "agenda",
    "audio_conference_info",
    "company",
    "cost_center",
    "dept",
    "department",
    "division",
    "job_title",
    "location",
    "name",
    "topic",
    "value",
    "vanity_name",
    "pronouns",
    "custom_service_instructions",
];

/// Keys of words of Zoom's own, which nothing personal is looked for in.
const FIXED: [&str; 6] = ["scope", "status", "timezone", "token_type", "type", "code"];

/// True for the key of an id: a user's, a meeting's, an account's.
#[must_use]
pub fn is_id(key: &str) -> bool {
    // `parameters`: where they are a list by mistake, with an id in it.
    matches!(
        key,
        "id" | "pmi" | "uuid" | "jid" | "key" | "account_number" | "parameters"
    ) || ["_id", "_ids", "_uuid", "_pmi"]
        .iter()
        .any(|end| key.ends_with(end))
}

/// True for the key of a passcode or of a credential.
#[must_use]
pub fn is_credential(key: &str) -> bool {
    let ours = matches!(
        key,
        "show_secrets" | "remove_tsp_credentials" | "token_type"
    );
    !ours
        && (crate::protocol::redact::fields::is_secret(key) && key != "start_url" || is_named(key))
}

/// True for the key of a credential that the envelope does not hide, or that never gets there.
fn is_named(key: &str) -> bool {
    ["passcode", "secret", "token", "credential"]
        .iter()
        .any(|word| key.contains(word))
        || key == "pwd"
}

/// The text of a field, with stand-ins.
pub fn string(key: &str, text: &str, all: &mut StandIns) -> String {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_link = text.contains("://");
    match key {
        _ if text.trim().is_empty() || FIXED.contains(&key) => text.to_owned(),
        // A requirement of a passcode is a boolean, and hosts send those as text.
        _ if is_credential(key) && !is_boolean(text) => all.opaque(text),
        "invitation" => scan::invitation(text, all),
        _ if is_link || text.contains('@') => scan::text(text, all),
        _ if NAMES.contains(&key) => all.name(text),
        _ if TEXTS.contains(&key) && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            all.digits(text)
        }
        _ if TEXTS.contains(&key) => all.text(key, text),
        _ if (key.contains("phone") || key == "number" || key == "fax") && has_digit => {
            all.digits(text)
        }
        _ if key.contains("domain") => separated(text, |domain| {
            if domain.contains('.') {
                all.domain(domain)
            } else {
                domain.to_owned()
            }
        }),
        _ if key.ends_with("_url") => {
            scan::link(&format!("https://{text}"), all).replacen("https://", "", 1)
        }
        // `me`, and the numbers of Zoom's own roles, name nobody.
        "user_id" | "employee_unique_id" | "request_id" | "schedule_for" | "manager"
            if text.len() > 2 =>
        {
            grouped(text, all)
        }
        _ if is_id(key) && text.len() >= 6 => grouped(text, all),
        _ => match all.lookup(text) {
            Some(known) => known.to_owned(),
            None if is_opaque(text) => all.opaque(text),
            None => scan::text(text, all),
        },
    }
}

fn is_boolean(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off", "1", "0"]
        .iter()
        .any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// An id, or a number that people write in groups: `857 4606 5432`.
fn grouped(text: &str, all: &mut StandIns) -> String {
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
    if is_number {
        all.digits(text)
    } else {
        all.opaque(text)
    }
}

/// Each part of a list in a text.
fn separated(text: &str, mut part: impl FnMut(&str) -> String) -> String {
    text.split_inclusive([',', ';', ' '])
        .map(|piece| {
            let end = piece.trim_end_matches([',', ';', ' ']);
            format!(
                "{}{}",
                part(end),
                piece.get(end.len()..).unwrap_or_default()
            )
        })
        .collect()
}

/// A long text of letters and digits without a space, under a key that says nothing: an id or a key of some kind.
fn is_opaque(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+/=.~".contains(&byte);
    text.len() >= 16
        && text.bytes().all(plain)
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}
