//! Wider than one process: batch under engines that exist. Tests that need an
//! engine are ignored; `make test-all` runs them, and `PYTHON` names the Python whose packages count.

mod commands;
mod engines;
mod job;
mod shard;

use crate::harness::Zoom;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's directory.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A directory of a test's own, gone at its end.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// With the resource that reaches `zoom`, and `count` reads without a resource.
    pub fn new(name: &str, zoom: &Zoom, count: usize) -> Self {
        let path =
            std::env::temp_dir().join(format!("zoom-runner-wide-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join("resource.json"), zoom.resource().to_string()).unwrap();
        let line = |number: usize| json!({"action": "get_user", "parameters": {"user_id": format!("u{number}")}, "id": number});
        let lines: String = (0..count)
            .map(|number| format!("{}\n", line(number)))
            .collect();
        std::fs::write(path.join("requests.jsonl"), lines).unwrap();
        Self(path)
    }

    /// A command that runs here, finds the program, and keeps its tokens here too.
    pub fn command(&self, program: &str) -> Command {
        let own = Path::new(env!("CARGO_BIN_EXE_zoom-runner"))
            .parent()
            .unwrap();
        let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(program);
        let cache = self.0.join("tokens");
        command
            .current_dir(&self.0)
            .env("PATH", path)
            .env("ZOOM_RUNNER_TOKEN_CACHE", cache)
            .env("HOME", &self.0);
        for name in [
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "RUST_LOG",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Returns the text of a file here.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Envelopes, one per line.
pub fn envelopes(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The ids of the envelopes that tell of a success, sorted.
pub fn succeeded(envelopes: &[Value]) -> Vec<u64> {
    let ids = envelopes
        .iter()
        .filter(|line| line["status"] == "success")
        .map(|line| line["id"].as_u64().unwrap());
    let mut ids: Vec<u64> = ids.collect();
    ids.sort_unstable();
    ids
}

/// The Python whose packages count.
pub fn python() -> String {
    std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned())
}
