//! What a warm payment takes from the allocator, over HTTPS, beside the same POST through libcurl.
//!
//! Counted in a C program (`c/allocations.c`) that replaces malloc for itself and for both libraries, so that it is the
//! library that users get which is counted. Only the calling thread counts, which does all of a payment's work.

#[path = "support/programs.rs"]
mod programs;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;

use std::io::{Write, stdout};

use programs::{BAYAR, LIBCURL, Problem, Workshop, numbers, printed, start};
use rounds::{Round, ours, ratio, theirs, wanted};
use server::{Scheme, Server};

const CALLS: usize = 2001;
const C_FILES: [&str; 5] = ["allocations.c", "counting.c", "bayar_pay.c", "libcurl_post.c", "request.c"];

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let workshop = Workshop::new("bench-allocations")?;
    let program = workshop.program("allocations", &C_FILES, &[BAYAR, LIBCURL])?;
    let server = Server::start(Scheme::Https)?;
    let (ca, key) = workshop.credentials(&server)?;
    let mut command = start(&program);
    command.arg(&server.base_url).args([ca, key]).arg(CALLS.to_string());
    let lines = printed(&mut command)?;
    let figures: Result<Vec<[f64; 6]>, Problem> = lines.lines().map(numbers).collect();
    let figures = figures?;

    let out = &mut stdout().lock();
    writeln!(out, "Medians of {CALLS} warm payments (least to most): bayar, libcurl, and the ratio.")?;
    let mut show = |name: &str, pick: fn(&[f64; 6]) -> Round| {
        let rounds: Vec<Round> = figures.iter().map(pick).collect();
        writeln!(out, "{name:<15} {:<26.0} {:<26.0} {:.2}", ours(&rounds), theirs(&rounds), ratio(&rounds))
    };
    show("allocations", |&[ours, theirs, ..]| Round { ours, theirs })?;
    show("bytes asked for", |&[_, _, ours, theirs, ..]| Round { ours, theirs })?;
    show("most at once", |&[_, _, _, _, ours, theirs]| Round { ours, theirs })?;
    Ok(())
}
