//! Turns an error of reqwest and what lies below into a [`TransportError`]: stage, cause, and a chain that a person can read.

use super::phase::Progress;
use super::proxy::Endpoint;
use super::tls;
use crate::http::{Cause, Stage, TransportError};
use std::error::Error;
use std::io;

/// The error of a proxy that does not allow the connection.
pub const NOT_ALLOWED: &str = "the proxy does not allow the connection (403)";

/// The error of a proxy that wants credentials.
pub const WANTS_PASSWORD: &str = "the proxy wants a user name and a password (407)";

/// The destination of a request, in words for the chain.
pub struct Target<'a> {
    /// `host:port` of the URL.
    pub host: &'a str,
    /// The proxy, if there is one for some hosts.
    pub proxy: Option<&'a Endpoint>,
}

impl Target<'_> {
    /// Names the way to the host, with the variable that the proxy comes from where it is not the resource's.
    fn through(&self, proxy: &Endpoint) -> String {
        let (host, address) = (self.host, proxy.address());
        match proxy.origin {
            "proxy_url" => format!("{host} through the proxy {address}"),
            variable => format!("{host} through the proxy {address} of {variable}"),
        }
    }
}

/// A proxy that answered the request for a tunnel with `status`.
pub fn no_tunnel(status: u16, target: &Target<'_>) -> TransportError {
    let (cause, why) = match status {
        407 => (Cause::ProxyRefused, WANTS_PASSWORD.to_owned()),
        403 => (Cause::ProxyRefused, NOT_ALLOWED.to_owned()),
        status => (Cause::Failed, format!("the proxy answered {status}")),
    };
    let route = target.proxy.map(|proxy| target.through(proxy));
    let headline = format!("no connection to {}", route.unwrap_or_default());

    TransportError {
        stage: Stage::Connecting,
        cause,
        chain: vec![headline, why],
    }
}

/// A request that ended before its answer's head was there.
pub fn sending(error: reqwest::Error, progress: &Progress, target: &Target<'_>) -> TransportError {
    let error = error.without_url();
    if error.is_builder() {
        return unusable("the request can't be sent as it is".to_owned());
    }

    let timed_out = error.is_timeout();
    let stage = match (error.is_connect(), timed_out) {
        // Whatever else is known, nothing was sent.
        (true, _) => progress.stage().min(Stage::Securing),
        (false, true) => progress.settled(),
        (false, false) => Stage::Waiting,
    };

    let links = links(&error);
    let cause = if timed_out {
        Cause::TimedOut
    } else {
        cause(&links)
    };

    let route = match target
        .proxy
        .filter(|_| stage.is_before_send() && !progress.is_direct())
    {
        Some(proxy) => target.through(proxy),
        None => target.host.to_owned(),
    };

    let name = progress.name().unwrap_or_else(|| target.host.to_owned());

    // The machine that failed may be the proxy.
    let address = target.proxy.map(Endpoint::address).unwrap_or_default();
    let is_proxy = address
        .rsplit_once(':')
        .is_some_and(|(host, _)| host == name);
    let name = match is_proxy {
        true => format!("the proxy {address}"),
        false => name,
    };
    let headline = match (stage, cause) {
        (_, Cause::HostLimit) => format!(
            "this machine allows no connection to {} for want of threads, files or memory",
            target.host
        ),
        (Stage::Resolving, Cause::TimedOut) => {
            format!("the address of {name} was not found in time")
        }
        (Stage::Resolving, _) => format!("the address of {name} could not be found"),
        (Stage::Connecting, Cause::TimedOut) => format!("no connection to {route} in time"),
        (Stage::Connecting, _) => format!("no connection to {route}"),
        (Stage::Securing, Cause::TimedOut) => {
            format!("the TLS handshake with {route} did not end in time")
        }
        (Stage::Securing, Cause::Untrusted) => format!("the certificate of {route} is not trusted"),
        (Stage::Securing, _) => format!("the TLS handshake with {route} failed"),
        (_, Cause::TimedOut) => format!("{route} did not answer in time"),
        (_, Cause::Garbled) => format!("{route} answered with something that is not HTTP"),
        (_, Cause::TooLarge) => format!("the head of the answer of {route} is too large"),
        (_, _) => format!("the connection to {route} broke before an answer came"),
    };

    broken(stage, cause, headline, &links)
}

/// An answer whose body broke off.
pub fn reading(error: &io::Error, target: &Target<'_>) -> TransportError {
    let host = target.host;
    let links = links(error);
    let timed_out = links.iter().any(|link| {
        link.downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_timeout)
    });

    // Below hyper it is the connection or HTTP's own framing that failed; without it, decompression.
    let cause = match (
        timed_out,
        links.iter().any(|link| link.is::<hyper::Error>()),
    ) {
        (true, _) => Cause::TimedOut,
        (false, true) => Cause::Failed,
        (false, false) => Cause::Garbled,
    };

    let headline = match cause {
        Cause::TimedOut => format!("the answer of {host} did not end in time"),
        Cause::Garbled => format!("the answer of {host} could not be decompressed"),
        _ => format!("the answer of {host} broke off"),
    };

    broken(Stage::Reading, cause, headline, &links)
}

