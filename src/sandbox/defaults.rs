//! The settings that every user starts with: the account's defaults.

use serde_json::{Value, json};

/// The defaults.
pub fn defaults() -> Value {
    let requirement = json!({
        "length": 8, "have_letter": true, "have_number": true, "have_special_character": false, "have_upper_and_lower_characters": false,
        "only_allow_numeric": false, "consecutive_characters_length": 0, "weak_enhance_detection": false,
    });
    json!({
        "schedule_meeting": {
            "host_video": true, "participants_video": false, "audio_type": "both", "join_before_host": false,
            "force_pmi_jbh_password": true, "personal_meeting": true, "pmi_password": "sand80x",
            "default_password_for_scheduled_meetings": "", "embed_password_in_join_link": true, "pstn_password_protected": true,
            "require_password_for_scheduling_new_meetings": true, "require_password_for_instant_meetings": true,
            "require_password_for_scheduled_meetings": true, "require_password_for_pmi_meetings": "all",
            "use_pmi_for_instant_meetings": false, "use_pmi_for_scheduled_meetings": false,
            "meeting_password_requirement": requirement,
        },
        "in_meeting": {
            "waiting_room": true, "e2e_encryption": true, "chat": true, "private_chat": true, "auto_saving_chat": false,
            "allow_participants_chat_with": 4, "allow_users_save_chats": 3, "allow_users_to_delete_messages_in_meeting_chat": true,
            "file_transfer": true, "screen_sharing": true, "who_can_share_screen": "all", "who_can_share_screen_when_someone_is_sharing": "host",
            "participants_share_simultaneously": "one", "disable_screen_sharing_for_host_meetings": false,
            "disable_screen_sharing_for_in_meeting_guests": false, "annotation": true, "whiteboard": true, "slide_control": true,
            "remote_control": true, "remote_support": false, "far_end_camera_control": false, "allow_live_streaming": false,
            "custom_live_streaming_service": false, "live_streaming_facebook": false, "live_streaming_youtube": false,
            "breakout_room": true, "breakout_room_schedule": true, "co_host": true, "polling": true, "meeting_reactions": true,
            "non_verbal_feedback": true, "closed_caption": true, "virtual_background": true, "entry_exit_chime": "none",
            "record_play_voice": false, "request_permission_to_unmute_participants": false, "attention_mode_focus_mode": true,
            "show_a_join_from_your_browser_link": true, "join_from_desktop": true, "join_from_mobile": true,
            "custom_data_center_regions": false, "data_center_regions": ["DE", "US"], "auto_answer": false,
            "allow_show_zoom_windows": true, "post_meeting_feedback": false, "group_hd": false, "meeting_survey": true,
            "closed_captioning": {"enable": true, "auto_transcribing": true, "save_caption": false, "third_party_captioning_service": false, "view_full_transcript": true},
            "language_interpretation": {"enable": false, "custom_languages": []},
            "virtual_background_settings": {"enable": true, "allow_upload_custom": true, "allow_videos": true, "files": []},
            "meeting_polling": {"enable": true, "advanced_polls": true, "require_answers_to_be_anonymous": false},
            "webinar_chat": {"enable": true, "allow_attendees_chat_with": 3},
        },
        "email_notification": {
            "jbh_reminder": true, "cancel_meeting_reminder": true, "alternative_host_reminder": true, "schedule_for_reminder": true,
            "cloud_recording_available_reminder": true, "recording_available_reminder_alternative_hosts": false, "recording_available_reminder_schedulers": false,
        },
        "recording": {
            "local_recording": true, "cloud_recording": true, "record_speaker_view": true, "record_gallery_view": false,
            "record_audio_file": true, "save_chat_text": true, "show_timestamp": false, "recording_audio_transcript": true,
            "auto_recording": "none", "host_pause_stop_recording": true, "auto_delete_cmr": false, "auto_delete_cmr_days": 30,
            "recording_disclaimer": true, "ask_participants_to_consent_disclaimer": true, "ask_host_to_confirm_disclaimer": false,
            "ip_address_access_control": {"enable": false, "ip_addresses_or_ranges": ""},
            "recording_password_requirement": {"length": 8, "have_letter": false, "have_number": false, "have_special_character": false, "only_allow_numeric": false},
        },
        "telephony": {"third_party_audio": false, "audio_conference_info": "", "show_international_numbers_link": true, "telephony_regions": {"selection_values": "DE"}},
        "feature": {
            "meeting_capacity": 300, "large_meeting": false, "large_meeting_capacity": 500, "webinar": false, "webinar_capacity": 100,
            "zoom_events": false, "zoom_phone": false, "concurrent_meeting": "Basic", "zoom_whiteboard": true, "zoom_scheduler": false,
        },
        "tsp": {"call_out": false, "call_out_countries": [], "show_international_numbers_link": false},
        "profile": {"recording_storage_location": {"allowed_values": ["DE", "US"], "value": "DE"}},
        "audio_conferencing": {"toll_free_and_fee_based_toll_call": {"enable": false, "allow_webinar_attendees_dial": false, "numbers": []}},
        "whiteboard": {},
        "meeting_authentication": false,
        "recording_authentication": false,
        "authentication_options": {
            "meeting_authentication": {"authentication_options": [{"id": "signIn_D8cJuqWVQ623CI4Q8yQK0Q", "name": "Sign in to Zoom", "type": "enforce_login", "default_option": true, "visible": true}]},
            "recording_authentication": {"authentication_options": [{"id": "signIn_R2cKuqXVT914DI7P3zRM1S", "name": "Sign in to watch", "type": "enforce_login", "default_option": true, "visible": true}]},
        },
        "meeting_security": {
            "auto_security": true, "webinar_password": true, "require_password_for_scheduled_webinar": true,
            "only_authenticated_can_join_from_webclient": false, "encryption_type": "enhanced_encryption",
            "end_to_end_encrypted_meetings": false, "block_user_domain": false, "block_user_domain_list": [],
            "waiting_room_settings": {"participants_to_place_in_waiting_room": 0, "users_who_can_admit_participants_from_waiting_room": 0, "whitelisted_domains_for_waiting_room": ""},
        },
    })
}
