//! Time budget, retries, signals: an envelope always, and in time.

use crate::harness::{Answer, Zoom, act, program, run, start, wait};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

fn limited() -> Answer {
    let body = json!({"code": 429, "message": "You have reached the maximum per-second rate limit for this API. Try again later."});
    Answer::json(429, &body)
        .header("X-RateLimit-Type", "QPS")
        .header("X-RateLimit-Category", "Light")
}

fn with_timeout(zoom: &Zoom, seconds: u64, action: &str, parameters: Value) -> Value {
    let mut resource = zoom.resource();
    resource["timeout"] = json!(seconds);
    json!({"action": action, "parameters": parameters, "resource": resource})
}

#[test]
fn rate_limit_per_second_is_waited_out() {
    for (action, parameters, ok) in [
        (
            "get_user",
            json!({"user_id": "a"}),
            Answer::json(200, &json!({"id": "a"})),
        ),
        (
            "delete_meeting",
            json!({"meeting_id": 1}),
            Answer::none(204),
        ),
    ] {
        let zoom = Zoom::start(move |_, number| {
            if number == 0 {
                limited().header("Retry-After", "0")
            } else {
                ok.clone()
            }
        });
        let ran = act(&zoom, action, parameters);
        assert_eq!(ran.code(), "success");
        assert_eq!(ran.envelope()["meta"]["retries"], 1);
    }
}

#[test]
fn rate_limit_that_holds_ends_within_the_timeout() {
    let zoom = Zoom::start(|_, _| limited());
    let ran = run(&with_timeout(&zoom, 2, "get_user", json!({"user_id": "a"})));
    assert_eq!(ran.code(), "rate_limited");
    assert!(ran.took < Duration::from_secs(3), "{:?}", ran.took);
}

#[test]
fn retry_after_beyond_the_timeout_is_told_at_once() {
    let zoom = Zoom::start(|_, _| limited().header("Retry-After", "500"));
    let ran = act(&zoom, "get_user", json!({"user_id": "a"}));
    assert_eq!(ran.code(), "rate_limited");
    assert_eq!(ran.envelope()["error"]["retry_after_seconds"], 500);
    assert!(ran.took < Duration::from_secs(3));
}

#[test]
fn daily_limit_is_told_at_once_with_its_end() {
    let daily = "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you can make another request.";
    let host = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.";
    let one_day = "A maximum of 100 meetings can be created/updated for a single user in one day.";
    for answer in [
        Answer::json(429, &json!({"code": 429, "message": daily}))
            .header("X-RateLimit-Type", "Daily-limit")
            .header("Retry-After", "2100-01-01T00:00:00Z"),
        Answer::json(429, &json!({"code": 429, "message": host}))
            .header("X-RateLimit-Remaining", "5893"),
        Answer::json(400, &json!({"code": 300, "message": one_day})),
    ] {
        let zoom = Zoom::start(move |_, _| answer.clone());
        let ran = act(&zoom, "get_user", json!({"user_id": "a"}));
        assert_eq!(ran.code(), "rate_limited");
        let error = ran.envelope()["error"].clone();
        assert!(
            error["retry_after_seconds"].as_u64().unwrap() > 0,
            "{error}"
        );
        assert!(
            error["message"].as_str().unwrap().contains("00:00:00Z"),
            "{error}"
        );
        assert_eq!(zoom.log().len(), 2);
    }
}

#[test]
fn server_error_is_retried_for_reads_and_never_for_changes() {
    for status in [500, 502, 503, 504] {
        let zoom = Zoom::start(move |_, number| {
            if number == 0 {
                Answer::none(status)
            } else {
                Answer::json(200, &json!({"id": 1}))
            }
        });
        let ran = act(&zoom, "get_user", json!({"user_id": "a"}));
        assert_eq!(ran.code(), "success", "{status}");
        let zoom = Zoom::start(move |_, number| {
            if number == 0 {
                Answer::none(status)
            } else {
                Answer::none(204)
            }
        });
        let ran = act(&zoom, "delete_meeting", json!({"meeting_id": 1}));
        assert_eq!(ran.code(), "zoom_unavailable", "{status}");
        assert_eq!(ran.envelope()["error"]["change"], "unknown");
        assert_eq!(zoom.log(), ["POST /oauth/token", "DELETE /v2/meetings/1"]);
    }
}

