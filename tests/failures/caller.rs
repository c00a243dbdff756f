//! Who calls: here the core itself. `tests/php/caller.rs` takes its place where the same rows are played through PHP.

use bayar::{Client, RefundRequest};

use crate::house::{House, Said};
use crate::play::{Call, payment};

pub(crate) struct Caller(Client);

impl Caller {
    pub(crate) fn new(house: &House, timeout_ms: u64) -> Self {
        Self(house.client(timeout_ms))
    }

    pub(crate) fn warms_up(&self) -> bool {
        self.0.warm_up().is_ok()
    }

    /// The payment `INV-1` over 10000, or its refund `R-1` over 4000.
    pub(crate) fn press(&self, call: Call) -> Said {
        match call {
            Call::Pay => Said::of(&self.0.pay(&payment("INV-1"))),
            Call::Refund => Said::of(&self.0.refund(&RefundRequest::new("INV-1", "4000", "R-1").unwrap())),
        }
    }
}
