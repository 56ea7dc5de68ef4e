//! Update Recording Settings: changes who may see a meeting's recordings, and reads back whether it took. Begin with the
//! table of its fields.

use crate::action::prelude::*;
use crate::zoom::update::fields::{Kind, *};
use crate::zoom::update::{Definition, Given, Update};
use Kind::{Addresses, Flag, Identifier, Length, Number, Word};

/// The parameters of Update Recording Settings.
pub type UpdateRecordingSettings = Given<RecordingSettings>;

/// Update Recording Settings, as a table.
#[derive(Debug)]
pub struct RecordingSettings;

impl Update for RecordingSettings {
    const ID: &'static str = "update_recording_settings";
    const TITLE: &'static str = "Update Recording Settings";
    const ENDPOINTS: &'static [Endpoint; 2] = &[UPDATE, READ.serves("verify")];
    const THING: &'static str = "the recording settings of meeting ";

    fn subject(id: &str) -> Subject<'_> {
        Subject::Recording(id)
    }
}

impl Definition for RecordingSettings {
    const TABLE: &'static Table = &Table {
        name: "UpdateRecordingSettings",
        about: "Changes who may view and download a meeting's cloud recordings: sharing, \
         sign-in, passcode; only the fields that are given. Afterwards they are read \
         back, since Zoom accepts changes that policies then undo.",
        parameters: PARAMETERS,
        names: &names::<{ PARAMETERS.len() }>(PARAMETERS),
        settings: &[],
    };
}

const PARAMETERS: &[Field] = &[
    parameter(
        "meeting_id",
        Role::RequiredIdentity,
        Kind::Meeting,
        "The meeting's number.",
    ),
    DRY_RUN,
    VERIFY,
    same(
        "share_recording",
        Word(&["publicly", "internally", "none"]),
        "Share the recording with anyone (publicly), with the account (internally), or \
         with nobody (none).",
    ),
    same(
        "recording_authentication",
        Flag,
        "Let only people view the recording who are signed in.",
    ),
    same(
        "authentication_option",
        Identifier,
        "Set the id of the authentication profile, with `recording_authentication`.",
    ),
    same(
        "authentication_domains",
        Addresses,
        "Set the domains that viewers must belong to, separated by commas.",
    ),
    same(
        "password",
        Length(8, 10),
        "Set the passcode of the recording, 8 to 10 characters.",
    ),
    same(
        "viewer_download",
        Flag,
        "Let viewers download the recording.",
    ),
    same(
        "on_demand",
        Flag,
        "Require registration to view the recording.",
    ),
    same(
        "approval_type",
        Number(&[
            (0, "Approve automatically"),
            (1, "Approve manually"),
            (2, "No registration"),
        ]),
        "Set how registration works.",
    )
    .label("Registration"),
    same(
        "show_social_share_buttons",
        Flag,
        "Show buttons to share the recording on social networks.",
    ),
    same(
        "send_email_to_host",
        Flag,
        "Email the host when someone registers to view the recording.",
    ),
    same(
        "auto_delete",
        Flag,
        "Delete the recording automatically. The host's settings must allow it.",
    ),
    same("topic", TEXT, "Set the title of the recording."),
    CLEAR,
    SHOW_SECRETS,
];

const READ: Endpoint = Endpoint::new(
    Get,
    "/meetings/{meetingId}/recordings/settings",
    Light,
    &[
        "cloud_recording:read:recording_settings:admin",
        "cloud_recording:read:recording_settings",
    ],
    classic::READ_RECORDING,
);

const UPDATE: Endpoint = Endpoint::new(
    Patch,
    "/meetings/{meetingId}/recordings/settings",
    Light,
    &[
        "cloud_recording:update:recording_settings:admin",
        "cloud_recording:update:recording_settings",
    ],
    classic::WRITE_RECORDING,
);
