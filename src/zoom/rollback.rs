//! The request that undoes a change, as `data.rollback` holds it and the action `roll_back` runs it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// The parameters that say which object a change is about, and in which form; all others change something.
const IDENTITY: [&str; 5] = [
    "user_id",
    "meeting_id",
    "occurrence_id",
    "login_type",
    "option",
];

/// A request that undoes a change: its action accepts the parameters as they stand.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rollback {
    /// The action that undoes the change.
    pub action: &'static str,
    /// That action's parameters. Of an update only the object's identity is there when nothing has to be undone.
    pub parameters: Map<String, Value>,
}

impl Rollback {
    /// A rollback by `action`, given what identifies the object.
    #[must_use]
    pub fn new<const N: usize>(action: &'static str, identity: [(&str, Value); N]) -> Self {
        let parameters = identity
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));

        Self {
            action,
            parameters: parameters.collect(),
        }
    }
}

/// True for the parameters of an update that would change nothing: they only say which object is meant.
#[must_use]
pub fn is_identity_only(parameters: &Map<String, Value>) -> bool {
    parameters
        .keys()
        .all(|name| IDENTITY.contains(&name.as_str()))
}
