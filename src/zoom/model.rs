//! The documented shapes of Zoom's objects, for schemas and for the checks of a change. No answer is read through them,
//! so that no field that Zoom adds is lost.

pub mod evidence;
pub mod meeting;
mod user;
pub mod user_settings;

pub use meeting::{Invitation, ListedMeeting};
pub use user::User;
pub use user_settings::UserSettings;

use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};

/// A value that Zoom documents as one and sends as a list, or the other way round.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMany<T> {
    /// A list.
    Many(Vec<T>),
    /// One.
    One(T),
}

/// The schema of something that Zoom sends: no field has to be there, since Zoom leaves out what a plan, a role or a
/// setting does not have.
#[must_use]
pub fn lenient(mut schema: Schema) -> Schema {
    NothingRequired.transform(&mut schema);
    schema
}

#[derive(Clone, Debug)]
struct NothingRequired;

impl Transform for NothingRequired {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("required");
        transform_subschemas(self, schema);
    }
}
