//! Secrets reach no stream and no file: every fixture and every fault at `RUST_LOG=trace`, both streams and the cache searched for the secret, the token, the proxy's password, and their base64 and percent-encoded forms.

use crate::harness::{Answer, Zoom, start, wait};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A secret that looks different in each form.
const SECRET: &str = "canary/secret+\"0123456789";
const TOKEN: &str = "canary-token-9876543210~x";
const PROXY_PASSWORD: &str = "canary-proxy-pass";

/// Everything that must be seen nowhere.
fn forms() -> Vec<String> {
    let mut forms = Vec::new();
    for secret in [
        SECRET,
        TOKEN,
        PROXY_PASSWORD,
        "example-client-secret",
        "example-access-token-1",
    ] {
        forms.push(secret.to_owned());
        forms.push(
            serde_json::to_string(secret)
                .unwrap()
                .trim_matches('"')
                .to_owned(),
        );
        forms.push(
            percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
                .to_string(),
        );
        forms.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
        for base64 in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            // Without the end, which hangs on what follows.
            let text = base64.encode(secret);
            forms.push(text[..text.len() - 3].to_owned());
        }
    }
    for pair in [
        format!("id:{SECRET}"),
        format!("user:{PROXY_PASSWORD}"),
        "example-client-id:example-client-secret".to_owned(),
    ] {
        let text = STANDARD.encode(pair);
        forms.push(text.trim_end_matches('=').to_owned());
    }
    forms
}

fn search(bytes: &[u8], what: &str) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms() {
        if let Some(at) = text.find(&form) {
            let around: String = text[..at]
                .chars()
                .rev()
                .take(200)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            panic!("{what} holds {form:?} behind: {around}");
        }
    }
}

/// A directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let path =
        std::env::temp_dir().join(format!("zoom-runner-canary-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn search_files(directory: &Path) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        assert!(
            forms()
                .iter()
                .all(|form| !path.to_string_lossy().contains(form))
        );
        if path.is_dir() {
            found += search_files(&path);
        } else {
            found += 1;
            search(&std::fs::read(&path).unwrap(), &path.display().to_string());
        }
    }
    found
}

fn traced() -> Command {
    let mut command = crate::harness::program();
    command.env("RUST_LOG", "trace");
    command
}

/// Runs a request at trace and searches what it wrote; answers with stdout and stderr.
fn run(mut command: Command, input: &str, what: &str) -> (String, String) {
    command.env("RUST_BACKTRACE", "full");
    let ran = wait(start(command, input.as_bytes()), Instant::now());
    search(ran.stdout.as_bytes(), &format!("stdout of {what}"));
    search(ran.stderr.as_bytes(), &format!("stderr of {what}"));
    (ran.stdout, ran.stderr)
}

fn resource(url: &str) -> Value {
    json!({"token_url": url, "api_url": url, "client_id": "id", "client_secret": SECRET, "account_id": "a", "timeout": 2})
}

fn parameters(action: &str) -> Value {
    match action {
        "delete_meeting" => json!({"meeting_id": 1, "end_if_live": true}),
        "get_meeting_invitation" => json!({"meeting_id": 1}),
        "update_meeting" => json!({"meeting_id": 1, "topic": "T", "dry_run": false}),
        "update_user" => json!({"user_id": "a", "dept": "D"}),
        "update_user_settings" => json!({"user_id": "a", "waiting_room": true}),
        "list_users" | "test" => json!({}),
        _ => json!({"user_id": "a"}),
    }
}

const ACTIONS: [&str; 10] = [
    "delete_meeting",
    "get_meeting_invitation",
    "get_user",
    "get_user_settings",
    "list_meetings",
    "list_users",
    "update_meeting",
    "update_user",
    "update_user_settings",
    "test",
];

