//! How the sandbox is started, and the credentials that it accepts.

use super::faults::Fault;
use super::limits::Plan;
use super::tls::Identity;

/// The client id that is accepted.
pub const CLIENT_ID: &str = "sandbox-client-id";
/// The client secret that is accepted.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";
/// The account id that is accepted.
pub const ACCOUNT_ID: &str = "sandbox-account-id";
/// A client id whose app is not activated.
pub const INACTIVE_CLIENT_ID: &str = "sandbox-inactive-client-id";

/// The behavior of a sandbox.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// The number of active users, 2 to 100,000,000, besides two inactive and one pending.
    #[arg(long, default_value_t = 22, value_parser = clap::value_parser!(u64).range(2..=100_000_000))]
    pub users: u64,
    /// Holds each answer back for so many milliseconds.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub latency: u64,
    /// Makes a share of the requests fail: a status, `codeN` for an error that Zoom documents for the endpoint, `hang` or
    /// `cut`; a colon and a share, as `503:0.1` or `code3309:1`.
    #[arg(long, value_name = "WHAT:SHARE")]
    pub fault: Vec<Fault>,
    /// The scopes that tokens get, separated by spaces or commas; classic ones too. Without it all that are needed.
    #[arg(long, value_name = "SCOPES")]
    pub granted_scopes: Option<String>,
    /// A new token ends the one before.
    #[arg(long)]
    pub one_live_token: bool,
    /// The plan whose limits per second and day hold: free, pro or business. Without it none do.
    #[arg(long)]
    pub plan: Option<Plan>,
    /// Allows so many calls a day of each kind of endpoint, in place of the plan's figure.
    #[arg(long, value_name = "CALLS")]
    pub daily_limit: Option<u64>,
    /// The lifetime of a token, in seconds.
    #[arg(long, default_value_t = 3599, value_name = "SECONDS")]
    pub token_lifetime: u64,
    /// The lifetime of a page token, in seconds.
    #[arg(long, default_value_t = 900, value_name = "SECONDS")]
    pub page_token_lifetime: u64,
    /// Speaks TLS, with the certificate and the key in these PEM files. Its address is then https://127.0.0.1:PORT.
    #[arg(long, value_name = "CERT.pem,KEY.pem")]
    pub tls: Option<Identity>,
    /// Writes a line for each request to stderr.
    #[arg(long)]
    pub log: bool,
    /// The seed of chance: the same one gives the same faults.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The time at the start, as 2027-01-15T12:00:00Z, in place of the machine's; all data follow it.
    #[arg(long, value_name = "TIME", value_parser = super::time::parse)]
    pub now: Option<u64>,
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
            now: None,
        }
    }
}
