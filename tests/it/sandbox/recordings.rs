//! Recordings: the trash and back, settings, and who viewed them.

use crate::sandbox::client::{Zoom, zoom};
use serde_json::{Value, json};
use zoom_runner::sandbox::Options;

/// 2027-01-15T12:00:00Z.
const NOW: u64 = 1_800_014_400;
const LEAKED: &str = "/meetings/70000000040/recordings";

fn there() -> Zoom {
    zoom(|options: &mut Options| options.now = Some(NOW))
}

fn topics(zoom: &Zoom, user: &str, query: &str) -> Vec<String> {
    let list = zoom.get(&format!("/users/{user}%40example.com/recordings?{query}"));
    let meetings = list["meetings"].as_array().unwrap();
    meetings
        .iter()
        .map(|one| one["topic"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn recordings_are_listed_by_day_and_a_longer_range_is_clamped() {
    let zoom = there();
    assert_eq!(
        topics(&zoom, "user4", "from=2027-01-14&to=2027-01-15"),
        ["Quarterly numbers"]
    );
    assert!(
        topics(&zoom, "user4", "").is_empty(),
        "today alone, where no day is given"
    );
    assert_eq!(
        topics(&zoom, "jane", "from=2026-12-01&to=2026-12-10"),
        ["Board meeting"]
    );

    let long = "/users/jane%40example.com/recordings?from=2026-11-01&to=2027-01-15";
    let list = zoom.get(long);
    assert_eq!(
        (&list["from"], &list["to"]),
        (&json!("2026-12-15"), &json!("2027-01-15"))
    );
    assert_eq!(
        list["meetings"].as_array().unwrap().len(),
        1,
        "the board meeting is older"
    );
    assert_eq!(
        zoom.code("GET", "/users/jane%40example.com/recordings?from=soon"),
        (400, 300)
    );
    assert_eq!(
        zoom.code("GET", "/users/nobody%40example.com/recordings"),
        (404, 1001)
    );
}

#[test]
fn recording_comes_back_from_the_trash_and_a_deleted_one_does_not() {
    let zoom = there();
    let recover = |uuid: &str| {
        let target = format!("/meetings/{uuid}/recordings/status");
        zoom.ask("PUT", &target, Some(&json!({"action": "recover"})))
            .code()
    };
    let leaked = "Vq%252F%252F8rT2SbKx0aPz5nLw3A%3D%3D";
    assert_eq!(recover(leaked), (404, 3301), "it is not in the trash");

    assert_eq!(zoom.code("DELETE", LEAKED), (204, 0));
    assert_eq!(zoom.code("GET", LEAKED), (404, 3301));
    assert_eq!(
        topics(&zoom, "user4", "trash=true"),
        ["Quarterly numbers", "Customer call"]
    );
    assert_eq!(
        zoom.code("DELETE", LEAKED),
        (404, 3301),
        "it is there already"
    );
    assert_eq!(recover(leaked), (200, 0));
    assert_eq!(zoom.get(LEAKED)["topic"], "Quarterly numbers");

    assert_eq!(
        zoom.code("DELETE", &format!("{LEAKED}?action=delete")),
        (204, 0)
    );
    assert_eq!(recover(leaked), (404, 3301));
}

#[test]
fn recording_uuid_with_slashes_must_be_encoded_twice() {
    let zoom = there();
    for uuid in [
        "aDYlohsHRtCd4ii1uC2%2BhA%3D%3D",
        "aDYlohsHRtCd4ii1uC2%252BhA%253D%253D",
    ] {
        let recording = zoom.get(&format!("/meetings/{uuid}/recordings"));
        assert_eq!(recording["topic"], "Weekly incident review", "{uuid}");
    }
    let twice = zoom.get("/meetings/%252FajXp112QmuoKj4854875%253D%253D/recordings");
    assert_eq!(twice["topic"], "Board meeting");
    let once = "/meetings/%2FajXp112QmuoKj4854875%3D%3D/recordings";
    assert_eq!(zoom.code("GET", once), (404, 2300));
    assert_eq!(
        zoom.code(
            "GET",
            "/meetings/Vq%2F%2F8rT2SbKx0aPz5nLw3A%3D%3D/recordings"
        ),
        (404, 2300)
    );
}

#[test]
fn recording_settings_cut_the_link() {
    let zoom = there();
    let settings = format!("{LEAKED}/settings");
    let before = zoom.get(&settings);
    assert_eq!(
        (&before["share_recording"], &before["password"]),
        (&json!("publicly"), &json!(""))
    );
    assert!(zoom.get(LEAKED)["share_url"].is_string());

    zoom.change(
        &settings,
        json!({"share_recording": "none", "viewer_download": false, "password": "Zoom2027"}),
    );
    let after = zoom.get(&settings);
    assert_eq!(
        (&after["share_recording"], &after["viewer_download"]),
        (&json!("none"), &json!(false))
    );
    let recording = zoom.get(LEAKED);
    assert_eq!(
        (recording.get("share_url"), &recording["password"]),
        (None, &json!("Zoom2027"))
    );
    assert!(recording.get("download_access_token").is_none());

    for body in [
        json!({"password": "short"}),
        json!({"password": "longer than ten"}),
        json!({"share_recording": "all"}),
    ] {
        assert_eq!(zoom.patch(&settings, body.clone()), (400, 300), "{body}");
    }
    assert_eq!(
        zoom.code("GET", "/meetings/81234567890/recordings/settings"),
        (404, 3301)
    );
}

#[test]
fn analytics_tell_viewers_from_those_who_downloaded() {
    let zoom = there();
    let emails = |query: &str| -> Vec<Value> {
        let list = zoom.get(&format!(
            "{LEAKED}/analytics_details?from=2027-01-10&to=2027-01-15&{query}"
        ));
        let rows = list["analytics_details"].as_array().unwrap();
        rows.iter().map(|row| row["email"].clone()).collect()
    };
    assert_eq!(
        emails("type=by_view"),
        ["mallory@example.net", "user2@example.com"]
    );
    assert_eq!(emails("type=by_download"), ["mallory@example.net"]);
    let long = format!("{LEAKED}/analytics_details?from=2026-11-01&to=2027-01-15");
    assert_eq!(zoom.code("GET", &long), (400, 300));
}