#[test]
fn token_request_is_retried_as_a_read_is() {
    let zoom = Zoom::raw(|asked, _| match asked.target.as_str() {
        "/oauth/token" if asked.head.contains("never") => Answer::none(204),
        "/oauth/token" => Answer::none(503),
        _ => Answer::none(500),
    });
    let ran = run(&with_timeout(
        &zoom,
        2,
        "delete_meeting",
        json!({"meeting_id": 1}),
    ));
    assert_eq!(ran.code(), "zoom_unavailable");
    assert!(zoom.log().len() >= 2, "{:?}", zoom.log());
    assert_eq!(
        ran.envelope()["error"]["change"],
        "none",
        "nothing was changed yet"
    );
}

#[test]
fn hanging_server_is_a_timeout_in_time() {
    let hang = || Answer::none(200).after(Duration::from_secs(30));
    let zoom = Zoom::start(move |_, _| hang());
    let ran = run(&with_timeout(&zoom, 1, "get_user", json!({"user_id": "a"})));
    assert_eq!(ran.code(), "timeout");
    assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
    let ran = run(&with_timeout(
        &zoom,
        1,
        "delete_meeting",
        json!({"meeting_id": 1}),
    ));
    assert_eq!(ran.code(), "timeout");
    assert_eq!(ran.envelope()["error"]["change"], "unknown");
}

#[test]
fn silent_peer_is_a_timeout_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://127.0.0.1:{port}");
        let resource = json!({"token_url": url, "api_url": url, "client_id": "i", "client_secret": "s", "account_id": "a", "timeout": 1});
        let ran = run(
            &json!({"action": "delete_meeting", "parameters": {"meeting_id": 1}, "resource": resource}),
        );
        assert_eq!(ran.code(), "timeout", "{scheme}");
        assert_eq!(ran.envelope()["error"]["change"], "none", "{scheme}");
        assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
    }
}

#[test]
fn broken_answer_is_retried_for_reads_and_unknown_for_changes() {
    let zoom = Zoom::start(|_, number| {
        let answer = Answer::json(200, &json!({"id": "a", "name": "long enough to be cut"}));
        if number == 0 { answer.cut(120) } else { answer }
    });
    let ran = act(&zoom, "get_user", json!({"user_id": "a"}));
    assert_eq!(ran.code(), "success");
    let zoom = Zoom::start(|_, _| Answer::none(204).cut(3));
    let ran = act(&zoom, "delete_meeting", json!({"meeting_id": 1}));
    assert!(
        ["unreachable", "bad_answer"].contains(&ran.code().as_str()),
        "{}",
        ran.code()
    );
    assert_eq!(ran.envelope()["error"]["change"], "unknown");
    assert_eq!(zoom.log().len(), 2, "a change is not repeated");
}

fn kill(pid: u32, signal: &str) {
    Command::new("kill")
        .args([signal, &pid.to_string()])
        .status()
        .unwrap();
}

#[test]
fn signal_ends_in_an_envelope_at_once() {
    for signal in ["-TERM", "-INT"] {
        let cancelled = || {
            let zoom = Zoom::start(|_, _| Answer::none(204).after(Duration::from_secs(30)));
            let request = with_timeout(&zoom, 30, "delete_meeting", json!({"meeting_id": 1}));
            let child = start(program(), request.to_string().as_bytes());
            while zoom.log().len() < 2 {
                std::thread::sleep(Duration::from_millis(5));
            }
            let since = Instant::now();
            kill(child.id(), signal);
            let ran = wait(child, since);
            assert_eq!(ran.code(), "cancelled");
            assert_eq!(ran.envelope()["error"]["change"], "unknown");
            assert_eq!(ran.envelope()["action"], "delete_meeting");
            ran.took
        };
        // The machine that tests may be busy: the best of five counts.
        let took = (0..5)
            .map(|_| cancelled())
            .find(|took| *took < Duration::from_millis(200));
        assert!(
            took.is_some(),
            "{signal} took longer than 200 ms, five times"
        );
    }
}

/// Returns `error.change` of a run that gets a signal a moment after `requests` have been seen.
fn change_when_cancelled(zoom: &Zoom, requests: usize) -> Value {
    let request = with_timeout(zoom, 60, "delete_meeting", json!({"meeting_id": 1}));
    let child = start(program(), request.to_string().as_bytes());
    while zoom.log().len() < requests {
        std::thread::sleep(Duration::from_millis(5));
    }
    // An answer has to be back first, where there is one.
    std::thread::sleep(Duration::from_millis(300));
    kill(child.id(), "-TERM");
    let ran = wait(child, Instant::now());
    assert_eq!(ran.code(), "cancelled");
    ran.envelope()["error"]["change"].clone()
}

