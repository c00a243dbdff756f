//! Proves P3 and P4 (and P2 within one process): the failure table. Whatever DOKU, the network or a proxy does, the
//! error says truly whether the money moved, nothing is made twice, and no call outlasts its limit. The sandbox's own
//! books are the judge. `cargo test --test failures -- --nocapture` prints the table. A line with a payment or a refund
//! is: call, name, told, requests, made; told when all is well again, and once more, requests, made; the first's time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.
#![allow(clippy::print_stdout)] // The table is there to be read.

mod answers;
mod assumptions;
mod before;
mod caller;
mod cancel;
mod chaos;
mod codes;
mod hangs;
mod house;
mod play;
mod sequences;
mod status;
mod table;
mod threads;
