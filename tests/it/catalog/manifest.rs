//! The platform's definition files, linted by what its documentation and working files show: keys, values, paths.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use zoom_runner::action::{Entry, Kind};
use zoom_runner::actions::ACTIONS;
use zoom_runner::catalog::{IMAGE, manifest};

/// Variables that a shell, the loader or the program itself gives a meaning to.
const TAKEN: &[&str] = &[
    "path",
    "home",
    "user",
    "shell",
    "pwd",
    "oldpwd",
    "ifs",
    "lang",
    "hostname",
    "term",
    "uid",
    "euid",
    "ppid",
    "random",
    "seconds",
    "lineno",
    "ps1",
    "ps2",
    "ps4",
    "env",
    "cdpath",
    "mail",
    "optarg",
    "optind",
    "reply",
    "shlvl",
    "tmpdir",
    "histfile",
    "histsize",
    "histchars",
    "auto_resume",
    "groups",
    "machtype",
    "ostype",
    "hosttype",
    "dirstack",
    "columns",
    "lines",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "proxy_url",
    "ssl_cert_file",
    "ssl_cert_dir",
    "rust_log",
    "rust_backtrace",
    "incmanparamincidentid",
    "text",
    "payload",
    "token",
    "incmanurl",
    "cloudsoarurl",
    "_",
];

fn parse(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub fn integration() -> Value {
    parse(&manifest(IMAGE)[0].text)
}

/// Every action's definition, with its entry; read once for all tests.
pub fn definitions() -> &'static [(&'static Entry, Value)] {
    static DEFINITIONS: LazyLock<Vec<(&'static Entry, Value)>> = LazyLock::new(|| {
        let files = manifest(IMAGE);
        let entries = ACTIONS.iter().zip(&files[1..]);
        entries
            .map(|(entry, file)| {
                assert_eq!(file.path, format!("actions/{}.action.yaml", entry.id));
                (entry, parse(&file.text))
            })
            .collect()
    });
    &DEFINITIONS
}

/// Each key with its check; no other keys.
fn keys(map: &Value, what: &str, required: &[&str], allowed: &[&str]) {
    let map: &Map<String, Value> = map
        .as_object()
        .unwrap_or_else(|| panic!("{what} is no map: {map}"));
    for key in required {
        assert!(map.contains_key(*key), "{what} lacks {key}");
    }
    for key in map.keys() {
        assert!(
            required.contains(&key.as_str()) || allowed.contains(&key.as_str()),
            "{what}: {key} is no key there"
        );
    }
}

fn text<'a>(value: &'a Value, what: &str) -> &'a str {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("{what} is no text: {value}"));
    assert!(
        !text.trim().is_empty() && text.trim() == text,
        "{what}: {text:?}"
    );
    text
}

#[test]
fn integration_has_the_documented_keys() {
    let file = integration();
    keys(
        &file,
        "the integration",
        &[
            "name",
            "version",
            "icon",
            "script",
            "docker_repo_tag",
            "local_repo",
            "configuration",
        ],
        &[],
    );
    assert_eq!(file["name"], "Zoom Runner");
    assert_eq!(file["local_repo"], true, "no registry has the image");
    let version = text(&file["version"], "version");
    assert!(
        env!("CARGO_PKG_VERSION").starts_with(version) && version.matches('.').count() == 1,
        "{version}: two parts are what the platform's own files have"
    );
    keys(
        &file["script"],
        "script",
        &["type", "test_connection_code"],
        &[],
    );
    assert_eq!(file["script"]["type"], "bash");
    assert_eq!(
        file["script"]["test_connection_code"],
        "exec /usr/local/bin/zoom-runner oif test\n"
    );
    let tag = text(&file["docker_repo_tag"], "docker_repo_tag")
        .rsplit_once(':')
        .unwrap()
        .1;
    assert_eq!(
        tag,
        env!("CARGO_PKG_VERSION"),
        "the tag must be the version's: tags like latest change"
    );
    let configuration = &file["configuration"];
    keys(
        configuration,
        "configuration",
        &[
            "testable_connection",
            "require_proxy_config",
            "data_attributes",
            "listing_attributes",
        ],
        &[],
    );
    assert_eq!(configuration["testable_connection"], true);
    assert_eq!(configuration["require_proxy_config"], true);
    for (id, attribute) in configuration["listing_attributes"].as_object().unwrap() {
        keys(attribute, id, &["name"], &[]);
        assert!(
            configuration["data_attributes"]
                .get(id)
                .is_some_and(|field| field["type"] != "password"),
            "{id}"
        );
    }
}

