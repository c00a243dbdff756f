//! A payment or a refund from the caller's call to its one result, through the journal (P2).

use super::exchange::Outgoing;
use super::judge::{Verdict, judge, unknown};
use super::settle::Settlement;
use super::token::over;
use super::words::refusal;
use super::worker::Worker;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::events::Level;
use crate::journal::{Answer, Attempt, Begun, Finding, Intent, Need, Open, Record, State};
use crate::limit::Limit;
use crate::snap::response::Reply;
use std::time::Duration;

/// One call of `pay` or `refund`.
pub(super) struct Order {
    pub(super) intent: Intent,
    pub(super) path: &'static str,
}

/// An operation that is done, and the answer that says so.
pub(super) struct Completed {
    pub(super) record: Record,
    pub(super) answer: Answer,
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
        let (record, sent_before) = match self.journal.begin(&order.intent, attempt, limit)? {
            Begun::Settled(record) => return recorded(record).map(Attempted::completed),
            Begun::Busy => {
                let error = over(limit, "while another call was at work on the same reference");
                return Err(unknown(error, &order.intent));
            }
            Begun::Mine { record, sent_before } => (record, sent_before),
        };
        let mut held = Held { worker: self, record, let_go: false };
        let (verdict, again_after) = self.find_out(order, &held.record, sent_before, waited, limit);
        let record = held.record.clone();
        let done = match &verdict.finding {
            Finding::Done(answer) => Some(answer.clone()),
            _ => None,
        };
        self.log_verdict(&order.intent, &record, &verdict);
        // What DOKU said is told to the caller also where it cannot be written down.
        let written = held.finish(verdict.finding);
        match (done, verdict.error, written) {
            (Some(answer), _, _) => Ok(Attempted::completed(Completed { record, answer })),
            (None, _, Ok(())) if let Some(pause) = again_after => Ok(Attempted::ComeAgain(pause)),
            (None, Some(error), _) => Err(error.with_external_id(&record.attempt.external_id)),
            (None, None, _) => Err(Error::internal("An operation ended without a result.")),
        }
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
            && let Settlement::Verdict(verdict) = self.settle(order, record, open, limit)
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
            operation: Some(order.intent.operation),
            begun_ms: attempt.begun_ms,
        };
        let came = self.transmit(&outgoing, waited, limit);
        let first = !sent_before && !came.resent;
        let mut verdict = judge(&order.intent, first, came.transmission, self.clock.now());
        verdict.error = verdict.error.map(|error| self.with_clock(error));
        // A new attempt is made only of one that is settled as refused for now.
        let again_after = came.new_attempt_after.filter(|_| matches!(verdict.finding, Finding::RefusedForNow));
        if verdict.ask_status { (self.ask_as_well(order, verdict, limit), None) } else { (verdict, again_after) }
    }

    /// DOKU says that it knows more: what its status settles holds, else what was found before.
    fn ask_as_well(&self, order: &Order, verdict: Verdict, limit: &Limit) -> Verdict {
        match (self.by_status(order, limit), verdict.finding) {
            (Settlement::Verdict(asked), finding) => match (asked.finding, finding) {
                (known @ (Finding::Done(_) | Finding::Refused(_)), _) => Verdict { finding: known, ..*asked },
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
    match &record.state {
        State::Done(answer) => Ok(Completed { answer: answer.clone(), record }),
        State::Refused(answer) if answer.from_status => {
            Err(refund_failed().with_external_id(&record.attempt.external_id))
        }
        State::Refused(answer) => match Reply::read(answer.http_status, answer.body.as_bytes()) {
            Some(reply) => Err(refusal(&reply, Outcome::Refused)
                .followed_by(" (This is what DOKU answered the first time; a changed request needs a new reference.)")
                .with_external_id(&record.attempt.external_id)),
            None => Err(Error::internal("A recorded answer cannot be read again.").with_outcome(Outcome::Refused)),
        },
        _ => Err(Error::internal("A record is not settled.").with_outcome(Outcome::Unknown)),
    }
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

impl Held<'_> {
    fn finish(&mut self, finding: Finding) -> Result<()> {
        self.let_go = true;
        self.worker.journal.finish(&self.record, finding)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.let_go {
            let finding = Finding::Unknown(Open { last_sent: self.worker.clock.now(), ask_only: false });
            let _ = self.worker.journal.finish(&self.record, finding);
        }
    }
}
