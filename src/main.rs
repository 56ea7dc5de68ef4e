//! argv to a door, a door to an exit code. The only file that ends the process.

use std::process::ExitCode;
use zoom_runner::cli;

fn main() -> ExitCode {
    ExitCode::from(cli::main())
}
