//! The documented shape of the `in_meeting` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// What is possible in the user's meetings.
#[derive(Debug, JsonSchema)]
pub struct InMeeting {
    /// Focus mode may be scheduled.
    pub allow_host_to_enable_focus_mode: Option<bool>,
    /// People may delete chat messages.
    pub allow_users_to_delete_messages_in_meeting_chat: Option<bool>,
    /// Livestreaming.
    pub allow_live_streaming: Option<bool>,
    /// Thumbs survey at the end.
    pub post_meeting_feedback: Option<bool>,
    /// Whiteboard.
    pub whiteboard: Option<bool>,
    /// Chat reach: 1 none, 2 hosts, 3 everyone publicly, 4 everyone and directly.
    pub allow_participants_chat_with: Option<i64>,
    /// Chat saving: 1 none, 2 host messages, 3 all.
    pub allow_users_save_chats: Option<i64>,
    /// Annotation.
    pub annotation: Option<bool>,
    /// Deprecated: put on hold.
    pub attendee_on_hold: Option<bool>,
    /// Focus mode.
    pub attention_mode_focus_mode: Option<bool>,
    /// Save chats automatically.
    pub auto_saving_chat: Option<bool>,
    /// Breakout rooms.
    pub breakout_room: Option<bool>,
    /// Assign rooms when scheduling.
    pub breakout_room_schedule: Option<bool>,
    /// Chat.
    pub chat: Option<bool>,
    /// Q&A.
    pub meeting_question_answer: Option<bool>,
    /// Closed captions.
    pub closed_caption: Option<bool>,
    /// Caption details.
    pub closed_captioning: Option<ClosedCaptioning>,
    /// Co-hosts.
    pub co_host: Option<bool>,
    /// Choose data centres.
    pub custom_data_center_regions: Option<bool>,
    /// Custom livestream.
    pub custom_live_streaming_service: Option<bool>,
    /// Livestream instructions.
    pub custom_service_instructions: Option<String>,
    /// Data centres to use (needs custom_data_center_regions).
    pub data_center_regions: Option<Vec<String>>,
    /// No desktop sharing in own meetings.
    pub disable_screen_sharing_for_host_meetings: Option<bool>,
    /// No sharing while guests are in.
    pub disable_screen_sharing_for_in_meeting_guests: Option<bool>,
    /// Require AES encryption.
    pub e2e_encryption: Option<bool>,
    /// Chime for.
    pub entry_exit_chime: Option<String>,
    /// Others may steer the camera.
    pub far_end_camera_control: Option<bool>,
    /// Feedback to Zoom.
    pub feedback: Option<bool>,
    /// File transfer in chat.
    pub file_transfer: Option<bool>,
    /// HD in meetings.
    pub group_hd: Option<bool>,
    /// HD in webinars.
    pub webinar_group_hd: Option<bool>,
    /// Join from desktop browser.
    pub join_from_desktop: Option<bool>,
    /// Join from mobile browser.
    pub join_from_mobile: Option<bool>,
    /// Spoken interpretation.
    pub language_interpretation: Option<LanguageInterpretation>,
    /// Sign interpretation.
    pub sign_language_interpretation: Option<SignLanguageInterpretation>,
    /// Stream to Facebook.
    pub live_streaming_facebook: Option<bool>,
    /// Stream to YouTube.
    pub live_streaming_youtube: Option<bool>,
    /// Manual captions.
    pub manual_captioning: Option<ManualCaptioning>,
    /// Reactions.
    pub meeting_reactions: Option<bool>,
    /// All or selected emojis.
    pub meeting_reactions_emojis: Option<String>,
    /// Audible clap.
    pub allow_host_panelists_to_use_audible_clap: Option<bool>,
    /// Webinar reactions.
    pub webinar_reactions: Option<bool>,
    /// Meeting survey.
    pub meeting_survey: Option<bool>,
    /// Non-verbal feedback.
    pub non_verbal_feedback: Option<bool>,
    /// Polls.
    pub polling: Option<bool>,
    /// One-to-one chat.
    pub private_chat: Option<bool>,
    /// Play own voice at join.
    pub record_play_voice: Option<bool>,
    /// Remote control of shared screen.
    pub remote_control: Option<bool>,
    /// Remote support.
    pub remote_support: Option<bool>,
    /// Ask consent to unmute.
    pub request_permission_to_unmute_participants: Option<bool>,
    /// Screen sharing.
    pub screen_sharing: Option<bool>,
    /// Deprecated: dual camera.
    pub share_dual_camera: Option<bool>,
    /// Browser join link.
    pub show_a_join_from_your_browser_link: Option<bool>,
    /// Always show controls.
    pub show_meeting_control_toolbar: Option<bool>,
    /// Hand over slide control.
    pub slide_control: Option<bool>,
    /// The unchecked data center regions.
    pub unchecked_data_center_regions: Option<Vec<String>>,
    /// Virtual background.
    pub virtual_background: Option<bool>,
    /// Background details.
    pub virtual_background_settings: Option<VirtualBackgroundSettings>,
    /// Waiting room.
    pub waiting_room: Option<bool>,
    /// Webinar chat.
    pub webinar_chat: Option<WebinarChat>,
    /// Webinar streaming.
    pub webinar_live_streaming: Option<WebinarLiveStreaming>,
    /// Meeting polls.
    pub meeting_polling: Option<MeetingPolling>,
    /// Webinar polls.
    pub webinar_polling: Option<WebinarPolling>,
    /// Webinar survey.
    pub webinar_survey: Option<bool>,
    /// Who may share.
    pub who_can_share_screen: Option<String>,
    /// Who may take over sharing.
    pub who_can_share_screen_when_someone_is_sharing: Option<String>,
    /// One or several shares at a time.
    pub participants_share_simultaneously: Option<String>,
    /// Stream to Workplace.
    pub workplace_by_facebook: Option<bool>,
    /// Whether transfer meetings between devices is on.
    pub transfer_meetings_between_devices: Option<bool>,
    /// Zoom windows visible in shares.
    pub allow_show_zoom_windows: Option<bool>,
    /// The settings of meeting summary with ai companion.
    pub meeting_summary_with_ai_companion: Option<MeetingSummaryWithAiCompanion>,
    /// The settings of ai companion questions.
    pub ai_companion_questions: Option<AiCompanionQuestions>,
}

