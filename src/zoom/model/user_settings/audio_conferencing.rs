//! The documented shape of the `audio_conferencing` block of a user's settings. Describes only.

use schemars::JsonSchema;
use serde_json::{Map, Value};

/// Audio conferencing.
#[derive(Debug, JsonSchema)]
pub struct AudioConferencing {
    /// The settings of toll free and fee based toll call.
    pub toll_free_and_fee_based_toll_call: Option<TollFreeAndFeeBasedTollCall>,
    /// The settings of participant phone masking.
    pub participant_phone_masking: Option<Map<String, Value>>,
    /// The settings of toll call.
    pub toll_call: Option<Map<String, Value>>,
    /// The settings of call me and invite by phone.
    pub call_me_and_invite_by_phone: Option<Map<String, Value>>,
    /// Dial-in country codes.
    pub global_dial_in_countries: Option<Map<String, Value>>,
}

/// The settings of toll free and fee based toll call.
#[derive(Debug, JsonSchema)]
pub struct TollFreeAndFeeBasedTollCall {
    /// Whether allow webinar attendees dial is on.
    pub allow_webinar_attendees_dial: Option<bool>,
    /// Pre-assignment on.
    pub enable: Option<bool>,
    /// The numbers.
    pub numbers: Option<Vec<Numbers>>,
}

/// The settings of numbers.
#[derive(Debug, JsonSchema)]
pub struct Numbers {
    /// Dial code such as +1.
    pub code: Option<String>,
    /// The country code.
    pub country_code: Option<String>,
    /// Country name.
    pub country_name: Option<String>,
    /// The display number.
    pub display_number: Option<String>,
    /// Number.
    pub number: Option<String>,
}
