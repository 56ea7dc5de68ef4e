//! Connections that are opened ahead of need: when they are used, and that they never do harm.

use super::authority::Authority;
use super::loopback::{Server, broken, ok, plain, request, wire};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use zoom_runner::clock::{Clock, SystemClock};
use zoom_runner::http::client::{Connection, ReqwestClient};
use zoom_runner::http::{Body, Cause, Http, Method, Request, Stage};
use zoom_runner::protocol::secret::Secret;

static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::new("ours"));

/// A wire that trusts the authority.
fn trusting() -> ReqwestClient {
    ReqwestClient::new(Connection {
        ca_certificate: Some(AUTHORITY.pem()),
        ..plain()
    })
}

/// A server that speaks TLS and answers everything with `{}`; with each connection it does `first` first, and goes
/// on when that says so.
fn secure(
    host: &str,
    first: impl Fn(&mut super::loopback::Peer<std::net::TcpStream>) -> bool + Send + Sync + 'static,
) -> Server {
    let configuration = AUTHORITY.sign(host, |_| {}).server(rustls::ALL_VERSIONS);
    Server::start(move |mut peer| {
        if !first(&mut peer) {
            return;
        }
        let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
        while peer.request().is_some() {
            peer.say(&ok("{}"));
        }
    })
}

fn https(server: &Server) -> String {
    format!("https://localhost:{}/v2", server.port)
}

fn wait_until(condition: impl Fn() -> bool) {
    let clock = SystemClock::start();
    while !condition() {
        assert!(clock.now() < Duration::from_secs(5), "it did not happen");
        clock.sleep(Duration::from_millis(1));
    }
}

/// Lets what was started come to its end.
fn settle() {
    SystemClock::start().sleep(Duration::from_millis(100));
}

fn change(url: &str) -> Request {
    Request {
        body: Some(Body::Json("{}".into())),
        ..request(Method::Patch, url)
    }
}

#[test]
fn preconnect_opens_a_connection_that_the_next_request_uses() {
    let handshaken = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&handshaken);
    let configuration = AUTHORITY
        .sign("localhost", |_| {})
        .server(rustls::ALL_VERSIONS);
    let api = Server::start(move |peer| {
        let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
        while peer.stream.conn.is_handshaking() {
            peer.stream.conn.complete_io(&mut peer.stream.sock).unwrap();
        }
        seen.store(true, Ordering::SeqCst);
        while peer.request().is_some() {
            peer.say(&ok("{}"));
        }
    });
    // The token comes only when the other connection stands.
    let token = secure("localhost", move |_| {
        wait_until(|| handshaken.load(Ordering::SeqCst));
        true
    });
    let wire = trusting();
    wire.prepare(&https(&api));
    wire.send(&request(Method::Post, &https(&token))).unwrap();
    assert_eq!(api.requests().len(), 0);
    wire.send(&change(&https(&api))).unwrap();
    wire.send(&change(&https(&api))).unwrap();
    assert_eq!((token.connections(), token.requests().len()), (1, 1));
    assert_eq!((api.connections(), api.requests().len()), (1, 2));
}

#[test]
fn preconnect_sends_no_request() {
    let api = Server::answering(|_| ok("{}"));
    let wire = wire();
    wire.prepare(&api.url("/v2?a=b"));
    wire.prepare(&api.url("/v2?a=b"));
    wait_until(|| api.connections() == 1);
    drop(wire);
    settle();
    assert_eq!((api.connections(), api.requests().len()), (1, 0));
}

#[test]
fn preconnected_connection_closed_meanwhile_is_replaced_even_for_a_change() {
    for speaks in [b"".as_slice(), b"HTTP/1.1 408 Request Timeout\r\n\r\n"] {
        let api = Server::start(move |mut peer| {
            if peer.number == 0 {
                peer.say(speaks);
                return;
            }
            while peer.request().is_some() {
                peer.say(&ok("{}"));
            }
        });
        let wire = wire();
        wire.prepare(&api.url("/"));
        settle();
        assert_eq!(wire.send(&change(&api.url("/"))).unwrap().status, 200);
        assert_eq!((api.connections(), api.requests().len()), (2, 1));
    }
}

