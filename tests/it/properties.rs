//! Properties that hold for every input: requests, answers, and the small parsers.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use zoom_runner::actions;
use zoom_runner::clock::FakeClock;
use zoom_runner::http::rate_limit::{limit, retry_after};
use zoom_runner::http::{Http, Method, Request, Response, TransportError};
use zoom_runner::protocol::redact::fields::mask;
use zoom_runner::protocol::redact::secrets::Redactor;
use zoom_runner::protocol::request::parse;
use zoom_runner::protocol::secret::Secret;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::run::{Engine, answer};
use zoom_runner::zoom::token::NoStore;

/// Gives a token, and to all else the same answers over and over.
#[derive(Clone)]
struct Says(Arc<Vec<Response>>, Arc<Mutex<usize>>);

impl Http for Says {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        if request.method == Method::Post {
            let token = br#"{"access_token":"canary-token-123","expires_in":3599,"scope":"user:read:user:admin"}"#;
            return Ok(Response {
                status: 200,
                headers: vec![],
                body: token.to_vec(),
                ..Response::default()
            });
        }
        let mut turn = self.1.lock().unwrap();
        *turn += 1;
        assert!(*turn < 2000, "a run that does not end");
        Ok(self.0[*turn % self.0.len()].clone())
    }
}

/// Runs a request on answers; checks what holds for every run, and returns the envelope.
fn run(bytes: &[u8], answers: Vec<Response>) -> (u8, Value) {
    let clock = Arc::new(FakeClock::from(
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_532_400),
    ));
    let says = Says(Arc::new(answers), Arc::default());
    let connect = move |_: &_| -> Box<dyn Http> { Box::new(says.clone()) };
    let engine = Engine {
        clock: clock.clone(),
        tokens: Box::new(NoStore),
        connect: Box::new(connect),
        instead: None,
    };
    let session = EnvelopeSession::start(Vec::new(), clock, false);
    let exit = answer(&engine, &session, parse(bytes), None);
    let output = String::from_utf8(session.into_output()).unwrap();
    assert!(
        output.ends_with('\n') && output.matches('\n').count() == 1,
        "{output}"
    );
    let envelope: Value =
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
    assert!(!output.contains("canary"), "a secret is shown: {output}");
    let status = if exit == 0 { "success" } else { "failed" };
    assert_eq!(envelope["status"], status, "{output}");
    assert!([0, 1, 2, 75].contains(&exit), "{output}");
    (exit, envelope)
}

fn request(action: &str, parameters: &Value) -> Vec<u8> {
    let resource = json!({"client_id": "id", "client_secret": "canary-secret-123", "account_id": "a", "timeout": 30});
    json!({"action": action, "parameters": parameters, "resource": resource, "id": 1})
        .to_string()
        .into_bytes()
}

