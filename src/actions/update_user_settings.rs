//! Update User Settings: changes one user's settings, and reads back whether they took. Begin with the table of its
//! fields.

use crate::action::prelude::*;
use crate::zoom::model::user_settings;
use crate::zoom::update::fields::{Kind, *};
use crate::zoom::update::{Definition, Given, Update};
use Kind::{Flag, Word};

/// The parameters of Update User Settings.
pub type UpdateUserSettings = Given<UserSettings>;

/// Update User Settings, as a table.
#[derive(Debug)]
pub struct UserSettings;

impl Update for UserSettings {
    const ID: &'static str = "update_user_settings";
    const TITLE: &'static str = "Update User Settings";
    const ENDPOINTS: &'static [Endpoint; 2] = &[UPDATE, GET_USER_SETTINGS.serves("verify")];
    const THING: &'static str = "the settings of user ";

    fn subject(id: &str) -> Subject<'_> {
        Subject::User(id)
    }
}

impl Definition for UserSettings {
    const TABLE: &'static Table = &Table {
        name: "UpdateUserSettings",
        about: "Changes a user's settings: only those that are given. Afterwards the settings \
         are read back, since Zoom accepts changes of settings that the account or a \
         group has locked, and does not make them.",
        parameters: PARAMETERS,
        names: &names::<{ PARAMETERS.len() }>(PARAMETERS),
        settings: &[
            (None, user_settings::SETTINGS),
            (
                Some(MEETING_AUTHENTICATION),
                user_settings::MEETING_AUTHENTICATION,
            ),
            (
                Some(RECORDING_AUTHENTICATION),
                user_settings::RECORDING_AUTHENTICATION,
            ),
            (Some(MEETING_SECURITY), user_settings::MEETING_SECURITY),
        ],
    };
}

const MEETING_AUTHENTICATION: &str = "meeting_authentication";
const RECORDING_AUTHENTICATION: &str = "recording_authentication";
const MEETING_SECURITY: &str = "meeting_security";

