//! Asks a proxy for a tunnel once before reqwest does, to learn the status of a refusal: the error of reqwest's own tunnel
//! keeps it to itself, and a 403 must not be tried again while a 502 may. Begin with [`ask`].

use super::resolver::LookupFn;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;
use url::{Host, Url};

/// The most bytes of a proxy's answer that are read.
const MOST: u64 = 8192;

/// A proxy's answer to the request for a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It answered with this status; 200 opens the tunnel.
    Status(u16),
    /// Something failed before an answer; the request itself will tell what.
    None,
    /// It was silent for the whole time.
    Silent,
}

/// Asks `proxy`, an http one, for a tunnel to `host` (`host:port`), and waits for at most `limit`.
pub fn ask(proxy: &Url, host: &str, lookup: LookupFn, limit: Duration) -> Answer {
    let (give, take) = mpsc::channel();
    let (proxy, host) = (proxy.clone(), host.to_owned());

    // Looking a name up may hang; a thread that nobody joins lets go of it.
    let asking = std::thread::Builder::new().spawn(move || {
        let _ = give.send(status(&proxy, &host, lookup, limit));
    });
    if asking.is_err() {
        return Answer::None;
    }

    match take.recv_timeout(limit) {
        Ok(Some(status)) => Answer::Status(status),
        Ok(None) | Err(mpsc::RecvTimeoutError::Disconnected) => Answer::None,
        Err(mpsc::RecvTimeoutError::Timeout) => Answer::Silent,
    }
}

/// Opens the tunnel and returns the status of the answer.
fn status(proxy: &Url, host: &str, lookup: LookupFn, limit: Duration) -> Option<u16> {
    let port = proxy.port_or_known_default()?;
    let mut addresses: Vec<SocketAddr> = match proxy.host()? {
        Host::Domain(name) => lookup(name).ok()?,
        Host::Ipv4(address) => vec![(address, 0).into()],
        Host::Ipv6(address) => vec![(address, 0).into()],
    };
    addresses
        .iter_mut()
        .for_each(|address| address.set_port(port));
    let connect = |address| TcpStream::connect_timeout(address, limit).ok();
    let mut stream = addresses.iter().find_map(connect)?;
    stream.set_write_timeout(Some(limit)).ok()?;
    stream.set_read_timeout(Some(limit)).ok()?;

    let agent = concat!("zoom-runner/", env!("CARGO_PKG_VERSION"));
    let mut request = format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n");
    if !proxy.username().is_empty() || proxy.password().is_some() {
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, password) = (proxy.username(), proxy.password().unwrap_or_default());
        let basic = STANDARD.encode(format!("{}:{}", decoded(user), decoded(password)));
        request.push_str(&format!("Proxy-Authorization: Basic {basic}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).ok()?;

    let mut head = Vec::new();
    BufReader::new(stream.take(MOST))
        .read_until(b'\n', &mut head)
        .ok()?;
    let line = String::from_utf8(head).ok()?;
    let mut words = line.split_ascii_whitespace();
    words
        .next()
        .filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}
