//! Faults on purpose, and the log of requests.

use crate::sandbox::client::{mint, request, send, start, zoom};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use zoom_runner::sandbox::{Fault, Sandbox};

/// Sends a request and reads until the connection ends, for half a second at most.
fn raw(sandbox: &Sandbox) -> (Vec<u8>, Option<ErrorKind>) {
    let mut stream = TcpStream::connect(sandbox.url().split("//").last().unwrap()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    stream
        .write_all(request(sandbox, "GET", "/v2/users", &[], "").as_bytes())
        .unwrap();
    let mut bytes = Vec::new();
    let error = stream
        .read_to_end(&mut bytes)
        .err()
        .map(|error| error.kind());
    (bytes, error)
}

fn faulty(fault: &str) -> Sandbox {
    start(|options| options.fault.push(fault.parse().unwrap()))
}

#[test]
fn a_cut_answer_promises_a_thousand_bytes_and_ends_after_a_few() {
    let sandbox = faulty("cut:1");
    for _ in 0..3 {
        let (bytes, error) = raw(&sandbox);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(head.contains("content-length: 1000"), "{head}");
        assert_eq!(body, "{\"id\":");
        assert!(
            !matches!(error, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
            "the connection did not end"
        );
    }
    assert!(sandbox.requests().iter().all(|request| request.status == 0));
}

#[test]
fn a_hanging_answer_never_begins() {
    let sandbox = faulty("hang:1");
    let (bytes, error) = raw(&sandbox);
    assert!(
        bytes.is_empty() && matches!(error, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
        "{error:?}"
    );
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn a_status_that_was_asked_for_comes_in_zooms_form() {
    let answer = |fault: &str| send(&faulty(fault), "GET", "/v2/users", &[], "");
    assert_eq!(answer("503:1").code(), (503, 503));
    assert_eq!(answer("401:1").code(), (401, 124));
    let limited = answer("429:1");
    assert_eq!(limited.code(), (429, 429));
    assert!(
        limited.json()["message"]
            .as_str()
            .unwrap()
            .contains("per-second rate limit")
    );
    assert_eq!(
        (
            limited.headers["x-ratelimit-type"].as_str(),
            limited.headers["x-ratelimit-category"].as_str()
        ),
        ("QPS", "Medium")
    );
    assert_eq!(mint(&faulty("500:1")).json()["error"], "fault");
}

#[test]
fn faults_strike_for_their_share_and_the_same_seed_strikes_alike() {
    let strikes = |seed: u64| -> Vec<u16> {
        let sandbox = start(|options| {
            options.seed = seed;
            options.fault.push("503:0.5".parse().unwrap());
        });
        (0..40)
            .map(|_| send(&sandbox, "GET", "/v2/users", &[], "").status)
            .collect()
    };
    let first = strikes(1);
    assert_eq!(first, strikes(1));
    assert_ne!(first, strikes(2));
    let struck = first.iter().filter(|status| **status == 503).count();
    assert!((8..=32).contains(&struck), "{struck} of 40");
}

#[test]
fn what_is_no_fault_is_refused() {
    for text in [
        "503",
        "503:2",
        "503:-1",
        "503:x",
        "200:0.5",
        "sleep:0.1",
        "",
        ":",
    ] {
        assert!(text.parse::<Fault>().is_err(), "{text}");
    }
}

#[test]
fn answers_are_held_back_for_the_latency() {
    let sandbox = start(|options| options.latency = 60);
    let since = Instant::now();
    mint(&sandbox);
    assert!(
        since.elapsed() >= Duration::from_millis(60),
        "{:?}",
        since.elapsed()
    );
}

#[test]
fn requests_and_connections_are_counted() {
    let zoom = zoom(|_| {});
    assert_eq!(zoom.sandbox.connections(), 1);
    zoom.change("/meetings/85746065432", json!({"agenda": "x"}));
    assert_eq!(zoom.code("GET", "/users/nobody%40example.com").0, 404);
    assert_eq!(zoom.sandbox.connections(), 3);
    let log: Vec<_> = zoom
        .sandbox
        .requests()
        .into_iter()
        .map(|one| (one.method, one.target, one.status, one.code))
        .collect();
    let wanted = [
        ("POST", "/oauth/token", 200, None),
        ("PATCH", "/v2/meetings/85746065432", 204, None),
        ("GET", "/v2/users/nobody%40example.com", 404, Some(1001)),
    ];
    assert_eq!(
        log,
        wanted.map(|(method, target, status, code)| (
            method.to_owned(),
            target.to_owned(),
            status,
            code
        ))
    );
    assert_eq!(zoom.sandbox.requests()[1].body, "{\"agenda\":\"x\"}");
}

#[test]
fn a_connection_serves_many_requests_without_delay() {
    let zoom = zoom(|_| {});
    let before = zoom.sandbox.connections();
    let mut stream = TcpStream::connect(zoom.sandbox.url().split("//").last().unwrap()).unwrap();
    let since = Instant::now();
    for _ in 0..20 {
        let head = format!(
            "GET /v2/meetings/1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
            zoom.token
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut text = Vec::new();
        let mut piece = [0; 4096];
        while !text.ends_with(b"}") {
            let length = stream.read(&mut piece).unwrap();
            assert!(length > 0);
            text.extend_from_slice(&piece[..length]);
        }
    }
    // A delayed acknowledgement would cost 40 ms each time.
    assert!(
        since.elapsed() < Duration::from_millis(700),
        "{:?}",
        since.elapsed()
    );
    assert_eq!(zoom.sandbox.connections(), before + 1);
}

#[test]
fn a_dropped_sandbox_does_not_answer_any_more() {
    let sandbox = faulty("hang:1");
    let address = sandbox.url().split("//").last().unwrap().to_owned();
    let hanging = TcpStream::connect(&address).unwrap();
    drop(sandbox);
    let since = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(since.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(hanging);
}

#[test]
fn a_port_that_is_taken_is_said() {
    let sandbox = start(|_| {});
    let port = sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    let second = Sandbox::start(zoom_runner::sandbox::Options {
        port,
        ..Default::default()
    });
    assert_eq!(second.err().unwrap().kind(), ErrorKind::AddrInUse);
}

#[test]
fn with_tls_it_speaks_https_only() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["127.0.0.1".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let identity =
        zoom_runner::sandbox::Identity::of(&certificate.pem(), &key.serialize_pem()).unwrap();
    let sandbox = start(|options| options.tls = Some(identity));
    assert!(sandbox.url().starts_with("https://127.0.0.1:"));
    assert_eq!(sandbox.resource()["ca_certificate"], certificate.pem());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.der().clone()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let client =
        rustls::ClientConnection::new(config.into(), "127.0.0.1".try_into().unwrap()).unwrap();
    let address = sandbox.url().split("//").last().unwrap();
    // One that never shakes hands holds up nobody.
    let _silent = TcpStream::connect(address).unwrap();
    let mut stream = rustls::StreamOwned::new(client, TcpStream::connect(address).unwrap());
    stream
        .write_all(request(&sandbox, "GET", "/v2/users", &[], "").as_bytes())
        .unwrap();
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    assert!(text.starts_with("HTTP/1.1 401 "), "{text}");
    assert!(!raw(&sandbox).0.starts_with(b"HTTP"));
    assert_eq!(sandbox.connections(), 3);
    for (certificate, key) in [
        ("", key.serialize_pem()),
        (certificate.pem().as_str(), String::new()),
    ] {
        assert!(zoom_runner::sandbox::Identity::of(certificate, &key).is_err());
    }
    assert!(
        "nowhere.pem"
            .parse::<zoom_runner::sandbox::Identity>()
            .is_err()
    );
    assert!(
        "nowhere.pem,key.pem"
            .parse::<zoom_runner::sandbox::Identity>()
            .unwrap_err()
            .contains("nowhere.pem")
    );
}
