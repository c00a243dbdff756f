//! The journal's records in the hands of a program: asked about (`settle`), closed by hand (`resolve`), held against DOKU
//! (`reconcile`), listed. Nothing here sends a payment or a refund (journal.md rule 1).

use super::settle::{Asked, is_not_found};
use super::worker::Worker;
use crate::checks;
use crate::crash;
use crate::error::{Error, Outcome, Result};
use crate::events::Level;
use crate::journal::{self, Filter, Key, Position, Resolution, Source, State};
use crate::limit::{Cancel, Limit};
use crate::record::{Comparison, Reconciliation, Record, Settled, day_in_jakarta};
use crate::reference::Reference;
use crate::snap::external_id::Operation;
use crate::status::{FoundRefund, RefundStatus, Status, TransactionStatus};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How many records are looked up at a time.
const PAGE: usize = 50;
/// How many old ones a call of settle prunes.
const PRUNED: usize = 1_000;
/// Less than this is not worth beginning an inquiry for.
const WORTH_IT: Duration = Duration::from_millis(100);
/// Writing down what an inquiry taught has this much time at least.
const TO_WRITE: Duration = Duration::from_millis(150);
const LONGEST: Duration = Duration::from_secs(86_400);

impl Worker {
    pub(super) fn settle(&self, limit: Duration, cancel: Option<&Cancel>) -> Result<Settled> {
        let whole = Limit::new(Instant::now() + limit.min(LONGEST), cancel.cloned());
        let mut seen = Settled { records: Vec::new(), is_complete: false };
        let mut after: Option<Position> = None;
        let due = Filter::Due(self.doku_now_ms());
        loop {
            let page = self.journal.page(&due, after.as_ref(), PAGE, &self.within(&whole, cancel))?;
            let Some(last) = page.last() else { break };
            after = last.next_ask_ms.map(|next_ms| (next_ms, last.key()));
            for record in &page {
                if whole.left() < WORTH_IT {
                    return Ok(seen);
                }
                seen.records.push(Record::new(self.settle_one(record, cancel, &whole)?));
            }
        }
        seen.is_complete = true;
        self.prune(&self.within(&whole, cancel))?;
        Ok(seen)
    }

    /// Asks about one record, and writes down what that taught.
    fn settle_one(&self, record: &journal::Record, cancel: Option<&Cancel>, whole: &Limit) -> Result<journal::Record> {
        let limit = self.limit(cancel).sooner(Instant::now() + whole.left());
        let asked = self.ask_about(record, &limit);
        // What was learned is written down also where the time is over.
        self.observe(record, &asked, &Limit::new(Instant::now() + whole.left().max(TO_WRITE), None))
    }

    fn observe(&self, record: &journal::Record, asked: &Asked, limit: &Limit) -> Result<journal::Record> {
        let status = asked.transaction_status();
        let intent = &record.intent;
        let now = self.doku_tick();
        crash::point("asking.before_observe");
        let known = self.journal.observe(record, || asked.observation(intent), status, now, limit)?;
        let known = known.unwrap_or_else(|| record.clone());
        let (name, reference) = (intent.operation.name(), &intent.reference);
        if known.is_paid_after_cancel() && !record.is_paid_after_cancel() {
            self.log(Level::Error, || {
                format!("{name} {reference} was paid after it was given up: give the money back.")
            });
        } else if known.state != record.state {
            self.log(Level::Info, || format!("{name} {reference} is {} by its status.", known.state.name()));
        }
        Ok(known)
    }

    /// What a status that somebody asked for teaches about the record of the payment. That it cannot be written down is no
    /// matter of the question's.
    pub(super) fn learn(&self, record: &journal::Record, status: &Status, limit: &Limit) {
        let asked = Asked::read(record, Ok(status.clone()));
        let is_news =
            journal::merge(record.transaction_status, status.transaction_status()) != record.transaction_status;
        let settles = record.state.is_open()
            && !matches!(
                asked.observation(&record.intent),
                journal::Observation::StillOpen | journal::Observation::NotFound
            );
        if is_news || settles {
            let _ = self.observe(record, &asked, limit);
        }
    }

    /// The limit of one call, but not beyond that of the whole; a little where that is over.
    fn within(&self, whole: &Limit, cancel: Option<&Cancel>) -> Limit {
        self.limit(cancel).sooner(Instant::now() + whole.left().max(TO_WRITE))
    }

