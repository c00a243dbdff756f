//! Proves P2 to P4 and P6 for the journal on PostgreSQL: the real server, started and ended by the tests, beside the
//! sandbox as DOKU. The sandbox's own books are the judge of what was made; the server is killed, frozen and misconfigured.
//!
//! Needs Debian's package postgresql (tests/install.sh).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may.
#![allow(clippy::print_stdout)] // The sentences and the figures are there to be read.

mod crowd;
mod down;
mod house;
mod money;
mod quiet;
mod rights;
mod schema;
#[allow(dead_code)] // The unit tests use the rest.
mod server;
mod tls;
