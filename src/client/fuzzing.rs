//! The client's part of the fuzz targets' door: an answer is judged, and what was done is read, as a call does it.

use super::exchange::Transmission;
use super::judge::judge;
use crate::amount::Amount;
use crate::clock::Tick;
use crate::error::{Error, Result};
use crate::journal::{Answer, Attempt, Intent, Record, Source, State};
use crate::payment::Payment;
use crate::refund::Refund;
use crate::snap::external_id::Operation;
use crate::snap::response::Reply;

pub(crate) fn payment(reply: Reply, first: bool) -> Result<Payment> {
    let record = record(Operation::Payment)?;
    done(&record, copy(&reply)?, first)?;
    Payment::read(record, &answer(&reply, Source::Request), true)
}

pub(crate) fn payment_from_status(reply: &Reply) -> Option<Payment> {
    Payment::read(record(Operation::Payment).ok()?, &answer(reply, Source::Status), true).ok()
}

pub(crate) fn refund(reply: Reply, first: bool) -> Result<Refund> {
    let record = record(Operation::Refund)?;
    done(&record, copy(&reply)?, first)?;
    Refund::read(record, &answer(&reply, Source::Request), true)
}

pub(crate) fn refund_from_status(reply: &Reply) -> Option<Refund> {
    Refund::read(record(Operation::Refund).ok()?, &answer(reply, Source::Status), true).ok()
}

/// An error unless the answer proves that it was done.
fn done(record: &Record, reply: Reply, first: bool) -> Result<()> {
    let now = Tick { wall_ms: 0, steady_ms: 0, boot: 0 };
    match judge(&record.intent, first, Transmission::Answered(reply), now).error {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// An answer as the journal keeps it.
fn answer(reply: &Reply, source: Source) -> Answer {
    Answer { http_status: reply.http_status(), body: reply.json().to_owned(), source }
}

/// The answer as it is read again from the journal.
fn copy(reply: &Reply) -> Result<Reply> {
    let again = Reply::read(reply.http_status(), reply.json().as_bytes());
    again.ok_or_else(|| Error::internal("An answer cannot be read again."))
}

fn record(operation: Operation) -> Result<Record> {
    let (reference, original) = match operation {
        Operation::Payment => ("INV-0001", None),
        Operation::Refund => ("REQ-0001", Some("INV-0001".to_owned())),
    };
    Ok(Record {
        intent: Intent {
            operation,
            reference: reference.to_owned(),
            amount: Amount::parse("10000")?,
            channel: "EMONEY_DANA_SNAP".to_owned(),
            original,
        },
        attempt: Attempt {
            external_id: "00000000000000000000000000000044".to_owned(),
            body: Vec::new(),
            device_id: "TILL7".to_owned(),
            ip_address: None,
            valid_up_to_ms: 1_795_345_200_000,
            begun: Tick { wall_ms: 0, steady_ms: 0, boot: 0 },
            begun_by_doku: true,
        },
        number: 1,
        state: State::Sending,
        answer: None,
        open: None,
        epoch: 1,
        hold: None,
        created_ms: 0,
        changed_ms: 0,
        transaction_status: None,
        next_ask_ms: None,
        asked: 0,
        not_found: 0,
        note: None,
        trail: String::new(),
    })
}
