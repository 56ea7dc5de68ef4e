//! `make demo`: the nine actions and Test, each as a request on stdin and an envelope on stdout, answered over real HTTP
//! by one sandbox. Ends with 1 when any of them failed.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a program for people to look at"
)]

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use zoom_runner::actions;
use zoom_runner::sandbox::{Options, Sandbox};

fn main() -> Result<ExitCode> {
    let sandbox = Sandbox::start(Options::default()).context("the sandbox does not start")?;
    let mut failed = Vec::new();
    for entry in actions::all() {
        let request = json!({"action": entry.id, "parameters": parameters(entry.id), "resource": sandbox.resource()});
        println!(
            "\n==== {} ({}): {}\n",
            entry.title,
            entry.kind.name(),
            entry.description()
        );
        println!("request:\n{}\n", pretty(&without_credentials(&request)));
        let (envelope, exit) = run(&request)?;
        println!("envelope (exit {exit}):\n{}", pretty(&envelope));
        if exit != 0 || envelope["status"] != "success" {
            failed.push(entry.id);
        }
    }
    println!(
        "\n{} of {} succeeded.",
        actions::all().count() - failed.len(),
        actions::all().count()
    );
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("Failed: {}.", failed.join(", "));
    Ok(ExitCode::FAILURE)
}

/// What the demo asks of each action.
fn parameters(action: &str) -> Value {
    match action {
        "delete_meeting" => json!({"meeting_id": "812 3456 7890", "end_if_live": true}),
        "get_meeting_invitation" => json!({"meeting_id": 85_746_065_432_u64}),
        "get_user" => json!({"user_id": "jane@example.com"}),
        "get_user_settings" => {
            json!({"user_id": "jane@example.com", "custom_query_fields": "waiting_room,file_transfer,cloud_recording"})
        }
        "list_meetings" => json!({"user_id": "jane@example.com", "limit": 2}),
        "list_users" => json!({"status": "all", "limit": 2}),
        "update_meeting" => {
            json!({"meeting_id": 85_746_065_432_u64, "topic": "Incident 4711", "password": "n3wPass", "mute_upon_entry": true})
        }
        "update_user" => {
            json!({"user_id": "user3@example.com", "dept": "Security", "timezone": "Europe/Paris"})
        }
        "update_user_settings" => {
            json!({"user_id": "jane@example.com", "remote_control": false, "settings": {"in_meeting": {"meeting_survey": false}}})
        }
        _ => kept(action),
    }
}

/// What the action's fixture `success` asks for; nothing where there is none.
fn kept(action: &str) -> Value {
    let path = format!(
        "{}/tests/fixtures/{action}/success.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let fixture = std::fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    fixture
        .and_then(|fixture| fixture.pointer("/request/parameters").cloned())
        .unwrap_or_else(|| json!({}))
}

/// Runs the program as a platform does.
fn run(request: &Value) -> Result<(Value, i32)> {
    let program = std::env::current_exe()?;
    let program = program
        .parent()
        .and_then(|examples| examples.parent())
        .context("no target directory")?;
    let program = program.join(format!("zoom-runner{}", std::env::consts::EXE_SUFFIX));
    let mut child = Command::new(&program)
        .env("ZOOM_RUNNER_TOKEN_CACHE", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} is not built", program.display()))?;
    child
        .stdin
        .take()
        .context("no stdin")?
        .write_all(request.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    Ok((
        serde_json::from_slice(&output.stdout)?,
        output.status.code().unwrap_or(-1),
    ))
}

fn without_credentials(request: &Value) -> Value {
    let mut request = request.clone();
    if let Some(secret) = request.pointer_mut("/resource/client_secret") {
        *secret = json!("...");
    }
    request
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
