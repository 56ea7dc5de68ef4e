//! The record door: what it keeps replays at once, and holds no secret and nothing personal.

use crate::replay::Scratch;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use zoom_runner::clock::FakeClock;
use zoom_runner::commands::record::{Options, serve};
use zoom_runner::commands::replay;
use zoom_runner::fixtures::exchange::Exchanges;
use zoom_runner::fixtures::player::Player;
use zoom_runner::run::Engine;
use zoom_runner::run::supervise::Signals;
use zoom_runner::zoom::token::NoStore;

/// What stands in the fixtures for what a real account would hold.
const REAL: [(&str, &str); 8] = [
    // The number that the program itself gives as an example.
    ("85746065432", "91234567890"),
    ("857 4606 5432", "912 3456 7890"),
    ("example-client-secret", "canary-secret-0123456789"),
    ("example-client-id", "canaryClientId12"),
    ("example-account-id", "canaryAccount123"),
    ("example-access-token", "canary-token"),
    ("example.com", "corp.test"),
    ("example.net", "rival.test"),
];

/// What must not be left of them, in any file.
const PERSONAL: [&str; 38] = [
    "canary",
    "corp.test",
    "rival.test",
    "Jane",
    "Dee",
    "Kim",
    "Lee",
    "Berg",
    "Lind",
    "KdYKjnimT4KPd8FFgQt9FQ",
    "kdykjnimt4kpd8ffgqt9fq",
    "91234567890",
    "912 3456 7890",
    "5551112222",
    "555-111-2222",
    "7aX4mQ",
    "9xY2",
    "7hG5kQ",
    "734511",
    "299476",
    "654321",
    "aGVsbG8",
    "example-zak",
    "3012345678",
    "15112345678",
    "6950500952",
    "e2bf8jbjT6",
    "cbf_cywdkexrtqc73f97gd4w6g",
    "Weekly planning",
    "Wochenplanung",
    "Incident 4711",
    "Account manager",
    "Sales",
    "100200300",
    "8V8HigQkzm2O5r9RUn31D9ZyJHgrmFfbLa2",
    "aDYlohsHRtCd4ii1uC2",
    "E-1001",
    "playbook-7",
];

/// A shared output.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Out {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn real(text: &str) -> String {
    REAL.iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Records the run of a fixture as if it were a real one: exit code, stdout, stderr.
fn record(fixture: &Path, options: &Options) -> (u8, String, String) {
    let read = |name: &str| fs::read(fixture.join(name)).unwrap();
    let request = read("request.json");
    let request =
        String::from_utf8(request.clone()).map_or(request, |text| real(&text).into_bytes());
    let exchanges =
        Exchanges::read(&real(&String::from_utf8(read("exchanges.json")).unwrap())).unwrap();
    let clock = Arc::new(FakeClock::from(exchanges.start().unwrap()));
    let recording = Arc::new(Player::new(exchanges, Arc::clone(&clock)));
    let engine = Engine {
        clock,
        tokens: Box::new(NoStore),
        connect: Box::new(move |_| Box::new(Arc::clone(&recording))),
        instead: None,
    };
    let (out, error) = (Out::default(), Out::default());
    let exit = serve(
        engine,
        options,
        move || request,
        out.clone(),
        error.clone(),
        &Signals::default(),
    );
    (exit, out.text(), error.text())
}

fn all_fixtures() -> Vec<PathBuf> {
    let options = replay::Options {
        paths: vec![crate::replay::fixtures()],
        ..replay::Options::default()
    };
    replay::run(&options)
        .into_iter()
        .map(|one| one.path)
        .collect()
}

