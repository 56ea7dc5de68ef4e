//! The wire against scripted loopback servers over plain HTTP: what is sent, what is read, how each break is reported.

use super::loopback::{Server, broken, header, ok, plain, request, wire};
use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use zoom_runner::clock::{Clock, SystemClock};
use zoom_runner::http::client::{Connection, MAX_BODY, ReqwestClient};
use zoom_runner::http::{Body, Cause, Credentials, Http, Method, Request, Stage};
use zoom_runner::protocol::secret::Secret;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[track_caller]
fn assert_broken(
    broken: &zoom_runner::http::TransportError,
    stage: Stage,
    cause: Cause,
    words: &str,
) {
    assert_eq!(
        (broken.stage, broken.cause),
        (stage, cause),
        "{:?}",
        broken.chain
    );
    let text = broken.chain.join(": ");
    assert!(text.contains(words), "{text}");
    assert!(
        !text.contains("http://127") && !text.contains('?'),
        "no URL: {text}"
    );
}

#[test]
fn get_carries_the_token_and_a_user_agent() {
    let server = Server::answering(|_| ok("{}"));
    let url = server.url("/v2/users/me%2F?page_size=300&a=%20b");
    let credentials = Some(Credentials::Bearer(Secret::new("t0ken".to_owned())));
    wire()
        .send(&Request {
            credentials,
            ..request(Method::Get, &url)
        })
        .unwrap();
    let sent = server.requests().remove(0);
    assert!(
        sent.starts_with("GET /v2/users/me%2F?page_size=300&a=%20b HTTP/1.1\r\n"),
        "{sent}"
    );
    assert_eq!(header(&sent, "authorization"), Some("Bearer t0ken"));
    assert_eq!(header(&sent, "accept"), Some("application/json"));
    assert_eq!(header(&sent, "accept-encoding"), Some("gzip"));
    assert_eq!(
        header(&sent, "user-agent"),
        Some(concat!("zoom-runner/", env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(
        header(&sent, "host"),
        Some(format!("127.0.0.1:{}", server.port).as_str())
    );
    assert_eq!(header(&sent, "content-type"), None);
    assert_eq!(header(&sent, "referer"), None);
}

#[test]
fn form_is_encoded_and_basic_credentials_are_not() {
    let server = Server::answering(|_| ok("{}"));
    let body = Body::Form(vec![
        ("grant_type".into(), "account_credentials".into()),
        ("a".into(), "x&y=z é".into()),
    ]);
    let credentials = Credentials::Basic {
        user: "id+/%".into(),
        password: Secret::new("s:e crét".into()),
    };
    let request = Request {
        credentials: Some(credentials),
        body: Some(body),
        ..request(Method::Post, &server.url("/"))
    };
    wire().send(&request).unwrap();
    let sent = server.requests().remove(0);
    assert!(sent.starts_with("POST / "), "{sent}");
    assert!(
        sent.ends_with("\r\n\r\ngrant_type=account_credentials&a=x%26y%3Dz+%C3%A9"),
        "{sent}"
    );
    assert_eq!(
        header(&sent, "content-type"),
        Some("application/x-www-form-urlencoded")
    );
    // base64 of `id+/%:s:e crét`.
    assert_eq!(
        header(&sent, "authorization"),
        Some("Basic aWQrLyU6czplIGNyw6l0")
    );
}

#[test]
fn json_body_is_sent_as_it_is() {
    for (method, name) in [
        (Method::Patch, "PATCH"),
        (Method::Put, "PUT"),
        (Method::Delete, "DELETE"),
    ] {
        let server = Server::answering(|_| b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
        let body = Some(Body::Json(r#"{"n": 12345678901234567890}"#.into()));
        let answer = wire()
            .send(&Request {
                body,
                ..request(method, &server.url("/x"))
            })
            .unwrap();
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        let sent = server.requests().remove(0);
        assert!(sent.starts_with(&format!("{name} /x ")), "{sent}");
        assert!(
            sent.ends_with("\r\n\r\n{\"n\": 12345678901234567890}"),
            "{sent}"
        );
        assert_eq!(header(&sent, "content-type"), Some("application/json"));
    }
}

#[test]
fn response_keeps_status_headers_and_body() {
    let server = Server::saying(
        b"HTTP/1.1 429 Too Many\r\nX-Zm-TrackingId: abc\r\nRetry-After: 3\r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Bytes: \xff\r\n\
          Transfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"
            .to_vec(),
    );
    let answer = wire()
        .send(&request(Method::Get, &server.url("/")))
        .unwrap();
    assert_eq!(answer.status, 429);
    let headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("x-zm-trackingid", "abc"),
        ("retry-after", "3"),
        ("x-twice", "1"),
        ("x-twice", "2"),
    ];
    assert_eq!(headers[..4], expected);
    assert!(!headers.iter().any(|(name, _)| *name == "x-bytes"));
    assert_eq!(answer.body, b"Wikipedia");
}

#[test]
fn redirect_is_returned_and_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::answering(move |_| {
            format!("HTTP/1.1 {status} Elsewhere\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
                .into_bytes()
        });
        let answer = wire()
            .send(&request(Method::Get, &server.url("/here")))
            .unwrap();
        assert_eq!(
            (answer.status, answer.header("location")),
            (status, Some("/there"))
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn gzip_body_is_decompressed() {
    let text = "zoom ".repeat(10_000);
    let body = gzip(text.as_bytes());
    let server = Server::answering(move |_| gzipped(&body));
    let answer = wire()
        .send(&request(Method::Get, &server.url("/")))
        .unwrap();
    assert_eq!(answer.body, text.as_bytes());
    assert_eq!(answer.header("content-encoding"), None);
}

#[test]
fn empty_gzip_body_is_empty() {
    for head in ["204 No Content\r\n", "200 OK\r\nContent-Length: 0\r\n"] {
        let server = Server::saying(format!("HTTP/1.1 {head}Content-Encoding: gzip\r\n\r\n"));
        assert_eq!(
            wire()
                .send(&request(Method::Get, &server.url("/")))
                .unwrap()
                .body,
            b""
        );
    }
}

#[test]
fn body_as_large_as_allowed_is_read() {
    let server = Server::answering(|_| ok(&"x".repeat(MAX_BODY)));
    assert_eq!(
        wire()
            .send(&request(Method::Get, &server.url("/")))
            .unwrap()
            .body
            .len(),
        MAX_BODY
    );
}

#[test]
fn body_with_too_large_a_length_is_not_read() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.say(
            format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                MAX_BODY + 1
            )
            .as_bytes(),
        );
        peer.hang();
    });
    let broken = broken(&wire(), &server.url("/"), 5000);
    assert_broken(
        &broken,
        Stage::Reading,
        Cause::TooLarge,
        "larger than 12 MiB",
    );
}

#[test]
fn endless_body_is_cut_at_the_limit() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
        while peer.stream.write_all(&chunk).is_ok() {}
    });
    let broken = broken(&wire(), &server.url("/"), 20_000);
    assert_broken(
        &broken,
        Stage::Reading,
        Cause::TooLarge,
        "larger than 12 MiB",
    );
}

