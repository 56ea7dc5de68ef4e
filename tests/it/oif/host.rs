//! Plays the platform: reads the definition files, sets the variables as the platform does, runs the bodies with bash
//! against the sandbox, and looks up every declared path and column in what is printed.

use crate::harness::Ran;
use crate::oif::line;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;
use zoom_runner::catalog::manifest as files;
use zoom_runner::catalog::{IMAGE, manifest::PROGRAM};
use zoom_runner::sandbox::{Options, Sandbox};

/// The ways in which the platform may say that a field was left empty.
const NOTHING: [Option<&str>; 3] = [None, Some(""), Some("None")];

/// The definition files, read as YAML: the integration's, and each action's by its name.
fn definitions() -> &'static (Value, BTreeMap<String, Value>) {
    static DEFINITIONS: LazyLock<(Value, BTreeMap<String, Value>)> = LazyLock::new(|| {
        let mut all = files(IMAGE)
            .into_iter()
            .map(|file| serde_saphyr::from_str::<Value>(&file.text).unwrap());
        let integration = all.next().unwrap();
        (
            integration,
            all.map(|file| (file["name"].as_str().unwrap().to_owned(), file))
                .collect(),
        )
    });
    &DEFINITIONS
}

/// The variables of a form: what was typed in, else what the form fills in, else nothing in the given way.
fn variables(
    form: &[(String, Value)],
    typed: &[(&str, &str)],
    nothing: Option<&str>,
) -> Vec<(String, String)> {
    for (id, _) in typed {
        assert!(
            form.iter().any(|(field, _)| field == id),
            "the form has no field {id}"
        );
    }
    let value = |(id, field): &(String, Value)| {
        let typed = typed
            .iter()
            .find(|(name, _)| name == id)
            .map(|(_, value)| *value);
        if let (Some(values), Some(key)) = (field["values"].as_object(), typed) {
            assert!(
                values.contains_key(key) || key.is_empty(),
                "{key} is no choice of {id}"
            );
        }
        let value = typed.or_else(|| field["default"].as_str()).or(nothing)?;
        Some((id.clone(), value.to_owned()))
    };
    form.iter().filter_map(value).collect()
}

/// The platform, with one integration installed.
struct Host {
    sandbox: Sandbox,
    integration: Value,
    actions: &'static BTreeMap<String, Value>,
}

impl Host {
    fn start(options: Options) -> Self {
        let (integration, actions) = definitions();
        Self {
            sandbox: Sandbox::start(options).unwrap(),
            integration: integration.clone(),
            actions,
        }
    }

    /// The resource's variables, as an administrator fills in the form for the sandbox.
    fn resource(&self, nothing: Option<&str>) -> Vec<(String, String)> {
        let fields = self.integration["configuration"]["data_attributes"]
            .as_object()
            .unwrap();
        let form: Vec<(String, Value)> = fields
            .iter()
            .map(|(id, field)| (id.clone(), field.clone()))
            .collect();
        let known = self.sandbox.resource();
        let known: Vec<(&str, &str)> = [
            "token_url",
            "api_url",
            "client_id",
            "client_secret",
            "account_id",
        ]
        .map(|id| (id, known[id].as_str().unwrap()))
        .into();
        variables(&form, &known, nothing)
    }

    /// Presses a button: TEST without an action, TEST ACTION with one.
    fn press(&self, action: Option<&str>, typed: &[(&str, &str)], nothing: Option<&str>) -> Ran {
        let mut all = self.resource(nothing);
        let code = match action {
            None => &self.integration["script"]["test_connection_code"],
            Some(name) => {
                let fields = self.actions[name]["fields"].as_array().unwrap();
                let form: Vec<(String, Value)> = fields
                    .iter()
                    .map(|field| (field["id"].as_str().unwrap().to_owned(), field.clone()))
                    .collect();
                all.extend(variables(&form, typed, nothing));
                &self.actions[name]["script"]["code"]
            }
        };
        // The image has the program at a place of its own.
        let code = code
            .as_str()
            .unwrap()
            .replace(PROGRAM, env!("CARGO_BIN_EXE_zoom-runner"));
        let since = Instant::now();
        let output = Command::new("/bin/bash")
            .args(["-c", &code])
            .env_clear()
            .envs([
                ("PATH", "/usr/bin:/bin"),
                ("HOME", "/"),
                ("ZOOM_RUNNER_TOKEN_CACHE", "off"),
                ("IncmanParamIncidentId", "4711"),
            ])
            .envs(all)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ran {
            exit: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            took: since.elapsed(),
        }
    }
}

