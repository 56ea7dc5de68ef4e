//! Update Recording Settings: changes who may see a meeting's recordings, and reads back whether it took. Begin with the
//! table of its fields.

use crate::action::prelude::*;
use crate::zoom::update::fields::{
    CLEAR, DRY_RUN, Field, Kind, Role, SHOW_SECRETS, TEXT, Table, VERIFY, field, names, parameter,
};
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
    field(
        "share_recording",
        "share_recording",
        Word(&["publicly", "internally", "none"]),
        "Share the recording with anyone (publicly), with the account (internally), or \
         with nobody (none).",
    ),
    field(
        "recording_authentication",
        "recording_authentication",
        Flag,
        "Let only people view the recording who are signed in.",
    ),
    field(
        "authentication_option",
        "authentication_option",
        Identifier,
        "Set the id of the authentication profile, with `recording_authentication`.",
    ),
    field(
        "authentication_domains",
        "authentication_domains",
        Addresses,
        "Set the domains that viewers must belong to, separated by commas.",
    ),
    field(
        "password",
        "password",
        Length(8, 10),
        "Set the passcode of the recording, 8 to 10 characters.",
    ),
    field(
        "viewer_download",
        "viewer_download",
        Flag,
        "Let viewers download the recording.",
    ),
    field(
        "on_demand",
        "on_demand",
        Flag,
        "Require registration to view the recording.",
    ),
    field(
        "approval_type",
        "approval_type",
        Number(&[
            (0, "Approve automatically"),
            (1, "Approve manually"),
            (2, "No registration"),
        ]),
        "Set how registration works.",
    )
    .label("Registration"),
    field(
        "show_social_share_buttons",
        "show_social_share_buttons",
        Flag,
        "Show buttons to share the recording on social networks.",
    ),
    field(
        "send_email_to_host",
        "send_email_to_host",
        Flag,
        "Email the host when someone registers to view the recording.",
    ),
    field(
        "auto_delete",
        "auto_delete",
        Flag,
        "Delete the recording automatically. The host's settings must allow it.",
    ),
    field("topic", "topic", TEXT, "Set the title of the recording."),
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
