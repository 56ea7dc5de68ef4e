//! Streams and signals as hosts hand them over: blocked signals, an open stdin, an output that nobody takes.

use crate::fixtures::Scratch;
use crate::harness::{Answer, Ran, Zoom, program, start, wait};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A Zoom that answers reads at once and takes changes.
fn zoom() -> Zoom {
    Zoom::start(|asked, _| {
        if asked.what().starts_with("GET") {
            Answer::json(200, &json!({"id": "u"}))
        } else {
            Answer::none(204)
        }
    })
}

/// A Zoom that never answers in time.
fn slow_zoom() -> Zoom {
    Zoom::start(|_, _| Answer::json(200, &json!({"id": "u"})).after(Duration::from_secs(20)))
}

fn request(zoom: &Zoom, action: &str, parameters: Value) -> Vec<u8> {
    json!({"action": action, "parameters": parameters, "resource": zoom.resource()})
        .to_string()
        .into_bytes()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

fn ends_cancelled(ran: &Ran) {
    assert_eq!(ran.code(), "cancelled");
    assert!(ran.took < Duration::from_secs(3), "{:?}", ran.took);
}

#[test]
fn sighup_ends_a_run_with_an_envelope() {
    let zoom = slow_zoom();
    let since = Instant::now();
    let child = start(
        program(),
        &request(&zoom, "get_user", json!({"user_id": "u"})),
    );
    std::thread::sleep(Duration::from_millis(400));
    signal(&child, Signal::SIGHUP);
    ends_cancelled(&wait(child, since));
}

#[test]
fn signals_that_the_parent_blocked_end_a_run_all_the_same() {
    let zoom = slow_zoom();
    let since = Instant::now();
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGTERM);
    // A child has the mask of the thread that starts it.
    blocked.thread_block().unwrap();
    let child = start(
        program(),
        &request(&zoom, "get_user", json!({"user_id": "u"})),
    );
    blocked.thread_unblock().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    signal(&child, Signal::SIGTERM);
    ends_cancelled(&wait(child, since));
}

#[test]
fn doctor_ends_by_a_signal_while_it_waits_for_stdin() {
    let since = Instant::now();
    let mut command = program();
    command.arg("doctor");
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take();
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, Signal::SIGTERM);
    let ran = wait(child, since);
    assert_eq!(ran.exit, 75);
    assert!(ran.took < Duration::from_secs(3), "{:?}", ran.took);
    drop(stdin);
}

#[test]
fn signal_ends_a_command_that_waits_for_a_file() {
    let scratch = Scratch::new("pipe");
    let pipe = scratch.0.join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let pipe = pipe.to_str().unwrap();
    for arguments in [
        &["batch", "--resource", pipe][..],
        &["batch", "--skip-done", pipe],
        &["run", "test", "--resource", pipe],
        &["replay", pipe],
    ] {
        let since = Instant::now();
        let mut command = program();
        command.args(arguments);
        let child = start(command, b"");
        std::thread::sleep(Duration::from_millis(300));
        signal(&child, Signal::SIGTERM);
        let ran = wait(child, since);
        assert_eq!(ran.exit, 75, "{arguments:?}: {}", ran.stderr);
        assert!(ran.took < Duration::from_secs(3), "{:?}", ran.took);
    }
}

#[test]
fn request_is_answered_though_stdin_is_never_closed() {
    let zoom = zoom();
    let since = Instant::now();
    let mut child = program().spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(&request(&zoom, "get_user", json!({"user_id": "u"})))
        .unwrap();
    stdin.write_all(b"\n").unwrap();
    let ran = wait(child, since);
    assert_eq!(ran.code(), "success");
    assert!(
        ran.took > Duration::from_millis(1900) && ran.took < Duration::from_secs(6),
        "{:?}",
        ran.took
    );
    drop(stdin);
}

