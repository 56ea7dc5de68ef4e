//! The report as Markdown, and its way into the project. Measures nothing.

use super::instructions::{Counted, FILE};
use super::rows::Table;
use anyhow::{Context, Result};
use std::path::Path;

/// Where the table stands in docs/benchmarks.md.
const START: &str = "<!-- numbers -->";
const END: &str = "<!-- end numbers -->";

/// The text of the report.
pub fn write(table: &Table, counted: &Counted, machine: &str) -> String {
    let rows: String = table
        .rows
        .iter()
        .map(|row| {
            let word = match row.reached {
                Some(true) => "reached",
                Some(false) => "**missed**",
                None => "-",
            };
            format!(
                "| {} | {} | {} | {word} |\n",
                row.what, row.measured, row.reach
            )
        })
        .collect();
    format!(
        "# Numbers\n\nBy `make bench`, in one run on one machine: {machine}\n\n<!-- table -->\n\
         | what | measured | reach | |\n|---|---|---|---|\n{rows}<!-- end table -->\n\n\
         Programs run in turns; shares are medians over the rounds. curl trusts one certificate \
         only, which is its best case; Python trusts what requests brings along and connects for each call, as platforms' \
         actions do, save where it says otherwise. CPU and memory are those of the whole process.\n\n```\n{counted}\n```\n"
    )
}

/// Puts the last report, its chart, its counts and its table into the project.
pub fn keep(directory: &Path, root: &Path) -> Result<()> {
    let read = |name: &str| {
        let path = directory.join(name);
        std::fs::read_to_string(&path)
            .with_context(|| format!("{} is not there: run `make bench`", path.display()))
    };
    let report = read("report.md")?;
    std::fs::write(root.join("tests/bench/report.md"), &report)?;
    std::fs::write(root.join("docs/pictures/chart.svg"), read("chart.svg")?)?;
    if let Ok(counts) = read("instructions.json") {
        std::fs::write(root.join(FILE), counts)?;
    }
    let table = between(&report, "<!-- table -->", "<!-- end table -->")
        .context("the report has no table")?;
    let page = std::fs::read_to_string(root.join("docs/benchmarks.md"))?;
    let (above, rest) = page
        .split_once(START)
        .context("docs/benchmarks.md has no place for the table")?;
    let (_, below) = rest
        .split_once(END)
        .context("docs/benchmarks.md has no end of the table")?;
    std::fs::write(
        root.join("docs/benchmarks.md"),
        format!("{above}{START}{table}{END}{below}"),
    )?;
    Ok(())
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}
