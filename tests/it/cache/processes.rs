//! The program from outside, many at once, against a Zoom that accepts only the newest token.

use crate::cache::scratch::Scratch;
use crate::harness::{Answer, Asked, Ran, SECRET, Zoom, program, start, wait};
use base64::Engine as _;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A Zoom whose tokens are `canary-token-1`, `-2`, ...; each makes those before it void. `slow` says how long the
/// number-th takes.
fn one_live_token(
    slow: impl Fn(usize) -> Duration + Send + Sync + 'static,
) -> (Zoom, Arc<AtomicUsize>) {
    let minted = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&minted);
    let zoom = Zoom::raw(move |asked, _| {
        if asked.target == "/oauth/token" {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            let token = format!("canary-token-{number}");
            let answer = Answer::json(
                200,
                &json!({"access_token": token, "expires_in": 3599, "scope": "user:read"}),
            );
            return answer.after(slow(number));
        }
        let newest = format!("bearer canary-token-{}\r\n", count.load(Ordering::SeqCst));
        if !asked.head.to_lowercase().contains(&newest) {
            return Answer::json(
                401,
                &json!({"code": 124, "message": "Invalid access token."}),
            );
        }
        Answer::json(200, &json!({"id": "a", "email": "jane@example.com"}))
    });
    (zoom, minted)
}

fn quick(_: usize) -> Duration {
    Duration::from_millis(50)
}

fn request(zoom: &Zoom, timeout: u64) -> Vec<u8> {
    let mut resource = zoom.resource();
    resource["timeout"] = json!(timeout);
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "a"}, "resource": resource});
    request.to_string().into_bytes()
}

fn with(cache: &Path) -> Command {
    let mut command = program();
    command.env("ZOOM_RUNNER_TOKEN_CACHE", cache);
    command
}

fn begin(zoom: &Zoom, cache: &Path) -> (Child, Instant) {
    (start(with(cache), &request(zoom, 20)), Instant::now())
}

fn run(zoom: &Zoom, command: Command) -> Ran {
    wait(start(command, &request(zoom, 20)), Instant::now())
}

/// Returns the source of the token of a run that succeeded.
fn source(ran: &Ran) -> String {
    let envelope: Value = ran.envelope();
    assert_eq!(envelope["status"], "success", "{envelope}");
    envelope["meta"]["token"].as_str().unwrap().to_owned()
}

fn crowd(zoom: &Zoom, cache: &Path, size: usize) -> Vec<String> {
    let children: Vec<_> = (0..size).map(|_| begin(zoom, cache)).collect();
    children
        .into_iter()
        .map(|(child, since)| source(&wait(child, since)))
        .collect()
}

#[test]
fn fifty_processes_share_one_token() {
    let scratch = Scratch::new();
    let (zoom, minted) = one_live_token(|_| Duration::from_millis(300));
    let sources = crowd(&zoom, &scratch.cache(), 50);
    assert_eq!(minted.load(Ordering::SeqCst), 1);
    assert_eq!(
        sources.iter().filter(|source| *source == "minted").count(),
        1,
        "{sources:?}"
    );
    assert_eq!(
        sources.iter().filter(|source| *source == "cached").count(),
        49,
        "{sources:?}"
    );
}

#[test]
fn refused_token_is_renewed_once_for_many_processes() {
    let scratch = Scratch::new();
    let (zoom, minted) = one_live_token(quick);
    assert_eq!(source(&run(&zoom, with(&scratch.cache()))), "minted");
    // As if another program had made a token.
    minted.fetch_add(1, Ordering::SeqCst);
    let sources = crowd(&zoom, &scratch.cache(), 20);
    assert_eq!(minted.load(Ordering::SeqCst), 3);
    assert!(
        sources
            .iter()
            .all(|source| source == "renewed" || source == "cached"),
        "{sources:?}"
    );
}

#[test]
fn second_run_asks_for_no_token() {
    let scratch = Scratch::new();
    let (zoom, _) = one_live_token(quick);
    run(&zoom, with(&scratch.cache()));
    let ran = run(&zoom, with(&scratch.cache()));
    assert_eq!(source(&ran), "cached");
    assert_eq!(ran.envelope()["meta"]["requests"], 1);
    assert_eq!(
        zoom.log(),
        ["POST /oauth/token", "GET /v2/users/a", "GET /v2/users/a"]
    );
}

