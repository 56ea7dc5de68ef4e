//! The resource, row by row of the contract's table.

use crate::harness::{Answer, Zoom, program, run, start, wait};
use serde_json::{Value, json};
use std::time::Instant;

fn zoom() -> Zoom {
    Zoom::start(|_, _| Answer::json(200, &json!({"id": "a"})))
}

fn request(resource: &Value) -> Value {
    json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource})
}

fn with(zoom: &Zoom, key: &str, value: Value) -> Value {
    let mut resource = zoom.resource();
    resource[key] = value;
    request(&resource)
}

#[test]
fn bad_resource_field_is_named() {
    let zoom = zoom();
    let rows = [
        ("client_id", json!(null)),
        ("client_id", json!("  ")),
        ("client_id", json!(["x"])),
        ("client_secret", json!("")),
        ("account_id", json!(null)),
        ("token_url", json!("zoom.us")),
        ("token_url", json!("http://zoom.us/")),
        ("token_url", json!("ftp://zoom.us/")),
        ("token_url", json!("https://user@zoom.us/")),
        ("token_url", json!("https://u:p@zoom.us/")),
        ("token_url", json!("https://zoom.us/?a=b")),
        ("token_url", json!("https://zoom.us/#x")),
        ("token_url", json!("https://")),
        ("api_url", json!("http://127.0.0.1.example.com/")),
        ("api_url", json!("http://10.0.0.1/")),
        ("api_url", json!("javascript:alert(1)")),
        ("api_url", json!(7)),
        ("timeout", json!(0)),
        ("timeout", json!(3601)),
        ("timeout", json!("soon")),
        ("timeout", json!(1.5)),
        ("verify_certificate", json!("perhaps")),
        ("ca_certificate", json!("not a certificate")),
        ("proxy_url", json!("socks5://proxy:1080")),
        ("proxy_url", json!("http://proxy:8080/path")),
        ("clientid", json!("x")),
    ];
    for (field, value) in rows {
        let ran = run(&with(&zoom, field, value.clone()));
        assert_eq!(ran.code(), "invalid_resource", "{field} {value}");
        let envelope = ran.envelope();
        assert_eq!(envelope["error"]["field"], field, "{envelope}");
        assert!(
            envelope["message"].as_str().unwrap().contains(field),
            "{envelope}"
        );
    }
    assert_eq!(zoom.log(), [""; 0]);
    let envelope = run(&with(&zoom, "clientid", json!("x"))).envelope();
    assert!(
        envelope["message"]
            .as_str()
            .unwrap()
            .contains("Did you mean \"client_id\"?"),
        "{envelope}"
    );
}

#[test]
fn proxy_password_is_not_repeated() {
    let ran = run(&with(
        &zoom(),
        "proxy_url",
        json!("http://u:pr0xy-pass@host:1/path"),
    ));
    assert_eq!(ran.code(), "invalid_resource");
    assert!(!ran.stdout.contains("pr0xy-pass"), "{}", ran.stdout);
}

#[test]
fn urls_are_taken_in_both_forms() {
    let zoom = zoom();
    let base = format!("http://127.0.0.1:{}", zoom.port);
    for (token, api) in [
        ("", ""),
        ("/", "/"),
        ("/oauth/token", "/v2"),
        ("/oauth/token/", "/v2/"),
    ] {
        let mut resource = zoom.resource();
        resource["token_url"] = json!(format!("{base}{token}"));
        resource["api_url"] = json!(format!("{base}{api}"));
        assert_eq!(run(&request(&resource)).code(), "success", "{token} {api}");
    }
    assert!(
        zoom.log()
            .chunks(2)
            .all(|pair| pair == ["POST /oauth/token", "GET /v2/users/a"]),
        "{:?}",
        zoom.log()
    );
}

#[test]
fn label_has_a_default_and_is_shown_with_a_bad_resource() {
    let zoom = zoom();
    assert_eq!(
        run(&with(&zoom, "label", json!(null))).envelope()["label"],
        "Zoom"
    );
    assert_eq!(
        run(&request(&json!({"label": "Prod"}))).envelope()["label"],
        "Prod"
    );
}

#[test]
fn resource_takes_text_for_numbers_and_trims_credentials() {
    let zoom = zoom();
    let mut resource = zoom.resource();
    resource["timeout"] = json!(" 20 ");
    resource["verify_certificate"] = json!("on");
    resource["client_id"] = json!("  id\n");
    resource["account_id"] = json!(" account ");
    assert_eq!(run(&request(&resource)).code(), "success");
    assert_eq!(
        zoom.asked()[0].body,
        "grant_type=account_credentials&account_id=account"
    );
    // base64 of `id:canary-secret-0123456789`.
    assert!(
        zoom.asked()[0]
            .head
            .contains("aWQ6Y2FuYXJ5LXNlY3JldC0wMTIzNDU2Nzg5")
    );
}