/// Returns the values at a path: every one that `[]` leads to. An error, with the way to there, where the path asks of a value
/// what it is not.
fn at<'a>(value: &'a Value, path: &str) -> Result<Vec<&'a Value>, (String, String)> {
    let mut found = vec![value];
    let mut before = Vec::new();
    for step in path.split('.') {
        let mut next = Vec::new();
        for value in found {
            match (step, value) {
                (_, Value::Null) => {}
                ("[]", Value::Array(items)) => next.extend(items),
                (key, Value::Object(map)) if key != "[]" => next.extend(map.get(key)),
                (step, other) => {
                    return Err((before.join("."), format!("{path}: {other} has no {step}")));
                }
            }
        }
        before.push(step);
        found = next;
    }
    Ok(found)
}

/// Looks up everything that the definition of `action` declares; answers with how many of its outputs were there.
fn look_up(definition: &Value, printed: &Value) -> usize {
    let paths = definition["output"]
        .as_array()
        .unwrap()
        .iter()
        .map(|output| output["path"].as_str().unwrap());
    let paths: Vec<&str> = paths.collect();
    let found = |path: &&&str| match at(printed, path) {
        Ok(found) => !found.is_empty(),
        // What Zoom documents as one and sends as a list has paths for both.
        Err((before, why)) => {
            let (one, many) = (format!("{before}."), format!("{before}.[]."));
            let both = paths.iter().any(|path| path.starts_with(&many))
                && paths
                    .iter()
                    .any(|path| path.starts_with(&one) && !path.starts_with(&many));
            assert!(both, "{why}");
            false
        }
    };
    let there = paths.iter().filter(found).count();
    for column in definition["table_view"].as_array().unwrap() {
        let cells = at(printed, column["value"].as_str().unwrap()).unwrap();
        assert!(
            !cells.is_empty(),
            "the column {} is empty: {printed}",
            column["display_name"]
        );
        assert!(
            cells.iter().all(|cell| !cell.is_object()),
            "{}: {cells:?}",
            column["display_name"]
        );
        if column["type"] == "link" {
            assert!(
                cells.iter().all(|cell| cell
                    .as_str()
                    .is_some_and(|link| link.starts_with("https://"))),
                "{cells:?}"
            );
        }
    }
    there
}