#[test]
fn stdin_that_is_a_directory_is_told() {
    let mut command = program();
    command.stdin(File::open("/tmp").unwrap());
    let ran = wait(command.spawn().unwrap(), Instant::now());
    assert_eq!(ran.code(), "invalid_request");
    let envelope = ran.envelope();
    let message = envelope["message"].as_str().unwrap();
    assert!(message.contains("directory"), "{message}");
}

/// Runs a request whose answer goes to `/dev/full`.
fn into_full(mut command: Command, input: &[u8]) -> Ran {
    let full = File::options().write(true).open("/dev/full").unwrap();
    command.stdout(full);
    wait(start(command, input), Instant::now())
}

#[test]
fn full_stdout_is_told_with_the_truth_about_the_change() {
    let zoom = zoom();
    let change = request(
        &zoom,
        "update_user",
        json!({"user_id": "u", "first_name": "A", "verify": false}),
    );
    let ran = into_full(program(), &change);
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("change was made") && ran.stderr.contains("No space left"),
        "{}",
        ran.stderr
    );

    let read = request(&zoom, "get_user", json!({"user_id": "u"}));
    let ran = into_full(program(), &read);
    assert_eq!(ran.exit, 75);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);

    let mut version = program();
    version.arg("--version");
    assert_ne!(into_full(version, b"").exit, 0);
}

/// Runs the program with `arguments` by a shell that redirects its streams as `redirection` says.
fn redirected(redirection: &str, arguments: &[&str], input: &[u8]) -> Ran {
    let inner = program();
    let mut command = Command::new("sh");
    let script = format!("exec \"$0\" \"$@\" {redirection}");
    command.arg("-c").arg(script).arg(inner.get_program());
    command.args(arguments);
    command.env_clear();
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    wait(start(command, input), Instant::now())
}

#[test]
fn closed_stdout_loses_the_success_of_every_command() {
    let zoom = zoom();
    let change = request(
        &zoom,
        "update_user",
        json!({"user_id": "u", "first_name": "A", "verify": false}),
    );
    let read = request(&zoom, "get_user", json!({"user_id": "u"}));
    // A stdout that is open for reading only takes nothing either.
    for redirection in [">&-", "1</dev/null"] {
        for (arguments, input, exit, words) in [
            (&[][..], &change[..], 1, "change was made"),
            (&[], &read, 75, "it is closed"),
            (&["batch"], &read, 1, "it is closed"),
            (&["explain", "timeout"], b"", 1, "it is closed"),
            (&["--version"], b"", 1, "it is closed"),
            (&["batch", "--help"], b"", 1, "it is closed"),
        ] {
            let ran = redirected(redirection, arguments, input);
            let stderr = &ran.stderr;
            assert_eq!(ran.exit, exit, "{arguments:?} {redirection}: {stderr}");
            assert!(stderr.contains(words), "{arguments:?}: {stderr}");
            assert_eq!(stderr.lines().count(), 1, "{arguments:?}: {stderr}");
        }
    }
}

#[test]
fn dev_null_takes_the_answer_however_it_was_opened() {
    let zoom = zoom();
    let read = request(&zoom, "get_user", json!({"user_id": "u"}));
    for redirection in [">/dev/null", "1<>/dev/null"] {
        let ran = redirected(redirection, &[], &read);
        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{redirection}");
    }
}

#[test]
fn closed_stdin_is_no_request_and_no_line() {
    let ran = redirected("<&-", &[], b"");
    assert_eq!(ran.code(), "invalid_request");
    let ran = redirected("<&-", &["batch"], b"");
    assert_eq!((ran.exit, ran.stdout.as_str()), (0, ""));
}

#[test]
fn description_that_cannot_be_written_is_a_failure_and_no_wrong_argument() {
    for arguments in [
        &["schema", "request"][..],
        &["explain"],
        &["actions"],
        &["man"],
        &["--help"],
    ] {
        let mut command = program();
        command.args(arguments);
        let ran = into_full(command, b"");
        assert_eq!(ran.exit, 1, "{arguments:?}");
        assert!(ran.stderr.contains("No space left"), "{}", ran.stderr);
    }
}

