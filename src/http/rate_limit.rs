//! Reads what a 429 says: which limit was hit, and how long it asks to wait. Begin with [`limit`].

use crate::http::Response;
use std::time::{Duration, SystemTime};

/// Which of Zoom's limits was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Calls per second, or too many at once: worth waiting for.
    PerSecond {
        /// The wait that Zoom asks for, where it says.
        wait: Option<Duration>,
    },
    /// Calls per day, of the account or of one host: not worth waiting for.
    Daily {
        /// The time until it resets: Zoom's figure, else until 00:00 UTC.
        wait: Duration,
    },
}

impl Limit {
    /// Returns the time until it resets, where that is known.
    #[must_use]
    pub const fn wait(self) -> Option<Duration> {
        match self {
            Self::PerSecond { wait } => wait,
            Self::Daily { wait } => Some(wait),
        }
    }
}

/// Reads a 429, or a refusal that means the same, at the time of day `now`.
///
/// Zoom marks a daily limit with `X-RateLimit-Type: Daily-limit` and an ISO 8601 `Retry-After`; the limit of 100 changes
/// of one host's meetings a day comes with neither, only with words.
#[must_use]
pub fn limit(response: &Response, now: SystemTime) -> Limit {
    let asked = wait_asked(response, now);
    let now = server_time(response).unwrap_or(now);
    let kind = response.header("x-ratelimit-type").unwrap_or_default();
    if kind.to_ascii_lowercase().starts_with("daily")
        || is_daily(&String::from_utf8_lossy(&response.body))
    {
        return Limit::Daily {
            wait: asked.unwrap_or_else(|| until_midnight(now)),
        };
    }

    let reset = || {
        let seconds: u64 = response.header("x-ratelimit-reset")?.trim().parse().ok()?;
        let wait = SystemTime::UNIX_EPOCH
            .checked_add(Duration::from_secs(seconds))?
            .duration_since(now)
            .ok()?;
        (wait <= Duration::from_secs(60)).then_some(wait)
    };

    // A wait of nothing, or until a moment that has passed, says no more than no header does.
    let wait = asked.or_else(reset).filter(|wait| !wait.is_zero());

    Limit::PerSecond { wait }
}

/// True for Zoom's sentences about a limit per day.
#[must_use]
pub fn is_daily(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "daily rate limit",
        "daily limit",
        "in one day",
        "per day",
        "at gmt 00:00:00",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// Returns the time by the server's clock, which its waits are measured against.
#[must_use]
pub fn server_time(response: &Response) -> Option<SystemTime> {
    httpdate::parse_http_date(response.header("date")?).ok()
}

/// Returns how long an answer asks to wait; a date is measured against the answer's own, where it has one.
#[must_use]
pub fn wait_asked(response: &Response, now: SystemTime) -> Option<Duration> {
    let now = server_time(response).unwrap_or(now);
    retry_after(response.header("retry-after")?, now)
}

/// `Retry-After` in its three forms: seconds, an HTTP date, and the ISO 8601 time that Zoom sends.
#[must_use]
pub fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit mean "never", which a century is.
        return Some(Duration::from_secs(
            text.parse().unwrap_or(u64::MAX).min(3_155_760_000),
        ));
    }

    let time = httpdate::parse_http_date(text)
        .ok()
        .or_else(|| iso_8601(text))?;

    Some(time.duration_since(now).unwrap_or(Duration::ZERO))
}

fn iso_8601(text: &str) -> Option<SystemTime> {
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        // Without an offset it is UTC.
        text.parse::<jiff::civil::DateTime>()
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })?;

    let seconds = u64::try_from(stamp.as_second()).ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The time until 00:00 UTC, when Zoom's daily limits are lifted.
#[must_use]
pub fn until_midnight(now: SystemTime) -> Duration {
    let seconds = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    Duration::from_secs(86_400 - seconds % 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24T15:00:00Z.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_532_400)
    }

    fn answer(headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Response {
            status: 429,
            headers,
            body: body.as_bytes().to_vec(),
            ..Response::default()
        }
    }

    #[test]
    fn retry_after_is_read_in_its_three_forms() {
        let seconds = |text: &str| retry_after(text, now()).map(|wait| wait.as_secs());
        assert_eq!(seconds("17"), Some(17));
        assert_eq!(seconds("Tue, 24 Nov 2026 15:00:30 GMT"), Some(30));
        assert_eq!(seconds("2026-11-25T00:00:00Z"), Some(32_400));
        assert_eq!(seconds("2026-11-24T15:00:05"), Some(5));
        assert_eq!(seconds("2026-11-24T16:00:00+01:00"), Some(0));
        assert_eq!(seconds("2020-01-01T00:00:00Z"), Some(0));
        for text in ["", "soon", "-5", "1.5"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn daily_limits_are_told_apart_by_header_or_by_words() {
        let daily = answer(
            &[
                ("x-ratelimit-type", "Daily-limit"),
                ("retry-after", "2026-11-25T00:00:00Z"),
            ],
            "",
        );
        assert_eq!(
            limit(&daily, now()),
            Limit::Daily {
                wait: Duration::from_secs(32_400)
            }
        );
        let words = r#"{"code":429,"message":"You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00."}"#;
        assert_eq!(
            limit(&answer(&[("x-ratelimit-remaining", "5893")], words), now()).wait(),
            Some(Duration::from_secs(32_400))
        );
        let second = r#"{"code":429,"message":"You have reached the maximum per-second rate limit for this API. Try again later."}"#;
        assert_eq!(
            limit(&answer(&[("x-ratelimit-type", "QPS")], second), now()),
            Limit::PerSecond { wait: None }
        );
    }

    #[test]
    fn the_reset_header_is_used_where_there_is_no_retry_after() {
        assert_eq!(
            limit(&answer(&[("x-ratelimit-reset", "1795532402")], ""), now()).wait(),
            Some(Duration::from_secs(2))
        );
        // The last is more than the system's time holds.
        for far in ["99999999999", "12100221107105107160"] {
            assert_eq!(
                limit(&answer(&[("x-ratelimit-reset", far)], ""), now()).wait(),
                None,
                "{far}"
            );
        }
    }
}