fn hangs() -> Answer {
    Answer::none(204).after(Duration::from_secs(30))
}

#[test]
fn signal_while_a_refused_token_is_renewed_says_that_nothing_was_changed() {
    // The change was refused with 401 and waits for a new token.
    let zoom = Zoom::raw(move |asked, number| match asked.target.as_str() {
        "/oauth/token" if number > 0 => hangs(),
        "/oauth/token" => Answer::json(200, &json!({"access_token": "first", "expires_in": 3599})),
        _ => Answer::json(
            401,
            &json!({"code": 124, "message": "Access token is expired."}),
        ),
    });
    assert_eq!(change_when_cancelled(&zoom, 3), "none");
    assert_eq!(
        zoom.log(),
        [
            "POST /oauth/token",
            "DELETE /v2/meetings/1",
            "POST /oauth/token"
        ]
    );
}

#[test]
fn signal_before_a_change_or_after_its_refusal_says_none() {
    // The token does not come; the change waits after a refusal.
    assert_eq!(change_when_cancelled(&Zoom::raw(|_, _| hangs()), 1), "none");
    let limited =
        |seconds: &str| Answer::json(429, &json!({"code": 429})).header("Retry-After", seconds);
    assert_eq!(
        change_when_cancelled(&Zoom::start(move |_, _| limited("20")), 2),
        "none"
    );
}

#[test]
fn change_sent_again_after_a_refusal_is_unknown_again() {
    let limited = || Answer::json(429, &json!({"code": 429})).header("Retry-After", "0");
    let refused = || {
        Answer::json(
            401,
            &json!({"code": 124, "message": "Invalid access token."}),
        )
    };
    let again = |first: fn() -> Answer, requests| {
        let zoom = Zoom::start(move |_, number| if number == 0 { first() } else { hangs() });
        change_when_cancelled(&zoom, requests)
    };
    // Token, change, and the change again; with another token between.
    assert_eq!(again(limited, 3), "unknown");
    assert_eq!(again(refused, 4), "unknown");
}

#[test]
fn signal_while_stdin_is_open_ends_in_an_envelope() {
    let mut child = program().spawn().unwrap();
    let _stdin = child.stdin.take();
    std::thread::sleep(Duration::from_millis(100));
    let since = Instant::now();
    kill(child.id(), "-TERM");
    assert_eq!(wait(child, since).code(), "cancelled");
}

#[test]
fn canceled_list_keeps_what_had_come() {
    let zoom = Zoom::start(|_, number| match number {
        0 => Answer::json(
            200,
            &json!({"users": [{"id": 1}], "next_page_token": "x", "total_records": 9}),
        ),
        _ => Answer::none(200).after(Duration::from_secs(30)),
    });
    let child = start(
        program(),
        with_timeout(&zoom, 30, "list_users", json!({}))
            .to_string()
            .as_bytes(),
    );
    while zoom.log().len() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    kill(child.id(), "-TERM");
    let envelope = wait(child, Instant::now()).envelope();
    assert_eq!(
        envelope["data"],
        json!({"users": [{"id": 1}], "count": 1, "total_records": 9, "complete": false})
    );
    assert_eq!(envelope["error"]["code"], "cancelled");
}

#[test]
fn closed_stdout_is_no_success_and_no_hang() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "a"})));
    let mut child = start(
        program(),
        with_timeout(&zoom, 5, "get_user", json!({"user_id": "a"}))
            .to_string()
            .as_bytes(),
    );
    drop(child.stdout.take());
    let since = Instant::now();
    let status = child.wait().unwrap();
    assert_ne!(status.code(), Some(0));
    assert!(since.elapsed() < Duration::from_secs(5));
}

#[test]
fn logs_go_to_stderr_when_asked_for_and_hold_no_secret() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "a"})));
    for level in ["info", "trace"] {
        let mut command = program();
        command.env("RUST_LOG", level);
        let request = with_timeout(&zoom, 5, "get_user", json!({"user_id": "a"}));
        let ran = wait(
            start(command, request.to_string().as_bytes()),
            Instant::now(),
        );
        assert_eq!(ran.exit, 0);
        assert!(
            ran.stderr.contains("GET") && ran.stderr.contains("200"),
            "{}",
            ran.stderr
        );
        for word in [
            crate::harness::SECRET,
            crate::harness::TOKEN,
            "aWQ6Y2FuYXJ5",
        ] {
            assert!(
                !ran.stderr.contains(word) && !ran.stdout.contains(word),
                "{level}: {word}"
            );
        }
    }
}
