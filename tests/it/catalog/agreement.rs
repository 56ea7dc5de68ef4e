//! Schemas and program accept the same parameters, the text forms of the coercion rule apart.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use zoom_runner::action::Entry;
use zoom_runner::actions;
use zoom_runner::clock::FakeClock;
use zoom_runner::http::{Http, Request as HttpRequest, Response, TransportError};
use zoom_runner::protocol::parameter::is_given;
use zoom_runner::protocol::request::Request;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::run::{Engine, answer};
use zoom_runner::zoom::token::NoStore;

/// Texts around which things break: ids, dates, addresses, and what only looks like them.
const TEXTS: &[&str] = &[
    "x",
    ".",
    "..",
    " . ",
    "a\u{7}b",
    "jane@example.com",
    "me/settings?x=",
    "857 4606 5432",
    "857-4606-5432",
    "0",
    "-0",
    "00 07",
    " 12 ",
    "1\u{2013}2",
    "1\u{a0}2",
    "1\u{2028}2",
    "9223372036854775807",
    "9223372036854775808",
    "999999999999999999",
    "1000000000000000000",
    "12345678901234567890123",
    "2026-11-24",
    "2026-02-30",
    "2024-02-29",
    "2026-13-01",
    "0000-01-01",
    "2026-11-24T15:00:00Z",
    "2026-11-24T15:00:00",
    "2026-11-24T25:00:00Z",
    "2026-11-24 15:00",
    "2026-11-24T15:00:60Z",
    "2026-11-24T15:00:00+02:00",
    "2026-11-24T15:00:00.5Z",
    "123456",
    "12345",
    "12345678901",
    "１２３４５６",
    "true",
    "1.5",
    "[]",
    "{}",
    "a,b",
    "é",
    "e\u{301}",
    "😀😀😀😀😀😀😀😀😀😀😀",
];

/// A value that may or may not fit `schema`.
fn value(schema: &Value) -> BoxedStrategy<Value> {
    let mut own: Vec<Value> = Vec::new();
    own.extend(schema["enum"].as_array().into_iter().flatten().cloned());
    own.extend(schema["examples"].as_array().into_iter().flatten().cloned());
    own.extend(
        schema["oneOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|option| option.get("const").cloned()),
    );
    for key in ["minimum", "maximum"] {
        if let Some(bound) = schema[key].as_i64() {
            own.extend([bound.saturating_sub(1), bound, bound.saturating_add(1)].map(Value::from));
        }
    }
    for key in ["minLength", "maxLength"] {
        if let Some(bound) = schema[key].as_u64() {
            let bound = usize::try_from(bound).unwrap();
            own.extend(
                [bound.saturating_sub(1), bound, bound + 1]
                    .map(|length| Value::from("ä".repeat(length))),
            );
        }
    }
    let anything = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-400_i64..400).prop_map(Value::from),
        (-(1_i64 << 52)..1_i64 << 52).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-100.0..100.0_f64).prop_map(|number| json!((number * 2.0).round() / 2.0)),
        proptest::sample::select(TEXTS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[0-9 -]{1,22}".prop_map(Value::from),
        "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(\\.[0-9]{1,3})?(Z|[+-][0-9]{2}:[0-9]{2})?)?".prop_map(Value::from),
        Just(Value::Null),
        Just(json!("")),
        Just(json!([])),
        Just(json!({})),
        Just(json!({"x": [1]})),
    ];
    let mut choices = vec![(3, anything.boxed())];
    if !own.is_empty() {
        choices.push((6, proptest::sample::select(own).boxed()));
    }
    let typed = match schema["type"].as_str() {
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("integer") => (0_i64..400).prop_map(Value::from).boxed(),
        Some("string") => "[a-z@. ]{0,20}".prop_map(Value::from).boxed(),
        Some("array") => proptest::collection::vec(value(&schema["items"]), 0..7)
            .prop_map(Value::from)
            .boxed(),
        Some("object") => object(schema).boxed(),
        _ => "[0-9 -]{1,22}".prop_map(Value::from).boxed(),
    };
    choices.push((6, typed));
    proptest::strategy::Union::new_weighted(choices).boxed()
}

/// An object with some of the fields that `schema` knows, and now and then one that it does not.
fn object(schema: &Value) -> BoxedStrategy<Value> {
    let fields: Vec<(String, Value)> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let some = if fields.is_empty() {
        Just(Vec::new()).boxed()
    } else {
        proptest::collection::vec(proptest::sample::select(fields), 0..4)
            .prop_flat_map(|fields| {
                fields
                    .into_iter()
                    .map(|(key, schema)| (Just(key), value(&schema)))
                    .collect::<Vec<_>>()
            })
            .boxed()
    };
    let stranger = proptest::option::weighted(0.1, Just(("stranger".to_owned(), json!(1))));
    (some, stranger)
        .prop_map(|(some, stranger)| Value::Object(some.into_iter().chain(stranger).collect()))
        .boxed()
}

