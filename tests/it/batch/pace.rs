//! A batch and Zoom's limits: as fast as an account allows, and no hammering.

use crate::batch::runs::{batch, requests};
use crate::harness::{Answer, Zoom};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A Zoom that allows `most` calls in each second.
fn limited(most: u64) -> Zoom {
    let (since, seconds) = (Instant::now(), Mutex::new(HashMap::<u64, u64>::new()));
    Zoom::start(move |_, _| {
        let mut seconds = seconds.lock().unwrap();
        let count = seconds.entry(since.elapsed().as_secs()).or_default();
        *count += 1;
        if *count <= most {
            return Answer::json(200, &json!({"id": "x"}));
        }
        let message =
            "You have reached the maximum per-second rate limit for this API. Try again later.";
        Answer::json(429, &json!({"code": 429, "message": message}))
            .header("X-RateLimit-Category", "Light")
            .header("X-RateLimit-Type", "QPS")
            .header("X-RateLimit-Limit", &most.to_string())
    })
}

#[test]
fn workers_wait_together_after_a_429() {
    let zoom = limited(30);
    let out = batch(&["--workers", "16"], requests(&zoom, 120).as_bytes());
    assert_eq!((out.exit, out.lines.len()), (0, 120), "every line succeeds");
    let refused = zoom.log().len() - 1 - 120;
    // In each of the seconds that 120 calls take: what 16 workers had under way.
    assert!(refused <= 4 * 16, "{refused} calls were refused");
    assert!(out.took < Duration::from_secs(9), "{:?}", out.took);
    let retries: u64 = out
        .lines
        .iter()
        .map(|line| line["meta"]["retries"].as_u64().unwrap())
        .sum();
    assert_eq!(retries as usize, refused);
}

#[test]
fn plan_paces_from_the_first_call_on() {
    let zoom = limited(30);
    let out = batch(
        &["--workers", "16", "--plan", "pro"],
        requests(&zoom, 75).as_bytes(),
    );
    assert_eq!((out.exit, out.lines.len()), (0, 75));
    assert!(out.took > Duration::from_millis(2300), "{:?}", out.took);
    let refused = zoom.log().len() - 1 - 75;
    assert!(refused <= 4, "{refused} calls were refused");
}

#[test]
fn daily_limit_fails_further_lines_without_a_request() {
    let zoom = Zoom::start(|_, _| {
        let message = "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you can make another request.";
        Answer::json(429, &json!({"code": 429, "message": message}))
            .header("X-RateLimit-Type", "Daily-limit")
            .header("Retry-After", "7200")
    });
    let out = batch(&["--workers", "4"], requests(&zoom, 200).as_bytes());
    assert_eq!((out.exit, out.lines.len()), (1, 200));
    for line in &out.lines {
        assert_eq!(line["error"]["code"], "rate_limited", "{line}");
        let seconds = line["error"]["retry_after_seconds"].as_u64().unwrap();
        assert!((7190..=7200).contains(&seconds), "{line}");
    }
    assert!(out.took < Duration::from_secs(5), "{:?}", out.took);
    let asked = zoom.log().len() - 1;
    assert!(
        (1..=4).contains(&asked),
        "{asked} calls: each worker may have had one under way"
    );
    let counted: u64 = out
        .lines
        .iter()
        .map(|line| line["meta"]["requests"].as_u64().unwrap())
        .sum();
    assert_eq!(
        counted as usize,
        asked + 1,
        "meta counts what was sent, the token included"
    );
}

#[test]
fn limit_of_one_host_holds_up_no_other() {
    let zoom = Zoom::start(|asked, _| {
        if !asked.target.ends_with("u0") {
            return Answer::json(200, &json!({"id": "x"}));
        }
        let message = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.";
        Answer::json(429, &json!({"code": 429, "message": message}))
    });
    let out = batch(&["--ordered"], requests(&zoom, 8).as_bytes());
    let failed: Vec<u64> = out
        .lines
        .iter()
        .filter(|line| line["status"] == "failed")
        .map(|line| line["id"].as_u64().unwrap())
        .collect();
    assert_eq!((out.lines.len(), failed), (8, vec![0]));
}
