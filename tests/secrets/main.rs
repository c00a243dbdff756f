//! Proves P6: no secret leaves. A client with secrets that can be recognised is led through every kind of error, with the
//! log at its most talkative; no message, field, `Debug` output, log entry, record of the `log` crate or text of an
//! answer holds a piece of one, in whatever encoding. What is left in memory is the subject of `c_api/wiped.rs`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.

mod echoes;
mod house;
mod mirror;
mod network;
mod recorder;
mod settings;
mod types;
mod witness;
