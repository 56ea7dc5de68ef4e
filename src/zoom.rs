//! How to talk to Zoom: a typed call goes out with a token and comes back as an answer or as one of our failures. Knows endpoints in general, no action.
//!
//! Children: `route` (an endpoint: method, path, scopes), `plan` (what a plan allows a second), `client` (fill a route,
//! send, read), `verbatim` (an answer passed on as it came), `token` (Server-to-Server OAuth), `token_cache` (tokens shared
//! between runs), `error` (Zoom's codes to ours), `paging` (lists), `readback` (did a change take?), `compare` (are two
//! values the same to Zoom?), `zone` (time zones by name), `model` (the documented shapes of answers).

pub mod client;
pub mod compare;
pub mod error;
pub mod model;
pub mod paging;
pub mod plan;
pub mod readback;
pub mod route;
pub mod token;
pub mod token_cache;
pub mod verbatim;
pub mod zone;