#[test]
fn manifest_takes_another_image_name() {
    assert_eq!(
        parse(&manifest("registry.example.com/soar/zoom:7")[0].text)["docker_repo_tag"],
        "registry.example.com/soar/zoom:7"
    );
}

#[test]
fn icon_is_a_small_png() {
    use base64::Engine as _;
    let file = integration();
    let data = file["icon"]
        .as_str()
        .unwrap()
        .strip_prefix("data:image/png;base64,")
        .unwrap();
    let png = base64::engine::general_purpose::STANDARD
        .decode(data)
        .unwrap();
    assert!(
        png.starts_with(b"\x89PNG\r\n\x1a\n") && (150..42_000).contains(&png.len()),
        "{} bytes",
        png.len()
    );
}

#[test]
fn resource_fields_are_the_programs_in_the_platforms_words() {
    let file = integration();
    let fields = file["configuration"]["data_attributes"]
        .as_object()
        .unwrap();
    let wanted = [
        (
            "token_url",
            "OAuth Token URL",
            "text",
            false,
            Some("https://zoom.us/"),
            Some("url"),
        ),
        (
            "api_url",
            "API URL",
            "text",
            false,
            Some("https://api.zoom.us/"),
            Some("url"),
        ),
        ("client_id", "Client ID", "text", true, None, None),
        (
            "client_secret",
            "Client Secret",
            "password",
            true,
            None,
            None,
        ),
        ("account_id", "Account ID", "text", true, None, None),
        (
            "timeout",
            "Connection Timeout (s)",
            "number",
            false,
            Some("120"),
            Some("integer"),
        ),
        (
            "verify_certificate",
            "Verify Server Certificate",
            "list",
            false,
            Some("true"),
            None,
        ),
        (
            "ca_certificate",
            "CA Certificate",
            "textarea",
            false,
            None,
            None,
        ),
    ];
    assert_eq!(
        fields.keys().collect::<Vec<_>>(),
        wanted.map(|row| row.0).iter().collect::<Vec<_>>()
    );
    for (id, label, kind, required, default, validator) in wanted {
        let field = &fields[id];
        check_field(
            field,
            id,
            &["label"],
            &["checkbox", "list", "number", "password", "text", "textarea"],
            &["host", "integer", "ip", "port", "url"],
        );
        assert_eq!(field["label"], label);
        assert_eq!(
            (&field["type"], &field["required"]),
            (&Value::from(kind), &Value::from(required)),
            "{id}"
        );
        assert_eq!(field["default"].as_str(), default, "{id}");
        assert_eq!(field["validator"].as_str(), validator, "{id}");
    }
}

