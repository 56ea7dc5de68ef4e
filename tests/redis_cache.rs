//! The token cache in redis: what it promises to machines side by side, to whoever reads the server, and to a run whose
//! server is slow, silent, wrong or gone. Each test starts a redis-server of its own, and is skipped where there is none.

#![cfg(all(unix, feature = "redis", feature = "sandbox"))]
#![allow(
    clippy::disallowed_methods,
    reason = "a test of processes and servers measures and waits in real time"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

#[path = "process/harness.rs"]
#[allow(dead_code, reason = "shared with the process tests")]
mod harness;
#[path = "redis_cache/runs.rs"]
mod runs;
#[path = "redis_cache/secrets.rs"]
mod secrets;
#[path = "redis_cache/server.rs"]
mod server;
#[path = "redis_cache/sharing.rs"]
mod sharing;
#[path = "redis_cache/trouble.rs"]
mod trouble;
