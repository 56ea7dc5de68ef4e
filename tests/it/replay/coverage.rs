//! The coverage of the fixtures: cases of every action, every error code, every endpoint, and no secret or real address.

use crate::fixtures::all;
use serde_json::Value;
use std::collections::BTreeSet;
use zoom_runner::action::Endpoint;
use zoom_runner::actions;
use zoom_runner::protocol::failure::Code;

#[test]
fn actions_have_their_cases() {
    let all = all();
    let folders: BTreeSet<&str> = all.iter().map(|one| one.action.as_str()).collect();
    let ids: BTreeSet<&str> = actions::all()
        .map(|entry| entry.id)
        .chain(["request"])
        .collect();
    assert_eq!(
        folders, ids,
        "a folder for every action, and `request` for what never gets to one"
    );
    for entry in actions::all() {
        let mut wanted = vec!["success", "missing_scope"];
        // Where there is no one thing to look for, there is none that could be missing.
        if entry
            .routes
            .first()
            .is_some_and(|route| route.path.contains('{'))
        {
            wanted.push("not_found");
        }
        if actions::find("update_user").unwrap().kind == entry.kind {
            wanted.push("dry_run");
        }
        for case in wanted {
            let there = all
                .iter()
                .any(|one| one.action == entry.id && one.case == case);
            assert!(there, "tests/fixtures/{}/{case}.json is missing", entry.id);
        }
    }
}

#[test]
fn cases_end_as_their_names_say() {
    for one in all() {
        let envelope = one.envelope();
        if one.action != "request" {
            assert_eq!(envelope["action"], one.action, "{}", one.name());
        }
        // Test is a success as long as the API knows the token: that is what it tests.
        let code = match one.case.as_str() {
            "success" | "rate_limited_then_ok" | "dry_run" => None,
            "missing_scope" if one.action == "test" => None,
            "not_found" | "missing_scope" => Some(one.case.as_str()),
            _ => continue,
        };
        assert_eq!(envelope["error"]["code"].as_str(), code, "{}", one.name());
        if one.case == "rate_limited_then_ok" {
            assert!(
                envelope["meta"]["retries"].as_u64().unwrap() > 0,
                "{}",
                one.name()
            );
        }
    }
}

#[test]
fn error_codes_come_in_fixtures() {
    let mut codes = BTreeSet::new();
    for one in all() {
        if let Some(code) = one.envelope()["error"]["code"].as_str() {
            codes.insert(Code::named(code).unwrap());
        }
    }
    // A signal and a bug cannot be recorded.
    let wanted = Code::ALL.into_iter().filter(|code| {
        !matches!(
            code,
            Code::Cancelled | Code::Internal | Code::ProxyRefused | Code::HostLimit
        )
    });
    assert_eq!(codes, wanted.collect::<BTreeSet<_>>());
}

#[test]
fn endpoints_are_called_in_fixtures_of_their_actions() {
    let all = all();
    for entry in actions::all() {
        for route in entry.routes {
            let called = all.iter().filter(|one| one.action == entry.id).any(|one| {
                one.exchanges()
                    .iter()
                    .any(|exchange| is_call(&exchange["request"], route))
            });
            assert!(
                called,
                "no fixture of {} calls {} {}",
                entry.id, route.method, route.path
            );
        }
    }
}

/// True if a recorded request is one to `route`.
fn is_call(request: &Value, route: &Endpoint) -> bool {
    let url = request["url"].as_str().unwrap();
    let path = url
        .split_once("/v2")
        .map_or("", |(_, path)| path)
        .split('?')
        .next()
        .unwrap();
    let (steps, holes): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), route.path.split('/').collect());
    request["method"] == route.method.name()
        && steps.len() == holes.len()
        && steps
            .iter()
            .zip(holes)
            .all(|(step, hole)| hole.starts_with('{') || *step == hole)
}

#[test]
fn fixtures_hold_no_secret_and_no_real_address() {
    for one in all() {
        let envelope = one.envelope().to_string();
        for secret in ["example-client-secret", "example-access-token"] {
            assert!(!envelope.contains(secret), "{}", one.name());
        }
        let text = one.json.to_string();
        for (at, _) in text.match_indices('@') {
            let host: String = text[at + 1..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '.')
                .collect();
            let host = host.trim_end_matches('.');
            let ours = [
                "example.com",
                "example.net",
                "example.org",
                "xmpp.zoom.us",
                "zoomcrc.com",
                "exam",
            ];
            assert!(ours.contains(&host), "{}: @{host}", one.name());
        }
    }
}
