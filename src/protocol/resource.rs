//! The connection that a request comes with: URLs, credentials, timeout, TLS, proxy. Begin with [`check`].

use super::failure::{Code, Failure};
use super::parameter::{self, Bounded, clean};
use super::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem::Finder;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::time::Duration;
use url::Url;

/// The connection to one Zoom account: a Server-to-Server OAuth app and where to reach Zoom.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Resource")]
pub struct Fields {
    /// Names this connection in envelopes and messages.
    #[serde(default = "default_label")]
    #[schemars(length(min = 1))]
    pub label: String,
    /// The OAuth server: the base, or the whole address ending in `/oauth/token`. A government account has
    /// `https://zoomgov.com/`.
    #[serde(default = "default_token_url")]
    #[schemars(extend("format" = "uri"))]
    pub token_url: String,
    /// The API: the base, or the address ending in `/v2`. A region has its own, such as
    /// `https://api-eu.zoom.us/`; a government account has `https://api.zoomgov.com/`.
    #[serde(default = "default_api_url")]
    #[schemars(extend("format" = "uri"))]
    pub api_url: String,
    /// The Client ID on the app's page in the Zoom App Marketplace.
    #[schemars(length(min = 1))]
    pub client_id: String,
    /// The Client Secret on the app's page.
    #[schemars(length(min = 1), extend("writeOnly" = true))]
    pub client_secret: String,
    /// The Account ID on the app's page.
    #[schemars(length(min = 1))]
    pub account_id: String,
    /// The time limit for the whole action in seconds, retries and waiting included.
    #[serde(default = "default_timeout")]
    pub timeout: Bounded<1, 3600>,
    /// Check the servers' certificates. Without it anyone on the network path can read the client secret.
    #[serde(default = "parameter::default_true")]
    pub verify_certificate: bool,
    /// Additional root certificates as PEM text, such as that of a proxy that inspects TLS.
    pub ca_certificate: Option<String>,
    /// The proxy to go through, `http://[user:password@]host:port`. Never used for loopback addresses.
    #[schemars(extend("writeOnly" = true))]
    pub proxy_url: Option<String>,
}

fn default_label() -> String {
    "Zoom".to_owned()
}
fn default_token_url() -> String {
    "https://zoom.us/".to_owned()
}
fn default_api_url() -> String {
    "https://api.zoom.us/".to_owned()
}
fn default_timeout() -> Bounded<1, 3600> {
    Bounded::new(120).unwrap_or(Bounded::LARGEST)
}

/// A checked resource.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The name of the connection.
    pub label: String,
    /// The token endpoint's whole address.
    pub token_url: String,
    /// The API's base, without a slash at the end: `https://api.zoom.us/v2`.
    pub api_url: String,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: Secret<String>,
    /// The account's id.
    pub account_id: String,
    /// The time that the whole action may take.
    pub timeout: Duration,
    /// False accepts any certificate.
    pub verify_certificate: bool,
    /// Further roots, PEM.
    pub ca_certificate: Option<String>,
    /// The proxy, its password included.
    pub proxy_url: Option<Secret<String>>,
}

impl Resource {
    /// The proxy's user and password, and the password as the address has it, where it is percent-encoded or not.
    #[must_use]
    pub fn proxy_credentials(&self) -> Option<(String, Secret<String>, Secret<String>)> {
        let url = Url::parse(self.proxy_url.as_ref()?.reveal()).ok()?;
        let decoded = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };

        let given = url.password()?;
        Some((
            decoded(url.username()),
            Secret::new(decoded(given)),
            Secret::new(given.to_owned()),
        ))
    }
}

/// The label of a resource that may be broken otherwise: what a failed envelope shows.
#[must_use]
pub fn label(given: &Map<String, Value>) -> String {
    match given.get("label") {
        Some(Value::String(text)) if !text.trim().is_empty() => {
            text.trim().chars().take(200).collect()
        }
        _ => default_label(),
    }
}

