//! `record` as a developer meets it: what it writes replays at once, and holds no secret and nothing personal.

use crate::fixtures::{self, Scratch};
use crate::replay::command::replay;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use zoom_runner::clock::FakeClock;
use zoom_runner::commands::placeholders::Placeholders;
use zoom_runner::commands::record::{Options, serve};
use zoom_runner::fixtures::exchange::{Fixture, Outcome};
use zoom_runner::fixtures::player::{Outcomes, Player};
use zoom_runner::http::Http;
use zoom_runner::run::Engine;
use zoom_runner::run::supervise::Signals;
use zoom_runner::zoom::token::NoStore;

/// Values of the fixtures, and what a real account might hold in their place.
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

/// Parts of them that must be left in no file.
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
    record_run(serde_json::from_str(&real(&text)).unwrap(), options)
}

/// Records a run whose stdin and network are those of `fixture`.
fn record_run(fixture: Fixture, options: &Options) -> (u8, String, String) {
    let request = fixture.stdin();
    let clock = Arc::new(FakeClock::from(fixture.started_at.into()));
    let player = Player::new(fixture.exchanges, Arc::clone(&clock));
    record_with(Arc::new(player), clock, request, options)
}

/// Records a run whose network gives the outcomes of `fixture` in order, whatever is asked, and a token first.
fn record_network(fixture: Fixture, options: &Options) -> (u8, String, String) {
    let token =
        json!({"status": 200, "body": {"access_token": "canary-token", "expires_in": 3599}});
    let token = Outcome::Response(serde_json::from_value(token).unwrap());
    let request = fixture.stdin();
    let exchanges = fixture.exchanges.into_iter();
    let outcomes = std::iter::once((None, token)).chain(exchanges.map(|one| (None, one.outcome)));
    let clock = Arc::new(FakeClock::from(fixture.started_at.into()));
    let network = Outcomes::new(outcomes.collect(), Arc::clone(&clock));
    record_with(Arc::new(network), clock, request, options)
}

fn record_with(
    http: Arc<dyn Http>,
    clock: Arc<FakeClock>,
    request: Vec<u8>,
    options: &Options,
) -> (u8, String, String) {
    let engine = Engine {
        clock,
        tokens: Box::new(NoStore),
        connect: Box::new(move |_| Box::new(Arc::clone(&http))),
        instead: None,
    };
    let (out, error) = (Out::default(), Out::default());
    let exit = serve(
        engine,
        options,
        move || Ok(request.clone()),
        Placeholders::default(),
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

/// Texts that name somebody or something of a customer's. Each part of a text that a blank or a mark parts from the
/// rest is personal by itself.
fn personal() -> impl Strategy<Value = String> {
    let word = "[A-Z][bdfgklmnprstvwz]{2}[aou][bdfgklmnprstvwz]{3}";
    prop_oneof![
        word,
        (word, word).prop_map(|(first, last)| format!("{first} {last}")),
        (word, word, word).prop_map(|(last, first, title)| format!("{last}, {first} {title}")),
        "[bdfgklmnprstvwz]{7}@[bdfgklmnprstvwz]{6}\\.test",
        "[1-9][0-9]{8,10}",
        "\\+49 [1-9]0 [1-9][0-9]{3} [1-9][0-9]{3}",
        "[1-9][0-9]{2}-[1-9][0-9]{2}-[1-9][0-9]{3}",
        "[A-Z]{3}[a-z0-9_-]{19}",
        "https://[bdfgklmnprstvwz]{8}\\.zoom\\.us/j/[1-9][0-9]{9}\\?pwd=[A-Z]{3}[a-z]{9}",
        "https://[bdfgklmnprstvwz]{8}\\.test/[bdfgklmnprstvwz]{8}\\?[bdfgklmnprstvwz]{7}=1",
        "19[4-9][0-9]-0[1-9]-1[0-9]",
        "10\\.2[0-4][0-9]\\.1[0-9]{2}\\.2[0-4][0-9]",
        "\u{738b}[\u{5c0f}\u{5927}]\u{660e}",
        word.prop_map(|word| format!("{{\"x\": [\"{word}\"]}}")),
    ]
}

/// Returns the parts of a personal text that must not be found: the whole, and those that no other has by chance.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    // The marks of a token may part few letters from the rest: `GET` or `use` stand in every fixture, and any three
    // letters in a pseudonym.
    let is_rare = |part: &&str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        (part.len() >= 6 || !part.is_ascii()) && (digits == 0 || digits >= 8)
    };
    let parts = text.split(|c: char| !c.is_alphanumeric());
    std::iter::once(text).chain(parts.filter(is_rare))
}