const PARAMETERS: &[Field] = &[
    USER_ID,
    parameter(
        "option",
        Role::Identity,
        Word(&[
            MEETING_AUTHENTICATION,
            RECORDING_AUTHENTICATION,
            MEETING_SECURITY,
        ]),
        "Leave empty for most settings. The settings labeled Security, Meeting \
         Authentication and Recording Authentication need the option of that name.",
    ),
    DRY_RUN,
    VERIFY,
    inside!(
        "in_meeting",
        "waiting_room",
        Flag,
        "Make people wait until the host admits them.",
    )
    .also(&[(MEETING_SECURITY, "meeting_security.waiting_room")])
    .label("In Meeting: Waiting Room"),
    inside!(
        "in_meeting",
        "screen_sharing",
        Flag,
        "Allow screen sharing.",
    )
    .label("In Meeting: Screen Sharing"),
    inside!(
        "in_meeting",
        "who_can_share_screen",
        Word(&["host", "all"]),
        "Choose who may share the screen: the host, or all.",
    )
    .label("In Meeting: Who Can Share Screen"),
    inside!(
        "in_meeting",
        "file_transfer",
        Flag,
        "Allow file transfer in chat.",
    )
    .label("In Meeting: File Transfer"),
    inside!("in_meeting", "chat", Flag, "Allow chat.").label("In Meeting: Chat"),
    inside!(
        "in_meeting",
        "private_chat",
        Flag,
        "Allow private chat between two participants.",
    )
    .label("In Meeting: Private Chat"),
    inside!(
        "in_meeting",
        "annotation",
        Flag,
        "Allow drawing on shared content.",
    )
    .label("In Meeting: Annotation"),
    inside!(
        "in_meeting",
        "remote_control",
        Flag,
        "Allow handing over control of shared content.",
    )
    .label("In Meeting: Remote Control"),
    inside!(
        "schedule_meeting",
        "join_before_host",
        Flag,
        "Let people join before the host.",
    )
    .label("Schedule: Join Before Host"),
    inside!(
        "schedule_meeting",
        "require_password_for_scheduling_new_meetings",
        Flag,
        "Require a passcode for new meetings.",
    )
    .label("Schedule: Passcode for New Meetings"),
    inside!(
        "schedule_meeting",
        "require_password_for_scheduled_meetings",
        Flag,
        "Require a passcode for meetings that are scheduled already.",
    )
    .label("Schedule: Passcode for Scheduled Meetings"),
    inside!(
        "schedule_meeting",
        "require_password_for_instant_meetings",
        Flag,
        "Require a passcode for instant meetings.",
    )
    .label("Schedule: Passcode for Instant Meetings"),
    inside!(
        "schedule_meeting",
        "require_password_for_pmi_meetings",
        Word(&["jbh_only", "all", "none"]),
        "Require a passcode for the personal meeting: always (all), when people may join \
         before the host (jbh_only), or never (none).",
    )
    .label("Schedule: Passcode for Personal Meeting"),
    inside!(
        "schedule_meeting",
        "pmi_password",
        TEXT,
        "Set the passcode of the personal meeting.",
    )
    .label("Schedule: Personal Meeting Passcode"),
    inside!(
        "schedule_meeting",
        "meeting_password_requirement",
        user_settings::PASSCODE_RULES,
        "Set what passcodes must hold: `length`, `have_letter`, `have_number`, \
         `have_special_character`, `have_upper_and_lower_characters`, \
         `only_allow_numeric`, `consecutive_characters_length`, `weak_enhance_detection`.",
    )
    .also(&[(
        MEETING_SECURITY,
        "meeting_security.meeting_password_requirement",
    )])
    .example(r#"{"length": 8, "have_number": true}"#)
    .label("Schedule: Passcode Rules"),
    inside!(
        "schedule_meeting",
        "embed_password_in_join_link",
        Flag,
        "Put the passcode into the join link.",
    )
    .also(&[(
        MEETING_SECURITY,
        "meeting_security.embed_password_in_join_link",
    )])
    .label("Schedule: Passcode in Join Link"),
    inside!(
        "recording",
        "local_recording",
        Flag,
        "Allow recording to the user's computer.",
    )
    .label("Recording: Local Recording"),
    inside!(
        "recording",
        "cloud_recording",
        Flag,
        "Allow recording to Zoom's cloud.",
    )
    .label("Recording: Cloud Recording"),
    inside!(
        "recording",
        "auto_recording",
        Word(&["local", "cloud", "none"]),
        "Record meetings automatically: to the user's computer, to Zoom's cloud, or not \
         at all.",
    )
    .label("Recording: Automatic Recording"),
    with_option(
        MEETING_AUTHENTICATION,
        &[(MEETING_AUTHENTICATION, MEETING_AUTHENTICATION)],
        Flag,
        "Let only people join who are signed in. Needs `option` meeting_authentication.",
    )
    .label("Meeting Authentication"),
    with_option(
        RECORDING_AUTHENTICATION,
        &[(RECORDING_AUTHENTICATION, RECORDING_AUTHENTICATION)],
        Flag,
        "Let only people view recordings who are signed in. Needs `option` \
         recording_authentication.",
    )
    .label("Recording Authentication"),
    with_option(
        "encryption_type",
        &[(MEETING_SECURITY, "meeting_security.encryption_type")],
        Word(&["enhanced_encryption", "e2ee"]),
        "Set the encryption of new meetings: enhanced_encryption, or e2ee for end-to-end. \
         Needs `option` meeting_security.",
    )
    .label("Security: Encryption"),
    with_option(
        "block_user_domain",
        &[(MEETING_SECURITY, "meeting_security.block_user_domain")],
        Flag,
        "Block people of the domains in `block_user_domain_list`. Needs `option` \
         meeting_security.",
    )
    .label("Security: Block Domains"),
    with_option(
        "block_user_domain_list",
        &[(MEETING_SECURITY, "meeting_security.block_user_domain_list")],
        Kind::List(&TEXT, 20),
        "Set the blocked domains, 20 at most. Needs `option` meeting_security.",
    )
    .label("Security: Blocked Domains"),
    settings(
        "",
        "Set any other settings, by Zoom's names and in Zoom's structure, block by block. \
         Give a setting that is a parameter there or here, not both.",
        r#"{"in_meeting": {"allow_live_streaming": false}}"#,
    ),
    CLEAR,
    SHOW_SECRETS,
];

const UPDATE: Endpoint = Endpoint::new(
    Patch,
    "/users/{userId}/settings",
    Medium,
    &["user:update:settings:admin", "user:update:settings"],
    classic::WRITE_USER,
);
