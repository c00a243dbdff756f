//! The journal in memory: for a try-out, and for programs that need no more than DOKU's own deduplication across
//! restarts.

use super::{Attempt, Begun, Finding, Intent, Journal, Need, Record, State};
use crate::error::Result;
use crate::limit::Limit;
use crate::snap::external_id::Operation;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many operations that are not open are remembered, so that a long-lived till does not grow. Open ones are never
/// forgotten.
const REMEMBERED: usize = 10_000;

type Key = (Operation, String);

#[derive(Default)]
struct Contents {
    records: HashMap<Key, Box<Record>>,
    /// Operations as they came to rest, the oldest first, each with the epoch in which it did.
    at_rest: VecDeque<(Key, u32)>,
    /// How many calls wait for another's: telling nobody would cost a system call with every payment.
    waiting: usize,
}

/// See the module.
#[derive(Default)]
pub(crate) struct MemoryJournal {
    contents: Mutex<Contents>,
    /// Told whenever an operation is let go.
    released: Condvar,
}

impl MemoryJournal {
    /// A panic elsewhere cannot have left the map half-written: every change is a single insertion or removal.
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    fn begin(
        &self,
        intent: &Intent,
        attempt: &mut dyn FnMut(Need<'_>) -> Result<Attempt>,
        limit: &Limit,
    ) -> Result<Begun> {
        let key = (intent.operation, intent.reference.clone());
        let mut contents = self.lock();
        loop {
            let Some(record) = contents.records.get_mut(&key) else {
                let record = Record {
                    intent: intent.clone(),
                    attempt: attempt(Need::First)?,
                    number: 1,
                    state: State::Sending,
                    open: None,
                    epoch: 1,
                };
                contents.records.insert(key, Box::new(record.clone()));
                return Ok(Begun::Mine { record, sent_before: false });
            };
            intent.must_match(&record.intent)?;
            match record.state {
                State::Done(_) | State::Refused(_) => return Ok(Begun::Settled((**record).clone())),
                State::RefusedForNow => {
                    record.attempt = attempt(Need::Another)?;
                    record.number += 1;
                }
                State::Unsent => record.attempt = attempt(Need::Rewritten(&record.attempt.external_id))?,
                State::TokenRefused | State::Unknown => {}
                State::Sending => {
                    let wait = limit.slice();
                    if wait.is_zero() {
                        return Ok(Begun::Busy);
                    }
                    contents.waiting += 1;
                    let waited = self.released.wait_timeout(contents, wait);
                    contents = waited.unwrap_or_else(PoisonError::into_inner).0;
                    contents.waiting -= 1;
                    continue;
                }
            }
            record.state = State::Sending;
            record.epoch += 1;
            return Ok(Begun::Mine { record: (**record).clone(), sent_before: record.open.is_some() });
        }
    }

    fn finish(&self, held: &Record, finding: Finding) -> Result<()> {
        let key = (held.intent.operation, held.intent.reference.clone());
        let mut contents = self.lock();
        let Some(record) = contents.records.get_mut(&key).filter(|record| record.epoch == held.epoch) else {
            return Ok(());
        };
        record.state = match (finding, &record.open) {
            (Finding::NothingNew | Finding::TokenRefused, Some(_)) => State::Unknown,
            (Finding::NothingNew, None) => State::Unsent,
            (Finding::TokenRefused, None) => State::TokenRefused,
            (Finding::Done(answer), _) => State::Done(answer),
            (Finding::Refused(answer), _) => State::Refused(answer),
            (Finding::RefusedForNow, _) => State::RefusedForNow,
            (Finding::Unknown(open), _) => {
                record.open = Some(open);
                State::Unknown
            }
        };
        let at_rest = !matches!(record.state, State::Unknown);
        if matches!(record.state, State::Unsent) && record.number == 1 {
            // Its id is derived, so nothing is lost by forgetting it at once.
            contents.records.remove(&key);
        } else if at_rest {
            contents.rest(key, held.epoch);
        }
        if contents.waiting > 0 {
            self.released.notify_all();
        }
        Ok(())
    }

    fn find(&self, operation: Operation, reference: &str) -> Result<Option<Record>> {
        let key = (operation, reference.to_owned());
        Ok(self.lock().records.get(&key).map(|record| (**record).clone()))
    }
}

impl Contents {
    /// Notes an operation that came to rest, and forgets the oldest one that has rested since.
    fn rest(&mut self, key: Key, epoch: u32) {
        self.at_rest.push_back((key, epoch));
        if self.at_rest.len() > REMEMBERED
            && let Some((oldest, epoch)) = self.at_rest.pop_front()
            && self.records.get(&oldest).is_some_and(|record| record.epoch == epoch)
        {
            self.records.remove(&oldest);
        }
    }
}