/// The texts that an analyst types into an action's form, and how many of the declared outputs have to be there. An action without
/// a row here is run as its fixture `success` was.
const SUCCESSES: &[(&str, &[(&str, &str)], usize)] = &[
    ("Activate User", &[("user_id", "inactive1@example.com")], 3),
    (
        "Assign Role",
        &[("user_id", "user2@example.com"), ("role", "help desk")],
        3,
    ),
    ("Deactivate User", &[("user_id", "user6@example.com")], 3),
    (
        "Delete Meeting Recordings",
        &[("meeting_id", "82345678901")],
        3,
    ),
    ("Delete User", &[("user_id", "user7@example.com")], 3),
    ("End Meeting", &[("meeting_id", "85746065432")], 3),
    ("Get Account Settings", &[], 3),
    ("Get Meeting", &[("meeting_id", "85746065432")], 10),
    (
        "Get Meeting Recordings",
        &[("meeting_id", "85746065432")],
        8,
    ),
    (
        "Get Recording Analytics",
        &[("meeting_id", "85746065432"), ("from", "2026-11-01")],
        2,
    ),
    (
        "List Dashboard Participants",
        &[("meeting_id", "85746065432"), ("type", "past")],
        8,
    ),
    ("List Operation Logs", &[("from", "2026-11-01")], 2),
    (
        "List Past Meeting Participants",
        &[("meeting_id", "85746065432")],
        5,
    ),
    ("List Role Members", &[], 5),
    ("List Sign In Activities", &[("from", "2026-11-01")], 2),
    (
        "List User Delegates",
        &[("user_id", "user4@example.com")],
        4,
    ),
    (
        "List User Recordings",
        &[("user_id", "jane@example.com"), ("from", "2026-11-01")],
        2,
    ),
    ("Recover Meeting", &[("meeting_id", "81234567890")], 3),
    (
        "Recover Meeting Recordings",
        &[("meeting_uuid", "kQx9vZ2yTsa4Wb7cD8eF1g==")],
        3,
    ),
    (
        "Remove User Delegate",
        &[
            ("user_id", "user4@example.com"),
            ("delegate", "user5@example.com"),
        ],
        3,
    ),
    (
        "Unassign Role",
        &[("user_id", "user4@example.com"), ("role", "Admin")],
        3,
    ),
    (
        "Delete Meeting",
        &[("meeting_id", "812 3456 7890"), ("end_if_live", "true")],
        6,
    ),
    (
        "Get Meeting Invitation",
        &[("meeting_id", "857-4606-5432")],
        8,
    ),
    ("Get User", &[("user_id", "jane@example.com")], 25),
    ("Get User Settings", &[("user_id", "jane@example.com")], 100),
    (
        "List Meetings",
        &[
            ("user_id", "jane@example.com"),
            ("type", "scheduled"),
            ("limit", "3"),
        ],
        14,
    ),
    (
        "List Users",
        &[("status", "all"), ("limit", "10"), ("page_size", "4")],
        20,
    ),
    (
        "Update Meeting",
        &[
            ("meeting_id", "85746065432"),
            ("topic", "Incident & more"),
            ("waiting_room", "true"),
            ("auto_recording", "value:none"),
            (
                "settings",
                "<p>{&quot;mute_upon_entry&quot;:<br>&nbsp;true}</p>",
            ),
        ],
        8,
    ),
    (
        "Update User",
        &[
            ("user_id", "user3@example.com"),
            ("dept", "Security"),
            ("use_pmi", "false"),
        ],
        8,
    ),
    (
        "Update User Settings",
        &[
            ("user_id", "jane@example.com"),
            ("remote_control", "false"),
            (
                "settings",
                "<p>{\"in_meeting\": {\"meeting_survey\": false}}</p>",
            ),
        ],
        8,
    ),
];

