//! The shared token cache: what it promises to runs side by side, on disks and clocks that misbehave, and to whoever
//! reads the disk.

#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test of files and processes measures and waits in real time"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "token_cache/damage.rs"]
mod damage;
#[path = "token_cache/folder.rs"]
mod folder;
#[path = "process/harness.rs"]
#[allow(dead_code, reason = "shared with the process tests")]
mod harness;
#[path = "token_cache/processes.rs"]
mod processes;
#[path = "token_cache/scratch.rs"]
mod scratch;
#[path = "token_cache/sharing.rs"]
mod sharing;
#[path = "token_cache/time.rs"]
mod time;
