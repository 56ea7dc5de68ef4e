//! Update User Settings: changes one user's settings, and reads back whether they took. Begin with the table of its
//! fields.

use crate::action::{Action, Column, Endpoint, Kind as ActionKind, Outcome};
use crate::actions::UPDATE_COLUMNS;
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{GET_USER_SETTINGS, RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::update::fields::{
    ANY, CLEAR, COUNT, DRY_RUN, Field, Kind, Object, Objects, Role, SHOW_SECRETS, TEXT, TEXTS,
    Table, USER_ID, VERIFY, field, names, object, objects, parameter, with_option,
};
use crate::zoom::update::{Definition, Given, Update, UpdateReport, update};
use Kind::{Addresses, Flag, Identifier, Integer, Number, Text, Word};

/// The parameters of Update User Settings.
pub type UpdateUserSettings = Given<UserSettings>;

/// Update User Settings, as a table.
#[derive(Debug)]
pub struct UserSettings;

impl Definition for UserSettings {
    const TABLE: &'static Table = &Table {
        name: "UpdateUserSettings",
        about: "Changes a user's settings: only those that are given. Afterwards the settings are read back, since Zoom accepts changes of settings that the account or a group has locked, and does not make them.",
        parameters: PARAMETERS,
        names: &names::<{ PARAMETERS.len() }>(PARAMETERS),
        settings: &[
            (None, SETTINGS),
            (Some(MEETING_AUTHENTICATION), AUTHENTICATION),
            (Some(RECORDING_AUTHENTICATION), AUTHENTICATION),
            (Some(MEETING_SECURITY), SECURITY),
        ],
    };
}

const MEETING_AUTHENTICATION: &str = "meeting_authentication";
const RECORDING_AUTHENTICATION: &str = "recording_authentication";
const MEETING_SECURITY: &str = "meeting_security";