/// The keys that fields of both kinds of form have in common.
fn check_field(field: &Value, id: &str, more: &[&str], types: &[&str], validators: &[&str]) {
    let required: Vec<&str> = ["type", "required", "hint"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    keys(
        field,
        id,
        &required,
        &[
            "default",
            "values",
            "validator",
            "incident_artifacts",
            "observables",
        ],
    );
    let kind = text(&field["type"], id);
    assert!(types.contains(&kind), "{id}: {kind}");
    assert!(field["required"].is_boolean(), "{id}");
    text(&field["label"], id);
    assert!(
        text(&field["hint"], id).len() < 700 && !field["hint"].as_str().unwrap().contains('`'),
        "{id}"
    );
    if let Some(validator) = field.get("validator") {
        assert!(validators.contains(&validator.as_str().unwrap()), "{id}");
    }
    assert_eq!(field.get("values").is_some(), kind == "list", "{id}");
    assert_eq!(
        field
            .get("validator")
            .is_some_and(|validator| validator == "integer"),
        kind == "number",
        "{id}"
    );
    assert!(
        kind != "checkbox" || field.get("default").is_none(),
        "{id}: a box is off, or it is no box"
    );
    if let Some(default) = field.get("default") {
        text(default, id);
    }
    if let Some(values) = field.get("values") {
        let values = values.as_object().unwrap();
        assert!(values.len() >= 2, "{id}");
        let mut labels = BTreeSet::new();
        for (key, label) in values {
            assert!(
                !key.starts_with('-') && !key.eq_ignore_ascii_case("none"),
                "{id}: the key {key:?}"
            );
            assert!(labels.insert(text(label, id)), "{id}: {label} twice");
        }
        let default = field["default"].as_str();
        assert!(
            default.is_none_or(|default| values.contains_key(default)),
            "{id}: the default is no choice"
        );
    }
}

#[test]
fn action_has_the_documented_keys() {
    let integration = integration();
    for (entry, file) in definitions() {
        keys(
            file,
            entry.id,
            &[
                "integration",
                "name",
                "type",
                "script",
                "fields",
                "output",
                "table_view",
            ],
            &[],
        );
        assert_eq!(file["integration"], integration["name"], "{entry:?}");
        assert_eq!(file["name"], entry.title);
        let kind = text(&file["type"], "type");
        assert_eq!(kind == "Enrichment", entry.kind == Kind::Enrichment);
        assert!(["Containment", "Custom", "Enrichment", "Notification"].contains(&kind));
        keys(&file["script"], "script", &["code"], &[]);
        let body = format!("exec /usr/local/bin/zoom-runner oif {}\n", entry.id);
        assert_eq!(file["script"]["code"], body);
    }
}

/// True when what identifies the object comes first, then the switches of a change, then the rest.
fn is_in_order(fields: &[Value]) -> bool {
    let rank = |field: &Value| match field["id"].as_str() {
        _ if field["required"] == true => 0,
        Some("occurrence_id" | "login_type" | "option") => 1,
        Some("dry_run") => 2,
        Some("verify") => 3,
        _ => 4,
    };
    fields.iter().map(rank).is_sorted()
}

#[test]
fn parameters_are_fields_of_the_right_type() {
    for (entry, file) in definitions() {
        let input = &(entry.input)();
        let properties = input["properties"].as_object().unwrap();
        let fields = file["fields"].as_array().unwrap();
        let ids: Vec<&str> = fields
            .iter()
            .map(|field| field["id"].as_str().unwrap())
            .collect();
        let on_form = properties
            .iter()
            .filter(|(_, schema)| schema["x-form"] != false)
            .map(|(id, _)| id);
        let on_form: BTreeSet<&str> = on_form.map(String::as_str).collect();
        assert_eq!(
            ids.iter().copied().collect::<BTreeSet<_>>(),
            on_form,
            "{entry:?}"
        );
        assert!(is_in_order(fields), "{entry:?}: {ids:?}");
        // A form is one column: more than this nobody reads at three in the morning.
        let most = match entry.id {
            "update_meeting" => 28,
            "update_user_settings" => 32,
            _ => 40,
        };
        assert!(ids.len() <= most, "{entry:?}: {} fields", ids.len());
        let mut labels = BTreeSet::new();
        for field in fields {
            let id = field["id"].as_str().unwrap();
            let validators = [
                "datetime",
                "domain",
                "e-mail",
                "hash",
                "integer",
                "ipaddress",
                "ip_domain",
                "md5",
                "port",
                "sha1",
                "sha256",
                "url",
            ];
            check_field(
                field,
                id,
                &["id", "label"],
                &["checkbox", "list", "number", "text", "textarea"],
                &validators,
            );
            assert!(
                labels.insert(field["label"].as_str()),
                "{entry:?}: {} twice",
                field["label"]
            );
            assert!(
                field["label"].as_str().unwrap().len() <= 60,
                "{}",
                field["label"]
            );
            let schema = &properties[id];
            let kind = field["type"].as_str().unwrap();
            let is_choice = schema.get("enum").is_some() || schema.get("oneOf").is_some();
            let wanted: &[&str] = match schema["type"].as_str() {
                _ if is_choice => &["list"],
                Some("boolean") if schema["default"] == false => &["checkbox"],
                Some("boolean") => &["list"],
                Some("integer") => &["number"],
                Some("object") => &["textarea"],
                Some("array") if schema["items"]["type"] == "object" => &["textarea"],
                _ => &["text"],
            };
            assert!(wanted.contains(&kind), "{entry:?}: {id} is a {kind}");
            let is_required = input["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|name| name == id));
            assert_eq!(field["required"], is_required, "{entry:?}: {id}");
            assert!(
                field.get("incident_artifacts").is_none() || kind == "text",
                "{entry:?}: {id}"
            );
            if [
                "user_id",
                "meeting_id",
                "contact_email",
                "manager",
                "schedule_for",
            ]
            .contains(&id)
            {
                assert_eq!(field["incident_artifacts"], true, "{entry:?}: {id}");
            }
        }
    }
}

#[test]
fn hints_ask_no_question_and_stay_on_one_line() {
    const QUESTIONS: [&str; 8] = [
        "Whether", "Which", "What", "How", "Where", "Who", "When", "Why",
    ];

    for (entry, file) in definitions() {
        for field in file["fields"].as_array().unwrap() {
            let hint = field["hint"].as_str().unwrap();
            let first = hint.split_whitespace().next().unwrap();
            assert!(!QUESTIONS.contains(&first), "{entry:?}: {hint}");
            assert!(!hint.contains('\n'), "{entry:?}: {hint}");
            assert!(!hint.contains("  "), "{entry:?}: {hint}");
        }
    }
}

#[test]
fn action_fields_collide_with_no_resource_field_or_variable() {
    let file = integration();
    let resource = file["configuration"]["data_attributes"]
        .as_object()
        .unwrap();
    for id in resource.keys() {
        assert!(!TAKEN.contains(&id.as_str()), "{id}");
    }
    for (entry, file) in definitions() {
        for field in file["fields"].as_array().unwrap() {
            let id = field["id"].as_str().unwrap();
            let taken = resource.contains_key(id)
                || id == "label"
                || TAKEN.contains(&id)
                || id.contains('-');
            assert!(!taken, "{entry:?}: {id} means something else already");
        }
    }
}

/// A path is keys, or keys in quotes, with `[]` as a step of its own, joined by dots.
fn is_path(path: &str) -> bool {
    let plain = |step: &str| {
        !step.is_empty()
            && step
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    path.split('.').all(|step| {
        step == "[]"
            || plain(step)
            || (step.starts_with('"') && step.ends_with('"') && step.len() > 2)
    })
}

#[test]
fn outputs_are_paths_and_the_table_shows_only_outputs() {
    for (entry, file) in definitions() {
        let mut outputs = BTreeSet::new();
        for output in file["output"].as_array().unwrap() {
            keys(output, entry.id, &["path", "type"], &[]);
            assert_eq!(output["type"], "text");
            let path = text(&output["path"], entry.id);
            let plain = path.strip_suffix(" | join(,)").unwrap_or(path);
            assert!(is_path(plain), "{entry:?}: {path}");
            assert!(plain == path || plain.contains("[]"), "{entry:?}: {path}");
            assert!(outputs.insert(path), "{entry:?}: {path} twice");
        }
        assert!(
            outputs.contains("status") && outputs.contains("message"),
            "{entry:?}"
        );
        assert!(
            outputs
                .iter()
                .all(|path| path.starts_with("data.") || ["status", "message"].contains(path))
        );
        let table = file["table_view"].as_array().unwrap();
        assert!(
            (3..=8).contains(&table.len()),
            "{entry:?} has {} columns",
            table.len()
        );
        for column in table {
            keys(column, entry.id, &["display_name", "value"], &["type"]);
            let path = text(&column["value"], entry.id);
            text(&column["display_name"], entry.id);
            assert!(
                outputs.contains(path),
                "{entry:?}: the column {path} is no output"
            );
            assert!(column.get("type").is_none_or(|kind| kind == "link"));
            assert_eq!(
                column.get("type").is_some(),
                path.ends_with("_url"),
                "{entry:?}: {path}"
            );
        }
    }
}

#[test]
fn documented_fields_of_zooms_answers_are_outputs() {
    let rows = [
        ("list_users", "data.users.[].email"),
        ("list_users", "data.users.[].phone_numbers.[].number"),
        ("list_meetings", "data.meetings.[].join_url"),
        ("get_user", "data.group_ids.[]"),
        ("get_user_settings", "data.in_meeting.waiting_room"),
        ("get_meeting_invitation", "data.invitation"),
        ("update_user", "data.changes.[].applied"),
        ("delete_meeting", "data.deleted"),
    ];
    for (action, wanted) in rows {
        let (_, file) = definitions()
            .iter()
            .find(|(entry, _)| entry.id == action)
            .unwrap();
        assert!(
            file["output"]
                .as_array()
                .unwrap()
                .iter()
                .any(|output| output["path"] == wanted),
            "{action}: {wanted}"
        );
    }
}
