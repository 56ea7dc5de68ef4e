//! `--sandbox`, which answers requests by a sandbox of its own, and `zoom-runner sandbox`, which serves until a signal
//! comes.

use super::engine;
use crate::run::Engine;
use crate::run::supervise::Signals;
use crate::sandbox::{Options, Sandbox};
use crate::zoom::token_cache::cache::TokenCache;
use serde_json::{Map, Value};
use std::io::{Stdout, Write};
use std::sync::Arc;
use std::time::Duration;

/// Starts a sandbox, and an engine whose runs it answers as long as it is held.
///
/// # Errors
/// The exit code, where it cannot listen; that was told on stderr.
pub fn sandboxed() -> Result<(Engine, Sandbox), u8> {
    let sandbox = start(Options::default())?;
    let mut engine = engine();
    engine.instead = Some(instead(&sandbox));
    // Its tokens end with it: nothing to keep for others.
    engine.tokens = Box::new(TokenCache::new(None, Arc::clone(&engine.clock)));
    Ok((engine, sandbox))
}

/// Returns the fields of a request's resource that a sandbox replaces: its URLs and credentials. Label and timeout stay
/// the caller's.
#[must_use]
pub fn instead(sandbox: &Sandbox) -> Map<String, Value> {
    let mut fields = match sandbox.resource() {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.remove("label");
    fields
}

/// Runs a sandbox until a signal comes; writes the resource that reaches it to `output`.
pub fn serve(options: Options, mut output: Stdout, signals: &Signals) -> u8 {
    let sandbox = match start(options) {
        Ok(sandbox) => sandbox,
        Err(exit) => return exit,
    };

    // A closed output is no reason to stop: who started it may know the port.
    let _ = writeln!(output, "{}", sandbox.resource()).and_then(|()| output.flush());
    let clock = crate::clock::SystemClock::start();
    while !signals.came() {
        crate::clock::Clock::sleep(&clock, Duration::from_millis(20));
    }

    0
}

fn start(options: Options) -> Result<Sandbox, u8> {
    let port = options.port;
    Sandbox::start(options).map_err(|error| {
        let _ = writeln!(
            std::io::stderr(),
            "error: the sandbox cannot listen on port {port}: {error}"
        );
        2
    })
}
