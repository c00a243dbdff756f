//! A payment or a refund from the caller's call to its one result, through the journal (P2).

use super::Client;
use super::exchange::{Outgoing, refusal};
use super::judge::{Verdict, judge, unknown};
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::journal::{Answer, Attempt, Begun, Finding, Intent, Record, State};
use crate::snap::external_id::Operation;
use crate::snap::response::Reply;
use crate::snap::timestamp::same_safe_day;
use crate::status::{RefundEntry, RefundStatus, Status};
use std::sync::atomic::Ordering;
use std::time::Instant;

/// One call of `pay` or `refund`.
pub(super) struct Order<'a> {
    pub(super) intent: Intent,
    pub(super) path: &'static str,
    pub(super) device_id: &'a str,
    pub(super) ip_address: Option<&'a str>,
}

/// An operation that is done, and the answer that says so.
pub(super) struct Completed {
    pub(super) record: Record,
    pub(super) answer: Answer,
}

/// A refund's entry must have had this long to appear in the history before its absence means anything (journal.md).
const HISTORY_LAG_MS: i64 = 60_000;

impl Client {
    /// Does what is ordered, unless the journal knows its result already. `attempt` makes what is to be sent.
    pub(super) fn operate(
        &self,
        order: &Order<'_>,
        attempt: &mut dyn FnMut(bool) -> Result<Attempt>,
        deadline: Instant,
    ) -> Result<Completed> {
        let intent = &order.intent;
        let record = match self.journal.begin(intent, attempt, deadline)? {
            Begun::Settled(record) => return recorded(record),
            Begun::Busy => {
                let message = "The time limit was reached while another call was at work on the same reference.";
                let error = Error::new(Kind::Timeout, Outcome::Unknown, Retry::SameReference, message);
                return Err(unknown(error, intent));
            }
            Begun::Mine(record) => record,
        };
        let mut held = Held { client: self, record, let_go: false };
        let verdict = self.find_out(order, &held.record, deadline);
        let external_id = held.record.attempt.external_id.clone();
        let done = match &verdict.finding {
            Finding::Done(answer) => Some(Completed { record: held.record.clone(), answer: answer.clone() }),
            _ => None,
        };
        held.finish(verdict.finding)?;
        match (done, verdict.error) {
            (Some(completed), _) => Ok(completed),
            (None, Some(error)) => Err(error.with_external_id(&external_id)),
            (None, None) => Err(Error::internal("An operation ended without a result.")),
        }
    }

    /// Sends what has not been sent; settles first what may have happened already.
    fn find_out(&self, order: &Order<'_>, record: &Record, deadline: Instant) -> Verdict {
        let first = record.last_sent_ms.is_none();
        if !first && let Some(verdict) = self.settle(order, record, deadline) {
            return verdict;
        }
        let attempt = &record.attempt;
        let outgoing = Outgoing {
            path: order.path,
            body: &attempt.body,
            external_id: &attempt.external_id,
            device_id: Some(order.device_id),
            ip_address: order.ip_address,
        };
        let came = self.transmit(&outgoing, deadline);
        let verdict = judge(&order.intent, first, came, self.clock.now_ms());
        if verdict.ask_status
            && let Some(mut settled) = self.ask_after_conflict(order, deadline)
        {
            if matches!(settled.finding, Finding::NotSent) {
                settled.finding = verdict.finding;
            }
            return settled;
        }
        verdict
    }

