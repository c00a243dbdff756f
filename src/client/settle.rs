//! What DOKU's status proves about an operation that may have happened (journal.md "Evidence"), and whether it may be
//! sent again.

use super::judge::{Verdict, unknown};
use super::operate::{Order, refund_failed};
use super::worker::Worker;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::journal::evidence::{Effect, Evidence};
use crate::journal::{Answer, Finding, Intent, Observation, Open, Record, Source};
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

impl Settlement {
    /// Whether nothing was learned that settles it.
    fn is_open(&self) -> bool {
        matches!(self, Self::Verdict(verdict) if matches!(verdict.finding, Finding::NothingNew))
    }
}

/// What asking for the status of an operation taught.
pub(super) struct Asked {
    evidence: Evidence,
    status: Result<Status>,
}

/// A refund's entry must have had this long to appear in the history before its absence means anything (journal.md).
const HISTORY_LAG_MS: i64 = 60_000;

impl Worker {
    /// Settles an operation whose last transmission's fate is not known, or allows to send it again.
    pub(super) fn settle_or_send(&self, order: &Order, record: &Record, open: &Open, limit: &Limit) -> Settlement {
        let may_send = !open.ask_only && self.is_safe_day(&record.attempt);
        // DOKU repeats its first answer for the same id on the same day, with the link in it.
        if order.intent.operation == Operation::Payment && may_send {
            return Settlement::Send;
        }
        let asked = self.ask_about(record, limit).settlement(&order.intent);
        // That answer may have told DOKU's date, without which a new process cannot know that the day is safe.
        let may_send_now = !open.ask_only && self.is_safe_day(&record.attempt);
        if order.intent.operation == Operation::Payment && may_send_now && asked.is_open() {
            return Settlement::Send;
        }
        match asked {
            Settlement::Send if may_send && self.doku_tick().surely_since_ms(open.last_sent) >= HISTORY_LAG_MS => {
                Settlement::Send
            }
            Settlement::Send => {
                let message = "DOKU does not list the refund so far.";
                let error = Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, message);
                still_open(&order.intent, error)
            }
            settled => settled,
        }
    }

    /// Asks for the status of an operation.
    pub(super) fn ask_about(&self, record: &Record, limit: &Limit) -> Asked {
        Asked::read(record, self.inquire(record.payment_reference(), None, limit))
    }
}

impl Asked {
    /// Which row of the table a status is, for an operation.
    pub(super) fn read(record: &Record, status: Result<Status>) -> Self {
        let intent = &record.intent;
        let evidence = match &status {
            // 404xx01 in the answer to the question.
            Err(error) if is_not_found(error) => Evidence::StatusNotFound,
            Err(_) => Evidence::StatusSilent,
            Ok(status) => match intent.operation {
                Operation::Payment => payment_evidence(intent, status),
                Operation::Refund => refund_evidence(intent, status),
            },
        };
        let evidence = match evidence {
            // It may be that of an earlier attempt, in a list that lags: the last one's own entry may be yet to come.
            Evidence::EntryFailed if record.number > 1 => Evidence::EntryPending,
            evidence => evidence,
        };
        Self { evidence, status }
    }

    /// What is to be remembered of the money: nothing, where it is not about what was ordered.
    pub(super) fn transaction_status(&self) -> Option<TransactionStatus> {
        let status = self.status.as_ref().ok().filter(|_| self.evidence != Evidence::StatusOtherAmount);
        status.and_then(Status::transaction_status)
    }

    /// Whether DOKU has it and is not finished.
    pub(super) fn is_pending(&self) -> bool {
        self.evidence == Evidence::EntryPending
    }

