//! The directory and its files: who may touch them, and what is cleaned up.

use crate::cache::scratch::{Scratch, ask, clock};
use std::fs::{DirBuilder, File, Permissions, create_dir, metadata, set_permissions, write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use zoom_runner::zoom::token_cache::location::Directory;
use zoom_runner::zoom::token_cache::private_dir::PrivateDir;

fn mode(path: &Path) -> u32 {
    metadata(path).unwrap().mode() & 0o7777
}

fn error(path: &Path) -> String {
    PrivateDir::open(&Directory {
        path: path.to_owned(),
        named: true,
    })
    .unwrap_err()
    .to_string()
}

fn private(path: &Path) {
    DirBuilder::new().mode(0o700).create(path).unwrap();
}

#[test]
fn cache_directory_and_files_are_private() {
    let scratch = Scratch::new();
    let place = Directory {
        path: scratch.path().join("a/b"),
        named: true,
    };
    PrivateDir::open(&place)
        .unwrap()
        .write("name", b"x")
        .unwrap();
    assert_eq!(mode(&scratch.path().join("a")), 0o700);
    assert_eq!(mode(&place.path), 0o700);
    assert_eq!(mode(&place.path.join("name.token")), 0o600);
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    assert_eq!(mode(&scratch.cache()), 0o700);
    assert_eq!(mode(&scratch.file("token")), 0o600);
    assert_eq!(mode(&scratch.file("lock")), 0o600);
    assert_eq!(
        std::fs::read_dir(scratch.cache()).unwrap().count(),
        2,
        "something was left behind"
    );
}

#[test]
fn cache_directory_open_to_others_is_refused_and_left_alone() {
    for wide in [0o710, 0o701, 0o750, 0o770, 0o777] {
        let scratch = Scratch::new();
        create_dir(scratch.cache()).unwrap();
        set_permissions(scratch.cache(), Permissions::from_mode(wide)).unwrap();
        assert!(
            error(&scratch.cache()).contains("open to others"),
            "{wide:o}"
        );
        assert_eq!(
            ask(&scratch.store(&clock(0)), None, &clock(0), "one"),
            ("one".to_owned(), false)
        );
        assert_eq!(
            ask(&scratch.store(&clock(0)), None, &clock(0), "two"),
            ("two".to_owned(), false)
        );
        assert_eq!(mode(&scratch.cache()), wide);
        assert_eq!(std::fs::read_dir(scratch.cache()).unwrap().count(), 0);
    }
}

#[test]
fn cache_directory_link_is_not_followed() {
    let scratch = Scratch::new();
    private(&scratch.path().join("real"));
    symlink("real", scratch.cache()).unwrap();
    error(&scratch.cache());
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
    assert_eq!(
        std::fs::read_dir(scratch.path().join("real"))
            .unwrap()
            .count(),
        0
    );
    symlink("nowhere", scratch.path().join("dangling")).unwrap();
    error(&scratch.path().join("dangling"));
}

#[test]
fn cache_directory_of_another_user_is_refused() {
    let scratch = Scratch::new();
    private(&scratch.cache());
    if chown(scratch.cache(), Some(12_345), None).is_err() {
        // Without the right to give files away, any directory of root's is somebody else's.
        assert!(error(Path::new("/usr")).contains("belongs to user 0"));
        return;
    }
    assert!(error(&scratch.cache()).contains("belongs to user 12345"));
    // As root, with the variables of another user: his directory is not spoilt by one of ours.
    let below = |named| Directory {
        path: scratch.cache().join("zoom-runner"),
        named,
    };
    assert!(
        PrivateDir::open(&below(false))
            .unwrap_err()
            .to_string()
            .contains("another user")
    );
    assert!(!below(false).path.exists());
    PrivateDir::open(&below(true)).unwrap();
}

#[test]
fn cache_file_open_to_others_is_replaced_unread() {
    let scratch = Scratch::new();
    let store = || scratch.store(&clock(0));
    ask(&store(), None, &clock(0), "one");
    set_permissions(scratch.file("token"), Permissions::from_mode(0o640)).unwrap();
    assert_eq!(
        ask(&store(), None, &clock(0), "two"),
        ("two".to_owned(), false)
    );
    assert_eq!(mode(&scratch.file("token")), 0o600);
    assert_eq!(
        ask(&store(), None, &clock(0), "unused"),
        ("two".to_owned(), true)
    );
    if chown(scratch.file("token"), Some(12_345), None).is_ok() {
        assert_eq!(
            ask(&store(), None, &clock(0), "three"),
            ("three".to_owned(), false)
        );
    }
}

#[test]
fn cache_file_links_are_not_followed() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    for kind in ["token", "lock"] {
        let target = scratch.path().join(kind);
        std::fs::rename(scratch.file(kind), &target).unwrap();
        symlink(&target, scratch.file(kind)).unwrap();
    }
    let before = std::fs::read(scratch.path().join("token")).unwrap();
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "two"),
        ("two".to_owned(), false)
    );
    assert_eq!(
        std::fs::read(scratch.path().join("token")).unwrap(),
        before,
        "it was written through the link"
    );
    // The new file stands in the link's place; the lock is done without.
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "unused"),
        ("two".to_owned(), true)
    );
}

