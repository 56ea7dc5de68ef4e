//! The embedded Zoom from outside, asked over plain sockets: what its documentation promises, each row of it; and what
//! the actions declare, judged by its facts.

#![allow(
    clippy::disallowed_methods,
    reason = "a test of a server measures real time"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "sandbox/client.rs"]
mod client;
#[path = "sandbox/declarations.rs"]
mod declarations;
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/limits.rs"]
mod limits;
#[path = "sandbox/lists.rs"]
mod lists;
#[path = "sandbox/meetings.rs"]
mod meetings;
#[path = "sandbox/oauth.rs"]
mod oauth;
#[path = "sandbox/settings.rs"]
mod settings;
#[path = "sandbox/users.rs"]
mod users;
#[path = "sandbox/validation.rs"]
mod validation;
