//! The parameters of Update User Settings: the settings that responders and administrators turn, by name, each with its place in Zoom's body.

use crate::actions::get_user_settings::View;
use crate::protocol::parameter::{UserId, default_true};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Changes a user's settings: only those that are given. Afterwards the settings are read back, since Zoom accepts
/// changes of settings that the account or a group has locked, and does not make them.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUserSettings {
    /// The user's id or e-mail address.
    pub user_id: UserId,
    /// Which of Zoom's special forms to change. With it only that form's fields and `settings` are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<View>,
    /// Whether people wait until the host lets them in. Also with `option` meeting_security.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.waiting_room", "x-zoom-field-meeting_security" = "meeting_security.waiting_room"))]
    pub waiting_room: Option<bool>,
    /// Whether meetings must be encrypted with AES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.e2e_encryption"))]
    pub e2e_encryption: Option<bool>,
    /// Whether screens may be shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.screen_sharing"))]
    pub screen_sharing: Option<bool>,
    /// Who may share the screen: host or all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.who_can_share_screen", "enum" = ["host", "all"]))]
    pub who_can_share_screen: Option<String>,
    /// Who may share while somebody else does: host or all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.who_can_share_screen_when_someone_is_sharing", "enum" = ["host", "all"]))]
    pub who_can_share_screen_when_someone_is_sharing: Option<String>,
    /// How many may share at a time: one or multiple.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.participants_share_simultaneously", "enum" = ["one", "multiple"]))]
    pub participants_share_simultaneously: Option<String>,
    /// Whether sharing the desktop is off in the user's own meetings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.disable_screen_sharing_for_host_meetings"))]
    pub disable_screen_sharing_for_host_meetings: Option<bool>,
    /// Whether sharing is off while guests are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.disable_screen_sharing_for_in_meeting_guests"))]
    pub disable_screen_sharing_for_in_meeting_guests: Option<bool>,
    /// Whether people may draw on what is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.annotation"))]
    pub annotation: Option<bool>,
    /// Whether whiteboards may be shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.whiteboard"))]
    pub whiteboard: Option<bool>,
    /// Whether control of slides may be handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.slide_control"))]
    pub slide_control: Option<bool>,
    /// Whether the one who shares may hand over control of the computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.remote_control"))]
    pub remote_control: Option<bool>,
    /// Whether the host may give remote support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.remote_support"))]
    pub remote_support: Option<bool>,
    /// Whether others may steer the user's camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.far_end_camera_control"))]
    pub far_end_camera_control: Option<bool>,
    /// Whether files may be sent in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.file_transfer"))]
    pub file_transfer: Option<bool>,
    /// Whether there is a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.chat"))]
    pub chat: Option<bool>,
    /// Whether two people may chat with each other alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.private_chat"))]
    pub private_chat: Option<bool>,
    /// Whether chats are saved by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.auto_saving_chat"))]
    pub auto_saving_chat: Option<bool>,
    /// Whom participants may chat with: 1 nobody, 2 hosts, 3 everybody publicly, 4 everybody, also directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.allow_participants_chat_with", "enum" = [1, 2, 3, 4]))]
    pub allow_participants_chat_with: Option<i64>,
    /// What participants may save of the chat: 1 nothing, 2 what hosts write, 3 all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.allow_users_save_chats", "enum" = [1, 2, 3]))]
    pub allow_users_save_chats: Option<i64>,
    /// Whether people may delete their messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.allow_users_to_delete_messages_in_meeting_chat"))]
    pub allow_users_to_delete_messages_in_meeting_chat: Option<bool>,
    /// Whether meetings may be streamed live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.allow_live_streaming"))]
    pub allow_live_streaming: Option<bool>,
    /// Whether meetings may be streamed to a service of one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.custom_live_streaming_service"))]
    pub custom_live_streaming_service: Option<bool>,
    /// Whether meetings may be streamed to Facebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.live_streaming_facebook"))]
    pub live_streaming_facebook: Option<bool>,
    /// Whether meetings may be streamed to YouTube.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.live_streaming_youtube"))]
    pub live_streaming_youtube: Option<bool>,
    /// Whether there are breakout rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.breakout_room"))]
    pub breakout_room: Option<bool>,
    /// Whether the host may make others co-hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.co_host"))]
    pub co_host: Option<bool>,
    /// Whether there are polls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.polling"))]
    pub polling: Option<bool>,
    /// Whether people may react with emojis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.meeting_reactions"))]
    pub meeting_reactions: Option<bool>,
    /// Whether people may give signs beside the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.non_verbal_feedback"))]
    pub non_verbal_feedback: Option<bool>,
    /// Whether there are closed captions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.closed_caption"))]
    pub closed_caption: Option<bool>,
    /// Whether virtual backgrounds may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.virtual_background"))]
    pub virtual_background: Option<bool>,
    /// Whether people are offered to join from the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.show_a_join_from_your_browser_link"))]
    pub show_a_join_from_your_browser_link: Option<bool>,
    /// Whether people may join from a desktop's browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.join_from_desktop"))]
    pub join_from_desktop: Option<bool>,
    /// Whether people may join from a mobile browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.join_from_mobile"))]
    pub join_from_mobile: Option<bool>,
    /// Who hears a chime when somebody comes or goes: host, all or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.entry_exit_chime", "enum" = ["host", "all", "none"]))]
    pub entry_exit_chime: Option<String>,
    /// Whether the voice of somebody joining by phone is recorded and played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.record_play_voice"))]
    pub record_play_voice: Option<bool>,
    /// Whether participants are asked for consent to be unmuted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.request_permission_to_unmute_participants"))]
    pub request_permission_to_unmute_participants: Option<bool>,
    /// Whether focus mode may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.attention_mode_focus_mode"))]
    pub attention_mode_focus_mode: Option<bool>,
    /// Whether the data centres are chosen by `data_center_regions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.custom_data_center_regions"))]
    pub custom_data_center_regions: Option<bool>,
    /// The data centres to use, with `custom_data_center_regions`. Zoom knows AU, LA, CA, CN, DE, HK, IN, IE, TY,
    /// MX, NL, SG, US.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.data_center_regions"))]
    pub data_center_regions: Option<Vec<String>>,
    /// Whether calls in the auto-answer group are answered by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.auto_answer"))]
    pub auto_answer: Option<bool>,
    /// Whether Zoom's windows are seen when the desktop is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.allow_show_zoom_windows"))]
    pub allow_show_zoom_windows: Option<bool>,
    /// Whether people are asked for feedback at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "in_meeting.post_meeting_feedback"))]
    pub post_meeting_feedback: Option<bool>,
    /// Whether people may come in before the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.join_before_host"))]
    pub join_before_host: Option<bool>,
    /// Whether the host's camera is on at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.host_video"))]
    pub host_video: Option<bool>,
    /// Whether participants' cameras are on at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.participants_video"))]
    pub participants_video: Option<bool>,
    /// How people hear: both, telephony, voip or thirdParty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.audio_type", "enum" = ["both", "telephony", "voip", "thirdParty"]))]
    pub audio_type: Option<String>,
    /// Whether the link to join by holds the passcode. Also with `option` meeting_security.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.embed_password_in_join_link", "x-zoom-field-meeting_security" = "meeting_security.embed_password_in_join_link"))]
    pub embed_password_in_join_link: Option<bool>,
    /// Whether the personal meeting needs a passcode when people may come in before the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.force_pmi_jbh_password"))]
    pub force_pmi_jbh_password: Option<bool>,
    /// Whether the user has a personal meeting id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.personal_meeting"))]
    pub personal_meeting: Option<bool>,
    /// The passcode of the personal meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.pmi_password"))]
    pub pmi_password: Option<String>,
    /// The passcode that new meetings get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.default_password_for_scheduled_meetings"))]
    pub default_password_for_scheduled_meetings: Option<String>,
    /// Whether people who join by phone need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.pstn_password_protected"))]
    pub pstn_password_protected: Option<bool>,
    /// Whether instant meetings need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.require_password_for_instant_meetings"))]
    pub require_password_for_instant_meetings: Option<bool>,
    /// Whether the personal meeting needs a passcode: all, jbh_only (when people may come in before the host) or
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.require_password_for_pmi_meetings", "enum" = ["jbh_only", "all", "none"]))]
    pub require_password_for_pmi_meetings: Option<String>,
    /// Whether meetings that are scheduled already need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.require_password_for_scheduled_meetings"))]
    pub require_password_for_scheduled_meetings: Option<bool>,
    /// Whether new meetings need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.require_password_for_scheduling_new_meetings"))]
    pub require_password_for_scheduling_new_meetings: Option<bool>,
    /// What passcodes must hold: `length`, `have_letter`, `have_number`, `have_special_character`,
    /// `have_upper_and_lower_characters`, `only_allow_numeric`, `consecutive_characters_length`,
    /// `weak_enhance_detection`. Also with `option` meeting_security.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.meeting_password_requirement", "x-zoom-field-meeting_security" = "meeting_security.meeting_password_requirement"))]
    pub meeting_password_requirement: Option<Map<String, Value>>,
    /// Whether instant meetings use the personal meeting id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.use_pmi_for_instant_meetings"))]
    pub use_pmi_for_instant_meetings: Option<bool>,
    /// Whether scheduled meetings use the personal meeting id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "schedule_meeting.use_pmi_for_scheduled_meetings"))]
    pub use_pmi_for_scheduled_meetings: Option<bool>,
    /// Whether meetings may be recorded on the own disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.local_recording"))]
    pub local_recording: Option<bool>,
    /// Whether meetings may be recorded in Zoom's cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.cloud_recording"))]
    pub cloud_recording: Option<bool>,
    /// What records by itself: local, cloud or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.auto_recording", "enum" = ["local", "cloud", "none"]))]
    pub auto_recording: Option<String>,
    /// Whether the sound is recorded alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.record_audio_file"))]
    pub record_audio_file: Option<bool>,
    /// Whether the gallery is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.record_gallery_view"))]
    pub record_gallery_view: Option<bool>,
    /// Whether the speaker is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.record_speaker_view"))]
    pub record_speaker_view: Option<bool>,
    /// Whether recordings are transcribed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.recording_audio_transcript"))]
    pub recording_audio_transcript: Option<bool>,
    /// Whether the chat is kept with the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.save_chat_text"))]
    pub save_chat_text: Option<bool>,
    /// Whether the time is shown in the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.show_timestamp"))]
    pub show_timestamp: Option<bool>,
    /// Whether the host may pause or stop a recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.host_pause_stop_recording"))]
    pub host_pause_stop_recording: Option<bool>,
    /// Whether recordings in the cloud are deleted after some time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.auto_delete_cmr"))]
    pub auto_delete_cmr: Option<bool>,
    /// After how many days: 30, 60, 90 or 120.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.auto_delete_cmr_days", "enum" = [30, 60, 90, 120]))]
    pub auto_delete_cmr_days: Option<i64>,
    /// Whether people are told that the meeting is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.recording_disclaimer"))]
    pub recording_disclaimer: Option<bool>,
    /// Whether participants must consent to it, with `recording_disclaimer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.ask_participants_to_consent_disclaimer"))]
    pub ask_participants_to_consent_disclaimer: Option<bool>,
    /// Whether the host must confirm before a recording starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.ask_host_to_confirm_disclaimer"))]
    pub ask_host_to_confirm_disclaimer: Option<bool>,
    /// From which addresses recordings may be viewed: `enable`, `ip_addresses_or_ranges`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.ip_address_access_control"))]
    pub ip_address_access_control: Option<Map<String, Value>>,
    /// What passcodes of recordings must hold: `length`, `have_letter`, `have_number`, `have_special_character`,
    /// `only_allow_numeric`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recording.recording_password_requirement"))]
    pub recording_password_requirement: Option<Map<String, Value>>,
    /// Whether the user has the add-on for large meetings; it takes a licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.large_meeting"))]
    pub large_meeting: Option<bool>,
    /// How many people a large meeting holds: 500 or 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.large_meeting_capacity", "enum" = [500, 1000]))]
    pub large_meeting_capacity: Option<i64>,
    /// Whether the user has the webinar add-on; it takes a licence. Not with `zoom_events`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.webinar"))]
    pub webinar: Option<bool>,
    /// How many people a webinar holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.webinar_capacity", "enum" = [100, 500, 501, 1000, 1001, 3000, 5000, 10000]))]
    pub webinar_capacity: Option<i64>,
    /// Whether the user has Zoom Events; it takes a licence. Not with `webinar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.zoom_events"))]
    pub zoom_events: Option<bool>,
    /// Whether the user has Zoom Phone; it takes a licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.zoom_phone"))]
    pub zoom_phone: Option<bool>,
    /// The plan for meetings at the same time: Basic, Plus or None.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature.concurrent_meeting", "enum" = ["Basic", "Plus", "None"]))]
    pub concurrent_meeting: Option<String>,
    /// Whether Zoom mails when an alternative host is set or removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "email_notification.alternative_host_reminder"))]
    pub alternative_host_reminder: Option<bool>,
    /// Whether Zoom mails when a meeting is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "email_notification.cancel_meeting_reminder"))]
    pub cancel_meeting_reminder: Option<bool>,
    /// Whether Zoom mails the host when people have come in first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "email_notification.jbh_reminder"))]
    pub jbh_reminder: Option<bool>,
    /// Whether Zoom mails the host when somebody schedules for her or him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "email_notification.schedule_for_reminder"))]
    pub schedule_for_reminder: Option<bool>,
    /// Whether Zoom mails the host when a recording is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "email_notification.cloud_recording_available_reminder"))]
    pub cloud_recording_available_reminder: Option<bool>,
    /// Whether people hear by third-party audio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "telephony.third_party_audio"))]
    pub third_party_audio: Option<bool>,
    /// What people read about third-party audio, at most 2,048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), extend("x-zoom-field" = "telephony.audio_conference_info"))]
    pub audio_conference_info: Option<String>,
    /// With `option` meeting_security: whether every meeting has at least one of passcode, waiting room and
    /// authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.auto_security"))]
    pub auto_security: Option<bool>,
    /// With `option` meeting_security: whether people of the domains in `block_user_domain_list` are kept out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.block_user_domain"))]
    pub block_user_domain: Option<bool>,
    /// With `option` meeting_security: the domains whose people are kept out, 20 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20), extend("x-zoom-field-meeting_security" = "meeting_security.block_user_domain_list"))]
    pub block_user_domain_list: Option<Vec<String>>,
    /// With `option` meeting_security: the encryption of new meetings: enhanced_encryption, or e2ee for end to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.encryption_type", "enum" = ["enhanced_encryption", "e2ee"]))]
    pub encryption_type: Option<String>,
    /// With `option` meeting_security: whether meetings may be encrypted end to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.end_to_end_encrypted_meetings"))]
    pub end_to_end_encrypted_meetings: Option<bool>,
    /// With `option` meeting_security: whether meetings other than the personal one need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.meeting_password"))]
    pub meeting_password: Option<bool>,
    /// With `option` meeting_security: whether people who join from the browser must be signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.only_authenticated_can_join_from_webclient"))]
    pub only_authenticated_can_join_from_webclient: Option<bool>,
    /// With `option` meeting_security: whether people who join by phone need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.phone_password"))]
    pub phone_password: Option<bool>,
    /// With `option` meeting_security: whether meetings that are scheduled already need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.require_password_for_scheduled_meeting"))]
    pub require_password_for_scheduled_meeting: Option<bool>,
    /// With `option` meeting_security: whether webinars that are scheduled already need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.require_password_for_scheduled_webinar"))]
    pub require_password_for_scheduled_webinar: Option<bool>,
    /// With `option` meeting_security: whether webinars need a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.webinar_password"))]
    pub webinar_password: Option<bool>,
    /// With `option` meeting_security: who waits in the waiting room, and who may let people in:
    /// `participants_to_place_in_waiting_room`, `users_who_can_admit_participants_from_waiting_room`,
    /// `whitelisted_domains_for_waiting_room`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field-meeting_security" = "meeting_security.waiting_room_settings"))]
    pub waiting_room_settings: Option<Map<String, Value>>,
    /// With `option` meeting_authentication: whether only people who are signed in may join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-option" = ["meeting_authentication"], "x-zoom-field" = "meeting_authentication"))]
    pub meeting_authentication: Option<bool>,
    /// With `option` recording_authentication: whether only people who are signed in may view recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-option" = ["recording_authentication"], "x-zoom-field" = "recording_authentication"))]
    pub recording_authentication: Option<bool>,
    /// With one of the two authentication options, the profile to change: `id`, `action` (update, show or hide),
    /// `name`, `type`, `domains`, `default_option`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-option" = ["meeting_authentication", "recording_authentication"], "x-zoom-field" = "authentication_option"))]
    pub authentication_option: Option<Map<String, Value>>,
    /// With `option` meeting_security: any of that form's fields, in Zoom's nesting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-option" = ["meeting_security"], "x-zoom-field" = "meeting_security"))]
    pub meeting_security: Option<Map<String, Value>>,
    /// Any other settings, by Zoom's names and in Zoom's nesting, block by block. A setting that has a parameter of its own
    /// may be given there or here, not both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "", "examples" = [{"in_meeting": {"webinar_polling": {"enable": false}}}]))]
    pub settings: Option<Map<String, Value>>,
    /// Read before and after the change, and say for each field whether it took. Without it only the change is sent.
    #[serde(default = "default_true")]
    pub verify: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
    /// Show passcodes and keys in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}