#[test]
fn new_token_replaces_the_cache_file_as_a_whole() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    let mut old = File::open(scratch.file("token")).unwrap();
    let before = std::fs::read(scratch.file("token")).unwrap();
    ask(&scratch.store(&clock(0)), Some("one"), &clock(0), "two");
    let mut seen = Vec::new();
    std::io::Read::read_to_end(&mut old, &mut seen).unwrap();
    assert_eq!(seen, before);
    assert_ne!(std::fs::read(scratch.file("token")).unwrap(), before);
}

#[test]
fn sweep_removes_only_what_expired_a_day_ago() {
    let scratch = Scratch::new();
    private(&scratch.cache());
    let id = |digit: &str| digit.repeat(64);
    let days = |days: u64| SystemTime::now() - Duration::from_secs(days * 86_400 + 60);
    let file = |name: &str, written: SystemTime| {
        let path = scratch.cache().join(name);
        write(&path, b"x").unwrap();
        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(written)
            .unwrap();
        path
    };
    let gone = [
        file(&format!("{}.token", id("a")), days(2)),
        file(&format!("{}-0123456789abcdef.tmp", id("a")), days(2)),
        file(&format!("{}.lock", id("b")), days(9)),
    ];
    let stay = [
        file(&format!("{}.token", id("c")), days(1)),
        file(&format!("{}.lock", id("c")), days(9)),
        file(&format!("{}.lock", id("d")), days(9)),
        file(&format!("{}-0123456789abcdef.tmp", id("e")), days(0)),
        file("notes.token", days(9)),
        file(&format!("{}.pem", id("a")), days(9)),
        file(&format!("{}-copy.token", id("a")), days(9)),
        file(&format!("{}.token", id("x")), days(9)),
        file(
            &format!("{}.token", id("f")),
            SystemTime::now() + Duration::from_secs(864_000),
        ),
    ];
    let held = File::open(&stay[2]).unwrap();
    held.lock().unwrap();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    for path in &gone {
        assert!(!path.exists(), "{}", path.display());
    }
    for path in &stay {
        assert!(path.exists(), "{}", path.display());
    }
}

#[test]
fn cache_refuses_what_is_no_regular_file() {
    let scratch = Scratch::new();
    let folder = PrivateDir::open(&scratch.place()).unwrap();
    for kind in ["token", "lock"] {
        let pipe = scratch.cache().join(format!("name.{kind}"));
        assert!(
            std::process::Command::new("mkfifo")
                .args(["-m", "600"])
                .arg(pipe)
                .status()
                .unwrap()
                .success()
        );
    }
    assert!(
        folder
            .read("name")
            .unwrap_err()
            .to_string()
            .contains("regular file")
    );
    assert!(
        folder
            .lock("name")
            .unwrap_err()
            .to_string()
            .contains("regular file")
    );
}

#[test]
fn lock_file_swept_before_locking_is_not_held_twice() {
    let scratch = Scratch::new();
    let folder = PrivateDir::open(&scratch.place()).unwrap();
    let inside = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut turns = 0;
                while turns < 100 {
                    let Some(_held) = folder.lock("name").unwrap() else {
                        continue;
                    };
                    assert!(!inside.swap(true, Ordering::SeqCst), "two hold the lock");
                    std::thread::yield_now();
                    inside.store(false, Ordering::SeqCst);
                    // As sweeping does: under the lock, and with nothing left to do.
                    std::fs::remove_file(scratch.cache().join("name.lock")).unwrap();
                    turns += 1;
                }
            });
        }
    });
}
