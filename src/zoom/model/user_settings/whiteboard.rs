//! The documented shape of the `whiteboard` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// Whiteboard.
#[derive(Debug, JsonSchema)]
pub struct Whiteboard {
    /// Whether out meeting advanced whiteboard is on.
    pub out_meeting_advanced_whiteboard: Option<bool>,
    /// Whether in meeting advanced whiteboard is on.
    pub in_meeting_advanced_whiteboard: Option<bool>,
}