#[test]
fn gzip_body_is_limited_by_its_unpacked_size() {
    let bomb = gzip(&vec![b' '; 2 * MAX_BODY]);
    assert!(bomb.len() < MAX_BODY / 100);
    let server = Server::answering(move |_| gzipped(&bomb));
    let broken = broken(&wire(), &server.url("/"), 20_000);
    assert_broken(
        &broken,
        Stage::Reading,
        Cause::TooLarge,
        "larger than 12 MiB",
    );
}

#[test]
fn body_that_breaks_off_is_an_error_of_its_phase() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{\"id\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ] {
        let server = Server::saying(answer);
        assert_broken(
            &broken(&wire(), &server.url("/"), 5000),
            Stage::Reading,
            Cause::Failed,
            "broke off",
        );
    }
}

#[test]
fn bad_gzip_is_a_decode_error() {
    let half = gzip("zoom ".repeat(1000).as_bytes());
    let half = &half[..half.len() / 2];
    for body in [b"not gzip at all".as_slice(), half] {
        let server = Server::saying(gzipped(body));
        let broken = broken(&wire(), &server.url("/"), 5000);
        assert_broken(
            &broken,
            Stage::Reading,
            Cause::Garbled,
            "could not be decompressed",
        );
    }
}

#[test]
fn answer_that_is_not_http_is_a_decode_error() {
    for answer in [
        "220 mail.example.com ESMTP\r\n",
        "\x15\x03\x01\x00\x02\x02\x46",
        "HTTP/3.7 hello\r\n\r\n",
    ] {
        let server = Server::saying(answer);
        assert_broken(
            &broken(&wire(), &server.url("/"), 5000),
            Stage::Waiting,
            Cause::Garbled,
            "not HTTP",
        );
    }
}

