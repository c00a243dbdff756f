//! The door through which the fuzz targets in `fuzz/` see what is private. It is there only when they are built.

use crate::amount::Amount;
use crate::config::Config;
use crate::error::Result;
use crate::payment::Payment;
use crate::refund::Refund;
use crate::snap::response::Reply;
use crate::status::Status;

#[cfg(feature = "capi")]
pub use crate::capi::fuzzing::{payment_handle, refund_handle, status_handle};

/// An amount as DOKU writes it.
pub fn amount_in_answer(text: &str) -> Option<Amount> {
    Amount::parse_answer(text)
}

/// The value of a setting, or its default.
pub fn setting<'a>(config: &'a Config, name: &str) -> Option<&'a str> {
    config.get(name)
}

/// The token in an answer, and its life in seconds.
pub fn token(answer: &[u8]) -> Option<(String, u64)> {
    let granted = crate::snap::token::read(answer)?;
    Some((granted.token.reveal().to_owned(), granted.lifetime_s))
}

/// What the client makes of an answer to the payment INV-0001 of 10000 rupiah, sent for the first time or again.
pub fn payment(reply: Reply, first: bool) -> Result<Payment> {
    crate::client::fuzzing::payment(reply, first)
}

/// The payment as the status answer that proves it tells it.
pub fn payment_from_status(reply: &Reply) -> Option<Payment> {
    crate::client::fuzzing::payment_from_status(reply)
}

/// What the client makes of an answer to the refund REQ-0001 of all of that payment.
pub fn refund(reply: Reply, first: bool) -> Result<Refund> {
    crate::client::fuzzing::refund(reply, first)
}

/// The refund as the status answer that proves it tells it.
pub fn refund_from_status(reply: &Reply) -> Option<Refund> {
    crate::client::fuzzing::refund_from_status(reply)
}

/// The status of the payment INV-0001.
pub fn status(reply: &Reply, link_is_dead: bool) -> Status {
    Status::read("INV-0001", reply, link_is_dead)
}
