//! The integration tests, one binary. Begin with `harness`, which starts the program and scripts a Zoom for it; each
//! other module is named after the part of the contract that it holds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests of whole programs measure and wait in real time"
)]
#![allow(clippy::type_complexity, reason = "tables of cases")]

mod fixtures;
mod harness;

mod batch;
#[cfg(unix)]
mod cache;
mod canary;
mod catalog;
mod docs;
mod doctor;
mod http;
mod interleavings;
mod mcp;
mod oif;
mod packaging;
mod process;
mod properties;
mod record;
mod replay;
mod rollback;
mod sandbox;
mod wide;
