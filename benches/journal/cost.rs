//! What the journal in a file adds to a payment, beside what the disk takes to make 300 bytes last. A payment has two
//! commits, so less than two cannot be.
//!
//! All three take turns: payments with the journal in memory, payments with the one in a file, and appends with a sync to
//! a file in the same folder. The server is on this machine and answers at once, without TLS: what is left of a payment is
//! the same on both sides, and is subtracted.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use bayar::Client;

use crate::place::Place;
use crate::rounds::{Spread, rounds_wanted};
use crate::server::{Scheme, Server};
use crate::shop::{Problem, Shop, pay, setting};
use crate::syncs;

const ROUNDS: usize = 101;
const CALLS: usize = 20;
const APPENDED: [u8; 300] = [b'x'; 300];

pub(crate) fn measure(out: &mut impl Write, place: &Place) -> Result<(), Problem> {
    let rounds = rounds_wanted(ROUNDS)?;
    let server = Server::start(Scheme::Http)?;
    let shop = Shop::new(place, server.base_url.clone(), &server.ca_pem, None)?;
    let memory = shop.client()?;
    let journal = setting(&place.fresh_journal("cost.db"));
    let file = Shop { journal: Some(journal), ..shop }.client()?;
    let mut appended = OpenOptions::new().create(true).append(true).open(place.file("appended"))?;

    let mut figures = Vec::new();
    for round in 0..=rounds {
        let figure = Round {
            memory: each(|call| pay_once(&memory, round, call))?,
            file: each(|call| pay_once(&file, round, call))?,
            append: each(|_| {
                appended.write_all(&APPENDED)?;
                Ok(appended.sync_data()?)
            })?,
        };
        // The first one opens connections and fetches tokens.
        if round > 0 {
            figures.push(figure);
        }
    }
    let spread = |pick: fn(&Round) -> f64| Spread::of(figures.iter().map(pick));
    let all = |pick: fn(&Round) -> &Times| figures.iter().map(|round| pick(round).mean).sum::<f64>();
    let together = (all(|round| &round.file) - all(|round| &round.memory)) / all(|round| &round.append);
    writeln!(
        out,
        "\nA payment beside the disk's sync; medians of {rounds} rounds of {CALLS} each in turn (least to most)"
    )?;
    writeln!(out, "journal's cost / append and sync  {:.2}", spread(Round::cost))?;
    writeln!(out, "  the same of all means           {together:.2}")?;
    writeln!(out, "  an append of 300 bytes, sync    {:.0} µs", spread(|round| round.append.median))?;
    writeln!(out, "  a payment, journal in memory    {:.0} µs", spread(|round| round.memory.median))?;
    writeln!(out, "  a payment, journal in a file    {:.0} µs", spread(|round| round.file.median))?;
    syncs::measure(out, place, &server)
}

fn pay_once(client: &Client, round: usize, call: usize) -> Result<(), Problem> {
    pay(client, &format!("COST-{round:04}-{call:03}"))
}

/// What calls of one kind took within a round, in microseconds.
struct Times {
    median: f64,
    mean: f64,
}

struct Round {
    memory: Times,
    file: Times,
    append: Times,
}

impl Round {
    fn cost(&self) -> f64 {
        (self.file.median - self.memory.median) / self.append.median
    }
}

fn each(mut what: impl FnMut(usize) -> Result<(), Problem>) -> Result<Times, Problem> {
    let times: Result<Vec<f64>, Problem> = (0..CALLS)
        .map(|call| {
            let begun = Instant::now();
            what(call)?;
            Ok(begun.elapsed().as_secs_f64() * 1e6)
        })
        .collect();
    let times = times?;
    let mean = times.iter().sum::<f64>() / CALLS as f64;
    Ok(Times { median: Spread::of(times).median(), mean })
}
