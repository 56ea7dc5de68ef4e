//! Which certificates are trusted and how TLS is spoken: rustls with ring, TLS 1.2 and up. Opens no connection.

use super::phase;
use super::self_signed::{SelfSignedVerifier, is_an_authoritys};
use super::witness::Witness;
use crate::http::Stage;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue,
};
use rustls::client::{Tls13ClientSessionValue, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, KeyProvider};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, DigitallySignedStruct, NamedGroup, RootCertStore, SignatureScheme};
use std::sync::{Arc, OnceLock};

/// Returns the configuration for all connections: it trusts the bundled roots, those of `pem`, and the `environment`'s.
/// Without `verify`, any certificate will do.
///
/// # Errors
/// A text that says why the PEM text can't be used.
pub fn configuration(
    verify: bool,
    pem: Option<&str>,
    environment: &[CertificateDer<'static>],
) -> Result<ClientConfig, String> {
    let provider = Arc::new(CryptoProvider {
        key_provider: &NoClientKeys,
        ..rustls::crypto::ring::default_provider()
    });

    // What is given must parse even where it is not used, else the mistake shows the day it matters.
    let given = pem.map(parse).transpose()?.unwrap_or_default();
    for certificate in &given {
        can_be_a_root(certificate)
            .map_err(|error| format!("ca_certificate holds a broken certificate: {error}"))?;
    }

    let further: Vec<_> = given
        .into_iter()
        .chain(environment.iter().cloned())
        .collect();
    let verifier: Arc<dyn ServerCertVerifier> = match verify {
        true => trusting(&further, &provider)?,
        false => Arc::new(NoVerification(Arc::clone(&provider))),
    };
    let verifier = Arc::new(Witness {
        inner: verifier,
        further,
        provider: Arc::clone(&provider),
    });

    let mut configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();

    configuration.resumption =
        Resumption::store(Arc::new(Sessions(ClientSessionMemoryCache::new(SESSIONS))));

    Ok(configuration)
}

/// A verifier that trusts the bundled roots and the `further` ones.
///
/// # Errors
/// A text, when there is no root at all.
pub fn trusting(
    further: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    roots.add_parsable_certificates(further.iter().cloned());
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
    let inner = inner.build().map_err(|error| error.to_string())?;

    Ok(if further.is_empty() {
        inner
    } else {
        Arc::new(SelfSignedVerifier {
            inner,
            given: further.to_vec(),
        })
    })
}

/// Checks that a certificate can serve as a root.
fn can_be_a_root(certificate: &CertificateDer<'static>) -> Result<(), rustls::Error> {
    RootCertStore::empty().add(certificate.clone())
}

fn parse(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("ca_certificate is not PEM text: {}", broken_pem(&error)))?;
    if certificates.is_empty() {
        return Err("ca_certificate holds no certificate in PEM form".to_owned());
    }
    Ok(certificates)
}

/// Returns the reason why PEM text can't be read, without repeating any of it.
const fn broken_pem(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::MissingSectionEnd { .. } => "a certificate in it has no last line",
        pem::Error::IllegalSectionStart { .. } => "a first line in it is not whole",
        pem::Error::Base64Decode(_) => "what stands between the lines is no base64",
        _ => "it cannot be read",
    }
}

/// The further roots that the environment names.
#[derive(Debug, Default)]
pub struct EnvironmentRoots {
    /// The certificates of `SSL_CERT_FILE` and `SSL_CERT_DIR` that could be read.
    pub certificates: Vec<CertificateDer<'static>>,
    /// A sentence that says why the file of `SSL_CERT_FILE` gave none.
    pub unreadable_file: Option<String>,
}

/// Returns the roots that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. Connections go without what can't be read.
#[expect(clippy::disallowed_methods, reason = "files of the environment")]
pub fn environment_roots() -> &'static EnvironmentRoots {
    // A system's bundle takes longer to read than all else that a run computes, so a process reads it once.
    static ROOTS: OnceLock<EnvironmentRoots> = OnceLock::new();

    ROOTS.get_or_init(|| {
        let read = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let mut roots = EnvironmentRoots::default();

        if let Some(path) = read("SSL_CERT_FILE") {
            let found = rustls_native_certs::load_certs_from_paths(Some(path.as_ref()), None);
            let why = match found.errors.first() {
                Some(error) => Some(error.to_string()),
                None if found.certs.is_empty() => Some("it holds no certificate".to_owned()),
                None => None,
            };
            roots.unreadable_file = why.map(|why| {
                let path = path.to_string_lossy();
                format!("The certificates of SSL_CERT_FILE ({path}) could not be read: {why}.")
            });
            roots.certificates = found.certs;
        }

        let directories = read("SSL_CERT_DIR").unwrap_or_default();
        for directory in std::env::split_paths(&directories) {
            if directory.as_os_str().is_empty() {
                continue;
            }
            let found = rustls_native_certs::load_certs_from_paths(None, Some(&directory));
            for error in found.errors {
                log::debug!("root certificates of the environment: {error}");
            }
            roots.certificates.extend(found.certs);
        }

        roots
    })
}