#[test]
fn run_ends_by_its_timeout_though_nobody_reads_its_answer() {
    let users: Vec<Value> = (0..2000)
        .map(|number| json!({"id": number, "email": "somebody.with.a.long.name@example.com"}))
        .collect();
    let zoom = Zoom::start(move |_, _| {
        Answer::json(
            200,
            &json!({"users": users, "total_records": 2000, "next_page_token": ""}),
        )
    });
    let mut resource = zoom.resource();
    resource["timeout"] = json!(1);
    let all = json!({"action": "list_users", "resource": resource});
    for arguments in [&[][..], &["oif", "list_users"][..]] {
        let mut command = program();
        command.args(arguments);
        for (name, value) in resource.as_object().unwrap() {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            command.env(name, text);
        }
        let since = Instant::now();
        let mut child = start(command, all.to_string().as_bytes());
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(since.elapsed() < Duration::from_secs(6), "{arguments:?}");
            std::thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(ended.code(), Some(75), "{arguments:?}");
        let ran = wait(child, since);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
}

#[test]
fn batch_ends_by_a_second_signal_though_nobody_reads_its_answers() {
    let zoom = Zoom::start(|_, _| Answer::json(200, &json!({"id": "u", "x": "y".repeat(100_000)})));
    let line = request(&zoom, "get_user", json!({"user_id": "u"}));
    let input = [line, b"\n".to_vec()].concat().repeat(10);
    for arguments in [&["batch"][..], &["batch", "--ordered"][..]] {
        let mut command = program();
        command.args(arguments);
        let since = Instant::now();
        let mut child = start(command, &input);
        std::thread::sleep(Duration::from_millis(700));
        signal(&child, Signal::SIGTERM);
        std::thread::sleep(Duration::from_millis(300));
        signal(&child, Signal::SIGTERM);
        while child.try_wait().unwrap().is_none() {
            assert!(since.elapsed() < Duration::from_secs(8), "{arguments:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }
}

#[test]
fn run_takes_its_request_from_words() {
    let mut command = program();
    command.args(["run", "list_users", "limit=2", "--sandbox"]);
    let ran = wait(command.spawn().unwrap(), Instant::now());
    assert_eq!(ran.code(), "success");
    assert_eq!(ran.envelope()["data"]["count"], 2);
    assert_eq!(ran.stderr, "");

    let zoom = zoom();
    let resource = zoom.resource();
    let mut command = program();
    command.args(["run", "Get User", "user_id=u", "--resource-env"]);
    for (name, value) in resource.as_object().unwrap() {
        if let Some(text) = value.as_str() {
            command.env(format!("ZOOM_{}", name.to_uppercase()), text);
        }
    }
    let ran = wait(command.spawn().unwrap(), Instant::now());
    assert_eq!(ran.code(), "success");

    let mut command = program();
    command.args(["run", "get_user", "user_id=u", "client_secret=hunter22"]);
    let ran = wait(command.spawn().unwrap(), Instant::now());
    assert_eq!(ran.code(), "invalid_parameters");
    assert!(!ran.stdout.contains("hunter22"));
}

#[test]
fn run_names_the_action_in_the_hint_about_a_parameter_given_twice() {
    let mut command = program();
    command.args(["run", "get_user", "user_id=a", "user_id=b"]);
    let ran = wait(start(command, b""), Instant::now());
    assert_eq!(ran.code(), "invalid_parameters");
    let hint = ran.envelope()["error"]["hint"].to_string();
    assert!(hint.contains("zoom-runner actions get_user`"), "{hint}");
}

#[test]
fn placeholder_is_refused_by_name_and_filled_where_asked() {
    let zoom = zoom();
    let mut resource = zoom.resource();
    let secret = resource["client_secret"].clone();
    resource["client_secret"] = json!("$client_secret");
    let request =
        json!({"action": "get_user", "parameters": {"user_id": "u"}, "resource": resource});
    let ran = wait(
        start(program(), request.to_string().as_bytes()),
        Instant::now(),
    );
    assert_eq!(ran.code(), "invalid_resource");
    assert_eq!(ran.envelope()["error"]["field"], "client_secret");
    assert!(ran.stdout.contains("--secrets-from-env"));

    let file = Scratch::new("placeholders");
    let path = file.0.join("resource.json");
    std::fs::write(&path, resource.to_string()).unwrap();
    let path = path.to_str().unwrap();
    let bare = r#"{"action":"get_user","parameters":{"user_id":"u"}}"#;
    let whole = request.to_string();
    for (arguments, input, refusal) in [
        (&["batch"][..], whole.as_str(), 1),
        (&["batch", "--resource", path], bare, 2),
        (&["run", "get_user", "user_id=u", "--resource", path], "", 2),
        (&["doctor"], whole.as_str(), 2),
        (&["mcp", "--resource", path], "", 2),
    ] {
        let mut command = program();
        command.args(arguments);
        let ran = wait(start(command, input.as_bytes()), Instant::now());
        assert_eq!(ran.exit, refusal, "{arguments:?}: {}", ran.stderr);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(told.contains("client_secret"), "{arguments:?}: {told}");

        let mut command = program();
        command.args(arguments).arg("--secrets-from-env");
        command.env("client_secret", secret.as_str().unwrap());
        let ran = wait(start(command, input.as_bytes()), Instant::now());
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            ran.exit == 0 || arguments == ["doctor"],
            "{arguments:?}: {told}"
        );
        assert!(!told.contains("placeholder"), "{arguments:?}: {told}");
    }

    let oif = |arguments: &[&str]| {
        let mut command = program();
        command.args(["oif", "get_user"]).args(arguments);
        for (name, value) in resource.as_object().unwrap() {
            command.env(name, value.to_string().trim_matches('"'));
        }
        command.env("client_secret", "$OTHER").env("user_id", "u");
        command.env("OTHER", secret.as_str().unwrap());
        wait(start(command, b""), Instant::now())
    };
    let refused = oif(&[]);
    assert_eq!(refused.exit, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("$OTHER"), "{}", refused.stderr);
    assert_eq!(oif(&["--secrets-from-env"]).exit, 0);

    let mut command = program();
    command.args(["explain", "conflict", "--secrets-from-env"]);
    assert_eq!(wait(start(command, b""), Instant::now()).exit, 2);
}

#[test]
fn sandbox_answers_a_batch() {
    let mut command = program();
    command.args(["batch", "--sandbox"]);
    let ran = wait(
        start(command, b"{\"action\":\"list_users\",\"id\":1}\n"),
        Instant::now(),
    );
    assert_eq!(ran.code(), "success");
    assert_eq!(ran.envelope()["meta"]["sandbox"], true);

    let mut command = program();
    command.args(["schema", "request", "--sandbox"]);
    let ran = wait(command.spawn().unwrap(), Instant::now());
    assert_eq!(ran.exit, 2);
}

#[test]
fn file_size_limit_leaves_an_envelope() {
    let zoom = zoom();
    let cache = std::env::temp_dir().join(format!("zoom-runner-limit-{}", std::process::id()));
    std::fs::create_dir_all(&cache).unwrap();
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "ulimit -f 0; exec \"$0\"",
            env!("CARGO_BIN_EXE_zoom-runner"),
        ])
        .env_clear()
        .env("ZOOM_RUNNER_TOKEN_CACHE", cache.join("tokens"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let request = request(&zoom, "get_user", json!({"user_id": "u"}));
    let ran = wait(start(command, &request), Instant::now());
    std::fs::remove_dir_all(&cache).unwrap();
    assert_eq!(ran.code(), "success");
}

#[test]
fn bash_completes_options_and_names_behind_a_command() {
    let mut command = program();
    command.args(["completions", "bash"]);
    let script = wait(command.spawn().unwrap(), Instant::now()).stdout;
    for (words, current, previous, wanted) in [
        ("zoom-runner sandbox --p", "--p", "sandbox", "--port"),
        (
            "zoom-runner oif get_user_s",
            "get_user_s",
            "oif",
            "get_user_settings",
        ),
        (
            "zoom-runner explain missing",
            "missing",
            "explain",
            "missing_scope",
        ),
        (
            "zoom-runner schema get_user.i",
            "get_user.i",
            "schema",
            "get_user.input",
        ),
        ("zoom-runner rep", "rep", "zoom-runner", "replay"),
    ] {
        let last = words.split(' ').count() - 1;
        let test = format!(
            "COMP_WORDS=({words}); COMP_CWORD={last}\n_zoom__runner zoom-runner {current} {previous}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let mut bash = Command::new("bash");
        bash.stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let ran = wait(
            start(bash, format!("{script}\n{test}\n").as_bytes()),
            Instant::now(),
        );
        assert!(ran.stdout.contains(wanted), "{words}: {ran:?}");
    }
    assert!(!script.contains("generate)"), "a hidden command is offered");
}

/// What each shell's completions are to offer for a line, and what not.
const COMPLETED: [(&str, &str, &str); 6] = [
    ("zoom-runner rep", "replay", "generate"),
    (
        "zoom-runner run get_user_s",
        "get_user_settings",
        "get_meeting",
    ),
    ("zoom-runner explain missing", "missing_scope", "conflict"),
    (
        "zoom-runner schema get_user.i",
        "get_user.input",
        "get_user.output",
    ),
    ("zoom-runner batch --pla", "--plan", "--workers"),
    ("zoom-runner explain --", "--help", "--sandbox"),
];

#[test]
#[ignore = "needs fish"]
fn fish_completes_options_and_names_behind_a_command() {
    let mut command = program();
    command.args(["completions", "fish"]);
    let script = wait(command.spawn().unwrap(), Instant::now()).stdout;
    for (line, wanted, unwanted) in COMPLETED {
        let mut fish = Command::new("fish");
        fish.arg("--no-config")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let input = format!("{script}\ncomplete -C '{line}'\n");
        let ran = wait(start(fish, input.as_bytes()), Instant::now());
        assert!(ran.stdout.contains(wanted), "{line}: {ran:?}");
        assert!(!ran.stdout.contains(unwanted), "{line}: {ran:?}");
    }
}

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_options_and_names_behind_a_command() {
    let scratch = Scratch::new("zsh");
    let mut command = program();
    command.args(["completions", "zsh"]);
    let script = wait(command.spawn().unwrap(), Instant::now()).stdout;
    std::fs::write(scratch.0.join("_zoom-runner"), script).unwrap();
    for (line, wanted, unwanted) in COMPLETED {
        // A shell completes at a terminal only: zpty gives it one, and the tab is typed there once it is ready.
        let input = format!(
            "zmodload zsh/zpty; zpty shell zsh -f -i\n\
             zpty -w shell 'fpath=({} $fpath); autoload -U compinit; compinit -u -D; PROMPT=$((40+2))'\n\
             zpty -r shell line '*42*'\n\
             zpty -w -n shell $'{line}\\t\\t'; sleep 1\n\
             while zpty -r -t shell line; do print -r -- $line; done\n",
            scratch.0.display()
        );
        let mut zsh = Command::new("zsh");
        zsh.arg("-f")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let ran = wait(start(zsh, input.as_bytes()), Instant::now());
        assert!(ran.stdout.contains(wanted), "{line}: {ran:?}");
        assert!(!ran.stdout.contains(unwanted), "{line}: {ran:?}");
    }
}
