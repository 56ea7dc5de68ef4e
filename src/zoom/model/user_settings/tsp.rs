//! The documented shape of the `tsp` block of a user's settings. Describes only.

use schemars::JsonSchema;
use serde_json::{Map, Value};

/// Telephony service provider.
#[derive(Debug, JsonSchema)]
pub struct Tsp {
    /// ApiCall out.
    pub call_out: Option<bool>,
    /// ApiCall-out countries.
    pub call_out_countries: Option<Vec<Map<String, Value>>>,
    /// International numbers link.
    pub show_international_numbers_link: Option<bool>,
    /// Dial-in country codes.
    pub global_dial_in_countries: Option<Map<String, Value>>,
}
