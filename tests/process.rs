//! The program from outside: bytes in, bytes out, exit code. Servers are scripted on loopback; nothing here knows the
//! program's inside.

#![allow(
    clippy::disallowed_methods,
    reason = "a test of the whole program measures and waits in real time"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
#![allow(clippy::type_complexity, reason = "tables of cases")]

#[path = "process/bad_input.rs"]
mod bad_input;
#[path = "process/batch.rs"]
mod batch;
#[path = "process/changes.rs"]
mod changes;
#[path = "process/codes.rs"]
mod codes;
#[path = "process/connections.rs"]
mod connections;
#[path = "process/harness.rs"]
mod harness;
#[path = "process/hostile.rs"]
mod hostile;
#[path = "process/lists.rs"]
mod lists;
#[path = "process/pace.rs"]
mod pace;
#[path = "process/record.rs"]
mod record;
#[path = "process/resource.rs"]
mod resource;
#[path = "process/terminal.rs"]
mod terminal;
#[path = "process/time.rs"]
mod time;
