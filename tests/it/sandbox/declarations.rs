//! The declarations of the actions, judged by the endpoint facts: routes, labels, scopes, and the fields of the updates.

use serde_json::Value;
use zoom_runner::action::RateLabel;
use zoom_runner::actions;

fn endpoints() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../src/sandbox/endpoints.json")).unwrap()
}

fn endpoint(method: &str, path: &str) -> Value {
    let found = endpoints()
        .into_iter()
        .find(|one| one["method"] == method && one["path"] == path);
    let hint = "add what Zoom documents of it to src/sandbox/endpoints.json, and how it answers to src/sandbox/account.rs";
    found.unwrap_or_else(|| {
        panic!("{method} {path} is an endpoint that the sandbox does not know: {hint}")
    })
}

#[test]
fn every_route_is_an_endpoint_with_its_label_and_scopes() {
    for entry in actions::all() {
        assert!(
            ["test", "roll_back"].contains(&entry.id) || !entry.routes.is_empty(),
            "{}",
            entry.id
        );
        for route in entry.routes {
            let endpoint = endpoint(route.method.name(), route.path);
            let label = match route.label {
                RateLabel::ResourceIntensive => "resource-intensive".to_owned(),
                label => format!("{label:?}").to_lowercase(),
            };
            assert_eq!(endpoint["label"], label, "{} {}", entry.id, route.path);
            for (declared, known) in [
                (route.granular, &endpoint["granular"]),
                (route.classic, &endpoint["classic"]),
            ] {
                // For analytics Zoom documents no classic scope.
                assert!(
                    !declared.is_empty() || route.path.contains("analytics"),
                    "{} {} {}",
                    entry.id,
                    route.method.name(),
                    route.path
                );
                for scope in declared {
                    let known = known.as_array().unwrap();
                    assert!(
                        known.iter().any(|known| known == scope),
                        "{} {}: {scope} is not among {known:?}",
                        entry.id,
                        route.path
                    );
                }
                // What an administrator is told to grant is one that server-to-server apps can have.
                assert!(
                    declared
                        .first()
                        .is_none_or(|scope| scope.ends_with(":admin")),
                    "{}: {declared:?}",
                    entry.id,
                );
            }
        }
    }
}

/// Choices that Zoom adds to: named in the description, not enforced.
const ADVISED: [&str; 8] = [
    "authentication_option.type",
    "feature.license_info_list[].license_option",
    "feature.license_info_list[].license_type",
    "in_meeting.data_center_regions",
    "in_meeting.webinar_live_streaming.live_streaming_service",
    "license_info_list[].license_option",
    "license_info_list[].license_type",
    "settings.resources[].resource_type",
];

fn type_of(schema: &Value) -> &str {
    match schema["type"].as_str() {
        Some(kind) => kind,
        None if schema["enum"].is_array() || schema["oneOf"].is_array() => {
            match choices(schema).first() {
                Some(Value::Number(_)) => "integer",
                _ => "string",
            }
        }
        None => panic!("no type: {schema}"),
    }
}

fn choices(schema: &Value) -> Vec<Value> {
    let constants = |all: &Vec<Value>| all.iter().map(|one| one["const"].clone()).collect();
    schema["enum"]
        .as_array()
        .cloned()
        .or_else(|| schema["oneOf"].as_array().map(constants))
        .unwrap_or_default()
}

/// Complains about a declared field of another type, or with a choice or a size that Zoom does not take.
fn judge(action: &str, path: &str, schema: &Value, body: &Value, complaints: &mut Vec<String>) {
    let mut complain = |words: String| complaints.push(format!("{action} {path}: {words}"));
    let Some(spec) = body.get(path) else {
        return complain("Zoom has no such field".to_owned());
    };
    let kind = spec["type"].as_str().unwrap();
    let wanted = if kind.starts_with("array") {
        "array"
    } else {
        kind
    };
    if type_of(schema) != wanted {
        complain(format!("declared {}, at Zoom {kind}", type_of(schema)));
    }
    if let Some(known) = spec["enum"].as_array() {
        let declared = if wanted == "array" {
            choices(&schema["items"])
        } else {
            choices(schema)
        };
        // A list in one text has no choices of its own.
        let number = |choice: &Value| {
            choice
                .as_str()
                .is_some_and(|text| text.parse::<i64>().is_ok())
        };
        let one_text = wanted == "string" && known.iter().all(number);
        // A range that holds the very choices does as well.
        let numbers: Option<Vec<i64>> = known.iter().map(Value::as_i64).collect();
        let range = schema["minimum"].as_i64().zip(schema["maximum"].as_i64());
        let as_range = numbers
            .zip(range)
            .is_some_and(|(known, (low, high))| (low..=high).eq(known));
        let is_open = one_text || as_range || ADVISED.contains(&path);
        if declared.is_empty() && !is_open {
            complain(format!("takes anything, Zoom takes {known:?}"));
        }
        for choice in declared.iter().filter(|choice| !known.contains(choice)) {
            complain(format!("offers {choice}, which Zoom does not take"));
        }
        for choice in known
            .iter()
            .filter(|choice| !declared.is_empty() && !declared.contains(choice))
        {
            complain(format!("does not offer {choice}, which Zoom takes"));
        }
    } else if !choices(schema).is_empty() {
        complain(format!(
            "offers only {:?}, Zoom takes anything",
            choices(schema)
        ));
    }
    let bound = ["maxLength", "maxItems", "maximum"]
        .into_iter()
        .find_map(|key| schema[key].as_f64());
    match (bound, spec["max"].as_f64()) {
        (Some(declared), Some(known)) if declared != known => {
            complain(format!("at most {declared}, at Zoom {known}"))
        }
        (None, Some(known))
            if !schema["pattern"]
                .as_str()
                .is_some_and(|pattern| pattern.contains(&format!(",{known}}}"))) =>
        {
            complain(format!("without a bound, at Zoom {known}"))
        }
        _ => {}
    }
    // The fields inside are Zoom's too.
    let (inside, prefix) = match wanted {
        "array" => (&schema["items"], format!("{path}[].")),
        _ => (schema, format!("{path}.")),
    };
    for (name, inner) in inside["properties"].as_object().into_iter().flatten() {
        judge(action, &format!("{prefix}{name}"), inner, body, complaints);
    }
}

