//! Lists: paging, limits, and what is left when a page fails.

use crate::harness::{Answer, Asked, Zoom, act};
use serde_json::{Value, json};

/// `total` users in pages of `size`, the token being the next index.
fn page(asked: &Asked, total: u64, size: u64) -> Answer {
    let start = asked
        .target
        .split("next_page_token=")
        .nth(1)
        .map_or(0, |rest| rest.split('&').next().unwrap().parse().unwrap());
    let end = (start + size).min(total);
    let users: Vec<Value> = (start..end)
        .map(|id| json!({"id": id, "host_key": "123456"}))
        .collect();
    let token = if end < total {
        end.to_string()
    } else {
        String::new()
    };
    Answer::json(
        200,
        &json!({"users": users, "next_page_token": token, "total_records": total, "page_size": size}),
    )
}

#[test]
fn list_reads_all_pages_with_the_stated_defaults() {
    let zoom = Zoom::start(|asked, _| page(asked, 7, 3));
    let ran = act(&zoom, "list_users", json!({}));
    let envelope = ran.envelope();
    assert_eq!(envelope["data"]["users"].as_array().unwrap().len(), 7);
    assert_eq!(
        (
            &envelope["data"]["count"],
            &envelope["data"]["total_records"],
            &envelope["data"]["complete"]
        ),
        (&json!(7), &json!(7), &json!(true))
    );
    assert_eq!(envelope["meta"]["pages"], 3);
    assert_eq!(envelope["meta"]["requests"], 4);
    assert_eq!(envelope["meta"]["hidden"], json!(["users.[].host_key"]));
    assert!(!ran.stdout.contains("123456"));
    assert!(
        ran.stdout.trim_end().ends_with("\"status\":\"success\"}"),
        "{}",
        ran.stdout
    );
    let asked = zoom.asked();
    assert_eq!(asked[1].target, "/v2/users?status=active&page_size=2000");
    assert_eq!(
        asked[2].target,
        "/v2/users?status=active&page_size=2000&next_page_token=3"
    );
}

#[test]
fn limit_cuts_the_list_and_says_that_there_is_more() {
    for (limit, count, pages, complete) in [
        (2, 2, 1, false),
        (3, 3, 1, false),
        (4, 4, 2, false),
        (7, 7, 3, true),
        (9, 7, 3, true),
    ] {
        let zoom = Zoom::start(|asked, _| page(asked, 7, 3));
        let envelope = act(
            &zoom,
            "list_users",
            json!({"limit": limit, "page_size": "5"}),
        )
        .envelope();
        assert_eq!(
            envelope["data"]["users"].as_array().unwrap().len(),
            count,
            "{limit}"
        );
        assert_eq!(envelope["data"]["complete"], complete, "{limit}");
        assert_eq!(envelope["data"]["total_records"], 7);
        assert_eq!(envelope["meta"]["pages"], pages, "{limit}");
        // A page is never larger than the limit.
        let size = limit.min(5);
        assert!(
            zoom.asked()[1]
                .target
                .ends_with(&format!("page_size={size}"))
        );
    }
}

#[test]
fn list_users_with_status_all_is_the_three_in_turn() {
    let zoom = Zoom::start(|asked, _| {
        let total = if asked.target.contains("status=active") {
            4
        } else {
            1
        };
        page(asked, total, 3)
    });
    let envelope = act(
        &zoom,
        "list_users",
        json!({"status": "all", "role_id": "0", "license": "x y", "include_fields": "host_key"}),
    )
    .envelope();
    assert_eq!(envelope["data"]["users"].as_array().unwrap().len(), 6);
    assert_eq!(
        (
            &envelope["data"]["total_records"],
            &envelope["data"]["complete"]
        ),
        (&json!(6), &json!(true))
    );
    let targets: Vec<String> = zoom.asked()[1..]
        .iter()
        .map(|asked| asked.target.clone())
        .collect();
    let rest = "&role_id=0&license=x%20y&include_fields=host_key&page_size=2000";
    assert_eq!(
        targets,
        [
            format!("/v2/users?status=active{rest}"),
            format!("/v2/users?status=active{rest}&next_page_token=3"),
            format!("/v2/users?status=inactive{rest}"),
            format!("/v2/users?status=pending{rest}"),
        ]
    );
    let zoom = Zoom::start(|asked, _| page(asked, 4, 3));
    let envelope = act(&zoom, "list_users", json!({"status": "all", "limit": 5})).envelope();
    assert_eq!(
        (&envelope["data"]["count"], &envelope["data"]["complete"]),
        (&json!(5), &json!(false))
    );
}

#[test]
fn empty_list_is_a_success() {
    let zoom = Zoom::start(|_, _| {
        Answer::json(
            200,
            &json!({"users": [], "next_page_token": "", "total_records": 0}),
        )
    });
    let envelope = act(&zoom, "list_users", json!({})).envelope();
    assert_eq!(
        envelope["data"],
        json!({"users": [], "count": 0, "total_records": 0, "complete": true})
    );
}

