//! `make demo`: contains a compromised user step by step, as a playbook would, against the sandbox. Begin with [`STORY`].
//! `VERBOSE=1` shows each request and envelope. Ends with 1 when a step ends otherwise than the story says.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a program for people to look at"
)]

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use zoom_runner::sandbox::{Options, Sandbox};

/// A step of the story.
struct Step {
    /// The reason for it.
    why: &'static str,
    /// The action.
    action: &'static str,
    /// Its parameters, from the answers of the steps before.
    parameters: fn(&[Value]) -> Value,
    /// The code that it ends with; none for a success.
    code: Option<&'static str>,
    /// The lines to show of its answer.
    show: fn(&Value) -> Vec<String>,
}

const USER: &str = "user4@example.com";

/// A compromised user is looked up, put out of the running meeting, and held back by settings.
const STORY: [Step; 6] = [
    Step {
        why: "Who is it?",
        action: "get_user",
        parameters: |_| json!({"user_id": USER}),
        code: None,
        show: |data| {
            let field = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
            vec![format!(
                "{}, {}, role {}",
                field("display_name"),
                field("dept"),
                field("role_name")
            )]
        },
    },
    Step {
        why: "Which meetings of the user run now?",
        action: "list_meetings",
        parameters: |_| json!({"user_id": USER, "type": "live"}),
        code: None,
        show: |data| {
            let meetings = data["meetings"].as_array().into_iter().flatten();
            meetings
                .map(|meeting| format!("{} {}", meeting["id"], meeting["topic"]))
                .collect()
        },
    },
    Step {
        why: "What would ending and deleting it send? A dry run for the approval.",
        action: "delete_meeting",
        parameters: |answers| {
            let id = &answers[1]["data"]["meetings"][0]["id"];
            json!({"meeting_id": id, "end_if_live": true, "dry_run": true})
        },
        code: None,
        show: |data| {
            let request = &data["request"];
            let url = request["url"].as_str().unwrap_or_default();
            let path = url.split_once("/v2/").map_or(url, |(_, path)| path);
            vec![format!(
                "{} /v2/{path}",
                request["method"].as_str().unwrap_or_default()
            )]
        },
    },
    Step {
        why: "Approved: end it for everybody, and delete it.",
        action: "delete_meeting",
        parameters: |answers| {
            let id = &answers[1]["data"]["meetings"][0]["id"];
            json!({"meeting_id": id, "end_if_live": true})
        },
        code: None,
        show: |data| vec![format!("undone by: {}", data["rollback"])],
    },
    Step {
        why: "Hold the user back: four settings, of which the account has locked two.",
        action: "update_user_settings",
        parameters: |_| json!({"user_id": USER, "waiting_room": true, "join_before_host": false, "file_transfer": false, "local_recording": false}),
        code: Some("not_applied"),
        show: |data| {
            let changes = data["changes"].as_array().into_iter().flatten();
            let line = |change: &Value| {
                let mark = if change["applied"] == true {
                    "applied    "
                } else {
                    "NOT applied"
                };
                let field = change["field"].as_str().unwrap_or_default();
                format!(
                    "{mark} {field}: {} -> {}",
                    change["before"], change["after"]
                )
            };
            changes.map(line).collect()
        },
    },
    Step {
        why: "The case is closed: undo what was applied.",
        action: "roll_back",
        parameters: |answers| json!({"rollback": answers[4]["data"]["rollback"]}),
        code: None,
        show: |data| {
            let changes = data["changes"].as_array().into_iter().flatten();
            changes
                .map(|change| {
                    format!(
                        "{}: {} -> {}",
                        change["field"].as_str().unwrap_or_default(),
                        change["before"],
                        change["after"]
                    )
                })
                .collect()
        },
    },
];

fn main() -> Result<ExitCode> {
    let sandbox = Sandbox::start(Options::default()).context("the sandbox does not start")?;
    let is_verbose = std::env::var_os("VERBOSE").is_some_and(|value| !value.is_empty());
    println!("A playbook contains {USER}, whose account was taken over. The sandbox answers.");

    let mut answers: Vec<Value> = Vec::new();
    let mut table = Vec::new();
    let mut is_as_told = true;
    for (number, step) in STORY.iter().enumerate() {
        let parameters = (step.parameters)(&answers);
        let request = json!({"action": step.action, "parameters": parameters, "resource": sandbox.resource()});
        let (envelope, exit) = run(&request)?;
        println!("\n{}. {}", number + 1, step.why);
        if is_verbose {
            println!(
                "request:\n{:#}\nenvelope (exit {exit}):\n{envelope:#}",
                without_credentials(&request)
            );
        }

        println!("   {}", envelope["message"].as_str().unwrap_or_default());
        for line in (step.show)(&envelope["data"]) {
            println!("   {line}");
        }
        is_as_told &= envelope["error"]["code"].as_str() == step.code;
        let meta = &envelope["meta"];
        table.push(format!(
            "{}  {:<21} {:<12} {:>8} {:>5}",
            number + 1,
            step.action,
            envelope["error"]["code"].as_str().unwrap_or("success"),
            meta["requests"].to_string(),
            meta["duration_ms"].to_string(),
        ));
        answers.push(envelope);
    }

    println!(
        "\n#  {:<21} {:<12} {:>8} {:>5}",
        "action", "result", "requests", "ms"
    );
    for row in table {
        println!("{row}");
    }
    Ok(if is_as_told {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the program as a platform does: answers with the envelope and the exit code.
fn run(request: &Value) -> Result<(Value, i32)> {
    let example = std::env::current_exe()?;
    let directory = example.parent().and_then(|examples| examples.parent());
    let directory = directory.context("no target directory")?;
    let program = directory.join(format!("zoom-runner{}", std::env::consts::EXE_SUFFIX));

    let mut child = Command::new(&program)
        .env("ZOOM_RUNNER_TOKEN_CACHE", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} is not built", program.display()))?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    stdin.write_all(request.to_string().as_bytes())?;
    drop(stdin);

    let output = child.wait_with_output()?;
    let exit = output.status.code().unwrap_or(-1);
    Ok((serde_json::from_slice(&output.stdout)?, exit))
}

fn without_credentials(request: &Value) -> Value {
    let mut request = request.clone();
    if let Some(secret) = request.pointer_mut("/resource/client_secret") {
        *secret = json!("...");
    }
    request
}