const PARAMETERS: &[Field] = &[
    USER_ID,
    parameter("option", Role::Identity, Word(&[MEETING_AUTHENTICATION, RECORDING_AUTHENTICATION, MEETING_SECURITY]), "Leave empty for most settings. The settings labeled Security, Meeting Authentication and Recording Authentication need the option of that name."),
    DRY_RUN,
    VERIFY,
    field("waiting_room", "in_meeting.waiting_room", Flag, "Make people wait until the host admits them.")
        .also(&[(MEETING_SECURITY, "meeting_security.waiting_room")])
        .label("In Meeting: Waiting Room"),
    field("screen_sharing", "in_meeting.screen_sharing", Flag, "Allow screen sharing.")
        .label("In Meeting: Screen Sharing"),
    field("who_can_share_screen", "in_meeting.who_can_share_screen", Word(&["host", "all"]), "Choose who may share the screen: the host, or all.")
        .label("In Meeting: Who Can Share Screen"),
    field("file_transfer", "in_meeting.file_transfer", Flag, "Allow file transfer in chat.")
        .label("In Meeting: File Transfer"),
    field("chat", "in_meeting.chat", Flag, "Allow chat.").label("In Meeting: Chat"),
    field("private_chat", "in_meeting.private_chat", Flag, "Allow private chat between two participants.")
        .label("In Meeting: Private Chat"),
    field("annotation", "in_meeting.annotation", Flag, "Allow drawing on shared content.")
        .label("In Meeting: Annotation"),
    field("remote_control", "in_meeting.remote_control", Flag, "Allow handing over control of shared content.")
        .label("In Meeting: Remote Control"),
    field("join_before_host", "schedule_meeting.join_before_host", Flag, "Let people join before the host.")
        .label("Schedule: Join Before Host"),
    field("require_password_for_scheduling_new_meetings", "schedule_meeting.require_password_for_scheduling_new_meetings", Flag, "Require a passcode for new meetings.")
        .label("Schedule: Passcode for New Meetings"),
    field("require_password_for_scheduled_meetings", "schedule_meeting.require_password_for_scheduled_meetings", Flag, "Require a passcode for meetings that are scheduled already.")
        .label("Schedule: Passcode for Scheduled Meetings"),
    field("require_password_for_instant_meetings", "schedule_meeting.require_password_for_instant_meetings", Flag, "Require a passcode for instant meetings.")
        .label("Schedule: Passcode for Instant Meetings"),
    field("require_password_for_pmi_meetings", "schedule_meeting.require_password_for_pmi_meetings", Word(&["jbh_only", "all", "none"]), "Require a passcode for the personal meeting: always (all), when people may join before the host (jbh_only), or never (none).")
        .label("Schedule: Passcode for Personal Meeting"),
    field("pmi_password", "schedule_meeting.pmi_password", TEXT, "Set the passcode of the personal meeting.")
        .label("Schedule: Personal Meeting Passcode"),
    field("meeting_password_requirement", "schedule_meeting.meeting_password_requirement", PASSCODE_RULES, "Set what passcodes must hold: `length`, `have_letter`, `have_number`, `have_special_character`, `have_upper_and_lower_characters`, `only_allow_numeric`, `consecutive_characters_length`, `weak_enhance_detection`.")
        .also(&[(MEETING_SECURITY, "meeting_security.meeting_password_requirement")])
        .example(r#"{"length": 8, "have_number": true}"#)
        .label("Schedule: Passcode Rules"),
    field("embed_password_in_join_link", "schedule_meeting.embed_password_in_join_link", Flag, "Put the passcode into the join link.")
        .also(&[(MEETING_SECURITY, "meeting_security.embed_password_in_join_link")])
        .label("Schedule: Passcode in Join Link"),
    field("local_recording", "recording.local_recording", Flag, "Allow recording to the user's computer.")
        .label("Recording: Local Recording"),
    field("cloud_recording", "recording.cloud_recording", Flag, "Allow recording to Zoom's cloud.")
        .label("Recording: Cloud Recording"),
    field("auto_recording", "recording.auto_recording", Word(&["local", "cloud", "none"]), "Record meetings automatically: to the user's computer, to Zoom's cloud, or not at all.")
        .label("Recording: Automatic Recording"),
    with_option(MEETING_AUTHENTICATION, &[(MEETING_AUTHENTICATION, MEETING_AUTHENTICATION)], Flag, "Let only people join who are signed in. Needs `option` meeting_authentication.")
        .label("Meeting Authentication"),
    with_option(RECORDING_AUTHENTICATION, &[(RECORDING_AUTHENTICATION, RECORDING_AUTHENTICATION)], Flag, "Let only people view recordings who are signed in. Needs `option` recording_authentication.")
        .label("Recording Authentication"),
    with_option("encryption_type", &[(MEETING_SECURITY, "meeting_security.encryption_type")], Word(&["enhanced_encryption", "e2ee"]), "Set the encryption of new meetings: enhanced_encryption, or e2ee for end-to-end. Needs `option` meeting_security.")
        .label("Security: Encryption"),
    with_option("block_user_domain", &[(MEETING_SECURITY, "meeting_security.block_user_domain")], Flag, "Block people of the domains in `block_user_domain_list`. Needs `option` meeting_security.")
        .label("Security: Block Domains"),
    with_option("block_user_domain_list", &[(MEETING_SECURITY, "meeting_security.block_user_domain_list")], Kind::List(&TEXT, 20), "Set the blocked domains, 20 at most. Needs `option` meeting_security.")
        .label("Security: Blocked Domains"),
    parameter("settings", Role::Settings(""), object("", &[]), "Set any other settings, by Zoom's names and in Zoom's structure, block by block. Give a setting that is a parameter there or here, not both.")
        .example(r#"{"in_meeting": {"allow_live_streaming": false}}"#),
    CLEAR,
    SHOW_SECRETS,
];

/// What passcodes must hold.
const PASSCODE_RULES: Kind = object(
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

/// The documented settings without `option`, beside those that are parameters. Of a name in several blocks the first
/// is meant where only the name is given.
const SETTINGS: Object = Object {
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
    "allow_host_panelists_to_use_audible_clap allow_host_to_enable_focus_mode allow_live_streaming \
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
    "force_pmi_jbh_password host_video participants_video personal_meeting pstn_password_protected \
     use_pmi_for_instant_meetings use_pmi_for_scheduled_meetings",
    &[
        (
            "audio_type",
            Word(&["both", "telephony", "voip", "thirdParty"]),
        ),
        ("default_password_for_scheduled_meetings", TEXT),
    ],
);

const RECORDING: Kind = object(
    "ask_host_to_confirm_disclaimer ask_participants_to_consent_disclaimer auto_delete_cmr display_participant_name \
     host_pause_stop_recording optimize_recording_for_3rd_party_video_editor record_audio_file record_gallery_view \
     record_speaker_view recording_audio_transcript recording_disclaimer recording_highlight recording_thumbnails \
     save_chat_text save_close_caption save_panelist_chat save_poll_results show_timestamp",
    &[
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

/// The documented settings with one of the two authentication options.
const AUTHENTICATION: Object = Object {
    flags: "",
    fields: &[(
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
    )],
    required: &[],
};

/// The documented settings with `option` meeting_security.
const SECURITY: Object = Object {
    flags: "",
    fields: &[(
        "meeting_security",
        object(
            "auto_security end_to_end_encrypted_meetings meeting_password only_authenticated_can_join_from_webclient \
         phone_password pmi_password require_password_for_scheduled_meeting require_password_for_scheduled_webinar \
         webinar_password",
            &[(
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
            )],
        ),
    )],
    required: &[],
};

const UPDATE: Endpoint = Endpoint {
    method: Method::Patch,
    path: "/users/{userId}/settings",
    label: RateLabel::Medium,
    granular: &["user:update:settings:admin", "user:update:settings"],
    classic: &["user:write:admin", "user:write"],
    need: Requirement::Required,
};

impl Action for UpdateUserSettings {
    const ID: &'static str = "update_user_settings";
    const TITLE: &'static str = "Update User Settings";
    const KIND: ActionKind = ActionKind::Containment;
    const ENDPOINTS: &'static [Endpoint] = &[UPDATE, GET_USER_SETTINGS.serves("verify")];
    const TABLE: &'static [Column] = UPDATE_COLUMNS;
    const UPDATE: Option<&'static Table> = Some(<UserSettings as Definition>::TABLE);
    type Output = UpdateReport;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn check(&self) -> Result<(), Failure> {
        self.body().map(|_| ())
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<UpdateReport>, Failure> {
        let body = self.body()?;
        let id = self.id("user_id");
        let query = self.query_of(&["option"]);
        let about = Subject::User(&id);

        let change = Update {
            action: Self::ID,
            body: &body,
            write: ApiCall::of(&UPDATE, &[&id], &query, about),
            read: ApiCall::of(&GET_USER_SETTINGS, &[&id], &query, about),
            verify: self.verify,
            dry_run: self.dry_run,
        };
        update(zoom, &change, &format!("the settings of user {id}")).map(Outcome::from)
    }
}
