//! The settings of a user that Zoom documents, block by block: what a change takes, by form, and what an answer holds.
//! Begin with [`SETTINGS`].

use crate::zoom::update::fields::{
    ANY, COUNT, Kind, Object, Objects, TEXT, TEXTS, answer_schema, object, objects,
};
use Kind::{Addresses, Flag, Identifier, Integer, Number, Text, Word};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

/// A user's settings, as an answer holds them. Which blocks are there depends on `option` and `custom_query_fields`.
#[derive(Debug)]
pub struct UserSettings;

impl JsonSchema for UserSettings {
    fn schema_name() -> Cow<'static, str> {
        "UserSettings".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        answer_schema(&[
            SETTINGS,
            MEETING_AUTHENTICATION,
            RECORDING_AUTHENTICATION,
            MEETING_SECURITY,
            READ_ONLY,
        ])
    }
}

/// The requirements of passcodes.
pub const PASSCODE_RULES: Kind = object(
    "have_letter have_number have_special_character have_upper_and_lower_characters only_allow_numeric \
     weak_enhance_detection",
    &[
        ("length", COUNT),
        (
            "consecutive_characters_length",
            Number(&[(0, ""), (4, ""), (5, ""), (6, ""), (7, ""), (8, "")]),
        ),
    ],
);

/// Countries, each by its code and name.
const COUNTRIES: Kind = objects(&[("code", TEXT), ("name", TEXT)]);

/// Polls, of meetings or of webinars.
const POLLING: Kind = object(
    "enable advanced_polls allow_alternative_host_to_add_edit allow_host_to_upload_image \
     require_answers_to_be_anonymous",
    &[],
);

/// The settings that a change without `option` takes. Of a name in several blocks the first is meant where only the
/// name is given.
pub const SETTINGS: Object = Object {
    flags: "",
    fields: &[
        ("in_meeting", IN_MEETING),
        ("schedule_meeting", SCHEDULE_MEETING),
        ("recording", RECORDING),
        (
            "telephony",
            object(
                "show_international_numbers_link third_party_audio",
                &[
                    ("audio_conference_info", Text(2048)),
                    (
                        "telephony_regions",
                        object("", &[("selection_values", TEXT)]),
                    ),
                ],
            ),
        ),
        (
            "email_notification",
            object(
                "alternative_host_reminder cancel_meeting_reminder cloud_recording_available_reminder jbh_reminder \
             recording_available_reminder_alternative_hosts recording_available_reminder_schedulers \
             schedule_for_reminder",
                &[],
            ),
        ),
        ("feature", FEATURE),
        (
            "profile",
            object(
                "",
                &[(
                    "recording_storage_location",
                    object("", &[("allowed_values", TEXTS), ("value", TEXT)]),
                )],
            ),
        ),
        (
            "tsp",
            object(
                "call_out show_international_numbers_link",
                &[
                    ("call_out_countries", objects(&[])),
                    (
                        "global_dial_in_countries",
                        object("", &[("selected_countries", COUNTRIES)]),
                    ),
                ],
            ),
        ),
        (
            "audio_conferencing",
            object(
                "",
                &[
                    (
                        "participant_phone_masking",
                        object(
                            "enable",
                            &[(
                                "masking_type",
                                Word(&["mask_default", "mask_first_5", "mask_except_last_4"]),
                            )],
                        ),
                    ),
                    (
                        "global_dial_in_countries",
                        object("include_toll_free", &[("selected_countries", COUNTRIES)]),
                    ),
                ],
            ),
        ),
    ],
    required: &[],
};

