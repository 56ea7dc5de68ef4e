//! The program with its cache in redis, against a Zoom that counts tokens. No two runs share a home directory's worth: nothing but redis connects them.

use crate::harness::{Answer, Ran, Zoom, program, start, wait};
use serde_json::json;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A Zoom whose tokens are `canary-token-1`, `-2`, ...; `slow` says how long the number-th takes. All of them are good,
/// unless only the newest is to be: `one_live`.
pub fn zoom(
    one_live: bool,
    slow: impl Fn(usize) -> Duration + Send + Sync + 'static,
) -> (Zoom, Arc<AtomicUsize>) {
    let minted = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&minted);
    let zoom = Zoom::raw(move |asked, _| {
        if asked.target == "/oauth/token" {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            let token = format!("canary-token-{number}");
            let answer = Answer::json(
                200,
                &json!({"access_token": token, "expires_in": 3599, "scope": "user:read"}),
            );
            return answer.after(slow(number));
        }
        let newest = format!("bearer canary-token-{}\r\n", count.load(Ordering::SeqCst));
        if one_live && !asked.head.to_lowercase().contains(&newest) {
            return Answer::json(
                401,
                &json!({"code": 124, "message": "Invalid access token."}),
            );
        }
        Answer::json(200, &json!({"id": "a", "email": "jane@example.com"}))
    });
    (zoom, minted)
}

/// Makes tokens within a moment.
pub fn quick(_: usize) -> Duration {
    Duration::from_millis(50)
}

/// Makes the first token in so many milliseconds, and the others at once.
pub fn first_takes(milliseconds: u64) -> impl Fn(usize) -> Duration + Send + Sync + 'static {
    move |number| Duration::from_millis(if number == 1 { milliseconds } else { 0 })
}

pub fn request(zoom: &Zoom, timeout: u64) -> Vec<u8> {
    let mut resource = zoom.resource();
    resource["timeout"] = json!(timeout);
    json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource})
        .to_string()
        .into_bytes()
}

/// The program with its cache at `url`.
pub fn with(url: &str) -> Command {
    let mut command = program();
    command.env("ZOOM_RUNNER_TOKEN_CACHE", url);
    command
}

pub fn begin(zoom: &Zoom, url: &str) -> (Child, Instant) {
    (start(with(url), &request(zoom, 20)), Instant::now())
}

/// A run that must succeed and leave stderr empty.
pub fn run(zoom: &Zoom, url: &str) -> Ran {
    let (child, since) = begin(zoom, url);
    let ran = wait(child, since);
    source(&ran);
    ran
}

/// A run that must succeed, with its log at `trace`.
pub fn traced(zoom: &Zoom, url: &str) -> Ran {
    let mut command = with(url);
    command
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full");
    let ran = wait(start(command, &request(zoom, 20)), Instant::now());
    assert_eq!(ran.exit, 0, "{ran:?}");
    ran
}

/// Where the token of a run that succeeded came from.
pub fn source(ran: &Ran) -> String {
    let envelope = ran.envelope();
    assert_eq!(envelope["status"], "success", "{envelope}");
    envelope["meta"]["token"].as_str().unwrap().to_owned()
}

pub fn crowd(zoom: &Zoom, url: &str, size: usize) -> Vec<String> {
    let children: Vec<_> = (0..size).map(|_| begin(zoom, url)).collect();
    children
        .into_iter()
        .map(|(child, since)| source(&wait(child, since)))
        .collect()
}

pub fn count(sources: &[String], wanted: &str) -> usize {
    sources.iter().filter(|source| *source == wanted).count()
}

/// Waits until the number-th token was asked for.
pub fn await_mint(minted: &AtomicUsize, number: usize) {
    let since = Instant::now();
    while minted.load(Ordering::SeqCst) < number {
        assert!(
            since.elapsed() < Duration::from_secs(10),
            "no token was asked for"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
