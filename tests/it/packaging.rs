//! The packages for other hosts: the StackStorm pack, the wheel, the npm packages. Each is installed and run as its users
//! do, against the sandbox.

use crate::catalog::root;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zoom_runner::sandbox::{Options, Sandbox};

const PACK: &str = "packaging/stackstorm";

/// An empty directory that is removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("zoom-runner-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a command that must succeed; returns its stdout.
fn run(command: &mut Command) -> String {
    let output: Output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Makes a package of the program under test. A cargo that is up may hold the build's lock, so that nothing is built.
fn make(target: &str, out: &Path) -> Vec<PathBuf> {
    // Without what a debugger reads: a package of it would be ten times as large.
    let program = out.join("program");
    run(Command::new("strip")
        .arg("-o")
        .arg(&program)
        .arg(env!("CARGO_BIN_EXE_zoom-runner")));
    run(Command::new("make")
        .current_dir(root())
        .arg(target)
        .arg(format!("BINARY={}", program.display()))
        .arg(format!("OUT={}", out.display())));

    let files = std::fs::read_dir(out).unwrap().flatten();
    files.map(|file| file.path()).collect()
}

fn with_end(files: &[PathBuf], end: &str) -> Vec<PathBuf> {
    let ends = |file: &&PathBuf| file.to_string_lossy().ends_with(end);
    files.iter().filter(ends).cloned().collect()
}

/// Runs an installed program: its version, an action, and a refusal, whose exit code must come through.
fn try_out(mut program: impl FnMut() -> Command) {
    let version = run(program().arg("--version"));
    assert_eq!(
        version.trim(),
        format!("zoom-runner {}", env!("CARGO_PKG_VERSION"))
    );

    let words = ["run", "get_user", "user_id=jane@example.com", "--sandbox"];
    let envelope: Value = serde_json::from_str(&run(program().args(words))).unwrap();
    assert_eq!(envelope["data"]["email"], "jane@example.com");

    let refused = program()
        .args(["run", "get_usr", "--sandbox"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
#[ignore = "needs python3 with venv, and strip"]
fn wheel_puts_the_program_on_the_path() {
    let scratch = Scratch::new("wheel");
    let wheels = with_end(&make("wheel", &scratch.0), ".whl");
    let [wheel] = wheels.as_slice() else {
        panic!("{wheels:?}")
    };

    let venv = scratch.0.join("venv");
    run(Command::new("python3").args(["-m", "venv"]).arg(&venv));
    run(Command::new(venv.join("bin/python3"))
        .args(["-m", "pip", "install", "--quiet", "--no-index"])
        .arg(wheel));
    try_out(|| Command::new(venv.join("bin/zoom-runner")));
}

#[test]
#[ignore = "needs npm and strip"]
fn npm_packages_install_and_run_the_program() {
    let scratch = Scratch::new("npm");
    let tarballs = with_end(&make("npm", &scratch.0), ".tgz");
    assert_eq!(tarballs.len(), 2, "{tarballs:?}");

    let folder = scratch.0.join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("package.json"), "{}").unwrap();
    run(Command::new("npm")
        .args(["install", "--offline", "--no-audit", "--no-fund"])
        .arg("--cache")
        .arg(scratch.0.join("cache"))
        .args(&tarballs)
        .current_dir(&folder));
    try_out(|| Command::new(folder.join("node_modules/.bin/zoom-runner")));

    // A signal reaches the program, and its end the shell.
    #[cfg(unix)]
    {
        let mut server = Command::new(folder.join("node_modules/.bin/zoom-runner"));
        server.args(["sandbox", "--port", "0"]);
        let mut server = server.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut first = [0];
        std::io::Read::read_exact(server.stdout.as_mut().unwrap(), &mut first).unwrap();
        let pid = nix::unistd::Pid::from_raw(server.id().try_into().unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        assert!(server.wait().unwrap().code().is_some());
    }
}

/// The pack's files with this end, parsed.
fn pack_files(directory: &str) -> Vec<(String, Map<String, Value>)> {
    let directory = root().join(PACK).join(directory);
    let files = std::fs::read_dir(directory).unwrap().flatten();
    let yaml = files.filter(|file| file.path().extension().is_some_and(|end| end == "yaml"));
    yaml.map(|file| {
        let name = file.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        (name, serde_saphyr::from_str(&text).unwrap())
    })
    .collect()
}

#[test]
fn pack_follows_the_rules_of_stackstorm() {
    let own = pack_files("");
    let find = |name: &str| own.iter().find(|(file, _)| file == name).unwrap().1.clone();
    let pack = find("pack.yaml");
    assert_eq!(pack["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(pack["ref"], "zoom_runner");
    let config = find("config.schema.yaml");
    assert_eq!(config["client_secret"]["secret"], true);
    assert!(config["binary"]["default"] == "zoom-runner");
    assert!(
        config
            .values()
            .all(|field| field["type"].is_string() && field["description"].is_string())
    );

    let actions = pack_files("actions");
    assert_eq!(actions.len(), zoom_runner::actions::all().count());
    for (file, action) in &actions {
        let name = action["name"].as_str().unwrap();
        assert_eq!(*file, format!("{name}.yaml"));
        assert_eq!(
            (&action["runner_type"], &action["entry_point"]),
            (&json!("python-script"), &json!("run.py"))
        );
        let parameters = action["parameters"].as_object().unwrap();
        assert_eq!(parameters["action"]["default"], name, "{file}");
        assert_eq!(parameters["action"]["immutable"], true, "{file}");
        for (id, parameter) in parameters {
            // A parameter of the runner's own may only be given these.
            if id == "timeout" {
                assert_eq!(*parameter, json!({"default": 3660, "immutable": true}));
                continue;
            }
            assert!(
                !["env", "log_level", "content_version", "debug"].contains(&id.as_str()),
                "{file}: {id} is the runner's"
            );
            let types = ["string", "boolean", "integer", "number", "object", "array"];
            assert!(types.contains(&parameter["type"].as_str().unwrap()));
            let known = [
                "type",
                "description",
                "default",
                "enum",
                "required",
                "position",
                "secret",
                "immutable",
            ];
            let keys = parameter.as_object().unwrap().keys();
            assert!(
                keys.into_iter().all(|key| known.contains(&key.as_str())),
                "{file}: {id}"
            );
            assert!(config.get(id).is_none() || id == "timezone", "{file}: {id}");
        }
        assert_eq!(action["output_schema"]["data"]["type"], "object");
    }
    let (_, list) = actions
        .iter()
        .find(|(file, _)| file == "list_users.yaml")
        .unwrap();
    let statuses = json!(["active", "inactive", "pending", "all"]);
    assert_eq!(list["parameters"]["status"]["enum"], statuses);

    let aliases = pack_files("aliases");
    assert_eq!(aliases.len(), 5);
    for (file, alias) in aliases {
        let action = alias["action_ref"].as_str().unwrap();
        let action = action.strip_prefix("zoom_runner.").unwrap();
        let (_, action) = actions
            .iter()
            .find(|(file, _)| *file == format!("{action}.yaml"))
            .unwrap();
        let words = alias["formats"][0].as_str().unwrap();
        for place in words.split("{{").skip(1) {
            let name = place.split(['}', '=']).next().unwrap();
            assert!(action["parameters"].get(name).is_some(), "{file}: {name}");
        }
    }
}

/// StackStorm's base class, as far as the script uses it, and a runner that prints what the action returns.
const STACKSTORM: &str = r#"
import json, sys, types
class Action:
    def __init__(self, config=None, action_service=None):
        self.config = config
module = types.ModuleType("st2common.runners.base_action")
module.Action = Action
for name in ("st2common", "st2common.runners"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["st2common.runners.base_action"] = module
sys.path.insert(0, sys.argv[1])
import run
config, parameters = json.loads(sys.argv[2]), json.loads(sys.argv[3])
print(json.dumps(run.ZoomRunner(config).run(**parameters)))
"#;

/// An execution of an action, with the configuration and the parameters that StackStorm hands over.
fn execution(config: &Value, parameters: &Value) -> Command {
    let mut command = Command::new("python3");
    command
        .env("ZOOM_RUNNER_TOKEN_CACHE", "off")
        .args(["-B", "-c", STACKSTORM])
        .arg(root().join(PACK).join("actions"))
        .args([config.to_string(), parameters.to_string()]);
    command
}

fn configured(mut resource: Value) -> Value {
    resource["binary"] = json!(env!("CARGO_BIN_EXE_zoom-runner"));
    // What nobody filled in.
    resource["proxy_url"] = Value::Null;
    resource
}

#[test]
#[ignore = "needs python3"]
fn stackstorm_script_returns_the_envelope_and_whether_it_succeeded() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let config = configured(sandbox.resource());
    let result = |config: &Value, parameters: Value| -> Value {
        let shown = run(&mut execution(config, &parameters));
        assert!(!shown.contains(sandbox.resource()["client_secret"].as_str().unwrap()));
        serde_json::from_str(&shown).unwrap()
    };

    let parameters =
        json!({"action": "get_user", "user_id": "jane@example.com", "login_type": null});
    let got = result(&config, parameters);
    assert_eq!(got[0], true);
    assert_eq!(got[1]["data"]["email"], "jane@example.com");

    let got = result(
        &config,
        json!({"action": "get_user", "user_id": "nobody@example.com"}),
    );
    assert_eq!(got[0], false);
    assert_eq!(got[1]["error"]["code"], "not_found");

    let mut missing = config;
    missing["binary"] = json!("/nonexistent/zoom-runner");
    let got = result(&missing, json!({"action": "test"}));
    assert_eq!(got[0], false);
    let message = got[1]["message"].as_str().unwrap();
    assert!(message.contains("`binary`"), "{message}");
}

#[cfg(unix)]
#[test]
#[ignore = "needs python3"]
fn stackstorm_script_hands_a_cancellation_on_and_returns_its_envelope() {
    use crate::harness::{Answer, Zoom};
    use nix::sys::signal::{Signal, kill};
    use std::time::Duration;

    let zoom =
        Zoom::start(|_, _| Answer::json(200, &json!({"id": "x"})).after(Duration::from_secs(5)));
    let config = configured(zoom.resource());
    let mut command = execution(&config, &json!({"action": "get_user", "user_id": "x"}));
    let child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while zoom.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    kill(
        nix::unistd::Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();

    let output = child.wait_with_output().unwrap();
    let got: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(got[0], false);
    assert_eq!(got[1]["error"]["code"], "cancelled");
}
