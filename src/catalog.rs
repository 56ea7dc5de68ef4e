//! Everything derived from the action table and the failure codes: schemas, the platform's manifest, tables of the
//! documents. Begin with `artifacts`, which lists the generated files.

mod artifacts;
pub mod choice;
mod cross_field;
mod documents;
mod envelope;
pub mod field;
mod fixture;
pub mod label;
pub mod manifest;
mod output_paths;
mod pack;
mod reference;
mod schemas;

pub use artifacts::{artifacts, manifest, schema, schema_names};

/// The image of this version, as the Dockerfile's instructions tag it. A version's image never changes.
pub const IMAGE: &str = concat!("zoom-runner:", env!("CARGO_PKG_VERSION"));

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The path, from the project's root, with `/` between names.
    pub path: String,
    /// The content.
    pub text: String,
}
