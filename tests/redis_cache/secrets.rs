//! What nobody may see: in redis neither secret nor token in clear, on the streams no password of the server's.

use crate::harness::{SECRET, wait};
use crate::runs::{begin, first_takes, quick, run, source, traced, zoom};
use crate::server::{Redis, pretender, silent};
use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::Ordering;

/// A password that looks different in a URL.
const PASSWORD: &str = "canary/redis+pass";
const IN_A_URL: &str = "canary%2Fredis%2Bpass";

/// A word as it is, turned round, and coded.
fn forms(word: &str) -> Vec<String> {
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let percent: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url =
        percent_encoding::utf8_percent_encode(word, percent_encoding::NON_ALPHANUMERIC).to_string();
    let decimal = format!("{:?}", word.as_bytes());
    let mut forms = vec![
        word.to_owned(),
        word.chars().rev().collect(),
        percent,
        hex,
        url,
    ];
    forms.push(decimal.trim_matches(['[', ']']).to_owned());
    // At each of the three places that a word can have in base64.
    for shift in ["", "x", "xy"] {
        let coded = encode(&format!("{shift}{word}"));
        forms.push(coded[4..coded.len() - 4].to_owned());
    }
    forms
}

fn holds_none(bytes: &[u8], words: &[&str]) {
    for form in words.iter().flat_map(|word| forms(word)) {
        let found = bytes
            .windows(form.len())
            .any(|window| window == form.as_bytes());
        assert!(!found, "{form} in {}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn nothing_in_redis_holds_the_secret_or_a_token_in_clear_while_and_after_minting() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(true, first_takes(800));
    let (child, since) = begin(&zoom, &redis.url());
    crate::runs::await_mint(&minted, 1);
    let mut seen = redis.dump();
    source(&wait(child, since));
    seen.extend(redis.dump());
    minted.fetch_add(1, Ordering::SeqCst);
    run(&zoom, &redis.url());
    seen.extend(redis.dump());
    assert!(seen.len() >= 9, "{} things were kept", seen.len());
    for bytes in &seen {
        holds_none(
            bytes,
            &[
                SECRET,
                "canary-token-1",
                "canary-token-3",
                "account",
                "user:read",
                "127.0.0.1",
                "expires",
            ],
        );
    }
}

#[test]
fn a_sandboxed_run_leaves_no_token_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let mut command = crate::runs::with(&redis.url());
    command.arg("--sandbox");
    let child = crate::harness::start(command, br#"{"action": "list_users"}"#);
    assert_eq!(source(&wait(child, std::time::Instant::now())), "minted");
    assert_eq!(redis.keys(""), Vec::<String>::new());
}

/// The streams of a run with its cache at `url`, at the most talkative log level.
fn silent_about_the_password(url: &str) {
    let (zoom, _) = zoom(false, quick);
    let ran = traced(&zoom, url);
    for stream in [ran.stdout.as_bytes(), ran.stderr.as_bytes()] {
        holds_none(stream, &[PASSWORD, IN_A_URL, SECRET, "canary-token-1"]);
        // A piece of it would do harm too, where a URL is cut at the wrong place.
        holds_none(stream, &["redis+pass", "redis%2Bpass", "canary%2F"]);
    }
    assert!(
        ran.stderr.contains("redis"),
        "the log says nothing of redis: {}",
        ran.stderr
    );
}

#[test]
fn the_password_is_in_no_stream_whether_or_not_it_is_let_in() {
    let Some(redis) = Redis::with(&["--requirepass", PASSWORD]) else {
        return;
    };
    let (zoom, _) = zoom(true, quick);
    let right = format!("redis://:{IN_A_URL}@127.0.0.1:{}", redis.port);
    for token in ["minted", "cached"] {
        let ran = traced(&zoom, &right);
        assert!(
            ran.stdout.contains(&format!(r#""token":"{token}""#)),
            "{ran:?}"
        );
        for stream in [ran.stdout.as_bytes(), ran.stderr.as_bytes()] {
            holds_none(stream, &[PASSWORD, IN_A_URL, SECRET, "canary-token-1"]);
        }
    }
    let Some(other) = Redis::with(&["--requirepass", "another"]) else {
        return;
    };
    silent_about_the_password(&format!("redis://:{IN_A_URL}@127.0.0.1:{}", other.port));
    silent_about_the_password(&format!(
        "redis://{IN_A_URL}:{IN_A_URL}@127.0.0.1:{}",
        other.port
    ));
}

#[test]
fn a_server_that_repeats_the_password_in_its_refusal_is_not_quoted() {
    for (before, after) in [
        (
            "-ERR unknown command 'AUTH', with args beginning with: '",
            "'\r\n",
        ),
        ("-", " is no good\r\n"),
        ("+", "\r\n"),
        ("$17\r\n", "\r\n"),
        ("*1\r\n$17\r\n", "\r\n"),
        ("", "\r\n"),
    ] {
        silent_about_the_password(&format!(
            "redis://:{IN_A_URL}@{}",
            pretender(move |mut stream| {
                let mut bytes = [0; 4096];
                while let Ok(1..) = stream.read(&mut bytes) {
                    if stream
                        .write_all(format!("{before}{PASSWORD}{after}").as_bytes())
                        .is_err()
                    {
                        return;
                    }
                }
            })
            .trim_start_matches("redis://")
        ));
    }
}

#[test]
fn the_password_is_in_no_stream_when_there_is_no_server_or_the_url_is_none() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let hanging = silent();
    let hanging = hanging.trim_start_matches("redis://");
    for url in [
        format!("redis://:{IN_A_URL}@{closed}"),
        format!("redis://:{IN_A_URL}@{hanging}"),
        format!("rediss://:{IN_A_URL}@{hanging}"),
        format!("redis://:{IN_A_URL}@zoom-runner.invalid"),
        // Not encoded, as people write it: the host is what stands before the slash.
        format!("redis://:{PASSWORD}@{closed}"),
        format!("rediss://{PASSWORD}@{closed}"),
        format!("redis://user:{IN_A_URL}@{closed}:port"),
        format!("redis://:{IN_A_URL}@"),
        format!("redis://:{IN_A_URL}@{closed}/{IN_A_URL}"),
        format!("redis://{closed}/?protocol={IN_A_URL}"),
        format!("rediss://{closed}/#{PASSWORD}"),
        format!("redis:{PASSWORD}"),
        format!("REDIS:/:{PASSWORD}@{closed}"),
    ] {
        silent_about_the_password(&url);
    }
}

#[test]
fn tls_is_spoken_with_whom_the_system_trusts_and_with_nobody_else() {
    let scratch =
        std::env::temp_dir().join(format!("zoom-runner-redis-tls-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let path = |name: &str| scratch.join(name).to_str().unwrap().to_owned();
    std::fs::write(path("ca.pem"), authority.pem()).unwrap();
    std::fs::write(path("cert.pem"), certificate.pem()).unwrap();
    std::fs::write(path("key.pem"), key.serialize_pem()).unwrap();
    let (ca, certificate, key) = (path("ca.pem"), path("cert.pem"), path("key.pem"));
    let options = [
        "--tls-port",
        "{port}",
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
    ];
    let options = [
        &options[..],
        &["--tls-ca-cert-file", &ca, "--tls-auth-clients", "no"],
    ]
    .concat();
    let Some(redis) = Redis::with(&options) else {
        return;
    };
    let url = format!("rediss://localhost:{}", redis.port + 1);
    let (zoom, _) = zoom(true, quick);
    let trusting = || {
        let mut command = crate::runs::with(&url);
        command.env("SSL_CERT_FILE", &ca);
        wait(
            crate::harness::start(command, &crate::runs::request(&zoom, 20)),
            std::time::Instant::now(),
        )
    };
    assert_eq!(source(&trusting()), "minted");
    assert_eq!(source(&trusting()), "cached");
    let log = traced(&zoom, &url).stderr;
    assert!(log.contains("its certificate is not trusted"), "{log}");
    std::fs::remove_dir_all(scratch).unwrap();
}
