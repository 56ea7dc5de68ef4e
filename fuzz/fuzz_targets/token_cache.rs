//! A file of the token cache: as it lies on the disk, sealed, and what is inside once it has been opened.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};
use zoom_runner::protocol::resource::{Resource, check};
use zoom_runner::zoom::token_cache::entry::decode;
use zoom_runner::zoom::token_cache::seal::Key;
use zoom_runner_fuzz::CANARY;

static RESOURCE: LazyLock<Resource> = LazyLock::new(|| {
    let fields = json!({"client_id": "id", "client_secret": CANARY, "account_id": "a"});
    check(fields.as_object().unwrap().clone()).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    let key = Key::of(&RESOURCE);
    assert!(key.open(&mut bytes.to_vec()).is_none(), "something opened that was never sealed");
    let Some(kept) = decode(bytes) else { return };
    let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let mut sealed = key.seal(&kept).unwrap();
    let back = key.open(&mut sealed).unwrap();
    assert_eq!(kept.token.secret, back.token.secret);
    assert_eq!(kept.usable(now), back.usable(now));
    assert!(!kept.usable(now) || kept.token.expires_at > now);
});
