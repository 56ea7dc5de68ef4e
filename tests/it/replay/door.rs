//! The replay door as a developer meets it: what it prints, what it blesses, and its exit code.

use super::Scratch;
use std::fs;
use std::path::Path;
use zoom_runner::commands::replay::{Options, serve};

pub fn replay(path: &Path, filter: Option<&str>, bless: bool) -> (u8, String) {
    let mut out = Vec::new();
    let options = Options {
        paths: vec![path.to_owned()],
        filter: filter.map(str::to_owned),
        bless,
    };
    let exit = serve(&options, &mut out);
    (exit, String::from_utf8(out).unwrap())
}

#[test]
fn a_fixture_that_is_the_same_is_one_line() {
    let path = super::fixtures().join("get_user/not_found");
    let (exit, out) = replay(&path, None, false);
    assert_eq!(
        (exit, out),
        (
            0,
            format!("same    {}\n1 fixture, all the same.\n", path.display())
        )
    );
}

#[test]
fn another_envelope_is_shown_by_path_with_both_sides() {
    let scratch = Scratch::new("envelope");
    let path = scratch.copy(
        "get_user/success",
        "envelope.json",
        "576460752303423488",
        "576460752303423489",
    );
    scratch.copy(
        "get_user/not_found",
        "envelope.json",
        "\"retryable\": false,",
        "",
    );
    let (exit, out) = replay(&scratch.0, None, false);
    assert_eq!(exit, 1);
    assert!(
        out.contains(&format!("DIFFERS {}\n", path.display())),
        "{out}"
    );
    assert!(
        out.contains(
            "envelope: data.zoom_one_type: expected 576460752303423489, got 576460752303423488"
        ),
        "{out}"
    );
    assert!(
        out.contains("envelope: error.retryable: expected nothing, got false"),
        "{out}"
    );
    assert!(out.ends_with("2 fixtures: 0 the same, 2 not.\n"), "{out}");
}

#[test]
fn another_request_is_shown_with_what_the_recording_holds() {
    let scratch = Scratch::new("http");
    scratch.copy(
        "update_user/success",
        "exchanges.json",
        "\"job_title\": \"Analyst\"\n",
        "\"job_title\": \"Chief\"\n",
    );
    let (exit, out) = replay(&scratch.0, None, false);
    assert_eq!(exit, 1);
    assert!(
        out.contains("request 3 differs from the recording: asked"),
        "{out}"
    );
    assert!(
        out.contains("body.job_title: expected \"Chief\", got \"Analyst\""),
        "{out}"
    );
    assert!(
        !out.contains("envelope:"),
        "what follows from it is no news: {out}"
    );
}

#[test]
fn an_exchange_that_never_comes_is_a_difference() {
    let scratch = Scratch::new("left");
    scratch.copy(
        "get_user/success",
        "request.json",
        "\"user_id\": \"jane@example.com\"",
        "\"user_id\": \"\"",
    );
    let (exit, out) = replay(&scratch.0, None, false);
    assert_eq!(exit, 1);
    assert!(out.contains("exchange 1 of 2 never came"), "{out}");
}

#[test]
fn bless_accepts_an_envelope_and_nothing_else() {
    let scratch = Scratch::new("bless");
    let good = scratch.copy(
        "get_user/success",
        "envelope.json",
        "576460752303423488",
        "1",
    );
    scratch.copy(
        "get_user/not_found",
        "exchanges.json",
        "nobody%40example.com",
        "somebody",
    );
    let (exit, out) = replay(&scratch.0, None, true);
    assert_eq!(exit, 1);
    assert!(
        out.contains(&format!("blessed {}\n", good.display())),
        "{out}"
    );
    assert!(
        out.ends_with("2 fixtures: 1 the same, 1 of them blessed, 1 not.\n"),
        "{out}"
    );
    let original =
        fs::read_to_string(super::fixtures().join("get_user/success/envelope.json")).unwrap();
    assert_eq!(
        fs::read_to_string(good.join("envelope.json")).unwrap(),
        original
    );
    let (exit, _) = replay(&scratch.0, Some("success"), false);
    assert_eq!(exit, 0);
}

#[test]
fn nothing_found_is_no_success() {
    let scratch = Scratch::new("none");
    let (exit, out) = replay(&scratch.0, None, false);
    assert_eq!(exit, 1);
    assert!(out.contains("No fixture was found"), "{out}");
    let (exit, _) = replay(&super::fixtures(), Some("no such case"), false);
    assert_eq!(exit, 1);
    let (exit, out) = replay(&scratch.0.join("absent"), None, false);
    assert_eq!(exit, 1);
    assert!(out.contains("cannot be read"), "{out}");
}

#[test]
fn a_broken_fixture_does_not_end_the_others() {
    let scratch = Scratch::new("broken");
    scratch.copy(
        "get_user/success",
        "exchanges.json",
        "\"version\": 1",
        "\"version\": 7",
    );
    scratch.copy("get_user/not_found", "envelope.json", "{", "[");
    scratch.copy("get_user/missing_scope", "request.json", "{", "{");
    let (exit, out) = replay(&scratch.0, None, false);
    assert_eq!(exit, 1);
    assert!(out.contains("version 7 is not known"), "{out}");
    assert!(out.contains("envelope.json is no JSON"), "{out}");
    assert!(out.ends_with("3 fixtures: 1 the same, 2 not.\n"), "{out}");
}