/// Checks a resource.
///
/// # Errors
/// `invalid_resource` with the field.
pub fn check(given: Map<String, Value>) -> Result<Resource, Failure> {
    let mut fields: Fields = parameter::decode(given, Code::InvalidResource)?;
    for text in [
        &mut fields.label,
        &mut fields.client_id,
        &mut fields.client_secret,
        &mut fields.account_id,
    ] {
        let plain = clean(text);
        if plain.len() != text.len() {
            *text = plain.to_owned();
        }
    }

    for (field, text) in [
        ("label", &fields.label),
        ("client_id", &fields.client_id),
        ("client_secret", &fields.client_secret),
        ("account_id", &fields.account_id),
    ] {
        if text.is_empty() {
            let message = format!("`{field}` is missing or blank.");
            return Err(Failure::resource(field, message));
        }
        if field != "label" && text.chars().any(char::is_control) {
            return Err(Failure::resource(
                field,
                format!("`{field}` holds a line break or another control character."),
            ));
        }
    }

    if fields.client_id.contains(':') {
        return Err(Failure::resource(
            "client_id",
            "`client_id` holds a colon, which no client id has.",
        ));
    }

    let token_url = endpoint("token_url", &fields.token_url, "/oauth/token")?;
    let api_url = endpoint("api_url", &fields.api_url, "/v2")?;
    let proxy_url = fields.proxy_url.as_deref().map(proxy).transpose()?;
    let ca_certificate = fields
        .ca_certificate
        .as_deref()
        .map(certificates)
        .transpose()?;

    Ok(Resource {
        label: fields.label,
        token_url,
        api_url,
        client_id: fields.client_id,
        client_secret: Secret::new(fields.client_secret),
        account_id: fields.account_id,
        timeout: Duration::from_secs(fields.timeout.get()),
        verify_certificate: fields.verify_certificate,
        ca_certificate,
        proxy_url,
    })
}

/// True for the machine itself: `localhost`, 127.0.0.0/8 and ::1.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The whole address of an endpoint, from a base or from the address itself.
fn endpoint(field: &str, given: &str, ending: &str) -> Result<String, Failure> {
    let wrong = |what: &str| Failure::resource(field, format!("`{field}` {what}."));
    let given = clean(given);
    let url = Url::parse(given).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            wrong("is no URL: it must begin with `https://`")
        }
        other => wrong(&format!("is no URL: {other}")),
    })?;

    // Before the scheme's rules, so that a password in a URL is named as such.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not hold a user name or a password"));
    }

    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(wrong(
                "must begin with `https://`: plain http is accepted for this machine only",
            ));
        }
        _ => return Err(wrong("must begin with `https://`")),
    }

    if url.query().is_some() {
        return Err(wrong("must not hold a query (`?`)"));
    }

    if url.fragment().is_some() {
        return Err(wrong("must not hold a fragment (`#`)"));
    }

    let base = url.as_str().trim_end_matches('/');
    Ok(if url.path().trim_end_matches('/').ends_with(ending) {
        base.to_owned()
    } else {
        format!("{base}{ending}")
    })
}

