//! Everything that is derived from the action table and the failure table: forms, schemas, the platform's manifest, tables of the README. Writes nothing and runs nothing.
//!
//! Children: `label` (names for people), `field` (parameters as fields of a form).

pub mod field;
pub mod label;
