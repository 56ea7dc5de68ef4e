//! `oif` from outside: variables in, an envelope on stdout or one line on stderr.

mod failures;
mod host;

use crate::harness::{Answer, Ran, SECRET, TOKEN, Zoom, program, wait};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::process::Child;
use std::time::{Duration, Instant};

/// No variables.
pub const NONE: &[(&str, &str)] = &[];

/// Starts `oif ACTION` with these variables. stdin is a pipe that nobody writes to and nobody closes.
pub fn begin(arguments: &[&str], variables: &[(impl AsRef<OsStr>, impl AsRef<OsStr>)]) -> Child {
    let mut command = program();
    command
        .arg("oif")
        .args(arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)));
    command.spawn().unwrap()
}

/// Runs `oif ACTION` with these variables.
pub fn oif(arguments: &[&str], variables: &[(impl AsRef<OsStr>, impl AsRef<OsStr>)]) -> Ran {
    let since = Instant::now();
    let mut child = begin(arguments, variables);
    let stdin = child.stdin.take();
    let ran = wait(child, since);
    drop(stdin);
    for word in [SECRET, TOKEN] {
        assert!(
            !ran.stdout.contains(word) && !ran.stderr.contains(word),
            "a secret is shown: {ran:?}"
        );
    }
    ran
}

/// The resource's variables for `zoom`, and those behind them.
pub fn at(zoom: &Zoom, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let url = format!("http://127.0.0.1:{}", zoom.port);
    let all = [
        ("token_url", url.as_str()),
        ("api_url", &url),
        ("client_id", "id"),
        ("client_secret", SECRET),
        ("account_id", "account"),
        ("timeout", "20"),
    ];
    all.iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Runs an action against `zoom`.
pub fn act(zoom: &Zoom, action: &str, more: &[(&str, &str)]) -> Ran {
    oif(&[action], &at(zoom, more))
}

/// The one line of a failure, its form checked.
pub fn line(ran: &Ran) -> &str {
    assert_ne!(ran.exit, 0, "{ran:?}");
    assert_eq!(ran.stdout, "", "stdout is not empty");
    let line = ran
        .stderr
        .strip_suffix('\n')
        .unwrap_or_else(|| panic!("no line: {ran:?}"));
    assert!(
        !line.is_empty() && !line.contains(char::is_control),
        "not one line: {ran:?}"
    );
    assert!(line.ends_with(')'), "no code: {line}");
    line
}

fn user() -> Zoom {
    Zoom::start(|_, _| Answer::json(200, &json!({"id": "u1", "email": "jane@example.com"})))
}

#[test]
fn oif_success_is_the_envelope_on_stdout_and_nothing_on_stderr() {
    let envelope = act(&user(), "get_user", &[("user_id", "jane@example.com")]).envelope();
    assert_eq!(envelope["status"], "success");
    assert_eq!(envelope["action"], "get_user");
    assert_eq!(envelope["data"]["email"], "jane@example.com");
}

#[test]
fn oif_never_waits_for_stdin() {
    let ran = act(&user(), "Get User", &[("user_id", "u1")]);
    assert_eq!(ran.envelope()["status"], "success");
    assert!(ran.took < Duration::from_secs(5));
    // Not even a request there: the variables count.
    let zoom = user();
    let variables = at(&zoom, &[("user_id", "u1")]);
    let mut command = program();
    command.args(["oif", "get_user"]).envs(variables);
    let child = crate::harness::start(command, b"{\"action\":\"delete_meeting\"}");
    assert_eq!(wait(child, Instant::now()).envelope()["action"], "get_user");
}

#[test]
fn oif_takes_unset_empty_and_none_for_not_given() {
    for nothing in ["", " ", "None", "none", "NONE"] {
        let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"users": [], "total_records": 0})));
        let names = [
            "status",
            "role_id",
            "limit",
            "page_size",
            "show_secrets",
            "label",
            "proxy_url",
            "ca_certificate",
        ];
        let more: Vec<(&str, &str)> = names.into_iter().map(|name| (name, nothing)).collect();
        let envelope = act(&zoom, "list_users", &more).envelope();
        assert_eq!(envelope["label"], "Zoom");
        assert_eq!(
            zoom.asked()[1].target,
            "/v2/users?status=active&page_size=2000"
        );
    }
}

#[test]
fn oif_ignores_other_variables_and_other_cases_of_a_name() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"users": [], "total_records": 0})));
    let more = [
        ("STATUS", "inactive"),
        ("user_id", "x"),
        ("IncmanParamIncidentId", "7"),
        ("settings", "{"),
        ("PATH", "/bin"),
    ];
    assert_eq!(
        act(&zoom, "list_users", &more).envelope()["status"],
        "success"
    );
    assert_eq!(
        zoom.asked()[1].target,
        "/v2/users?status=active&page_size=2000"
    );
}