/// The certificates in `given`, each on lines of its own: a form of one line loses line breaks, and JSON that is escaped
/// twice writes them out. What stands around them, a private key maybe, is left out.
fn certificates(given: &str) -> Result<String, Failure> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let wrong =
        |what: &str| Failure::resource("ca_certificate", format!("`ca_certificate` holds {what}."));

    // Most are as they should be. What is between the lines is for TLS to read.
    let (bytes, begins, ends) = (given.as_bytes(), Finder::new(BEGIN), Finder::new(END));
    let good = |at: usize| {
        bytes
            .get(at + BEGIN.len())
            .is_some_and(|next| matches!(next, b'\n' | b'\r'))
    };

    let ended = ends
        .find_iter(bytes)
        .filter(|at| at.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\n'));
    let (begun, ended) = (
        begins.find_iter(bytes).filter(|at| good(*at)).count(),
        ended.count(),
    );
    if given.starts_with(BEGIN) && [begun, ended] == [begins.find_iter(bytes).count(); 2] {
        return Ok(given.to_owned());
    }

    let (mut pem, mut rest) = (String::new(), given);
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (body, behind) = after.split_once(END).ok_or_else(|| {
            wrong("a certificate that is not PEM: it is cut off before `-----END CERTIFICATE-----`")
        })?;
        let body: String = body
            .replace("\\r", "")
            .replace("\\n", "")
            .split_whitespace()
            .collect();
        if body.is_empty() || STANDARD.decode(&body).is_err() {
            return Err(wrong(
                "a certificate that is not PEM: between its first and last line stands no base64",
            ));
        }
        pem.push_str(&format!("{BEGIN}\n{body}\n{END}\n"));
        rest = behind;
    }

    if pem.is_empty() {
        Err(wrong(
            "no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)",
        ))
    } else {
        Ok(pem)
    }
}

/// Checks the proxy's address. The message must not repeat it, since it may hold a password.
fn proxy(given: &str) -> Result<Secret<String>, Failure> {
    let wrong = |reason| Failure::resource("proxy_url", format!("`proxy_url` {reason}."));
    let url = proxy_address(given).map_err(wrong)?;
    if url.scheme() == "http" {
        Ok(Secret::new(url.into()))
    } else {
        Err(wrong(PROXY_FORM))
    }
}

/// The rest of a sentence about a proxy's address that does not parse.
const PROXY_FORM: &str = "must have the form `http://[user:password@]host:port`";

/// Reads the address of a proxy, from a field or a variable. Platforms hand over `host:port` as well.
///
/// # Errors
/// The rest of a sentence that begins with the name of the field or variable. It never repeats the value, which may hold a
/// password.
pub fn proxy_address(given: &str) -> Result<Url, &'static str> {
    let given = clean(given);
    let whole = if given.contains("://") {
        Cow::Borrowed(given)
    } else {
        Cow::Owned(format!("http://{given}"))
    };

    let url = Url::parse(&whole).map_err(|_| PROXY_FORM)?;
    match url.scheme() {
        "http" | "https" if !matches!(url.path(), "" | "/") || url.query().is_some() => {
            Err("must not hold a path: it has the form `http://[user:password@]host:port`")
        }
        "http" | "https" if url.has_host() && url.fragment().is_none() => Ok(url),
        "http" | "https" => Err(PROXY_FORM),
        _ => Err("names a proxy of another kind: only http:// and https:// proxies can be used"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_found_in_what_lost_its_line_breaks_and_nothing_else_is() {
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n";
        let wanted = "-----BEGIN CERTIFICATE-----\nAAAABBBB\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n";
        for given in [
            format!(" {pem}"),
            pem.replace('\n', " "),
            pem.replace('\n', "\\r\\n"),
            format!("# ours\r\n{pem}{key}"),
        ] {
            assert_eq!(
                certificates(&given).ok().as_deref(),
                Some(wanted),
                "{given}"
            );
        }
        assert_eq!(
            certificates(&pem.repeat(2)).ok(),
            Some(pem.repeat(2)),
            "as it should be"
        );
        let mixed = format!("{pem}{}", pem.replace('\n', " "));
        assert_eq!(certificates(&mixed).ok(), Some(wanted.repeat(2)));
        for (given, expected) in [
            ("hello", "no certificate in PEM form"),
            (key, "no certificate in PEM form"),
            ("-----BEGIN CERTIFICATE-----\nAAAA", "cut off"),
            (
                "-----BEGIN CERTIFICATE----- hunter2? -----END CERTIFICATE-----",
                "no base64",
            ),
            (
                "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
                "no base64",
            ),
        ] {
            let failure = certificates(given).unwrap_err();
            assert!(
                failure.message.contains(expected) && !failure.message.contains("hunter"),
                "{failure}"
            );
            assert_eq!(failure.field.as_deref(), Some("ca_certificate"));
        }
    }
}
