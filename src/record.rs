//! The records of the journal as a person or a program reads them: what was ordered, since when, what is known, what is
//! being done, and when DOKU will be asked again.

use crate::amount::Amount;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::journal::{self, Filter, Position, State};
use crate::snap::external_id::Operation;
use crate::snap::timestamp::{self, Form, WIB_OFFSET_S};
use crate::status::TransactionStatus;
use serde_json::{Value, json};

/// What the journal knows of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum RecordState {
    /// A call is at work on it, or died at work.
    Sending = 1,
    /// Nothing of it was sent.
    NotSent = 2,
    /// DOKU did not take the access token, and so did not look at it.
    NotTaken = 3,
    /// Done: the payment has its link, the refund is made.
    Done = 4,
    /// Refused.
    Refused = 5,
    /// Refused for now: the next call with the reference makes a new attempt.
    RefusedForNow = 6,
    /// It may have happened; DOKU is asked.
    Unknown = 7,
    /// DOKU has something else under the reference: a person has to look.
    Conflict = 8,
    /// The payment's link died, and nobody had paid.
    Expired = 9,
    /// A person gave it up.
    Abandoned = 10,
}

impl RecordState {
    fn of(state: State) -> Self {
        match state {
            State::Sending => Self::Sending,
            State::Unsent => Self::NotSent,
            State::TokenRefused => Self::NotTaken,
            State::Done => Self::Done,
            State::Refused => Self::Refused,
            State::RefusedForNow => Self::RefusedForNow,
            State::Unknown => Self::Unknown,
            State::Conflict => Self::Conflict,
            State::Expired => Self::Expired,
            State::Abandoned => Self::Abandoned,
        }
    }
}

/// How a record compares with what DOKU says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Comparison {
    /// It was not compared.
    None = 0,
    /// The two agree.
    Agrees = 1,
    /// DOKU's answer does not tell.
    Unclear = 2,
    /// They contradict each other: a person has to look.
    Differs = 3,
}

/// One payment or refund in the journal, as it was when it was read.
#[derive(Clone)]
pub struct Record {
    inner: journal::Record,
    comparison: Comparison,
    finding: String,
}

impl Record {
    pub(crate) fn new(inner: journal::Record) -> Self {
        Self { inner, comparison: Comparison::None, finding: String::new() }
    }

    pub(crate) fn compared(inner: journal::Record, comparison: Comparison, finding: String) -> Self {
        Self { inner, comparison, finding }
    }

    /// A payment or a refund.
    pub fn operation(&self) -> Operation {
        self.inner.intent.operation
    }

    /// `partnerReferenceNo` of a payment, `partnerRefundNo` of a refund.
    pub fn reference(&self) -> &str {
        &self.inner.intent.reference
    }

    /// The payment that a refund is for.
    pub fn original_partner_reference_no(&self) -> Option<&str> {
        self.inner.intent.original.as_deref()
    }

    /// The amount.
    pub fn amount(&self) -> Amount {
        self.inner.intent.amount
    }

    /// What is known of it.
    pub fn state(&self) -> RecordState {
        RecordState::of(self.inner.state)
    }

    /// Whether its fate is not known.
    pub fn is_open(&self) -> bool {
        self.inner.state.is_open()
    }

    /// What DOKU last said of a payment's money; nothing takes back what was paid but a refund.
    pub fn transaction_status(&self) -> Option<TransactionStatus> {
        self.inner.transaction_status
    }

    /// Whether a payment was paid after it had been given up or had expired: the money is to go back to the customer.
    pub fn is_paid_after_cancel(&self) -> bool {
        self.inner.is_paid_after_cancel()
    }

    /// The X-EXTERNAL-ID of its last attempt.
    pub fn external_id(&self) -> &str {
        &self.inner.attempt.external_id
    }

    /// How many attempts there were.
    pub fn attempts(&self) -> u32 {
        self.inner.number
    }

    /// When it was first written down, in Jakarta time.
    pub fn created(&self) -> String {
        timestamp::format(self.inner.created_ms, Form::Wib)
    }

    /// When it last changed, in Jakarta time.
    pub fn changed(&self) -> String {
        timestamp::format(self.inner.changed_ms, Form::Wib)
    }

    /// When the payment's link dies, in Jakarta time.
    pub fn valid_up_to(&self) -> Option<String> {
        let is_payment = self.operation() == Operation::Payment;
        is_payment.then(|| timestamp::format(self.inner.attempt.valid_up_to_ms, Form::Wib))
    }

    /// When [`Client::settle`] will ask about it again, in Jakarta time; `None` where nothing is open.
    pub fn next_inquiry(&self) -> Option<String> {
        self.inner.next_ask_ms.map(|next_ms| timestamp::format(next_ms, Form::Wib))
    }

    /// How often it was asked about.
    pub fn inquiries(&self) -> u32 {
        self.inner.asked
    }

    /// What a person should know: why it is in conflict, or why it was closed by hand.
    pub fn note(&self) -> Option<&str> {
        self.inner.note.as_deref()
    }

    /// What DOKU answered, as JSON; `None` where it has not, or a person closed the record.
    pub fn answer_json(&self) -> Option<&str> {
        self.inner.answer.as_ref().map(|answer| answer.body.as_str()).filter(|body| !body.is_empty())
    }

