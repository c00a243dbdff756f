//! Payments a second with each store, by one process and by eight, at a server that takes five milliseconds for each: what
//! a busy shop gets, and whether all its processes get the same.

use std::env;
use std::io::Write;

use bayar_sandbox::Sandbox;

use crate::place::Place;
use crate::rounds::{Spread, rounds_wanted};
use crate::shop::{Problem, Shop, sandbox, setting};
use crate::team::{self, Orders, Together};
use crate::worker::Task;

const ROUNDS: usize = 7;
const PROCESSES: [usize; 2] = [1, 8];
const DELAY_MS: u64 = 5;
const ORDERS: Orders = Orders { task: Task::Pay, most: usize::MAX, milliseconds: 2_500 };

/// Where one store's payments are made.
struct Side {
    name: &'static str,
    shops: Vec<Shop>,
    results: Vec<Vec<Together>>,
}

pub(crate) fn measure(out: &mut impl Write, place: &Place) -> Result<(), Problem> {
    let rounds = rounds_wanted(ROUNDS)?;
    let most = PROCESSES.into_iter().max().unwrap_or(1);
    let sandboxes: Vec<Sandbox> = (0..most + 2).map(|_| sandbox()).collect::<Result<_, _>>()?;
    let [for_file, for_postgres, for_memory @ ..] = sandboxes.as_slice() else { return Err("No sandbox.".into()) };
    let shared = |sandbox: &Sandbox, journal: &str| {
        (0..most).map(|_| Shop::at(place, sandbox, Some(journal.to_owned()))).collect::<Result<Vec<_>, _>>()
    };
    // Without a journal in common each process has a token of its own, and at one DOKU they would throw each other out.
    let own = for_memory.iter().map(|sandbox| Shop::at(place, sandbox, None)).collect::<Result<Vec<_>, _>>()?;
    let file = setting(&place.fresh_journal("stores.db"));
    let side = |name, shops| Side { name, shops, results: PROCESSES.map(|_| Vec::new()).into() };
    let mut sides = vec![side("memory", own), side("SQLite", shared(for_file, &file)?)];
    match env::var("BAYAR_BENCH_POSTGRES") {
        Ok(url) => {
            let shops = shared(for_postgres, &url)?;
            shops.first().ok_or("No shop.")?.client()?.create_journal()?;
            sides.push(side("PostgreSQL", shops));
        }
        Err(_) => writeln!(out, "\nBAYAR_BENCH_POSTGRES names no database: PostgreSQL is not measured.")?,
    }
    sandboxes.iter().for_each(|sandbox| sandbox.set_delay_ms(DELAY_MS));

    let run_id = run_id();
    for round in 0..rounds {
        for side in &mut sides {
            for (processes, results) in PROCESSES.into_iter().zip(&mut side.results) {
                let shops = side.shops.get(..processes).unwrap_or_default();
                results.push(team::work(shops, &ORDERS, &format!("{run_id}-{round}-{processes}"))?);
            }
        }
    }
    show(out, rounds, &sides)?;
    must_agree(&sides, &sandboxes)
}

fn show(out: &mut impl Write, rounds: usize, sides: &[Side]) -> Result<(), Problem> {
    writeln!(
        out,
        "\nPayments at a server that takes {DELAY_MS} ms for each; medians of {rounds} rounds (least to most)"
    )?;
    let columns = ["store", "processes", "payments a second", "of memory's", "least and most share", "worst wait, ms"];
    let [store, processes, a_second, of, shares, worst] = columns;
    writeln!(out, "{store:<11} {processes:<9} {a_second:<24} {of:<22} {shares:<22} {worst}")?;
    for (at, processes) in PROCESSES.into_iter().enumerate() {
        let memory = sides.first().and_then(|side| side.results.get(at)).ok_or("No figures.")?;
        for side in sides {
            let results = side.results.get(at).ok_or("No figures.")?;
            let spread = |pick: fn(&Together) -> f64| Spread::of(results.iter().map(pick));
            let a_second = format!("{:.0}", spread(|result| result.a_second));
            let of = Spread::of(results.iter().zip(memory).map(|(ours, theirs)| ours.a_second / theirs.a_second));
            let (least, most) = (spread(|result| result.least_share), spread(|result| result.most_share));
            let shares = format!("{:.2} and {:.2}", least.median(), most.median());
            let of = format!("{of:.2}");
            let worst = spread(|result| result.worst_ms);
            writeln!(out, "{:<11} {processes:<9} {a_second:<24} {of:<22} {shares:<22} {worst:.1}", side.name)?;
        }
    }
    Ok(())
}

/// Every payment that was counted was made, and no other.
fn must_agree(sides: &[Side], sandboxes: &[Sandbox]) -> Result<(), Problem> {
    let counted = |side: &Side| side.results.iter().flatten().map(|result| result.count).sum::<usize>();
    let warm = |side: &Side| side.results.first().map_or(0, Vec::len) * PROCESSES.into_iter().sum::<usize>();
    let asked: usize = sides.iter().map(|side| counted(side) + warm(side)).sum();
    let made: u64 = sandboxes.iter().map(|sandbox| sandbox.counts().payments_made).sum();
    match usize::try_from(made)? == asked {
        true => Ok(()),
        false => Err(format!("{asked} payments were asked for, and {made} were made.").into()),
    }
}

/// A journal that outlives the run must not know its references.
fn run_id() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    format!("B{}", since.as_secs())
}
