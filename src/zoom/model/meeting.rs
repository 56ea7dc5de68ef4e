//! The documented shapes of a listed meeting and of an invitation, and the settings of a meeting that a change takes.

use crate::zoom::update::fields::{Kind, Object, Objects, TEXT, TEXTS, object, objects};
use Kind::{Addresses, Identifier, Integer, Number, Text, Word};
use schemars::JsonSchema;

/// A meeting, as List Meetings gives it.
#[derive(Debug, JsonSchema)]
pub struct ListedMeeting {
    /// The planned length in minutes.
    pub duration: Option<i64>,
    /// The start, in UTC, RFC 3339.
    pub start_time: Option<String>,
    /// The link to join by; it may hold the passcode.
    pub join_url: Option<String>,
    /// The time zone, one of Zoom's ids such as Europe/Berlin.
    pub timezone: Option<String>,
    /// The time it was made, in UTC, RFC 3339.
    pub created_at: Option<String>,
    /// The title.
    pub topic: Option<String>,
    /// The meeting's number.
    pub id: Option<i64>,
    /// 1 instant, 2 scheduled, 3 recurring without fixed time, 8 recurring with fixed time.
    #[schemars(rename = "type")]
    pub kind: Option<i64>,
    /// The description.
    pub agenda: Option<String>,
    /// The personal meeting id, where the meeting uses it.
    pub pmi: Option<String>,
    /// The id of this one instance of the meeting.
    pub uuid: Option<String>,
    /// The host's user id.
    pub host_id: Option<String>,
}

/// A meeting's invitation.
#[derive(Debug, JsonSchema)]
pub struct Invitation {
    /// The text that invitees get, with passcode and dial-in numbers.
    pub invitation: Option<String>,
    /// The SIP addresses to join by.
    pub sip_links: Option<Vec<String>>,
}

/// The rule of the waiting room for this one meeting.
pub const WAITING_ROOM_OPTIONS: Kind = Kind::Object(Object {
    flags: "",
    fields: &[
        ("mode", Word(&["follow_setting", "custom"])),
        (
            "who_goes_to_waiting_room",
            Word(&[
                "everyone",
                "users_not_in_account",
                "users_not_in_account_or_whitelisted_domains",
                "users_not_on_invite",
                "users_not_in_org",
            ]),
        ),
    ],
    required: &["mode"],
});

/// The settings of a meeting that a change takes.
pub const MEETING_SETTINGS: Object = Object {
    flags: "allow_multiple_devices host_video join_before_host meeting_authentication mute_upon_entry participant_video \
        waiting_room allow_host_control_participant_mute_state alternative_host_manage_cloud_recording \
        alternative_host_manage_meeting_summary alternative_host_update_polls alternative_hosts_email_notification \
        auto_start_ai_companion_questions auto_start_meeting_summary close_registration cn_meeting device_testing \
        disable_participant_video email_in_attendee_report email_notification enforce_login focus_mode \
        host_save_video_order in_meeting internal_meeting participant_focused_meeting private_meeting \
        push_change_to_calendar registrants_confirmation_email registrants_email_notification \
        request_permission_to_unmute_participants show_share_button use_pmi watermark",
    fields: &[
        ("alternative_hosts", Addresses),
        ("approval_type", Integer(0, 2)),
        ("auto_recording", Word(&["local", "cloud", "none"])),
        ("encryption_type", Word(&["enhanced_encryption", "e2ee"])),
        ("jbh_time", Number(&[(0, ""), (5, ""), (10, ""), (15, "")])),
        ("waiting_room_options", WAITING_ROOM_OPTIONS),
        (
            "approved_or_denied_countries_or_regions",
            object(
                "enable",
                &[
                    ("method", Word(&["approve", "deny"])),
                    ("approved_list", TEXTS),
                    ("denied_list", TEXTS),
                ],
            ),
        ),
        ("audio", Word(&["both", "telephony", "voip", "thirdParty"])),
        ("audio_conference_info", Text(2048)),
        ("authentication_domains", Addresses),
        (
            "authentication_exception",
            objects(&[("name", TEXT), ("email", TEXT), ("join_url", TEXT)]),
        ),
        ("authentication_name", TEXT),
        ("authentication_option", Identifier),
        (
            "auto_add_recording_to_video_management",
            Kind::Object(Object {
                flags: "enable",
                fields: &[("channels", objects(&[("channel_id", TEXT), ("name", TEXT)]))],
                required: &["enable"],
            }),
        ),
        (
            "breakout_room",
            object(
                "enable",
                &[("rooms", objects(&[("name", TEXT), ("participants", TEXTS)]))],
            ),
        ),
        ("calendar_type", Number(&[(1, "Outlook"), (2, "Google")])),
        ("contact_email", Identifier),
        ("contact_name", TEXT),
        (
            "continuous_meeting_chat",
            object(
                "enable auto_add_invited_external_users auto_add_meeting_participants",
                &[(
                    "who_is_added",
                    Word(&["all_users", "org_invitees_and_participants", "org_invitees"]),
                )],
            ),
        ),
        (
            "custom_keys",
            Kind::Objects(Objects {
                each: Object {
                    flags: "",
                    fields: &[("key", Text(64)), ("value", Text(256))],
                    required: &[],
                },
                most: 10,
                keys: &["key"],
            }),
        ),
        ("enforce_login_domains", Addresses),
        ("global_dial_in_countries", TEXTS),
        (
            "global_dial_in_numbers",
            objects(&[
                ("country", TEXT),
                ("country_name", TEXT),
                ("city", TEXT),
                ("number", Kind::Phone),
                ("type", Word(&["toll", "tollfree"])),
            ]),
        ),
        (
            "language_interpretation",
            object(
                "enable",
                &[(
                    "interpreters",
                    objects(&[
                        ("email", TEXT),
                        ("languages", TEXT),
                        ("interpreter_languages", TEXT),
                    ]),
                )],
            ),
        ),
        ("meeting_invitees", objects(&[("email", TEXT)])),
        (
            "question_and_answer",
            object(
                "enable allow_submit_questions allow_anonymous_questions attendees_can_comment attendees_can_upvote",
                &[("question_visibility", Word(&["answered", "all"]))],
            ),
        ),
        (
            "registration_type",
            Number(&[
                (1, "Once for all"),
                (2, "For each occurrence"),
                (3, "Once, choosing occurrences"),
            ]),
        ),
        (
            "resources",
            objects(&[
                ("resource_type", TEXT),
                ("resource_id", TEXT),
                ("permission_level", Word(&["editor", "commenter", "viewer"])),
            ]),
        ),
        (
            "sign_language_interpretation",
            object(
                "enable",
                &[(
                    "interpreters",
                    Kind::Objects(Objects {
                        each: Object {
                            flags: "",
                            fields: &[("email", TEXT), ("sign_language", TEXT)],
                            required: &[],
                        },
                        most: 20,
                        keys: &[],
                    }),
                )],
            ),
        ),
        ("summary_template_id", Identifier),
        ("who_can_ask_questions", Integer(1, 5)),
        ("who_will_receive_summary", Integer(1, 4)),
    ],
    required: &[],
};
