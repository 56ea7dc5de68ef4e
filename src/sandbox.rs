//! The embedded Zoom: a stateful Zoom over real HTTP on loopback, for demos, tests and benchmarks. An independent judge: it knows nothing of the rest of the program.
//!
//! Children: `server` (HTTP), `tls`, `zoom` (a request to an answer), `facts` (Zoom's endpoints, and what each takes),
//! `oauth`, `limits`, `paging`, `faults` (what goes wrong on purpose); of users `users` (who there is), `profiles`,
//! `settings` on top of `defaults`; of meetings `meetings` on top of `calendar`, `schedule` (when they take place),
//! `invitation`; `overlay` (changes laid over JSON).
//!
//! Who and what is there:
//!
//! | object | what it is good for |
//! |---|---|
//! | `jane@example.com` | the owner; licensed; hosts the meetings below; `zoom_one_type` above 2^53 |
//! | `basic@example.com` | a basic user: a host key is refused (1108); a licence is too, since none is left (2034), until another user's is taken away |
//! | `user2@example.com` and on | the others; every third is basic; numbers that end in 3 have `license` `zoom_workforce_management`, in 7 `zoom_compliance_management` |
//! | `inactive1@example.com`, `inactive2@example.com` | inactive; their meetings are there |
//! | `pending1@example.com` | pending, without an id and meetings: reads of settings are refused, and changes of anything but the group (1120) |
//! | `someone@elsewhere.example` | belongs to another account (1010) |
//! | 85746065432 | scheduled, with a passcode |
//! | 81234567890 | running: a delete is refused (3002) until it is ended |
//! | 89123456789 | an instant meeting, running: listed only as `live` |
//! | 82345678901 | recurring with fixed times: five occurrences, a day apart |
//! | 83456789012, 84567890123 | recurring without fixed times; screen sharing only |
//! | 5551112222 | jane's personal meeting: cannot be deleted (3018) |
//! | 87000000001 | a webinar (3000) |
//! | 86000000001 | its host may not host (3161) |
//! | 88000000001 | somebody else's (3003) |
//! | 70000000010 and on | two for every other user but the pending: 70000000000 plus ten times the user's number, and the next |
//! | `recording.local_recording`, `in_meeting.allow_live_streaming`, `in_meeting.file_transfer` | locked by the account: a change is answered 204 and not made |

#![allow(
    clippy::indexing_slicing,
    reason = "JSON that was made here is indexed by keys that were put there"
)]

mod access;
mod calendar;
mod defaults;
mod facts;
mod faults;
mod invitation;
mod limits;
mod meetings;
mod oauth;
mod overlay;
mod paging;
mod profiles;
mod recordings;
mod reports;
mod schedule;
mod server;
mod settings;
mod tls;
mod users;
mod zoom;

pub use faults::{Fault, Kind};
pub use limits::Plan;
pub use tls::Identity;
pub use zoom::Logged;

use serde_json::{Value, json};
use std::sync::Arc;

/// The client id that is accepted.
pub const CLIENT_ID: &str = "sandbox-client-id";
/// The client secret that is accepted.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";
/// The account id that is accepted.
pub const ACCOUNT_ID: &str = "sandbox-account-id";
/// A client id whose app is not activated.
pub const INACTIVE_CLIENT_ID: &str = "sandbox-inactive-client-id";

/// How the embedded Zoom behaves.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// How many active users the account has, 2 to 100,000,000, besides two inactive and one pending.
    #[arg(long, default_value_t = 22, value_parser = clap::value_parser!(u64).range(2..=100_000_000))]
    pub users: u64,
    /// How long each answer is held back, in milliseconds.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub latency: u64,
    /// What goes wrong, and how often: a status, `hang` or `cut`, a colon and a share, as `503:0.1`.
    #[arg(long, value_name = "WHAT:SHARE")]
    pub fault: Vec<Fault>,
    /// The scopes that tokens get, separated by spaces or commas; classic ones too. Without it all that are needed.
    #[arg(long, value_name = "SCOPES")]
    pub granted_scopes: Option<String>,
    /// A new token ends the one before.
    #[arg(long)]
    pub one_live_token: bool,
    /// Whose limits per second and day hold: free, pro or business. Without it none do.
    #[arg(long)]
    pub plan: Option<Plan>,
    /// How many calls a day each kind of endpoint allows, in place of the plan's figure.
    #[arg(long, value_name = "CALLS")]
    pub daily_limit: Option<u64>,
    /// How long a token lives, in seconds.
    #[arg(long, default_value_t = 3599, value_name = "SECONDS")]
    pub token_lifetime: u64,
    /// How long a page token lives, in seconds.
    #[arg(long, default_value_t = 900, value_name = "SECONDS")]
    pub page_token_lifetime: u64,
    /// Speaks TLS, with the certificate and the key in these PEM files. Its address is then https://127.0.0.1:PORT.
    #[arg(long, value_name = "CERT.pem,KEY.pem")]
    pub tls: Option<Identity>,
    /// Writes a line for each request to stderr.
    #[arg(long)]
    pub log: bool,
    /// Where chance starts: the same seed gives the same faults.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            users: 22,
            latency: 0,
            fault: Vec::new(),
            granted_scopes: None,
            one_live_token: false,
            plan: None,
            daily_limit: None,
            token_lifetime: 3599,
            page_token_lifetime: 900,
            tls: None,
            log: false,
            seed: 1,
        }
    }
}

/// A running embedded Zoom. It stops when dropped.
pub struct Sandbox {
    zoom: Arc<zoom::Zoom>,
    server: server::Server,
}

impl Sandbox {
    /// Starts one, and returns when it listens.
    ///
    /// # Errors
    /// When the port is taken or no thread can be had.
    pub fn start(options: Options) -> std::io::Result<Self> {
        let zoom = Arc::new(zoom::Zoom::new(options)?);
        let server = server::Server::start(Arc::clone(&zoom))?;
        Ok(Self { zoom, server })
    }

    /// Its address, `http://127.0.0.1:PORT`; `https` with [`Options::tls`].
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// A resource that reaches it. With TLS it trusts the certificates of the file.
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

    /// The requests so far, at most the last 10,000.
    #[must_use]
    pub fn requests(&self) -> Vec<Logged> {
        self.zoom.log()
    }

    /// How many connections were made to it.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.server.connections()
    }

    /// How many tokens were made.
    #[must_use]
    pub fn tokens_minted(&self) -> u64 {
        self.zoom.tokens_minted()
    }
}
