//! Ids and dates: texts and numbers with rules of their own, each stated in its schema and checked on reading. Knows no action.

use crate::protocol::secret::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The largest meeting number that is taken, 18 digits: Zoom's have nine to eleven. A bound of whole digits is one that a
/// schema can state for the text form too.
const LARGEST: u64 = 999_999_999_999_999_999;

/// A meeting's number: 1 to 999,999,999,999,999,999, nine to eleven digits in practice. Zoom writes it as a JSON number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeetingId(u64);

impl MeetingId {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads a number as people paste it: with spaces (also no-break ones) or dashes between the digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2011}' | '\u{2013}'))
            .collect();
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .parse()
            .ok()
            .filter(|number| plain && (1..=LARGEST).contains(number))
            .map(Self)
    }
}

impl fmt::Display for MeetingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<'de> Deserialize<'de> for MeetingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let found = match &value {
            serde_json::Value::Number(number) => number
                .as_u64()
                .and_then(|number| Self::parse(&number.to_string())),
            serde_json::Value::String(text) => Self::parse(text),
            _ => None,
        };
        found.ok_or_else(|| {
            D::Error::custom(
                "must be a meeting's number, such as 85746065432 (spaces and dashes between the digits do no harm)",
            )
        })
    }
}

impl Serialize for MeetingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

/// White space, as [`char::is_whitespace`] has it, for a pattern's brackets: spelt out, since dialects of patterns differ
/// in what they take for it.
const SPACE: &str =
    r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// Control characters, as [`char::is_control`] has them, for a pattern's brackets.
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";

/// What [`MeetingId::parse`] reads: white space and dashes anywhere, zeros in front, then up to 18 digits.
fn meeting_pattern() -> String {
    let between = format!(r"[{SPACE}\u2011\u2013-]*");
    format!("^{between}(?:0{between})*[1-9](?:{between}[0-9]){{0,17}}{between}$")
}

/// What is read as a user's id: no control character but in the white space around it, and no dot segment.
fn user_pattern() -> String {
    let (around, edge) = (format!("[{SPACE}]*"), format!("[^{SPACE}{CONTROL}]"));
    format!(r"^{around}(?!\.{{1,2}}{around}$){edge}(?:[^{CONTROL}]*{edge})?{around}$")
}

impl JsonSchema for MeetingId {
    fn schema_name() -> Cow<'static, str> {
        "MeetingId".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": LARGEST,
            "pattern": meeting_pattern(),
            "examples": [85_746_065_432_u64, "857 4606 5432"],
        })
    }
}

/// A user's id or e-mail address, as one segment of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserId(String);

impl UserId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        if matches!(text, "." | "..") || text.is_empty() {
            return Err(D::Error::custom("must be a user's id or e-mail address"));
        }
        if text.chars().any(char::is_control) {
            return Err(D::Error::custom(
                "must be a user's id or e-mail address, without line breaks or other control characters",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl JsonSchema for UserId {
    fn schema_name() -> Cow<'static, str> {
        "UserId".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": user_pattern(),
            "examples": ["jane@example.com", "KDcuGIm1QgePTO8WbOqwIQ"],
        })
    }
}

/// A host key: 6 to 10 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct HostKey(Secret<String>);

impl fmt::Debug for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for HostKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if (6..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(Secret::new(text)))
        } else {
            Err(D::Error::custom("must be 6 to 10 digits"))
        }
    }
}

impl Serialize for HostKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.reveal())
    }
}

impl JsonSchema for HostKey {
    fn schema_name() -> Cow<'static, str> {
        "HostKey".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{6,10}$" })
    }
}

macro_rules! dated {
    ($(#[$doc:meta])* $name:ident, $parse:ty, $length:literal, $zone:literal, $expected:literal, [$($example:literal),*], $pattern:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text, as Zoom takes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let civil = text.strip_suffix($zone).unwrap_or(&text);
                // Written again it must be the same: jiff reads other forms as well, and fractions of a second.
                let same = |parsed: $parse| parsed.to_string() == civil && civil.len() == $length;
                if civil.parse::<$parse>().is_ok_and(same) {
                    Ok(Self(text))
                } else {
                    Err(D::Error::custom($expected))
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "examples": [$($example),*] })
            }
        }
    };
}

/// A day that there is, leap years and all, as a pattern.
macro_rules! day {
    () => {
        concat!(
            "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
            "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
            "|02-(?:0[1-9]|1[0-9]|2[0-8]))",
            "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
        )
    };
}

dated!(
    /// A day, `yyyy-mm-dd`.
    Date, jiff::civil::Date, 10, "", "must be a day of the form yyyy-mm-dd, such as 2026-11-24",
    ["2026-11-24"],
    concat!("^", day!(), "$")
);

dated!(
    /// A time, `yyyy-mm-ddThh:mm:ss`, with `Z` in UTC, without it in the time zone that is given beside it.
    DateTime, jiff::civil::DateTime, 19, "Z",
    "must be a time of the form yyyy-mm-ddThh:mm:ss, with Z at the end for UTC, such as 2026-11-24T15:00:00Z",
    ["2026-11-24T15:00:00Z", "2026-11-24T15:00:00"],
    concat!("^", day!(), "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?$")
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_number_is_read_as_people_paste_it() {
        for text in [
            "85746065432",
            "857 4606 5432",
            "857-4606-5432",
            " 857\u{a0}4606\u{a0}5432 ",
        ] {
            assert_eq!(
                MeetingId::parse(text).map(MeetingId::number),
                Some(85_746_065_432),
                "{text}"
            );
        }
        for text in [
            "",
            "-",
            "0",
            "12/34",
            "..",
            "1e5",
            "+5",
            "9223372036854775808",
            "abc",
            "1.5",
        ] {
            assert_eq!(MeetingId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_user_id_is_trimmed_and_never_a_dot_segment() {
        let read = |text: &str| serde_json::from_value::<UserId>(text.into());
        assert_eq!(
            read(" jane@example.com ").unwrap().as_str(),
            "jane@example.com"
        );
        assert_eq!(read("me/settings?x=").unwrap().as_str(), "me/settings?x=");
        for text in [".", "..", " .. ", "a\nb"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn dates_have_one_form() {
        let day = |text: &str| serde_json::from_value::<Date>(text.into()).is_ok();
        assert!(day("2026-02-28"));
        assert!(
            !day("2026-02-30")
                && !day("26-02-03")
                && !day("2026-2-3")
                && !day("2026-02-28T00:00:00")
        );
        let time = |text: &str| serde_json::from_value::<DateTime>(text.into()).is_ok();
        assert!(time("2026-02-28T10:00:00Z") && time("2026-02-28T10:00:00"));
        assert!(
            !time("2026-02-28") && !time("2026-02-28T25:00:00Z") && !time("2026-02-28 10:00:00")
        );
    }
}
