//! Shows the certificates of a connection to whoever looks at it. Decides nothing: the verifier it stands around does.

use super::{phase, tls};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;

/// A verifier that reports what it is shown.
#[derive(Debug)]
pub struct Witness {
    /// The verifier that decides.
    pub inner: Arc<dyn ServerCertVerifier>,
    /// The roots beyond the bundled ones.
    pub further: Vec<CertificateDer<'static>>,
    /// The cryptography to judge with.
    pub provider: Arc<CryptoProvider>,
}

/// The certificates that a server showed.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its certificate, and those it sent with it.
    pub chain: Vec<CertificateDer<'static>>,
    /// Why it is not trusted, or would not be if it were checked.
    pub refusal: Option<(super::Doubt, String)>,
    /// The bundled roots alone vouch for it.
    pub bundled: bool,
}

impl Witness {
    fn judge(
        &self,
        further: &[CertificateDer<'static>],
        chain: (&CertificateDer<'_>, &[CertificateDer<'_>]),
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        let verifier = tls::trusting(further, &self.provider).map_err(Error::General)?;
        verifier
            .verify_server_cert(chain.0, chain.1, name, &[], now)
            .map(|_| ())
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if phase::is_watched() {
            let judge =
                |further: &[_]| self.judge(further, (end_entity, intermediates), server_name, now);
            let chain = std::iter::once(end_entity).chain(intermediates);
            phase::shown(Shown {
                chain: chain.map(|one| one.clone().into_owned()).collect(),
                refusal: judge(&self.further).err().map(|error| match error {
                    Error::InvalidCertificate(why) => (tls::doubt(&why), tls::refusal(&why)),
                    other => (super::Doubt::Other, other.to_string()),
                }),
                bundled: judge(&[]).is_ok(),
            });
        }

        let verified = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );

        verified.map_err(|error| match error {
            Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                let last = intermediates.last().unwrap_or(end_entity);
                Error::InvalidCertificate(tls::UnknownIssuer::of(last))
            }
            error => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        phase::speaks("TLS 1.2");
        self.inner
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        phase::speaks("TLS 1.3");
        self.inner
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