/// Caption details.
#[derive(Debug, JsonSchema)]
pub struct ClosedCaptioning {
    /// Live transcription.
    pub auto_transcribing: Option<bool>,
    /// Captions typed or by service.
    pub enable: Option<bool>,
    /// Participants may save captions.
    pub save_caption: Option<bool>,
    /// Third-party captions by token.
    pub third_party_captioning_service: Option<bool>,
    /// Full transcript panel.
    pub view_full_transcript: Option<bool>,
}

/// Spoken interpretation.
#[derive(Debug, JsonSchema)]
pub struct LanguageInterpretation {
    /// Own languages.
    pub custom_languages: Option<Vec<String>>,
    /// On by default.
    pub enable_language_interpretation_by_default: Option<bool>,
    /// Speak in listening channel.
    pub allow_participants_to_speak_in_listening_channel: Option<bool>,
    /// 25 own languages.
    pub allow_up_to_25_custom_languages_when_scheduling_meetings: Option<bool>,
    /// On.
    pub enable: Option<bool>,
    /// Two comma-separated country ids (US,CN,JP,DE,FR,RU,PT,ES,KR).
    pub languages: Option<Vec<String>>,
}

/// Sign interpretation.
#[derive(Debug, JsonSchema)]
pub struct SignLanguageInterpretation {
    /// On.
    pub enable: Option<bool>,
    /// On by default.
    pub enable_sign_language_interpretation_by_default: Option<bool>,
    /// System languages.
    pub languages: Option<Vec<String>>,
    /// Own languages.
    pub custom_languages: Option<Vec<String>>,
}

/// Manual captions.
#[derive(Debug, JsonSchema)]
pub struct ManualCaptioning {
    /// Host or assignee may type.
    pub allow_to_type: Option<bool>,
    /// Automatic captions.
    pub auto_generated_captions: Option<bool>,
    /// Transcript panel.
    pub full_transcript: Option<bool>,
    /// On.
    pub manual_captions: Option<bool>,
    /// May be saved (needs full_transcript).
    pub save_captions: Option<bool>,
    /// Third-party device by token.
    pub third_party_captioning_service: Option<bool>,
}

