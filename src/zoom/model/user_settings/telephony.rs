//! The documented shape of the `telephony` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Telephony.
#[derive(Debug, JsonSchema)]
pub struct Telephony {
    /// Third-party audio text.
    pub audio_conference_info: Option<String>,
    /// International numbers link.
    pub show_international_numbers_link: Option<bool>,
    /// Regions.
    pub telephony_regions: Option<TelephonyRegions>,
    /// Third-party audio.
    pub third_party_audio: Option<bool>,
}

/// Regions.
#[derive(Debug, JsonSchema)]
pub struct TelephonyRegions {
    /// The allowed values.
    pub allowed_values: Option<Vec<String>>,
    /// Regions chosen.
    pub selection_values: Option<String>,
}
