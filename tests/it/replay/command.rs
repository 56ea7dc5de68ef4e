//! `replay` as a developer meets it: what it prints, what it writes, and its exit code.

use crate::fixtures::{Fixture, Scratch, directory};
use crate::harness::{program, start, wait};
use std::path::Path;
use std::time::Instant;
use std::{fs, io};

/// Runs `zoom-runner replay ARGUMENTS PATH`: exit code, stdout, stderr.
fn replay_with(arguments: &[&str], path: &Path) -> (i32, String, String) {
    let mut command = program();
    command.arg("replay").args(arguments).arg(path);
    let ran = wait(start(command, b""), Instant::now());
    (ran.exit, ran.stdout, ran.stderr)
}

/// Runs `zoom-runner replay ARGUMENTS PATH`, which reaches the fixtures: exit code and stdout.
pub fn replay(arguments: &[&str], path: &Path) -> (i32, String) {
    let (exit, out, error) = replay_with(arguments, path);
    assert_eq!(error, "");
    (exit, out)
}

#[test]
fn replay_tells_a_fixture_that_is_the_same_in_one_line() {
    let path = Fixture::named("get_user/not_found").path;
    let told = format!("same    {}\n1 fixture, all the same.\n", path.display());
    assert_eq!(replay(&[], &path), (0, told));
}

#[test]
fn replay_shows_another_envelope_by_path_with_both_sides() {
    let scratch = Scratch::new("replay-envelope");
    let text = fs::read_to_string(Fixture::named("get_user/success").path).unwrap();
    let path = scratch.0.join("success.json");
    let (exchanges, envelope) = text.split_once("\"envelope\"").unwrap();
    let envelope = envelope.replace("576460752303423488", "576460752303423489");
    fs::write(&path, format!("{exchanges}\"envelope\"{envelope}")).unwrap();
    scratch.copy("get_user/not_found", "\"retryable\": false,", "");

    let (exit, out) = replay(&[], &scratch.0);
    assert_eq!(exit, 1);
    for told in [
        format!("DIFFERS {}\n", path.display()),
        "envelope: data.zoom_one_type: expected 576460752303423489, got 576460752303423488"
            .to_owned(),
        "envelope: error.retryable: expected nothing, got false".to_owned(),
    ] {
        assert!(out.contains(&told), "{out}");
    }
    assert!(out.ends_with("2 fixtures: 0 the same, 2 not.\n"), "{out}");
}

#[test]
fn replay_shows_another_request_with_what_the_recording_holds() {
    let scratch = Scratch::new("replay-http");
    let fixture = Fixture::named("update_user/success");
    let sent = fixture
        .exchanges()
        .iter()
        .position(|one| one["request"]["method"] == "PATCH")
        .unwrap();
    let mut json = fixture.json;
    json["exchanges"][sent]["request"]["body"]["job_title"] = "Chief".into();
    fs::write(scratch.0.join("x.json"), json.to_string()).unwrap();

    let (exit, out) = replay(&[], &scratch.0);
    assert_eq!(exit, 1);
    assert!(out.contains("differs from the recording: asked"), "{out}");
    assert!(
        out.contains("body.job_title: expected \"Chief\", got \"Analyst\""),
        "{out}"
    );
    assert!(
        !out.contains("envelope:"),
        "what follows from it is no news: {out}"
    );
}

#[test]
fn replay_shows_an_exchange_that_never_comes() {
    let scratch = Scratch::new("replay-left");
    scratch.copy(
        "get_user/success",
        "\"user_id\": \"jane@example.com\"",
        "\"user_id\": \"\"",
    );
    let (exit, out) = replay(&[], &scratch.0);
    assert_eq!(exit, 1);
    assert!(out.contains("exchange 1 of 1 never came"), "{out}");
}

#[test]
fn replay_bless_accepts_an_envelope_and_nothing_else() {
    let scratch = Scratch::new("replay-bless");
    let good = scratch.copy(
        "get_user/success",
        "\"message\": \"Found",
        "\"message\": \"Lost",
    );
    let bad = scratch.copy("get_user/not_found", "nobody%40example.com", "somebody");
    let before = fs::read(&bad).unwrap();

    let (exit, out) = replay(&["--bless"], &scratch.0);
    assert_eq!(exit, 1);
    assert!(
        out.contains(&format!("blessed {}\n", good.display())),
        "{out}"
    );
    assert!(
        out.ends_with("2 fixtures: 1 the same, 1 of them blessed, 1 not.\n"),
        "{out}"
    );
    // Byte for byte: nothing but the envelope is written anew, and everything in one form.
    let original = fs::read(Fixture::named("get_user/success").path).unwrap();
    assert_eq!(fs::read(&good).unwrap(), original);
    assert_eq!(fs::read(&bad).unwrap(), before);
    assert_eq!(replay(&["--filter", "success"], &scratch.0).0, 0);
}

