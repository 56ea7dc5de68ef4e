//! The replay door: fixtures run again without a network, and where they come to something else it is shown. Knows how fixtures are found and told about.
//!
//! Child: `fixture` (one of them: its files, its run, what differs).

mod fixture;

use std::io::Write;
use std::path::{Path, PathBuf};

pub use fixture::{ENVELOPE, EXCHANGES, REQUEST, Replayed, kept, play};

/// What to replay, and how.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Fixtures (directories with request.json, exchanges.json and envelope.json), or directories that hold some.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only the fixtures whose path holds TEXT.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Accept what comes out: write it as the envelope that is expected from now on.
    #[arg(long)]
    pub bless: bool,
}

/// Runs every fixture that `options` mean, in the order of their paths.
#[must_use]
pub fn run(options: &Options) -> Vec<Replayed> {
    let wanted = |path: &Path| {
        options
            .filter
            .as_ref()
            .is_none_or(|text| path.to_string_lossy().contains(text.as_str()))
    };
    let mut replayed = Vec::new();
    for path in &options.paths {
        let mut found = Vec::new();
        match fixture::find(path, &mut found) {
            Ok(()) => {
                found.sort();
                for path in found.into_iter().filter(|path| wanted(path)) {
                    replayed.push(fixture::replay(path, options.bless));
                }
            }
            Err(error) => replayed.push(Replayed {
                path: path.clone(),
                differences: vec![format!("it cannot be read: {error}")],
                blessed: false,
            }),
        }
    }
    replayed
}

/// Runs the fixtures and tells `out` of each: a line, and under it what differs; at the end the numbers. Answers with
/// the exit code: 1 when something differs or nothing was found.
pub fn serve(options: &Options, mut out: impl Write) -> u8 {
    let replayed = run(options);
    // Nobody may be reading; the exit code tells all the same.
    let _ = tell(options, &replayed, &mut out);
    u8::from(replayed.is_empty() || replayed.iter().any(|one| !one.differences.is_empty()))
}

fn tell(options: &Options, replayed: &[Replayed], out: &mut impl Write) -> std::io::Result<()> {
    for one in replayed {
        let word = match (one.differences.is_empty(), one.blessed) {
            (false, _) => "DIFFERS",
            (true, true) => "blessed",
            (true, false) => "same",
        };
        writeln!(out, "{word:<8}{}", one.path.display())?;
        for line in one
            .differences
            .iter()
            .flat_map(|difference| difference.lines())
        {
            writeln!(out, "          {line}")?;
        }
    }
    let differ = replayed
        .iter()
        .filter(|one| !one.differences.is_empty())
        .count();
    let blessed = replayed.iter().filter(|one| one.blessed).count();
    let blessed = if blessed == 0 {
        String::new()
    } else {
        format!(", {blessed} of them blessed")
    };
    match (replayed.len(), differ) {
        (0, _) => match &options.filter {
            Some(text) => writeln!(out, "No fixture has {text:?} in its path."),
            None => writeln!(
                out,
                "No fixture was found: a fixture is a directory with a request.json."
            ),
        },
        (all, 0) => writeln!(out, "{}, all the same{blessed}.", number(all)),
        (all, _) => writeln!(
            out,
            "{}: {} the same{blessed}, {differ} not.",
            number(all),
            all - differ
        ),
    }?;
    out.flush()
}

fn number(fixtures: usize) -> String {
    if fixtures == 1 {
        "1 fixture".to_owned()
    } else {
        format!("{fixtures} fixtures")
    }
}
