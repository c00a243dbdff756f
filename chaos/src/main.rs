//! Chaos: programs that pay and refund against the sandbox are killed at random instants and at every point of the
//! library that was made for it, started again, and asked again with the same references. The sandbox's own books say
//! whether anything was made twice, was lost, or was answered wrongly (P2, P3; journal.md).
//!
//! `bayar-chaos run` is the driver; `work`, `crowd` and `pay` are what it and the tests start.

mod book;
mod child;
mod crowd;
mod disk;
mod finish;
mod job;
mod lane;
mod random;
mod round;
mod run;
mod scenario;
mod tally;
mod worker;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    match run::main() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            world::say(&format!("bayar-chaos: {error}"));
            ExitCode::from(2)
        }
    }
}