#[test]
fn oif_cleans_json_numbers_and_ids_and_leaves_text() {
    let zoom = Zoom::start(|_, _| Answer::none(204));
    let more = [
        ("meeting_id", "<p>857&nbsp;4606\u{a0}5432\u{200b}</p>"),
        ("duration", "<p>45<br></p>"),
        (
            "settings",
            "<p>{&quot;waiting_room&quot;:&nbsp;true,<br>&quot;contact_name&quot;: &quot;R&amp;amp;D&quot;}</p>",
        ),
        (
            "tracking_fields",
            "<p>[{&quot;field&quot;:&quot;a&quot;,&quot;value&quot;:&quot;b&quot;}]</p>",
        ),
        ("topic", "<p>R&amp;D</p>"),
        ("auto_recording", "value:none"),
        ("verify", "false"),
    ];
    assert_eq!(
        act(&zoom, "update_meeting", &more).envelope()["status"],
        "success"
    );
    let asked = &zoom.asked()[1];
    assert_eq!(asked.target, "/v2/meetings/85746065432");
    let body = json!({"topic": "<p>R&amp;D</p>", "duration": 45, "tracking_fields": [{"field": "a", "value": "b"}],
        "settings": {"auto_recording": "none", "waiting_room": true, "contact_name": "R&amp;D"}});
    assert_eq!(asked.json(), body);
}

#[test]
fn oif_hands_over_a_long_list_whole() {
    let zoom = Zoom::start(|_, number| {
        let users: Vec<Value> = (0..300)
            .map(|n| json!({"id": format!("{number}-{n}"), "dept": "x".repeat(100)}))
            .collect();
        let token = if number < 159 {
            format!("t{number}")
        } else {
            String::new()
        };
        Answer::json(
            200,
            &json!({"users": users, "total_records": 48_000, "next_page_token": token}),
        )
    });
    let ran = act(&zoom, "list_users", &[]);
    assert!(ran.stdout.len() > 5 << 20, "{}", ran.stdout.len());
    let envelope = ran.envelope();
    assert_eq!(envelope["data"]["users"].as_array().unwrap().len(), 48_000);
    assert_eq!(envelope["data"]["complete"], true);
}

#[test]
fn oif_print_request_shows_no_secret_and_runs_nothing() {
    let zoom = user();
    let more = [
        ("meeting_id", "857 4606 5432"),
        ("password", "passcode-1"),
        ("settings", "{\"inner\": [{\"host_key\": \"123456\"}]}"),
        ("proxy_url", "http://u:p4ssw0rd@proxy:1"),
    ];
    let variables = at(&zoom, &more);
    let ran = oif(&["update_meeting", "--print-request"], &variables);
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
    let shown: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(shown["action"], "update_meeting");
    assert_eq!(shown["resource"]["client_secret"], "$client_secret");
    assert_eq!(shown["resource"]["client_id"], "id");
    assert_eq!(shown["parameters"]["password"], "$password");
    assert_eq!(shown["parameters"]["meeting_id"], "857 4606 5432");
    assert_eq!(
        shown["parameters"]["settings"]["inner"][0]["host_key"],
        "$host_key"
    );
    for secret in ["passcode-1", "123456", "p4ssw0rd"] {
        assert!(!ran.stdout.contains(secret), "{secret}");
    }
    assert!(zoom.asked().is_empty());
    assert_eq!(oif(&["nope", "--print-request"], NONE).exit, 2);
}

#[test]
fn oif_with_a_wrong_argument_prints_the_usage() {
    for arguments in [
        [].as_slice(),
        &["get_user", "extra"],
        &["get_user", "--nope"],
    ] {
        let ran = oif(arguments, NONE);
        assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("Usage"), "{ran:?}");
    }
}

/// A rehearsed deletion must not turn out to be real.
#[test]
fn oif_is_answered_by_the_sandbox_where_asked() {
    for arguments in [
        ["--sandbox", "oif", "list_users"],
        ["oif", "list_users", "--sandbox"],
    ] {
        let mut command = crate::harness::program();
        // Nobody listens there.
        command.env("api_url", "http://127.0.0.1:1").args(arguments);
        let ran = crate::harness::wait(
            crate::harness::start(command, b""),
            std::time::Instant::now(),
        );
        assert_eq!(ran.code(), "success", "{arguments:?}");
        assert_eq!(ran.envelope()["meta"]["sandbox"], true);
    }
}

#[test]
fn oif_cleans_addresses_and_ids_under_any_name() {
    let variables = [
        ("meeting_id", "1"),
        ("verify", "false"),
        ("dry_run", "true"),
        ("schedule_for", "<p>jane@example.com</p>"),
        ("alternative_hosts", "<p>kim&#64;example.com</p>\u{200b}"),
        ("timezone", "Europe/Berlin\u{a0}"),
        ("topic", "a<b and c>d"),
    ];
    let zoom = Zoom::start(|_, _| Answer::none(500));
    let ran = act(&zoom, "update_meeting", &variables);
    let envelope: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let body = serde_json::json!({
        "schedule_for": "jane@example.com",
        "timezone": "Europe/Berlin",
        "topic": "a<b and c>d",
        "settings": {"alternative_hosts": "kim@example.com"},
    });
    assert_eq!(envelope["data"]["request"]["body"], body);
}
