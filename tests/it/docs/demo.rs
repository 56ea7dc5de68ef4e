//! `make demo` tells its story in less than 40 lines, with a table at the end.

use std::process::Command;

#[test]
fn demo_contains_a_user_in_less_than_40_lines() {
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--locked",
            "--offline",
            "--example",
            "demo",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("VERBOSE")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");

    assert!(said.lines().count() < 40, "{said}");
    for line in [
        "   Ended and deleted meeting 81555000444.",
        "   NOT applied recording.local_recording: true -> true",
        "   in_meeting.waiting_room: true -> false",
        "5  update_user_settings  not_applied ",
        "6  roll_back             success ",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}
