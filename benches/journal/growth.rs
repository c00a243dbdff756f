//! How long start-up, settling and a payment take with ten thousand records in the journal and with a million.
//!
//! The records are spread over 300 days; each twentieth is a refund, and a hundred are open, none of which is due. Every
//! round opens a new client on either journal, so nothing is in SQLite's own cache; the system has the files in its.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use bayar::{Client, RefundRequest, Which};
use bayar_sandbox::{Options, Sandbox};

use crate::fill::{Copies, OPEN, done, fill, filler};
use crate::place::Place;
use crate::rounds::{Round, ours, ratio, rounds_wanted, theirs};
use crate::shop::{AMOUNT, Problem, Shop, pay, setting};

const ROUNDS: usize = 31;
const SIZES: [usize; 2] = [1_000_000, 10_000];
const REFUNDS: usize = 20;
const OPEN_ONES: usize = 100;
/// Each removes a thousand records, and the smaller journal has three thousand of that age.
const PRUNINGS: usize = 3;
const OLDER: &str = "200";

/// What is measured in each round, in this order.
const STEPS: [&str; 8] = [
    "open the client",
    "settle, nothing due",
    "the first payment",
    "the three together",
    "a refund",
    "records: 100 open ones",
    "records: by reference",
    "records: the first 200",
];

pub(crate) fn measure(out: &mut impl Write, place: &Place) -> Result<(), Problem> {
    let rounds = rounds_wanted(ROUNDS)?;
    let sandbox = Sandbox::start(Options { seen_limit: 0, ..Options::default() })?;
    let journals = SIZES.map(|size| Journal::new(place, &sandbox, size));
    let [million, thousands] = journals;
    let (million, thousands) = (million?, thousands?);

    let mut figures: Vec<[Round; STEPS.len()]> = Vec::new();
    for round in 0..=rounds {
        let (theirs, ours) = (thousands.round(&sandbox, round)?, million.round(&sandbox, round)?);
        let mut both = ours.into_iter().zip(theirs).map(|(ours, theirs)| Round { ours, theirs });
        let figure = std::array::from_fn(|_| both.next().unwrap_or(Round { ours: f64::NAN, theirs: f64::NAN }));
        if round > 0 {
            figures.push(figure);
        }
    }
    let mut prunings = Vec::new();
    for _ in 0..PRUNINGS {
        let theirs = thousands.prune()?;
        prunings.push(Round { ours: million.prune()?, theirs });
    }

    writeln!(
        out,
        "\nA journal of {} records beside one of {}; medians of {rounds} rounds in turn",
        SIZES[0], SIZES[1]
    )?;
    writeln!(
        out,
        "(least to most), ratios within a round; the files have {} and {} MiB",
        million.mib()?,
        thousands.mib()?
    )?;
    writeln!(out, "                        ratio                  larger, ms               smaller, ms")?;
    let steps = STEPS.into_iter().enumerate();
    let rows = steps.map(|(at, name)| (name, figures.iter().filter_map(|figure| figure.get(at).copied()).collect()));
    let rows = rows.chain([("prune 1,000 records", prunings)]);
    for (name, rounds) in rows.collect::<Vec<(&str, Vec<Round>)>>() {
        let [ours, theirs] = [ours(&rounds), theirs(&rounds)].map(|spread| format!("{spread:.2}"));
        writeln!(out, "{name:<23} {:<22} {ours:<24} {theirs}", format!("{:.2}", ratio(&rounds)))?;
    }
    Ok(())
}

struct Journal {
    shop: Shop,
    path: String,
    size: usize,
}