fn files(dir: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

#[test]
fn what_is_recorded_replays_at_once_and_holds_nothing_personal() {
    let scratch = Scratch::new("record");
    let (mut recorded, mut found) = (0, Vec::new());
    for fixture in all_fixtures() {
        let name = fixture.strip_prefix(crate::replay::fixtures()).unwrap();
        let dir = scratch.0.join(name);
        let (_, out, error) = record(
            &fixture,
            &Options {
                dir: dir.clone(),
                ..Options::default()
            },
        );
        let envelope: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out.matches('\n').count(), 1, "{out}");
        if error.contains("no fixture was written") {
            // Bytes that are no JSON: what is secret in them cannot be told.
            assert!(envelope["error"]["code"] == "invalid_request", "{error}");
            continue;
        }
        recorded += 1;
        if !error.is_empty() {
            found.push(format!("{}: {error}", name.display()));
        }
        for (file, text) in files(&dir) {
            for personal in PERSONAL.iter().filter(|personal| text.contains(**personal)) {
                let at = text.find(personal).unwrap();
                found.push(format!(
                    "{}/{file} holds {personal}: {}",
                    name.display(),
                    &text[at.saturating_sub(40)..(at + 40).min(text.len())].replace('\n', " ")
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(recorded > 200, "{recorded}");
    let replayed = replay::run(&replay::Options {
        paths: vec![scratch.0.clone()],
        ..replay::Options::default()
    });
    assert_eq!(replayed.len(), recorded);
    for one in replayed {
        assert!(
            one.differences.is_empty(),
            "{}: {:?}",
            one.path.display(),
            one.differences
        );
    }
}

#[test]
fn a_stand_in_has_the_type_and_the_form_of_what_it_stands_for() {
    let scratch = Scratch::new("forms");
    let dir = scratch.0.join("x");
    let (exit, _, error) = record(
        &crate::replay::fixtures().join("get_user/show_secrets"),
        &Options {
            dir: dir.clone(),
            ..Options::default()
        },
    );
    assert_eq!((exit, error.as_str()), (0, ""));
    let text = fs::read_to_string(dir.join("envelope.json")).unwrap();
    let data = &serde_json::from_str::<Value>(&text).unwrap()["data"];
    assert_eq!(data["email"], "person1@example.com");
    assert_eq!(
        data["display_name"],
        format!(
            "{} {}",
            data["first_name"].as_str().unwrap(),
            data["last_name"].as_str().unwrap()
        )
    );
    assert_eq!(data["pmi"].as_u64().unwrap().to_string().len(), 10);
    assert_eq!(
        data["host_key"]
            .as_str()
            .unwrap()
            .parse::<u32>()
            .unwrap()
            .to_string()
            .len(),
        6
    );
    assert_eq!(data["id"].as_str().unwrap().len(), 22);
    assert!(
        data["personal_meeting_url"]
            .as_str()
            .unwrap()
            .starts_with(&format!("https://us02web.zoom.us/j/{}?pwd=", data["pmi"])),
        "{data}"
    );
    assert!(
        text.contains("\"zoom_one_type\": 576460752303423488"),
        "what is not personal stays as it is"
    );
    for (key, value) in [
        ("type", "2"),
        ("timezone", "\"Europe/Berlin\""),
        ("created_at", "\"2023-05-13T09:12:47Z\""),
        ("status", "\"active\""),
    ] {
        assert_eq!(data[key].to_string(), value);
    }
}

#[test]
fn personal_data_is_kept_on_request_and_secrets_never() {
    let scratch = Scratch::new("keep");
    let dir = scratch.0.join("x");
    let options = Options {
        dir: dir.clone(),
        keep_personal_data: true,
        force: false,
    };
    let (exit, _, error) = record(
        &crate::replay::fixtures().join("get_user/token_renewed_once"),
        &options,
    );
    assert_eq!(exit, 0);
    assert!(
        error.starts_with("warning: ") && error.contains("personal data"),
        "{error}"
    );
    let all: String = files(&dir).into_iter().map(|(_, text)| text).collect();
    assert!(
        all.contains("jane@corp.test")
            && all.contains("KdYKjnimT4KPd8FFgQt9FQ")
            && all.contains("canaryAccount123")
    );
    assert!(
        !all.contains("canary-secret") && !all.contains("canary-token"),
        "{all}"
    );
    assert!(all.contains("example-access-token-2"), "{all}");
    let (exit, _) = crate::replay::door::replay(&dir, None, false);
    assert_eq!(exit, 0);
}

#[test]
fn a_directory_in_use_is_refused_before_anything_is_run() {
    let scratch = Scratch::new("in-use");
    fs::write(scratch.0.join("mine.txt"), "x").unwrap();
    let fixture = crate::replay::fixtures().join("get_user/success");
    let mut options = Options {
        dir: scratch.0.clone(),
        ..Options::default()
    };
    let (exit, out, error) = record(&fixture, &options);
    assert_eq!((exit, out.as_str()), (2, ""));
    assert!(
        error.contains("not empty") && error.contains("--force"),
        "{error}"
    );
    options.force = true;
    fs::write(scratch.0.join("request.json"), "old").unwrap();
    let (exit, out, error) = record(&fixture, &options);
    assert_eq!((exit, error.as_str()), (0, ""));
    assert!(
        out.starts_with("{\"protocol\":1") && out.contains("jane@corp.test"),
        "stdout is the real thing: {out}"
    );
    assert_eq!(fs::read_to_string(scratch.0.join("mine.txt")).unwrap(), "x");
    let (exit, _) = crate::replay::door::replay(&scratch.0, None, false);
    assert_eq!(exit, 0);
    options.dir = scratch.0.join("mine.txt");
    assert_eq!(record(&fixture, &options).0, 2);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_what_is_recorded() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let scratch = Scratch::new("mode");
    fs::write(scratch.0.join("request.json"), "old").unwrap();
    fs::set_permissions(
        scratch.0.join("request.json"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let options = Options {
        dir: scratch.0.clone(),
        force: true,
        ..Options::default()
    };
    record(
        &crate::replay::fixtures().join("list_users/success"),
        &options,
    );
    for name in ["request.json", "exchanges.json", "envelope.json"] {
        assert_eq!(
            fs::metadata(scratch.0.join(name)).unwrap().mode() & 0o777,
            0o600,
            "{name}"
        );
    }
}

#[test]
fn a_run_that_failed_keeps_its_exit_code_and_is_recorded_all_the_same() {
    let scratch = Scratch::new("failed");
    let dir = scratch.0.join("x");
    let (exit, out, error) = record(
        &crate::replay::fixtures().join("delete_meeting/server_error_leaves_the_change_unknown"),
        &Options {
            dir: dir.clone(),
            ..Options::default()
        },
    );
    assert_eq!((exit, error.as_str()), (75, ""));
    assert!(out.contains("zoom_unavailable"));
    assert_eq!(files(&dir).len(), 3);
    let dir = scratch.0.join("y");
    let (exit, _, error) = record(
        &crate::replay::fixtures().join("request/cut"),
        &Options {
            dir: dir.clone(),
            ..Options::default()
        },
    );
    assert_eq!(exit, 2);
    assert!(
        error.contains("no fixture was written") && files(&dir).is_empty(),
        "{error}"
    );
}
