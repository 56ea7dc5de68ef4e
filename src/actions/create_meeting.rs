//! Create Meeting: makes a meeting for a user. Its fields are those of `update_meeting`.

use crate::action::{Action, Column, Endpoint, Kind as ActionKind, Outcome, column, link};
use crate::actions::update_meeting::{DETAILS, SWITCHES};
use crate::http::Method;
use crate::protocol::exact::field;
use crate::protocol::failure::Failure;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::Meeting;
use crate::zoom::model::meeting::MEETING_SETTINGS;
use crate::zoom::rollback::Rollback;
use crate::zoom::update::fields::{
    DRY_RUN, Field, Role, SHOW_SECRETS, Table, USER_ID, join, names, object, parameter,
};
use crate::zoom::update::{Definition, DryRun, Given};
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

/// The parameters of Create Meeting.
pub type CreateMeeting = Given<NewMeeting>;

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
        parameter(
            "settings",
            Role::Settings("settings"),
            object("", &[]),
            "Set any other settings of the meeting, by Zoom's names and in Zoom's structure. \
         Give a setting that is a parameter there or here, not both.",
        )
        .example(r#"{"watermark": true}"#),
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

const CREATE: Endpoint = Endpoint {
    method: Method::Post,
    path: "/users/{userId}/meetings",
    label: RateLabel::Light,
    granular: &["meeting:write:meeting:admin", "meeting:write:meeting"],
    classic: &["meeting:write:admin", "meeting:write"],
    need: Requirement::Required,
};

impl Action for CreateMeeting {
    const ID: &'static str = "create_meeting";
    const TITLE: &'static str = "Create Meeting";
    const KIND: ActionKind = ActionKind::Containment;
    const UNDO: Option<&'static str> = Some("`delete_meeting`.");
    const ENDPOINTS: &'static [Endpoint] = &[CREATE];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.id"),
        column("Topic", "data.topic"),
        column("Host", "data.host_email"),
        column("Start", "data.start_time"),
        link("Join link", "data.join_url"),
    ];
    const UPDATE: Option<&'static Table> = Some(<NewMeeting as Definition>::TABLE);
    type Output = Verbatim<Created>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let body = self.body()?;
        let user = self.id("user_id");
        let call = ApiCall::of(&CREATE, &[&user], &[], Subject::User(&user)).with_body(&body.json);
        for warning in body.warnings {
            zoom.state().warn(warning);
        }

        if self.dry_run {
            let data = Created {
                dry_run: Some(true),
                request: Some(DryRun::of(zoom, &call)),
                ..Created::default()
            };
            let message =
                format!("Dry run: a meeting of user {user} would be created; no change was sent.");
            return Ok(Outcome {
                message,
                data: Verbatim::new(raw(&data)?),
            });
        }

        let answer = zoom.create(&call)?;
        let (answer, id) = match answer {
            Some(answer) => {
                let id = meeting_id(&answer);
                (answer, id)
            }
            None => (raw(&json!({}))?, None),
        };

        let Some(id) = id else {
            zoom.state()
                .warn("Zoom's answer does not name the new meeting, so there is no `rollback`.");
            let message =
                format!("Zoom accepted a new meeting of user {user}, but did not name it.");
            return Ok(Outcome {
                message,
                data: Verbatim::new(answer),
            });
        };

        let rollback = Rollback::new("delete_meeting", [("meeting_id", id.clone())]);

        Ok(Outcome {
            message: format!("Created meeting {id} of user {user}."),
            data: Verbatim::<Created>::new(answer).with("rollback", &rollback)?,
        })
    }
}

fn meeting_id(answer: &RawValue) -> Option<Value> {
    field(answer.get(), "id").filter(Value::is_u64)
}

fn raw(data: &impl Serialize) -> Result<Box<RawValue>, Failure> {
    to_raw_value(data).map_err(|error| {
        Failure::internal("The data could not be written.").caused_by(vec![error.to_string()])
    })
}
