//! The forge's workflows: what they may do, what they run, and that none of it can be changed behind our back.

use serde_json::{Value, json};
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The workflows: name, text, and what it says.
fn workflows() -> Vec<(String, String, Value)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let names = std::fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    let all: Vec<_> = names
        .map(|name| {
            let text = read(&format!(".github/workflows/{name}"));
            let value =
                serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, text, value)
        })
        .collect();
    assert!(all.len() >= 2, "{all:?}");
    all
}

fn workflow(name: &str) -> Value {
    workflows()
        .into_iter()
        .find(|(file, _, _)| file == name)
        .unwrap()
        .2
}

fn jobs(workflow: &Value) -> impl Iterator<Item = (&String, &Value)> {
    workflow["jobs"].as_object().unwrap().iter()
}

fn steps(job: &Value) -> impl Iterator<Item = &Value> {
    job["steps"].as_array().unwrap().iter()
}

/// True if a job of `workflow` runs exactly `command`, and a failure of it counts.
fn runs(workflow: &Value, command: &str) -> bool {
    jobs(workflow).any(|(_, job)| {
        job["continue-on-error"] != true && steps(job).any(|step| step["run"] == command)
    })
}

#[test]
fn workflow_actions_are_the_forges_own_and_pinned_by_commit() {
    let mut number = 0;
    for (name, text, _) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            let used = line.split_once("uses:").unwrap().1.trim();
            let (action, rest) = used
                .split_once('@')
                .unwrap_or_else(|| panic!("{name}: {used} is not pinned"));
            let (commit, version) = rest
                .split_once(" # v")
                .unwrap_or_else(|| panic!("{name}: {used} says no version"));
            let is_commit = commit.len() == 40
                && commit
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            assert!(is_commit, "{name}: {used} is not pinned by 40 hex digits");
            assert!(
                action.starts_with("actions/"),
                "{name}: {action} is somebody else's"
            );
            assert!(version.split('.').count() == 3, "{name}: {used}");
            number += 1;
        }
    }
    assert!(number > 5, "only {number} actions were found");
}

#[test]
fn workflow_actions_have_one_commit_everywhere() {
    let mut seen = std::collections::BTreeMap::new();
    for (name, text, _) in workflows() {
        for line in text.lines().filter_map(|line| line.split_once("uses:")) {
            let (action, pin) = line.1.trim().split_once('@').unwrap();
            let before = seen.insert(action.to_owned(), pin.to_owned());
            assert!(
                before.is_none_or(|before| before == pin),
                "{name}: {action} is pinned in two ways"
            );
        }
    }
}

#[test]
fn workflows_may_read_and_one_job_may_write_a_release() {
    for (name, text, workflow) in workflows() {
        assert_eq!(
            workflow["permissions"],
            json!({"contents": "read"}),
            "{name}"
        );
        for (job, what) in jobs(&workflow) {
            let more = what.get("permissions");
            let wanted = json!({"contents": "write", "id-token": "write", "attestations": "write"});
            match (name.as_str(), job.as_str()) {
                ("release.yml", "publish") => assert_eq!(more, Some(&wanted)),
                _ => assert_eq!(more, None, "{name}: {job}"),
            }
            assert!(
                what["timeout-minutes"].is_u64(),
                "{name}: {job} has no time limit"
            );
            for step in steps(what).filter(|step| {
                step["uses"]
                    .as_str()
                    .is_some_and(|used| used.contains("/checkout@"))
            }) {
                assert_eq!(
                    step["with"]["persist-credentials"], false,
                    "{name}: {job} leaves its token on the disk"
                );
            }
            for command in steps(what).filter_map(|step| step["run"].as_str()) {
                // What others may write, as a branch's name, would be run as shell.
                assert!(
                    !command.contains("${{"),
                    "{name}: {job}: hand it over in `env`: {command}"
                );
            }
        }
        assert!(
            !text.contains("pull_request_target") && !text.contains("secrets."),
            "{name}"
        );
    }
}

#[test]
fn release_job_that_may_write_runs_nothing_that_was_built() {
    let release = workflow("release.yml");
    for command in steps(&release["jobs"]["publish"]).filter_map(|step| step["run"].as_str()) {
        for word in ["cargo", "make", "zoom-runner", "rustup"] {
            assert!(
                !command.split_whitespace().any(|part| part.ends_with(word)),
                "{command}"
            );
        }
    }
    assert_eq!(release["on"], json!({"push": {"tags": ["v*"]}}));
}

#[test]
fn workflows_run_what_a_developer_runs() {
    let makefile = read("Makefile");
    for (name, _, workflow) in workflows() {
        assert!(
            runs(&workflow, "make check") && runs(&workflow, "make test"),
            "{name}"
        );
        for command in jobs(&workflow)
            .flat_map(|(_, job)| steps(job))
            .filter_map(|step| step["run"].as_str())
        {
            let targets = command
                .lines()
                .filter_map(|line| line.trim().strip_prefix("make "));
            for target in targets {
                assert!(
                    makefile.contains(&format!("\n{target}: ## ")),
                    "{name}: make {target}"
                );
            }
        }
    }
    assert!(read(".ci/run").contains("make check\nmake test"));
    assert!(
        runs(&workflow("release.yml"), "make build") && runs(&workflow("release.yml"), "make sbom")
    );
}

#[test]
fn release_has_every_package_for_every_platform() {
    let release = workflow("release.yml");
    let platforms = release["jobs"]["build"]["strategy"]["matrix"]["include"].as_array();
    let npm = read("packaging/npm/pack.js");
    let mut targets = Vec::new();
    for platform in platforms.unwrap() {
        let [target, wheel, package] =
            ["target", "wheel", "npm"].map(|key| platform[key].as_str().unwrap());
        targets.push(target);
        // Each kind of package is for the same machine as its binary.
        let (wheel_cpu, npm_cpu) = match target.split('-').next().unwrap() {
            "x86_64" => ("x86_64", "x64"),
            _ if target.contains("darwin") => ("arm64", "arm64"),
            _ => ("aarch64", "arm64"),
        };
        assert!(wheel.ends_with(wheel_cpu), "{target}: {wheel}");
        assert!(package.ends_with(npm_cpu), "{target}: {package}");
        assert!(npm.contains(&format!("\"{package}\"")), "{package}");
    }
    assert_eq!(
        targets,
        [
            "x86_64-unknown-linux-musl",
            "aarch64-unknown-linux-musl",
            "aarch64-apple-darwin",
            "x86_64-apple-darwin"
        ]
    );

    for command in ["make wheel", "make npm", "make image", "make stackstorm"] {
        assert!(runs(&release, command), "{command}");
    }
    let mut needed: Vec<&str> = release["jobs"]["publish"]["needs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut others: Vec<&str> = jobs(&release).map(|(name, _)| name.as_str()).collect();
    others.retain(|name| !["test", "publish"].contains(name));
    needed.sort_unstable();
    others.sort_unstable();
    assert_eq!(needed, others, "publish waits for all that makes files");
}

#[test]
fn oldest_rust_is_the_one_that_is_promised() {
    let cargo = read("Cargo.toml");
    let promised = cargo
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .unwrap()
        .trim_matches('"');
    assert!(
        read("Dockerfile").contains(&format!("FROM rust:{promised}.")),
        "{promised}"
    );
    let msrv = workflow("ci.yml")["jobs"]["msrv"].to_string();
    assert!(
        msrv.contains("rust-version = ") && msrv.contains("rustup default"),
        "{msrv}"
    );
}