/// Reads no private keys: this program shows no certificate of its own, and ring's signatures would be for nothing.
#[derive(Debug)]
struct NoClientKeys;

impl KeyProvider for NoClientKeys {
    fn load_private_key(
        &self,
        _key: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General(
            "no certificate of its own is shown".to_owned(),
        ))
    }
}

/// Accepts whatever certificate comes: what `verify_certificate: false` asks for.
#[derive(Debug)]
struct NoVerification(Arc<CryptoProvider>);

impl ServerCertVerifier for NoVerification {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The most TLS sessions that are kept for resumption: a run talks to two hosts.
const SESSIONS: usize = 8;

/// The store of TLS sessions. rustls asks it when it writes the first message of a handshake, which is how the
/// stage [`Stage::Securing`] becomes known: reqwest's connector shows nothing between TCP and the finished connection.
#[derive(Debug)]
struct Sessions(ClientSessionMemoryCache);

impl ClientSessionStore for Sessions {
    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        phase::reached(Stage::Securing);
        self.0.kx_hint(server_name)
    }
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(server_name, group);
    }
    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server_name, value);
    }
    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(server_name)
    }
    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.0.remove_tls12_session(server_name);
    }
    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.0.insert_tls13_ticket(server_name, value);
    }
    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(server_name)
    }
}

/// An issuer that is not trusted, by name: rustls does not say which it is.
#[derive(Debug)]
pub struct UnknownIssuer(String);

impl UnknownIssuer {
    /// Returns the error that names the issuer of `certificate`, the last one that the server showed.
    pub fn of(certificate: &CertificateDer<'_>) -> rustls::CertificateError {
        let Some(shown) = super::certificate::read(certificate) else {
            return rustls::CertificateError::UnknownIssuer;
        };
        // The name is the peer's own word.
        let name = shown.issuer.replace(char::is_control, " ");
        let issuer = Self(name.chars().take(100).collect());

        rustls::CertificateError::Other(rustls::OtherError(Arc::new(issuer)))
    }

    fn in_error(error: &rustls::CertificateError) -> Option<&Self> {
        match error {
            rustls::CertificateError::Other(other) => other.0.downcast_ref(),
            _ => None,
        }
    }
}

impl std::fmt::Display for UnknownIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the certificate's issuer is not trusted: {}", self.0)
    }
}

impl std::error::Error for UnknownIssuer {}

/// Returns the reason why a certificate is not trusted.
pub fn doubt(error: &rustls::CertificateError) -> super::Doubt {
    use super::Doubt;
    use rustls::CertificateError as E;

    match error {
        E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. } => {
            Doubt::Age
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => Doubt::Host,
        E::UnknownIssuer => Doubt::Issuer,
        other if UnknownIssuer::in_error(other).is_some() => Doubt::Issuer,
        _ => Doubt::Other,
    }
}

/// Why a certificate was refused, in plain words.
pub fn refusal(error: &rustls::CertificateError) -> String {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "the certificate expired".to_owned(),
        E::NotValidYet | E::NotValidYetContext { .. } => {
            "the certificate is not valid yet".to_owned()
        }
        E::NotValidForName => "the certificate is for another host".to_owned(),
        E::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            "the certificate names no host".to_owned()
        }
        E::NotValidForNameContext { presented, .. } => {
            let bare = |name: &String| {
                name.trim_start_matches("DnsName(\"")
                    .trim_end_matches("\")")
                    .to_owned()
            };
            format!(
                "the certificate is for another host: {}",
                presented.iter().map(bare).collect::<Vec<_>>().join(", ")
            )
        }
        E::UnknownIssuer => "the certificate's issuer is not trusted".to_owned(),
        E::Revoked => "the certificate was revoked".to_owned(),
        E::BadSignature => {
            "the certificate's signature is wrong, or made with too short a key".to_owned()
        }
        E::BadEncoding => "the certificate is malformed".to_owned(),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            "the certificate is not for servers".to_owned()
        }
        E::Other(other) if other.0.is::<UnknownIssuer>() => other.0.to_string(),
        other if format!("{other:?}").starts_with("UnsupportedSignatureAlgorithm") => {
            "the certificate is signed in a way that is too weak, with SHA-1 or a short key"
                .to_owned()
        }
        other if is_an_authoritys(other) => {
            "the certificate is that of an authority, not of a server: self-signed, most likely"
                .to_owned()
        }
        other => format!("the certificate was refused: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_does_not_parse_is_named_even_unverified() {
        for verify in [true, false] {
            for (pem, expected) in [
                ("hello", "holds no certificate"),
                (
                    "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n",
                    "is not PEM",
                ),
                ("-----BEGIN CERTIFICATE-----\n", "is not PEM"),
            ] {
                let error = configuration(verify, Some(pem), &[]).unwrap_err();
                assert!(
                    error.starts_with("ca_certificate ") && error.contains(expected),
                    "{error}"
                );
            }
        }
        let error = configuration(
            true,
            Some("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"),
            &[],
        )
        .unwrap_err();
        assert!(error.contains("broken certificate"), "{error}");
    }
}