#[test]
fn token_that_zoom_grants_for_longer_than_a_day_is_cached_for_a_day() {
    let scratch = Scratch::new();
    let zoom = Zoom::raw(|asked, _| match asked.target.as_str() {
        "/oauth/token" => Answer::json(
            200,
            &json!({"access_token": "long-lived", "expires_in": 864_000}),
        ),
        _ => Answer::json(200, &json!({"id": "x"})),
    });
    for source_of_token in ["minted", "cached"] {
        let ran = run(&zoom, with(&scratch.cache()));
        assert_eq!(source(&ran), source_of_token);
    }
}

#[test]
fn cache_off_keeps_nothing_and_the_default_is_the_cache_directory() {
    let scratch = Scratch::new();
    let (zoom, _) = one_live_token(quick);
    let home = |off: &str| {
        let mut command = program();
        command
            .env("HOME", scratch.path())
            .env("ZOOM_RUNNER_TOKEN_CACHE", off);
        run(&zoom, command)
    };
    assert_eq!(source(&home("off")), "minted");
    assert_eq!(source(&home("off")), "minted");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    assert_eq!(source(&home("")), "minted");
    assert_eq!(source(&home("")), "cached");
    assert_eq!(
        std::fs::read_dir(scratch.path().join(".cache/zoom-runner"))
            .unwrap()
            .count(),
        2
    );
}

#[test]
fn killed_process_leaves_no_lock() {
    let scratch = Scratch::new();
    let (zoom, minted) =
        one_live_token(|number| Duration::from_secs(if number == 1 { 60 } else { 0 }));
    let (mut child, _) = begin(&zoom, &scratch.cache());
    await_mint(&minted);
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = run(&zoom, with(&scratch.cache()));
    assert_eq!(source(&ran), "minted");
    assert!(ran.took < Duration::from_secs(8), "it waited: {ran:?}");
}

