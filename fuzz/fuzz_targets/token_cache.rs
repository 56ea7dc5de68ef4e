//! The kept token's file: whatever the bytes are, they open to what was sealed with this key or to nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use zoom_runner::protocol::resource;
use zoom_runner::zoom::token_cache::kept::{self, Kept};
use zoom_runner::zoom::token_cache::seal::Key;

fuzz_target!(|bytes: &[u8]| {
    let fields = json!({"client_id": "id", "client_secret": "canary-secret-0123456789", "account_id": "a"});
    let fields = fields.as_object().cloned().unwrap_or_default();
    let Ok(resource) = resource::check(fields) else { return };
    let key = Key::of(&resource);
    assert!(key.open(&mut bytes.to_vec()).is_none(), "opened what was never sealed");
    // The content behind the seal, as if somebody had the key.
    let read: Option<Kept> = kept::decode(bytes);
    if let Some(kept) = read {
        let sealed = key.seal(&kept);
        if let Some(mut sealed) = sealed {
            assert!(key.open(&mut sealed).is_some(), "what was sealed does not open");
        }
    }
});
