//! The documented shape of the `meeting_security` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Security, with `option` `meeting_security`.
#[derive(Debug, JsonSchema)]
pub struct MeetingSecurity {
    /// At least one security option on every meeting.
    pub auto_security: Option<bool>,
    /// Block domains.
    pub block_user_domain: Option<bool>,
    /// Blocked domains, 20 at most.
    pub block_user_domain_list: Option<Vec<String>>,
    /// Passcode inside the link.
    pub embed_password_in_join_link: Option<bool>,
    /// Default encryption.
    pub encryption_type: Option<String>,
    /// End-to-end encryption allowed.
    pub end_to_end_encrypted_meetings: Option<bool>,
    /// Passcode for meetings (not PMI).
    pub meeting_password: Option<bool>,
    /// Passcode rule.
    pub meeting_password_requirement: Option<MeetingSecurityMeetingPasswordRequirement>,
    /// Web client needs sign-in.
    pub only_authenticated_can_join_from_webclient: Option<bool>,
    /// Passcode for phone joiners.
    pub phone_password: Option<bool>,
    /// Passcode for PMI.
    pub pmi_password: Option<bool>,
    /// Passcode for existing meetings.
    pub require_password_for_scheduled_meeting: Option<bool>,
    /// Passcode for existing webinars.
    pub require_password_for_scheduled_webinar: Option<bool>,
    /// Waiting room (turns join-before-host off).
    pub waiting_room: Option<bool>,
    /// Waiting room details.
    pub waiting_room_settings: Option<WaitingRoomSettings>,
    /// Passcode for webinars.
    pub webinar_password: Option<bool>,
}

/// Passcode rule.
#[derive(Debug, JsonSchema)]
pub struct MeetingSecurityMeetingPasswordRequirement {
    /// Longest run such as abcd: 0 off, 4-8.
    pub consecutive_characters_length: Option<i64>,
    /// Needs a letter.
    pub have_letter: Option<bool>,
    /// Needs a digit.
    pub have_number: Option<bool>,
    /// Needs a special character.
    pub have_special_character: Option<bool>,
    /// Needs both cases.
    pub have_upper_and_lower_characters: Option<bool>,
    /// Minimum length.
    pub length: Option<i64>,
    /// Digits only.
    pub only_allow_numeric: Option<bool>,
    /// Warn on weak passcodes.
    pub weak_enhance_detection: Option<bool>,
}

/// Waiting room details.
#[derive(Debug, JsonSchema)]
pub struct WaitingRoomSettings {
    /// 0 all, 1 outsiders, 2 outsiders not in allowed domains.
    pub participants_to_place_in_waiting_room: Option<i64>,
    /// 0 hosts, 1 hosts and, if absent, those who bypassed.
    pub users_who_can_admit_participants_from_waiting_room: Option<i64>,
    /// Comma list, with mode 2.
    pub whitelisted_domains_for_waiting_room: Option<String>,
}
