//! The wire over TLS and through proxies: which certificates are accepted, how each failure is reported, what a
//! proxy gets to see.

use super::authority::{Authority, Identity};
use super::loopback::{Server, broken, header, ok, plain, request, wire};
use crate::harness::{SECRET, program, start, wait};
use serde_json::json;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use zoom_runner::clock::{Clock, SystemClock};
use zoom_runner::http::client::{Connection, ReqwestClient};
use zoom_runner::http::{Cause, Http, Method, Request, Stage, TransportError};
use zoom_runner::protocol::secret::Secret;

/// The answer of the servers, to a request for a token and to any other.
const ANSWER: &str = r#"{"access_token":"canary-token-9876543210","expires_in":3599,"id":"x"}"#;

static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::new("ours"));

/// A server that speaks TLS as `identity` and answers everything with [`ANSWER`].
fn secure(identity: &Identity) -> Server {
    let configuration = identity.server(rustls::ALL_VERSIONS);
    Server::start(move |peer| {
        let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
        while peer.request().is_some() {
            peer.say(&ok(ANSWER));
        }
    })
}

/// A wire that trusts the authority.
fn trusting() -> ReqwestClient {
    ReqwestClient::new(Connection {
        ca_certificate: Some(AUTHORITY.pem()),
        ..plain()
    })
}

fn https(server: &Server, host: &str) -> String {
    format!("https://{host}:{}/v2", server.port)
}

fn status(wire: &ReqwestClient, url: &str) -> u16 {
    wire.send(&request(Method::Get, url)).unwrap().status
}

#[track_caller]
fn assert_broken(broken: &TransportError, stage: Stage, cause: Cause, words: &str) {
    assert_eq!(
        (broken.stage, broken.cause),
        (stage, cause),
        "{:?}",
        broken.chain
    );
    let text = broken.chain.join(": ");
    assert!(text.contains(words), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn certificate_of_the_given_authority_is_accepted() {
    for host in ["localhost", "127.0.0.1"] {
        let server = secure(&AUTHORITY.sign(host, |_| {}));
        assert_eq!(status(&trusting(), &https(&server, host)), 200);
    }
}

#[test]
fn any_of_several_given_certificates_is_enough() {
    let pem = format!(
        "Some authority\n{}\n\n{}",
        Authority::new("theirs").pem(),
        AUTHORITY.pem()
    );
    let wire = ReqwestClient::new(Connection {
        ca_certificate: Some(pem),
        ..plain()
    });
    let server = secure(&AUTHORITY.sign("localhost", |_| {}));
    assert_eq!(status(&wire, &https(&server, "localhost")), 200);
}

#[test]
fn tls_1_2_and_1_3_are_spoken() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let configuration = AUTHORITY.sign("localhost", |_| {}).server(&[version]);
        let server = Server::start(move |peer| {
            let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
            peer.request();
            peer.say(&ok(ANSWER));
        });
        assert_eq!(status(&trusting(), &https(&server, "localhost")), 200);
    }
}

#[test]
fn untrusted_certificate_is_refused_with_the_reason() {
    let cases = [
        (
            AUTHORITY.sign("zoom.example", |_| {}),
            "for another host: zoom.example",
        ),
        (
            AUTHORITY.sign("localhost", super::authority::expired),
            "expired",
        ),
        (
            AUTHORITY.sign("localhost", super::authority::early),
            "not valid yet",
        ),
        (
            Authority::new("theirs").sign("localhost", |_| {}),
            "issuer is not trusted",
        ),
        (
            super::authority::self_signed("localhost", false),
            "issuer is not trusted",
        ),
        (
            super::authority::self_signed("localhost", true),
            "self-signed",
        ),
    ];
    for (identity, words) in cases {
        let server = secure(&identity);
        let broken = broken(&trusting(), &https(&server, "localhost"), 5000);
        assert_broken(&broken, Stage::Securing, Cause::Untrusted, words);
        assert!(
            broken.chain[0].contains(&format!("localhost:{}", server.port)),
            "{:?}",
            broken.chain
        );
        assert_eq!(server.requests().len(), 0, "nothing may be sent");
    }
}

#[test]
fn private_authority_is_not_trusted_unless_given() {
    let server = secure(&AUTHORITY.sign("localhost", |_| {}));
    let broken = broken(&wire(), &https(&server, "localhost"), 5000);
    assert_broken(
        &broken,
        Stage::Securing,
        Cause::Untrusted,
        "issuer is not trusted",
    );
}