const IN_MEETING: Kind = object(
    "annotation chat file_transfer private_chat remote_control screen_sharing waiting_room \
     allow_host_panelists_to_use_audible_clap allow_host_to_enable_focus_mode allow_live_streaming \
     allow_show_zoom_windows allow_users_to_delete_messages_in_meeting_chat attendee_on_hold \
     attention_mode_focus_mode auto_answer auto_saving_chat breakout_room breakout_room_schedule closed_caption \
     co_host custom_data_center_regions custom_live_streaming_service disable_screen_sharing_for_host_meetings \
     disable_screen_sharing_for_in_meeting_guests e2e_encryption far_end_camera_control feedback group_hd \
     join_from_desktop join_from_mobile live_streaming_facebook live_streaming_youtube meeting_question_answer \
     meeting_reactions meeting_survey non_verbal_feedback polling post_meeting_feedback record_play_voice \
     remote_support request_permission_to_unmute_participants share_dual_camera show_a_join_from_your_browser_link \
     show_meeting_control_toolbar slide_control virtual_background webinar_group_hd webinar_reactions \
     webinar_survey whiteboard workplace_by_facebook",
    &[
        ("who_can_share_screen", Word(&["host", "all"])),
        (
            "allow_participants_chat_with",
            Number(&[
                (1, "Nobody"),
                (2, "Hosts"),
                (3, "Everyone publicly"),
                (4, "Everyone, also directly"),
            ]),
        ),
        (
            "allow_users_save_chats",
            Number(&[(1, "Nothing"), (2, "Messages of hosts"), (3, "All")]),
        ),
        (
            "closed_captioning",
            object(
                "enable auto_transcribing save_caption third_party_captioning_service view_full_transcript",
                &[],
            ),
        ),
        ("custom_service_instructions", TEXT),
        ("data_center_regions", TEXTS),
        ("entry_exit_chime", Word(&["host", "all", "none"])),
        (
            "language_interpretation",
            object(
                "enable allow_participants_to_speak_in_listening_channel \
             allow_up_to_25_custom_languages_when_scheduling_meetings enable_language_interpretation_by_default",
                &[("custom_languages", TEXTS)],
            ),
        ),
        (
            "manual_captioning",
            object(
                "allow_to_type auto_generated_captions full_transcript manual_captions save_captions third_party_captioning_service",
                &[],
            ),
        ),
        ("meeting_polling", POLLING),
        ("meeting_reactions_emojis", Word(&["all", "selected"])),
        (
            "participants_share_simultaneously",
            Word(&["one", "multiple"]),
        ),
        (
            "sign_language_interpretation",
            object(
                "enable enable_sign_language_interpretation_by_default",
                &[("languages", TEXTS), ("custom_languages", TEXTS)],
            ),
        ),
        (
            "virtual_background_settings",
            object(
                "enable allow_upload_custom allow_videos",
                &[(
                    "files",
                    objects(&[
                        ("id", TEXT),
                        ("is_default", Flag),
                        ("name", TEXT),
                        ("size", COUNT),
                        ("type", TEXT),
                    ]),
                )],
            ),
        ),
        (
            "webinar_chat",
            object(
                "enable allow_auto_save_local_chat_file allow_panelists_send_direct_message",
                &[
                    ("allow_attendees_chat_with", Integer(1, 3)),
                    ("allow_panelists_chat_with", Integer(1, 2)),
                    ("allow_users_save_chats", Integer(0, 2)),
                    ("default_attendees_chat_with", Integer(1, 2)),
                ],
            ),
        ),
        (
            "webinar_live_streaming",
            object(
                "enable live_streaming_reminder",
                &[
                    ("custom_service_instructions", TEXT),
                    ("live_streaming_service", TEXTS),
                ],
            ),
        ),
        ("webinar_polling", POLLING),
        (
            "who_can_share_screen_when_someone_is_sharing",
            Word(&["host", "all"]),
        ),
    ],
);

const SCHEDULE_MEETING: Kind = object(
    "embed_password_in_join_link join_before_host require_password_for_instant_meetings \
     require_password_for_scheduled_meetings require_password_for_scheduling_new_meetings \
     force_pmi_jbh_password host_video participants_video personal_meeting pstn_password_protected \
     use_pmi_for_instant_meetings use_pmi_for_scheduled_meetings",
    &[
        ("meeting_password_requirement", PASSCODE_RULES),
        ("pmi_password", TEXT),
        (
            "require_password_for_pmi_meetings",
            Word(&["jbh_only", "all", "none"]),
        ),
        (
            "audio_type",
            Word(&["both", "telephony", "voip", "thirdParty"]),
        ),
        ("default_password_for_scheduled_meetings", TEXT),
    ],
);

