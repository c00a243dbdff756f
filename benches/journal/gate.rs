//! Eight processes that do nothing but write the journal, for four seconds: whether they get equal shares, and how long the
//! unluckiest write waited. Beside it the same commits straight on SQLite, without the journal's gate.

use std::io::Write;

use crate::fill::{Copies, OPEN, done, fill, filler};
use crate::place::Place;
use crate::rounds::{Spread, rounds_wanted};
use crate::server::{Scheme, Server};
use crate::shop::{Problem, Shop, pay, setting};
use crate::team::{self, Orders, Together, prefix};
use crate::worker::Task;

const ROUNDS: usize = 5;
const MILLISECONDS: u64 = 4_000;
/// For each process; more than one can close in that time.
const RECORDS: usize = 30_000;
const TEMPLATE: &str = "TEMPLATE";

pub(crate) fn measure(out: &mut impl Write, place: &Place) -> Result<(), Problem> {
    let rounds = rounds_wanted(ROUNDS)?;
    let server = Server::start(Scheme::Http)?;
    let mut kinds: [(&str, Task, usize, Vec<Together>); 4] = [
        ("with the gate", Task::Resolve, 1, Vec::new()),
        ("SQLite alone", Task::Bare, 1, Vec::new()),
        ("with the gate", Task::Resolve, 8, Vec::new()),
        ("SQLite alone", Task::Bare, 8, Vec::new()),
    ];
    for _ in 0..rounds {
        for (_, task, processes, results) in &mut kinds {
            let journal = setting(&place.fresh_journal("gate.db"));
            let shop = Shop::new(place, server.base_url.clone(), &server.ca_pem, Some(journal.clone()))?;
            prepare(&shop, &journal, *processes)?;
            let orders = Orders { task: *task, most: RECORDS, milliseconds: MILLISECONDS };
            results.push(team::work(&vec![shop; *processes], &orders, "GATE")?);
        }
    }
    writeln!(out, "\nNothing but commits for {MILLISECONDS} ms; medians of {rounds} rounds in turn (least to most)")?;
    let columns = ["", "processes", "commits a second", "least share", "most share", "worst wait, ms"];
    let [what, processes, a_second, least, most, worst] = columns;
    writeln!(out, "{what:<14} {processes:<9} {a_second:<24} {least:<22} {most:<22} {worst}")?;
    for (name, _, processes, results) in &kinds {
        let spread = |pick: fn(&Together) -> f64| Spread::of(results.iter().map(pick));
        let a_second = format!("{:.0}", spread(|result| result.a_second));
        let least = format!("{:.2}", spread(|result| result.least_share));
        let most = format!("{:.2}", spread(|result| result.most_share));
        let worst = spread(|result| result.worst_ms);
        writeln!(out, "{name:<14} {processes:<9} {a_second:<24} {least:<22} {most:<22} {worst:.1}")?;
    }
    Ok(())
}

/// A journal of open refunds, enough for each process.
fn prepare(shop: &Shop, journal: &str, processes: usize) -> Result<(), Problem> {
    pay(&shop.client()?, TEMPLATE)?;
    let connection = filler(journal)?;
    for at in 0..processes {
        let reference = format!("printf('{}-%07d', i)", prefix("GATE", at));
        let mut others = vec![("kind", "2"), ("original", "t.reference")];
        others.extend(OPEN);
        fill(&connection, &Copies { template: TEMPLATE, count: RECORDS, reference: &reference, others: &others })?;
    }
    done(&connection)
}
