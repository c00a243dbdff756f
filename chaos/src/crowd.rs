//! One of several processes whose threads all refund the same at once: see `tests/crowd.rs`.

use crate::job::Answer;
use crate::worker::{failed, open, refund};
use std::io::{self, BufRead, Write};
use std::sync::Mutex;
use std::time::Instant;

/// Waits for a line on the standard input, so that all begin together; then each thread makes all refunds of the payment,
/// and the answers are written out, a line each, with the refund's number first.
pub(crate) fn crowd(threads: usize, refunds: usize, payment: &str, amount: &str) -> io::Result<()> {
    let client = open().map_err(io::Error::other)?;
    let answers: Mutex<Vec<(usize, Answer)>> = Mutex::default();
    io::stdin().lock().read_line(&mut String::new())?;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for number in 0..refunds {
                    let begun = Instant::now();
                    let result = refund(&client, &format!("{payment}-R{number}"), amount, payment);
                    let mut answer = result.unwrap_or_else(|error| failed(&error));
                    answer.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                    crate::world::lock(&answers).push((number, answer));
                }
            });
        }
    });
    let mut out = io::stdout().lock();
    for answer in crate::world::lock(&answers).iter() {
        writeln!(out, "{}", serde_json::to_string(answer).map_err(io::Error::other)?)?;
    }
    out.flush()
}
