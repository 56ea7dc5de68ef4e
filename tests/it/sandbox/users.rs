//! Users: who there is, and what may be changed of them.

use crate::sandbox::client::{Zoom, zoom};
use serde_json::json;

const JANE: &str = "/users/jane%40example.com";
const BASIC: &str = "/users/basic%40example.com";

fn there() -> Zoom {
    zoom(|_| {})
}

#[test]
fn jane_owns_the_account_and_has_a_plan_beyond_a_double() {
    let zoom = there();
    let answer = zoom.ask("GET", JANE, None);
    assert!(
        answer.body.contains("\"zoom_one_type\":576460752303423489"),
        "{}",
        answer.body
    );
    let jane = answer.json();
    assert_eq!(
        (&jane["role_name"], &jane["type"], &jane["pmi"]),
        (&json!("Owner"), &json!(2), &json!(5_551_112_222_u64))
    );
    assert_eq!(jane["display_name"], "Jane Doe");
    // By her id, by her employee's number, in any case.
    let id = jane["id"].as_str().unwrap();
    for target in [
        format!("/users/{id}"),
        "/users/E000000?search_by_unique_id=true".to_owned(),
        JANE.to_uppercase().replace("/USERS", "/users"),
    ] {
        assert_eq!(zoom.get(&target)["email"], "jane@example.com", "{target}");
    }
}

#[test]
fn a_basic_user_gets_no_host_key_and_no_licence_until_one_is_free() {
    let zoom = there();
    let basic = zoom.get(BASIC);
    assert_eq!((&basic["type"], basic.get("host_key")), (&json!(1), None));
    assert_eq!(
        zoom.patch(BASIC, json!({"host_key": "123456"})),
        (400, 1108)
    );
    assert_eq!(zoom.patch(BASIC, json!({"type": 2})), (400, 2034));
    zoom.change(JANE, json!({"type": 1}));
    zoom.change(BASIC, json!({"type": 2, "host_key": "123456"}));
    assert_eq!(zoom.get(BASIC)["host_key"], "123456");
    assert_eq!(zoom.patch(JANE, json!({"type": 2})), (400, 2034));
}

#[test]
fn a_pending_user_has_no_id_and_takes_nothing_but_a_group() {
    let zoom = there();
    let pending = "/users/pending1%40example.com";
    let user = zoom.get(pending);
    assert_eq!(
        (&user["id"], &user["status"]),
        (&json!(""), &json!("pending"))
    );
    assert_eq!(zoom.patch(pending, json!({"dept": "X"})), (400, 1120));
    assert_eq!(
        zoom.patch(pending, json!({"group_id": "g", "dept": "X"})),
        (400, 1120)
    );
    assert_eq!(
        zoom.code("GET", &format!("{pending}/settings")),
        (400, 1120)
    );
    assert_eq!(
        zoom.patch(
            &format!("{pending}/settings"),
            json!({"in_meeting": {"chat": false}})
        ),
        (400, 1120)
    );
    zoom.change(pending, json!({"group_id": "g"}));
    assert_eq!(zoom.get(pending)["group_ids"], json!(["g"]));
}

#[test]
fn inactive_users_are_there_and_strangers_are_not() {
    let zoom = there();
    for name in ["inactive1", "inactive2"] {
        assert_eq!(
            zoom.get(&format!("/users/{name}%40example.com"))["status"],
            "inactive"
        );
    }
    for method in ["GET", "PATCH"] {
        let body = (method == "PATCH").then(|| json!({"dept": "X"}));
        let code = |target: &str| zoom.ask(method, target, body.as_ref()).code();
        assert_eq!(code("/users/someone%40elsewhere.example"), (404, 1010));
        assert_eq!(code("/users/nobody%40example.com"), (404, 1001));
        assert_eq!(
            code("/users/inactive18446744073709551615%40example.com"),
            (404, 1001)
        );
    }
    assert_eq!(
        zoom.code("GET", "/users/nobody%40example.com/meetings"),
        (404, 1001)
    );
}

