//! Zoom's rate limits: per second and day by the endpoint's label, and 100 changes a day of one host's meetings.

use super::message::ApiReply;
use super::time::rfc3339;
use serde_json::json;
use std::collections::HashMap;
use std::str::FromStr;

/// Whose limits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Light 4, medium 2, heavy 1 calls a second; 6,000, 2,000 and 1,000 a day.
    Free,
    /// Light 30, medium 20, heavy 10 calls a second; 30,000 heavy ones a day.
    Pro,
    /// Light 80, medium 60, heavy 40 calls a second; 60,000 heavy ones a day.
    Business,
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

impl Plan {
    /// Returns the number of calls that it allows within a label's `period`.
    pub fn per_period(self, label: &str) -> u64 {
        let [light, medium, heavy] = match self {
            Self::Free => [4, 2, 1],
            Self::Pro => [30, 20, 10],
            Self::Business => [80, 60, 40],
        };

        match label {
            "light" => light,
            "medium" => medium,
            "resource-intensive" => match self {
                Self::Free | Self::Pro => 10,
                Self::Business => 20,
            },
            _ => heavy,
        }
    }

    /// Returns the number of calls a day that it allows, where it says so.
    fn per_day(self, label: &str) -> Option<u64> {
        match (self, label) {
            (Self::Free, "light") => Some(6_000),
            (Self::Free, "medium") => Some(2_000),
            (Self::Free, _) => Some(1_000),
            (_, "light" | "medium") => None,
            (Self::Pro, _) => Some(30_000),
            (Self::Business, _) => Some(60_000),
        }
    }
}

/// Returns the seconds within which the calls of a label are counted.
fn period(label: &str) -> u64 {
    if label == "resource-intensive" { 60 } else { 1 }
}

/// Returns Zoom's name of a label.
fn category(label: &str) -> &'static str {
    match label {
        "light" => "Light",
        "medium" => "Medium",
        "resource-intensive" => "Resource-intensive",
        _ => "Heavy",
    }
}

/// Returns the refusal of one call too many in a second, where `most` are allowed.
pub fn too_many_a_second(label: &str, most: u64, now: u64) -> ApiReply {
    let message =
        "You have reached the maximum per-second rate limit for this API. Try again later.";
    ApiReply::json(429, &json!({"code": 429, "message": message}))
        .header("X-RateLimit-Category", category(label))
        .header("X-RateLimit-Type", "QPS")
        .header("X-RateLimit-Limit", &most.to_string())
        .header("X-RateLimit-Remaining", "0")
        .header("X-RateLimit-Reset", &(now + 1).to_string())
}

fn too_many_a_day(label: &str, most: u64, now: u64) -> ApiReply {
    let message = "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you can make another request.";
    let midnight = (now / 86_400 + 1) * 86_400;
    ApiReply::json(429, &json!({"code": 429, "message": message}))
        .header("X-RateLimit-Category", category(label))
        .header("X-RateLimit-Type", "Daily-limit")
        .header("X-RateLimit-Limit", &most.to_string())
        .header("X-RateLimit-Remaining", "0")
        .header("Retry-After", &rfc3339(midnight))
}

/// The changes of one host's meetings that a day allows.
const CHANGES_A_DAY: u64 = 100;

/// The calls counted so far.
#[derive(Debug, Default)]
pub struct Limits {
    /// By label: the second, and the calls in it.
    seconds: HashMap<String, (u64, u64)>,
    /// By label: the day, and the calls on it.
    days: HashMap<String, (u64, u64)>,
    /// By host: the day, and the changes on it.
    changes: HashMap<String, (u64, u64)>,
}

fn count(counts: &mut HashMap<String, (u64, u64)>, key: &str, now: u64) -> u64 {
    let entry = counts.entry(key.to_owned()).or_default();
    if entry.0 != now {
        *entry = (now, 0);
    }
    entry.1 += 1;
    entry.1
}

impl Limits {
    /// Counts a call of an endpoint with `label` at `now` (seconds since 1970); the refusal when it is one too many.
    /// `daily` holds in place of the plan's own figure.
    pub fn call(
        &mut self,
        label: &str,
        plan: Option<Plan>,
        daily: Option<u64>,
        now: u64,
    ) -> Option<ApiReply> {
        // Heavy and resource-intensive calls share one daily quota.
        let quota = if label == "resource-intensive" {
            "heavy"
        } else {
            label
        };

        if let Some(most) = daily.or_else(|| plan?.per_day(label))
            && count(&mut self.days, quota, now / 86_400) > most
        {
            return Some(too_many_a_day(label, most, now));
        }

        let most = plan?.per_period(label);
        let calls = count(&mut self.seconds, label, now / period(label));

        (calls > most).then(|| too_many_a_second(label, most, now))
    }

