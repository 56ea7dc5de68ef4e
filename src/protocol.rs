//! The words that the program and its hosts share: request, resource, parameters, envelope, failure.
//!
//! In the order a request meets them: `request` (bytes to request), `resource` (the connection), `parameter` (host text to
//! typed values), `secret` and `redact` (what an answer must not show), `ledger` (what became of changes), `meta` (what a
//! run counts), `failure` (the error codes), `envelope` (the answer); and `json`, `exact` and `suggest`, which they use.

pub mod envelope;
pub mod exact;
pub mod failure;
pub mod json;
pub mod ledger;
pub mod meta;
pub mod parameter;
pub mod redact;
pub mod request;
pub mod resource;
pub mod scan;
pub mod secret;
pub mod suggest;

/// The only version of the protocol, `protocol` in requests and envelopes.
pub const VERSION: u32 = 1;

/// The largest request that is read from stdin, in bytes: 1 MiB.
pub const MAX_REQUEST: usize = 1 << 20;

/// The deepest nesting of JSON, in a request and in an answer: as deep as serde_json reads.
pub const MAX_DEPTH: usize = 127;
