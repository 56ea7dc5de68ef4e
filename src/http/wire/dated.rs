//! Learns until when a server's certificate is valid, where somebody asks for that. Decides nothing: the verifier it stands around does.

use super::progress;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;
use std::time::Duration;

/// A time at which no certificate is valid any more: the year 33658.
const NEVER: Duration = Duration::from_secs(1_000_000_000_000);

/// A verifier that reports the end of the certificates it is shown.
#[derive(Debug)]
pub struct Dated(pub Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for Dated {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if progress::wants_certificate() {
            // No library at hand reads a certificate's dates; but a refusal for its age tells them, and age is what is
            // looked at first.
            let never = UnixTime::since_unix_epoch(NEVER);
            let refusal = self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, never);
            if let Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) = refusal {
                progress::certificate_until(Duration::from_secs(not_after.as_secs()));
            }
        }
        self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
