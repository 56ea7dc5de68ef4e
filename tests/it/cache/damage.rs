//! Files and disks that are not as they were left: each costs one token, and no run.

use crate::cache::scratch::{Scratch, ask, at, clock, standard, token};
use crate::harness::SECRET;
use std::fs::{File, Permissions, read, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use zoom_runner::protocol::resource::Resource;
use zoom_runner::protocol::secret::Secret;
use zoom_runner::zoom::token::TokenStore;
use zoom_runner::zoom::token_cache::seal::Key;

/// After `damage` to the kept file, the next run mints, and the one after that finds a token again.
fn heals(damage: impl FnOnce(&Path)) {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    damage(&scratch.file("token"));
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "two"),
        ("two".to_owned(), false)
    );
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "unused"),
        ("two".to_owned(), true)
    );
}

#[test]
fn damaged_cache_file_is_replaced() {
    heals(|path| write(path, b"").unwrap());
    heals(|path| write(path, &read(path).unwrap()[..50]).unwrap());
    heals(|path| write(path, b"zrt1").unwrap());
    heals(|path| write(path, vec![0x41; 4096]).unwrap());
    heals(|path| {
        let mut bytes = read(path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        write(path, bytes).unwrap();
    });
    heals(|path| std::fs::remove_file(path).unwrap());
}

#[test]
fn huge_cache_file_is_not_read() {
    heals(|path| {
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_len(1 << 40)
            .unwrap()
    });
}

#[test]
fn pipe_in_place_of_the_cache_file_blocks_no_run() {
    heals(|path| {
        std::fs::remove_file(path).unwrap();
        let made = std::process::Command::new("mkfifo")
            .args(["-m", "600"])
            .arg(path)
            .status()
            .unwrap();
        assert!(made.success());
    });
}

#[test]
fn directory_in_place_of_the_cache_file_stops_no_run() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    std::fs::remove_file(scratch.file("token")).unwrap();
    std::fs::create_dir(scratch.file("token")).unwrap();
    set_permissions(scratch.file("token"), Permissions::from_mode(0o700)).unwrap();
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "two"),
        ("two".to_owned(), false)
    );
    assert_eq!(
        std::fs::read_dir(scratch.cache()).unwrap().count(),
        2,
        "something was left behind"
    );
}

#[test]
fn cache_file_of_another_account_is_not_used() {
    let scratch = Scratch::new();
    let store = scratch.store(&clock(0));
    let other = Resource {
        account_id: "other".to_owned(),
        ..standard()
    };
    store.keep(&other, &token("theirs", at(0)));
    let theirs = scratch
        .cache()
        .join(format!("{}.token", Key::of(&other).name()));
    std::fs::rename(theirs, scratch.file("token")).unwrap();
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "ours"),
        ("ours".to_owned(), false)
    );
}

#[test]
fn cache_lookup_with_another_secret_finds_nothing() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    let rotated = Resource {
        client_secret: Secret::new("rotated".to_owned()),
        ..standard()
    };
    let mut bytes = read(scratch.file("token")).unwrap();
    assert!(Key::of(&rotated).open(&mut bytes.clone()).is_none());
    assert_eq!(
        Key::of(&standard())
            .open(&mut bytes)
            .unwrap()
            .token
            .secret
            .reveal(),
        "one"
    );
}

#[test]
fn unwritable_cache_stops_no_run() {
    let scratch = Scratch::new();
    write(scratch.cache(), b"a file").unwrap();
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
    let below = zoom_runner::zoom::token_cache::location::Directory {
        path: scratch.cache().join("below"),
        named: true,
    };
    let store =
        zoom_runner::zoom::token_cache::cache::TokenCache::new(Some(Box::new(below)), clock(0));
    assert_eq!(
        ask(&store, None, &clock(0), "two"),
        ("two".to_owned(), false)
    );
    // The process still shares within itself.
    assert_eq!(
        ask(&store, None, &clock(0), "three"),
        ("two".to_owned(), true)
    );

    let scratch = Scratch::new();
    std::fs::create_dir(scratch.cache()).unwrap();
    set_permissions(scratch.cache(), Permissions::from_mode(0o500)).unwrap();
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
}

#[test]
fn token_too_long_to_cache_is_used_and_leaves_no_older_one() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    let mut long = token("two", at(0));
    long.scope = Some("x".repeat(300_000));
    scratch.store(&clock(0)).keep(&standard(), &long);
    assert!(!scratch.file("token").exists());
}

#[test]
fn cache_entry_holds_all_scopes() {
    let scratch = Scratch::new();
    let mut long = token("one", at(0));
    long.scope = Some("user:read:user:admin ".repeat(3_000));
    scratch.store(&clock(0)).keep(&standard(), &long);
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "unused"),
        ("one".to_owned(), true)
    );
}

#[test]
fn cache_file_names_and_contents_reveal_nothing() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "canary-token");
    for entry in std::fs::read_dir(scratch.cache()).unwrap() {
        let entry = entry.unwrap();
        let bytes = [
            entry.file_name().as_encoded_bytes(),
            &read(entry.path()).unwrap(),
        ]
        .concat();
        for word in [
            SECRET,
            "canary-token",
            "account",
            "user:read",
            "zoom.us",
            "expires",
        ] {
            assert!(
                !bytes
                    .windows(word.len())
                    .any(|window| window == word.as_bytes()),
                "{word} in {entry:?}"
            );
        }
    }
}
