//! Rate limits: a second's, a day's, and those of one host's meetings.

use crate::sandbox::client::{Answer, zoom};
use serde_json::json;
use zoom_runner::sandbox::Plan;

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", String::as_str)
}

#[test]
fn a_second_allows_as_many_calls_as_the_plan() {
    let zoom = zoom(|options| options.plan = Some(Plan::Free));
    // Two a second: these five fall into two seconds at most.
    let answers: Vec<Answer> = (0..5).map(|_| zoom.ask("GET", "/users", None)).collect();
    assert!(answers[..2].iter().all(|answer| answer.status == 200));
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.code(), (429, 429));
    assert!(
        refused.json()["message"]
            .as_str()
            .unwrap()
            .contains("per-second rate limit")
    );
    assert_eq!(header(refused, "x-ratelimit-category"), "Medium");
    assert_eq!(header(refused, "x-ratelimit-type"), "QPS");
    assert_eq!(header(refused, "x-ratelimit-limit"), "2");
    assert_eq!(header(refused, "x-ratelimit-remaining"), "0");
    assert!(header(refused, "x-ratelimit-reset").parse::<u64>().unwrap() > 1_700_000_000);
    assert_eq!(header(refused, "retry-after"), "");
    // Light calls are counted apart.
    assert_eq!(
        zoom.ask("GET", "/users/jane%40example.com", None).status,
        200
    );
}

#[test]
fn a_day_allows_so_many_calls_of_each_label() {
    let zoom = zoom(|options| options.daily_limit = Some(2));
    for _ in 0..2 {
        zoom.get("/users");
    }
    let refused = zoom.ask("GET", "/users/jane%40example.com/settings", None);
    assert_eq!(refused.code(), (429, 429));
    assert!(
        refused.json()["message"]
            .as_str()
            .unwrap()
            .contains("maximum daily rate limit")
    );
    assert_eq!(
        (
            header(&refused, "x-ratelimit-type"),
            header(&refused, "x-ratelimit-limit")
        ),
        ("Daily-limit", "2")
    );
    assert!(
        header(&refused, "retry-after").ends_with("T00:00:00Z"),
        "{refused:?}"
    );
    zoom.get("/users/jane%40example.com");
}

#[test]
fn one_hosts_meetings_are_changed_a_hundred_times_a_day() {
    let zoom = zoom(|options| options.daily_limit = Some(1000));
    let target = ["/meetings/85746065432", "/meetings/83456789012"];
    for index in 0..100 {
        zoom.change(target[index % 2], json!({"agenda": "x"}));
    }
    let refused = zoom.ask("PATCH", target[0], Some(&json!({"agenda": "y"})));
    assert_eq!(refused.code(), (429, 429));
    assert!(
        refused.json()["message"]
            .as_str()
            .unwrap()
            .contains("daily rate limit (100)")
    );
    // Zoom gives neither here.
    assert_eq!(
        (
            header(&refused, "x-ratelimit-type"),
            header(&refused, "retry-after")
        ),
        ("", "")
    );
    assert_eq!(zoom.get(target[0])["agenda"], "x");
    zoom.change("/meetings/70000000010", json!({"agenda": "y"}));
}
