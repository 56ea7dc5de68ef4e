//! Runs the command line and ends the process with its exit code: the only file that does.

use std::process::ExitCode;
use zoom_runner::cli;

fn main() -> ExitCode {
    ExitCode::from(cli::main())
}
