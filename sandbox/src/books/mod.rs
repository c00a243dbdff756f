//! What the sandbox remembers about money and about request ids, under one lock.

mod ledger;
mod money;
mod payment;
mod remembered;

pub(crate) use ledger::{Ledger, NewPayment, NewRefund};
pub(crate) use money::Money;
pub(crate) use payment::{Payment, Refund};
pub(crate) use remembered::{Fingerprint, Memory, Remembered};

/// Both are looked at and changed together: an answer and the work behind it must not come apart.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) ledger: Ledger,
    pub(crate) remembered: Remembered,
}