#[test]
fn self_signed_certificate_can_be_given_itself() {
    // `openssl req -x509` marks it as an authority's.
    for authority in [false, true] {
        let identity = super::authority::self_signed("localhost", authority);
        let wire = ReqwestClient::new(Connection {
            ca_certificate: Some(identity.pem.clone()),
            ..plain()
        });
        assert_eq!(status(&wire, &https(&secure(&identity), "localhost")), 200);
    }
}

#[test]
fn given_certificate_still_has_to_fit_host_and_time() {
    let other = super::authority::self_signed("zoom.example", true);
    let old = super::authority::self_signed_with("localhost", true, super::authority::expired);
    for (given, shown, words) in [
        (&other, &other, "another host"),
        (&old, &old, "expired"),
        (
            &other,
            &super::authority::self_signed("localhost", true),
            "authority",
        ),
    ] {
        let wire = ReqwestClient::new(Connection {
            ca_certificate: Some(given.pem.clone()),
            ..plain()
        });
        let broken = broken(&wire, &https(&secure(shown), "localhost"), 5000);
        assert_broken(&broken, Stage::Securing, Cause::Untrusted, words);
    }
}

#[test]
fn any_certificate_is_accepted_without_verification() {
    let wire = ReqwestClient::new(Connection {
        verify_certificate: false,
        ..plain()
    });
    let cases = [
        AUTHORITY.sign("zoom.example", |_| {}),
        AUTHORITY.sign("localhost", super::authority::expired),
        Authority::new("theirs").sign("localhost", |_| {}),
        super::authority::self_signed("localhost", false),
        super::authority::self_signed("localhost", true),
    ];
    for identity in cases {
        assert_eq!(status(&wire, &https(&secure(&identity), "localhost")), 200);
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let configuration = identity.server(&[version]);
            let server = Server::start(move |peer| {
                let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
                peer.request();
                peer.say(&ok(ANSWER));
            });
            assert_eq!(status(&wire, &https(&server, "localhost")), 200);
        }
    }
}

#[test]
fn silent_tls_peer_times_out() {
    let server = Server::start(|mut peer| peer.hang());
    let clock = SystemClock::start();
    let broken = broken(&trusting(), &https(&server, "localhost"), 300);
    assert_broken(&broken, Stage::Securing, Cause::TimedOut, "TLS handshake");
    let took = clock.now().as_millis();
    assert!((300..1500).contains(&took), "{took} ms");
}

#[test]
fn broken_handshake_sent_nothing() {
    let closing = Server::start(drop);
    let not_tls = Server::start(|mut peer| {
        peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.hang();
    });
    for (server, words) in [(closing, "TLS handshake"), (not_tls, "does not speak TLS")] {
        let broken = broken(&trusting(), &https(&server, "localhost"), 5000);
        assert_broken(&broken, Stage::Securing, Cause::Failed, words);
    }
}

#[test]
fn peer_silent_after_the_handshake_may_have_done_it() {
    let configuration = AUTHORITY
        .sign("localhost", |_| {})
        .server(rustls::ALL_VERSIONS);
    let server = Server::start(move |peer| {
        peer.map(|stream| super::authority::accept(stream, &configuration))
            .hang()
    });
    let broken = broken(&trusting(), &https(&server, "localhost"), 500);
    assert_broken(
        &broken,
        Stage::Waiting,
        Cause::TimedOut,
        "did not answer in time",
    );
}

// Proxies. The hosts behind them do not exist: if the wire went there by itself, it would not resolve.

const BEHIND: &str = "https://api.zoom.invalid/v2";

fn through(server: &Server, credentials: &str) -> Connection {
    let url = format!("http://{credentials}127.0.0.1:{}", server.port);
    Connection {
        ca_certificate: Some(AUTHORITY.pem()),
        proxy_url: Some(Secret::new(url)),
        ..plain()
    }
}

/// A proxy that is the host behind it, too.
fn proxy(identity: &Identity) -> Server {
    let configuration = identity.server(rustls::ALL_VERSIONS);
    Server::start(move |mut peer| {
        peer.request();
        peer.say(b"HTTP/1.1 200 Connection established\r\nVia: me\r\n\r\n");
        let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
        while peer.request().is_some() {
            peer.say(&ok(ANSWER));
        }
    })
}