#[test]
fn held_lock_is_waited_for_half_of_the_timeout_at_most() {
    let scratch = Scratch::new();
    let (zoom, minted) =
        one_live_token(|number| Duration::from_secs(if number == 1 { 60 } else { 0 }));
    let (mut child, _) = begin(&zoom, &scratch.cache());
    await_mint(&minted);
    let ran = wait(
        start(with(&scratch.cache()), &request(&zoom, 4)),
        Instant::now(),
    );
    assert_eq!(source(&ran), "minted");
    // That it succeeded says that it was in time.
    assert!(
        ran.took > Duration::from_millis(1900),
        "it did not wait: {ran:?}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn batch_mints_once_with_or_without_a_cache() {
    for off in [true, false] {
        let scratch = Scratch::new();
        let (zoom, minted) = one_live_token(|_| Duration::from_millis(200));
        let mut command = if off {
            program()
        } else {
            with(&scratch.cache())
        };
        command.args(["batch", "--workers", "8"]);
        let line = [request(&zoom, 20), b"\n".to_vec()].concat();
        let ran = wait(start(command, &line.repeat(40)), Instant::now());
        assert_eq!(ran.exit, 0, "{ran:?}");
        assert_eq!(
            ran.stdout
                .lines()
                .filter(|line| line.contains(r#""token":"cached""#))
                .count(),
            39,
            "{ran:?}"
        );
        assert_eq!(minted.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn sandbox_leaves_no_token_on_the_disk() {
    let scratch = Scratch::new();
    let mut command = with(&scratch.cache());
    command.arg("--sandbox");
    let ran = wait(
        start(command, br#"{"action": "list_users"}"#),
        Instant::now(),
    );
    assert_eq!(source(&ran), "minted");
    assert!(!scratch.cache().exists());
}

fn await_mint(minted: &AtomicUsize) {
    let since = Instant::now();
    while minted.load(Ordering::SeqCst) == 0 {
        assert!(
            since.elapsed() < Duration::from_secs(10),
            "no token was asked for"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn unusable_cache_is_a_debug_line_and_no_failure() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let (zoom, _) = one_live_token(quick);
    std::fs::create_dir(scratch.cache()).unwrap();
    std::fs::set_permissions(scratch.cache(), std::fs::Permissions::from_mode(0o755)).unwrap();
    // `source` checks that stderr is empty.
    assert_eq!(source(&run(&zoom, with(&scratch.cache()))), "minted");
    let mut command = with(&scratch.cache());
    command.env("RUST_LOG", "debug");
    let ran = run(&zoom, command);
    assert_eq!(ran.exit, 0);
    assert_eq!(
        ran.stderr.matches("it is open to others: mode 755").count(),
        1,
        "{ran:?}"
    );
}

#[test]
fn damaged_cache_file_is_one_debug_line() {
    let scratch = Scratch::new();
    let (zoom, _) = one_live_token(quick);
    let debug = || {
        let mut command = with(&scratch.cache());
        command.env("RUST_LOG", "debug");
        run(&zoom, command)
    };
    assert_eq!(
        debug().stderr.matches("a kept token is not used").count(),
        0
    );
    for entry in std::fs::read_dir(scratch.cache()).unwrap() {
        std::fs::write(entry.unwrap().path(), b"zrt1").unwrap();
    }
    assert_eq!(
        debug()
            .stderr
            .matches("a kept token is not used: it is damaged")
            .count(),
        1
    );
}

#[test]
fn full_disk_stops_no_run() {
    let scratch = Scratch::new();
    let (zoom, _) = one_live_token(quick);
    // No file may grow beyond nothing: writing fails as on a full disk, pipes aside.
    let mut command = Command::new("sh");
    command.args([
        "-c",
        r#"trap "" XFSZ; ulimit -f 0; exec "$0""#,
        env!("CARGO_BIN_EXE_zoom-runner"),
    ]);
    command.env("ZOOM_RUNNER_TOKEN_CACHE", scratch.cache());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env_remove("RUST_LOG");
    assert_eq!(source(&run(&zoom, command)), "minted");
    let left: Vec<_> = std::fs::read_dir(scratch.cache())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| name.to_str().unwrap().ends_with(".lock")),
        "{left:?}"
    );
}

#[test]
fn test_action_leaves_its_new_token_to_others() {
    let scratch = Scratch::new();
    let (zoom, minted) = one_live_token(quick);
    source(&run(&zoom, with(&scratch.cache())));
    let test = json!({"action": "test", "resource": zoom.resource()}).to_string();
    let ran = wait(
        start(with(&scratch.cache()), test.as_bytes()),
        Instant::now(),
    );
    assert_eq!(ran.envelope()["meta"]["token"], "minted");
    assert_eq!(source(&run(&zoom, with(&scratch.cache()))), "cached");
    assert_eq!(minted.load(Ordering::SeqCst), 2);
}

#[test]
fn secrets_are_in_no_stream_and_no_file_at_any_log_level() {
    let scratch = Scratch::new();
    let (zoom, minted) = one_live_token(quick);
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for void in [false, false, true] {
        minted.fetch_add(usize::from(void), Ordering::SeqCst);
        let mut command = with(&scratch.cache());
        command.env("RUST_LOG", "trace");
        let ran = run(&zoom, command);
        assert_eq!(ran.exit, 0, "{ran:?}");
        seen.push(ran.stdout.into_bytes());
        seen.push(ran.stderr.into_bytes());
        for entry in std::fs::read_dir(scratch.cache()).unwrap() {
            let entry = entry.unwrap();
            seen.push(entry.file_name().into_encoded_bytes());
            seen.push(std::fs::read(entry.path()).unwrap());
        }
    }
    assert!(
        zoom.asked()
            .iter()
            .map(Asked::what)
            .filter(|what| what == "POST /oauth/token")
            .count()
            == 2
    );
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let mut forbidden = vec![encode(&format!("id:{SECRET}"))];
    for word in [SECRET, "canary-token-1", "canary-token-3"] {
        let percent: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        let reversed: String = word.chars().rev().collect();
        forbidden.extend([
            word.to_owned(),
            word.replace('-', "%2D"),
            percent,
            hex,
            reversed,
        ]);
        // At each of the three places that a word can have in base64.
        for shift in ["", "x", "xy"] {
            let coded = encode(&format!("{shift}{word}"));
            forbidden.push(coded[4..coded.len() - 4].to_owned());
        }
    }
    for bytes in &seen {
        for word in &forbidden {
            let found = bytes
                .windows(word.len())
                .any(|window| window == word.as_bytes());
            assert!(!found, "{word} in {}", String::from_utf8_lossy(bytes));
        }
    }
}