#[test]
fn preconnected_tls_connection_closed_meanwhile_is_replaced_even_for_a_change() {
    let configuration = AUTHORITY
        .sign("localhost", |_| {})
        .server(rustls::ALL_VERSIONS);
    let api = Server::start(move |peer| {
        let number = peer.number;
        let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
        if number == 0 {
            while peer.stream.conn.is_handshaking() {
                peer.stream.conn.complete_io(&mut peer.stream.sock).unwrap();
            }
            peer.stream.conn.send_close_notify();
            peer.say(b"");
            return;
        }
        while peer.request().is_some() {
            peer.say(&ok("{}"));
        }
    });
    let wire = trusting();
    wire.prepare(&https(&api));
    settle();
    assert_eq!(wire.send(&change(&https(&api))).unwrap().status, 200);
    assert_eq!((api.connections(), api.requests().len()), (2, 1));
}

#[test]
fn failed_preconnect_is_repeated_by_the_request() {
    let api = secure("localhost", |peer| peer.number > 0);
    let wire = trusting();
    wire.prepare(&https(&api));
    for _ in 0..2 {
        assert_eq!(wire.send(&change(&https(&api))).unwrap().status, 200);
    }
    assert_eq!((api.connections(), api.requests().len()), (2, 2));
}

#[test]
fn hanging_preconnect_ends_with_the_request_and_gives_its_phase() {
    let api = secure("localhost", |peer| {
        peer.hang();
        false
    });
    let wire = trusting();
    let clock = SystemClock::start();
    wire.prepare(&https(&api));
    wait_until(|| api.connections() == 1);
    let broken = broken(&wire, &https(&api), 300);
    assert_eq!(
        (broken.stage, broken.cause),
        (Stage::Securing, Cause::TimedOut),
        "{:?}",
        broken.chain
    );
    assert!(clock.now() < Duration::from_millis(1500));
    drop(wire);
    assert!(clock.now() < Duration::from_millis(1500));
    assert_eq!(api.connections(), 1);
}

#[test]
fn preconnect_accepts_no_untrusted_certificate() {
    let api = secure("zoom.example", |_| true);
    let wire = trusting();
    wire.prepare(&https(&api));
    settle();
    let broken = broken(&wire, &https(&api), 5000);
    assert_eq!(
        (broken.stage, broken.cause),
        (Stage::Securing, Cause::Untrusted),
        "{:?}",
        broken.chain
    );
    assert_eq!(api.requests().len(), 0);
}

#[test]
fn preconnect_leaves_a_pooled_host_alone() {
    let api = Server::answering(|_| ok("{}"));
    let wire = wire();
    wire.send(&request(Method::Get, &api.url("/"))).unwrap();
    wire.prepare(&api.url("/"));
    settle();
    assert_eq!((api.connections(), api.requests().len()), (1, 1));
}

#[test]
fn preconnect_opens_one_connection_per_host() {
    let servers: Vec<_> = (0..3).map(|_| Server::answering(|_| ok("{}"))).collect();
    let wire = wire();
    for server in &servers {
        wire.prepare(&server.url("/"));
    }
    for server in servers.iter().rev() {
        wire.send(&request(Method::Get, &server.url("/"))).unwrap();
    }
    for server in &servers {
        assert_eq!((server.connections(), server.requests().len()), (1, 1));
    }
}

#[test]
fn preconnect_leaves_a_proxy_alone_which_must_not_be_asked_twice() {
    let proxy = Server::saying("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let proxy_url = Some(Secret::new(format!("http://127.0.0.1:{}", proxy.port)));
    let wire = ReqwestClient::new(Connection {
        proxy_url,
        ..plain()
    });

    wire.prepare("https://api.zoom.invalid/v2");
    settle();
    assert_eq!(proxy.connections(), 0);
    let broken = broken(&wire, "https://api.zoom.invalid/v2", 5000);
    assert_eq!(broken.cause, Cause::ProxyRefused);
    assert_eq!(proxy.connections(), 1);
}

#[test]
fn failed_preconnect_is_no_failure() {
    let wire = wire();
    for url in ["", "zoom.us", "ftp://127.0.0.1/", "http://127.0.0.1:1/"] {
        wire.prepare(url);
    }
    let bad = ReqwestClient::new(Connection {
        ca_certificate: Some("hello".into()),
        ..plain()
    });
    bad.prepare("https://127.0.0.1:1/");
    let server = Server::answering(|_| ok("{}"));
    assert_eq!(
        wire.send(&request(Method::Get, &server.url("/")))
            .unwrap()
            .status,
        200
    );
    assert_eq!(broken(&bad, &server.url("/"), 500).cause, Cause::Unusable);
}
