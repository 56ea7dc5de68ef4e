//! Create Meeting: makes a meeting for a user. Its fields are those of `update_meeting`.

use crate::action::prelude::*;
use crate::actions::update_meeting::{DETAILS, SWITCHES};
use crate::protocol::exact::field;
use crate::zoom::model::evidence::Meeting;
use crate::zoom::model::meeting::MEETING_SETTINGS;
use crate::zoom::update::fields::{
    DRY_RUN, Field, SHOW_SECRETS, Table, USER_ID, join, names, settings,
};
use crate::zoom::update::{Definition, DryRun, Given};

/// The parameters of Create Meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(description = NewMeeting::TABLE.about)]
pub struct CreateMeeting(Given<NewMeeting>);

/// Create Meeting, as a table.
#[derive(Debug)]
pub struct NewMeeting;

impl Definition for NewMeeting {
    const TABLE: &'static Table = &Table {
        name: "CreateMeeting",
        about: "Creates a meeting that a user hosts, such as a bridge for an incident. Zoom \
         allows 100 such requests a day for one host, and may add a passcode or a waiting \
         room by the account's policy. A request that was sent is never sent again.",
        parameters: PARAMETERS,
        names: &names::<{ PARAMETERS.len() }>(PARAMETERS),
        settings: &[(None, MEETING_SETTINGS)],
    };
}

const PARAMETERS: &[Field] = &join::<{ 2 + DETAILS.len() + SWITCHES.len() + 2 }>(&[
    &[USER_ID, DRY_RUN],
    DETAILS,
    SWITCHES,
    &[
        settings(
            "settings",
            "Set any other settings of the meeting, by Zoom's names and in Zoom's structure. \
         Give a setting that is a parameter there or here, not both.",
            r#"{"watermark": true}"#,
        ),
        SHOW_SECRETS,
    ],
]);

/// The meeting as Zoom made it, and what undoes it.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Created {
    /// The meeting.
    #[serde(flatten)]
    #[schemars(with = "Meeting")]
    pub meeting: serde_json::Map<String, Value>,
    /// True when no change was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// The request that a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
    /// The request that undoes the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
}

const CREATE: Endpoint = Endpoint::new(
    Post,
    "/users/{userId}/meetings",
    Light,
    &["meeting:write:meeting:admin", "meeting:write:meeting"],
    classic::WRITE_MEETING,
);

impl Action for CreateMeeting {
    const ID: &'static str = "create_meeting";
    const TITLE: &'static str = "Create Meeting";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`delete_meeting`.");
    const ENDPOINTS: Endpoints = &[CREATE];
    const TABLE: Columns = &[
        ("Meeting ID", "id"),
        ("Topic", "topic"),
        ("Host", "host_email"),
        ("Start", "start_time"),
        ("Join link", "join_url"),
    ];
    const UPDATE: Option<&'static Table> = Some(<NewMeeting as Definition>::TABLE);
    type Output = Verbatim<Created>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let body = self.0.body()?;
        let user = self.0.id("user_id");
        let call = ApiCall::of(&CREATE, &[&user], &[], Subject::User(&user)).with_body(&body.json);
        for warning in body.warnings {
            zoom.state().warn(warning);
        }

        if self.0.dry_run {
            let data = Created {
                dry_run: Some(true),
                request: Some(DryRun::of(zoom, &call)),
                ..Created::default()
            };
            let message =
                format!("Dry run: a meeting of user {user} would be created; no change was sent.");
            return Ok(Outcome::new(message, Verbatim::new(raw(&data)?)));
        }

        let answer = match zoom.create(&call)? {
            Some(answer) => answer,
            None => raw(&json!({}))?,
        };
        let Some(id) = field(answer.get(), "id").filter(Value::is_u64) else {
            zoom.state()
                .warn("Zoom's answer does not name the new meeting, so there is no `rollback`.");
            let message =
                format!("Zoom accepted a new meeting of user {user}, but did not name it.");
            return Ok(Outcome::new(message, Verbatim::new(answer)));
        };

        let message = format!("Created meeting {id} of user {user}.");
        let rollback = Rollback::new("delete_meeting", [("meeting_id", id)]);
        let data = Verbatim::<Created>::new(answer).with("rollback", &rollback)?;
        Ok(Outcome::new(message, data))
    }
}
