//! Names for people: what a form calls a parameter (`meeting_id` is Meeting ID) and a resource field.

use serde_json::Value;

/// Words that people write otherwise than with a capital: abbreviations, and Zoom's short forms spelt out.
const WORDS: &[(&str, &str)] = &[
    ("aes", "AES"),
    ("ai", "AI"),
    ("api", "API"),
    ("cmr", "Cloud Recordings"),
    ("cms", "CMS"),
    ("co", "Co-"),
    ("dept", "Department"),
    ("e2e", "End-to-End"),
    ("e2ee", "End-to-End Encryption"),
    ("email", "Email"),
    ("id", "ID"),
    ("ids", "IDs"),
    ("ip", "IP"),
    ("jbh", "Join Before Host"),
    ("linkedin", "LinkedIn"),
    ("ok", "OK"),
    ("password", "Passcode"),
    ("pmi", "Personal Meeting ID"),
    ("pstn", "PSTN"),
    ("qa", "Q&A"),
    ("facebook", "Facebook"),
    ("thirdParty", "Third Party"),
    ("timezone", "Time Zone"),
    ("tsp", "TSP"),
    ("url", "URL"),
    ("voip", "VoIP"),
    ("webclient", "Web Client"),
    ("youtube", "YouTube"),
];

/// Words that stay small inside a name, and are large at its beginning and end.
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "before", "by", "for", "from", "if", "in", "of", "on", "or",
    "per", "the", "to", "upon", "when", "with", "without",
];

/// Names that their words do not make.
const NAMES: &[(&str, &str)] = &[
    (
        "allow_host_control_participant_mute_state",
        "Host Controls Participants' Mute State",
    ),
    ("allow_users_save_chats", "Chat Messages That May Be Saved"),
    (
        "ask_participants_to_consent_disclaimer",
        "Ask Participants to Consent to a Disclaimer",
    ),
    ("attention_mode_focus_mode", "Focus Mode"),
    ("auto_delete_cmr", "Delete Cloud Recordings Automatically"),
    (
        "auto_delete_cmr_days",
        "Days until Cloud Recordings Are Deleted",
    ),
    (
        "disable_screen_sharing_for_host_meetings",
        "Disable Screen Sharing in Hosted Meetings",
    ),
    (
        "disable_screen_sharing_for_in_meeting_guests",
        "Disable Screen Sharing for Guests in Meetings",
    ),
    ("e2e_encryption", "AES Encryption"),
    (
        "email_in_attendee_report",
        "Email Addresses in Attendee Report",
    ),
    ("global_dial_in_countries", "Global Dial-in Countries"),
    (
        "host_pause_stop_recording",
        "Host May Pause and Stop Recording",
    ),
    ("live_streaming_facebook", "Live Streaming on Facebook"),
    ("live_streaming_youtube", "Live Streaming on YouTube"),
    ("missing_ok", "Missing Is OK"),
    ("plan_united_type", "Zoom United Plan"),
    ("pre_schedule", "Pre-Schedule"),
    ("upcoming_meetings", "Upcoming, Each Occurrence by Itself"),
    ("user_id", "User ID or Email"),
    ("who_will_receive_summary", "Who Receives the Summary"),
    ("zoom_one_type", "Zoom Workplace Plan"),
];

/// The fields of the resource, in the words of the platform's own Zoom integration.
const RESOURCE: &[(&str, &str)] = &[
    ("label", "Label"),
    ("token_url", "OAuth Token URL"),
    ("api_url", "API URL"),
    ("client_id", "Client ID"),
    ("client_secret", "Client Secret"),
    ("account_id", "Account ID"),
    ("timeout", "Connection Timeout (s)"),
    ("verify_certificate", "Verify Server Certificate"),
    ("ca_certificate", "CA Certificate"),
    ("proxy_url", "Proxy URL"),
];

fn listed(table: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, label)| *label)
}

/// Returns the label of the resource field `id`; a field that the platform has no word for is named by its words.
#[must_use]
pub fn of_resource(id: &str) -> String {
    listed(RESOURCE, id).map_or_else(|| of_words(id), str::to_owned)
}

/// Returns the label of the parameter `id`: its schema's `x-label` where it has one, else its words.
#[must_use]
pub fn of_parameter(id: &str, schema: &Value) -> String {
    let own = schema.get("x-label").and_then(Value::as_str);
    own.or_else(|| listed(NAMES, id))
        .map_or_else(|| of_words(id), str::to_owned)
}

/// Returns the label of a choice: by a name of its own where its words do not tell it from others.
#[must_use]
pub fn of_choice(text: &str) -> String {
    listed(NAMES, text).map_or_else(|| of_words(text), str::to_owned)
}

/// The words of a snake_case name, as a heading.
#[must_use]
pub fn of_words(id: &str) -> String {
    let mut label = String::new();
    let mut words = id.split('_').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        if !label.is_empty() && !label.ends_with('-') {
            label.push(' ');
        }
        match listed(WORDS, word) {
            Some(known) => label.push_str(known),
            None if SMALL.contains(&word) && !label.is_empty() && words.peek().is_some() => {
                label.push_str(word)
            }
            None => {
                let mut letters = word.chars();
                label.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                label.push_str(letters.as_str());
            }
        }
    }

    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_reads_as_a_person_would_write_it() {
        for (id, label) in [
            ("meeting_id", "Meeting ID"),
            ("from", "From"),
            ("schedule_for", "Schedule For"),
            ("mute_upon_entry", "Mute upon Entry"),
            ("end_if_live", "End if Live"),
            ("co_host", "Co-Host"),
            (
                "use_pmi_for_instant_meetings",
                "Use Personal Meeting ID for Instant Meetings",
            ),
            ("dept", "Department"),
            ("e2e_encryption", "AES Encryption"),
        ] {
            assert_eq!(of_parameter(id, &json!({})), label);
        }
        assert_eq!(of_parameter("dept", &json!({"x-label": "Team"})), "Team");
        assert_eq!(of_resource("timeout"), "Connection Timeout (s)");
    }
}
