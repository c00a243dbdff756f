//! What holds for real processes on one journal: killed, stopped, in a crowd, and seen by strace.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.
#![allow(clippy::print_stdout)] // The figures are there to be read.

mod crowd;
mod order;
mod shop;
mod short;
mod stopped;
