//! `record` as a developer meets it: what it writes replays at once, and holds no secret and nothing personal.

use crate::fixtures::{self, Scratch};
use crate::replay::command::replay;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use zoom_runner::clock::FakeClock;
use zoom_runner::commands::record::{Options, serve};
use zoom_runner::fixtures::exchange::Fixture;
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

/// Records the run of the fixture `name` as if it were a real one: exit code, stdout, stderr.
fn record(name: &str, options: &Options) -> (u8, String, String) {
    let text = fs::read_to_string(fixtures::Fixture::named(name).path).unwrap();
    let fixture: Fixture = serde_json::from_str(&real(&text)).unwrap();
    let request = fixture.stdin();
    let clock = Arc::new(FakeClock::from(fixture.started_at.into()));
    let player = Arc::new(Player::new(fixture.exchanges, Arc::clone(&clock)));
    let engine = Engine {
        clock,
        tokens: Box::new(NoStore),
        connect: Box::new(move |_| Box::new(Arc::clone(&player))),
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

fn to(path: &Path) -> Options {
    Options {
        path: path.to_owned(),
        ..Options::default()
    }
}

/// The names of the files in `directory`, sorted.
fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn record_writes_what_replays_at_once_and_holds_nothing_personal() {
    let scratch = Scratch::new("record");
    let (mut recorded, mut found) = (0, Vec::new());
    for fixture in fixtures::all() {
        let name = fixture.name();
        let path = scratch.0.join(format!("{name}.json"));
        let (_, out, error) = record(&name, &to(&path));
        let envelope: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out.matches('\n').count(), 1, "{out}");
        if error.contains("no fixture was written") {
            // Bytes that are no JSON: what is secret in them cannot be told.
            assert!(envelope["error"]["code"] == "invalid_request", "{error}");
            continue;
        }
        recorded += 1;
        if !error.is_empty() {
            found.push(format!("{name}: {error}"));
        }
        let text = fs::read_to_string(&path).unwrap();
        for personal in PERSONAL.iter().filter(|personal| text.contains(**personal)) {
            let at = text.find(personal).unwrap();
            let around = &text[at.saturating_sub(40)..(at + 40).min(text.len())];
            found.push(format!(
                "{name} holds {personal}: {}",
                around.replace('\n', " ")
            ));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(recorded > 200, "{recorded}");
    let (exit, out) = replay(&[], &scratch.0);
    assert_eq!(exit, 0, "{out}");
    assert!(out.ends_with(&format!("{recorded} fixtures, all the same.\n")));
}

#[test]
fn record_keeps_personal_data_on_request_and_secrets_never() {
    let scratch = Scratch::new("record-keep");
    let path = scratch.0.join("x.json");
    let options = Options {
        keep_personal_data: true,
        ..to(&path)
    };
    let (exit, _, error) = record("get_user/token_renewed_once", &options);
    assert_eq!(exit, 0);
    assert!(
        error.starts_with("warning: ") && error.contains("personal data"),
        "{error}"
    );
    let text = fs::read_to_string(&path).unwrap();
    for kept in [
        "jane@corp.test",
        "KdYKjnimT4KPd8FFgQt9FQ",
        "canaryAccount123",
        "example-access-token-2",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert!(
        !text.contains("canary-secret") && !text.contains("canary-token"),
        "{text}"
    );
    assert_eq!(replay(&[], &path).0, 0);
}

#[test]
fn record_replaces_no_file_unless_forced() {
    let scratch = Scratch::new("record-in-use");
    let path = scratch.0.join("mine.json");
    fs::write(&path, "x").unwrap();
    let (exit, out, error) = record("get_user/success", &to(&path));
    assert_eq!((exit, out.as_str()), (2, ""), "refused before it is run");
    assert!(error.contains("--force"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "x");

    let forced = Options {
        force: true,
        ..to(&path)
    };
    let (exit, out, error) = record("get_user/success", &forced);
    assert_eq!((exit, error.as_str()), (0, ""));
    assert!(
        out.starts_with("{\"protocol\":1") && out.contains("jane@corp.test"),
        "stdout is the real thing: {out}"
    );
    assert_eq!(replay(&[], &path).0, 0);
    // In a directory it takes names that are free.
    for _ in 0..2 {
        assert_eq!(record("get_user/success", &to(&scratch.0)).0, 0);
    }
    assert_eq!(
        names(&scratch.0),
        ["get_user-2.json", "get_user.json", "mine.json"]
    );
    fs::write(scratch.0.join("file"), "x").unwrap();
    assert_eq!(
        record("get_user/success", &to(&scratch.0.join("file"))).0,
        2
    );
}

#[cfg(unix)]
#[test]
fn record_writes_for_the_owner_only_and_through_no_link() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let (scratch, outside) = (Scratch::new("record-mode"), Scratch::new("record-outside"));
    let path = scratch.0.join("x.json");
    record("list_users/success", &to(&path));
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);

    let victim = outside.0.join("victim.json");
    fs::write(&victim, "mine").unwrap();
    symlink(&victim, scratch.0.join("link.json")).unwrap();
    symlink(outside.0.join("new.json"), scratch.0.join("dangling.json")).unwrap();
    symlink(&outside.0, scratch.0.join("directory")).unwrap();
    for name in [
        "link.json",
        "dangling.json",
        "directory",
        "directory/x.json",
    ] {
        let options = Options {
            force: true,
            ..to(&scratch.0.join(name))
        };
        let (exit, out, error) = record("list_users/success", &options);
        assert_eq!((exit, out.as_str()), (2, ""), "{name}: {error}");
        assert!(error.contains("symbolic link"), "{name}: {error}");
    }
    assert_eq!(names(&outside.0), ["victim.json"]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
}

#[test]
fn record_keeps_the_exit_code_of_a_run_that_failed() {
    let scratch = Scratch::new("record-failed");
    let path = scratch.0.join("x.json");
    let name = "delete_meeting/server_error_leaves_the_change_unknown";
    let (exit, out, error) = record(name, &to(&path));
    let envelope: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(envelope["error"]["code"], "zoom_unavailable");
    assert!(exit != 0 && error.is_empty() && path.exists(), "{error}");

    let path = scratch.0.join("y.json");
    let (exit, _, error) = record("request/cut", &to(&path));
    assert_eq!(exit, 2);
    assert!(
        error.contains("no fixture was written") && !path.exists(),
        "{error}"
    );
}
