//! The embedded Zoom behind TLS with an authority of its own, and the requests that reach it. Knows no program that is measured.

use super::Bench;
use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use std::path::PathBuf;
use zoom_runner::sandbox::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, Options, Sandbox};

/// RSA, as Zoom's own certificates have it. It guards nothing: it serves loopback for the time of a bench.
const KEY: &str = include_str!("key.pem");

/// A running Zoom, and where its authority's certificate is.
pub struct Zoom {
    pub sandbox: Sandbox,
    pub authority: PathBuf,
    pem: String,
}

impl Zoom {
    /// Starts one with `users` users that holds each answer back for `latency` milliseconds.
    pub fn start(bench: &Bench, users: u64, latency: u64) -> Result<Self> {
        let key = || KeyPair::from_pem_and_sign_algo(KEY, &rcgen::PKCS_RSA_SHA256);
        let named = |name: &str, ca: bool| {
            let mut parameters = CertificateParams::new(if ca {
                vec![]
            } else {
                vec!["localhost".to_owned(), "127.0.0.1".to_owned()]
            })?;
            parameters.distinguished_name.push(DnType::CommonName, name);
            parameters.is_ca = if ca {
                IsCa::Ca(BasicConstraints::Unconstrained)
            } else {
                IsCa::NoCa
            };
            Ok::<_, rcgen::Error>(parameters)
        };
        let (root, between, leaf) = (
            named("Bench root", true)?,
            named("Bench between", true)?,
            named("Bench server", false)?,
        );
        let pem = root.self_signed(&key()?)?.pem();
        let root = Issuer::new(root, key()?);
        let middle = between.signed_by(&key()?, &root)?.pem();
        let own = leaf
            .signed_by(&key()?, &Issuer::new(between, key()?))?
            .pem();
        let identity = format!("{own}{middle}");
        let chain = bench.file("chain.pem", &identity)?;
        let secret = bench.file("key.pem", KEY)?;
        let tls = format!("{},{}", chain.display(), secret.display())
            .parse()
            .map_err(anyhow::Error::msg)?;
        let sandbox = Sandbox::start(Options {
            users,
            latency,
            tls: Some(tls),
            ..Options::default()
        })?;
        Ok(Self {
            sandbox,
            authority: bench.file("authority.pem", &pem)?,
            pem,
        })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.sandbox
            .url()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap_or_default()
    }

    /// Where tokens come from and where the API is: two names of one machine, as Zoom has two hosts.
    pub fn addresses(&self) -> [String; 2] {
        addresses(self.port(), self.port())
    }

    /// A resource for these two addresses.
    pub fn resource(&self, [token, api]: &[String; 2]) -> Value {
        json!({"token_url": token, "api_url": api, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
               "account_id": ACCOUNT_ID, "ca_certificate": self.pem, "timeout": 600})
    }
}

/// The addresses of the token host and of the API host.
pub fn addresses(token: u16, api: u16) -> [String; 2] {
    [
        format!("https://127.0.0.1:{token}"),
        format!("https://localhost:{api}"),
    ]
}
