//! Names the machine and the programs of a report. Measures nothing.

use std::path::Path;
use std::process::Command;

/// A sentence about this machine and what `program` was built with.
pub fn here(program: &Path) -> String {
    let first = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(key))
            .unwrap_or("unknown")
            .to_owned();
        line.trim_matches(|c: char| c == ':' || c == '=' || c == '"' || c.is_whitespace())
            .to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let said = |name: &str, arguments: &[&str]| {
        let output = Command::new(name).args(arguments).output().ok();
        let text = output
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
            .unwrap_or_default();
        text.split(" (")
            .next()
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    format!(
        "{} x {}, {}, Linux {}; {}; {}; {}; {}.",
        cores,
        first("/proc/cpuinfo", "model name"),
        first("/etc/os-release", "PRETTY_NAME"),
        said("uname", &["-r"]),
        said(&program.to_string_lossy(), &["--version"]),
        said("rustc", &["--version"]),
        said("curl", &["--version"]),
        said("python3", &["--version"]),
    )
}