    /// For the call that is at work on the operation. [`Settlement::Send`]: DOKU lists refunds, and ours is not among
    /// them.
    pub(super) fn settlement(self, intent: &Intent) -> Settlement {
        let effect = self.evidence.effect(intent.operation);
        let status = match self.status {
            Ok(status) => status,
            Err(error) => return still_open(intent, error),
        };
        match effect {
            Effect::Done => Settlement::Verdict(Box::new(Verdict::done(answer(&status)))),
            Effect::Refused => {
                let finding = Finding::Refused(answer(&status));
                Settlement::Verdict(Box::new(Verdict::new(finding, refund_failed())))
            }
            Effect::MaySendAgain => Settlement::Send,
            Effect::Conflict => {
                let why = words(self.evidence);
                let error = Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, why);
                let finding = Finding::Conflict(why.to_owned());
                Settlement::Verdict(Box::new(Verdict::new(finding, unknown(error, intent))))
            }
            Effect::Alarm => {
                still_open(intent, Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, words(self.evidence)))
            }
            _ => still_open(intent, Error::new(Kind::InProgress, Outcome::Unknown, Retry::Later, words(self.evidence))),
        }
    }

    /// For the journal, when nobody is at work on the operation.
    pub(super) fn observation(&self, intent: &Intent) -> Observation {
        match (self.evidence.effect(intent.operation), &self.status) {
            (Effect::Done, Ok(status)) => Observation::Done(answer(status)),
            (Effect::Refused, Ok(status)) => Observation::Refused(answer(status)),
            (Effect::Conflict, _) => Observation::Conflict(words(self.evidence).to_owned()),
            (Effect::ExpiredInTheEnd, _) => Observation::NotFound,
            _ => Observation::StillOpen,
        }
    }
}

/// 404xx01: DOKU does not know the payment.
pub(super) fn is_not_found(error: &Error) -> bool {
    error.kind() == Kind::NotFound && error.response_code().is_some_and(|code| code.ends_with("01"))
}

/// A payment that DOKU knows is not lost. If it is paid it is done; else its link, which is only in the first answer, is
/// missing, and it stays open.
fn payment_evidence(intent: &Intent, status: &Status) -> Evidence {
    if status.amount().is_some_and(|amount| amount != intent.amount) {
        return Evidence::StatusOtherAmount;
    }
    match status.transaction_status() {
        Some(TransactionStatus::Paid | TransactionStatus::Refunded) => Evidence::StatusPaid,
        Some(TransactionStatus::NotFound) => Evidence::StatusNotFound,
        Some(TransactionStatus::Cancelled | TransactionStatus::Failed) => Evidence::StatusFailed,
        Some(_) => Evidence::StatusUnpaid,
        None => Evidence::StatusSilent,
    }
}

fn refund_evidence(intent: &Intent, status: &Status) -> Evidence {
    let original = intent.original.as_deref().unwrap_or_default();
    match status.find_refund(&intent.reference, original) {
        FoundRefund::NoHistory => Evidence::NoHistory,
        FoundRefund::Unclear => Evidence::EntryUnclear,
        FoundRefund::Absent => Evidence::EntryAbsent,
        FoundRefund::Entry(entry) => entry_evidence(intent, entry),
    }
}

fn entry_evidence(intent: &Intent, entry: &RefundEntry) -> Evidence {
    if entry.amount().is_some_and(|amount| amount != intent.amount) {
        return Evidence::EntryOtherAmount;
    }
    match entry.status() {
        Some(RefundStatus::Done) => Evidence::EntryDone,
        Some(RefundStatus::Failed) => Evidence::EntryFailed,
        _ => Evidence::EntryPending,
    }
}

/// For a support desk, where the status does not settle it.
fn words(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::StatusOtherAmount => {
            "DOKU has a payment of another amount under this reference. Let a person look at it."
        }
        Evidence::StatusUnpaid | Evidence::StatusFailed => {
            "DOKU has this payment, it is not paid so far, and DOKU gives its link to the first request only. Wait for \
             it, or let its link expire before you make another one under a new reference."
        }
        Evidence::EntryOtherAmount => "DOKU has a refund of another amount under this number. Let a person look at it.",
        Evidence::EntryPending => "DOKU is still working on the refund.",
        Evidence::EntryUnclear => "DOKU lists a refund of this payment without saying whose it is.",
        Evidence::EntryAbsent => "DOKU does not list the refund so far.",
        Evidence::NoHistory => "DOKU's status of the payment says nothing about refunds.",
        _ => "DOKU's status does not tell whether this payment exists.",
    }
}

fn answer(status: &Status) -> Answer {
    Answer { http_status: 200, body: status.json().to_owned(), source: Source::Status }
}

/// Asking sent no byte of the operation itself, so the time of its last transmission stays.
fn still_open(intent: &Intent, error: Error) -> Settlement {
    Settlement::Verdict(Box::new(Verdict::new(Finding::NothingNew, unknown(error, intent))))
}
