//! The platform's variables: the first byte chooses the action, zero bytes part `name=value` pairs. The request that they
//! make runs like any other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::HashMap;
use std::ffi::OsString;
use zoom_runner_fuzz::{CANARY, run};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let all: Vec<_> = zoom_runner::actions::all().collect();
    let entry = all[usize::from(*choice) % all.len()];
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let mut variables: HashMap<&str, &str> = text.split('\0').filter_map(|pair| pair.split_once('=')).collect();
    variables.insert("client_secret", CANARY);
    let look = |name: &str| variables.get(name).map(|value| OsString::from(*value));
    let Ok(request) = zoom_runner::commands::oif::request(entry.id, Some(entry), &look) else { return };
    let request = serde_json::json!({
        "action": request.action,
        "parameters": request.parameters,
        "resource": request.resource,
    });
    run(request.to_string().as_bytes(), &[(200, b"{\"users\":[],\"next_page_token\":\"\"}"), (204, b"")]);
});