/// Background details.
#[derive(Debug, JsonSchema)]
pub struct VirtualBackgroundSettings {
    /// Own backgrounds.
    pub allow_upload_custom: Option<bool>,
    /// Video backgrounds.
    pub allow_videos: Option<bool>,
    /// On.
    pub enable: Option<bool>,
    /// Background files.
    pub files: Option<Vec<Files>>,
}

/// Background files.
#[derive(Debug, JsonSchema)]
pub struct Files {
    /// The id.
    pub id: Option<String>,
    /// Whether is default is on.
    pub is_default: Option<bool>,
    /// Attribute name.
    pub name: Option<String>,
    /// The size.
    pub size: Option<i64>,
    /// What kind of file it is, in Zoom's word.
    #[schemars(rename = "type")]
    pub kind: Option<String>,
}

/// Webinar chat.
#[derive(Debug, JsonSchema)]
pub struct WebinarChat {
    /// Attendees: 1 no one, 2 host+panelists, 3 all.
    pub allow_attendees_chat_with: Option<i64>,
    /// Save chat on host's disk.
    pub allow_auto_save_local_chat_file: Option<bool>,
    /// Panelists: 1 host+panelists, 2 all.
    pub allow_panelists_chat_with: Option<i64>,
    /// Panelist direct messages.
    pub allow_panelists_send_direct_message: Option<bool>,
    /// Saving: 0 none, 1 host+panelist messages, 2 all.
    pub allow_users_save_chats: Option<i64>,
    /// Default reach: 1 host+panelists, 2 all.
    pub default_attendees_chat_with: Option<i64>,
    /// On.
    pub enable: Option<bool>,
}

/// Webinar streaming.
#[derive(Debug, JsonSchema)]
pub struct WebinarLiveStreaming {
    /// Instructions.
    pub custom_service_instructions: Option<String>,
    /// On.
    pub enable: Option<bool>,
    /// Remind viewers.
    pub live_streaming_reminder: Option<bool>,
    /// Services.
    pub live_streaming_service: Option<Vec<String>>,
}

/// Meeting polls.
#[derive(Debug, JsonSchema)]
pub struct MeetingPolling {
    /// Advanced polls.
    pub advanced_polls: Option<bool>,
    /// Alternative hosts may edit.
    pub allow_alternative_host_to_add_edit: Option<bool>,
    /// Anonymous answers.
    pub require_answers_to_be_anonymous: Option<bool>,
    /// Images in questions.
    pub allow_host_to_upload_image: Option<bool>,
    /// On.
    pub enable: Option<bool>,
}

/// Webinar polls.
#[derive(Debug, JsonSchema)]
pub struct WebinarPolling {
    /// Advanced polls.
    pub advanced_polls: Option<bool>,
    /// Alternative hosts may edit.
    pub allow_alternative_host_to_add_edit: Option<bool>,
    /// Anonymous answers.
    pub require_answers_to_be_anonymous: Option<bool>,
    /// Images in questions.
    pub allow_host_to_upload_image: Option<bool>,
    /// On.
    pub enable: Option<bool>,
}

/// The settings of meeting summary with ai companion.
#[derive(Debug, JsonSchema)]
pub struct MeetingSummaryWithAiCompanion {
    /// Pre-assignment on.
    pub enable: Option<bool>,
    /// Whether auto enable is on.
    pub auto_enable: Option<bool>,
    /// AI summary goes to: 1 host, 2 host+co-hosts+alternatives, 3 host+own-org invitees, 4 all invitees.
    pub who_will_receive_summary: Option<i64>,
}

/// The settings of ai companion questions.
#[derive(Debug, JsonSchema)]
pub struct AiCompanionQuestions {
    /// Pre-assignment on.
    pub enable: Option<bool>,
    /// Whether auto enable is on.
    pub auto_enable: Option<bool>,
    /// AI questions by: 1 participants+invitees, 2 participants from their join, 3 host, 4 own-org
    /// participants+invitees, 5 own-org participants from their join.
    pub who_can_ask_questions: Option<i64>,
}
