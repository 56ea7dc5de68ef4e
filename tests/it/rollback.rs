//! A property of the updates: the rollback of a change is accepted as it stands, and brings back what there was.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use zoom_runner::action::Entry;
use zoom_runner::actions;
use zoom_runner::clock::SystemClock;
use zoom_runner::http::{Body, Http, Method, Request, Response, TransportError};
use zoom_runner::protocol::json::{at, put};
use zoom_runner::protocol::request::parse;
use zoom_runner::run::session::EnvelopeSession;
use zoom_runner::run::{Engine, answer};
use zoom_runner::zoom::token::NoStore;
use zoom_runner::zoom::update::fields::{Field, Kind, Role, Shown, Table};

/// An object at Zoom: a GET shows it, a PATCH changes it.
#[derive(Clone)]
struct Mirror {
    state: Arc<Mutex<Value>>,
    /// How many levels of objects a PATCH merges; deeper ones it replaces.
    merges: usize,
}

fn merge(state: &mut Value, change: &Value, levels: usize) {
    let (Some(fields), Some(change)) = (state.as_object_mut(), change.as_object()) else {
        return;
    };
    for (key, value) in change {
        let field = fields.entry(key).or_insert_with(|| json!({}));
        if levels > 0 && value.is_object() && field.is_object() {
            merge(field, value, levels - 1);
        } else {
            *field = value.clone();
        }
    }
}

impl Http for Mirror {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut state = self.state.lock().unwrap();
        let body = match (request.method, &request.body) {
            (Method::Post, _) => json!({"access_token": "t", "expires_in": 3599}),
            (Method::Patch, Some(Body::Json(text))) => {
                let change = serde_json::from_str(text).unwrap();
                merge(&mut state, &change, self.merges);
                json!({})
            }
            _ => state.clone(),
        };
        Ok(Response {
            status: 200,
            body: body.to_string().into_bytes(),
            ..Response::default()
        })
    }
}

fn run(mirror: &Mirror, action: &str, parameters: &Value) -> Value {
    let clock = Arc::new(SystemClock::start());
    let mirror = mirror.clone();
    let engine = Engine {
        clock: clock.clone(),
        tokens: Box::new(NoStore),
        connect: Box::new(move |_| Box::new(mirror.clone())),
        instead: None,
    };
    let session = EnvelopeSession::start(Vec::new(), clock, false);
    let resource = json!({"client_id": "i", "client_secret": "s3cr3t-s3cr3t", "account_id": "a", "timeout": 1});
    let request = json!({"action": action, "parameters": parameters, "resource": resource});
    answer(
        &engine,
        &session,
        parse(request.to_string().as_bytes()),
        None,
    );
    serde_json::from_slice(&session.into_output()).unwrap()
}

/// A value that fits.
fn value(kind: Kind) -> BoxedStrategy<Value> {
    let of = |texts: &'static [&'static str]| {
        proptest::sample::select(texts)
            .prop_map(Value::from)
            .boxed()
    };
    match kind {
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer(least, most) => (least..=most.min(least.saturating_add(50)))
            .prop_map(Value::from)
            .boxed(),
        Kind::Number(choices) => proptest::sample::select(choices)
            .prop_map(|(number, _)| Value::from(number))
            .boxed(),
        Kind::Word(words) => of(words),
        Kind::HostKey => "[0-9]{6,10}".prop_map(Value::from).boxed(),
        Kind::Length(least, most) => {
            proptest::string::string_regex(&format!("[a-z]{{{least},{most}}}"))
                .unwrap()
                .prop_map(Value::from)
                .boxed()
        }
        Kind::Time => of(&["2027-01-01T10:00:00Z", "2027-02-03T09:30:00Z"]),
        Kind::Zone => of(&["Europe/Berlin", "Asia/Kolkata"]),
        Kind::Phone => of(&["5550100", "555-0199"]),
        Kind::Addresses => of(&["a@example.com;b@example.com", "c@example.com"]),
        Kind::Days => of(&["2,4", "7"]),
        Kind::List(kind, _) => proptest::collection::vec(value(*kind), 0..3)
            .prop_map(Value::from)
            .boxed(),
        Kind::Objects(list) => proptest::collection::vec(value(Kind::Object(list.each)), 0..=2)
            .prop_map(Value::from)
            .boxed(),
        Kind::Object(object) => {
            let fields: Vec<_> = object
                .all()
                .map(|(name, kind)| (Just(name.to_owned()), value(kind)))
                .collect();
            fields
                .prop_map(|fields| Value::Object(fields.into_iter().collect()))
                .boxed()
        }
        _ => "[a-z]{1,8}".prop_map(Value::from).boxed(),
    }
}