/// An answer with personal texts under keys that are known and unknown, in lists, tables and sentences.
fn answer(texts: &[String], shape: u8) -> Value {
    let at = |index: usize| texts[index % texts.len()].clone();
    let mut answer = json!({
        "email": at(0), "first_name": at(1), "topic": at(2), "manager_name": at(3), "office": [at(4), at(5)],
        "status": at(6), "type": 2, "newField": {"inner_thing": at(7), "message": at(0)}, "timezone": at(1),
        "agenda": format!("{} and {}", at(2), at(3)), "language": at(4), "birthday": at(5), "url": at(6),
        "join_url": format!("https://us02web.zoom.us/j/{}", at(7)), "field": at(0), "scope": at(1),
    });
    if shape.is_multiple_of(2) {
        answer["by_person"] = json!({at(3): {"note": at(4)}});
    }
    if shape.is_multiple_of(3) {
        answer["code"] = json!(3000 + u64::from(shape));
        answer["message"] = json!(format!(
            "User '{}' with {} does not exist: {}.",
            at(5),
            at(6),
            at(7)
        ));
        answer["errors"] =
            json!([{"field": at(0), "message": format!("Invalid field {}.", at(1))}]);
    }
    answer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn record_shows_no_personal_text_under_any_key_and_replays(
        texts in prop::collection::vec(personal(), 8),
        number in 100_000_u64..u64::MAX,
        shape in 0_u8..12,
        status in prop::sample::select(vec![200, 200, 400, 404, 429, 500]),
        as_text in any::<bool>(),
    ) {
        let scratch = Scratch::new("record-random");
        let mut body = answer(&texts, shape);
        body["some_number"] = json!(number);
        let mut response = json!({"status": status, "headers": {
            "content-type": texts[0], "x-zm-trackingid": texts[1], "retry-after": "1", "x-ratelimit-type": texts[2],
        }});
        match as_text && status >= 400 {
            true => response["text"] = json!(format!("<h1>{}</h1>{body}", texts[3])),
            false => response["body"] = body,
        }
        let url = "https://api.zoom.us/v2/users/me";
        let one = json!({"request": {"method": "GET", "url": url}, "response": response});
        let fixture = json!({
            "request": {
                "id": texts[4], "action": "get_user", "parameters": {"user_id": "me"},
                "resource": {"label": texts[5], "client_id": texts[6], "client_secret": "canary-secret", "account_id": texts[7]},
            },
            "exchanges": vec![one; 6],
        });
        // Played without regard to what is asked, as a network is.
        let fixture: Fixture = serde_json::from_value(fixture).unwrap();
        let path = scratch.0.join("x.json");
        let (_, out, error) = record_network(fixture, &to(&path));
        prop_assert!(out.starts_with("{\"protocol\":1"), "{}", out);
        prop_assert!(!error.contains("does not replay"), "{}", error);

        let text = fs::read_to_string(&path).unwrap();
        let number = number.to_string();
        for part in texts.iter().flat_map(|text| parts(text)).chain(["canary", number.as_str()]) {
            prop_assert!(!text.contains(part), "{} of {:?} stands in {}", part, texts, text);
        }
        let replayed = zoom_runner::commands::replay::run(vec![path], false);
        prop_assert!(replayed[0].differences.is_empty(), "{:?}", replayed);
    }
}