#[test]
fn head_that_is_too_large_is_not_read() {
    let many = "X-Many: 1\r\n".repeat(101);
    let long = format!("X-Long: {}\r\n", "x".repeat(2 << 20));
    for headers in [many, long] {
        let server = Server::saying(format!("HTTP/1.1 200 OK\r\n{headers}\r\n"));
        assert_broken(
            &broken(&wire(), &server.url("/"), 5000),
            Stage::Waiting,
            Cause::TooLarge,
            "head",
        );
    }
}

#[test]
fn connection_that_breaks_before_the_answer_may_have_done_it() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Le"] {
        let server = Server::saying(answer);
        let broken = broken(&wire(), &server.url("/"), 5000);
        assert_broken(
            &broken,
            Stage::Waiting,
            Cause::Failed,
            "broke before an answer came",
        );
    }
}

#[test]
fn attempt_timeout_covers_waiting_for_the_head() {
    let silent = Server::start(|mut peer| peer.hang());
    let slow = Server::start(|mut peer| {
        peer.request();
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: very, very slow\r\n"
            .iter()
            .cycle()
        {
            peer.say(&[*byte]);
            SystemClock::start().sleep(Duration::from_millis(50));
        }
    });
    for server in [silent, slow] {
        let clock = SystemClock::start();
        let broken = broken(&wire(), &server.url("/"), 300);
        assert_broken(
            &broken,
            Stage::Waiting,
            Cause::TimedOut,
            "did not answer in time",
        );
        let took = clock.now().as_millis();
        assert!((300..1500).contains(&took), "{took} ms");
    }
}

#[test]
fn attempt_timeout_covers_the_body() {
    for pause in [50, 60_000] {
        let server = Server::start(move |mut peer| {
            peer.request();
            peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            for _ in 0..1000 {
                peer.say(b" ");
                SystemClock::start().sleep(Duration::from_millis(pause));
            }
        });
        let clock = SystemClock::start();
        let broken = broken(&wire(), &server.url("/"), 300);
        assert_broken(
            &broken,
            Stage::Reading,
            Cause::TimedOut,
            "did not end in time",
        );
        let took = clock.now().as_millis();
        assert!((300..1500).contains(&took), "{took} ms");
    }
}

#[test]
fn client_works_on_after_an_error() {
    let server = Server::start(|mut peer| {
        if peer.number == 0 {
            peer.hang();
        }
        while peer.request().is_some() {
            peer.say(&ok("{}"));
        }
    });
    let wire = wire();
    assert_eq!(broken(&wire, &server.url("/"), 200).cause, Cause::TimedOut);
    assert_eq!(
        wire.send(&request(Method::Get, &server.url("/")))
            .unwrap()
            .status,
        200
    );
}

#[test]
fn refused_port_is_a_connect_error() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for host in ["127.0.0.1", "localhost"] {
        let broken = broken(&wire(), &format!("http://{host}:{port}/?secret=1"), 5000);
        assert_broken(
            &broken,
            Stage::Connecting,
            Cause::Failed,
            "connection refused",
        );
        assert!(
            broken.chain[0].contains(&format!("{host}:{port}")),
            "{:?}",
            broken.chain
        );
        assert!(broken.stage.is_before_send());
    }
}

#[test]
fn localhost_is_reached_by_name() {
    let server = Server::answering(|_| ok("{}"));
    let url = format!("http://localhost:{}/", server.port);
    assert_eq!(
        wire().send(&request(Method::Get, &url)).unwrap().status,
        200
    );
}

#[test]
fn ipv6_address_is_reached() {
    let Ok(server) = Server::on("::1", |mut peer| {
        peer.request();
        peer.say(&ok("{}"));
    }) else {
        return; // This machine has no IPv6.
    };
    let url = format!("http://[::1]:{}/", server.port);
    assert_eq!(
        wire().send(&request(Method::Get, &url)).unwrap().status,
        200
    );
    assert_eq!(
        header(&server.requests()[0], "host"),
        Some(format!("[::1]:{}", server.port).as_str())
    );
}

#[test]
fn consecutive_requests_share_a_connection() {
    let server = Server::answering(|_| ok("{}"));
    let wire = wire();
    for _ in 0..200 {
        wire.send(&request(Method::Get, &server.url("/"))).unwrap();
    }
    assert_eq!(server.requests().len(), 200);
    assert_eq!(server.connections(), 1);
}

