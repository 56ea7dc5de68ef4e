//! Examines the way to a server for `doctor`: opens a connection as every request does, sends no HTTP byte, and reports what
//! happened.

use super::certificate::{self, Certificate};
use super::phase::Progress;
use super::{ReqwestClient, error};
use crate::http::{Stage, TransportError};
use std::net::IpAddr;
use std::time::Duration;

/// The reason why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is not valid yet, or no longer.
    Age,
    /// It is for another host.
    Host,
    /// Nobody trusted signed it.
    Issuer,
    /// Something else.
    Other,
}

/// The proxy of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// There is none.
    None,
    /// There is one, and this host is reached without it.
    PassedBy {
        /// The field or the variable that names it.
        origin: &'static str,
    },
    /// It goes through this one.
    Through {
        /// `host:port`, without credentials.
        address: String,
        /// The field or the variable that names it.
        origin: &'static str,
    },
}

/// The observations on the way to a server.
#[derive(Clone, Debug)]
pub struct Way {
    /// The proxy.
    pub proxy: Proxy,
    /// The name that was looked up, the server's or its proxy's; none where the URL holds an address.
    pub name: Option<String>,
    /// The addresses that were found for it.
    pub addresses: Vec<IpAddr>,
    /// The duration of the look-up.
    pub resolving: Option<Duration>,
    /// The duration of connecting, a proxy's tunnel included.
    pub connecting: Option<Duration>,
    /// The duration of the TLS handshake; none without TLS.
    pub securing: Option<Duration>,
    /// The version of TLS, where the handshake came that far.
    pub version: Option<&'static str>,
    /// The certificates that the server sent, its own first.
    pub chain: Vec<Certificate>,
    /// Why the certificate is not trusted, or would not be if it were checked.
    pub refusal: Option<(Doubt, String)>,
    /// The bundled roots alone vouch for the certificate.
    pub bundled: bool,
    /// True when the connection was established.
    pub outcome: Result<(), TransportError>,
}

impl Way {
    /// True when the proxy refused for want of a user name and a password.
    #[must_use]
    pub fn proxy_wants_password(&self) -> bool {
        self.last_word() == Some(error::WANTS_PASSWORD)
    }

    /// True when the proxy was reached and did not connect.
    #[must_use]
    pub fn proxy_refused(&self) -> bool {
        self.last_word()
            .is_some_and(|word| word.starts_with("the proxy "))
    }

    fn last_word(&self) -> Option<&str> {
        self.outcome
            .as_ref()
            .err()?
            .chain
            .last()
            .map(String::as_str)
    }
}

impl ReqwestClient {
    /// Checks that certificates and proxy, of the resource and of the environment, parse.
    ///
    /// # Errors
    /// [`crate::http::Cause::Unusable`] with what does not parse.
    pub fn ready(&self) -> Result<(), TransportError> {
        match &self.plan()?.unusable_proxy {
            Some(why) => Err(super::error::unusable(why.clone())),
            None => Ok(()),
        }
    }

    /// Opens a connection to the host of `url` within `timeout`, closes it, and tells what was seen. It goes the way
    /// that every request goes; no HTTP byte is sent.
    #[must_use]
    pub fn probe(&self, url: &str, timeout: Duration) -> Way {
        let progress = Progress::watched();
        let outcome = self.plan().and_then(super::worker::Plan::lane);
        let outcome = outcome.and_then(|mut lane| lane.look(url, timeout, &progress));
        let route = self.plan().ok().and_then(|plan| plan.proxy.as_ref());
        let proxy = match route {
            None => Proxy::None,
            // The https rule is not even asked about plain http, which is for this machine alone.
            Some(route) if progress.is_direct() || url.starts_with("http:") => Proxy::PassedBy {
                origin: route.origin,
            },
            Some(route) => Proxy::Through {
                address: route.address(),
                origin: route.origin,
            },
        };

        let name = progress.name();
        let seen = progress.sighting(|seen| {
            let shown = seen.shown.as_ref();
            let chain =
                shown.map(|shown| shown.chain.iter().filter_map(certificate::read).collect());
            let time = |stage| seen.time(stage);
            Way {
                proxy: proxy.clone(),
                name: name.clone(),
                addresses: seen.addresses.clone(),
                resolving: time(Stage::Resolving),
                connecting: time(Stage::Connecting),
                securing: time(Stage::Securing),
                version: seen.version,
                chain: chain.unwrap_or_default(),
                refusal: shown.and_then(|shown| shown.refusal.clone()),
                bundled: shown.is_some_and(|shown| shown.bundled),
                outcome: outcome.clone(),
            }
        });

        seen.unwrap_or(Way {
            proxy,
            name,
            addresses: Vec::new(),
            resolving: None,
            connecting: None,
            securing: None,
            version: None,
            chain: Vec::new(),
            refusal: None,
            bundled: false,
            outcome,
        })
    }
}
