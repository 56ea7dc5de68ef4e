//! Update Meeting: changes one meeting or one occurrence, and reads back whether it took. Begin with the table of its
//! fields.

use crate::action::prelude::*;
use crate::zoom::model::meeting::{MEETING_SETTINGS, WAITING_ROOM_OPTIONS};
use crate::zoom::update::fields::{Kind, *};
use crate::zoom::update::{Definition, Given, Update};
use Kind::{Addresses, Days, Flag, Identifier, Integer, Number, Text, Time, Word, Zone};

/// The parameters of Update Meeting.
pub type UpdateMeeting = Given<Meeting>;

/// Update Meeting, as a table.
#[derive(Debug)]
pub struct Meeting;

impl Update for Meeting {
    const ID: &'static str = "update_meeting";
    const TITLE: &'static str = "Update Meeting";
    const ENDPOINTS: &'static [Endpoint; 2] = &[UPDATE, GET_MEETING.serves("verify")];
    const THING: &'static str = "meeting ";

    fn subject(id: &str) -> Subject<'_> {
        Subject::Meeting(id)
    }
}

impl Definition for Meeting {
    const TABLE: &'static Table = &Table {
        name: "UpdateMeeting",
        about: "Changes a meeting: its time, passcode or settings; only the fields that are \
         given. It does not stop a running meeting. Afterwards the meeting is read back, \
         since Zoom accepts changes that policies then undo. Zoom allows 100 such changes \
         a day for one host's meetings.",
        parameters: PARAMETERS,
        names: &names::<{ PARAMETERS.len() }>(PARAMETERS),
        settings: &[(None, MEETING_SETTINGS)],
    };
}

/// The recurrence of a meeting.
const RECURRENCE: Kind = Kind::Object(Object {
    flags: "",
    fields: &[
        (
            "type",
            Number(&[(1, "Daily"), (2, "Weekly"), (3, "Monthly")]),
        ),
        ("repeat_interval", Integer(1, 99)),
        ("weekly_days", Days),
        ("monthly_day", Integer(1, 31)),
        (
            "monthly_week",
            Number(&[
                (-1, "Last"),
                (1, "First"),
                (2, "Second"),
                (3, "Third"),
                (4, "Fourth"),
            ]),
        ),
        ("monthly_week_day", Integer(1, 7)),
        ("end_times", Integer(0, 60)),
        ("end_date_time", Time),
    ],
    required: &["type"],
});

/// The account's tracking fields, each told apart by its label.
const TRACKING_FIELDS: Kind = Kind::Objects(Objects {
    each: Object {
        flags: "",
        fields: &[("field", TEXT), ("value", TEXT)],
        required: &[],
    },
    most: ANY,
    keys: &["field"],
});

const PARAMETERS: &[Field] = &join::<
    { IDENTITY.len() + SWITCHES.len() + DETAILS.len() + REST.len() },
>(&[IDENTITY, SWITCHES, DETAILS, REST]);

const IDENTITY: &[Field] = &[
    parameter(
        "meeting_id",
        Role::RequiredIdentity,
        Kind::Meeting,
        "The meeting's number.",
    ),
    parameter(
        "occurrence_id",
        Role::Identity,
        Identifier,
        "Change one occurrence of a recurring meeting, named as Zoom does: milliseconds \
         since 1970. Only agenda, time, length, cameras, muting, waiting room, watermark \
         and recording can be changed for one occurrence.",
    )
    .example("\"1648194360000\""),
    DRY_RUN,
    VERIFY,
];

