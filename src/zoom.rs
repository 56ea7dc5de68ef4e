//! How to talk to Zoom: a typed call goes out with a token and comes back as an answer or as one of our failures. Begin with
//! `client`.
//!
//! Children: `route` (an endpoint: method, path, scopes), `plan` (what a plan allows a second), `client` (fill a route,
//! send, read), `verbatim` (an answer passed on as it came), `token` (Server-to-Server OAuth), `token_cache` (tokens shared
//! between runs), `error` (Zoom's codes to ours), `paging` (lists), `readback` (did a change take?), `compare` (are two
//! values the same to Zoom?), `model` (the documented shapes of answers).

pub mod account_plan;
pub mod change;
pub mod client;
pub mod endpoint;
pub mod error;
pub mod model;
pub mod months;
pub mod paging;
pub mod roles;
pub mod rollback;
pub mod token;
pub mod token_cache;
pub mod update;
pub mod verbatim;
