//! How a request comes in and an answer goes out: one child per kind of host. Doors own the streams and the environment.
//!
//! `stdin` (one request, one envelope), `batch` (many requests, a line each), `oif` (the platform: variables in, an
//! envelope or one line of stderr out), `sandbox` (answered by the sandbox; or the sandbox as a server), `replay`
//! (fixtures, without a network), `record` (makes them), `describe` (the program about itself), `doctor` (what is wrong on
//! the way to Zoom), `shell` (completions and man pages). What they share: `spool`, where output waits until it is whole,
//! `placeholders` for secrets in a request that is shown, and `progress`, for a person who waits.

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
