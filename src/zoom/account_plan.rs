//! Zoom's plans, and the calls a second that Zoom publishes for each.

use super::endpoint::RateLabel;
use std::str::FromStr;

/// Whose limits hold: Zoom sets them for the account, over all its apps and users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plan {
    /// 4 light, 2 medium, 1 heavy calls a second.
    Free,
    /// 30 light, 20 medium, 10 heavy calls a second.
    Pro,
    /// Business, Education, Enterprise and Partner: 80 light, 60 medium, 40 heavy calls a second.
    Business,
}

impl Plan {
    /// How many calls a second of endpoints with this label.
    #[must_use]
    pub const fn per_second(self, label: RateLabel) -> u32 {
        match (self, label) {
            (Self::Free, RateLabel::Light) => 4,
            (Self::Free, RateLabel::Medium) => 2,
            (_, RateLabel::ResourceIntensive) | (Self::Free, RateLabel::Heavy) => 1,
            (Self::Pro, RateLabel::Light) => 30,
            (Self::Pro, RateLabel::Medium) => 20,
            (Self::Pro, RateLabel::Heavy) => 10,
            (Self::Business, RateLabel::Light) => 80,
            (Self::Business, RateLabel::Medium) => 60,
            (Self::Business, RateLabel::Heavy) => 40,
        }
    }
}

impl FromStr for Plan {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "free" => Ok(Self::Free),
            "pro" => Ok(Self::Pro),
            "business" => Ok(Self::Business),
            _ => Err("one of free, pro, business".to_owned()),
        }
    }
}
