//! Lists: pages, tokens, filters; a million users.

use crate::sandbox::client::zoom;
use serde_json::json;
use std::time::{Duration, Instant};

const JANES: &str = "/users/jane%40example.com/meetings";

#[test]
fn pages_lead_from_one_to_the_next_until_the_end() {
    let zoom = zoom(|options| options.users = 7);
    let mut target = "/users?page_size=3".to_owned();
    let mut seen = Vec::new();
    for (page, length) in [(1, 3), (2, 3), (3, 1)] {
        let list = zoom.get(&target);
        assert_eq!(
            (
                &list["page_number"],
                &list["page_count"],
                &list["total_records"]
            ),
            (&json!(page), &json!(3), &json!(7))
        );
        assert_eq!(list["users"].as_array().unwrap().len(), length);
        seen.extend(
            list["users"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["id"].as_str().unwrap().to_owned()),
        );
        target = format!(
            "/users?page_size=3&next_page_token={}",
            list["next_page_token"].as_str().unwrap()
        );
    }
    assert!(target.ends_with('='), "{target}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
    assert_eq!(
        zoom.emails("/users?page_size=3&page_number=3"),
        ["user6@example.com"]
    );
    assert_eq!(zoom.get("/users")["page_size"], 30);
}

#[test]
fn a_page_token_is_bound_to_its_query_and_to_its_list() {
    let zoom = zoom(|_| {});
    let list = zoom.get("/users?page_size=3&status=active");
    let token = list["next_page_token"].as_str().unwrap();
    assert_eq!(
        zoom.code(
            "GET",
            &format!("/users?status=active&page_size=3&next_page_token={token}")
        )
        .0,
        200
    );
    let mut tampered = token.to_owned();
    tampered.replace_range(..16, "ffffffffffffffff");
    for target in [
        format!("/users?page_size=4&status=active&next_page_token={token}"),
        format!("/users?page_size=3&status=inactive&next_page_token={token}"),
        format!("/users?page_size=3&next_page_token={token}"),
        format!("{JANES}?page_size=3&next_page_token={token}"),
        format!("/users?page_size=3&status=active&next_page_token={tampered}"),
        "/users?next_page_token=x".to_owned(),
    ] {
        assert_eq!(zoom.code("GET", &target), (400, 300), "{target}");
    }
}

#[test]
fn a_page_token_ends_with_its_time() {
    let zoom = zoom(|options| options.page_token_lifetime = 0);
    let token = zoom.get("/users?page_size=3")["next_page_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        zoom.code(
            "GET",
            &format!("/users?page_size=3&next_page_token={token}")
        ),
        (400, 300)
    );
}

#[test]
fn users_are_listed_by_status_role_and_licence() {
    let zoom = zoom(|_| {});
    assert_eq!(zoom.get("/users")["total_records"], 22);
    assert_eq!(
        zoom.emails("/users?status=inactive"),
        ["inactive1@example.com", "inactive2@example.com"]
    );
    assert_eq!(
        zoom.emails("/users?status=pending"),
        ["pending1@example.com"]
    );
    assert_eq!(zoom.get("/users?status=pending")["users"][0]["id"], "");
    assert_eq!(zoom.emails("/users?role_id=0"), ["jane@example.com"]);
    assert_eq!(zoom.get("/users?role_id=2")["total_records"], 19);
    assert_eq!(zoom.get("/users?role_id=1")["total_records"], 1);
    let managed = "/users?license=zoom_workforce_management&page_size=1";
    assert_eq!(zoom.emails(managed), ["user3@example.com"]);
    let token = zoom.get(managed)["next_page_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        zoom.emails(&format!("{managed}&next_page_token={token}")),
        ["user13@example.com"]
    );
    assert_eq!(zoom.get("/users?license=another")["total_records"], 0);
    let settings = zoom
        .get("/users/user3%40example.com/settings?custom_query_fields=zoom_workforce_management");
    assert_eq!(
        settings,
        json!({"feature": {"zoom_workforce_management": true}})
    );
}

#[test]
fn one_more_field_is_listed_when_asked_for() {
    let zoom = zoom(|_| {});
    let user = |query: &str| zoom.get(&format!("/users{query}"))["users"][0].clone();
    assert!(user("").get("host_key").is_none() && user("").get("custom_attributes").is_none());
    assert!(user("?include_fields=host_key")["host_key"].is_string());
    assert!(user("?include_fields=custom_attributes")["custom_attributes"].is_array());
}

