//! `Retry-After` and the other headers and sentences of a limit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::time::{Duration, SystemTime};
use zoom_runner::http::Response;
use zoom_runner::http::retry::{is_daily, limit, retry_after};

fuzz_target!(|text: &str| {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_532_400);
    let _ = retry_after(text, now);
    let _ = is_daily(text);
    for name in ["retry-after", "x-ratelimit-reset", "x-ratelimit-type"] {
        let headers = vec![(name.to_owned(), text.to_owned())];
        let _ = limit(&Response { status: 429, headers, body: text.as_bytes().to_vec() }, now);
    }
});
