//! A payment or a refund from the caller's call to its one result, through the journal (P2).

use super::exchange::Outgoing;
use super::judge::{Verdict, judge, unknown};
use super::settle::Settlement;
use super::token::over;
use super::words::refusal;
use super::worker::Worker;
use crate::crash;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::events::Level;
use crate::journal::{Answer, Attempt, Begun, Finding, Finished, Intent, Key, Need, Open, Record, Source, State};
use crate::limit::Limit;
use crate::snap::response::Reply;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One call of `pay` or `refund`.
pub(super) struct Order {
    pub(super) intent: Intent,
    /// That a refund may bring those of its payment above what was paid.
    pub(super) allow_over_refund: bool,
    pub(super) path: &'static str,
}

/// An operation that is done, and the answer that says so.
pub(super) struct Completed {
    pub(super) record: Record,
    pub(super) answer: Answer,
    /// Whether the journal has it: where writing failed, it is settled later by asking.
    pub(super) is_recorded: bool,
}

impl Worker {
    /// Does what is ordered, unless the journal knows its result already. `attempt` makes what is to be sent.
    pub(super) fn operate(
        &self,
        order: &Order,
        attempt: &mut dyn FnMut(Need<'_>) -> Result<Attempt>,
        limit: &Limit,
    ) -> Result<Completed> {
        let mut waited = 0;
        loop {
            match self.attempt_once(order, attempt, waited, limit)? {
                Attempted::Completed(completed) => return Ok(*completed),
                Attempted::ComeAgain(pause) => limit.sleep(pause),
            }
            waited += 1;
        }
    }

    /// One attempt; after a refusal for now DOKU may wish to be asked again within the call's limit.
    fn attempt_once(
        &self,
        order: &Order,
        attempt: &mut dyn FnMut(Need<'_>) -> Result<Attempt>,
        waited: u32,
        limit: &Limit,
    ) -> Result<Attempted> {
        let (begun_at, begun_left) = (self.clock.now(), limit.left());
        let now = || self.doku_tick();
        let call = self.random_number()?;
        crash::point("call.before_begin");
        let begun = match self.journal.begin(&order.intent, order.allow_over_refund, call, attempt, &now, limit) {
            Err(error) if matches!(error.kind(), Kind::Journal | Kind::Cancelled | Kind::Timeout) => {
                return self.not_begun(&order.intent, error);
            }
            begun => begun?,
        };
        let (record, sent_before) = match begun {
            Begun::Settled(record) => return recorded(record).map(Attempted::completed),
            Begun::Busy => {
                let error = over(limit, "while another call was at work on the same reference");
                return Err(unknown(error, &order.intent));
            }
            Begun::Mine { record, sent_before } => (record, sent_before),
        };
        crash::point("call.after_begin");
        let mut held = Held { worker: self, record, let_go: false };
        // Should this process be stopped or the machine sleep, another may take over: then nothing is sent any more.
        let limit = &limit.fenced(Arc::clone(&self.clock), begun_at, begun_left);
        let (verdict, again_after) = self.find_out(order, &held.record, sent_before, waited, limit);
        let record = held.record.clone();
        let done = match &verdict.finding {
            Finding::Done(answer) => Some(answer.clone()),
            _ => None,
        };
        self.log_verdict(&order.intent, &record, &verdict);
        let may_have_happened = verdict.error.as_ref().is_none_or(|error| error.outcome() == Outcome::Unknown);
        self.uncertain.note(record.key(), may_have_happened);
        let said = verdict.error.as_ref().map_or("", Error::message).to_owned();
        // What DOKU said is told to the caller also where it cannot be written down.
        crash::point("call.before_finish");
        let written = held.finish(verdict.finding, &said, limit);
        crash::point("call.after_finish");
        match (done, verdict.error, written) {
            // Whoever had taken over was told it in other words (those of the status): everybody is told the same.
            (Some(_), _, Ok(Finished::TakenOver(theirs))) if theirs.state == State::Done => {
                recorded(*theirs).map(Attempted::completed)
            }
            (Some(answer), _, written) => {
                let is_recorded = self.is_recorded(&order.intent, written);
                Ok(Attempted::completed(Completed { record, answer, is_recorded }))
            }
            (None, _, Ok(Finished::TakenOver(theirs))) if !theirs.state.is_open() => {
                recorded(*theirs).map(Attempted::completed)
            }
            (None, _, Ok(_)) if let Some(pause) = again_after => Ok(Attempted::ComeAgain(pause)),
            (None, Some(error), written) => {
                let error = match &written {
                    // Whoever took over, or may have since, may have sent it: that this call sent nothing says too little.
                    Ok(Finished::TakenOver(_)) => unknown(error, &order.intent),
                    Err(_) if !limit.may_send() => unknown(error, &order.intent),
                    _ => error,
                };
                let error = match self.is_recorded(&order.intent, written) {
                    true => error,
                    false => error.followed_by(" This could not be written into the journal."),
                };
                Err(error.with_external_id(&record.attempt.external_id))
            }
            (None, None, _) => Err(Error::internal("An operation ended without a result.")),
        }
    }

    /// The journal could not be written, so this call sends nothing. What an earlier one has done, or may have, is told
    /// where the journal can still be read, or this process remembers it.
    fn not_begun(&self, intent: &Intent, error: Error) -> Result<Attempted> {
        let limit = Limit::new(Instant::now() + TO_WRITE, None);
        match self.journal.find(intent.operation, &intent.reference, &limit) {
            Ok(Some(record)) if record.state.is_open() || record.state == State::Abandoned => {
                Err(unknown(error, intent))
            }
            Ok(Some(record)) if record.state == State::Done && intent.must_match(&record.intent).is_ok() => {
                recorded(record).map(Attempted::completed)
            }
            Ok(_) => Err(error),
            Err(_) if self.uncertain.has(&intent.key()) => Err(unknown(error, intent)),
            Err(_) => Err(error.followed_by(
                " This call has sent nothing. If an earlier one with the same reference ended as unknown, it still is.",
            )),
        }
    }

    fn is_recorded(&self, intent: &Intent, written: Result<Finished>) -> bool {
        let Err(error) = written else { return true };
        self.log(Level::Error, || {
            format!("{} {}: what came of it could not be recorded: {error}", intent.operation.name(), intent.reference)
        });
        false
    }

    fn log_verdict(&self, intent: &Intent, record: &Record, verdict: &Verdict) {
        let level = match &verdict.error {
            None => Level::Info,
            Some(error) if error.kind() == Kind::Conflict => Level::Error,
            Some(_) => Level::Warn,
        };
        self.log(level, || {
            let what = match &verdict.error {
                None => "done".to_owned(),
                Some(error) => format!("{:?}: {error}", error.outcome()),
            };
            let name = intent.operation.name();
            format!("{name} {} X-EXTERNAL-ID {}: {what}", intent.reference, record.attempt.external_id)
        });
    }

    /// Settles first what may have happened already; sends what may be sent; asks where DOKU says that it knows more.
    fn find_out(
        &self,
        order: &Order,
        record: &Record,
        sent_before: bool,
        waited: u32,
        limit: &Limit,
    ) -> (Verdict, Option<Duration>) {
        if let Some(open) = &record.open
            && let Settlement::Verdict(verdict) = self.settle_or_send(order, record, open, limit)
        {
            return (*verdict, None);
        }
        let attempt = &record.attempt;
        let outgoing = Outgoing {
            path: order.path,
            body: &attempt.body,
            external_id: &attempt.external_id,
            device_id: Some(&attempt.device_id),
            ip_address: attempt.ip_address.as_deref(),
            attempt: Some((order.intent.operation, attempt)),
        };
        let came = self.transmit(&outgoing, waited, limit);
        let first = !sent_before && !came.resent;
        let mut verdict = judge(&order.intent, first, came.transmission, self.doku_tick());
        verdict.error = verdict.error.map(|error| self.with_clock(error));
        // A new attempt is made only of one that is settled as refused for now.
        let again_after = came.new_attempt_after.filter(|_| matches!(verdict.finding, Finding::RefusedForNow));
        match verdict.ask_status {
            true => (self.ask_as_well(order, record, verdict, limit), None),
            false => (verdict, again_after),
        }
    }

    /// DOKU says that it knows more: what its status settles holds, else what was found before.
    fn ask_as_well(&self, order: &Order, record: &Record, verdict: Verdict, limit: &Limit) -> Verdict {
        let asked = self.ask_about(record, limit);
        let is_pending = asked.is_pending();
        match (asked.settlement(&order.intent), verdict.finding) {
            (Settlement::Verdict(asked), finding) => match (asked.finding, finding) {
                (known @ (Finding::Done(_) | Finding::Refused(_) | Finding::Conflict(_)), _) => {
                    Verdict { finding: known, ..*asked }
                }
                // DOKU refuses what it is at work on: by an earlier request, of which the journal knows nothing.
                (_, Finding::Refused(_)) if is_pending => {
                    let finding = Finding::Unknown(Open { last_sent: self.doku_tick(), ask_only: true });
                    Verdict { finding, ..*asked }
                }
                // The status taught nothing: a refusal stays one, and what is open stays open, in the words of whichever
                // needs a person.
                (_, refused @ Finding::Refused(_)) => Verdict { finding: refused, ..verdict },
                (_, open) if verdict.error.as_ref().is_some_and(|error| error.retry() == Retry::No) => {
                    Verdict { finding: open, ..verdict }
                }
                (_, open) => Verdict { finding: open, ..*asked },
            },
            (Settlement::Send, finding) => Verdict { finding, ..verdict },
        }
    }
}

/// What was done in this process, or may have been: should the journal fail, a second call must not say that nothing was
/// sent.
#[derive(Default)]
pub(super) struct Uncertain(Mutex<HashSet<Key>>);

impl Uncertain {
    /// More than a till makes in a day; the first ones serve as well as the last.
    const MOST: usize = 10_000;

    fn note(&self, key: Key, may_have_happened: bool) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !may_have_happened {
            keys.remove(&key);
        } else if keys.len() < Self::MOST {
            keys.insert(key);
        }
    }

    fn has(&self, key: &Key) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }
}