#[test]
fn later_page_that_fails_leaves_what_had_come() {
    let zoom = Zoom::start(|asked, number| match number {
        0 | 1 => page(asked, 9, 3),
        _ => Answer::json(
            400,
            &json!({"code": 300, "message": "The next page token is invalid or expired."}),
        ),
    });
    let ran = act(&zoom, "list_users", json!({}));
    assert_eq!(ran.code(), "rejected");
    let envelope = ran.envelope();
    assert_eq!(envelope["data"]["users"].as_array().unwrap().len(), 6);
    assert_eq!(
        (&envelope["data"]["count"], &envelope["data"]["complete"]),
        (&json!(6), &json!(false))
    );
}

#[test]
fn first_page_that_fails_leaves_no_data() {
    let zoom = Zoom::start(|_, _| {
        Answer::json(
            404,
            &json!({"code": 1001, "message": "User does not exist: a."}),
        )
    });
    let ran = act(&zoom, "list_meetings", json!({"user_id": "a"}));
    assert_eq!(ran.code(), "not_found");
    assert!(ran.envelope().get("data").is_none());
}

#[test]
fn list_never_loops() {
    // The same token for ever.
    let zoom = Zoom::start(|_, _| {
        Answer::json(
            200,
            &json!({"users": [{"id": 1}], "next_page_token": "x", "total_records": 900}),
        )
    });
    let ran = act(&zoom, "list_users", json!({}));
    assert_eq!(ran.code(), "bad_answer");
    assert_eq!(ran.envelope()["data"]["complete"], false);
    assert!(zoom.log().len() <= 4);
    // Ever new tokens: full pages beyond the total, or empty ones.
    for users in [json!([{"id": 1}]), json!([])] {
        let zoom = Zoom::start(move |_, number| {
            Answer::json(
                200,
                &json!({"users": users, "next_page_token": format!("t{number}"), "total_records": 5}),
            )
        });
        assert_eq!(act(&zoom, "list_users", json!({})).code(), "bad_answer");
        assert!(zoom.log().len() < 12, "{}", zoom.log().len());
    }
}

#[test]
fn page_without_its_list_is_a_bad_answer() {
    for body in [
        json!({}),
        json!({"users": {}}),
        json!({"users": "x"}),
        json!({"users": [1]}),
        json!({"users": [[]]}),
        json!({"users": [], "next_page_token": 5}),
    ] {
        let zoom = Zoom::start(move |_, _| Answer::json(200, &body));
        assert_eq!(act(&zoom, "list_users", json!({})).code(), "bad_answer");
    }
}

#[test]
fn list_meetings_sends_type_and_filters() {
    let zoom = Zoom::start(|_, _| {
        let meeting = json!({"id": 1, "pmi": "5551112222", "start_url": "https://zoom.us/s/1?zak=x", "join_url": "https://zoom.us/j/1?pwd=y", "password": "p"});
        Answer::json(
            200,
            &json!({"meetings": [meeting], "next_page_token": "", "total_records": 1}),
        )
    });
    let ran = act(
        &zoom,
        "list_meetings",
        json!({"user_id": "jane@example.com", "from": "2026-01-01", "to": "2026-01-31", "timezone": "Europe/Berlin"}),
    );
    let envelope = ran.envelope();
    assert_eq!(
        envelope["meta"]["hidden"],
        json!(["meetings.[].password", "meetings.[].start_url"])
    );
    assert_eq!(
        envelope["data"]["meetings"][0]["join_url"],
        "https://zoom.us/j/1?pwd=y"
    );
    assert_eq!(
        zoom.asked()[1].target,
        "/v2/users/jane%40example.com/meetings?type=scheduled&from=2026-01-01&to=2026-01-31&timezone=Europe%2FBerlin&page_size=300"
    );
    for kind in [
        "scheduled",
        "live",
        "upcoming",
        "upcoming_meetings",
        "previous_meetings",
    ] {
        act(
            &zoom,
            "list_meetings",
            json!({"user_id": "a", "type": kind}),
        );
        assert!(
            zoom.asked()
                .last()
                .unwrap()
                .target
                .contains(&format!("type={kind}&"))
        );
    }
}

#[test]
fn limit_with_status_all_knows_the_total_and_what_is_left() {
    // The limit; how many are active, inactive and pending; what comes of it.
    let rows = [
        (5, [5, 0, 0], true, 5),
        (3, [5, 2, 1], false, 8),
        (6, [5, 2, 0], false, 7),
        (7, [5, 2, 0], true, 7),
    ];
    for (limit, numbers, complete, total) in rows {
        let zoom = Zoom::start(move |asked, _| {
            let which = ["status=active", "status=inactive", "status=pending"];
            let number = numbers[which
                .iter()
                .position(|status| asked.target.contains(status))
                .unwrap()];
            let users: Vec<Value> = (0..number)
                .map(|id| json!({"id": id.to_string()}))
                .collect();
            Answer::json(
                200,
                &json!({"users": users, "total_records": number, "next_page_token": ""}),
            )
        });
        let ran = act(
            &zoom,
            "list_users",
            json!({"status": "all", "limit": limit}),
        );
        assert_eq!(ran.code(), "success");
        let data = &ran.envelope()["data"];
        assert_eq!(data["count"], limit);
        assert_eq!(data["users"].as_array().unwrap().len(), limit);
        assert_eq!(
            (&data["complete"], &data["total_records"]),
            (&json!(complete), &json!(total)),
            "{limit} {numbers:?}"
        );
    }
}
