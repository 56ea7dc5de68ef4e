//! The documented shape of the `profile` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Profile.
#[derive(Debug, JsonSchema)]
pub struct Profile {
    /// Where recordings live.
    pub recording_storage_location: Option<RecordingStorageLocation>,
}

/// Where recordings live.
#[derive(Debug, JsonSchema)]
pub struct RecordingStorageLocation {
    /// Countries offered.
    pub allowed_values: Option<Vec<String>>,
    /// Country code chosen.
    pub value: Option<String>,
}
