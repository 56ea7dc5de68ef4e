//! The sandbox: a stateful Zoom over real HTTP on loopback, for demos, tests and benchmarks. It is an independent judge of
//! the rest of the program, and imports nothing of it.
//!
//! Begin reading at `handler`, which takes a request to its reply, and `account`, which answers each endpoint; who and what
//! lives in it stands in `residents` and `story`. Around them: `server` and `tls` (HTTP), `message`, `call`, `time`; `endpoints` (what
//! each endpoint takes), `oauth`, `limits`, `paging`, `faults`; of users `users`, `directory`, `profiles`, `settings`,
//! `access`; of meetings `seed_meetings`, `meetings`, `schedule`, `invitation`, `recordings`, `reports`;
//! `merge` (JSON), `page` (what a browser sees).

#![allow(
    clippy::indexing_slicing,
    reason = "JSON that was made here is indexed by keys that were put there"
)]

mod access;
mod account;
mod call;
mod directory;
mod endpoints;
mod faults;
mod handler;
mod invitation;
mod limits;
mod meetings;
mod merge;
mod message;
mod oauth;
mod options;
mod page;
mod paging;
mod profiles;
mod recordings;
mod reports;
mod residents;
mod schedule;
mod seed_meetings;
mod server;
mod settings;
mod story;
mod time;
mod tls;
mod users;

pub use faults::{Fault, Kind};
pub use limits::Plan;
pub use message::Logged;
pub use options::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, INACTIVE_CLIENT_ID, Options};
pub use residents::{Resident, residents, residents_help};
pub use tls::Identity;

use serde_json::{Value, json};
use std::sync::Arc;

/// A running sandbox. It stops when dropped.
pub struct Sandbox {
    zoom: Arc<handler::Zoom>,
    server: server::Server,
}

impl Sandbox {
    /// Starts one, and returns when it listens.
    ///
    /// # Errors
    /// When the port is taken or no thread can be had.
    pub fn start(options: Options) -> std::io::Result<Self> {
        let zoom = Arc::new(handler::Zoom::new(options)?);
        let server = server::Server::start(Arc::clone(&zoom))?;
        Ok(Self { zoom, server })
    }

    /// Returns its address, `http://127.0.0.1:PORT`; `https` with [`Options::tls`].
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Returns a resource that reaches it. With TLS it trusts the certificates of the file.
    #[must_use]
    pub fn resource(&self) -> Value {
        let mut resource = json!({
            "label": "Sandbox",
            "token_url": self.url(),
            "api_url": self.url(),
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "account_id": ACCOUNT_ID,
        });

        if let Some(identity) = &self.zoom.options.tls {
            resource["ca_certificate"] = json!(identity.certificates());
        }

        resource
    }

    /// Returns the requests so far, at most the last 10,000.
    #[must_use]
    pub fn requests(&self) -> Vec<Logged> {
        self.zoom.log()
    }

    /// Returns the number of connections that were made to it.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.server.connections()
    }

    /// Returns the number of tokens that were made.
    #[must_use]
    pub fn tokens_minted(&self) -> u64 {
        self.zoom.tokens_minted()
    }
}