#[test]
fn proxy_gets_connect_and_its_credentials_and_nothing_else() {
    let server = proxy(&AUTHORITY.sign("api.zoom.invalid", |_| {}));
    let wire = ReqwestClient::new(through(&server, "user:hunter2%40%3a@"));
    assert_eq!(status(&wire, BEHIND), 200);
    assert_eq!(status(&wire, BEHIND), 200);
    // The first tunnel shows that the proxy opens one.
    let [asked, connect, first, second] = server.requests().try_into().unwrap();
    for connect in [asked, connect] {
        assert!(
            connect.starts_with("CONNECT api.zoom.invalid:443 HTTP/1.1\r\n"),
            "{connect}"
        );
        // base64 of `user:hunter2@:`.
        assert_eq!(
            header(&connect, "proxy-authorization"),
            Some("Basic dXNlcjpodW50ZXIyQDo=")
        );
    }
    for request in [first, second] {
        assert!(request.starts_with("GET /v2 HTTP/1.1\r\n"), "{request}");
        assert_eq!(header(&request, "proxy-authorization"), None);
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn proxy_without_credentials_gets_none() {
    let server = proxy(&AUTHORITY.sign("api.zoom.invalid", |_| {}));
    assert_eq!(
        status(
            &ReqwestClient::new(through(&server, "")),
            "https://api.zoom.invalid:8443/v2"
        ),
        200
    );
    let connect = server.requests().remove(0);
    assert!(
        connect.starts_with("CONNECT api.zoom.invalid:8443 HTTP/1.1\r\n"),
        "{connect}"
    );
    assert_eq!(header(&connect, "proxy-authorization"), None);
}

#[test]
fn host_behind_a_proxy_is_verified() {
    let server = proxy(&AUTHORITY.sign("other.invalid", |_| {}));
    let broken = broken(&ReqwestClient::new(through(&server, "")), BEHIND, 5000);
    assert_broken(
        &broken,
        Stage::Securing,
        Cause::Untrusted,
        "for another host",
    );
}

#[test]
fn proxy_that_does_not_connect_is_named() {
    for (answer, cause, words) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
            Cause::ProxyRefused,
            "password (407)",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\n\r\n",
            Cause::ProxyRefused,
            "does not allow the connection (403)",
        ),
        (
            "HTTP/1.1 502 Bad Gateway\r\n\r\n",
            Cause::Failed,
            "the proxy answered 502",
        ),
        (
            "HTTP/1.0 404 Not Found\r\n\r\n",
            Cause::Failed,
            "the proxy answered 404",
        ),
        ("", Cause::Failed, "the proxy closed the connection"),
    ] {
        let server = Server::saying(answer);
        let broken = broken(
            &ReqwestClient::new(through(&server, "user:hunter2@")),
            BEHIND,
            5000,
        );
        assert_broken(&broken, Stage::Connecting, cause, words);
        let whole = format!(
            "api.zoom.invalid:443 through the proxy 127.0.0.1:{}",
            server.port
        );
        assert!(broken.chain[0].contains(&whole), "{:?}", broken.chain);
    }
}

#[test]
fn hanging_proxy_times_out() {
    let silent = Server::start(|mut peer| peer.hang());
    let half = Server::start(|mut peer| {
        peer.request();
        peer.say(b"HTTP/1.1 200");
        peer.hang();
    });
    for server in [silent, half] {
        let broken = broken(
            &ReqwestClient::new(through(&server, "user:hunter2@")),
            BEHIND,
            300,
        );
        assert_broken(
            &broken,
            Stage::Connecting,
            Cause::TimedOut,
            "through the proxy 127.0.0.1:",
        );
    }
    let deaf = Server::start(|mut peer| {
        peer.request();
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n");
        peer.hang();
    });
    let broken = broken(&ReqwestClient::new(through(&deaf, "")), BEHIND, 300);
    assert_broken(
        &broken,
        Stage::Securing,
        Cause::TimedOut,
        "through the proxy 127.0.0.1:",
    );
}

#[test]
fn absent_proxy_is_named() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let at = |host: &str| {
        let url = format!("http://user:hunter2@{host}:{port}");
        ReqwestClient::new(Connection {
            proxy_url: Some(Secret::new(url)),
            ..plain()
        })
    };
    let refused = broken(&at("127.0.0.1"), BEHIND, 5000);
    assert_broken(
        &refused,
        Stage::Connecting,
        Cause::Failed,
        "connection refused",
    );
    assert!(
        refused.chain[0].contains(&format!("through the proxy 127.0.0.1:{port}")),
        "{:?}",
        refused.chain
    );
}

