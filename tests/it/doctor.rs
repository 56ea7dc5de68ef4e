//! The doctor from outside: a resource in, findings out. Servers are the sandbox and scripts on loopback; times and
//! ports are left aside, every word else is looked at.

use crate::harness::{Answer, Ran, SECRET, Zoom, program, start, wait};
use crate::http::authority::{Authority, Identity};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use zoom_runner::actions::ACTIONS;
use zoom_runner::sandbox::{Options, Sandbox};

/// The number of actions with endpoints of their own, which alone can be ready or not.
fn with_endpoints() -> usize {
    let all = ACTIONS.iter();
    all.filter(|entry| !entry.routes.is_empty()).count()
}

static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::new("Corp Inspection Root"));

fn examine_with(resource: &Value, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = program();
    command
        .arg("doctor")
        .args(arguments)
        .envs(variables.iter().copied());
    let ran = wait(
        start(command, resource.to_string().as_bytes()),
        Instant::now(),
    );
    assert_eq!(ran.stderr, "");
    for secret in [
        SECRET,
        zoom_runner::sandbox::CLIENT_SECRET,
        "hunter2-hunter2",
        "sandbox.token",
    ] {
        assert!(
            !ran.stdout.contains(secret),
            "a secret is shown: {}",
            ran.stdout
        );
    }
    ran
}

fn examine(resource: &Value) -> Ran {
    examine_with(resource, &[], &[])
}

/// The text with times as `T ms` and `ports` as `PORT`.
fn plain(ran: &Ran, ports: &[u16]) -> String {
    let mut text = ran.stdout.clone();
    for port in ports {
        text = text.replace(&format!(":{port}"), ":PORT");
    }
    let mut words = String::new();
    for piece in text.split_inclusive(" ms)") {
        match piece
            .strip_suffix(" ms)")
            .and_then(|piece| piece.rsplit_once('('))
        {
            Some((before, _)) => words.push_str(&format!("{before}(T ms)")),
            None => words.push_str(piece),
        }
    }
    words
}

fn port(sandbox: &Sandbox) -> u16 {
    sandbox.url().rsplit_once(':').unwrap().1.parse().unwrap()
}

/// A port where nobody listens.
fn closed() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A server that speaks TLS as `identity` and then is silent.
fn secure(identity: &Identity) -> u16 {
    let configuration = identity.server(rustls::ALL_VERSIONS);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let configuration = configuration.clone();
            std::thread::spawn(move || {
                let mut bytes = [0];
                let _ = crate::http::authority::accept(stream, &configuration).read(&mut bytes);
            });
        }
    });
    port
}

fn at(token: &str, api: &str) -> Value {
    json!({"label": "Prod Zoom", "token_url": token, "api_url": api, "client_id": "id", "client_secret": SECRET, "account_id": "account", "timeout": 20})
}

fn with(mut resource: Value, key: &str, value: impl Into<Value>) -> Value {
    resource[key] = value.into();
    resource
}

#[test]
fn doctor_finds_nothing_wrong_with_the_sandbox() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let ran = examine(&sandbox.resource());
    assert_eq!(
        plain(&ran, &[port(&sandbox)]),
        format!(
            "\
Checking Sandbox. Nothing is changed at Zoom.

Resource
  ✓ fields       all fit; 120 s for everything

127.0.0.1:PORT, for tokens and API
  ✓ proxy        none
  ✓ DNS          not needed: an address is given
  ✓ connect      stands (T ms)
  ✓ TLS          none: plain http, which is accepted for this machine only

Zoom
  ✓ token        granted, valid for 60 minutes (T ms)
  ✓ clock        agrees with the server's
  ✓ scopes       all {} actions are ready
  ✓ API call     answered (T ms)

All is well.
",
            with_endpoints()
        )
    );
    assert_eq!(ran.exit, 0);
    let methods: Vec<String> = sandbox
        .requests()
        .iter()
        .map(|request| request.method.to_string())
        .collect();
    assert_eq!(
        methods,
        ["POST", "GET"],
        "a token, one light call, and no byte besides"
    );
    let request = json!({"action": "get_user", "parameters": {"user_id": "x"}, "resource": sandbox.resource()});
    assert_eq!(examine(&request).exit, 0, "a whole request will do too");
}

