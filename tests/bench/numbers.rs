//! `make bench`: measures what ships beside curl and Python, in one run on one machine, and writes a report and a chart.
//! The only file of the bench that knows the order of things.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people to look at"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "it measures time and starts programs: that is what it is for"
)]

mod chart;
mod distance;
mod instructions;
mod launch;
mod machine;
mod peers;
mod report;
mod rows;
mod statistics;
mod zoom;

use anyhow::{Context, Result, bail};
use instructions::Verdict;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == launch::FLAG) {
        return launch::main(&arguments);
    }
    let asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let directory = root.join("target/bench");
    if asked("--keep") {
        return report::keep(&directory, &root).map(|()| ExitCode::SUCCESS);
    }
    let program = root.join("target/bench/zoom-runner");
    if !program.is_file() {
        bail!("{} is not there: run `make build`", program.display());
    }
    std::fs::create_dir_all(&directory)?;
    let bench = Bench { program, directory };
    let counted = instructions::count(&bench, &root.join(instructions::FILE))?;
    println!("{counted}");
    if !asked("--instructions") {
        let table = rows::all(&bench, &counted)?;
        let report = report::write(&table, &counted, &machine::here(&bench.program));
        std::fs::write(bench.directory.join("report.md"), &report)?;
        std::fs::write(bench.directory.join("chart.svg"), chart::draw(&table))?;
        println!(
            "\n{report}\nWritten to {}; `make bench-keep` puts it into the project.",
            bench.directory.display()
        );
    }
    Ok(if counted.verdict == Verdict::Grown {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What is measured, and where its files go.
struct Bench {
    program: PathBuf,
    directory: PathBuf,
}

impl Bench {
    /// Writes a file of the bench's and answers with its path.
    fn file(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.directory.join(name);
        std::fs::write(&path, text)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    }

    /// An empty directory that is open to its owner only.
    fn private(&self, name: &str) -> Result<PathBuf> {
        use std::os::unix::fs::DirBuilderExt;
        let path = self.directory.join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    fn program(&self) -> &Path {
        &self.program
    }
}
