//! Days and times, in the forms that Zoom takes.

use crate::protocol::failure::Failure;
use jiff::{SignedDuration, civil};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A day that there is, leap years and all, as a pattern.
const DAY: &str = "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
     |(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
     |02-(?:0[1-9]|1[0-9]|2[0-8]))\
     |(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";

/// A day, `yyyy-mm-dd`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd)]
pub struct Date(String);

impl Date {
    /// Returns the text, as Zoom takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;

        // Written again it must be the same: jiff reads other forms as well.
        let same = |day: civil::Date| day.to_string() == text && text.len() == 10;

        if text.parse().is_ok_and(same) {
            Ok(Self(text))
        } else {
            Err(D::Error::custom(
                "must be a day of the form yyyy-mm-dd, such as 2026-11-24",
            ))
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{DAY}$"), "examples": ["2026-11-24"] })
    }
}

/// Checks that `from` is not after `to`, where both are given.
///
/// # Errors
/// `invalid_parameters`, of `from`.
pub fn in_order(from: Option<&Date>, to: Option<&Date>) -> Result<(), Failure> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            let message = format!("`from` must not be after `to`, which is {}.", to.as_str());
            Err(Failure::parameter("from", message))
        }
        _ => Ok(()),
    }
}

/// A time, `yyyy-mm-ddThh:mm:ss`, with `Z` in UTC, without it in the time zone that is given beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateTime(String);

impl DateTime {
    /// Returns the text, as Zoom takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a time that may have parts of a second and an offset, which Zoom does not take.
    fn parse(text: &str) -> Option<Self> {
        let (civil_text, rest) = text.split_at_checked(19)?;
        let local: civil::DateTime = civil_text.parse().ok()?;
        if local.to_string() != civil_text {
            return None;
        }

        let zone = match rest.strip_prefix('.') {
            Some(fraction) => {
                let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                let digits = fraction.len() - zone.len();
                (1..=9).contains(&digits).then_some(zone)?
            }
            None => rest,
        };

        if matches!(zone, "" | "Z") {
            return Some(Self(format!("{civil_text}{zone}")));
        }

        let utc = local.checked_sub(offset(zone)?).ok()?;

        (0..=9999)
            .contains(&utc.year())
            .then(|| Self(format!("{utc}Z")))
    }
}

/// Reads an offset from UTC, `+02:00`.
fn offset(text: &str) -> Option<SignedDuration> {
    let two = |text: &str, least: i64, most: i64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| text.parse::<i64>().ok()).flatten();
        number.filter(|number| (least..=most).contains(number))
    };

    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+')?),
    };

    let (hours, minutes) = text.split_once(':')?;
    let minutes = two(hours, 0, 23)? * 60 + two(minutes, 0, 59)?;

    Some(SignedDuration::from_mins(sign * minutes))
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(
                "must be a time of the form yyyy-mm-ddThh:mm:ss, with Z at the end for UTC, such as 2026-11-24T15:00:00Z",
            )
        })
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl JsonSchema for DateTime {
    fn schema_name() -> Cow<'static, str> {
        "DateTime".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
        json_schema!({
            "type": "string",
            "pattern": format!(r"^{DAY}T{time}:[0-5][0-9](?:\.[0-9]{{1,9}})?(?:Z|[+-]{time})?$"),
            "examples": ["2026-11-24T15:00:00Z", "2026-11-24T15:00:00"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_has_one_form() {
        let day = |text: &str| serde_json::from_value::<Date>(text.into()).is_ok();
        assert!(day("2026-02-28"));
        for text in ["2026-02-30", "26-02-03", "2026-2-3", "2026-02-28T00:00:00"] {
            assert!(!day(text), "{text}");
        }
    }

    #[test]
    fn in_order_refuses_a_range_that_ends_before_it_begins() {
        let day = |text: &str| Date(text.to_owned());
        let (first, second) = (day("2026-11-30"), day("2026-12-01"));
        assert!(in_order(Some(&first), Some(&second)).is_ok());
        assert!(in_order(Some(&first), Some(&first)).is_ok());
        assert!(in_order(Some(&second), None).is_ok());
        let failure = in_order(Some(&second), Some(&first)).unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("from"));
    }

    #[test]
    fn date_time_is_sent_in_the_form_of_zoom() {
        let sent = |text: &str| DateTime::parse(text).map(|time| time.0);
        for (given, zoom) in [
            ("2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z"),
            ("2026-02-28T10:00:00", "2026-02-28T10:00:00"),
            ("2026-02-28T10:00:00.123Z", "2026-02-28T10:00:00Z"),
            ("2026-02-28T10:00:00.5", "2026-02-28T10:00:00"),
            ("2026-03-01T00:30:00+02:00", "2026-02-28T22:30:00Z"),
            ("2026-12-31T23:30:00.000-05:45", "2027-01-01T05:15:00Z"),
        ] {
            assert_eq!(sent(given).as_deref(), Some(zoom), "{given}");
        }
        for text in [
            "2026-02-28",
            "2026-02-28T25:00:00Z",
            "2026-02-28 10:00:00",
            "2026-02-28T10:00:00.Z",
            "2026-02-28T10:00:00+2:00",
            "2026-02-28T10:00:00+24:00",
            "2026-02-28T10:00:60Z",
            "2026-02-28T10:00:0é",
        ] {
            assert_eq!(sent(text), None, "{text}");
        }
    }
}