impl Journal {
    fn new(place: &Place, sandbox: &Sandbox, size: usize) -> Result<Self, Problem> {
        let path = setting(&place.fresh_journal(&format!("growth-{size}.db")));
        let shop = Shop::at(place, sandbox, Some(path.clone()))?;
        // One payment and its refund, of which all others are copies.
        let (payment, refund) = (format!("PAYMENT-{size:07}"), format!("REFUNDS-{size:07}"));
        let client = shop.client()?;
        pay(&client, &payment)?;
        refund_of(&client, sandbox, &payment, &refund)?;

        let connection = filler(&path)?;
        let (refunds, span_ms) = (size / REFUNDS, 300_i64 * 86_400_000);
        let made = |count: usize| format!("t.created_ms - {span_ms} + i * ({span_ms} / {count})");
        let (payment_made, refund_made) = (made(size - refunds), made(refunds));
        let times = |made: &'_ str| ["begun_ms", "created_ms", "changed_ms"].map(|column| (column, made.to_owned()));
        let copies = [
            (
                payment.as_str(),
                size - refunds - OPEN_ONES,
                "printf('INV-%011d', i)",
                "t.original",
                &payment_made,
                false,
            ),
            (refund.as_str(), refunds, "printf('RFN-%011d', i)", "printf('INV-%011d', i * 19)", &refund_made, false),
            (payment.as_str(), OPEN_ONES, "printf('OPN-%011d', i)", "t.original", &made(OPEN_ONES), true),
        ];
        for (template, count, reference, original, made, is_open) in copies {
            let times = times(made);
            let mut others: Vec<(&str, &str)> = vec![("original", original)];
            others.extend(times.iter().map(|(column, made)| (*column, made.as_str())));
            others.extend(if is_open { &OPEN[..] } else { &[] });
            fill(&connection, &Copies { template, count, reference, others: &others })?;
        }
        done(&connection)?;
        Ok(Self { shop, path, size })
    }

    /// One round of all steps, in milliseconds.
    fn round(&self, sandbox: &Sandbox, round: usize) -> Result<[f64; STEPS.len()], Problem> {
        let (opening, client) = timed(|| self.shop.client())?;
        let (settling, settled) = timed(|| Ok(client.settle(Duration::from_secs(60))?.len()))?;
        let payment = format!("NEW-{}-{round:04}", self.size);
        let (paying, ()) = timed(|| pay(&client, &payment))?;
        approve(sandbox, &payment)?;
        let (refunding, ()) = timed(|| refund(&client, &payment, &format!("R-{payment}")))?;
        let (listing, open) = timed(|| count(client.records(Which::Open)?))?;
        let known = Which::Reference(format!("INV-{:011}", 19 * (round % 100)));
        let (finding, found) = timed(|| count(client.records(known)?))?;
        let (reading, read) = timed(|| count(client.records(Which::All)?.take(200)))?;
        if (settled, open, found, read) != (0, OPEN_ONES, 2, 200) {
            return Err(format!("{settled} were settled, {open} open, {found} found, {read} read.").into());
        }
        Ok([opening, settling, paying, opening + settling + paying, refunding, listing, finding, reading])
    }

    /// Removes a thousand old records by the way of settling.
    fn prune(&self) -> Result<f64, Problem> {
        let before = self.count()?;
        let client = self.shop.client_with(&[("journal_keep_days", OLDER)])?;
        let (took, _) = timed(|| Ok(client.settle(Duration::from_secs(60))?))?;
        match before - self.count()? {
            1_000 => Ok(took),
            pruned => Err(format!("{pruned} records were pruned.").into()),
        }
    }

    fn count(&self) -> Result<i64, Problem> {
        let connection = filler(&self.path)?;
        Ok(connection.query_row("SELECT COUNT(*) FROM bayar_operation", [], |row| row.get(0))?)
    }

    fn mib(&self) -> Result<u64, Problem> {
        Ok(std::fs::metadata(&self.path)?.len() >> 20)
    }
}

fn timed<T>(what: impl FnOnce() -> Result<T, Problem>) -> Result<(f64, T), Problem> {
    let begun = Instant::now();
    let result = black_box(what()?);
    Ok((begun.elapsed().as_secs_f64() * 1e3, result))
}

fn count(records: impl Iterator<Item = bayar::Result<bayar::Record>>) -> Result<usize, Problem> {
    let mut count = 0;
    for record in records {
        black_box(record?);
        count += 1;
    }
    Ok(count)
}

fn approve(sandbox: &Sandbox, payment: &str) -> Result<(), Problem> {
    Ok(sandbox.approve(payment)?)
}

fn refund(client: &Client, payment: &str, number: &str) -> Result<(), Problem> {
    client.refund(&RefundRequest::new(payment, AMOUNT, number)?)?;
    Ok(())
}

fn refund_of(client: &Client, sandbox: &Sandbox, payment: &str, number: &str) -> Result<(), Problem> {
    approve(sandbox, payment)?;
    refund(client, payment, number)
}
