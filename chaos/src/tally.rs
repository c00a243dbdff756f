//! The figures: what was done to the workers, what became of the money, and what is wrong.

use crate::book::Wrong;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Tally {
    pub(crate) kills_at_random: u64,
    /// By the point of the library.
    pub(crate) kills_at_points: BTreeMap<String, u64>,
    pub(crate) stops: u64,
    pub(crate) calls: u64,
    pub(crate) payments: u64,
    pub(crate) refunds: u64,
    pub(crate) duplicates: u64,
    pub(crate) lost: u64,
    pub(crate) contradictions: u64,
    pub(crate) other_results: u64,
    /// Open in the end where nothing allows it.
    pub(crate) wrongly_open: u64,
    /// Other things that must not be, such as a damaged journal.
    pub(crate) other: u64,
    /// What is open in the end, by what the last call said.
    pub(crate) open: BTreeMap<String, u64>,
    pub(crate) longest_ms: u64,
    /// Calls that the journal did not let through: its disk was full, or others had it.
    pub(crate) without_journal: u64,
    /// Calls that were done and could not be recorded.
    pub(crate) not_recorded: u64,
}

impl Tally {
    pub(crate) fn kills(&self) -> u64 {
        self.kills_at_random + self.kills_at_points.values().sum::<u64>()
    }

    pub(crate) fn wrong(&self) -> u64 {
        self.duplicates + self.lost + self.contradictions + self.other_results + self.wrongly_open + self.other
    }

    pub(crate) fn count(&mut self, wrong: Wrong) {
        *match wrong {
            Wrong::Duplicate => &mut self.duplicates,
            Wrong::Lost => &mut self.lost,
            Wrong::Contradiction => &mut self.contradictions,
            Wrong::OtherResult => &mut self.other_results,
        } += 1;
    }

    pub(crate) fn add(&mut self, more: &Self) {
        for (point, kills) in &more.kills_at_points {
            *self.kills_at_points.entry(point.clone()).or_default() += kills;
        }
        for (why, count) in &more.open {
            *self.open.entry(why.clone()).or_default() += count;
        }
        self.kills_at_random += more.kills_at_random;
        self.stops += more.stops;
        self.calls += more.calls;
        self.payments += more.payments;
        self.refunds += more.refunds;
        self.duplicates += more.duplicates;
        self.lost += more.lost;
        self.contradictions += more.contradictions;
        self.other_results += more.other_results;
        self.wrongly_open += more.wrongly_open;
        self.other += more.other;
        self.without_journal += more.without_journal;
        self.not_recorded += more.not_recorded;
        self.longest_ms = self.longest_ms.max(more.longest_ms);
    }
}

/// All scenarios, in their order, as a table of Markdown; then what is open and where the kills struck.
pub(crate) fn table(rows: &[(String, Tally)]) -> String {
    let mut all = Tally::default();
    rows.iter().for_each(|(_, row)| all.add(row));
    let mut page = String::from(
        "| scenario | kills | stops | calls | payments made | refunds made | duplicates | lost | contradictions | other results | open | wrongly open | other |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let whole = ("**all**".to_owned(), all.clone());
    for (name, row) in rows.iter().chain([&whole]) {
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.kills(),
            row.stops,
            row.calls,
            row.payments,
            row.refunds,
            row.duplicates,
            row.lost,
            row.contradictions,
            row.other_results,
            row.open.values().sum::<u64>(),
            row.wrongly_open,
            row.other,
        );
    }
    let _ = writeln!(page, "\nKilled at a random instant: {}. At a point of the library:", all.kills_at_random);
    for (point, kills) in &all.kills_at_points {
        let _ = writeln!(page, "- `{point}`: {kills}");
    }
    let _ = writeln!(page, "\nOpen in the end, by scenario and what the last call said:");
    for (name, row) in rows {
        for (why, count) in &row.open {
            let _ = writeln!(page, "- {name}: {count} × {why}");
        }
    }
    if all.open.is_empty() {
        let _ = writeln!(page, "- nothing");
    }
    let _ = writeln!(
        page,
        "\nNot let through by the journal: {} calls. Done and not recorded, and found again later: {}. Longest call: {} ms.",
        all.without_journal, all.not_recorded, all.longest_ms
    );
    page
}
