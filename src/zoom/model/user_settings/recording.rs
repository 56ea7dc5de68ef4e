//! The documented shape of the `recording` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Player.
#[derive(Debug, JsonSchema)]
pub struct Player {
    /// Host confirms disclaimer.
    pub ask_host_to_confirm_disclaimer: Option<bool>,
    /// Participants consent (with recording_disclaimer).
    pub ask_participants_to_consent_disclaimer: Option<bool>,
    /// Delete cloud recordings after a time.
    pub auto_delete_cmr: Option<bool>,
    /// Days until deletion.
    pub auto_delete_cmr_days: Option<i64>,
    /// Separate files.
    pub record_files_separately: Option<RecordFilesSeparately>,
    /// Names in recording.
    pub display_participant_name: Option<bool>,
    /// Presenter thumbnails.
    pub recording_thumbnails: Option<bool>,
    /// Editor-friendly files.
    pub optimize_recording_for_3rd_party_video_editor: Option<bool>,
    /// Highlights.
    pub recording_highlight: Option<bool>,
    /// Save panelist chat.
    pub save_panelist_chat: Option<bool>,
    /// Save poll results.
    pub save_poll_results: Option<bool>,
    /// Save captions as VTT.
    pub save_close_caption: Option<bool>,
    /// Automatic recording target.
    pub auto_recording: Option<String>,
    /// Cloud recording.
    pub cloud_recording: Option<bool>,
    /// Host may pause or stop.
    pub host_pause_stop_recording: Option<bool>,
    /// Who may view, by address.
    pub ip_address_access_control: Option<IpAddressAccessControl>,
    /// Local recording.
    pub local_recording: Option<bool>,
    /// Audio file.
    pub record_audio_file: Option<bool>,
    /// Gallery view.
    pub record_gallery_view: Option<bool>,
    /// Speaker view.
    pub record_speaker_view: Option<bool>,
    /// Transcript.
    pub recording_audio_transcript: Option<bool>,
    /// Show disclaimer.
    pub recording_disclaimer: Option<bool>,
    /// AI recording extras.
    pub smart_recording: Option<SmartRecording>,
    /// Player passcode rule.
    pub recording_password_requirement: Option<RecordingPasswordRequirement>,
    /// Save chat.
    pub save_chat_text: Option<bool>,
    /// Timestamp on video.
    pub show_timestamp: Option<bool>,
}

/// Separate files.
#[derive(Debug, JsonSchema)]
pub struct RecordFilesSeparately {
    /// Speaker file.
    pub active_speaker: Option<bool>,
    /// Gallery file.
    pub gallery_view: Option<bool>,
    /// Screen file.
    pub shared_screen: Option<bool>,
}

/// Who may view, by address.
#[derive(Debug, JsonSchema)]
pub struct IpAddressAccessControl {
    /// On.
    pub enable: Option<bool>,
    /// Comma list of addresses, CIDRs, ranges.
    pub ip_addresses_or_ranges: Option<String>,
}

/// AI recording extras.
#[derive(Debug, JsonSchema)]
pub struct SmartRecording {
    /// AI highlights.
    pub create_recording_highlights: Option<bool>,
    /// AI chapters.
    pub create_smart_chapters: Option<bool>,
    /// AI next steps.
    pub create_next_steps: Option<bool>,
}

/// Player passcode rule.
#[derive(Debug, JsonSchema)]
pub struct RecordingPasswordRequirement {
    /// Needs a letter.
    pub have_letter: Option<bool>,
    /// Needs a digit.
    pub have_number: Option<bool>,
    /// Needs a special character.
    pub have_special_character: Option<bool>,
    /// Minimum length.
    pub length: Option<i64>,
    /// Digits only.
    pub only_allow_numeric: Option<bool>,
}
