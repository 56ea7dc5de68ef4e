//! The commands, one file or folder each. They own the streams and the environment, and run requests through `run`.
//!
//! `stdin` is the run without a command: one request, one envelope. `run`, `batch`, `oif` and `mcp` take requests in other
//! ways; `record` and `replay` make and check fixtures; `doctor` checks the connection; `describe` and `completions` tell
//! about the program. Shared by several: `output` (stdout), `spool` (an answer held back until it is whole), `placeholders`
//! (secrets from variables) and `progress`.

pub mod batch;
pub mod completions;
pub mod describe;
pub mod doctor;
pub mod mcp;
pub mod oif;
pub mod output;
pub mod placeholders;
pub mod progress;
pub mod record;
pub mod replay;
pub mod run;
pub mod sandbox;
pub mod spool;
pub mod stdin;

use crate::clock::{Clock, SystemClock};
use crate::http::Http;
use crate::http::client::{Connection, ReqwestClient};
use crate::protocol::resource::Resource;
use crate::run::Engine;
use crate::zoom::token_cache::cache::TokenCache;
use crate::zoom::token_cache::location::Place;
use std::sync::Arc;

/// The engine that talks to the network. Tokens are shared with other processes where the environment lets them be kept.
#[must_use]
pub fn engine() -> Engine {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let tokens = Box::new(TokenCache::new(
        Place::from_environment().map(Place::shared),
        Arc::clone(&clock),
    ));
    Engine {
        clock,
        tokens,
        connect: Box::new(connect),
        instead: None,
    }
}

/// The way to the network for a resource. Nothing is opened before the first request.
fn connect(resource: &Resource) -> Box<dyn Http> {
    // Leaked on purpose: dropping it would join its threads, and the process is about to end.
    let wire: &'static ReqwestClient = Box::leak(Box::new(client(resource)));
    Box::new(wire)
}

/// The network, as a resource says.
fn client(resource: &Resource) -> ReqwestClient {
    ReqwestClient::new(Connection {
        verify_certificate: resource.verify_certificate,
        ca_certificate: resource.ca_certificate.clone(),
        proxy_url: resource.proxy_url.clone(),
    })
}
