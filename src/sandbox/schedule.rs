//! When meetings take place: times as Zoom reads them, the occurrences of a series, and the days that a list is asked for.

use super::message::{Refusal, invalid_field};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::Value;
use std::collections::HashMap;

/// The most occurrences of a series.
const MOST: i64 = 60;

/// Returns the second that Zoom takes `text` for: with Z in UTC, without it in `zone`.
pub fn instant(text: &str, zone: &str) -> Option<u64> {
    let stamp = text.parse::<Timestamp>().ok().or_else(|| {
        let zone = TimeZone::get(zone).ok()?;
        text.parse::<DateTime>()
            .ok()?
            .to_zoned(zone)
            .ok()
            .map(|zoned| zoned.timestamp())
    })?;

    u64::try_from(stamp.as_second()).ok()
}

/// Returns the seconds at which a series that begins at `start` takes place.
pub fn occurrences(recurrence: &Value, start: u64, zone: &str) -> Vec<u64> {
    let number = |key: &str| recurrence.get(key).and_then(Value::as_i64);
    let every = number("repeat_interval").unwrap_or(1).clamp(1, 99);
    let end = recurrence
        .get("end_date_time")
        .and_then(Value::as_str)
        .and_then(|text| instant(text, "UTC"));
    let count = match number("end_times") {
        Some(count) if count > 0 => count.min(MOST),
        _ => MOST,
    };

    // In local time: a daily meeting stays at its hour when the clocks change.
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let first = i64::try_from(start)
        .ok()
        .and_then(|start| Timestamp::from_second(start).ok());
    let Some(first) = first.map(|stamp| stamp.to_zoned(zone)) else {
        return Vec::new();
    };

    let starts = (0..count).filter_map(|index| {
        let span = match number("type") {
            Some(2) => Span::new().try_weeks(index * every),
            Some(3) => Span::new().try_months(index * every),
            _ => Span::new().try_days(index * every),
        };
        u64::try_from(first.checked_add(span.ok()?).ok()?.timestamp().as_second()).ok()
    });

    starts
        .filter(|start| end.is_none_or(|end| *start <= end))
        .collect()
}

/// The days that a list of meetings is asked for.
#[derive(Debug, Default)]
pub struct Days {
    from: Option<u64>,
    to: Option<u64>,
}

impl Days {
    /// Reads `from`, `to` and `timezone`.
    ///
    /// # Errors
    /// Zoom's refusal of what is no day, no time zone, or a `to` before `from`.
    pub fn read(query: &HashMap<&str, &str>) -> Result<Self, Refusal> {
        let get = |name: &str| query.get(name).copied().filter(|text| !text.is_empty());
        let zone = match get("timezone").map(TimeZone::get) {
            None => TimeZone::UTC,
            Some(zone) => zone.map_err(|_| invalid_field("timezone", "Invalid timezone."))?,
        };

        let day = |name: &str, plus: i64| {
            let Some(text) = get(name) else {
                return Ok(None);
            };
            let date: Option<Date> = (text.len() == 10).then(|| text.parse().ok()).flatten();
            let start = date.and_then(|date| {
                date.checked_add(Span::new().days(plus))
                    .ok()?
                    .to_zoned(zone.clone())
                    .ok()
            });
            let second = start.and_then(|start| u64::try_from(start.timestamp().as_second()).ok());
            second
                .map(Some)
                .ok_or_else(|| invalid_field(name, "A date in the form yyyy-mm-dd is wanted."))
        };

        let days = Self {
            from: day("from", 0)?,
            to: day("to", 1)?,
        };

        match (days.from, days.to) {
            (Some(from), Some(to)) if to <= from => {
                Err(invalid_field("to", "The date is before `from`."))
            }
            _ => Ok(days),
        }
    }

    /// Returns true when a meeting that takes place at `starts` is among those asked for. One without a time is so only when
    /// no days were asked for.
    pub fn hold(&self, starts: &[u64]) -> bool {
        let unbounded = self.from.is_none() && self.to.is_none();
        let within = |start: &u64| {
            self.from.is_none_or(|from| *start >= from) && self.to.is_none_or(|to| *start < to)
        };
        unbounded || starts.iter().any(within)
    }
}

/// Returns the id of the occurrence at `start`: its milliseconds.
pub fn occurrence_id(start: u64) -> String {
    (start * 1000).to_string()
}

/// Returns a time of a meeting's answer as a second.
pub fn second_of(value: Option<&Value>) -> Option<u64> {
    instant(value?.as_str()?, "UTC")
}

#[cfg(test)]
mod tests {
    use super::super::time::rfc3339;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_without_z_is_in_the_time_zone() {
        assert_eq!(
            instant("2027-01-01T12:00:00Z", "Europe/Berlin"),
            Some(1_798_804_800)
        );
        assert_eq!(
            instant("2027-01-01T12:00:00", "Europe/Berlin"),
            Some(1_798_801_200)
        );
        assert_eq!(instant("soon", "UTC"), None);
    }

    #[test]
    fn a_series_goes_by_days_weeks_and_months_until_its_end() {
        let start = instant("2027-01-31T08:00:00", "Europe/Berlin").unwrap();
        let dates = |recurrence: Value| -> Vec<String> {
            occurrences(&recurrence, start, "Europe/Berlin")
                .into_iter()
                .map(rfc3339)
                .collect()
        };
        let two = dates(json!({"type": 1, "repeat_interval": 2, "end_times": 2}));
        assert_eq!(two, ["2027-01-31T07:00:00Z", "2027-02-02T07:00:00Z"]);
        let weekly = dates(json!({"type": 2, "end_date_time": "2027-02-07T07:00:00Z"}));
        assert_eq!(weekly, ["2027-01-31T07:00:00Z", "2027-02-07T07:00:00Z"]);
        // In March the clocks go forward.
        assert_eq!(
            dates(json!({"type": 3, "end_times": 3}))[2],
            "2027-03-31T06:00:00Z"
        );
        assert_eq!(dates(json!({"type": 1, "end_times": 0})).len(), 60);
    }

    #[test]
    fn days_are_whole_days_of_the_time_zone() {
        let days =
            |pairs: &[(&'static str, &'static str)]| Days::read(&pairs.iter().copied().collect());
        let start = [instant("2027-01-01T23:30:00Z", "UTC").unwrap()];
        assert!(
            days(&[("from", "2027-01-01"), ("to", "2027-01-01")])
                .unwrap()
                .hold(&start)
        );
        let berlin = ("timezone", "Europe/Berlin");
        assert!(!days(&[("to", "2027-01-01"), berlin]).unwrap().hold(&start));
        assert!(
            days(&[("from", "2027-01-02"), berlin])
                .unwrap()
                .hold(&start)
        );
        assert!(!days(&[("from", "2027-01-02")]).unwrap().hold(&[]));
        assert!(days(&[]).unwrap().hold(&[]));
        for wrong in [
            ("from", "yesterday"),
            ("to", "2027-02-30"),
            ("from", "20270101"),
            ("timezone", "Mars/Base"),
        ] {
            assert!(days(&[wrong]).is_err(), "{wrong:?}");
        }
        assert!(days(&[("from", "2027-01-02"), ("to", "2027-01-01")]).is_err());
    }
}
