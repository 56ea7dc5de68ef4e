//! Evidence: sign-ins, operation logs, live meetings and their participants, past and present.

use crate::sandbox::client::{Zoom, zoom};
use serde_json::{Value, json};
use zoom_runner::sandbox::Options;

/// 2027-01-15T12:00:00Z.
const NOW: u64 = 1_800_014_400;
const LIVE: &str = "/metrics/meetings?from=2027-01-15&to=2027-01-15";

fn there() -> Zoom {
    zoom(|options: &mut Options| options.now = Some(NOW))
}

fn column(list: &Value, key: &str, name: &str) -> Vec<String> {
    let rows = list[key].as_array().unwrap();
    rows.iter()
        .map(|row| row[name].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn sign_ins_are_those_of_the_days_asked_for_newest_first() {
    let zoom = there();
    let list = zoom.get("/report/activities?from=2027-01-14&to=2027-01-15");
    let times = column(&list, "activity_logs", "time");
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{times:?}");
    let strange = column(&list, "activity_logs", "ip_address").contains(&"203.0.113.77".to_owned());
    assert!(strange && list.get("total_records").is_none());

    let page = zoom.get("/report/activities?from=2026-12-20&to=2027-01-15&page_size=10");
    assert_eq!(page["activity_logs"].as_array().unwrap().len(), 10);
    assert!(!page["next_page_token"].as_str().unwrap().is_empty());
    assert_eq!(
        zoom.code("GET", "/report/activities?from=2026-12-01&to=2027-01-15"),
        (400, 300)
    );
}

#[test]
fn operation_logs_are_those_of_a_category() {
    let zoom = there();
    let days = "from=2027-01-14&to=2027-01-15";
    let all = zoom.get(&format!("/report/operationlogs?{days}"));
    assert_eq!(all["operation_logs"].as_array().unwrap().len(), 6);
    let settings = zoom.get(&format!(
        "/report/operationlogs?{days}&category_type=user_settings"
    ));
    let details = column(&settings, "operation_logs", "operation_detail");
    assert_eq!(details[0], "Waiting room: from On to Off");
    assert_eq!(details.len(), 2);

    let minutes = "/report/operationlogs?from=2027-01-15%2010:30&to=2027-01-15%2012:00";
    assert_eq!(
        column(&zoom.get(minutes), "operation_logs", "category_type"),
        ["Recording"]
    );
    for query in [
        "",
        "?from=2027-01-01",
        "?from=2026-12-01&to=2027-01-15",
        "?from=1&to=2",
    ] {
        assert_eq!(
            zoom.code("GET", &format!("/report/operationlogs{query}")),
            (400, 300),
            "{query}"
        );
    }
}

#[test]
fn dashboard_loses_a_meeting_that_is_ended() {
    let zoom = there();
    assert_eq!(
        column(&zoom.get(LIVE), "meetings", "topic"),
        ["Customer briefing", "War room", "Jane Doe's Zoom Meeting"]
    );
    let people = |id: &str, kind: &str| {
        let list = zoom.get(&format!("/metrics/meetings/{id}/participants?type={kind}"));
        column(&list, "participants", "ip_address")
    };
    assert_eq!(
        people("81555000444", "live"),
        [
            "198.51.100.20",
            "198.51.100.12",
            "203.0.113.77",
            "203.0.113.77"
        ]
    );
    let past = "/past_meetings/81555000444/participants";
    assert_eq!(zoom.code("GET", past), (404, 3001), "it runs");
    assert_eq!(
        zoom.code(
            "GET",
            "/metrics/meetings/81555000444/participants?type=past"
        ),
        (404, 3001)
    );

    assert_eq!(zoom.code("PUT", "/meetings/81555000444/status"), (204, 0));
    assert_eq!(column(&zoom.get(LIVE), "meetings", "topic").len(), 2);
    assert_eq!(
        zoom.code("GET", "/metrics/meetings/81555000444/participants"),
        (404, 3001)
    );
    assert_eq!(people("81555000444", "past").len(), 4);
    assert_eq!(zoom.get(past)["participants"].as_array().unwrap().len(), 4);
}

#[test]
fn past_meeting_of_one_and_one_not_yet_counted_can_be_told_apart() {
    let zoom = there();
    let lonely = "kQx9vZ2yTsa4Wb7cD8eF1g%3D%3D";
    assert_eq!(
        zoom.get(&format!("/past_meetings/{lonely}/participants"))["participants"],
        json!([])
    );
    assert_eq!(
        zoom.get(&format!("/past_meetings/{lonely}"))["participants_count"],
        1
    );
    let one = zoom.get(&format!(
        "/metrics/meetings/{lonely}/participants?type=pastOne"
    ));
    assert_eq!(column(&one, "participants", "email"), ["jane@example.com"]);
    let several = zoom.get(&format!(
        "/metrics/meetings/{lonely}/participants?type=past"
    ));
    assert_eq!(several["participants"], json!([]));

    let just_ended = zoom.get("/past_meetings/nR7yT0pLQeGm5sVw2xZk9A%3D%3D/participants");
    let durations: Vec<&Value> = just_ended["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["duration"])
        .collect();
    assert_eq!(durations, [0, 0]);
    let board = zoom.get("/past_meetings/%252FajXp112QmuoKj4854875%253D%253D/participants");
    assert_eq!(board["total_records"], 3);
    assert_eq!(
        zoom.code("GET", "/past_meetings/86555000444/participants"),
        (404, 3001)
    );
}

#[test]
fn dashboard_wants_days_and_looks_back() {
    let zoom = there();
    for query in ["", "?from=2027-01-15", "?from=2026-11-01&to=2027-01-15"] {
        assert_eq!(
            zoom.code("GET", &format!("/metrics/meetings{query}")),
            (400, 300),
            "{query}"
        );
    }
    assert_eq!(
        zoom.code("GET", &format!("{LIVE}&query_date_type=end_time")),
        (400, 12700)
    );
    let past = zoom.get("/metrics/meetings?type=past&from=2027-01-01&to=2027-01-15");
    assert_eq!(
        column(&past, "meetings", "topic"),
        ["Roadmap", "Quarterly numbers", "Weekly incident review"]
    );
    let lonely = zoom.get("/metrics/meetings?type=pastOne&from=2027-01-01&to=2027-01-15");
    assert_eq!(column(&lonely, "meetings", "topic"), ["Salary review"]);
}

#[test]
fn a_small_account_tells_the_story_without_the_users_it_has_not() {
    let zoom = zoom(|options: &mut Options| {
        options.users = 2;
        options.now = Some(NOW);
    });
    let days = "from=2027-01-10&to=2027-01-15";
    for (target, key, name) in [
        (
            format!("/report/activities?{days}"),
            "activity_logs",
            "email",
        ),
        (
            format!("/report/operationlogs?{days}"),
            "operation_logs",
            "operator",
        ),
        (format!("/metrics/meetings?{days}"), "meetings", "email"),
        (
            "/metrics/meetings/81234567890/participants".to_owned(),
            "participants",
            "email",
        ),
    ] {
        let rows = column(&zoom.get(&target), key, name);
        let known = ["jane@example.com", "basic@example.com", ""];
        assert!(
            !rows.is_empty() && rows.iter().all(|row| known.contains(&row.as_str())),
            "{target} {rows:?}"
        );
    }
    assert_eq!(zoom.get("/roles/1/members")["total_records"], 0);
    assert_eq!(zoom.get("/users")["total_records"], 2);
}