    fn prune(&self, limit: &Limit) -> Result<()> {
        let Some(keep) = self.merchant.settings.journal_keep else { return Ok(()) };
        // A clock that is years ahead would else have all records removed.
        if !self.knows_dokus_date() {
            return Ok(());
        }
        let keep_ms = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
        let before_ms = self.doku_now_ms().saturating_sub(keep_ms);
        let pruned = self.journal.prune(before_ms, PRUNED, limit)?;
        if pruned > 0 {
            self.log(Level::Info, || format!("{pruned} old records were removed from the journal."));
        }
        Ok(())
    }

    pub(super) fn resolve(
        &self,
        operation: Operation,
        reference: &str,
        resolution: Resolution,
        reason: &str,
        cancel: Option<&Cancel>,
    ) -> Result<Record> {
        let reference = Reference::parse("reference", reference)?;
        let reason = checks::text("reason", reason)?;
        let key = Key { operation, reference: reference.to_string() };
        let record = self.journal.resolve(&key, resolution, &reason, self.doku_tick(), &self.limit(cancel))?;
        self.log(Level::Warn, || format!("{} {reference} was closed by hand: {reason}", operation.name()));
        Ok(Record::new(record))
    }

    pub(super) fn record(
        &self,
        operation: Operation,
        reference: &str,
        cancel: Option<&Cancel>,
    ) -> Result<Option<Record>> {
        let reference = Reference::parse("reference", reference)?;
        let found = self.journal.find(operation, reference.as_str(), &self.limit(cancel))?;
        Ok(found.map(Record::new))
    }

    pub(super) fn page(
        &self,
        filter: &Filter,
        after: Option<&Position>,
        count: usize,
        cancel: Option<&Cancel>,
    ) -> Result<Vec<journal::Record>> {
        self.journal.page(filter, after, count, &self.limit(cancel))
    }

    pub(super) fn create_journal(&self, cancel: Option<&Cancel>) -> Result<()> {
        self.journal.create(&self.limit(cancel))
    }

    pub(super) fn reconcile(&self, day: &str, limit: Duration, cancel: Option<&Cancel>) -> Result<Reconciliation> {
        let (from_ms, to_ms) = day_in_jakarta(day)?;
        let whole = Limit::new(Instant::now() + limit.min(LONGEST), cancel.cloned());
        let filter = Filter::Made(from_ms, to_ms);
        let mut statuses: HashMap<String, Result<Status>> = HashMap::new();
        let mut result = Reconciliation { records: Vec::new(), is_complete: false };
        let mut after: Option<Position> = None;
        loop {
            let page = self.journal.page(&filter, after.as_ref(), PAGE, &self.within(&whole, cancel))?;
            let Some(last) = page.last() else { break };
            after = Some((last.created_ms, last.key()));
            for record in page {
                if whole.left() < WORTH_IT {
                    return Ok(result);
                }
                let payment = record.payment_reference().to_owned();
                let limit = self.limit(cancel).sooner(Instant::now() + whole.left());
                let status = statuses.entry(payment).or_insert_with_key(|payment| self.inquire(payment, None, &limit));
                let status = status.clone();
                result.records.push(self.compare(&record, status, &limit)?);
            }
        }
        result.is_complete = true;
        Ok(result)
    }

    /// Holds a record against DOKU's status of its payment, which may also settle it.
    fn compare(&self, record: &journal::Record, status: Result<Status>, limit: &Limit) -> Result<Record> {
        let asked = Asked::read(record, status.clone());
        let is_news = asked.transaction_status() != record.transaction_status;
        let known = match record.state.is_open() || (is_news && record.intent.operation == Operation::Payment) {
            true => self.observe(record, &asked, limit)?,
            false => record.clone(),
        };
        let (comparison, finding) = match status {
            Err(error) if is_not_found(&error) => not_found(&known),
            Err(error) => (Comparison::Unclear, error.message().to_owned()),
            Ok(status) => match known.intent.operation {
                Operation::Payment => self.compare_payment(&known, &status, limit)?,
                Operation::Refund => compare_refund(&known, &status),
            },
        };
        Ok(Record::compared(known, comparison, finding))
    }