#[test]
fn a_change_is_seen_wherever_the_user_is() {
    let zoom = there();
    let body = json!({
        "dept": "Incident Response", "display_name": "J. Doe", "timezone": "Asia/Tokyo", "pmi": 1_234_567_890,
        "phone_numbers": [{"country": "DE", "code": "+49", "number": "30123", "label": "Office"}],
        "vanity_name": "jd", "about_me": "never shown", "custom_attributes": [{"key": "k", "name": "n", "value": "v"}],
    });
    zoom.change(JANE, body.clone());
    let jane = zoom.get(JANE);
    for field in [
        "dept",
        "display_name",
        "timezone",
        "pmi",
        "custom_attributes",
    ] {
        assert_eq!(jane[field], body[field], "{field}");
    }
    assert_eq!(jane["vanity_url"], "https://example.zoom.us/my/jd");
    assert_eq!(
        jane["personal_meeting_url"],
        "https://example.zoom.us/j/1234567890"
    );
    assert_eq!(jane["phone_numbers"][0]["verified"], false);
    assert!(jane.get("about_me").is_none() && jane.get("vanity_name").is_none());
    let listed = zoom.get("/users?include_fields=custom_attributes")["users"][0].clone();
    assert_eq!(
        (&listed["dept"], &listed["custom_attributes"]),
        (&body["dept"], &body["custom_attributes"])
    );
    assert!(listed.get("phone_numbers").is_none());
    let told = zoom.get("/meetings/85746065432/invitation")["invitation"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(told.starts_with("J. Doe is inviting you"), "{told}");
    // Nobody else changed.
    assert_eq!(zoom.get(BASIC)["timezone"], "Europe/Berlin");
}

#[test]
fn keys_and_personal_numbers_must_be_digits_of_the_right_length() {
    let zoom = there();
    for body in [
        json!({"host_key": "12345"}),
        json!({"host_key": "12345a"}),
        json!({"pmi": 999_999_999}),
    ] {
        assert_eq!(zoom.patch(JANE, body.clone()), (400, 300), "{body}");
    }
    assert_eq!(
        zoom.patch(JANE, json!({"vanity_name": "taken"})),
        (400, 4100)
    );
    zoom.change(JANE, json!({"host_key": "1234567890"}));
}

#[test]
fn user_status_moves_a_user_between_lists_and_takes_the_license() {
    let zoom = there();
    let user = "/users/user2%40example.com";
    let set = |target: &str, action: &str| {
        zoom.ask(
            "PUT",
            &format!("{target}/status"),
            Some(&json!({"action": action})),
        )
        .code()
    };
    assert_eq!(zoom.get(user)["type"], 2);

    assert_eq!(set(user, "deactivate"), (200, 0));
    let gone = zoom.get(user);
    assert_eq!(
        (&gone["status"], &gone["type"]),
        (&json!("inactive"), &json!(1))
    );
    assert!(
        !zoom
            .emails("/users")
            .contains(&"user2@example.com".to_owned())
    );
    assert!(
        zoom.emails("/users?status=inactive")
            .contains(&"user2@example.com".to_owned())
    );
    assert_eq!(zoom.get("/users")["total_records"], 21);

    assert_eq!(set(user, "activate"), (200, 0));
    let back = zoom.get(user);
    assert_eq!(
        (&back["status"], &back["type"]),
        (&json!("active"), &json!(1))
    );
    assert_eq!(zoom.get("/users")["total_records"], 22);

    assert_eq!(set(JANE, "deactivate"), (400, 200), "the owner");
    assert_eq!(
        set("/users/user4%40example.com", "deactivate"),
        (400, 200),
        "an administrator"
    );
    assert_eq!(
        set("/users/pending1%40example.com", "activate"),
        (400, 1120)
    );
    assert_eq!(set("/users/nobody%40example.com", "activate"), (404, 1001));
    assert_eq!(set(user, "delete"), (400, 300));
}

#[test]
fn delete_user_passes_on_what_the_caller_names() {
    let zoom = there();
    let user = "/users/user2%40example.com";
    let meeting = "/meetings/70000000020";
    let delete = |query: &str| zoom.code("DELETE", &format!("{user}{query}"));
    assert_eq!(delete("?transfer_email=user2%40example.com"), (400, 300));
    assert_eq!(delete("?transfer_email=nobody%40example.com"), (404, 1001));
    assert_eq!(delete("?action=remove"), (400, 300));

    assert_eq!(
        delete("?action=delete&transfer_email=basic%40example.com&transfer_meeting=true"),
        (204, 0)
    );
    assert_eq!(zoom.code("GET", user), (404, 1001));
    assert_eq!(zoom.get("/users")["total_records"], 21);
    assert_eq!(zoom.get(meeting)["host_email"], "basic@example.com");
    assert!(
        zoom.meetings("/users/basic%40example.com/meetings")
            .contains(&70_000_000_020)
    );

    assert_eq!(zoom.code("DELETE", "/users/user3%40example.com"), (204, 0));
    assert_eq!(
        zoom.code("GET", "/meetings/70000000030"),
        (404, 3001),
        "not passed on"
    );
    assert_eq!(zoom.code("DELETE", JANE), (400, 1117));
    let pending = "/users/pending1%40example.com";
    assert_eq!(
        zoom.code("DELETE", &format!("{pending}?action=delete")),
        (400, 1120)
    );
    assert_eq!(zoom.code("DELETE", pending), (204, 0));
    assert_eq!(
        zoom.code("DELETE", "/users/jane%40example.com/token"),
        (204, 0)
    );
}

#[test]
fn update_user_takes_the_fields_of_2026_and_refuses_what_zoom_refuses() {
    let zoom = there();
    let license =
        json!([{"license_type": "MEETING", "license_option": 2, "subscription_id": "S-1"}]);
    zoom.change(
        JANE,
        json!({"division_ids": ["D-1"], "license_info_list": license}),
    );
    let jane = zoom.get(JANE);
    assert_eq!(
        (&jane["division_ids"], &jane["license_info_list"]),
        (&json!(["D-1"]), &license)
    );

    for (body, message) in [
        (
            json!({"linkedin_url": "http://x.example"}),
            "The `linkedin_url` field is illegal.",
        ),
        (
            json!({"about_me": "<b>me</b>"}),
            "The `about_me` field is illegal.",
        ),
        (
            json!({"type": 1, "zoom_one_type": 16}),
            "You can't change the type or plan_united_type or zoom_one_type at the same time.",
        ),
    ] {
        let answer = zoom.ask("PATCH", JANE, Some(&body));
        assert_eq!(
            (answer.code(), &answer.json()["message"]),
            ((400, 300), &json!(message))
        );
    }
    zoom.change(
        JANE,
        json!({"linkedin_url": "https://www.linkedin.com/in/jane", "about_me": "Me"}),
    );
    let without_option = json!({"license_info_list": [{"license_type": "MEETING"}]});
    let answer = zoom.ask("PATCH", JANE, Some(&without_option)).json();
    let fields: Vec<&str> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "license_info_list[].license_option",
            "license_info_list[].subscription_id"
        ]
    );
}

#[test]
fn me_is_nobody_for_a_server_to_server_app() {
    let answer = there().ask("GET", "/users/me", None);
    assert_eq!(answer.code(), (404, 1001));
    assert_eq!(answer.json()["message"], "User does not exist: me.");
}
