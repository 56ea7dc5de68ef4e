//! What an action is: its parameters, its answer, the endpoints it uses, and how it is run. Begin with [`Action`].

use crate::protocol::envelope::Success;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::parameter;
use crate::zoom::client::Zoom;
pub use crate::zoom::endpoint::{Endpoint, Endpoints, RateLabel, Requirement};
use crate::zoom::outcome::{Answer, Outcome};
use crate::zoom::update::fields::Table;
use crate::zoom::update::{Given, Update, UpdateReport, update};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

/// The effect of an action, in the platform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads.
    Enrichment,
    /// Changes something at Zoom.
    Containment,
    /// Checks the connection; no action of the platform's.
    Test,
}

impl Kind {
    /// The platform's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrichment => "Enrichment",
            Self::Containment => "Containment",
            Self::Test => "Test",
        }
    }
}

/// The names that an action's file uses.
pub mod prelude {
    pub use super::{Action, Columns, Kind, Kind::Containment, raw};
    pub use crate::http::Method::{Delete, Get, Patch, Post, Put};
    pub use crate::protocol::failure::{Code, Failure};
    pub use crate::protocol::parameter::{
        AnyMeetingId, Bounded, Date, LoginType, MeetingId, PathId, Text, UserId, default_true, word,
    };
    pub use crate::zoom::change::{Change, ChangeReport};
    pub use crate::zoom::client::{ApiCall, Query, Zoom};
    pub use crate::zoom::endpoint::RateLabel::{Heavy, Light, Medium, ResourceIntensive};
    pub use crate::zoom::endpoint::{
        END_MEETING, Endpoint, Endpoints, GET_MEETING, GET_USER, GET_USER_SETTINGS, classic,
    };
    pub use crate::zoom::error::{
        MEETING_MISSING, RECORDING_MISSING, Subject, USER_MISSING, has_code,
    };
    pub use crate::zoom::months::{self, Days};
    pub use crate::zoom::outcome::{Answer, Outcome};
    pub use crate::zoom::paging::{Item, Limit, List, PageSize, Pager, field_is};
    pub use crate::zoom::rollback::Rollback;
    pub use crate::zoom::update::{DryRun, UpdateReport};
    pub use crate::zoom::verbatim::Verbatim;
    pub use schemars::JsonSchema;
    pub use serde::{Deserialize, Serialize};
    pub use serde_json::{Map, Value, json};
}

/// The columns of an update's changes.
pub const CHANGES: Columns = &[
    ("Field", "field"),
    ("Before", "before"),
    ("Requested", "requested"),
    ("After", "after"),
    ("Applied", "applied"),
];

/// The columns of the platform's table view: each heading with the path of its value, inside the rows where there are
/// rows, else inside `data`.
pub type Columns = &'static [(&'static str, &'static str)];

/// An action: the struct is its parameters, its doc comments are what users read.
pub trait Action: DeserializeOwned + JsonSchema {
    /// The id, snake_case.
    const ID: &'static str;
    /// The title.
    const TITLE: &'static str;
    /// Its effect.
    const KIND: Kind = Kind::Enrichment;
    /// The action that undoes the change, and what that can't bring back; `None` where Zoom has no call for it.
    const UNDO: Option<&'static str> = None;
    /// True for a change that can't be undone, or that takes something away from people.
    const DESTRUCTIVE: bool = matches!(Self::KIND, Kind::Containment) && Self::UNDO.is_none();
    /// The endpoints it uses; the first is the action.
    const ENDPOINTS: Endpoints;
    /// The list in `data` whose items are the rows of the platform's table view; blank where there is one row.
    const ROWS: &'static str = "";
    /// The columns of the table view.
    const TABLE: Columns;
    /// The table of its parameters, for an update.
    const UPDATE: Option<&'static Table> = None;
    /// The data it answers with.
    type Output: Serialize + JsonSchema;
    /// True when secrets are shown in clear, whatever the parameter `show_secrets` says.
    const SHOWS_SECRETS: bool = false;

    /// Runs it.
    ///
    /// # Errors
    /// Any failure, of the parameters, of Zoom or of the network.
    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output>;
}

