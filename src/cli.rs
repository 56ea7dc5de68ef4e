//! The command line: which door was asked for. Knows every door's flags and none of their work.

use crate::door;
use crate::run::supervise::{Signals, quiet_panics};
use std::ffi::OsString;

/// Runs the program; answers with the exit code.
#[must_use]
pub fn main() -> u8 {
    quiet_panics();
    let signals = Signals::catch();
    start_log();
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    // The platform's way in: nothing else is set up for it.
    if arguments.is_empty() {
        return stdin(&signals);
    }
    2
}

fn stdin(signals: &Signals) -> u8 {
    door::stdin::serve(door::engine(), std::io::stdin(), stdout(), signals)
}

#[expect(clippy::disallowed_methods, reason = "this is where the doors get it from")]
fn stdout() -> std::io::Stdout {
    std::io::stdout()
}

/// Logs for humans on stderr, when `RUST_LOG` asks for them.
fn start_log() {
    #[expect(clippy::disallowed_methods, reason = "the logger's own variable")]
    if std::env::var_os("RUST_LOG").is_some() {
        env_logger::init();
    }
}