#[test]
fn every_field_of_an_update_is_zooms_with_its_type_choices_and_size() {
    let mut complaints = Vec::new();
    let mut judged = 0;
    for entry in actions::ACTIONS
        .iter()
        .filter(|entry| entry.id.starts_with("update_"))
    {
        let route = &entry.routes[0];
        let endpoint = endpoint(route.method.name(), route.path);
        let schema = &(entry.input)();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let paths = property
                .as_object()
                .unwrap()
                .iter()
                .filter(|(key, _)| key.starts_with("x-zoom-field"));
            let paths: Vec<(&str, &str)> = paths
                .map(|(key, path)| (key.as_str(), path.as_str().unwrap()))
                .collect();
            for (key, path) in &paths {
                judged += 1;
                // The forms of the body it goes into: its own, or those that share the path.
                let shared = property["x-zoom-option"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str);
                let mut options: Vec<&str> =
                    key.strip_prefix("x-zoom-field-").into_iter().collect();
                options.extend(shared.filter(|_| *key == "x-zoom-field"));
                match *path {
                    "" => {
                        assert_eq!(name, "settings");
                        for (block, inner) in property["properties"].as_object().unwrap() {
                            judge(entry.id, block, inner, &endpoint["body"], &mut complaints);
                        }
                    }
                    path => {
                        judge(entry.id, path, property, &endpoint["body"], &mut complaints);
                        let forms = endpoint["body"][path]["option"]
                            .as_array()
                            .cloned()
                            .unwrap_or_default();
                        let fits = options
                            .iter()
                            .all(|option| forms.iter().any(|form| form == option));
                        assert!(
                            fits && options.is_empty() == forms.is_empty(),
                            "{} {path}: {options:?}, at Zoom {forms:?}",
                            entry.id
                        );
                    }
                }
            }
            let known = endpoint["query"].get(name);
            let is_own = [
                "user_id",
                "meeting_id",
                "verify",
                "dry_run",
                "show_secrets",
                "clear",
            ]
            .contains(&name.as_str());
            assert!(
                !paths.is_empty() || known.is_some() || is_own,
                "{} {name}: goes nowhere",
                entry.id
            );
        }
    }
    assert!(judged > 80, "{judged}");
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_query_that_zoom_documents_is_a_parameter_of_its_action() {
    // The contract says which parameters the other actions have.
    const WHOLE: [&str; 9] = [
        "delete_meeting",
        "get_meeting_invitation",
        "get_user",
        "get_user_settings",
        "list_meetings",
        "list_users",
        "update_meeting",
        "update_user",
        "update_user_settings",
    ];
    for entry in actions::ACTIONS
        .iter()
        .filter(|entry| WHOLE.contains(&entry.id))
    {
        let endpoint = endpoint(entry.routes[0].method.name(), entry.routes[0].path);
        let schema = &(entry.input)();
        for name in endpoint["query"].as_object().unwrap().keys() {
            // Pages are the program's business.
            let is_paging = ["next_page_token", "page_number"].contains(&name.as_str());
            let is_there = is_paging || schema["properties"].get(name).is_some();
            assert!(
                is_there,
                "{}: Zoom's query parameter {name} is missing: add a field of that name",
                entry.id
            );
        }
    }
}

#[test]
fn every_body_field_of_update_user_is_a_parameter() {
    let entry = actions::find("update_user").unwrap();
    let schema = &(entry.input)();
    for path in endpoint("PATCH", "/users/{userId}")["body"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|path| !path.contains('.'))
    {
        assert!(
            path.contains("[]") || schema["properties"].get(path).is_some(),
            "{path} is missing"
        );
    }
}