    /// Counts a change of one of `host`'s meetings, where limits hold at all; the refusal when it is one too many. As at Zoom it comes without
    /// `X-RateLimit-Type` and `Retry-After`.
    pub fn change(&mut self, host: &str, now: u64) -> Option<ApiReply> {
        if count(&mut self.changes, host, now / 86_400) <= CHANGES_A_DAY {
            return None;
        }

        let message = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.";
        let reply = ApiReply::json(429, &json!({"code": 429, "message": message}))
            .header("X-RateLimit-Category", "Light")
            .header("X-RateLimit-Limit", "6000")
            .header("X-RateLimit-Remaining", "5893");

        Some(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(reply: &ApiReply) -> &str {
        let kind = reply
            .headers
            .iter()
            .find(|(name, _)| name == "x-ratelimit-type");
        kind.map_or("none", |(_, value)| value)
    }

    #[test]
    fn each_plan_allows_what_zoom_says() {
        let table = [
            (
                Plan::Free,
                [(4, Some(6_000)), (2, Some(2_000)), (1, Some(1_000))],
            ),
            (Plan::Pro, [(30, None), (20, None), (10, Some(30_000))]),
            (Plan::Business, [(80, None), (60, None), (40, Some(60_000))]),
        ];
        for (plan, labels) in table {
            for (label, (second, day)) in ["light", "medium", "heavy"].into_iter().zip(labels) {
                let mut limits = Limits::default();
                for _ in 0..second {
                    assert_eq!(limits.call(label, Some(plan), None, 5), None);
                }
                let refused = limits.call(label, Some(plan), None, 5).unwrap();
                assert_eq!((refused.status, kind(&refused)), (429, "QPS"));
                assert_eq!(
                    limits.call(label, Some(plan), None, 6),
                    None,
                    "a second later"
                );
                assert_eq!(plan.per_day(label), day, "{plan:?} {label}");
            }
        }
    }

    #[test]
    fn a_plans_day_ends_with_its_figure_and_a_figure_given_goes_before_it() {
        for (daily, most) in [(None, 1_000), (Some(7), 7)] {
            let mut limits = Limits::default();
            // One call a second: what ends it is the day.
            let stopped = (0..2_000).find(|second| {
                limits
                    .call("heavy", Some(Plan::Free), daily, *second)
                    .is_some()
            });
            assert_eq!(stopped, Some(most));
        }
    }

    #[test]
    fn labels_and_hosts_are_counted_apart_and_a_day_ends_at_midnight() {
        let mut limits = Limits::default();
        assert_eq!(limits.call("light", None, Some(1), 86_399), None);
        let refused = limits.call("light", None, Some(1), 86_399).unwrap();
        assert!(
            refused
                .headers
                .contains(&("retry-after".to_owned(), "1970-01-02T00:00:00Z".to_owned()))
        );
        assert_eq!(limits.call("medium", None, Some(1), 86_399), None);
        assert_eq!(limits.call("light", None, Some(1), 86_400), None);
        for _ in 0..100 {
            assert_eq!(limits.change("0", 86_399), None);
        }
        assert_eq!(kind(&limits.change("0", 86_399).unwrap()), "none");
        assert_eq!(limits.change("1", 86_399), None);
        assert_eq!(limits.change("0", 86_400), None);
    }

    #[test]
    fn limits_count_resource_intensive_calls_by_the_minute_and_in_the_heavy_quota() {
        let mut limits = Limits::default();
        let mut call = |label: &str, daily, now| limits.call(label, Some(Plan::Pro), daily, now);
        for _ in 0..10 {
            assert_eq!(call("resource-intensive", None, 60), None);
        }
        assert!(call("resource-intensive", None, 119).is_some());
        assert_eq!(call("resource-intensive", None, 120), None);

        assert_eq!(call("heavy", Some(13), 121), None);
        assert!(call("resource-intensive", Some(13), 240).is_some());
    }
}
