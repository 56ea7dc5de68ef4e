//! Medians of runs, and how two programs compare that ran in turns. Knows numbers only.

use super::launch::{Launch, Taken};
use anyhow::Result;

/// The middle of `numbers`, or between the two in the middle; 0 of none.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    match (
        numbers.len() % 2,
        numbers.get(half.saturating_sub(1)),
        numbers.get(half),
    ) {
        (0, Some(low), Some(high)) => f64::midpoint(*low, *high),
        (_, _, Some(middle)) => *middle,
        _ => 0.0,
    }
}

/// The runs of one program, in their order.
#[derive(Clone, Debug, Default)]
pub struct Runs(pub Vec<Taken>);

impl Runs {
    /// The median wall time, seconds.
    pub fn system_time(&self) -> f64 {
        self.median(|taken| taken.wall)
    }

    /// The median peak of memory, bytes.
    pub fn memory(&self) -> f64 {
        self.median(|taken| taken.memory)
    }

    fn median(&self, of: impl Fn(&Taken) -> f64) -> f64 {
        median(self.0.iter().map(of).collect())
    }

    /// The median over the rounds of what this took as a share of what `other` took in the same round: what disturbs
    /// the machine disturbs both.
    pub fn share(&self, other: &Self, of: impl Fn(&Taken) -> f64) -> f64 {
        median(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(own, other)| of(own) / of(other))
                .collect(),
        )
    }
}

/// Runs the programs in turns, `rounds` times each, after one round that does not count.
pub fn in_turns<const N: usize>(programs: [&Launch; N], rounds: usize) -> Result<[Runs; N]> {
    let mut all: [Runs; N] = std::array::from_fn(|_| Runs::default());
    for program in programs {
        program.run()?;
    }
    for _ in 0..rounds {
        for (program, runs) in programs.iter().zip(&mut all) {
            runs.0.push(program.run()?);
        }
    }
    Ok(all)
}