#[test]
fn doctor_explains_a_wrong_secret() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let ran = examine(&with(sandbox.resource(), "client_secret", SECRET));
    let text = plain(&ran, &[port(&sandbox)]).replace("rid=WEB_00000000", "rid=ID");
    assert_eq!(
        text.split_once("Zoom\n  ✗").unwrap().1,
        " token        Zoom refused the app's credentials: Invalid client_id or client_secret.
                 Zoom's support asks for the tracking id: v=2.0;clid=sandbox;rid=ID
                 > Compare Client ID and Client Secret with the app's page; a regenerated secret makes the old one void at once.
  ✓ clock        agrees with the server's
  - scopes       not checked: there is no token
  - API call     not checked: there is no token

1 problem: token (unauthorized, exit code 1).
"
    );
    assert_eq!(ran.exit, 1);
}

#[test]
fn doctor_warns_of_missing_scopes_by_action() {
    let options = |scopes: &str| Options {
        granted_scopes: Some(scopes.to_owned()),
        ..Options::default()
    };
    let sandbox =
        Sandbox::start(options("user:read:user:admin user:read:list_users:admin")).unwrap();
    let ran = examine(&sandbox.resource());
    assert_eq!(ran.exit, 0, "{}", ran.stdout);
    let ready = format!(
        "  ! scopes       2 of {} actions are ready\n",
        with_endpoints()
    );
    for line in [
        ready.as_str(),
        "delete_meeting is not ready: the app lacks the scope meeting:delete:meeting:admin.\n",
        "All is well, with 1 warning.\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}{}", ran.stdout);
    }
    let sandbox = Sandbox::start(options("phone:read:admin")).unwrap();
    let ran = examine(&sandbox.resource());
    assert!(
        ran.stdout.contains("✗ scopes       No action is ready"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.exit, 1);
}

#[test]
fn doctor_checks_the_scopes_of_the_requests_own_action() {
    let sandbox = Sandbox::start(Options {
        granted_scopes: Some("user:read:user:admin user:read:list_users:admin".to_owned()),
        ..Options::default()
    })
    .unwrap();

    for (action, exit, line) in [
        (
            "get_user",
            0,
            "✓ action       get_user, which the request names, is ready",
        ),
        (
            "Delete Meeting",
            1,
            "✗ action       delete_meeting, which the request names, lacks the scope meeting:delete:meeting:admin.",
        ),
    ] {
        let ran = examine(&json!({"action": action, "resource": sandbox.resource()}));
        assert!(ran.stdout.contains(line), "{}", ran.stdout);
        assert_eq!(ran.exit, exit, "{}", ran.stdout);
        assert_eq!(
            ran.stdout
                .contains("1 problem: action (missing_scope, exit code 1), with 1 warning."),
            exit == 1,
            "{}",
            ran.stdout
        );
    }

    let ran = examine(&sandbox.resource());
    assert!(!ran.stdout.contains("action  "), "{}", ran.stdout);
}

#[test]
fn doctor_explains_unknown_names_closed_ports_and_bad_resources() {
    let port = closed();
    let ran = examine(&at(
        "https://zoom.invalid",
        &format!("https://localhost:{port}"),
    ));
    let text = plain(&ran, &[port]);
    // What the system's name service says of such a name differs.
    let detail = text
        .split_once("for zoom.invalid: ")
        .unwrap()
        .1
        .split_once(".\n")
        .unwrap()
        .0;
    assert_eq!(
        text.replace(detail, "WHY").replace("127.0.0.1, ::1", "ADDRESSES").replace("::1, 127.0.0.1", "ADDRESSES").replace("127.0.0.1 (", "ADDRESSES ("),
        "\
Checking Prod Zoom. Nothing is changed at Zoom.

Resource
  ✓ fields       all fit; 20 s for everything

zoom.invalid:443, for tokens
  ✓ proxy        none
  ✗ DNS          No address was found for zoom.invalid: WHY.
                 > See that the name is right in `token_url`, and that this machine's name service works. Where only a proxy may look names up, set `proxy_url`.
  - connect      not checked: there is no address to connect to
  - TLS          not checked: there is no connection
  - certificate  not checked: there is no connection

localhost:PORT, for API
  ✓ proxy        none
  ✓ DNS          ADDRESSES (T ms)
  ✗ connect      No connection to localhost:PORT: connection refused.
                 > Nothing listens there, or a firewall is in the way. See that `api_url` is right; let this machine reach localhost:PORT over TCP; where only a proxy may, set `proxy_url`.
  - TLS          not checked: there is no connection
  - certificate  not checked: there is no connection

Zoom
  - token        not checked: there is no connection for tokens
  - clock        not checked: no answer said what time it is
  - scopes       not checked: there is no token
  - API call     not checked: there is no token

2 problems, the first: DNS (unreachable, exit code 75).
"
    );
    assert_eq!(ran.exit, 75);
    let ran = examine(
        &json!({"client_id": "id", "client_secret": SECRET, "account_id": "a", "api_url": "http://zoom.example"}),
    );
    assert_eq!(
        ran.stdout,
        "\
Checking Zoom. Nothing is changed at Zoom.

Resource
  ✗ resource     `api_url` must begin with `https://`: plain http is accepted for this machine only.
                 > Correct the resource field that `field` names.
"
        .replace(
            "Correct the resource field that `field` names.",
            "Correct the field `api_url`; `zoom-runner schema request` tells what each may hold."
        ) + "  - everything else not checked: first things first\n\n1 problem: resource (invalid_resource, exit code 2).\n"
    );
    assert_eq!(ran.exit, 2);
}