/// Parameters with the required ones mostly there and mostly good.
fn parameters(input: &Value) -> BoxedStrategy<Map<String, Value>> {
    let required: Vec<String> = input["required"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let good: Map<String, Value> = required
        .iter()
        .map(|name| {
            (
                name.clone(),
                input["properties"][name]["examples"][0].clone(),
            )
        })
        .collect();
    let given = object(input);
    (proptest::bool::weighted(0.95), given)
        .prop_map(move |(whole, given)| {
            let mut all = if whole { good.clone() } else { Map::new() };
            all.extend(given.as_object().unwrap().clone());
            all
        })
        .boxed()
}

/// True when `value` has the JSON type that `schema` names, in lists item by item.
fn has_its_type(value: &Value, schema: &Value) -> bool {
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|name| name.as_str().unwrap()).collect(),
        _ => vec!["string"],
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let items = value.as_array().into_iter().flatten();
    types.contains(&is)
        && items
            .into_iter()
            .all(|item| has_its_type(item, &schema["items"]))
}

/// A Zoom that knows no credentials: what gets as far as asking for a token has passed all checks of its parameters.
struct Closed;

impl Http for Closed {
    fn send(&self, _: &HttpRequest) -> Result<Response, TransportError> {
        Ok(Response {
            status: 400,
            body: br#"{"error":"invalid_client","reason":"Invalid client_id or client_secret"}"#
                .to_vec(),
            ..Response::default()
        })
    }
}

/// The clock of these runs, in November 2026.
const TODAY: Duration = Duration::from_secs(1_795_532_400);

/// Runs the action as far as its first request; the message where it refuses its parameters.
fn program(entry: &Entry, given: &Map<String, Value>) -> Result<(), String> {
    let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH + TODAY));
    let engine = Engine {
        clock: clock.clone(),
        tokens: Box::new(NoStore),
        connect: Box::new(|_| Box::new(Closed)),
        instead: None,
    };
    let session = EnvelopeSession::start(Vec::new(), clock, false);
    let resource = json!({"client_id": "i", "client_secret": "s3cr3t-s3cr3t", "account_id": "a"});
    let request = Request {
        action: entry.id.to_owned(),
        parameters: given.clone(),
        resource: resource.as_object().cloned(),
        id: None,
    };
    answer(&engine, &session, Ok(request), None);

    let envelope: Value = serde_json::from_slice(&session.into_output()).unwrap();
    let message = envelope["message"].as_str().unwrap();
    match envelope["error"]["code"].as_str() {
        // The order of two days, and the change that a rollback names, are beyond a schema.
        Some("invalid_parameters") if message.contains("must not be after") => Ok(()),
        Some("invalid_parameters") if given.get("rollback").is_some_and(Value::is_object) => Ok(()),
        Some("invalid_parameters") => Err(message.to_owned()),
        _ => Ok(()),
    }
}

