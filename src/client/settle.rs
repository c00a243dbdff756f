//! What DOKU's status proves about an operation that may have happened (journal.md "Evidence"), and whether it may be
//! sent again.

use super::judge::{Verdict, unknown};
use super::operate::{Order, refund_failed};
use super::worker::Worker;
use crate::error::{Error, Kind, Outcome, Retry};
use crate::journal::{Answer, Finding, Open, Record};
use crate::limit::Limit;
use crate::snap::external_id::Operation;
use crate::status::{FoundRefund, RefundEntry, RefundStatus, Status, TransactionStatus};

/// What is to be done about an operation that may have happened.
pub(super) enum Settlement {
    /// Nothing more in this call.
    Verdict(Box<Verdict>),
    /// Nothing speaks against sending the same id and bytes again.
    Send,
}

/// A refund's entry must have had this long to appear in the history before its absence means anything (journal.md).
const HISTORY_LAG_MS: i64 = 60_000;

impl Worker {
    /// Settles an operation whose last transmission's fate is not known, or allows to send it again.
    pub(super) fn settle(&self, order: &Order, record: &Record, open: &Open, limit: &Limit) -> Settlement {
        let may_send = !open.ask_only && self.is_safe_day(record.attempt.begun_ms);
        // DOKU repeats its first answer for the same id on the same day, with the link in it.
        if order.intent.operation == Operation::Payment && may_send {
            return Settlement::Send;
        }
        match self.by_status(order, limit) {
            Settlement::Send if may_send && self.clock.now().surely_since_ms(open.last_sent) >= HISTORY_LAG_MS => {
                Settlement::Send
            }
            Settlement::Send => {
                let message = "DOKU does not list the refund so far.";
                let error = Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message);
                still_open(order, error)
            }
            settled => settled,
        }
    }

    /// What the status proves. [`Settlement::Send`]: it lists refunds, and ours is not among them.
    pub(super) fn by_status(&self, order: &Order, limit: &Limit) -> Settlement {
        let reference = match order.intent.operation {
            Operation::Payment => &order.intent.reference,
            Operation::Refund => order.intent.original.as_ref().unwrap_or(&order.intent.reference),
        };
        match (self.inquire(reference, None, limit), order.intent.operation) {
            (Err(error), _) => still_open(order, error),
            (Ok(status), Operation::Payment) => payment_by_status(order, &status),
            (Ok(status), Operation::Refund) => refund_by_status(order, reference, &status),
        }
    }
}

/// A payment that DOKU knows is not lost. If it is paid it is done; else its link, which is only in the first answer, is
/// missing, and it stays open.
fn payment_by_status(order: &Order, status: &Status) -> Settlement {
    if status.amount().is_some_and(|amount| amount != order.intent.amount) {
        return conflict(order, "DOKU has a payment of another amount under this reference. Let a person look at it.");
    }
    match status.transaction_status() {
        Some(TransactionStatus::Paid | TransactionStatus::Refunded) => done(status),
        Some(TransactionStatus::NotFound) | None => {
            let message = "DOKU's status does not tell whether this payment exists.";
            still_open(order, Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message))
        }
        Some(_) => conflict(
            order,
            "DOKU has this payment, it is not paid so far, and DOKU gives its link to the first request only. Wait for \
             it, or let its link expire before you make another one under a new reference.",
        ),
    }
}

fn refund_by_status(order: &Order, original: &str, status: &Status) -> Settlement {
    let unclear =
        |message: &str| still_open(order, Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message));
    match status.find_refund(&order.intent.reference, original) {
        FoundRefund::NoHistory => unclear("DOKU's status of the payment says nothing about refunds."),
        FoundRefund::Unclear => unclear("DOKU lists a refund of this payment without saying whose it is."),
        FoundRefund::Absent => Settlement::Send,
        FoundRefund::Entry(entry) => refund_by_entry(order, status, entry),
    }
}

fn refund_by_entry(order: &Order, status: &Status, entry: &RefundEntry) -> Settlement {
    if entry.amount().is_some_and(|amount| amount != order.intent.amount) {
        return conflict(order, "DOKU has a refund of another amount under this number. Let a person look at it.");
    }
    match entry.status() {
        Some(RefundStatus::Done) => done(status),
        Some(RefundStatus::Failed) => {
            let finding = Finding::Refused(answer(status));
            Settlement::Verdict(Box::new(Verdict::new(finding, refund_failed())))
        }
        _ => {
            let message = "DOKU is still working on the refund.";
            still_open(order, Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message))
        }
    }
}

fn done(status: &Status) -> Settlement {
    Settlement::Verdict(Box::new(Verdict::done(answer(status))))
}

fn answer(status: &Status) -> Answer {
    Answer { http_status: 200, body: status.json().to_owned(), from_status: true }
}

fn conflict(order: &Order, message: &str) -> Settlement {
    still_open(order, Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message))
}

/// Asking sent no byte of the operation itself, so the time of its last transmission stays.
fn still_open(order: &Order, error: Error) -> Settlement {
    Settlement::Verdict(Box::new(Verdict::new(Finding::NothingNew, unknown(error, &order.intent))))
}