#[test]
fn doctor_explains_what_is_wrong_with_a_certificate() {
    let trusting = |port: u16| {
        with(
            at(&format!("https://127.0.0.1:{port}"), "https://127.0.0.1:1"),
            "ca_certificate",
            AUTHORITY.pem(),
        )
    };
    let rows: [(Identity, bool, &[&str]); 4] = [
        (
            AUTHORITY.sign("zoom.example", |_| {}),
            true,
            &[
                "Not trusted: the certificate is for another host: zoom.example.",
                "Another server answers for 127.0.0.1:PORT.",
            ],
        ),
        (
            AUTHORITY.sign("127.0.0.1", crate::http::authority::expired),
            true,
            &[
                "Not trusted: the certificate expired.",
                "valid until 2021-01-01, which is past",
                "This machine's clock says 20",
            ],
        ),
        (
            AUTHORITY.sign("127.0.0.1", crate::http::authority::early),
            true,
            &[
                "Not trusted: the certificate is not valid yet.",
                "valid from 4000-01-01 on",
            ],
        ),
        (
            AUTHORITY.sign("127.0.0.1", |_| {}),
            false,
            &[
                "Not trusted: the certificate's issuer is not trusted.",
                "issued by Corp Inspection Root",
                "put its root certificate (Corp Inspection Root) into `ca_certificate`",
            ],
        ),
    ];
    for (identity, trusted, expected) in rows {
        let port = secure(&identity);
        let mut resource = trusting(port);
        if !trusted {
            resource.as_object_mut().unwrap().remove("ca_certificate");
        }
        let ran = examine(&resource);
        let text = plain(&ran, &[port]);
        for words in expected {
            assert!(text.contains(words), "{words}\n{text}");
        }
        assert!(
            text.contains(
                "2 problems, the first: certificate (untrusted_certificate, exit code 1)."
            ),
            "{text}"
        );
        assert_eq!(ran.exit, 1);
    }
}

/// The finding of `check` in the first part of a connection, from the JSON form.
fn finding(ran: &Ran, check: &str) -> Value {
    let whole: Value = serde_json::from_str(&ran.stdout).unwrap();
    whole["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["check"] == check)
        .unwrap()
        .clone()
}

#[test]
fn doctor_notices_private_roots_and_unchecked_certificates() {
    let port = secure(&AUTHORITY.sign("127.0.0.1", |_| {}));
    let resource = with(
        at(
            &format!("https://127.0.0.1:{port}"),
            &format!("https://127.0.0.1:{port}"),
        ),
        "timeout",
        1,
    );
    let trusting = with(resource.clone(), "ca_certificate", AUTHORITY.pem());
    let found = finding(&examine_with(&trusting, &["--json"], &[]), "certificate");
    assert_eq!(found["state"], "ok");
    assert!(
        found["notes"]
            .to_string()
            .contains("Its root is none of the bundled ones"),
        "{found}"
    );
    let ran = examine_with(
        &with(trusting, "verify_certificate", false),
        &["--json"],
        &[],
    );
    let found = finding(&ran, "certificate");
    assert_eq!(
        (&found["state"], &found["cure"]),
        (
            &json!("warning"),
            &json!("It would be trusted: turn `verify_certificate` on.")
        )
    );
    assert_eq!(
        finding(&ran, "TLS")["message"]
            .as_str()
            .unwrap()
            .split(" (")
            .next(),
        Some("TLS 1.3")
    );
    let found = finding(
        &examine_with(
            &with(resource, "verify_certificate", false),
            &["--json"],
            &[],
        ),
        "certificate",
    );
    assert!(
        found["cure"]
            .as_str()
            .unwrap()
            .starts_with("If it were checked: the certificate's issuer is not trusted."),
        "{found}"
    );
}

#[test]
fn doctor_warns_of_a_certificate_that_ends_soon() {
    let soon = |parameters: &mut rcgen::CertificateParams| {
        let now = std::time::SystemTime::now();
        parameters.not_before = (now - Duration::from_secs(86_400)).into();
        parameters.not_after = (now + Duration::from_secs(3 * 86_400 + 3600)).into();
    };
    let port = secure(&AUTHORITY.sign("127.0.0.1", soon));
    let resource = with(
        at(&format!("https://127.0.0.1:{port}"), "https://127.0.0.1:1"),
        "ca_certificate",
        AUTHORITY.pem(),
    );
    let found = finding(
        &examine_with(&with(resource, "timeout", 1), &["--json"], &[]),
        "certificate",
    );
    assert_eq!(found["state"], "warning", "{found}");
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .ends_with("3 days from now"),
        "{found}"
    );
}