enum Attempted {
    Completed(Box<Completed>),
    ComeAgain(Duration),
}

impl Attempted {
    fn completed(completed: Completed) -> Self {
        Self::Completed(Box::new(completed))
    }
}

/// The result that the journal has of an operation that is settled.
fn recorded(record: Record) -> Result<Completed> {
    let external_id = record.attempt.external_id.clone();
    let by_hand = |record: &Record| record.note.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    let error = match (record.state, &record.answer) {
        (State::Done, Some(answer)) => {
            return Ok(Completed { answer: answer.clone(), record, is_recorded: true });
        }
        (State::Refused, Some(answer)) => match answer.source {
            Source::Status | Source::Notification => refund_failed(),
            Source::Person => closed(format!(
                "A person closed the {} '{}' as not done{}. Use a new reference for a new one.",
                record.intent.operation.name(),
                record.intent.reference,
                by_hand(&record)
            )),
            Source::Request => match Reply::read(answer.http_status, answer.body.as_bytes()) {
                Some(reply) => refusal(&reply, Outcome::Refused).followed_by(
                    " (This is what DOKU answered the first time; a changed request needs a new reference.)",
                ),
                None => Error::internal("A recorded answer cannot be read again.").with_outcome(Outcome::Refused),
            },
        },
        (State::Expired, _) => closed(format!(
            "The link of the payment '{}' died before anybody had paid. Use a new reference for a new payment.",
            record.intent.reference
        )),
        (State::Abandoned, _) => Error::new(
            Kind::Declined,
            Outcome::Unknown,
            Retry::No,
            format!(
                "A person gave up the {} '{}'{}; whether it happened the journal does not say. Use a new reference for a \
                 new one.",
                record.intent.operation.name(),
                record.intent.reference,
                by_hand(&record)
            ),
        ),
        _ => Error::internal("A record is not settled.").with_outcome(Outcome::Unknown),
    };
    Err(error.with_external_id(&external_id))
}