/// Parameters that each action takes.
fn good(action: &str) -> Value {
    match action {
        "delete_meeting" => json!({"meeting_id": 1, "end_if_live": true}),
        "get_meeting_invitation" => json!({"meeting_id": 1}),
        "list_users" => json!({"status": "all", "limit": 700}),
        "update_meeting" => {
            json!({"meeting_id": 1, "topic": "T", "start_time": "2027-01-01T10:00:00", "password": "p", "alternative_hosts": "a@b.c;d@e.f", "settings": {"x": {"y": [1]}}})
        }
        "update_user" => {
            json!({"user_id": "a", "dept": "D", "phone_numbers": [{"number": "1"}], "pmi": 5_551_112_222_u64})
        }
        "update_user_settings" => {
            json!({"user_id": "a", "waiting_room": true, "data_center_regions": "DE,US"})
        }
        "test" => json!({}),
        _ => json!({"user_id": "a"}),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop_oneof![
            Just("2026-12-01T10:00:00Z"),
            Just("started"),
            Just("DE"),
            Just("a@b.c"),
            Just("")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop_oneof![
            Just("users"),
            Just("meetings"),
            Just("next_page_token"),
            Just("total_records"),
            Just("code"),
            Just("message"),
            Just("errors"),
            Just("settings"),
            Just("in_meeting"),
            Just("waiting_room"),
            Just("password"),
            Just("start_url"),
            Just("host_key"),
            Just("topic"),
            Just("status"),
            Just("invitation"),
            Just("id"),
            Just("dept"),
        ]
        .prop_map(str::to_owned);
        let key = prop_oneof![3 => key, 1 => "\\PC{0,6}".boxed()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_answer() -> impl Strategy<Value = Response> {
    let status = prop_oneof![4 => Just(200_u16), 1 => Just(204), 1 => Just(400), 1 => Just(401), 1 => Just(404), 1 => Just(429), 1 => Just(503), 1 => 100_u16..600];
    let body = prop_oneof![
        6 => any_json().prop_map(|json| json.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..60),
        1 => Just(b"<html>no</html>".to_vec()),
    ];
    let headers = prop::collection::vec(
        (
            prop_oneof![
                Just("retry-after"),
                Just("x-ratelimit-type"),
                Just("x-zm-trackingid"),
                Just("x-ratelimit-reset")
            ],
            "\\PC{0,20}",
        ),
        0..3,
    );
    (status, body, headers).prop_map(|(status, body, headers)| {
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Response {
            status,
            headers,
            body,
            ..Response::default()
        }
    })
}

fn any_action() -> impl Strategy<Value = &'static str> {
    (0..actions::all().count()).prop_map(|index| actions::all().nth(index).unwrap().id)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_an_envelope(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (exit, _) = run(&bytes, vec![Response { status: 500, ..Response::default() }]);
        prop_assert_eq!(exit, 2);
    }

    #[test]
    fn any_json_ends_in_an_envelope(json in any_json()) {
        let (exit, _) = run(json.to_string().as_bytes(), vec![Response { status: 500, ..Response::default() }]);
        prop_assert_eq!(exit, 2);
    }

    #[test]
    fn any_parameters_end_in_an_envelope(action in any_action(), json in any_json(), at in any::<prop::sample::Index>()) {
        // A good request with one parameter of another kind.
        let entry = actions::find(action).unwrap();
        let schema = &(entry.input)();
        let empty = Map::new();
        let names: Vec<String> = schema["properties"].as_object().unwrap_or(&empty).keys().cloned().collect();
        let mut parameters = good(action);
        if !names.is_empty() {
            parameters[at.get(&names).as_str()] = json;
        }
        run(&request(action, &parameters), vec![Response { status: 204, ..Response::default() }]);
    }

    #[test]
    fn any_answers_end_in_an_envelope(action in any_action(), answers in prop::collection::vec(any_answer(), 1..5)) {
        run(&request(action, &good(action)), answers);
    }

    #[test]
    fn request_cut_anywhere_is_no_request(at in 0_usize..100) {
        let whole = request("get_user", &json!({"user_id": "a"}));
        let cut = &whole[..at.min(whole.len() - 1)];
        prop_assert_eq!(run(cut, vec![Response::default()]).0, 2);
    }

    #[test]
    fn masking_changes_nothing_but_what_it_hides(json in any_json()) {
        let text = json.to_string();
        let (mut out, mut hidden) = (String::new(), BTreeSet::new());
        mask(&text, "", &mut out, &mut hidden);
        let shown: Value = serde_json::from_str(&out).unwrap();
        prop_assert!(same_but_hidden(&json, &shown), "{} {}", text, out);
        if hidden.is_empty() {
            prop_assert_eq!(out, text);
        }
    }

    #[test]
    fn secret_of_any_letters_is_in_no_text_and_json_stays_json(
        texts in prop::collection::vec("[\"\\\\,:{}\\[a1é\n ]{0,30}", 1..5),
        number in any::<u64>(),
        at in any::<prop::sample::Index>(),
    ) {
        let json = json!({"protocol": number, "data": {&texts[0]: &texts, "aaaaaaaa": [{"a": &texts[0], "b": 11_111_111}]}});
        let text = json.to_string();
        // A piece of it: of a text, or across whatever stands between texts.
        let letters: Vec<char> = text.chars().chain(texts[0].chars()).collect();
        let start = at.index(letters.len());
        let secret: String = letters.iter().skip(start).take(9).collect();
        let mut scrubber = Redactor::default();
        scrubber.add(&Secret::new(secret.clone()));
        let mut shown = text.clone();
        scrubber.scrub_json(&mut shown);
        let read: Value = serde_json::from_str(&shown).map_err(|error| TestCaseError::fail(format!("{error}: {shown}")))?;
        prop_assert_eq!(read["data"].as_object().map(Map::len), json["data"].as_object().map(Map::len));
        if secret.chars().count() >= 8 {
            let texts = read["data"].as_object().into_iter().flatten().flat_map(|(_, list)| list.as_array().into_iter().flatten());
            for text in texts.filter_map(Value::as_str) {
                prop_assert!(!text.contains(&secret), "{:?} in {:?}", secret, text);
            }
        }
    }

    #[test]
    fn any_retry_after_is_read_or_left(text in "\\PC{0,40}", seconds in any::<u64>()) {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_532_400);
        let _ = retry_after(&text, now);
        let read = retry_after(&seconds.to_string(), now).unwrap();
        prop_assert!(read.as_secs() <= seconds);
        let headers = vec![("retry-after".to_owned(), text.clone()), ("x-ratelimit-reset".to_owned(), text)];
        let _ = limit(&Response { status: 429, headers, body: vec![], ..Response::default() }, now);
    }
}

/// True when `shown` is `json`, save for texts and numbers that became `[hidden]` under a secret key.
fn same_but_hidden(json: &Value, shown: &Value) -> bool {
    match (json, shown) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((k, a), (l, b))| k == l && same_but_hidden(a, b))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_but_hidden(a, b))
        }
        (a, Value::String(text)) if text == "[hidden]" => a.is_string() || a.is_number(),
        (a, b) => a == b,
    }
}