#[test]
fn unchecked_certificate_is_warned_of() {
    let envelope = run(&with(&zoom(), "verify_certificate", json!(false))).envelope();
    assert!(
        envelope["meta"]["warnings"][0]
            .as_str()
            .unwrap()
            .contains("verify_certificate")
    );
}

#[test]
fn api_url_of_a_token_answer_is_not_followed() {
    let zoom = Zoom::raw(|asked, _| match asked.target.as_str() {
        "/oauth/token" => Answer::json(
            200,
            &json!({"access_token": "t", "expires_in": 3599, "api_url": "http://127.0.0.1:1"}),
        ),
        _ => Answer::json(200, &json!({"id": "a"})),
    });
    assert_eq!(run(&request(&zoom.resource())).code(), "success");
}

#[test]
fn certificate_file_of_the_environment_that_cannot_be_read_is_a_warning() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x", "email": "a@b.c"})));
    let request = json!({"action": "get_user", "parameters": {"user_id": "a@b.c"}, "resource": zoom.resource()});
    let mut command = program();
    command.env("SSL_CERT_FILE", "/nonexistent/roots.pem");

    let started = Instant::now();
    let ran = wait(start(command, request.to_string().as_bytes()), started);
    let warnings = ran.envelope()["meta"]["warnings"].to_string();
    assert_eq!(ran.exit, 0);
    assert!(warnings.contains("SSL_CERT_FILE"), "{warnings}");
}

#[test]
fn proxy_of_the_environment_that_cannot_be_used_does_not_matter_to_this_machine() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "x", "email": "a@b.c"})));
    let ask = |resource: Value| {
        let request =
            json!({"action": "get_user", "parameters": {"user_id": "a@b.c"}, "resource": resource});
        let mut command = program();
        command.env("ALL_PROXY", "socks5://127.0.0.1:9");
        wait(
            start(command, request.to_string().as_bytes()),
            Instant::now(),
        )
    };

    assert_eq!(ask(zoom.resource()).exit, 0);
    let elsewhere = ask(
        json!({"client_id": "a", "client_secret": "b", "account_id": "c", "token_url": "https://zoom.invalid"}),
    );
    assert_eq!(elsewhere.envelope()["error"]["code"], "invalid_resource");
    let hint = elsewhere.envelope()["error"]["hint"].to_string();
    assert!(hint.contains("ALL_PROXY"), "{hint}");
}

#[test]
fn proxy_refusal_names_the_setting_and_other_statuses_may_be_tried_again() {
    let resource = json!({"client_id": "a", "client_secret": "b", "account_id": "c", "token_url": "https://zoom.invalid", "timeout": 2});
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "a@b.c"}, "resource": resource});
    for (status, code, exit, words) in [
        (407, "proxy_refused", 1, "environment variable HTTPS_PROXY"),
        (403, "proxy_refused", 1, "environment variable HTTPS_PROXY"),
        (502, "unreachable", 75, "the proxy answered 502"),
        (503, "unreachable", 75, "the proxy answered 503"),
    ] {
        let proxy = proxy_answering(status);
        let mut command = program();
        command.env("HTTPS_PROXY", format!("http://127.0.0.1:{}", proxy.port));

        let ran = wait(
            start(command, request.to_string().as_bytes()),
            Instant::now(),
        );
        let error = ran.envelope()["error"].to_string();
        assert_eq!(ran.exit, exit, "{error}");
        assert_eq!(ran.envelope()["error"]["code"], code, "{error}");
        assert!(error.contains(words), "{error}");
        assert!(error.contains(&proxy.port.to_string()), "{error}");
        assert_eq!(proxy.count() == 1, exit == 1, "{status}");
    }
}

/// A proxy that answers each CONNECT with one status.
struct RefusingProxy {
    port: u16,
    count: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl RefusingProxy {
    fn count(&self) -> usize {
        self.count.load(std::sync::atomic::Ordering::SeqCst)
    }
}

fn proxy_answering(status: u16) -> RefusingProxy {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = std::sync::Arc::default();
    let proxy = RefusingProxy {
        port,
        count: std::sync::Arc::clone(&count),
    };
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(stream, "HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
        }
    });
    proxy
}
