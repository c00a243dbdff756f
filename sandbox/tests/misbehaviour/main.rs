//! Misbehaviour on demand: the bytes that each brings onto the wire, and the counts that go on telling the truth.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod answers;
#[path = "../common/mod.rs"]
mod common;
mod connections;
mod heads;
mod rules;

use bayar_sandbox::{Endpoint, Misbehaviour, Options, Rule, Sandbox};
use common::wire::Response;
use common::{Call, Merchant, PAYMENT, payment_body, start};

pub(crate) fn opened() -> (Sandbox, Merchant) {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    (sandbox, merchant)
}

pub(crate) fn next(sandbox: &Sandbox, on: Endpoint, what: Misbehaviour) {
    sandbox.misbehave(Rule { on, times: 1, what });
}

pub(crate) fn text(name: &str) -> String {
    name.to_owned()
}

/// Payment requests that named `A`, and payments made of them.
pub(crate) fn counts(sandbox: &Sandbox) -> (u64, u64) {
    let record = sandbox.payment("A").unwrap();
    let counts = sandbox.counts();
    assert_eq!((counts.payment_requests, counts.payments_made), (record.requests, record.times_made));
    (record.requests, record.times_made)
}

/// The answer to payment `A` when this happens to it.
pub(crate) fn paid_with(what: Misbehaviour) -> (Sandbox, Merchant, Call, Response) {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, what);
    let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
    let answer = merchant.send(&call);
    (sandbox, merchant, call, answer)
}