    fn compare_payment(
        &self,
        record: &journal::Record,
        status: &Status,
        limit: &Limit,
    ) -> Result<(Comparison, String)> {
        if let Some(amount) = status.amount().filter(|amount| *amount != record.intent.amount) {
            return Ok((Comparison::Differs, format!("DOKU has {amount}, the journal {}.", record.intent.amount)));
        }
        for entry in status.refunds() {
            let Some(number) = entry.partner_refund_no() else { continue };
            let is_live = entry.status() != Some(RefundStatus::Failed);
            if is_live && self.journal.find(Operation::Refund, number, limit)?.is_none() {
                return Ok((
                    Comparison::Differs,
                    format!("DOKU lists a refund '{number}' that the journal does not know."),
                ));
            }
        }
        let said = status.transaction_status();
        let name = said.map_or("nothing", TransactionStatus::name);
        let was_paid = matches!(said, Some(TransactionStatus::Paid | TransactionStatus::Refunded));
        Ok(match (record.state, said) {
            (_, None) => (Comparison::Unclear, "DOKU's status does not tell.".to_owned()),
            (_, Some(TransactionStatus::NotFound)) => not_found(record),
            (State::Done, _) => (Comparison::Agrees, format!("DOKU says: {name}.")),
            (State::Abandoned | State::Expired, _) if was_paid => {
                (Comparison::Differs, format!("It was {} here, and was paid: DOKU says {name}.", record.state.name()))
            }
            (State::Abandoned | State::Expired, _) => (Comparison::Agrees, format!("DOKU says: {name}.")),
            (state, _) if state.is_open() => (Comparison::Unclear, format!("It is open here; DOKU says: {name}.")),
            (state, _) => (Comparison::Differs, format!("It is '{}' here, and DOKU has it: {name}.", state.name())),
        })
    }
}

/// DOKU does not know the payment, which the customer may not have opened.
fn not_found(record: &journal::Record) -> (Comparison, String) {
    let paid = matches!(record.transaction_status, Some(TransactionStatus::Paid | TransactionStatus::Refunded));
    let is_request = record.answer.as_ref().is_some_and(|answer| answer.source != Source::Person);
    match (record.intent.operation, record.state) {
        (Operation::Payment, _) if paid => {
            (Comparison::Differs, "It was paid, and DOKU does not know it any more.".to_owned())
        }
        (Operation::Refund, State::Done) if is_request => {
            (Comparison::Differs, "The refund is done here, and DOKU does not know its payment.".to_owned())
        }
        (_, State::Done) => {
            (Comparison::Unclear, "DOKU does not know it; perhaps the customer has not opened the link.".to_owned())
        }
        (_, state) if state.is_open() => {
            (Comparison::Unclear, "It is open here, and DOKU does not know it.".to_owned())
        }
        _ => (Comparison::Agrees, "DOKU does not know it.".to_owned()),
    }
}

fn compare_refund(record: &journal::Record, status: &Status) -> (Comparison, String) {
    let original = record.intent.original.as_deref().unwrap_or_default();
    let entry = match status.find_refund(&record.intent.reference, original) {
        FoundRefund::NoHistory => {
            return (Comparison::Unclear, "DOKU's status says nothing about refunds.".to_owned());
        }
        FoundRefund::Unclear => {
            return (Comparison::Unclear, "DOKU lists a refund without saying whose it is.".to_owned());
        }
        FoundRefund::Absent => None,
        FoundRefund::Entry(entry) => Some(entry),
    };
    if let Some(amount) = entry.and_then(|entry| entry.amount()).filter(|amount| *amount != record.intent.amount) {
        return (Comparison::Differs, format!("DOKU has {amount}, the journal {}.", record.intent.amount));
    }
    let theirs = match entry.map(|entry| entry.status()) {
        None => "not listed",
        Some(Some(RefundStatus::Done)) => "refunded",
        Some(Some(RefundStatus::Failed)) => "failed",
        Some(_) => "in progress",
    };
    let ours = record.state;
    let comparison = match (ours, theirs) {
        (_, "in progress") => Comparison::Unclear,
        (ours, _) if ours.is_open() || ours == State::Abandoned => Comparison::Unclear,
        (State::Done, "refunded") => Comparison::Agrees,
        (State::Done, _) | (_, "refunded") => Comparison::Differs,
        _ => Comparison::Agrees,
    };
    (comparison, format!("It is '{}' here; DOKU says: {theirs}.", ours.name()))
}

impl super::Client {
    pub(crate) fn page(&self, filter: &Filter, after: Option<&Position>, count: usize) -> Result<Vec<journal::Record>> {
        let found = self.worker()?.page(filter, after, count, self.cancel.as_ref());
        found.map_err(|error: Error| error.with_outcome(Outcome::NotSent))
    }
}