/// Compares schema and program on one map of parameters; answers with whether both accept.
pub fn agree(
    entry: &Entry,
    input: &Value,
    schema: &jsonschema::Validator,
    given: &Map<String, Value>,
) -> Result<bool, String> {
    let program = program(entry, given);
    let typed: Map<String, Value> = given
        .iter()
        .filter(|(_, value)| is_given(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let accepts = schema.is_valid(&Value::Object(typed.clone()));
    let shown = || Value::Object(given.clone()).to_string();
    match (&program, accepts) {
        (Err(failure), true) => Err(format!(
            "{}: the schema accepts, the program says {failure}: {}",
            entry.id,
            shown()
        )),
        (Ok(()), false) => {
            // A text where a number is meant is the coercion rule's, which no schema says.
            let properties = &input["properties"];
            // So is what is cleaned out of an id or an address.
            let all_typed = typed.iter().all(|(key, value)| {
                let property = &properties[key];
                let is_cleaned = value.is_string()
                    && property["x-identifier"] == true
                    && property["pattern"].is_string();
                has_its_type(value, property) && !is_cleaned
            });
            if all_typed {
                Err(format!(
                    "{}: the program accepts what the schema does not: {}",
                    entry.id,
                    shown()
                ))
            } else {
                Ok(false)
            }
        }
        _ => Ok(accepts),
    }
}

/// The schema of the parameters as it is published, with what they must hold together.
pub fn published(entry: &Entry) -> jsonschema::Validator {
    jsonschema::draft202012::new(&crate::catalog::schemas::read(&format!(
        "{}.input",
        entry.id
    )))
    .unwrap()
}

/// Runs `test` for every action, in threads side by side.
fn each_action(test: impl Fn(&Entry) + Sync) {
    std::thread::scope(|scope| {
        for entry in actions::all() {
            scope.spawn(|| test(entry));
        }
    });
}

#[test]
fn schema_and_program_accept_the_same_parameters() {
    each_action(|entry| {
        let input = &(entry.input)();
        let schema = published(entry);
        let config = Config {
            cases: 150,
            failure_persistence: None,
            ..Config::default()
        };
        let accepted = std::cell::Cell::new(0);
        let result = TestRunner::new(config).run(&parameters(input), |given| {
            let both = agree(entry, input, &schema, &given).map_err(TestCaseError::fail)?;
            accepted.set(accepted.get() + u32::from(both));
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
        assert!(
            accepted.get() > 8,
            "{entry:?}: only {} cases were accepted: they prove little",
            accepted.get()
        );
    });
}

#[test]
fn schema_and_program_judge_edge_values_alike() {
    each_action(|entry| {
        let input = &(entry.input)();
        let schema = published(entry);
        let required = input["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap());
        let good: Map<String, Value> = required
            .map(|name| {
                (
                    name.to_owned(),
                    input["properties"][name]["examples"][0].clone(),
                )
            })
            .collect();
        agree(entry, input, &schema, &good).unwrap();
        for (name, property) in input["properties"].as_object().into_iter().flatten() {
            let mut edges: Vec<Value> = ["", "x", " true ", "no", "0"].map(Value::from).into();
            let own = ["enum", "examples"]
                .into_iter()
                .filter_map(|key| property[key].as_array());
            edges.extend(own.flatten().cloned());
            edges.extend([
                json!(0),
                json!(-1),
                json!(1.0),
                json!(1.5),
                json!(true),
                json!({}),
                json!([]),
                json!(null),
            ]);
            // A switch or a choice has no more edges than these.
            if property["type"] != "boolean"
                && property.get("enum").is_none()
                && property.get("oneOf").is_none()
            {
                edges.extend(TEXTS.iter().map(|text| Value::from(*text)));
                edges.extend([json!(i64::MAX), json!(u64::MAX), json!(i64::MIN)]);
                for key in [
                    "minimum",
                    "maximum",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                ] {
                    let Some(bound) = property[key].as_u64() else {
                        continue;
                    };
                    for number in [bound.saturating_sub(1), bound, bound.saturating_add(1)] {
                        edges.push(Value::from(number));
                        let length = usize::try_from(number).unwrap().min(3000);
                        edges.push(Value::from("ä".repeat(length)));
                        edges.push(Value::from(vec!["a"; length]));
                    }
                }
            }
            for edge in edges {
                let mut given = good.clone();
                given.insert(name.clone(), edge);
                agree(entry, input, &schema, &given).unwrap_or_else(|why| panic!("{name}: {why}"));
            }
        }
    });
}

#[test]
fn schema_holds_the_rules_between_parameters() {
    let rows = [
        ("update_user", json!({"user_id": "a"}), false),
        (
            "update_user",
            json!({"user_id": "a", "verify": false, "login_type": 1}),
            false,
        ),
        ("update_user", json!({"user_id": "a", "dept": "D"}), true),
        (
            "update_meeting",
            json!({"meeting_id": 1, "settings": {}}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "settings": {"breakout_room": {}}}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "settings": {"breakout_room": {"enable": true}}}),
            true,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "waiting_room": true, "settings": {"waiting_room": true}}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "settings": {"authentication_option": "a".repeat(512)}}),
            true,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "settings": {"authentication_option": "a".repeat(513)}}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "waiting_room": true, "settings": {"x": 1}}),
            true,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "block_user_domain": true}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "option": "meeting_security", "block_user_domain": true}),
            true,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "option": "meeting_security", "file_transfer": true}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "settings": {"meeting_security": {"auto_security": true}}}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "option": "meeting_security", "settings": {"meeting_security": {"auto_security": true}}}),
            true,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "option": "meeting_security", "settings": {"in_meeting": {"chat": true}}}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "option": "recording_authentication", "settings": {"meeting_authentication": true}}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "settings": {"feature": {"large_meeting_capacity": 3000}}}),
            true,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "settings": {"feature": {"large_meeting_capacity": 2000}}}),
            false,
        ),
        (
            "update_user",
            json!({"user_id": "a", "clear": ["dept"]}),
            true,
        ),
        ("update_user", json!({"user_id": "a", "clear": []}), false),
        (
            "update_user",
            json!({"user_id": "a", "clear": ["type"]}),
            false,
        ),
        (
            "update_user",
            json!({"user_id": "a", "dept": "D", "clear": ["dept"]}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "clear": ["contact_name"], "settings": {"contact_name": "N"}}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "recurrence": {"end_times": 3}}),
            false,
        ),
        (
            "update_meeting",
            json!({"meeting_id": 1, "duration": 1441}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "meeting_password_requirement": {}}),
            false,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "meeting_password_requirement": {"length": 8}}),
            true,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "waiting_room": true, "settings": {"in_meeting": {}}}),
            true,
        ),
        (
            "update_user_settings",
            json!({"user_id": "a", "waiting_room": true, "settings": {"in_meeting": {"waiting_room": true}}}),
            false,
        ),
    ];
    for (action, given, accepted) in rows {
        let entry = actions::find(action).unwrap();
        let given = given.as_object().unwrap();
        let both = agree(entry, &(entry.input)(), &published(entry), given);
        assert_eq!(both, Ok(accepted), "{action} {given:?}");
    }
}
