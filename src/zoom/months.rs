//! Ranges of days for Zoom's reports and recordings, which take one month a call: a longer range is cut into months.

use super::client::{Query, Zoom};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::Date;
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A range of days, both ends included, in UTC.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    from: civil::Date,
    to: civil::Date,
    today: civil::Date,
}

impl Days {
    /// The range from `from` to `to`, by default today.
    ///
    /// # Errors
    /// `invalid_parameters` when it ends before it begins.
    pub fn new(zoom: &Zoom<'_>, from: &Date, to: Option<&Date>) -> Result<Self, Failure> {
        let today = today(zoom);
        let from = day(from).unwrap_or(today);
        let to = to.and_then(day).unwrap_or(today);

        if from > to {
            let message = format!("`from` must not be after `to`, which is {to}.");
            return Err(Failure::parameter("from", message));
        }

        Ok(Self { from, to, today })
    }

    /// Warns when the range begins before Zoom's retention of `months`.
    pub fn warn_beyond(&self, zoom: &Zoom<'_>, months: i32) {
        let Ok(oldest) = self.today.checked_sub(months.months()) else {
            return;
        };
        if self.from < oldest {
            zoom.state().warn(format!(
                "Zoom keeps these records for {months} months: nothing from before {oldest} is to be expected."
            ));
        }
    }

    /// Cuts the range into pieces of at most one month, newest first; each as a query of `from` and `to`.
    #[must_use]
    pub fn months(&self) -> Vec<Query> {
        let mut months = Vec::new();
        let mut end = Some(self.to);

        while let Some(to) = end.filter(|to| *to >= self.from) {
            // The day after the same day a month ago; February makes it shorter, never longer.
            let start = to
                .checked_sub(1.month())
                .and_then(civil::Date::tomorrow)
                .map_or(self.from, |start| start.max(self.from));
            months.push(Query::new().with("from", start).with("to", to));
            end = start.yesterday().ok();
        }

        months
    }
}

/// Returns today's date in UTC.
#[must_use]
pub fn today(zoom: &Zoom<'_>) -> civil::Date {
    Timestamp::try_from(zoom.budget().clock().system_time())
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .date()
}

fn day(date: &Date) -> Option<civil::Date> {
    date.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(from: &str, to: &str) -> Vec<(String, String)> {
        let day = |text: &str| text.parse::<civil::Date>().unwrap();
        let days = Days {
            from: day(from),
            to: day(to),
            today: day(to),
        };
        let pair = |month: &Query| (month[0].1.clone(), month[1].1.clone());
        days.months().iter().map(pair).collect()
    }

    #[test]
    fn days_are_cut_into_months_newest_first_without_a_gap() {
        let pieces = months("2026-01-15", "2026-03-31");
        let wanted = [
            ("2026-03-01", "2026-03-31"),
            ("2026-01-29", "2026-02-28"),
            ("2026-01-15", "2026-01-28"),
        ];
        assert_eq!(pieces, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(months("2026-03-05", "2026-03-05").len(), 1);
        assert_eq!(months("2026-11-01", "2026-11-30").len(), 1);
        assert_eq!(months("2025-11-27", "2026-11-26").len(), 12);
    }
}