fn closed(message: String) -> Error {
    Error::new(Kind::Declined, Outcome::Refused, Retry::No, message)
}

pub(super) fn refund_failed() -> Error {
    let message = "DOKU lists the refund as failed: nothing was refunded. Ask DOKU's support, or refund under a new \
                   number.";
    Error::new(Kind::Declined, Outcome::Refused, Retry::No, message)
}

/// An operation that this call holds in the journal. Should the call end by a panic, it is let go as unknown.
struct Held<'a> {
    worker: &'a Worker,
    record: Record,
    let_go: bool,
}

/// Writing down what was found out has what is left of the call's time, and this much where that is over.
const TO_WRITE: Duration = Duration::from_millis(150);

impl Held<'_> {
    fn finish(&mut self, finding: Finding, said: &str, call: &Limit) -> Result<Finished> {
        self.let_go = true;
        let limit = Limit::new(Instant::now() + TO_WRITE.max(call.left()), None);
        self.worker.journal.finish(&self.record, finding, said, self.worker.doku_tick(), &limit)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.let_go {
            let ask_only = self.record.open.is_some_and(|open| open.ask_only);
            let finding = Finding::Unknown(Open { last_sent: self.worker.doku_tick(), ask_only });
            let _ = self.finish(finding, "the call ended by a panic", &Limit::new(Instant::now(), None));
        }
    }
}