const RECORDING: Kind = object(
    "cloud_recording local_recording \
     ask_host_to_confirm_disclaimer ask_participants_to_consent_disclaimer auto_delete_cmr display_participant_name \
     host_pause_stop_recording optimize_recording_for_3rd_party_video_editor record_audio_file record_gallery_view \
     record_speaker_view recording_audio_transcript recording_disclaimer recording_highlight recording_thumbnails \
     save_chat_text save_close_caption save_panelist_chat save_poll_results show_timestamp",
    &[
        ("auto_recording", Word(&["local", "cloud", "none"])),
        (
            "auto_delete_cmr_days",
            Number(&[(30, ""), (60, ""), (90, ""), (120, "")]),
        ),
        (
            "ip_address_access_control",
            object("enable", &[("ip_addresses_or_ranges", Addresses)]),
        ),
        (
            "record_files_separately",
            object("active_speaker gallery_view shared_screen", &[]),
        ),
        (
            "recording_notification_for_zoom_client",
            object(
                "ask_host_to_confirm",
                &[
                    (
                        "disclaimer_to_participants",
                        Word(&["All participants", "Guest only"]),
                    ),
                    (
                        "play_voice_prompt",
                        Word(&["All participants", "Guest only", "No one"]),
                    ),
                ],
            ),
        ),
        (
            "recording_password_requirement",
            object(
                "have_letter have_number have_special_character only_allow_numeric",
                &[("length", Integer(0, 10))],
            ),
        ),
        (
            "smart_recording",
            object(
                "create_next_steps create_recording_highlights create_smart_chapters",
                &[],
            ),
        ),
    ],
);

const FEATURE: Kind = object(
    "large_meeting webinar zoom_canvas zoom_clips_plus zoom_compliance_management zoom_customer_managed_key zoom_docs \
     zoom_events zoom_events_pay_per_attendee zoom_events_unlimited zoom_huddles zoom_iq_for_sales zoom_mail_calendar \
     zoom_phone zoom_quality_management zoom_revenue_accelerator zoom_scheduler zoom_sessions_pay_per_attendee \
     zoom_sessions_unlimited zoom_translated_captions zoom_whiteboard zoom_whiteboard_plus zoom_workforce_management",
    &[
        ("concurrent_meeting", Word(&["Basic", "Plus", "None"])),
        (
            "large_meeting_capacity",
            Number(&[(500, ""), (1000, ""), (3000, ""), (5000, "")]),
        ),
        (
            "license_info_list",
            Kind::Objects(Objects {
                each: Object {
                    flags: "",
                    fields: &[
                        ("license_type", TEXT),
                        ("license_option", COUNT),
                        ("subscription_id", TEXT),
                    ],
                    required: &["license_type", "license_option"],
                },
                most: ANY,
                keys: &[],
            }),
        ),
        ("meeting_capacity", COUNT),
        (
            "webinar_capacity",
            Number(&[
                (100, ""),
                (500, ""),
                (501, ""),
                (1000, ""),
                (1001, ""),
                (3000, ""),
                (5000, ""),
                (10000, ""),
            ]),
        ),
        (
            "zoom_events_capacity",
            Number(&[
                (500, ""),
                (1000, ""),
                (3000, ""),
                (5000, ""),
                (10000, ""),
                (20000, ""),
                (30000, ""),
                (50000, ""),
            ]),
        ),
        ("zoom_events_unlimited_capacities", Kind::List(&COUNT, 9)),
        ("zoom_sessions_unlimited_capacities", Kind::List(&COUNT, 9)),
    ],
);

/// The profile to change, with one of the two authentication options.
const AUTHENTICATION_OPTION: (&str, Kind) = (
    "authentication_option",
    object(
        "default_option",
        &[
            ("action", Word(&["update", "show", "hide"])),
            ("domains", Addresses),
            ("id", Identifier),
            ("name", TEXT),
            ("type", TEXT),
        ],
    ),
);

