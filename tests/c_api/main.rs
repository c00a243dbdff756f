//! The C API as C, C++ and PHP programs meet it: the header, the exports, and real programs against a local DOKU.
//!
//! Needs gcc with its sanitizers, g++, binutils, valgrind, openssl, libmicrohttpd, Python and PHP with FFI; a test fails with the
//! package's name where one is missing. What the checked-in headers must equal is held by `tests/generated.rs`.
#![cfg(all(feature = "capi", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.

mod acquired;
mod balancer;
mod cancelled;
mod caught;
mod comments;
mod config;
mod declarations;
mod delivered;
mod desk;
mod doku;
mod endurance;
mod example;
mod exports;
mod finished;
mod forks;
#[cfg(feature = "postgres")]
mod forks_postgres;
mod headers;
mod inputs;
mod journal;
mod keys;
mod ledger;
mod lookup;
mod memory;
mod nulls;
mod once;
mod payments;
mod php;
mod samples;
mod sanitized;
mod secrets;
mod server;
mod stream;
mod tool;
mod tunnel;
mod vectors;
mod webhook_example;
mod webhooks;
mod wiped;
mod workshop;