/// The fields of the usual form that Zoom shows where they are.
fn fields(table: &Table) -> Vec<(&'static Field, &'static str)> {
    let shown = table
        .parameters
        .iter()
        .filter(|field| matches!(field.role, Role::Body(_)) && field.shown == Shown::SamePath);
    shown
        .filter_map(|field| Some((field, field.path(None)?)))
        .collect()
}

/// What Zoom holds, what is asked for, and what of it is to be emptied.
fn case(table: &'static Table) -> BoxedStrategy<(Value, Map<String, Value>)> {
    let fields = fields(table);
    let held: Vec<_> = fields
        .iter()
        .map(|(field, path)| {
            let empty = Just(field.empty());
            let held = prop_oneof![
                4 => value(field.kind).prop_map(Some),
                1 => empty,
                1 => Just(None),
            ];
            (Just(*path), held)
        })
        .collect();
    let asked = proptest::sample::subsequence(fields.clone(), 1..5).prop_flat_map(|fields| {
        fields
            .into_iter()
            .map(|(field, _)| {
                let asked = value(field.kind).prop_map(Some).boxed();
                let asked = if field.empty().is_some() {
                    prop_oneof![4 => asked, 1 => Just(None)].boxed()
                } else {
                    asked
                };
                (Just(field.name), asked)
            })
            .collect::<Vec<_>>()
    });
    let settings = match table.documented(None) {
        Some(object) => value(Kind::Object(*object)).boxed(),
        None => Just(Value::Null).boxed(),
    };
    (held, asked, settings)
        .prop_map(|(held, asked, settings)| {
            let mut state = Map::new();
            if let Value::Object(settings) = settings {
                let root = table.settings_root().unwrap();
                if root.is_empty() {
                    state = settings;
                } else {
                    state.insert(root.to_owned(), Value::Object(settings));
                }
            }
            let mut state = Value::Object(state);
            for (path, value) in held {
                set(&mut state, path, value);
            }

            let mut parameters = Map::new();
            let mut clear = Vec::new();
            for (name, value) in asked {
                match value {
                    Some(value) => {
                        parameters.insert(name.to_owned(), value);
                    }
                    None => clear.push(name),
                }
            }
            if !clear.is_empty() {
                parameters.insert("clear".to_owned(), json!(clear));
            }
            (state, parameters)
        })
        .boxed()
}

/// Sets or removes what stands at a path.
fn set(state: &mut Value, path: &str, value: Option<Value>) {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut map = state;
    for step in parent.split('.').filter(|step| !step.is_empty()) {
        map = &mut map[step];
        if map.is_null() {
            *map = json!({});
        }
    }
    let map = map.as_object_mut().unwrap();
    map.shift_remove(name);
    if let Some(value) = value {
        assert!(put(map, name, value));
    }
}

fn judge(entry: &Entry, state: Value, mut parameters: Map<String, Value>) {
    let table = entry.update.unwrap();
    let identity = if entry.id.contains("user") {
        "user_id"
    } else {
        "meeting_id"
    };
    parameters.insert(identity.to_owned(), json!("1"));
    let mirror = Mirror {
        state: Arc::new(Mutex::new(state.clone())),
        merges: usize::from(table.settings_root().is_some()),
    };

    let changed = run(&mirror, entry.id, &Value::Object(parameters.clone()));
    let shown = || format!("{parameters:?}\n{state}\n{changed}");
    assert_eq!(changed["status"], "success", "{}", shown());
    let rollback = &changed["data"]["rollback"];
    let undone = run(&mirror, "roll_back", &json!({ "rollback": rollback }));
    assert_eq!(undone["status"], "success", "{undone}\n{}", shown());

    let warnings = changed["meta"]["warnings"].to_string();
    let now = mirror.state.lock().unwrap();
    for change in changed["data"]["changes"].as_array().unwrap() {
        let path = change["field"].as_str().unwrap();
        // A list or an object of Zoom's may hold more than the action takes; here it does not.
        if !warnings.contains(path) {
            let (before, after) = (at(&state, path), at(&now, path));
            let is_empty = |value: Option<&Value>| {
                value.is_none_or(|value| *value == json!("") || *value == json!([]))
            };
            assert!(
                before == after || (is_empty(before) && is_empty(after)),
                "{path}: {before:?} {after:?}\n{undone}\n{}",
                shown()
            );
        }
    }
}

#[test]
fn rollback_is_accepted_and_brings_back_what_there_was() {
    for entry in actions::ACTIONS
        .iter()
        .filter(|entry| entry.id.starts_with("update_"))
    {
        let config = Config {
            cases: 60,
            failure_persistence: None,
            ..Config::default()
        };
        let result = TestRunner::new(config).run(&case(entry.update.unwrap()), |(state, given)| {
            judge(entry, state, given);
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{}: {error}", entry.id));
    }
}