impl<D: Update> Action for Given<D> {
    const ID: &'static str = D::ID;
    const TITLE: &'static str = D::TITLE;
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> = Some("`roll_back` with the answer's `data.rollback`.");
    const ENDPOINTS: Endpoints = D::ENDPOINTS;
    const ROWS: &'static str = "changes";
    const TABLE: Columns = CHANGES;
    const UPDATE: Option<&'static Table> = Some(D::TABLE);
    type Output = UpdateReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<UpdateReport> {
        update(zoom, &self)
    }
}

/// A row of the action table: an [`Action`] with its types erased.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The id.
    pub id: &'static str,
    /// The title.
    pub title: &'static str,
    /// Its effect.
    pub kind: Kind,
    /// The action that undoes the change, and what that can't bring back.
    pub undo: Option<&'static str>,
    /// True for a change that can't be undone, or that takes something away from people.
    pub is_destructive: bool,
    /// The endpoints.
    pub routes: Endpoints,
    /// The rows and columns of the table view.
    table: (&'static str, Columns),
    /// The table of the parameters, for an update.
    pub update: Option<&'static Table>,
    /// Makes the schema of the parameters.
    pub input: fn() -> Value,
    /// The schema of `data`.
    pub output: fn() -> Value,
    /// Decodes the parameters and runs the action.
    pub run: fn(Map<String, Value>, &Zoom<'_>) -> Result<Success, Failure>,
}

impl Entry {
    /// The row of `A`.
    #[must_use]
    pub const fn of<A: Action>() -> Self {
        Self {
            id: A::ID,
            title: A::TITLE,
            kind: A::KIND,
            undo: A::UNDO,
            is_destructive: A::DESTRUCTIVE,
            routes: A::ENDPOINTS,
            table: (A::ROWS, A::TABLE),
            update: A::UPDATE,
            input: parameter::schema::<A>,
            output: output::<A>,
            run: run::<A>,
        }
    }

    /// The description: the doc comment of the parameters' struct.
    #[must_use]
    pub fn description(&self) -> String {
        let schema = (self.input)();
        schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}

impl Entry {
    /// The columns of the table view, each heading with the path in the envelope: `data.users.[].email`.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let (rows, columns) = self.table;
        let start = match rows {
            "" => "data".to_owned(),
            rows => format!("data.{rows}.[]"),
        };
        columns
            .iter()
            .map(move |(name, path)| (*name, format!("{start}.{path}")))
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The parameters that an answer may repeat.
const REPEATED: [&str; 5] = [
    "user_id",
    "meeting_id",
    "meeting_uuid",
    "app_id",
    "occurrence_id",
];

/// The schema of the data, without what it would repeat of parameters that this action does not have.
fn output<A: Action>() -> Value {
    let mut schema = parameter::schema_of_answer::<A::Output>();
    let input = parameter::schema::<A>();
    let input = input.get("properties");
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|name, _| {
            !REPEATED.contains(&name.as_str())
                || input.is_some_and(|input| input.get(name).is_some())
        });
    }

    schema
}

fn run<A: Action>(given: Map<String, Value>, zoom: &Zoom<'_>) -> Result<Success, Failure> {
    /// The one parameter that every action with secrets has.
    #[derive(Deserialize)]
    struct Shown {
        #[serde(default)]
        show_secrets: bool,
    }
    let mut shown = given.clone();
    shown.retain(|name, _| name == "show_secrets");

    let action: A = parameter::decode(given, Code::InvalidParameters)?;
    let shown: Shown = parameter::decode(shown, Code::InvalidParameters)?;
    if A::SHOWS_SECRETS || shown.show_secrets {
        zoom.state().show_secrets();
    }

    let Outcome { message, data } = action.run(zoom)?;
    let data = raw(&data)?;
    Ok(Success { message, data })
}

/// Writes data as JSON.
///
/// # Errors
/// `internal` for what can't be written.
pub fn raw(data: &impl Serialize) -> Result<Box<RawValue>, Failure> {
    to_raw_value(data).map_err(|error| {
        Failure::internal("The data could not be written.").caused_by(vec![error.to_string()])
    })
}
