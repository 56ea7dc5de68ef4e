//! Every error that Zoom documents for an endpoint can be had from the sandbox.

use crate::sandbox::client::zoom;
use serde_json::{Value, json};

#[test]
fn refusals_that_are_documented_can_be_had() {
    let zoom = zoom(|_| {});
    let endpoints: Vec<Value> =
        serde_json::from_str(include_str!("../../../src/sandbox/endpoints.json")).unwrap();
    let mut count = 0;
    for endpoint in &endpoints {
        for error in endpoint["errors"].as_array().into_iter().flatten() {
            let code = error[1].as_i64().unwrap();
            let path = endpoint["path"].as_str().unwrap();
            if !path.contains("{userId}") && !path.contains("{meetingId}") {
                continue;
            }
            let target = path
                .replace("{userId}", &format!("refusal{code}%40example.com"))
                .replace("{meetingId}", &format!("990000{code:05}"))
                .replace("{assistantId}", "user5%40example.com")
                .replace("{schedulerId}", "user5%40example.com")
                .replace("{appId}", "x");
            let required = |part: &str| -> Vec<String> {
                let fields = endpoint[part].as_object().unwrap().iter();
                let required =
                    fields.filter(|(name, spec)| !name.contains('.') && spec["required"] == true);
                required.map(|(name, _)| name.clone()).collect()
            };
            assert!(required("query").is_empty(), "{path}");
            let method = endpoint["method"].as_str().unwrap();
            let body = match required("body").as_slice() {
                [] => json!({}),
                names => json!({ names[0].as_str(): endpoint["body"][&names[0]]["enum"][0] }),
            };
            let body = (!["GET", "DELETE"].contains(&method)).then_some(body);
            let answer = zoom.ask(method, &target, body.as_ref());
            let wanted = (error[0].as_u64().unwrap() as u16, code);
            assert_eq!(answer.code(), wanted, "{method} {target}");
            count += 1;
        }
    }
    assert!(count > 80, "{count}");
}

#[test]
fn refusals_can_be_faults() {
    let zoom = zoom(|options| options.fault = vec!["code12700:1".parse().unwrap()]);
    assert_eq!(
        zoom.code("GET", "/metrics/meetings?from=2027-01-01&to=2027-01-02"),
        (400, 12700)
    );
    assert_eq!(
        zoom.code("GET", "/users"),
        (200, 0),
        "it documents no such code"
    );
}

#[test]
fn refusals_leave_other_endpoints_alone() {
    let zoom = zoom(|_| {});
    let user = "/users/refusal1107%40example.com";
    assert_eq!(zoom.get(user)["email"], "refusal1107@example.com");
    assert_eq!(zoom.code("DELETE", user), (400, 1107));
    assert_eq!(zoom.get("/meetings/99000003063")["status"], "waiting");
    assert_eq!(
        zoom.code("PUT", "/meetings/99000003063/status"),
        (400, 3063)
    );
    assert!(
        !zoom
            .emails("/users")
            .iter()
            .any(|email| email.starts_with("refusal"))
    );
}