/// The settings of a meeting that a responder changes, by name.
pub const SWITCHES: &[Field] = &[
    inside!(
        "settings",
        "waiting_room",
        Flag,
        "Make people wait until they are admitted.",
    ),
    inside!(
        "settings",
        "waiting_room_options",
        WAITING_ROOM_OPTIONS,
        "Choose who waits in the waiting room: `mode` custom with \
         `who_goes_to_waiting_room`, or `mode` follow_setting.",
    )
    .example(r#"{"mode": "custom", "who_goes_to_waiting_room": "everyone"}"#),
    inside!(
        "settings",
        "join_before_host",
        Flag,
        "Let people join before the host. It has no effect with a waiting room.",
    ),
    inside!(
        "settings",
        "jbh_time",
        Number(&[
            (0, "Any time"),
            (5, "At most 5 minutes before"),
            (10, "At most 10 minutes before"),
            (15, "At most 15 minutes before"),
        ]),
        "Set how long before the start people may join, with `join_before_host`.",
    )
    .label("Join Before Host: How Early"),
    inside!(
        "settings",
        "meeting_authentication",
        Flag,
        "Let only people join who are signed in.",
    ),
    inside!(
        "settings",
        "mute_upon_entry",
        Flag,
        "Mute people as they join.",
    ),
    inside!(
        "settings",
        "host_video",
        Flag,
        "Start with the host's camera on.",
    ),
    inside!(
        "settings",
        "participant_video",
        Flag,
        "Start with the participants' cameras on.",
    ),
    inside!(
        "settings",
        "auto_recording",
        Word(&["local", "cloud", "none"]),
        "Record automatically to the host's computer, to Zoom's cloud, or not at all.",
    ),
    inside!(
        "settings",
        "approval_type",
        Number(&[
            (0, "Approve automatically"),
            (1, "Approve manually"),
            (2, "No registration"),
        ]),
        "Set how registration works.",
    )
    .label("Registration"),
    inside!(
        "settings",
        "alternative_hosts",
        Addresses,
        "Set the alternative hosts: email addresses or ids, separated by semicolons. They \
         replace those before.",
    ),
    inside!(
        "settings",
        "encryption_type",
        Word(&["enhanced_encryption", "e2ee"]),
        "Set the encryption. End-to-end encryption (e2ee) rules out recording and \
         dial-in.",
    ),
    inside!(
        "settings",
        "allow_multiple_devices",
        Flag,
        "Let a registrant join from several devices.",
    ),
];

/// The fields of a meeting that every meeting has.
pub const DETAILS: &[Field] = &[
    same(
        "password",
        Text(10),
        "Set the passcode: at most 10 of A-Z a-z 0-9 @ - _ *. The account may require \
         more.",
    ),
    same("topic", Text(200), "Set the title, at most 200 characters."),
    same(
        "agenda",
        Text(2000),
        "Set the description, at most 2,000 characters.",
    ),
    same(
        "start_time",
        Time,
        "Set the start: with Z in UTC, without it in `timezone`. Zoom ignores a time in \
         the past.",
    ),
    same(
        "duration",
        Integer(1, 1440),
        "Set the planned length in minutes.",
    ),
    same(
        "timezone",
        Zone,
        "Set the time zone of `start_time`: one of Zoom's ids. Other ids are accepted \
         too.",
    )
    .example("\"Europe/Berlin\""),
    same(
        "type",
        Number(&[
            (1, "Instant"),
            (2, "Scheduled"),
            (3, "Recurring without fixed time"),
            (8, "Recurring with fixed time"),
            (10, "Screen share only"),
        ]),
        "Set the kind of meeting.",
    ),
];

const REST: &[Field] = &[
    same(
        "recurrence",
        RECURRENCE,
        "Set how it recurs, with `type` 8: `type` 1 daily, 2 weekly or 3 monthly, \
         `repeat_interval`, `weekly_days`, `monthly_day`, `monthly_week` with \
         `monthly_week_day`, and `end_times` or `end_date_time`. Zoom needs it when a \
         whole series changes.",
    )
    .example(r#"{"type": 2, "repeat_interval": 1, "weekly_days": "2,4", "end_times": 10}"#),
    same(
        "schedule_for",
        Identifier,
        "Schedule it for this user: an id or email address.",
    )
    .shown(Shown::Host)
    .off_form(),
    same("template_id", Identifier, "Apply this meeting template.").off_form(),
    same(
        "tracking_fields",
        TRACKING_FIELDS,
        "Set tracking fields of the account.",
    )
    .example(r#"[{"field": "Department", "value": "Sales"}]"#)
    .off_form(),
    settings(
        "settings",
        "Set any other settings of the meeting, by Zoom's names and in Zoom's structure. \
         Give a setting that is a parameter there or here, not both.",
        r#"{"watermark": true, "breakout_room": {"enable": false}}"#,
    ),
    CLEAR,
    SHOW_SECRETS,
];

const UPDATE: Endpoint = Endpoint::new(
    Patch,
    "/meetings/{meetingId}",
    Light,
    &["meeting:update:meeting:admin", "meeting:update:meeting"],
    classic::WRITE_MEETING,
);
