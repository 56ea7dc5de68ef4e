//! A meeting by its number or by the UUID of one instance.

use super::MeetingId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// The longest UUID that is taken, in bytes; Zoom's have 24.
const LONGEST: usize = 128;

/// A meeting's number, which means its latest instance, or the UUID of one instance, such as `4444AAAiAAAAAiAiAiiAii==`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyMeetingId(String);

impl AnyMeetingId {
    /// Returns the number's digits or the UUID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for a number, which stands for the latest instance.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(number) = MeetingId::parse(text) {
            return Some(Self(number.to_string()));
        }

        let uuid = text.trim();
        let is_letter =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_');

        let fits = (1..=LONGEST).contains(&uuid.len()) && uuid.chars().all(is_letter);

        fits.then(|| Self(uuid.to_owned()))
    }
}

impl fmt::Display for AnyMeetingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AnyMeetingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let found = match &value {
            Value::String(text) => Self::parse(text),
            number => MeetingId::of_value(number).map(|number| Self(number.to_string())),
        };
        found.ok_or_else(|| {
            D::Error::custom("must be a meeting's number or the UUID of one instance")
        })
    }
}

impl Serialize for AnyMeetingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl JsonSchema for AnyMeetingId {
    fn schema_name() -> Cow<'static, str> {
        "AnyMeetingId".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let number = MeetingId::json_schema(generator);
        let pattern = number
            .get("pattern")
            .and_then(|pattern| pattern.as_str())
            .unwrap_or_default();
        let uuid = format!(r"^\s*[A-Za-z0-9+/=_-]{{1,{LONGEST}}}\s*$");

        json_schema!({
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": number.get("maximum"),
            "pattern": format!("{pattern}|{uuid}"),
            "examples": [85_746_065_432_u64, "4444AAAiAAAAAiAiAiiAii=="],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_meeting_id_is_a_number_or_a_uuid() {
        let parse = |text: &str| AnyMeetingId::parse(text).map(|id| id.to_string());
        assert_eq!(parse("857 4606 5432").as_deref(), Some("85746065432"));
        for uuid in [
            "aDYlohsHRtCd4ii1uC2+hA==",
            "/ajXp112QmuoKj4854875==",
            "a//b",
        ] {
            assert_eq!(parse(&format!(" {uuid}")).as_deref(), Some(uuid));
        }
        for text in ["", "..", "a b", "https://zoom.us/x", "ä"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