#[test]
fn loopback_is_never_proxied() {
    let proxy = Server::saying("");
    let server = secure(&AUTHORITY.sign("localhost", |_| {}));
    let plain = Server::answering(|_| ok("{}"));
    let wire = ReqwestClient::new(through(&proxy, ""));
    assert_eq!(status(&wire, &https(&server, "localhost")), 200);
    assert_eq!(status(&wire, &plain.url("/")), 200);
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let refused = broken(&wire, &format!("https://127.0.0.1:{port}/"), 5000);
    assert_broken(
        &refused,
        Stage::Connecting,
        Cause::Failed,
        "connection refused",
    );
    assert!(!refused.chain[0].contains("proxy"), "{:?}", refused.chain);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn proxy_is_not_named_for_a_failure_of_the_host_behind_it() {
    let configuration = AUTHORITY
        .sign("api.zoom.invalid", |_| {})
        .server(rustls::ALL_VERSIONS);
    let server = Server::start(move |mut peer| {
        peer.request();
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n");
        peer.map(|stream| super::authority::accept(stream, &configuration))
            .hang();
    });
    let broken = broken(&ReqwestClient::new(through(&server, "")), BEHIND, 500);
    assert_broken(
        &broken,
        Stage::Waiting,
        Cause::TimedOut,
        "api.zoom.invalid:443 did not answer in time",
    );
}

// The environment: the program is started with one of its own.

/// Runs an action against `url` with these variables, and expects it to succeed.
#[track_caller]
fn run_with(url: &str, variables: &[(&str, &str)]) {
    let resource = json!({
        "token_url": url, "api_url": url, "client_id": "id", "client_secret": SECRET, "account_id": "a", "timeout": 5,
    });
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "me"}, "resource": resource});
    let mut command = program();
    command.envs(variables.iter().copied());
    let ran = wait(
        start(command, request.to_string().as_bytes()),
        Instant::now(),
    );
    assert_eq!(ran.code(), "success", "{ran:?}");
}

/// A directory for one test's files.
fn directory(name: &str) -> std::path::PathBuf {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("tls-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn roots_of_ssl_cert_file_and_ssl_cert_dir_are_trusted() {
    let directory = directory("roots");
    let file = directory.join("root.pem");
    std::fs::write(&file, AUTHORITY.pem()).unwrap();
    let server = secure(&AUTHORITY.sign("127.0.0.1", |_| {}));
    let url = format!("https://127.0.0.1:{}", server.port);
    let both = format!("/nonexistent:{}", directory.display());
    run_with(&url, &[("SSL_CERT_FILE", file.to_str().unwrap())]);
    run_with(
        &url,
        &[("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", &both)],
    );
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn proxies_of_the_environment_count_and_no_proxy_excepts() {
    let directory = directory("proxies");
    let file = directory.join("root.pem");
    std::fs::write(&file, AUTHORITY.pem()).unwrap();
    let roots = ("SSL_CERT_FILE", file.to_str().unwrap());
    let server = proxy(&AUTHORITY.sign("api.zoom.invalid", |_| {}));
    let proxy = format!("http://user:hunter2@127.0.0.1:{}", server.port);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let before = server.connections();
        let elsewhere = ("NO_PROXY", "zoom.us, api.invalid");
        run_with(
            "https://api.zoom.invalid",
            &[roots, (name, &proxy), elsewhere],
        );
        assert!(server.connections() > before, "{name}");
    }

    // The address of any host here is no loopback address, but leads to one.
    let before = server.connections();
    let direct = secure(&AUTHORITY.sign("0.0.0.0", |_| {}));
    let url = format!("https://0.0.0.0:{}", direct.port);
    for (name, except) in [
        ("NO_PROXY", "0.0.0.0"),
        ("no_proxy", "0.0.0.0,zoom.us"),
        ("NO_PROXY", "*"),
    ] {
        run_with(&url, &[roots, ("HTTPS_PROXY", &proxy), (name, except)]);
    }
    // A loopback address is never asked for through a proxy.
    let host = Server::answering(|_| ok(ANSWER));
    run_with(&host.url(""), &[("HTTP_PROXY", &proxy)]);
    assert_eq!(server.connections(), before);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn attempt_timeout_covers_a_slow_answer_over_tls() {
    let configuration = AUTHORITY
        .sign("localhost", |_| {})
        .server(rustls::ALL_VERSIONS);
    let server = Server::start(move |peer| {
        let mut peer = peer.map(|stream| super::authority::accept(stream, &configuration));
        peer.request();
        peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{");
        peer.hang();
    });
    let request = Request {
        timeout: Duration::from_millis(400),
        ..request(Method::Get, &https(&server, "localhost"))
    };
    let broken = trusting().send(&request).unwrap_err();
    assert_broken(
        &broken,
        Stage::Reading,
        Cause::TimedOut,
        "did not end in time",
    );
}