#[test]
fn doctor_warns_of_a_clock_that_is_off() {
    let zoom = Zoom::raw(|asked, _| {
        let token = json!({"access_token": crate::harness::TOKEN, "expires_in": 3599, "scope": "user:read:user:admin"});
        let answer = Answer::json(
            200,
            if asked.target == "/oauth/token" {
                &token
            } else {
                &Value::Null
            },
        );
        answer.header("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
    });
    let found = finding(&examine_with(&zoom.resource(), &["--json"], &[]), "clock");
    assert_eq!(found["state"], "warning");
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .contains("s ahead of the server's"),
        "{found}"
    );
}

/// A proxy that gives everybody this answer.
fn proxy(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 4096];
            let _ = TcpStream::read(&mut stream, &mut bytes);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn doctor_names_the_proxy_and_its_refusal_without_its_password() {
    for (answer, words) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "user name and password into HTTPS_PROXY",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\n\r\n",
            "Ask those who run it to allow CONNECT to zoom.example:443.",
        ),
    ] {
        let port = proxy(answer);
        let url = format!("http://user:hunter2-hunter2@127.0.0.1:{port}");
        let ran = examine_with(
            &at("https://zoom.example", "https://api.zoom.example"),
            &[],
            &[("HTTPS_PROXY", &url)],
        );
        let text = plain(&ran, &[port]);
        assert!(
            text.contains("✓ proxy        127.0.0.1:PORT, from HTTPS_PROXY"),
            "{text}"
        );
        assert!(text.contains(words), "{text}");
        assert_eq!(ran.exit, 1);
    }
    let url = format!("http://127.0.0.1:{}", closed());
    let ran = examine(&with(
        at("https://zoom.example", "https://api.zoom.example"),
        "proxy_url",
        url,
    ));
    assert!(
        ran.stdout.contains(
            "The proxy itself was not reached. See that host and port are right in proxy_url"
        ),
        "{}",
        ran.stdout
    );
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let ran = examine_with(
        &sandbox.resource(),
        &[],
        &[("HTTPS_PROXY", "http://proxy.example:1")],
    );
    assert!(
        ran.stdout
            .contains("none: HTTPS_PROXY is not used for this machine itself"),
        "{}",
        ran.stdout
    );
    let ran = examine_with(
        &sandbox.resource(),
        &[],
        &[("HTTPS_PROXY", "socks5://u:hunter2-hunter2@p:1")],
    );
    assert!(ran.stdout.contains("✗ connection"), "{}", ran.stdout);
    assert_eq!(ran.exit, 2);
}

#[test]
fn doctor_ends_within_its_timeout() {
    let zoom = Zoom::raw(|_, _| Answer::none(200).after(Duration::from_secs(30)));
    let ran = examine(&with(zoom.resource(), "timeout", 1));
    assert!(ran.took < Duration::from_secs(3), "{:?}", ran.took);
    assert!(
        ran.stdout.contains("(timeout, exit code 75)"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.exit, 75);
}

#[test]
fn doctor_prints_no_control_characters_of_a_server() {
    let zoom = Zoom::raw(|_, _| {
        Answer::json(
            400,
            &json!({"reason": "\u{1b}[2Jgone", "error": "invalid_client"}),
        )
    });
    let ran = examine(&zoom.resource());
    assert!(ran.stdout.contains("\\u{1b}[2Jgone"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
}