    /// What is to be done about an operation that may have happened; `None`: send the same id and bytes again.
    fn settle(&self, order: &Order<'_>, record: &Record, deadline: Instant) -> Option<Verdict> {
        let now_ms = self.clock.now_ms();
        let safe_day = self.doku_date_seen.load(Ordering::Relaxed) && same_safe_day(record.attempt.begun_ms, now_ms);
        match order.intent.operation {
            // DOKU repeats its first answer for the same id on the same day, with the link in it.
            Operation::Payment if safe_day => None,
            Operation::Payment => Some(self.payment_by_status(order, deadline)),
            Operation::Refund => match self.refund_by_status(order, deadline) {
                History::Settled(verdict) => Some(*verdict),
                History::Absent => {
                    let waited = record.last_sent_ms.is_some_and(|sent_ms| now_ms - sent_ms >= HISTORY_LAG_MS);
                    if safe_day && waited {
                        return None;
                    }
                    let message = "DOKU does not list the refund yet.";
                    let error = Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message);
                    Some(self.still_open(order, error))
                }
            },
        }
    }

    /// DOKU said that it knows the id or the reference: its status says what it knows.
    fn ask_after_conflict(&self, order: &Order<'_>, deadline: Instant) -> Option<Verdict> {
        match order.intent.operation {
            Operation::Payment => Some(self.payment_by_status(order, deadline)),
            Operation::Refund => match self.refund_by_status(order, deadline) {
                History::Settled(verdict) => Some(*verdict),
                History::Absent => None,
            },
        }
    }

    /// A payment that DOKU knows is not lost, but its link is in the first answer only: it stays open.
    fn payment_by_status(&self, order: &Order<'_>, deadline: Instant) -> Verdict {
        let error = match self.inquire(&order.intent.reference, false, deadline) {
            Err(error) => error,
            Ok(status) if status.amount().is_some_and(|amount| amount != order.intent.amount) => {
                let message = "DOKU has a payment of another amount under this reference. Let a person look at it.";
                Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message)
            }
            Ok(status) => {
                let paid = if status.is_paid() { "and it is paid" } else { "and it is not paid so far" };
                let message = format!(
                    "DOKU has this payment already, {paid}, but gives its link to the first request only. Ask its \
                     status, or wait for it."
                );
                Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message)
            }
        };
        self.still_open(order, error)
    }

    fn refund_by_status(&self, order: &Order<'_>, deadline: Instant) -> History {
        let settled = |verdict| History::Settled(Box::new(verdict));
        let original = order.intent.original.as_deref().unwrap_or_default();
        let status = match self.inquire(original, false, deadline) {
            Ok(status) => status,
            Err(error) => return settled(self.still_open(order, error)),
        };
        if !status.has_refund_history() {
            let message = "DOKU's status of the payment says nothing about refunds.";
            let error = Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message);
            return settled(self.still_open(order, error));
        }
        let ours = |entry: &&RefundEntry| entry.partner_refund_no() == Some(order.intent.reference.as_str());
        let Some(entry) = status.refunds().iter().find(ours) else { return History::Absent };
        settled(self.refund_by_entry(order, &status, entry))
    }

    fn refund_by_entry(&self, order: &Order<'_>, status: &Status, entry: &RefundEntry) -> Verdict {
        if entry.amount().is_some_and(|amount| amount != order.intent.amount) {
            let message = "DOKU has a refund of another amount under this number. Let a person look at it.";
            let error = Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message);
            return self.still_open(order, error);
        }
        let answer = || Answer { http_status: 200, body: status.json().to_owned(), from_status: true };
        match entry.status() {
            Some(RefundStatus::Done) => Verdict { finding: Finding::Done(answer()), error: None, ask_status: false },
            Some(RefundStatus::Failed) => {
                Verdict { finding: Finding::Refused(answer()), error: Some(refund_failed()), ask_status: false }
            }
            _ => {
                let message = "DOKU is still working on the refund.";
                let error = Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message);
                self.still_open(order, error)
            }
        }
    }

    /// Asking sent no byte of the operation itself, so the time of its last transmission stays.
    fn still_open(&self, order: &Order<'_>, error: Error) -> Verdict {
        let error = Some(unknown(error, &order.intent));
        Verdict { finding: Finding::NotSent, error, ask_status: false }
    }
}

enum History {
    /// The history, or its failing, decides.
    Settled(Box<Verdict>),
    /// There is a history, and the refund is not in it.
    Absent,
}

/// The result that the journal has of an operation that is settled.
fn recorded(record: Record) -> Result<Completed> {
    match &record.state {
        State::Done(answer) => Ok(Completed { answer: answer.clone(), record }),
        State::Refused(answer) if answer.from_status => {
            Err(refund_failed().with_external_id(&record.attempt.external_id))
        }
        State::Refused(answer) => match Reply::read(answer.http_status, answer.body.as_bytes()) {
            Some(reply) => Err(refusal(&reply, Outcome::Refused).with_external_id(&record.attempt.external_id)),
            None => Err(Error::internal("A recorded answer cannot be read again.").with_outcome(Outcome::Refused)),
        },
        _ => Err(Error::internal("A record is not settled.").with_outcome(Outcome::Unknown)),
    }
}

fn refund_failed() -> Error {
    let message = "DOKU lists the refund as failed: nothing was refunded. Ask DOKU's support, or refund under a new \
                   number.";
    Error::new(Kind::Declined, Outcome::Refused, Retry::No, message)
}

/// An operation that this call holds in the journal. Should the call end by a panic, it is let go as unknown.
struct Held<'a> {
    client: &'a Client,
    record: Record,
    let_go: bool,
}

impl Held<'_> {
    fn finish(&mut self, finding: Finding) -> Result<()> {
        self.let_go = true;
        self.client.journal.finish(&self.record, finding)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.let_go {
            let finding = Finding::Unknown(self.client.clock.now_ms());
            let _ = self.client.journal.finish(&self.record, finding);
        }
    }
}