/// A Zoom whose every answer repeats the request's head, the token endpoint's too when it refuses.
fn echoing(status: u16, refuses_token: bool) -> Zoom {
    Zoom::raw(move |asked, _| {
        let head = asked.head.clone();
        let decoded = head
            .lines()
            .find_map(|line| {
                line.split_once(": ")
                    .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            })
            .and_then(|(_, value)| STANDARD.decode(value.trim_start_matches("Basic ")).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default();
        if asked.target == "/oauth/token" && !refuses_token {
            return Answer::json(
                200,
                &json!({"access_token": TOKEN, "expires_in": 3599, "scope": TOKEN}),
            );
        }
        let body = json!({"code": 300, "error": "invalid_client", "reason": decoded, "message": head, "errors": [{"field": head}],
            "users": [{"id": head}], "meetings": [{"id": decoded}], "invitation": head, "id": head, "next_page_token": ""});
        let mut body = body;
        if status == 200 {
            body.as_object_mut().unwrap().remove("code");
        }
        Answer::json(status, &body)
            .header("location", &format!("/{TOKEN}"))
            .header("x-zm-trackingid", TOKEN)
    })
}

#[test]
fn fixtures_show_no_secret() {
    let mut command = traced();
    command
        .arg("replay")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    let (stdout, stderr) = run(command, "", "replay");
    assert!(stdout.lines().count() > 60, "{stdout}");
    assert!(stderr.contains("GET"), "nothing was logged");
}

#[test]
fn actions_show_no_secret_whatever_the_answer() {
    std::thread::scope(|scope| {
        for (status, refuses_token) in [
            (200, false),
            (302, false),
            (400, false),
            (401, false),
            (500, false),
            (400, true),
            (401, true),
            (500, true),
        ] {
            let url = format!("http://127.0.0.1:{}", echoing(status, refuses_token).port);
            // All at once: most of a run's time is waiting between tries.
            for action in ACTIONS {
                let request = json!({"action": action, "parameters": parameters(action), "resource": resource(&url)});
                scope.spawn(move || {
                    let (stdout, _) = run(
                        traced(),
                        &request.to_string(),
                        &format!("{action} against {status}"),
                    );
                    assert!(stdout.ends_with("}\n"), "{stdout}");
                });
            }
        }
    });
}

#[test]
fn other_commands_show_no_secret() {
    let zoom = echoing(400, false);
    let url = format!("http://127.0.0.1:{}", zoom.port);
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource(&url)})
            .to_string();
    let mut batch = traced();
    batch.arg("batch");
    run(
        batch,
        &format!("{request}\n{request}\n{}", &request[..request.len() - 3]),
        "batch",
    );
    for extra in [
        &["oif", "get_user"][..],
        &["oif", "get_user", "--print-request"],
        &["oif", "nope"],
    ] {
        let mut oif = traced();
        oif.args(extra).env("user_id", "a").env("timeout", "2");
        for (name, value) in resource(&url).as_object().unwrap() {
            oif.env(name, value.as_str().unwrap_or("2"));
        }
        run(oif, "", &extra.join(" "));
    }
}

#[test]
fn refused_request_shows_no_secret() {
    let whole =
        json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource("http://127.0.0.1:1")})
            .to_string();
    for cut in [whole.len() - 1, whole.len() - 20, whole.len() / 2] {
        run(traced(), &whole[..cut], "a request that breaks off");
    }
    for (key, value) in [
        ("client_secret", json!([SECRET])),
        ("client_secrett", json!(SECRET)),
        ("timeout", json!(0)),
        ("token_url", json!(format!("https://u:{PROXY_PASSWORD}@x/"))),
    ] {
        let mut request: Value = serde_json::from_str(&whole).unwrap();
        request["resource"][key] = value;
        run(traced(), &request.to_string(), key);
    }
}

#[test]
fn broken_network_shows_no_secret() {
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let hang = format!("127.0.0.1:{}", hangs.local_addr().unwrap().port());
    let refuses = Zoom::raw(|_, _| Answer::none(407));
    let plain = [
        format!("http://{hang}"),
        format!("https://{hang}"),
        "http://127.0.0.1:1".to_owned(),
    ];
    let proxies = [
        format!("http://user:{PROXY_PASSWORD}@127.0.0.1:{}", refuses.port),
        format!("http://user:{PROXY_PASSWORD}@{hang}"),
    ];
    let through = |proxy: String| {
        let mut with_proxy = resource("https://zoom-runner.invalid");
        with_proxy["proxy_url"] = json!(proxy);
        with_proxy
    };
    std::thread::scope(|scope| {
        for resource in plain
            .iter()
            .map(|url| resource(url))
            .chain(proxies.map(through))
        {
            let request = json!({"action": "delete_meeting", "parameters": {"meeting_id": 1}, "resource": resource});
            scope.spawn(move || run(traced(), &request.to_string(), "a broken network"));
        }
    });
}

#[test]
fn cache_holds_nothing_in_clear() {
    let directory = directory("cache");
    let cache = directory.join("tokens");
    let zoom = Zoom::raw(|asked, _| match asked.target.as_str() {
        "/oauth/token" => Answer::json(
            200,
            &json!({"access_token": TOKEN, "expires_in": 3599, "scope": "user:read:user:admin"}),
        ),
        _ => Answer::json(200, &json!({"id": "a"})),
    });
    let url = format!("http://127.0.0.1:{}", zoom.port);
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource(&url)})
            .to_string();
    for token in ["minted", "cached"] {
        let mut command = traced();
        command.env("ZOOM_RUNNER_TOKEN_CACHE", &cache);
        let (stdout, _) = run(command, &request, "a run with a cache");
        assert!(
            stdout.contains(&format!("\"token\":\"{token}\"")),
            "{stdout}"
        );
    }
    assert!(search_files(&directory) >= 1);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn signal_shows_no_secret() {
    let zoom = Zoom::raw(|asked, _| match asked.target.as_str() {
        "/oauth/token" => Answer::json(200, &json!({"access_token": TOKEN, "expires_in": 3599})),
        _ => Answer::none(200).after(Duration::from_secs(5)),
    });
    let url = format!("http://127.0.0.1:{}", zoom.port);
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource(&url)})
            .to_string();
    let child = start(traced(), request.as_bytes());
    while zoom.log().len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    let ran = wait(child, Instant::now());
    search(ran.stdout.as_bytes(), "stdout");
    search(ran.stderr.as_bytes(), "stderr");
    assert!(ran.stdout.contains("cancelled"));
}
