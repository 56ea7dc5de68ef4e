//! Zoom's rate limits: per second and day by the endpoint's label, and 100 changes a day of one host's meetings. Knows Zoom's headers and sentences.

use super::zoom::Reply;
use serde_json::json;
use std::collections::HashMap;
use std::str::FromStr;

/// Whose limits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Light 4, medium 2, heavy 1 calls a second.
    Free,
    /// Light 30, medium 20, heavy 10.
    Pro,
    /// Light 80, medium 60, heavy 40.
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
    fn per_second(self, label: &str) -> u64 {
        let [light, medium, heavy] = match self {
            Self::Free => [4, 2, 1],
            Self::Pro => [30, 20, 10],
            Self::Business => [80, 60, 40],
        };
        match label {
            "light" => light,
            "medium" => medium,
            _ => heavy,
        }
    }
}

/// How many changes of one host's meetings a day allows.
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
    pub fn call(&mut self, label: &str, plan: Option<Plan>, daily: Option<u64>, now: u64) -> Option<Reply> {
        let category = match label {
            "light" => "Light",
            "medium" => "Medium",
            _ => "Heavy",
        };
        if let Some(most) = daily
            && count(&mut self.days, label, now / 86_400) > most
        {
            let message = "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you can make another request.";
            let midnight = (now / 86_400 + 1) * 86_400;
            let reply = Reply::json(429, &json!({"code": 429, "message": message}))
                .header("X-RateLimit-Category", category)
                .header("X-RateLimit-Type", "Daily-limit")
                .header("X-RateLimit-Limit", &most.to_string())
                .header("X-RateLimit-Remaining", "0")
                .header("Retry-After", &super::zoom::rfc3339(midnight));
            return Some(reply);
        }
        if let Some(plan) = plan {
            let most = plan.per_second(label);
            if count(&mut self.seconds, label, now) > most {
                let message = "You have reached the maximum per-second rate limit for this API. Try again later.";
                let reply = Reply::json(429, &json!({"code": 429, "message": message}))
                    .header("X-RateLimit-Category", category)
                    .header("X-RateLimit-Type", "QPS")
                    .header("X-RateLimit-Limit", &most.to_string())
                    .header("X-RateLimit-Remaining", "0")
                    .header("X-RateLimit-Reset", &(now + 1).to_string());
                return Some(reply);
            }
        }
        None
    }

    /// Counts a change of one of `host`'s meetings; the refusal when it is one too many. As at Zoom it comes without
    /// `X-RateLimit-Type` and `Retry-After`.
    pub fn change(&mut self, host: &str, now: u64) -> Option<Reply> {
        if count(&mut self.changes, host, now / 86_400) <= CHANGES_A_DAY {
            return None;
        }
        let message = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.";
        let reply = Reply::json(429, &json!({"code": 429, "message": message}))
            .header("X-RateLimit-Category", "Light")
            .header("X-RateLimit-Limit", "6000")
            .header("X-RateLimit-Remaining", "5893");
        Some(reply)
    }
}
