//! An own certificate authority, and TLS around a scripted connection.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use std::net::TcpStream;
use std::sync::Arc;

/// A certificate with its key.
#[derive(Clone)]
pub struct Identity {
    pub pem: String,
    chain: Vec<rustls::pki_types::CertificateDer<'static>>,
    key: Vec<u8>,
}

/// An authority that signs certificates for servers.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    /// The authority's own certificate.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a host, changed by `change` before it is signed.
    pub fn sign(&self, host: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut parameters = CertificateParams::new([host.to_owned()]).unwrap();
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        Identity {
            pem: certificate.pem(),
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
        }
    }
}

/// A certificate that signed itself, of an authority or not.
pub fn self_signed(host: &str, authority: bool) -> Identity {
    self_signed_with(host, authority, |_| {})
}

/// The same, changed by `change` before it is signed.
pub fn self_signed_with(
    host: &str,
    authority: bool,
    change: impl FnOnce(&mut CertificateParams),
) -> Identity {
    let mut parameters = CertificateParams::new([host.to_owned()]).unwrap();
    change(&mut parameters);
    if authority {
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    Identity {
        pem: certificate.pem(),
        chain: vec![certificate.der().clone()],
        key: key.serialize_der(),
    }
}

/// Makes a certificate's time end long ago.
pub fn expired(parameters: &mut CertificateParams) {
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(2021, 1, 1);
}

/// Makes a certificate's time begin in a far future.
pub fn early(parameters: &mut CertificateParams) {
    parameters.not_before = date_time_ymd(4000, 1, 1);
}

impl Identity {
    /// A server's configuration for this identity.
    pub fn server(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap();
        Arc::new(
            builder
                .with_no_client_auth()
                .with_single_cert(self.chain.clone(), key)
                .unwrap(),
        )
    }
}

/// Speaks TLS on an accepted connection.
pub fn accept(
    stream: TcpStream,
    configuration: &Arc<ServerConfig>,
) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(
        ServerConnection::new(Arc::clone(configuration)).unwrap(),
        stream,
    )
}
