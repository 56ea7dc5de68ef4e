//! Reads from a certificate what a person wants to know: whose, by whom, until when. Trusts and refuses nothing.

use rustls::pki_types::CertificateDer;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;

/// The contents of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The hosts that it is for.
    pub hosts: Vec<String>,
    /// Whose it is: the common name, or else the organization, or else all there is.
    pub subject: String,
    /// The issuer, named as the subject is.
    pub issuer: String,
    /// From when on it is valid.
    pub from: SystemTime,
    /// Until when it is valid.
    pub until: SystemTime,
}

/// Reads a certificate; `None` where it is malformed.
pub fn read(certificate: &CertificateDer<'_>) -> Option<Certificate> {
    let certificate = x509_cert::Certificate::from_der(certificate).ok()?;
    let body = certificate.tbs_certificate();
    let time = |since: Duration| SystemTime::UNIX_EPOCH.checked_add(since);
    let hosts = body.get_extension::<SubjectAltName>().ok().flatten();
    let hosts = hosts
        .map(|(_, names)| names.0.iter().filter_map(host).collect())
        .unwrap_or_default();

    Some(Certificate {
        hosts,
        subject: name(body.subject()),
        issuer: name(body.issuer()),
        from: time(body.validity().not_before.to_unix_duration())?,
        until: time(body.validity().not_after.to_unix_duration())?,
    })
}

fn host(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.as_str().to_owned()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                .ok()
                .map(|address| address.to_string())
        }
        _ => None,
    }
}

fn name(name: &Name) -> String {
    let text = name
        .common_name()
        .ok()
        .flatten()
        .or_else(|| name.organization().ok().flatten());
    text.map_or_else(|| name.to_string(), |text| text.value().into_owned())
}
