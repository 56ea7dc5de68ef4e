//! What an action is: its parameters, its answer, the endpoints it uses, and how it is run. Begin with [`Action`].

use crate::protocol::envelope::Success;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::parameter;
use crate::zoom::client::Zoom;
pub use crate::zoom::endpoint::{Endpoint, RateLabel, Requirement};
use crate::zoom::update::fields::Table;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// A column of the platform's table view.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The heading.
    pub name: &'static str,
    /// The path in the envelope: `data.users.[].email`.
    pub path: &'static str,
    /// True when the value is an address to click on.
    pub link: bool,
}

/// A column of text.
#[must_use]
pub const fn column(name: &'static str, path: &'static str) -> Column {
    Column {
        name,
        path,
        link: false,
    }
}

/// A column of links.
#[must_use]
pub const fn link(name: &'static str, path: &'static str) -> Column {
    Column {
        name,
        path,
        link: true,
    }
}

/// The outcome of an action that went well.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// One sentence for a person.
    pub message: String,
    /// The data.
    pub data: T,
}

impl<T> From<(String, T)> for Outcome<T> {
    fn from((message, data): (String, T)) -> Self {
        Self { message, data }
    }
}

/// An action: the struct is its parameters, its doc comments are what users read.
pub trait Action: DeserializeOwned + JsonSchema {
    /// The id, snake_case.
    const ID: &'static str;
    /// The title.
    const TITLE: &'static str;
    /// Its effect.
    const KIND: Kind;
    /// The action that undoes the change, and what that can't bring back; `None` where Zoom has no call for it.
    const UNDO: Option<&'static str> = None;
    /// True for a change that can't be undone, or that takes something away from people.
    const DESTRUCTIVE: bool = matches!(Self::KIND, Kind::Containment) && Self::UNDO.is_none();
    /// The endpoints it uses; the first is the action.
    const ENDPOINTS: &'static [Endpoint];
    /// The columns of the platform's table view.
    const TABLE: &'static [Column];
    /// The table of its parameters, for an update.
    const UPDATE: Option<&'static Table> = None;
    /// The data it answers with.
    type Output: Serialize + JsonSchema;

    /// True when secrets are to be shown in clear.
    fn shows_secrets(&self) -> bool {
        false
    }

    /// Runs it.
    ///
    /// # Errors
    /// Any failure, of the parameters, of Zoom or of the network.
    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure>;
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
    pub routes: &'static [Endpoint],
    /// The columns of the table view.
    pub table: &'static [Column],
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
            table: A::TABLE,
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
    let action: A = parameter::decode(given, Code::InvalidParameters)?;
    if action.shows_secrets() {
        zoom.state().show_secrets();
    }

    let Outcome { message, data } = action.run(zoom)?;
    let data = serde_json::value::to_raw_value(&data).map_err(|error| {
        Failure::internal("The data could not be written.").caused_by(vec![error.to_string()])
    })?;

    Ok(Success { message, data })
}