#[test]
fn replay_bless_fills_in_the_envelope_of_a_new_fixture() {
    let scratch = Scratch::new("replay-new");
    let mut json = Fixture::named("get_user/success").json;
    let wanted = json.as_object_mut().unwrap().remove("envelope");
    let path = scratch.0.join("new.json");
    fs::write(&path, json.to_string()).unwrap();
    let (exit, out) = replay(&[], &scratch.0);
    assert!(exit == 1 && out.contains("there is none"), "{out}");
    assert_eq!(replay(&["--bless"], &scratch.0).0, 0);
    let written: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(written.get("envelope"), wanted.as_ref());
}

#[cfg(unix)]
#[test]
fn replay_bless_writes_through_no_link() -> io::Result<()> {
    use std::os::unix::fs::symlink;
    let (inside, outside) = (
        Scratch::new("replay-inside"),
        Scratch::new("replay-outside"),
    );
    let copy = outside.copy(
        "get_user/success",
        "\"message\": \"Found",
        "\"message\": \"Lost",
    );
    let victim = outside.0.join("victim.json");
    fs::rename(copy, &victim)?;
    let before = fs::read(&victim)?;
    let twin = inside.0.join("twin.json");
    symlink(&outside.0, inside.0.join("directory"))?;
    symlink(&victim, inside.0.join("file.json"))?;
    fs::hard_link(&victim, &twin)?;

    // Links below the path are passed over; the hard link becomes a file of its own.
    let (exit, out) = replay(&["--bless"], &inside.0);
    assert_eq!(exit, 0, "{out}");
    assert!(
        out.contains("1 fixture, all the same, 1 of them blessed"),
        "{out}"
    );
    assert_ne!(fs::read(&twin)?, before);
    assert_eq!(fs::read(&victim)?, before);

    // A path that is a link itself, or leads through one, is not written either.
    for path in ["directory", "file.json", "directory/victim.json"] {
        let (exit, out, error) = replay_with(&["--bless"], &inside.0.join(path));
        assert_ne!(exit, 0, "{path}: {out}");
        assert!(
            format!("{out}{error}").contains("symbolic link"),
            "{path}: {out}{error}"
        );
        assert_eq!(fs::read(&victim)?, before, "{path}");
        assert_eq!(
            replay_with(&[], &inside.0.join(path)).0,
            1,
            "{path} is read all the same"
        );
    }
    assert_eq!(
        fs::read_dir(&inside.0)?.count(),
        3,
        "nothing is left behind"
    );
    Ok(())
}

#[test]
fn replay_of_a_path_that_is_no_fixture_is_a_usage_error() {
    let scratch = Scratch::new("replay-none");
    fs::write(scratch.0.join("notes.txt"), "{}").unwrap();
    let other = directory().join("../../schemas/request.json");
    for path in [
        scratch.0.join("absent"),
        scratch.0.clone(),
        scratch.0.join("notes.txt"),
        other,
    ] {
        let (exit, out, error) = replay_with(&[], &path);
        assert_eq!((exit, out.as_str()), (2, ""), "{}", path.display());
        assert!(error.starts_with("error: "), "{error}");
    }
    let (exit, out) = replay(&["--filter", "no such case"], &directory());
    assert_eq!(exit, 1);
    assert!(out.contains("No fixture has"), "{out}");
}

#[test]
fn replay_goes_on_after_a_broken_fixture() {
    let scratch = Scratch::new("replay-broken");
    scratch.copy("get_user/success", "\"exchanges\"", "\"exchange\"");
    scratch.copy("get_user/not_found", "{", "[");
    scratch.copy("get_user/missing_scope", "{", "{");
    let (exit, out) = replay(&[], &scratch.0);
    assert_eq!(exit, 1);
    assert!(out.contains("unknown field `exchange`"), "{out}");
    assert!(out.ends_with("3 fixtures: 1 the same, 2 not.\n"), "{out}");
}

#[cfg(unix)]
#[test]
fn replay_ends_at_a_signal_even_when_nobody_reads_what_it_prints() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    // More than a pipe holds, so that printing waits.
    let scratch = Scratch::new("replay-signal");
    let text = fs::read(Fixture::named("get_user/not_found").path).unwrap();
    for number in 0..700 {
        let name = format!("{number:0>100}.json");
        fs::write(scratch.0.join(name), &text).unwrap();
    }
    let mut command = program();
    let mut child = command.arg("replay").arg(&scratch.0).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));

    let since = Instant::now();
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
    let status = child.wait().unwrap();
    assert!(!status.success());
    assert!(since.elapsed().as_millis() < 1000, "{:?}", since.elapsed());
}