/// An answer larger than `limit` bytes.
pub fn too_large(limit: usize, target: &Target<'_>) -> TransportError {
    let headline = format!(
        "the answer of {} is larger than {} MiB",
        target.host,
        limit >> 20
    );
    TransportError {
        stage: Stage::Reading,
        cause: Cause::TooLarge,
        chain: vec![headline],
    }
}

/// A client that could not be built: its thread or its files were not to be had.
pub fn no_client(error: &reqwest::Error) -> TransportError {
    let links = links(error);
    let headline = "the HTTP client could not be started".to_owned();

    match cause(&links) {
        Cause::HostLimit => broken(Stage::Resolving, Cause::HostLimit, headline, &links),
        _ => unusable(format!("no HTTP client: {error}")),
    }
}

/// A client or a request that can't be built.
pub fn unusable(why: String) -> TransportError {
    TransportError {
        stage: Stage::Resolving,
        cause: Cause::Unusable,
        chain: vec![why],
    }
}

fn broken(
    stage: Stage,
    cause: Cause,
    headline: String,
    links: &[&(dyn Error + 'static)],
) -> TransportError {
    let mut chain = vec![headline];

    // The headline says all there is to a time that ran out.
    if cause != Cause::TimedOut
        && let Some(detail) = detail(links)
    {
        chain.push(detail);
    }

    TransportError {
        stage,
        cause,
        chain,
    }
}

fn cause(links: &[&(dyn Error + 'static)]) -> Cause {
    if links.iter().any(|link| is_host_limit(*link)) {
        return Cause::HostLimit;
    }

    let last = links.last().map(ToString::to_string).unwrap_or_default();
    if last == "tunnel error: proxy authorization required" {
        return Cause::ProxyRefused;
    }

    for link in links {
        if let Some(rustls::Error::InvalidCertificate(_)) = link.downcast_ref() {
            return Cause::Untrusted;
        }
        if let Some(error) = link
            .downcast_ref::<hyper::Error>()
            .filter(|error| error.is_parse())
        {
            // hyper has a method for this in servers only; a test holds it to these words.
            return if error.to_string().contains("too large") {
                Cause::TooLarge
            } else {
                Cause::Garbled
            };
        }
    }

    Cause::Failed
}

/// The system's error numbers for no more threads, memory, files of the machine and files of the process.
#[cfg(unix)]
const HOST_LIMITS: [i32; 4] = {
    use rustix::io::Errno;
    [
        Errno::AGAIN.raw_os_error(),
        Errno::NOMEM.raw_os_error(),
        Errno::NFILE.raw_os_error(),
        Errno::MFILE.raw_os_error(),
    ]
};
#[cfg(not(unix))]
const HOST_LIMITS: [i32; 0] = [];

/// True for an error of the system that gives no more threads, memory or files.
fn is_host_limit(error: &(dyn Error + 'static)) -> bool {
    let code = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::raw_os_error);
    code.is_some_and(|code| HOST_LIMITS.contains(&code))
}

/// An error and its sources, outermost first. `io::Error` hides what it wraps from `source`, so that is looked into.
fn links<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut links = Vec::new();
    let mut next = Some(error);
    while let Some(link) = next {
        links.push(link);
        next = match link
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => link.source(),
        };
    }

    links
}

/// Returns the innermost cause, in plain words. None of the layers puts credentials into its messages.
fn detail(links: &[&(dyn Error + 'static)]) -> Option<String> {
    let bottom = links.last()?;
    if let Some(error) = bottom.downcast_ref::<rustls::Error>() {
        return Some(match error {
            rustls::Error::InvalidCertificate(why) => tls::refusal(why),
            rustls::Error::AlertReceived(alert) => format!("the other side refused: {alert:?}"),
            // Not TLS at all: a plain HTTP server, say.
            rustls::Error::InvalidMessage(_) => "the other side does not speak TLS".to_owned(),
            other => other.to_string(),
        });
    }

    // hyper-util does not export the error of its CONNECT tunnel; its texts are all there is.
    let text = bottom.to_string();

    Some(match text.strip_prefix("tunnel error: ") {
        Some("proxy authorization required") => WANTS_PASSWORD.to_owned(),
        Some("unsuccessful") => "the proxy opened no tunnel".to_owned(),
        Some("unexpected end of file") => "the proxy closed the connection".to_owned(),
        Some(other) => format!("the proxy failed: {other}"),
        None => plain(&text),
    })
}

/// `Connection refused (os error 111)` as `connection refused`.
fn plain(text: &str) -> String {
    let text = text.split(" (os error ").next().unwrap_or(text);
    let mut letters = text.chars();
    match letters.next() {
        // Abbreviations keep their capitals.
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_io_error_wraps_is_found() {
        let inner = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::DecryptError);
        let outer = io::Error::other(inner);
        assert!(links(&outer).iter().any(|link| link.is::<rustls::Error>()));
    }

    #[test]
    fn system_errors_read_as_words() {
        assert_eq!(
            plain("Connection refused (os error 111)"),
            "connection refused"
        );
        assert_eq!(plain("TLS is gone"), "TLS is gone");
        assert_eq!(plain(""), "");
    }
}
