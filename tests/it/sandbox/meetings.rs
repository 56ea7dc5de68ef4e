//! Meetings: what there is, what may be changed of it, and what Zoom silently does otherwise.

use crate::sandbox::client::{Zoom, zoom};
use serde_json::{Value, json};

const REVIEW: &str = "/meetings/85746065432";
const STANDUP: &str = "/meetings/82345678901";

fn there() -> Zoom {
    zoom(|_| {})
}

fn invitation(zoom: &Zoom, meeting: &str) -> String {
    zoom.get(&format!("{meeting}/invitation"))["invitation"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Returns the switches of the passcode, the waiting room and authentication.
fn guards(zoom: &Zoom, meeting: &str) -> [bool; 3] {
    let meeting = zoom.get(meeting);
    let on = |key: &str| meeting["settings"][key] == true;
    [
        meeting["password"] != "",
        on("waiting_room"),
        on("meeting_authentication"),
    ]
}

#[test]
fn each_meeting_of_the_documentation_is_what_it_says() {
    let zoom = there();
    for (number, kind, status, has_start) in [
        (85_746_065_432_u64, 2, "waiting", true),
        (81_234_567_890, 2, "started", true),
        (89_123_456_789, 1, "started", true),
        (82_345_678_901, 8, "waiting", true),
        (83_456_789_012, 3, "waiting", false),
        (84_567_890_123, 10, "waiting", true),
        (5_551_112_222, 2, "waiting", true),
        (70_000_000_010, 2, "waiting", true),
    ] {
        let meeting = zoom.get(&format!("/meetings/{number}"));
        assert_eq!(
            (&meeting["id"], &meeting["type"], &meeting["status"]),
            (&json!(number), &json!(kind), &json!(status))
        );
        assert_eq!(meeting.get("start_time").is_some(), has_start, "{number}");
        assert_eq!(meeting.get("occurrences").is_some(), kind == 8, "{number}");
        assert_eq!(meeting["settings"]["use_pmi"], number == 5_551_112_222);
        assert!(
            meeting["password"]
                .as_str()
                .is_some_and(|passcode| !passcode.is_empty())
        );
    }
    let occurrences = zoom.get(STANDUP)["occurrences"].clone();
    let starts: Vec<u64> = occurrences
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["occurrence_id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(starts.len(), 5);
    assert!(
        starts
            .windows(2)
            .all(|pair| pair[1] - pair[0] == 86_400_000),
        "{starts:?}"
    );
}

#[test]
fn refusals_have_the_numbers_of_the_documentation() {
    let zoom = there();
    for (number, code) in [
        ("87000000001", (400, 3000)),
        ("86000000001", (400, 3161)),
        ("88000000001", (400, 3003)),
        ("99999999999", (404, 3001)),
        ("70000000000", (404, 3001)),
        ("70000000012", (404, 3001)),
        ("abc", (400, 300)),
        ("%2B85746065432", (400, 300)),
    ] {
        for method in ["GET", "DELETE"] {
            assert_eq!(
                zoom.code(method, &format!("/meetings/{number}")),
                code,
                "{method} {number}"
            );
        }
        assert_eq!(
            zoom.code("GET", &format!("/meetings/{number}/invitation")),
            code,
            "{number}"
        );
        assert_eq!(
            zoom.code("PUT", &format!("/meetings/{number}/status")),
            code,
            "{number}"
        );
        assert_eq!(
            zoom.patch(&format!("/meetings/{number}"), json!({"topic": "x"})),
            code,
            "{number}"
        );
    }
    assert_eq!(zoom.code("DELETE", "/meetings/5551112222"), (400, 3018));
}

#[test]
fn a_running_meeting_is_deleted_only_after_it_was_ended() {
    let zoom = there();
    for meeting in ["/meetings/81234567890", "/meetings/89123456789"] {
        assert_eq!(zoom.code("DELETE", meeting), (400, 3002));
        assert_eq!(zoom.code("PUT", &format!("{meeting}/status")), (204, 0));
        assert_eq!(zoom.get(meeting)["status"], "waiting");
        assert_eq!(zoom.code("PUT", &format!("{meeting}/status")), (400, 3007));
        assert_eq!(zoom.code("DELETE", meeting), (204, 0));
        assert_eq!(zoom.code("DELETE", meeting), (404, 3001));
    }
    assert_eq!(zoom.code("PUT", &format!("{REVIEW}/status")), (400, 3007));
}

#[test]
fn the_security_floor_turns_the_waiting_room_on_again() {
    // Each way of taking the last guard away, and what is left then.
    for (changes, left) in [
        (
            vec![json!({"password": "", "settings": {"waiting_room": false}})],
            [false, true, false],
        ),
        (
            vec![
                json!({"settings": {"waiting_room": false}}),
                json!({"password": ""}),
            ],
            [false, true, false],
        ),
        (
            vec![
                json!({"password": ""}),
                json!({"settings": {"waiting_room": false}}),
            ],
            [false, true, false],
        ),
        (
            vec![json!({"settings": {"waiting_room": false}})],
            [true, false, false],
        ),
        (
            vec![
                json!({"password": "", "settings": {"waiting_room": false, "meeting_authentication": true}}),
            ],
            [false, false, true],
        ),
        (
            vec![
                json!({"password": "", "settings": {"waiting_room": false, "meeting_authentication": true}}),
                json!({"settings": {"meeting_authentication": false}}),
            ],
            [false, true, false],
        ),
        // Once turned on, it stays on.
        (
            vec![
                json!({"settings": {"waiting_room": false}}),
                json!({"password": ""}),
                json!({"password": "abc123"}),
            ],
            [true, true, false],
        ),
    ] {
        let zoom = there();
        for change in &changes {
            zoom.change(REVIEW, change.clone());
        }
        assert_eq!(guards(&zoom, REVIEW), left, "{changes:?}");
    }
}

#[test]
fn the_security_floor_holds_for_an_occurrence_too() {
    let zoom = there();
    let id = zoom.get(STANDUP)["occurrences"][1]["occurrence_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let one = format!("{STANDUP}?occurrence_id={id}");
    zoom.change(&one, json!({"settings": {"waiting_room": false}}));
    assert_eq!(
        (guards(&zoom, &one), guards(&zoom, STANDUP)),
        ([true, false, false], [true, true, false])
    );
    zoom.change(STANDUP, json!({"password": ""}));
    assert_eq!(
        (guards(&zoom, &one), guards(&zoom, STANDUP)),
        ([false, true, false], [false, true, false])
    );
    zoom.change(&one, json!({"settings": {"waiting_room": false}}));
    assert_eq!(guards(&zoom, &one), [false, true, false]);
}

#[test]
fn link_and_dial_in_follow_the_passcode() {
    let zoom = there();
    let seen = || {
        let meeting = zoom.get(REVIEW);
        let listed =
            zoom.get("/users/jane%40example.com/meetings")["meetings"][0]["join_url"].clone();
        assert_eq!(meeting["join_url"], listed);
        let text = invitation(&zoom, REVIEW);
        assert!(
            text.contains(meeting["join_url"].as_str().unwrap()),
            "{text}"
        );
        (
            meeting["join_url"].as_str().unwrap().to_owned(),
            meeting["pstn_password"].as_str().unwrap().to_owned(),
            text,
        )
    };
    let before = seen();
    assert!(before.0.contains("?pwd=") && before.2.contains(&format!(",,,,*{}#", before.1)));
    zoom.change(REVIEW, json!({"password": "271828"}));
    let after = seen();
    assert!(after.0.contains("?pwd=") && after.0 != before.0);
    assert_eq!(after.1, "271828");
    assert!(
        after.2.contains(",,85746065432#,,,,*271828# US")
            && after.2.contains("Passcode: 271828\r\n"),
        "{}",
        after.2
    );
    zoom.change(REVIEW, json!({"password": ""}));
    let open = seen();
    assert_eq!(
        (open.0.as_str(), open.1.as_str()),
        ("https://example.zoom.us/j/85746065432", "")
    );
    assert!(
        open.2.contains(",,85746065432# US") && !open.2.contains("Passcode"),
        "{}",
        open.2
    );
}

#[test]
fn host_and_invitation_name_the_real_user() {
    let zoom = there();
    for (user, meeting) in [
        ("jane", 85_746_065_432_u64),
        ("basic", 70_000_000_010),
        ("user5", 70_000_000_051),
        ("inactive1", 70_000_000_220),
    ] {
        let user = zoom.get(&format!("/users/{user}%40example.com"));
        let path = format!("/meetings/{meeting}");
        let meeting = zoom.get(&path);
        assert_eq!(
            (&meeting["host_id"], &meeting["host_email"]),
            (&user["id"], &user["email"])
        );
        assert_eq!(meeting["settings"]["contact_email"], user["email"]);
        let name = user["display_name"].as_str().unwrap();
        assert!(
            invitation(&zoom, &path).starts_with(&format!("{name} is inviting you")),
            "{name}"
        );
    }
}

#[test]
fn an_invitation_has_a_time_where_the_meeting_has_one() {
    let zoom = there();
    assert!(invitation(&zoom, REVIEW).contains("Meeting ID: 857 4606 5432\r\n"));
    assert!(invitation(&zoom, "/meetings/5551112222").contains("Meeting ID: 555 111 2222\r\n"));
    assert!(
        invitation(&zoom, "/meetings/83456789012")
            .contains("Time: This is a recurring meeting Meet anytime")
    );
    zoom.change(
        REVIEW,
        json!({"topic": "Other", "start_time": "2031-05-04T10:00:00Z"}),
    );
    let text = invitation(&zoom, REVIEW);
    assert!(
        text.contains("Topic: Other\r\nTime: 2031-05-04T10:00:00Z (Europe/Berlin)"),
        "{text}"
    );
}

#[test]
fn a_start_in_the_past_is_ignored_without_a_word() {
    let zoom = there();
    let before = zoom.get(REVIEW)["start_time"].clone();
    let past = "2020-01-01T00:00:00Z";
    zoom.change(REVIEW, json!({"start_time": past, "agenda": past}));
    let meeting = zoom.get(REVIEW);
    assert_eq!(
        (&meeting["start_time"], &meeting["agenda"]),
        (&before, &json!(past))
    );
    zoom.change(
        REVIEW,
        json!({"start_time": "2031-01-01T12:00:00", "timezone": "Asia/Tokyo"}),
    );
    assert_eq!(zoom.get(REVIEW)["start_time"], "2031-01-01T03:00:00Z");
    zoom.change(REVIEW, json!({"start_time": "2031-01-01T13:00:00"}));
    assert_eq!(
        zoom.get(REVIEW)["start_time"],
        "2031-01-01T04:00:00Z",
        "in the meeting's own time zone"
    );
}

#[test]
fn of_an_occurrence_few_fields_change_and_the_series_keeps_its_own() {
    let zoom = there();
    let before = zoom.get(STANDUP);
    let id = before["occurrences"][2]["occurrence_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let one = format!("{STANDUP}?occurrence_id={id}");
    zoom.change(
        &one,
        json!({"topic": "Other", "agenda": "Today", "duration": 15, "start_time": "2031-01-01T12:00:00Z",
               "settings": {"mute_upon_entry": true, "watermark": true, "focus_mode": true}}),
    );
    let (occurrence, series) = (zoom.get(&one), zoom.get(STANDUP));
    assert_eq!(
        (&occurrence["agenda"], &occurrence["duration"]),
        (&json!("Today"), &json!(15))
    );
    assert_eq!(occurrence["start_time"], "2031-01-01T12:00:00Z");
    assert_eq!(occurrence["topic"], before["topic"]);
    let of = |meeting: &Value, key: &str| meeting["settings"][key].clone();
    assert_eq!(
        (
            of(&occurrence, "mute_upon_entry"),
            of(&occurrence, "watermark")
        ),
        (json!(true), json!(true))
    );
    assert_eq!(of(&occurrence, "focus_mode"), false);
    assert_eq!(
        (
            &series["agenda"],
            &series["settings"],
            &series["start_time"]
        ),
        (
            &before["agenda"],
            &before["settings"],
            &before["start_time"]
        )
    );
    assert_eq!(series["occurrences"][2]["duration"], 15);
    assert_eq!(series["occurrences"][1], before["occurrences"][1]);
    assert_eq!(zoom.code("DELETE", &one), (204, 0));
    assert_eq!(
        zoom.get(STANDUP)["occurrences"].as_array().unwrap().len(),
        4
    );
    for (method, target) in [
        ("GET", one.as_str()),
        ("DELETE", &one),
        ("GET", "/meetings/85746065432?occurrence_id=1"),
    ] {
        assert_eq!(zoom.code(method, target), (400, 300), "{method} {target}");
    }
    assert_eq!(
        zoom.patch(
            "/meetings/82345678901?occurrence_id=1",
            json!({"agenda": "x"})
        ),
        (400, 300)
    );
}

#[test]
fn a_series_follows_its_recurrence() {
    let zoom = there();
    zoom.change(
        STANDUP,
        json!({"start_time": "2031-01-01T08:00:00Z", "recurrence": {"type": 2, "repeat_interval": 1, "end_times": 3}}),
    );
    let starts: Vec<Value> = zoom.get(STANDUP)["occurrences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["start_time"].clone())
        .collect();
    assert_eq!(
        starts,
        [
            "2031-01-01T08:00:00Z",
            "2031-01-08T08:00:00Z",
            "2031-01-15T08:00:00Z"
        ]
    );
    // A recurrence is replaced, not joined.
    zoom.change(
        STANDUP,
        json!({"recurrence": {"type": 1, "end_date_time": "2031-01-02T09:00:00Z"}}),
    );
    let meeting = zoom.get(STANDUP);
    assert!(meeting["recurrence"].get("end_times").is_none());
    assert_eq!(meeting["occurrences"].as_array().unwrap().len(), 2);
}

#[test]
fn a_passcode_and_a_person_to_schedule_for_must_be_fit() {
    let zoom = there();
    assert_eq!(zoom.patch(REVIEW, json!({"password": "a b"})), (400, 300));
    assert_eq!(
        zoom.patch(REVIEW, json!({"schedule_for": "nobody@example.com"})),
        (400, 300)
    );
    zoom.change(
        REVIEW,
        json!({"schedule_for": "basic@example.com", "template_id": "t", "password": "aB1@-_*"}),
    );
    let meeting = zoom.get(REVIEW);
    assert!(meeting.get("schedule_for").is_none() && meeting.get("template_id").is_none());
    assert_eq!(meeting["password"], "aB1@-_*");
}

#[test]
fn update_meeting_takes_the_fields_of_2026_and_refuses_what_zoom_refuses() {
    let zoom = there();
    let options = json!({"mode": "custom", "who_goes_to_waiting_room": "users_not_in_account"});
    zoom.change(
        REVIEW,
        json!({"settings": {"waiting_room_options": options, "push_change_to_calendar": true}}),
    );
    let settings = zoom.get(REVIEW)["settings"].clone();
    assert_eq!(
        (
            &settings["waiting_room_options"],
            &settings["push_change_to_calendar"]
        ),
        (&options, &json!(true))
    );
    for body in [
        json!({"settings": {"waiting_room_options": {"who_goes_to_waiting_room": "everyone"}}}),
        json!({"duration": 5000}),
        json!({"duration": 0}),
        json!({"start_time": "bogus"}),
        json!({"recurrence": {"end_times": 3}}),
    ] {
        assert_eq!(zoom.patch(REVIEW, body.clone()), (400, 300), "{body}");
    }
}

#[test]
fn invitation_by_sip_has_no_scheme() {
    let links = there().get(&format!("{REVIEW}/invitation"))["sip_links"].clone();
    assert_eq!(links, json!(["85746065432@zoomcrc.com"]));
}

#[test]
fn get_meeting_shows_previous_occurrences_when_asked() {
    let zoom = there();
    let count = |query: &str| {
        let meeting = zoom.get(&format!("{STANDUP}{query}"));
        meeting["occurrences"].as_array().unwrap().len()
    };
    assert_eq!(count(""), 5);
    assert_eq!(count("?show_previous_occurrences=false"), 5);
    assert_eq!(count("?show_previous_occurrences=true"), 7);
    let other = zoom.get(&format!("{REVIEW}?show_previous_occurrences=true"));
    assert!(other.get("occurrences").is_none());
}