/// The settings that a change with `option` meeting_authentication takes.
pub const MEETING_AUTHENTICATION: Object = Object {
    flags: "meeting_authentication",
    fields: &[AUTHENTICATION_OPTION],
    required: &[],
};

/// The settings that a change with `option` recording_authentication takes.
pub const RECORDING_AUTHENTICATION: Object = Object {
    flags: "recording_authentication",
    fields: &[AUTHENTICATION_OPTION],
    required: &[],
};

/// The settings that a change with `option` meeting_security takes.
pub const MEETING_SECURITY: Object = Object {
    flags: "",
    fields: &[(
        "meeting_security",
        object(
            "auto_security block_user_domain embed_password_in_join_link end_to_end_encrypted_meetings meeting_password \
             only_authenticated_can_join_from_webclient phone_password pmi_password \
             require_password_for_scheduled_meeting require_password_for_scheduled_webinar waiting_room webinar_password",
            &[
                ("block_user_domain_list", Kind::List(&TEXT, 20)),
                ("encryption_type", Word(&["enhanced_encryption", "e2ee"])),
                ("meeting_password_requirement", PASSCODE_RULES),
                (
                    "waiting_room_settings",
                    object(
                        "",
                        &[
                            ("participants_to_place_in_waiting_room", Integer(0, 2)),
                            (
                                "users_who_can_admit_participants_from_waiting_room",
                                Integer(0, 1),
                            ),
                            ("whitelisted_domains_for_waiting_room", Addresses),
                        ],
                    ),
                ),
            ],
        ),
    )],
    required: &[],
};

/// Phone numbers to dial in.
const NUMBERS: Kind = objects(&[
    ("code", TEXT),
    ("country_code", TEXT),
    ("country_name", TEXT),
    ("display_number", TEXT),
    ("number", TEXT),
]);

/// Authentication profiles.
const PROFILES: Kind = objects(&[
    ("id", TEXT),
    ("name", TEXT),
    ("type", TEXT),
    ("domains", TEXT),
    ("default_option", Flag),
    ("visible", Flag),
]);

/// The settings that only answers hold.
const READ_ONLY: Object = Object {
    flags: "allow_authentication_exception",
    fields: &[
        ("authentication_options", PROFILES),
        (
            "audio_conferencing",
            object(
                "personal_audio_conference",
                &[
                    (
                        "call_me_and_invite_by_phone",
                        object(
                            "enable allow_webinar_attendees_call_me",
                            &[("require_press_1_for_call_me", TEXT)],
                        ),
                    ),
                    ("toll_call", object("enable", &[("numbers", NUMBERS)])),
                    (
                        "toll_free_and_fee_based_toll_call",
                        object(
                            "enable allow_webinar_attendees_dial",
                            &[("numbers", NUMBERS)],
                        ),
                    ),
                ],
            ),
        ),
        ("feature", object("cn_meeting in_meeting", &[])),
        (
            "in_meeting",
            object(
                "transfer_meetings_between_devices",
                &[
                    (
                        "ai_companion_questions",
                        object("enable auto_enable", &[("who_can_ask_questions", COUNT)]),
                    ),
                    (
                        "language_interpretation",
                        object("", &[("languages", TEXTS)]),
                    ),
                    (
                        "meeting_summary_with_ai_companion",
                        object("enable auto_enable", &[("who_will_receive_summary", COUNT)]),
                    ),
                    ("unchecked_data_center_regions", TEXTS),
                ],
            ),
        ),
        (
            "schedule_meeting",
            object(
                "",
                &[(
                    "continuous_meeting_chat",
                    object(
                        "enable auto_add_invited_external_users can_add_external_users support_instant_meetings \
                         support_scheduled_meetings",
                        &[],
                    ),
                )],
            ),
        ),
        (
            "telephony",
            object(
                "",
                &[(
                    "telephony_regions",
                    object("", &[("allowed_values", TEXTS)]),
                )],
            ),
        ),
        (
            "whiteboard",
            object(
                "in_meeting_advanced_whiteboard out_meeting_advanced_whiteboard",
                &[],
            ),
        ),
    ],
    required: &[],
};
