//! "Did you mean": the known word that was probably meant by one that is not known.

/// The word of `known` that `given` was probably meant to be, if one is near enough.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A long text is no slip of the pen, and comparing it would cost its square.
    if given.len() > 64 {
        return None;
    }

    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', ' ', '.'], "_");
    let given = plain(given);

    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&given, &plain(word)), word))
        .filter(|(distance, word)| {
            *distance <= 1 + word.len().min(given.len()) / 4
                || shared(&given, &plain(word)) >= 5
                || (given.len() >= 4
                    && (plain(word).contains(&given) || given.contains(&plain(word))))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// The usual wrong names of fields, each with what is meant by them.
const SYNONYMS: &[(&[&str], &str)] = &[
    (
        &[
            "email",
            "mail",
            "user",
            "userid",
            "email_address",
            "user_email",
            "username",
            "login",
            "id",
        ],
        "user_id",
    ),
    (
        &[
            "id",
            "meeting",
            "number",
            "meetingid",
            "meeting_number",
            "join_url",
            "link",
            "url",
            "uuid",
            "meeting_uuid",
            "conference_id",
        ],
        "meeting_id",
    ),
    (
        &["id", "uuid", "meeting_id", "meeting", "meetinguuid"],
        "meeting_uuid",
    ),
    (
        &[
            "setting",
            "options",
            "schedule_meeting",
            "in_meeting",
            "email_notification",
            "recording",
            "telephony",
            "feature",
            "integration",
            "tsp",
            "profile",
            "audio_conferencing",
            "meeting_security",
            "meeting_authentication",
            "recording_authentication",
        ],
        "settings",
    ),
    (&["passcode", "pwd", "pass"], "password"),
    (&["title", "name", "subject"], "topic"),
    (&["description", "body"], "agenda"),
    (&["max", "count", "max_results", "size", "top"], "limit"),
    (&["per_page", "pagesize"], "page_size"),
    (&["start", "since", "begin", "start_date"], "from"),
    (&["end", "until", "end_date"], "to"),
    (&["dryrun", "simulate", "what_if", "preview"], "dry_run"),
    (&["timeout_seconds", "time_limit"], "timeout"),
    (&["secret"], "client_secret"),
    (&["account"], "account_id"),
    (&["proxy", "https_proxy", "http_proxy"], "proxy_url"),
    (
        &["ca", "cert", "certificate", "ca_cert", "ca_bundle"],
        "ca_certificate",
    ),
    (
        &[
            "verify",
            "verify_ssl",
            "verify_tls",
            "ssl_verify",
            "insecure",
        ],
        "verify_certificate",
    ),
    (&["url", "base_url", "host", "api"], "api_url"),
];

/// Returns the field of `known` that was probably meant by `given`: the usual wrong names first, then the nearest.
#[must_use]
pub fn nearest_field<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = given.to_ascii_lowercase().replace(['-', ' ', '.'], "_");
    let synonym = SYNONYMS.iter().find_map(|(names, meant)| {
        let is_name = names.contains(&plain.as_str());
        known.iter().find(|name| is_name && *name == meant)
    });
    synonym
        .copied()
        .or_else(|| nearest(given, known.iter().copied()))
}

/// Returns the number of bytes that two words begin with alike: `params` and `parameters` share five.
fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// ` Did you mean "word"?`, or nothing.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map_or_else(String::new, |word| format!(" Did you mean \"{word}\"?"))
}

/// `text` for a message: control characters made visible, cut at 60 characters.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push_str("...");
    }
    format!("\"{shown}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let known = ["user_id", "waiting_room", "status"];
        assert_eq!(nearest("userid", known), Some("user_id"));
        assert_eq!(nearest("waiting-rooom", known), Some("waiting_room"));
        assert_eq!(
            nearest("params", ["action", "parameters", "protocol"]),
            Some("parameters")
        );
        assert_eq!(nearest("id", known), None);
        assert_eq!(nearest("xylophone", known), None);
    }

    #[test]
    fn nearest_field_knows_the_usual_wrong_names() {
        let user = ["user_id", "login_type", "dry_run"];
        for given in ["email", "mail", "user", "userId", "user-id"] {
            assert_eq!(nearest_field(given, &user), Some("user_id"), "{given}");
        }
        let meeting = ["meeting_id", "occurrence_id", "settings"];
        for given in ["id", "meeting", "number", "join_url", "meetingId"] {
            assert_eq!(
                nearest_field(given, &meeting),
                Some("meeting_id"),
                "{given}"
            );
        }
        assert_eq!(nearest_field("in_meeting", &meeting), Some("settings"));
        assert_eq!(nearest_field("email", &["limit", "page_size"]), None);
    }

    #[test]
    fn a_quoted_text_is_short_and_printable() {
        assert_eq!(quoted("a\nb\0"), "\"a\\nb\\0\"");
        assert!(quoted(&"x".repeat(500)).len() < 70);
    }
}
