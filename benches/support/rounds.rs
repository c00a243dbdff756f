//! Measuring on a noisy machine: two things take turns round by round, and what counts is the ratio within each round,
//! so that whatever slows the machine down hits both.

#![allow(dead_code)] // Each benchmark uses what it needs.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

/// The median of a figure over all rounds, and how far it strayed.
pub(crate) struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        Self { median: at(values.len() / 2), least: at(0), most: at(values.len().saturating_sub(1)) }
    }

    pub(crate) fn median(&self) -> f64 {
        self.median
    }
}

/// `1.234 (0.987 to 2.345)`, with the precision that was asked for.
impl fmt::Display for Spread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = out.precision().unwrap_or(2);
        let Self { median, least, most } = self;
        write!(out, "{median:.digits$} ({least:.digits$} to {most:.digits$})")
    }
}

/// One round of both: the two figures stand next to each other in time.
#[derive(Clone, Copy)]
pub(crate) struct Round {
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
}

/// How much of `theirs` ours takes, paired round by round.
pub(crate) fn ratio(rounds: &[Round]) -> Spread {
    Spread::of(rounds.iter().map(|round| round.ours / round.theirs))
}

pub(crate) fn ours(rounds: &[Round]) -> Spread {
    Spread::of(rounds.iter().map(|round| round.ours))
}

pub(crate) fn theirs(rounds: &[Round]) -> Spread {
    Spread::of(rounds.iter().map(|round| round.theirs))
}

/// Microseconds a call of both, `calls` at a time in turn. One round before the first is thrown away.
pub(crate) fn take_turns<A, B>(
    rounds: usize,
    calls: u32,
    mut ours: impl FnMut() -> A,
    mut theirs: impl FnMut() -> B,
) -> Vec<Round> {
    let mut round = || Round { ours: time(calls, &mut ours), theirs: time(calls, &mut theirs) };
    round();
    (0..rounds).map(|_| round()).collect()
}

/// Microseconds a call.
fn time<A>(calls: u32, what: &mut impl FnMut() -> A) -> f64 {
    let begun = Instant::now();
    for _ in 0..calls {
        black_box(what());
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

/// Whether this is `cargo bench`; `cargo test --all-targets` runs benchmarks too, but wants no figures.
pub(crate) fn wanted() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// How many rounds: so many, or as many as `BAYAR_BENCH_ROUNDS` says.
pub(crate) fn rounds_wanted(usual: usize) -> Result<usize, std::num::ParseIntError> {
    std::env::var("BAYAR_BENCH_ROUNDS").map_or(Ok(usual), |text| text.parse())
}
