//! The documented shape of the `schedule_meeting` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// The defaults for meetings that the user schedules.
#[derive(Debug, JsonSchema)]
pub struct ScheduleMeeting {
    /// Audio choice.
    pub audio_type: Option<String>,
    /// Default passcode.
    pub default_password_for_scheduled_meetings: Option<String>,
    /// Passcode inside the link.
    pub embed_password_in_join_link: Option<bool>,
    /// PMI needs a passcode if join-before-host.
    pub force_pmi_jbh_password: Option<bool>,
    /// Host camera on.
    pub host_video: Option<bool>,
    /// Join before host.
    pub join_before_host: Option<bool>,
    /// Meeting passcode rule.
    pub meeting_password_requirement: Option<MeetingPasswordRequirement>,
    /// Participant cameras on.
    pub participants_video: Option<bool>,
    /// PMI available.
    pub personal_meeting: Option<bool>,
    /// PMI passcode.
    pub pmi_password: Option<String>,
    /// Passcode for phone joiners.
    pub pstn_password_protected: Option<bool>,
    /// Passcode for instant meetings.
    pub require_password_for_instant_meetings: Option<bool>,
    /// Passcode for PMI: all, jbh_only or none.
    pub require_password_for_pmi_meetings: Option<String>,
    /// Passcode for already scheduled meetings.
    pub require_password_for_scheduled_meetings: Option<bool>,
    /// Passcode for new meetings.
    pub require_password_for_scheduling_new_meetings: Option<bool>,
    /// Instant meetings use PMI.
    pub use_pmi_for_instant_meetings: Option<bool>,
    /// Scheduled meetings use PMI.
    pub use_pmi_for_scheduled_meetings: Option<bool>,
    /// Persistent meeting chat.
    pub continuous_meeting_chat: Option<ContinuousMeetingChat>,
}

/// Meeting passcode rule.
#[derive(Debug, JsonSchema)]
pub struct MeetingPasswordRequirement {
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

/// Persistent meeting chat.
#[derive(Debug, JsonSchema)]
pub struct ContinuousMeetingChat {
    /// Pre-assignment on.
    pub enable: Option<bool>,
    /// Whether can add external users is on.
    pub can_add_external_users: Option<bool>,
    /// Add invited outsiders.
    pub auto_add_invited_external_users: Option<bool>,
    /// Whether support instant meetings is on.
    pub support_instant_meetings: Option<bool>,
    /// Whether support scheduled meetings is on.
    pub support_scheduled_meetings: Option<bool>,
}
