//! The sandbox's TLS: a certificate and its key from PEM files.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::str::FromStr;
use std::sync::Arc;

/// A certificate and its key, read and found fit to serve with.
#[derive(Clone)]
pub struct Identity {
    certificates: String,
    config: Arc<ServerConfig>,
}

impl Identity {
    /// The text of the certificates' file.
    #[must_use]
    pub fn certificates(&self) -> &str {
        &self.certificates
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// An identity of the PEM texts of certificates, the server's own first, and of a key.
    ///
    /// # Errors
    /// A sentence, when either is no PEM or they do not go together.
    pub fn of(certificates: &str, key: &str) -> Result<Self, String> {
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(certificates.as_bytes()).collect();
        let chain = chain.map_err(|error| format!("the certificate is no PEM: {error}"))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
            .map_err(|error| format!("the key is no PEM: {error}"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| format!("certificate and key do not serve: {error}"))?;

        Ok(Self {
            certificates: certificates.to_owned(),
            config: Arc::new(config),
        })
    }
}

impl FromStr for Identity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (certificates, key) = text
            .split_once(',')
            .ok_or("two files are wanted: CERT.pem,KEY.pem")?;
        let read =
            |path: &str| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
        Self::of(&read(certificates)?, &read(key)?)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}