    /// What happened, line by line with its time, for a support desk.
    pub fn trail(&self) -> &str {
        &self.inner.trail
    }

    /// How it compares with what DOKU says; [`Comparison::None`] unless it comes from [`Client::reconcile`].
    pub fn comparison(&self) -> Comparison {
        self.comparison
    }

    /// What the comparison found, as a sentence.
    pub fn finding(&self) -> &str {
        &self.finding
    }

    /// All of it as one line of JSON, for an export.
    pub fn to_json(&self) -> String {
        let answer = self.answer_json().map(|body| serde_json::from_str(body).unwrap_or(Value::Null));
        let compared = (self.comparison != Comparison::None).then(|| {
            let word = match self.comparison {
                Comparison::Agrees => "agrees",
                Comparison::Differs => "differs",
                _ => "unclear",
            };
            json!({"result": word, "finding": self.finding})
        });
        let trail: Vec<&str> = self.trail().lines().collect();
        json!({
            "operation": self.operation().name(),
            "reference": self.reference(),
            "original_partner_reference_no": self.original_partner_reference_no(),
            "amount": self.amount().to_string(),
            "channel": self.inner.intent.channel,
            "state": self.inner.state.name(),
            "is_open": self.is_open(),
            "transaction_status": self.transaction_status().map(TransactionStatus::name),
            "is_paid_after_cancel": self.is_paid_after_cancel(),
            "external_id": self.external_id(),
            "attempts": self.attempts(),
            "created": self.created(),
            "changed": self.changed(),
            "valid_up_to": self.valid_up_to(),
            "next_inquiry": self.next_inquiry(),
            "inquiries": self.inquiries(),
            "note": self.note(),
            "answer": answer,
            "comparison": compared,
            "trail": trail,
        })
        .to_string()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("operation", &self.operation())
            .field("reference", &self.reference())
            .field("state", &self.state())
            .field("transaction_status", &self.transaction_status())
            .field("comparison", &self.comparison)
            .finish_non_exhaustive()
    }
}

/// Which records of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Which {
    /// All of them.
    All,
    /// Those whose fate is not known, and payments that were given up while their link lives.
    Open,
    /// A payment and its refunds, or a refund, by its reference.
    Reference(String),
    /// Those that were made on a day of Jakarta, such as `2026-11-22`.
    Day(String),
}

impl Which {
    pub(crate) fn filter(&self) -> Result<Filter> {
        Ok(match self {
            Self::All => Filter::All,
            Self::Open => Filter::Open,
            Self::Reference(reference) => Filter::Reference(reference.clone()),
            Self::Day(day) => {
                let (from, to) = day_in_jakarta(day)?;
                Filter::Made(from, to)
            }
        })
    }
}

/// The beginning and the end of a day, in milliseconds since 1970 UTC.
pub(crate) fn day_in_jakarta(day: &str) -> Result<(i64, i64)> {
    let midnight = (day.len() == 10).then(|| timestamp::parse(&format!("{day}T00:00:00+07:00"))).flatten();
    let wrong = || Error::argument("day", "The day is not one such as 2026-11-22 (year, month, day, in Jakarta).");
    let from_ms = midnight.ok_or_else(wrong)?.unix_ms;
    debug_assert_eq!((from_ms / 1000 + WIB_OFFSET_S) % 86_400, 0);
    Ok((from_ms, from_ms + 86_400_000))
}

/// The records of a journal, read as they are wanted. What is written meanwhile may or may not be among them.
pub struct Records {
    client: Client,
    filter: Filter,
    page: std::vec::IntoIter<journal::Record>,
    last: Option<Position>,
    is_over: bool,
}

/// How many are read at a time.
const PAGE: usize = 200;

impl Records {
    pub(crate) fn new(client: Client, filter: Filter) -> Self {
        Self { client, filter, page: Vec::new().into_iter(), last: None, is_over: false }
    }
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && !self.is_over {
            match self.client.page(&self.filter, self.last.as_ref(), PAGE) {
                Ok(page) => {
                    self.is_over = page.len() < PAGE;
                    self.page = page.into_iter();
                }
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        let record = self.page.next()?;
        self.last = Some((record.created_ms, record.key()));
        Some(Ok(Record::new(record)))
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("filter", &self.filter).finish_non_exhaustive()
    }
}

/// What [`Client::settle`] asked about: a slice of records, as they are now.
#[derive(Clone, Debug)]
pub struct Settled {
    pub(crate) records: Vec<Record>,
    pub(crate) is_complete: bool,
}

impl Settled {
    /// Whether all that was due was asked about; false where the time was over first: call it again.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl std::ops::Deref for Settled {
    type Target = [Record];

    fn deref(&self) -> &[Record] {
        &self.records
    }
}

impl IntoIterator for Settled {
    type Item = Record;
    type IntoIter = std::vec::IntoIter<Record>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.into_iter()
    }
}

/// What [`Client::reconcile`] found.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    pub(crate) records: Vec<Record>,
    pub(crate) is_complete: bool,
}

impl Reconciliation {
    /// The records that were compared, the oldest first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Whether all records of the day were compared; false where the time was over first.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The records that contradict DOKU.
    pub fn differences(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.comparison == Comparison::Differs)
    }
}