/// The parameters of the fixture `success`, as text.
fn kept(action: &str) -> Vec<(String, String)> {
    let id = action.to_lowercase().replace(' ', "_");
    let fixture = crate::fixtures::Fixture::named(&format!("{id}/success"));
    let request = fixture.request().unwrap();
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    request["parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(id, value)| (id.clone(), text(value)))
        .collect()
}

#[test]
fn platform_runs_every_action_and_finds_its_outputs() {
    let (_, actions) = definitions();
    for (action, _, _) in SUCCESSES {
        assert!(actions.contains_key(*action), "{action} is no action");
    }
    for nothing in NOTHING {
        let host = Host::start(Options::default());
        for action in actions.keys() {
            let row = SUCCESSES.iter().find(|(name, _, _)| name == action);
            let kept = kept(action);
            let kept: Vec<(&str, &str)> = kept
                .iter()
                .map(|(id, value)| (id.as_str(), value.as_str()))
                .collect();
            let (typed, outputs) = row.map_or((kept.as_slice(), 1), |(_, typed, outputs)| {
                (typed, *outputs)
            });
            let ran = host.press(Some(action), typed, nothing);
            assert_eq!(
                ran.exit, 0,
                "{action} with {nothing:?}: {ran:?}; the sandbox has to know what the fixture asks for, or give the action a row in SUCCESSES"
            );
            let there = look_up(&host.actions[action], &ran.envelope());
            assert!(
                there >= outputs,
                "{action}: only {there} of its outputs are there: {}",
                ran.stdout
            );
        }
    }
}

#[test]
fn test_button_tells_good_resources_from_bad_ones() {
    for nothing in NOTHING {
        let ran = Host::start(Options::default()).press(None, &[], nothing);
        assert_eq!(ran.envelope()["data"]["token"], "ok");
    }
    let mut host = Host::start(Options::default());
    host.integration["configuration"]["data_attributes"]["verify_certificate"]["default"] =
        Value::from("maybe");
    let ran = host.press(None, &[], Some(""));
    assert_eq!(ran.exit, 2);
    assert!(
        line(&ran).starts_with("Verify Server Certificate (verify_certificate) must be Yes or No")
    );
}

/// Wrong texts of an analyst, and the line that comes of each. In an action without a row here nothing is typed.
const FAILURES: &[(&str, &[(&str, &str)], i32, &str)] = &[
    (
        "List Apps",
        &[("limit", "some")],
        2,
        "Limit (limit) must be",
    ),
    (
        "List Live Meetings",
        &[("limit", "0")],
        2,
        "Limit (limit) must be",
    ),
    (
        "List Role Members",
        &[("role", "Auditor")],
        1,
        "Zoom has no role \"Auditor\" among the roles",
    ),
    (
        "Delete Meeting",
        &[("meeting_id", "81234567890")],
        1,
        "Zoom can't do this to meeting 81234567890 now",
    ),
    (
        "Get Meeting Invitation",
        &[("meeting_id", "abc")],
        2,
        "Meeting ID (meeting_id) must be a meeting's number",
    ),
    (
        "Get User",
        &[("user_id", "nobody@example.com")],
        1,
        "Zoom has no user nobody@example.com in this account.",
    ),
    (
        "Get User Settings",
        &[],
        2,
        "User ID or Email (user_id) is missing or blank.",
    ),
    (
        "List Meetings",
        &[("user_id", "jane@example.com"), ("from", "yesterday")],
        2,
        "From (from) must be a day",
    ),
    (
        "List Users",
        &[("limit", "many")],
        2,
        "Limit (limit) must be a whole number of at least 1, not \"many\".",
    ),
    (
        "Update Meeting",
        &[("meeting_id", "85746065432"), ("settings", "<p>{</p>")],
        2,
        "Settings (settings) must be the JSON text of an object",
    ),
    (
        "Update User",
        &[("user_id", "jane@example.com")],
        2,
        "There is nothing to change",
    ),
    (
        "Update User Settings",
        &[("user_id", "jane@example.com"), ("file_transfer", "false")],
        1,
        "Zoom accepted the change of the settings of user jane@example.com, but these fields are not as requested: in_meeting.file_transfer.",
    ),
];

#[test]
fn failures_are_one_line_that_an_analyst_understands() {
    let (_, actions) = definitions();
    for (action, ..) in FAILURES {
        assert!(actions.contains_key(*action), "{action} is no action");
    }
    let host = Host::start(Options::default());
    // Get Account Settings needs nothing, and a list holds all its choices.
    for action in actions
        .keys()
        .filter(|action| *action != "Get Account Settings")
    {
        let row = FAILURES.iter().find(|row| row.0 == action);
        let (typed, exit, said) = row.map_or((&[][..], 2, " is missing or blank."), |row| {
            (row.1, row.2, row.3)
        });
        let ran = host.press(Some(action), typed, Some(""));
        assert_eq!(
            ran.exit, exit,
            "{action}: {ran:?}; an action that needs nothing has a row in FAILURES"
        );
        let is_said = if row.is_some() {
            line(&ran).starts_with(said)
        } else {
            line(&ran).contains(said)
        };
        assert!(is_said, "{action}: {}", line(&ran));
        assert!(!ran.stderr.contains('`'), "{action}: {}", ran.stderr);
    }
}

#[test]
fn missing_scope_is_named_with_what_to_do() {
    let host = Host::start(Options {
        granted_scopes: Some("user:read:user:admin".into()),
        ..Options::default()
    });
    let ran = host.press(Some("List Users"), &[], None);
    assert_eq!(ran.exit, 1);
    let line = line(&ran);
    assert!(
        line.contains("user:read:list_users:admin") && line.contains("Add the scope"),
        "{line}"
    );
    let all = zoom_runner::actions::ACTIONS.iter();
    let count = all.filter(|entry| !entry.routes.is_empty()).count();
    let told = format!("1 of {count} actions are ready");
    assert!(
        host.press(None, &[], None).envelope()["message"]
            .as_str()
            .unwrap()
            .contains(&told),
        "{told}"
    );
}

#[test]
fn refused_secret_is_not_repeated() {
    let mut host = Host::start(Options::default());
    let fields = &mut host.integration["configuration"]["data_attributes"];
    assert_eq!(fields["client_secret"]["type"], "password");
    let mut all = host.resource(None);
    all.retain(|(id, _)| id != "client_secret");
    all.push(("client_secret".into(), "wrong-secret-0123".into()));
    let ran = crate::oif::oif(&["test"], &all);
    assert_eq!(ran.exit, 1);
    assert!(
        line(&ran).ends_with("(unauthorized)") && !ran.stderr.contains("wrong-secret"),
        "{ran:?}"
    );
}
