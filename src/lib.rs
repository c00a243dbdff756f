//! Bayar takes DANA e-wallet payments through DOKU's SNAP API (Indonesia): payments, refunds, status, and a journal so
//! that nothing is ever paid or refunded twice. This crate is the core, and its Rust face; the C API in
//! `include/bayar.h` is built from it with the feature `capi`.
//!
//! Data flows one way: a binding calls the [`Client`], which uses the journal, the token and the pure protocol in
//! [`snap`], and sends through the transport.

#![deny(unsafe_code)]
#![warn(missing_docs)]

mod amount;
#[cfg(feature = "capi")]
#[allow(unsafe_code)]
pub mod capi;
mod checks;
mod client;
mod clock;
pub mod config;
mod crash;
mod error;
mod events;
#[cfg(fuzzing)]
pub mod fuzzing;
mod journal;
pub mod keys;
mod limit;
#[cfg(feature = "wiping")]
#[allow(unsafe_code)]
pub mod memory;
mod notification;
mod payment;
mod record;
mod reference;
mod refund;
mod secret;
pub mod signing;
pub mod snap;
mod status;
mod transport;
mod webhook;

pub use amount::Amount;
pub use client::Client;
pub use config::Config;
pub use error::{Error, Kind, Outcome, Result, Retry};
pub use events::{Level, LogEntry};
pub use journal::{Resolution, evidence};
pub use limit::Cancel;
pub use notification::Notification;
pub use payment::{Payment, PaymentRequest};
pub use record::{Comparison, Reconciliation, Record, RecordState, Records, Settled, Which};
pub use reference::Reference;
pub use refund::{Refund, RefundRequest};
pub use snap::external_id::Operation;
pub use status::{RefundEntry, RefundStatus, Status, TransactionStatus};
pub use webhook::{Delivery, DeliveryOrder, InboxEntry, Incoming, WebhookAnswer};
