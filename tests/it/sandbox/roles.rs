//! Roles: who holds which, and what may be changed of that.

use crate::sandbox::client::{Zoom, zoom};
use serde_json::{Value, json};

const VICTIM: &str = "user4@example.com";

fn members(zoom: &Zoom, role: &str) -> Vec<String> {
    let list = zoom.get(&format!("/roles/{role}/members"));
    let members = list["members"].as_array().unwrap();
    assert_eq!(list["total_records"], members.len());
    members
        .iter()
        .map(|one| one["email"].as_str().unwrap().to_owned())
        .collect()
}

fn assign(zoom: &Zoom, role: &str, members: Value) -> (u16, i64) {
    let body = json!({"members": members});
    zoom.ask("POST", &format!("/roles/{role}/members"), Some(&body))
        .code()
}

#[test]
fn roles_are_counted_and_their_members_listed() {
    let zoom = zoom(|_| {});
    let roles = zoom.get("/roles");
    let counts: Vec<(&str, u64)> = roles["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| {
            (
                role["name"].as_str().unwrap(),
                role["total_members"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [("Owner", 1), ("Admin", 1), ("Member", 19), ("Help desk", 1)]
    );
    assert_eq!(members(&zoom, "1"), [VICTIM]);
    assert_eq!(members(&zoom, "Rhd7c2Xv3QmaK9"), ["user5@example.com"]);

    let page = zoom.get("/roles/2/members?page_size=10");
    assert_eq!(page["members"].as_array().unwrap().len(), 10);
    let token = page["next_page_token"].as_str().unwrap();
    let rest = zoom.get(&format!(
        "/roles/2/members?page_size=10&next_page_token={token}"
    ));
    assert_eq!(rest["members"].as_array().unwrap().len(), 9);
    assert_eq!(zoom.code("GET", "/roles/99/members"), (400, 1034));
}

#[test]
fn role_that_is_taken_away_is_gone_and_comes_back() {
    let zoom = zoom(|_| {});
    let user = || zoom.get("/users/user4%40example.com");
    let id = user()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (&user()["role_id"], &user()["role_name"]),
        (&json!("1"), &json!("Admin"))
    );

    assert_eq!(
        zoom.code("DELETE", &format!("/roles/1/members/{id}")),
        (204, 0)
    );
    assert_eq!(
        (&user()["role_id"], &user()["role_name"]),
        (&json!("2"), &json!("Member"))
    );
    assert!(members(&zoom, "1").is_empty());
    let status = zoom.ask(
        "PUT",
        "/users/user4%40example.com/status",
        Some(&json!({"action": "deactivate"})),
    );
    assert_eq!(status.code(), (200, 0), "no administrator any more");

    assert_eq!(
        assign(
            &zoom,
            "1",
            json!([{"id": id}, {"email": "user2@example.com"}])
        ),
        (201, 0)
    );
    assert_eq!(
        members(&zoom, "1"),
        ["user2@example.com"],
        "the other is inactive"
    );
    assert_eq!(zoom.emails("/users?role_id=1"), ["user2@example.com"]);
}

#[test]
fn roles_owner_and_member_are_not_given_or_taken() {
    let zoom = zoom(|_| {});
    let someone = json!([{"email": "user2@example.com"}]);
    for role in ["0", "2"] {
        assert_eq!(assign(&zoom, role, someone.clone()), (400, 300));
        let member = format!("/roles/{role}/members/user2%40example.com");
        assert_eq!(zoom.code("DELETE", &member), (400, 300));
    }
    assert_eq!(assign(&zoom, "7", someone), (400, 1034));
    assert_eq!(
        assign(&zoom, "1", json!([{"email": "jane@example.com"}])),
        (400, 300)
    );
    assert_eq!(
        assign(&zoom, "1", json!([{"email": "nobody@example.com"}])),
        (404, 1001)
    );
}
