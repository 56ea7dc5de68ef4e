//! Instructions of whole runs, as valgrind's callgrind counts them, against the figures in the project. They vary by less than a percent, where times vary by tens.

use super::Bench;
use super::launch::Launch;
use super::zoom::Zoom;
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

/// The figures that counts are compared with.
pub const FILE: &str = "tests/bench/instructions.json";
/// How much more than its figure a count may be.
const ROOM: f64 = 1.03;

/// How counts and figures compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// None is beyond its room.
    Fine,
    /// One is: the bench fails.
    Grown,
    /// Nothing was counted, or there is nothing to compare with.
    Unknown,
}

/// Counts, and what they came to.
pub struct Counted {
    pub counts: Map<String, Value>,
    pub lines: Vec<String>,
    pub verdict: Verdict,
}

impl Counted {
    /// The count called `name`.
    pub fn of(&self, name: &str) -> Option<f64> {
        self.counts.get(name)?.as_f64()
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}

/// Counts; writes the counts beside the report.
pub fn count(bench: &Bench, figures: &Path) -> Result<Counted> {
    let (mut counts, mut lines, mut verdict) = (Map::new(), Vec::new(), Verdict::Unknown);
    // Those of an earlier run are another program's.
    let _ = std::fs::remove_file(bench.directory.join("instructions.json"));
    if !Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        lines.push(
            "Instructions: skipped, valgrind is not installed (apt-get install valgrind)."
                .to_owned(),
        );
        return Ok(Counted {
            counts,
            lines,
            verdict,
        });
    }
    let zoom = Zoom::start(bench, 10_000, 0)?;
    let resource = zoom.resource(&zoom.addresses());
    let cache = bench.private("tokens-counted")?;
    let request = |name: &str, action: &str, parameters: Value| {
        bench.file(
            name,
            &json!({"action": action, "parameters": parameters, "resource": resource}).to_string(),
        )
    };
    let refused = bench.file("refused.json", "{\"action\": \"get_user\", ")?;
    let missing = request("missing.json", "get_user", json!({}))?;
    let get = request(
        "get_user.json",
        "get_user",
        json!({"user_id": "jane@example.com"}),
    )?;
    let list = request("list_users.json", "list_users", json!({}))?;
    let ours = Launch::new(bench.program(), &[]);
    ours.clone()
        .reading(&get)
        .with("ZOOM_RUNNER_TOKEN_CACHE", &cache)
        .run()?;
    let off = Path::new("off");
    for (name, input, tokens, exit) in [
        ("refused", refused, off, 2),
        ("parameter_missing", missing, off, 2),
        ("get_user_fresh", get.clone(), off, 0),
        ("get_user_cached", get, &cache, 0),
        ("list_users_10000", list, off, 0),
    ] {
        let mut found: Vec<u64> = Vec::new();
        for _ in 0..3 {
            found.push(callgrind(bench, &input, tokens, exit)?);
        }
        // Waiting makes a run longer and nothing makes it shorter.
        counts.insert(name.to_owned(), json!(found.iter().min()));
    }
    bench.file(
        "instructions.json",
        &format!("{:#}\n", Value::Object(counts.clone())),
    )?;
    let known: Map<String, Value> = std::fs::read_to_string(figures)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    for (name, count) in &counts {
        let (count, before) = (
            count.as_f64().unwrap_or_default(),
            known.get(name).and_then(Value::as_f64),
        );
        let Some(before) = before else {
            lines.push(format!(
                "{name}: {:.3} M instructions, no figure to compare with",
                count / 1e6
            ));
            continue;
        };
        let grown = count > before * ROOM;
        if verdict != Verdict::Grown {
            verdict = if grown { Verdict::Grown } else { Verdict::Fine };
        }
        let word = if grown {
            ": MORE THAN 3 % TOO MANY"
        } else {
            ""
        };
        lines.push(format!(
            "{name}: {:.3} M instructions, {:+.2} %{word}",
            count / 1e6,
            (count / before - 1.0) * 100.0
        ));
    }
    Ok(Counted {
        counts,
        lines,
        verdict,
    })
}

/// Counts one run, which has to end with `exit`: another one's count would mean nothing.
fn callgrind(bench: &Bench, input: &Path, tokens: &Path, exit: i32) -> Result<u64> {
    let file = bench.directory.join("callgrind.out");
    let mut command = Command::new("valgrind");
    command
        .args(["-q", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", file.display()));
    command
        .arg(bench.program())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
        .env("ZOOM_RUNNER_TOKEN_CACHE", tokens)
        .stdin(std::fs::File::open(input)?)
        .stdout(Stdio::null());
    let ended = command.stderr(Stdio::null()).status()?;
    ensure!(
        ended.code() == Some(exit),
        "{} ended with {ended}, not with {exit}",
        input.display()
    );
    let text = std::fs::read_to_string(&file)?;
    let total = text.lines().rev().find_map(|line| {
        line.strip_prefix("totals: ")
            .or_else(|| line.strip_prefix("summary: "))
    });
    total
        .context("callgrind gave no total")?
        .trim()
        .parse()
        .context("callgrind's total is no number")
}
