//! Runs one program to its end and measures it whole: wall time, CPU of all its threads and children, peak memory. Knows no program.
//!
//! The system adds a parent's memory to the peak of what it starts, and keeps one sum for all children. So the bench
//! starts itself anew as a small parent for each run; its two MiB are the floor of what can be seen.

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The first argument of the small parent.
pub const FLAG: &str = "--launch";

/// A program with all it needs. Its environment is empty but for `PATH` and what is said here.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// What it reads.
    pub input: PathBuf,
    /// Where its output goes.
    pub output: PathBuf,
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// From its start to its end, seconds.
    pub wall: f64,
    /// CPU time, user and system, seconds.
    pub cpu: f64,
    /// The peak of its resident memory, bytes.
    pub memory: f64,
}

impl Launch {
    /// `program` with `arguments`, reading and writing nothing.
    pub fn new(program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        let command = std::iter::once(program.as_ref().to_string_lossy().into_owned())
            .chain(arguments.iter().map(|argument| (*argument).to_owned()));
        let nowhere = PathBuf::from("/dev/null");
        Self {
            command: command.collect(),
            environment: Vec::new(),
            input: nowhere.clone(),
            output: nowhere,
        }
    }

    /// Reads from `path`.
    pub fn reading(self, path: impl Into<PathBuf>) -> Self {
        Self {
            input: path.into(),
            ..self
        }
    }

    /// Writes to `path`.
    pub fn writing(self, path: impl Into<PathBuf>) -> Self {
        Self {
            output: path.into(),
            ..self
        }
    }

    /// With a variable.
    pub fn with(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment.push((
            name.to_owned(),
            value.as_ref().to_string_lossy().into_owned(),
        ));
        self
    }

    /// Runs it once. It must succeed and leave stderr empty.
    pub fn run(&self) -> Result<Taken> {
        let mut parent = Command::new(std::env::current_exe()?);
        parent
            .arg(FLAG)
            .arg(&self.input)
            .arg(&self.output)
            .args(&self.command);
        parent
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = parent
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .output()?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let name = self.command.join(" ");
        if !output.status.success() || !output.stderr.is_empty() {
            bail!(
                "{name} failed: {told}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let mut numbers = told.split_whitespace().map(str::parse::<f64>);
        let mut next = || {
            numbers
                .next()
                .context("too few numbers")?
                .context("no number")
        };
        Ok(Taken {
            wall: next()?,
            cpu: next()?,
            memory: next()?,
        })
    }
}

/// The small parent: runs the command, then prints what it took.
pub fn main(arguments: &[String]) -> Result<ExitCode> {
    let [_, input, output, program, rest @ ..] = arguments else {
        bail!("too few arguments")
    };
    let mut command = Command::new(program);
    command
        .args(rest)
        .stdin(File::open(input)?)
        .stdout(File::create(output)?);
    let start = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("{program} does not start"))?;
    let wall = start.elapsed();
    if !status.success() {
        println!("{status}");
        return Ok(ExitCode::FAILURE);
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = [usage.user_time(), usage.system_time()].map(|time| {
        Duration::from_secs(time.tv_sec().unsigned_abs())
            + Duration::from_micros(time.tv_usec().unsigned_abs())
    });
    let memory = usage.max_rss() * 1024;
    println!(
        "{} {} {memory}",
        wall.as_secs_f64(),
        cpu.iter().sum::<Duration>().as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}