#[test]
fn meetings_are_listed_by_type() {
    let zoom = zoom(|_| {});
    let all = zoom.meetings(JANES);
    assert_eq!(
        all.len(),
        5,
        "neither the instant meeting nor screen sharing"
    );
    assert_eq!(zoom.meetings(&format!("{JANES}?type=scheduled")), all);
    assert_eq!(
        zoom.meetings(&format!("{JANES}?type=live")),
        [81_234_567_890, 89_123_456_789]
    );
    assert_eq!(
        zoom.meetings(&format!("{JANES}?type=previous_meetings")),
        [85_746_065_432, 83_456_789_012, 82_345_678_901]
    );
    assert_eq!(zoom.code("PUT", "/meetings/81234567890/status").0, 204);
    assert_eq!(
        zoom.meetings(&format!("{JANES}?type=live")),
        [89_123_456_789]
    );
    assert_eq!(
        zoom.meetings(&format!("{JANES}?type=previous_meetings")),
        [
            81_234_567_890,
            85_746_065_432,
            83_456_789_012,
            82_345_678_901
        ]
    );
    assert_eq!(zoom.meetings(&format!("{JANES}?type=upcoming")).len(), 4);
    let personal = zoom.get(JANES)["meetings"][4].clone();
    assert_eq!(personal["pmi"], "5551112222", "a text, unlike in a user");
}

#[test]
fn meetings_are_listed_by_day_of_the_time_zone() {
    let zoom = zoom(|_| {});
    zoom.change(
        "/meetings/85746065432",
        json!({"start_time": "2031-05-04T23:30:00Z"}),
    );
    let on = |query: &str| zoom.meetings(&format!("{JANES}?{query}"));
    assert_eq!(on("from=2031-05-04&to=2031-05-04"), [85_746_065_432]);
    assert_eq!(on("from=2031-05-05"), [0_u64; 0]);
    assert_eq!(
        on("from=2031-05-05&timezone=Europe%2FBerlin"),
        [85_746_065_432]
    );
    // A series is there on each of its days, what has no time on none.
    zoom.change(
        "/meetings/82345678901",
        json!({"start_time": "2032-01-01T08:00:00Z"}),
    );
    assert_eq!(on("from=2032-01-05&to=2032-01-09"), [82_345_678_901]);
    assert!(!on("from=2000-01-01").contains(&83_456_789_012));
    for query in [
        "from=tomorrow",
        "to=2031-13-01",
        "timezone=Mars%2FBase",
        "from=2031-05-05&to=2031-05-04",
    ] {
        assert_eq!(
            zoom.code("GET", &format!("{JANES}?{query}")),
            (400, 300),
            "{query}"
        );
    }
}

#[test]
fn every_meeting_that_is_listed_exists() {
    let zoom = zoom(|_| {});
    for user in [
        "jane",
        "basic",
        "user21",
        "inactive1",
        "inactive2",
        "pending1",
    ] {
        let listed = zoom.meetings(&format!("/users/{user}%40example.com/meetings"));
        assert_eq!(listed.is_empty(), user == "pending1", "{user}");
        for number in listed {
            let meeting = zoom.get(&format!("/meetings/{number}"));
            assert_eq!(
                (&meeting["id"], &meeting["host_email"]),
                (&json!(number), &json!(format!("{user}@example.com")))
            );
        }
    }
    assert_eq!(
        zoom.code("GET", "/meetings/70000000240"),
        (404, 3001),
        "the pending user's"
    );
}

#[test]
fn a_million_users_cost_nothing_until_they_are_asked_for() {
    let since = Instant::now();
    let zoom = zoom(|options| options.users = 1_000_000);
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    let since = Instant::now();
    let page = zoom.ask("GET", "/users?page_size=300&page_number=3333", None);
    assert!(
        since.elapsed() < Duration::from_millis(500),
        "{:?}",
        since.elapsed()
    );
    let (users, size) = (
        page.json()["users"].as_array().unwrap().len(),
        page.body.len() / 300,
    );
    assert_eq!(
        (users, &page.json()["total_records"]),
        (300, &json!(1_000_000))
    );
    assert!((600..750).contains(&size), "{size} bytes a user");
    assert_eq!(
        zoom.get("/users/user999999%40example.com")["status"],
        "active"
    );
    assert_eq!(
        zoom.meetings("/users/user999999%40example.com/meetings")
            .len(),
        2
    );
}
