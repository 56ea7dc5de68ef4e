//! The sandbox's own time, in seconds since 1970, and the days that a report is asked for.

use super::message::{Refusal, invalid_field};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::Value;
use std::collections::HashMap;

pub const DAY: u64 = 86_400;

/// Returns the machine's time.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox has a clock of its own"
)]
pub fn seconds() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// Returns a time as Zoom writes it.
pub fn rfc3339(second: u64) -> String {
    let stamp = i64::try_from(second)
        .ok()
        .and_then(|second| Timestamp::from_second(second).ok());
    stamp.map(|stamp| stamp.to_string()).unwrap_or_default()
}

/// Reads a time of the command line.
pub fn parse(text: &str) -> Result<u64, String> {
    let stamp: Timestamp = text
        .parse()
        .map_err(|_| format!("{text:?} is no time as 2027-01-15T12:00:00Z"))?;
    u64::try_from(stamp.as_second()).map_err(|_| "the time is before 1970".to_owned())
}

/// Returns a time as Zoom writes it, as JSON.
pub fn timestamp(second: u64) -> Value {
    Value::from(rfc3339(second))
}

/// The range of days that a report or a list of recordings is asked for, in UTC.
#[derive(Debug, Clone)]
pub struct DateRange {
    /// The days as they were given; Zoom repeats them in its answer.
    pub from: String,
    pub to: String,
    first: u64,
    last: u64,
}

impl DateRange {
    /// Reads `from` and `to`; each is today where it is not given.
    ///
    /// # Errors
    /// Zoom's refusal of what is no date, and of a `to` before `from`.
    pub fn read(query: &HashMap<&str, &str>, now: u64) -> Result<Self, Refusal> {
        let today = rfc3339(now)[..10].to_owned();
        let text = |name: &str| {
            let given = query.get(name).filter(|text| !text.is_empty());
            given.map_or_else(|| today.clone(), |text| (*text).to_owned())
        };

        let (from, to) = (text("from"), text("to"));

        // Both days count whole.
        let first = second(&from, 0).ok_or_else(|| not_a_date("from"))?;
        let last = second(&to, DAY - 1).ok_or_else(|| not_a_date("to"))?;
        if last < first {
            return Err(invalid_field("to", "The date is before `from`."));
        }

        Ok(Self {
            from,
            to,
            first,
            last,
        })
    }

    /// Refuses a range of more than a month, as reports and dashboards do.
    pub fn within_a_month(self) -> Result<Self, Refusal> {
        if self.is_longer_than_a_month() {
            let message = "The range of dates must not exceed one month.";
            return Err(invalid_field("to", message));
        }
        Ok(self)
    }

    /// Shortens a longer range to its last month without a word, as Zoom does with recordings.
    pub fn clamped(mut self) -> Self {
        if self.is_longer_than_a_month()
            && let Some(first) = a_month_before(self.last)
        {
            self.first = first;
            self.from = rfc3339(first)[..10].to_owned();
        }
        self
    }

    pub const fn holds(&self, second: u64) -> bool {
        self.first <= second && second <= self.last
    }

    fn is_longer_than_a_month(&self) -> bool {
        a_month_before(self.last).is_some_and(|first| self.first < first)
    }
}

fn not_a_date(field: &str) -> Refusal {
    invalid_field(field, "A date in the form yyyy-mm-dd is wanted.")
}

/// The second that `yyyy-mm-dd` stands for, plus `within` its day; or that `yyyy-mm-dd HH:mm` does.
fn second(text: &str, within: u64) -> Option<u64> {
    // Operation logs take minutes too.
    let (time, plus) = if text.len() == 10 {
        (
            text.parse::<Date>()
                .ok()?
                .to_datetime(jiff::civil::Time::midnight()),
            within,
        )
    } else {
        (
            DateTime::strptime("%Y-%m-%d %H:%M", text).ok()?,
            within.min(59),
        )
    };

    let zoned = time.to_zoned(TimeZone::UTC).ok()?;

    Some(u64::try_from(zoned.timestamp().as_second()).ok()? + plus)
}

fn a_month_before(second: u64) -> Option<u64> {
    let stamp = Timestamp::from_second(i64::try_from(second).ok()?).ok()?;
    let date = stamp.to_zoned(TimeZone::UTC).date();
    let first = date.checked_sub(Span::new().months(1)).ok()?;
    self::second(&first.to_string(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-15T12:00:00Z.
    const NOW: u64 = 1_800_014_400;

    fn range(from: &str, to: &str) -> Result<DateRange, Refusal> {
        DateRange::read(&HashMap::from([("from", from), ("to", to)]), NOW)
    }

    #[test]
    fn date_range_is_today_unless_given() {
        let today = DateRange::read(&HashMap::new(), NOW).unwrap();
        assert_eq!(
            (today.from.as_str(), today.to.as_str()),
            ("2027-01-15", "2027-01-15")
        );
        assert!(today.holds(NOW) && !today.holds(NOW - DAY) && !today.holds(NOW + DAY));

        let minutes = range("2027-01-15 11:00", "2027-01-15 12:00").unwrap();
        assert!(minutes.holds(NOW + 59) && !minutes.holds(NOW + 60));
    }

    #[test]
    fn date_range_refuses_what_is_no_date() {
        for (from, to) in [
            ("yesterday", "2027-01-01"),
            ("2027-01-01", "2027-02-30"),
            ("2027-01-02", "2027-01-01"),
            ("20270101", "2027-01-02"),
        ] {
            assert!(range(from, to).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn date_range_takes_a_month_and_no_more() {
        assert!(
            range("2026-12-15", "2027-01-15")
                .unwrap()
                .within_a_month()
                .is_ok()
        );
        let long = range("2026-12-14", "2027-01-15").unwrap();
        assert!(long.clone().within_a_month().is_err());

        let clamped = long.clamped();
        assert_eq!(
            (clamped.from.as_str(), clamped.to.as_str()),
            ("2026-12-15", "2027-01-15")
        );
        assert!(!clamped.holds(NOW - 32 * DAY));
    }
}
