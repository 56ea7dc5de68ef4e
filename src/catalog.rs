//! Everything that is derived from the action table and the failure table: forms, schemas, the platform's manifest, tables of the README. Writes nothing and runs nothing.
//!
//! Children: `label` (names for people) and `choice` (keys of lists); for the generator `made` (which files there are),
//! `field` (parameters as fields of a form), `paths` (the fields of an answer), `yaml` (how the manifest is written), `manifest`, `schemas`, `envelope`
//! and `fixture` (their schemas), `rules` (what parameters must hold together), `readme`; for the binary that ships, which
//! has no generator, `carried` (the files as they were made).

#[cfg(not(feature = "generate"))]
mod carried;
pub mod choice;
#[cfg(feature = "generate")]
mod envelope;
#[cfg(feature = "generate")]
pub mod field;
#[cfg(feature = "generate")]
mod fixture;
pub mod label;
#[cfg(feature = "generate")]
mod made;
#[cfg(feature = "generate")]
pub mod manifest;
#[cfg(feature = "generate")]
mod paths;
#[cfg(feature = "generate")]
mod readme;
#[cfg(feature = "generate")]
mod rules;
#[cfg(feature = "generate")]
mod schemas;
#[cfg(feature = "generate")]
mod yaml;

#[cfg(not(feature = "generate"))]
pub use carried::{manifest, schema, schema_names};
#[cfg(feature = "generate")]
pub use made::{artifacts, carried, manifest, schema, schema_names};

/// The image of this version, as the Dockerfile's instructions tag it. A version's image never changes.
pub const IMAGE: &str = concat!("zoom-runner:", env!("CARGO_PKG_VERSION"));

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Where it belongs, from the project's root, with `/` between names.
    pub path: String,
    /// What it holds.
    pub text: String,
}
