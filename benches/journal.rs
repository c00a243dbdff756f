//! What the journal costs: payments a second with each store, by one process and by eight; a payment's commits beside the
//! disk's own sync; how a call grows with the journal; and whether processes that all write get equal shares.
//!
//! `cargo bench --bench journal` measures all of it; `-- stores`, `-- cost`, `-- growth` or `-- gate` one part. Where it
//! needs other processes, it starts itself anew (`journal/worker.rs`).

#[path = "journal/cost.rs"]
mod cost;
#[path = "journal/fill.rs"]
mod fill;
#[path = "journal/gate.rs"]
mod gate;
#[path = "journal/growth.rs"]
mod growth;
#[path = "journal/place.rs"]
mod place;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "journal/shop.rs"]
mod shop;
#[path = "journal/stores.rs"]
mod stores;
#[path = "journal/syncs.rs"]
mod syncs;
#[path = "journal/team.rs"]
mod team;
#[path = "journal/worker.rs"]
mod worker;

use std::env;
use std::io::stdout;

use place::Place;
use rounds::wanted;
use shop::Problem;

fn main() -> Result<(), Problem> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let Some(("worker", rest)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return worker::work(rest);
    }
    if !wanted() {
        return Ok(());
    }
    let parts: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = parts.iter().find(|part| !["stores", "cost", "growth", "gate"].contains(part)) {
        return Err(format!("There is no part '{unknown}': stores, cost, growth, gate.").into());
    }
    let is_wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    let place = Place::new()?;
    let out = &mut stdout().lock();
    place.describe(out)?;
    if is_wanted("cost") {
        cost::measure(out, &place)?;
    }
    if is_wanted("stores") {
        stores::measure(out, &place)?;
    }
    if is_wanted("gate") {
        gate::measure(out, &place)?;
    }
    if is_wanted("growth") {
        growth::measure(out, &place)?;
    }
    Ok(())
}
