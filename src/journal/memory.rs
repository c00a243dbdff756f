//! The journal in memory: for a try-out, and for programs that need no more than DOKU's own deduplication across
//! restarts.

use super::{Attempt, Begun, Finding, Intent, Journal, Record, State};
use crate::error::Result;
use crate::snap::external_id::Operation;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How many settled operations are remembered, so that a long-lived till does not grow. Open ones are never forgotten.
const REMEMBERED: usize = 10_000;

type Key = (Operation, String);

#[derive(Default)]
struct Contents {
    records: HashMap<Key, Record>,
    /// Settled operations, the oldest first.
    settled: VecDeque<Key>,
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
        attempt: &mut dyn FnMut(bool) -> Result<Attempt>,
        deadline: Instant,
    ) -> Result<Begun> {
        let key = (intent.operation, intent.reference.clone());
        let mut contents = self.lock();
        loop {
            let Some(record) = contents.records.get_mut(&key) else {
                let record = Record {
                    intent: intent.clone(),
                    attempt: attempt(false)?,
                    state: State::Sending,
                    last_sent_ms: None,
                    epoch: 1,
                };
                contents.records.insert(key, record.clone());
                return Ok(Begun::Mine(record));
            };
            intent.must_match(&record.intent)?;
            match record.state {
                State::Done(_) | State::Refused(_) => return Ok(Begun::Settled(record.clone())),
                State::RefusedForNow => {
                    record.attempt = attempt(true)?;
                    record.last_sent_ms = None;
                }
                State::Unknown => {}
                State::Sending => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Ok(Begun::Busy);
                    }
                    contents.waiting += 1;
                    let waited = self.released.wait_timeout(contents, left);
                    contents = waited.unwrap_or_else(PoisonError::into_inner).0;
                    contents.waiting -= 1;
                    continue;
                }
            }
            record.state = State::Sending;
            record.epoch += 1;
            return Ok(Begun::Mine(record.clone()));
        }
    }

    fn finish(&self, held: &Record, finding: Finding) -> Result<()> {
        let key = (held.intent.operation, held.intent.reference.clone());
        let mut contents = self.lock();
        let Some(record) = contents.records.get_mut(&key).filter(|record| record.epoch == held.epoch) else {
            return Ok(());
        };
        let settled = matches!(finding, Finding::Done(_) | Finding::Refused(_));
        match finding {
            Finding::NotSent if record.last_sent_ms.is_some() => record.state = State::Unknown,
            // Never sent: the next call starts anew, under the same derived id.
            Finding::NotSent => drop(contents.records.remove(&key)),
            Finding::Done(answer) => record.state = State::Done(answer),
            Finding::Refused(answer) => record.state = State::Refused(answer),
            Finding::RefusedForNow => record.state = State::RefusedForNow,
            Finding::Unknown(at_ms) => {
                record.last_sent_ms = Some(at_ms);
                record.state = State::Unknown;
            }
        }
        if settled {
            contents.settled.push_back(key);
            if contents.settled.len() > REMEMBERED
                && let Some(oldest) = contents.settled.pop_front()
            {
                contents.records.remove(&oldest);
            }
        }
        if contents.waiting > 0 {
            self.released.notify_all();
        }
        Ok(())
    }

    fn find(&self, operation: Operation, reference: &str) -> Result<Option<Record>> {
        Ok(self.lock().records.get(&(operation, reference.to_owned())).cloned())
    }
}