#[test]
fn pooled_connection_that_was_closed_is_replaced() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.say(&ok("{}"));
    });
    let wire = wire();
    for method in [Method::Get, Method::Patch, Method::Patch] {
        assert_eq!(
            wire.send(&request(method, &server.url("/")))
                .unwrap()
                .status,
            200
        );
        SystemClock::start().sleep(Duration::from_millis(50));
    }
    assert_eq!((server.requests().len(), server.connections()), (3, 3));
}

#[test]
fn change_is_not_repeated_when_a_pooled_connection_breaks() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.say(&ok("{}"));
        peer.request();
    });
    let wire = wire();
    wire.send(&request(Method::Get, &server.url("/"))).unwrap();
    let body = Some(Body::Json("{}".into()));
    let broken = wire
        .send(&Request {
            body,
            ..request(Method::Patch, &server.url("/"))
        })
        .unwrap_err();
    assert_broken(
        &broken,
        Stage::Waiting,
        Cause::Failed,
        "broke before an answer came",
    );
    assert_eq!((server.requests().len(), server.connections()), (2, 1));
}

#[test]
fn threads_that_share_a_client_get_their_own_answers_and_phases() {
    let server = Server::answering(|request| ok(request.split(' ').nth(1).unwrap()));
    let silent = Server::start(|mut peer| peer.hang());
    let refused = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let wire = Arc::new(wire());
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (wire, server) = (&wire, &server);
            scope.spawn(move || {
                for i in 0..50 {
                    let path = format!("/{worker}/{i}");
                    let answer = wire
                        .send(&request(Method::Get, &server.url(&path)))
                        .unwrap();
                    assert_eq!(answer.body, path.as_bytes());
                }
            });
        }
        let (wire, silent) = (&wire, &silent);
        scope.spawn(move || assert_eq!(broken(wire, &silent.url("/"), 500).stage, Stage::Waiting));
        scope.spawn(move || {
            for _ in 0..50 {
                assert_eq!(
                    broken(wire, &format!("http://127.0.0.1:{refused}/"), 500).stage,
                    Stage::Connecting
                );
            }
        });
    });
    assert!(
        server.connections() <= 6,
        "{} connections",
        server.connections()
    );
}

#[test]
fn client_that_cannot_be_built_says_why_and_sends_nothing() {
    let server = Server::answering(|_| ok("{}"));
    let certificate = ReqwestClient::new(Connection {
        ca_certificate: Some("hello".into()),
        ..plain()
    });
    let proxy = ReqwestClient::new(Connection {
        proxy_url: Some(Secret::new("socks5://u:hunter2@p:1".into())),
        ..plain()
    });
    for (wire, words) in [(certificate, "ca_certificate"), (proxy, "proxy_url")] {
        for _ in 0..2 {
            let broken = broken(&wire, &server.url("/"), 5000);
            assert_broken(&broken, Stage::Resolving, Cause::Unusable, words);
            assert!(
                !format!(
                    "{broken:?}{:?}",
                    wire.send(&request(Method::Get, "http://x"))
                )
                .contains("hunter2")
            );
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn unsendable_request_is_refused_without_its_secrets() {
    let server = Server::answering(|_| ok("{}"));
    let credentials = Some(Credentials::Bearer(Secret::new("hunter2\n".to_owned())));
    let token = Request {
        credentials,
        ..request(Method::Get, &server.url("/"))
    };
    for request in [
        token,
        request(Method::Get, "not a url"),
        request(Method::Get, "ftp://127.0.0.1/"),
    ] {
        let broken = wire().send(&request).unwrap_err();
        assert_eq!(
            (broken.stage, broken.cause),
            (Stage::Resolving, Cause::Unusable)
        );
        assert!(!format!("{broken:?}").contains("hunter2"));
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn attempt_without_time_does_not_deny_what_it_sent() {
    let server = Server::answering(|_| ok("{}"));
    let request = Request {
        timeout: Duration::ZERO,
        ..request(Method::Get, &server.url("/"))
    };
    match wire().send(&request) {
        Ok(answer) => assert_eq!(answer.status, 200),
        Err(broken) => {
            assert_eq!(broken.cause, Cause::TimedOut);
            assert!(!broken.stage.is_before_send() || server.requests().is_empty());
        }
    }
}
