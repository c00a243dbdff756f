//! The journal in memory: for a try-out, and for programs that need no more than DOKU's own deduplication across
//! restarts.

use super::record::{Key, Moment, Record, State};
use super::store::{Change, Filter, Note, NoteState, Position, Refunds, Seen, SharedToken, Store};
use crate::clock::Clock;
use crate::error::Result;
use crate::limit::Limit;
use crate::snap::external_id::Operation;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many operations that are not open are remembered, so that a long-lived till does not grow. Open ones are never
/// forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Default)]
struct Contents {
    records: HashMap<Key, Box<Record>>,
    /// The refunds of each payment.
    refunds: HashMap<String, Vec<Key>>,
    /// Operations as they came to rest, the oldest first, each with the epoch in which it did.
    at_rest: VecDeque<(Key, u32)>,
    /// The inbox, by the notifications' keys.
    notes: HashMap<String, Note>,
    /// How many calls wait for another's: telling nobody would cost a system call with every payment.
    waiting: usize,
}

/// See the module.
pub(crate) struct MemoryStore {
    contents: Mutex<Contents>,
    /// Told whenever an operation is let go.
    released: Condvar,
    clock: Arc<dyn Clock>,
}

impl MemoryStore {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { contents: Mutex::default(), released: Condvar::new(), clock }
    }

    /// A panic elsewhere cannot have left the map half-written: `decide` has no part in writing.
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moment(&self) -> Moment {
        Moment { boot: 0, ms: self.clock.now().steady_ms }
    }
}

impl Store for MemoryStore {
    fn update(
        &self,
        key: &Key,
        payment: Option<&str>,
        _limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> Result<()> {
        let mut contents = self.lock();
        let record = contents.records.get(key).map(|record| (**record).clone());
        let refunds = payment.map(|payment| contents.refunds_of(payment, key));
        match decide(Seen { record, now: self.moment(), refunds })? {
            Change::Keep => {}
            Change::Write(record) => {
                let let_go = record.state != State::Sending;
                contents.write(key, record);
                if let_go && contents.waiting > 0 {
                    self.released.notify_all();
                }
            }
        }
        Ok(())
    }

    fn find(&self, key: &Key, _limit: &Limit) -> Result<Option<Record>> {
        Ok(self.lock().records.get(key).map(|record| (**record).clone()))
    }

    fn page(&self, filter: &Filter, after: Option<&Position>, count: usize, _limit: &Limit) -> Result<Vec<Record>> {
        let contents = self.lock();
        let mut found: Vec<(Position, &Record)> = contents
            .records
            .values()
            .filter_map(|record| Some((position(filter, record)?, &**record)))
            .filter(|(at, _)| after.is_none_or(|after| at > after))
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found.into_iter().take(count).map(|(_, record)| record.clone()).collect())
    }

    fn prune(&self, unchanged_since_ms: i64, count: usize, _limit: &Limit) -> Result<usize> {
        let mut contents = self.lock();
        let old = |record: &Record| record.next_ask_ms.is_none() && record.changed_ms < unchanged_since_ms;
        let keys: Vec<_> =
            contents.records.values().filter(|record| old(record)).map(|record| record.key()).take(count).collect();
        keys.iter().for_each(|key| contents.forget(key));
        contents.notes.retain(|_, note| note.state != NoteState::Acknowledged || note.last_ms >= unchanged_since_ms);
        Ok(keys.len())
    }

    fn now(&self, _limit: &Limit) -> Result<Moment> {
        Ok(self.moment())
    }

    /// Shared with nobody.
    fn token(&self, _limit: &Limit) -> Result<Option<SharedToken>> {
        Ok(None)
    }

    fn put_token(&self, _token: &SharedToken, _limit: &Limit) -> Result<bool> {
        Ok(false)
    }

    fn note(&self, note: &Note, _limit: &Limit) -> Result<Option<NoteState>> {
        let mut contents = self.lock();
        if let Some(known) = contents.notes.get_mut(&note.key) {
            let before = known.state;
            // What was acknowledged stays so, and what was received is not made stale by an old copy of it.
            if before != NoteState::Acknowledged && note.state != NoteState::Stale {
                known.state = note.state;
            }
            (known.is_known, known.last_ms, known.count) = (note.is_known, note.last_ms, known.count + 1);
            return Ok(Some(before));
        }
        if contents.notes.len() >= REMEMBERED {
            let oldest =
                contents.notes.values().min_by_key(|note| (note.state != NoteState::Acknowledged, note.last_ms));
            let oldest = oldest.map(|note| note.key.clone()).unwrap_or_default();
            contents.notes.remove(&oldest);
        }
        contents.notes.insert(note.key.clone(), note.clone());
        Ok(None)
    }

    fn notes(&self, after: Option<(i64, &str)>, count: usize, _limit: &Limit) -> Result<Vec<Note>> {
        let contents = self.lock();
        let is_open = |note: &&Note| note.state != NoteState::Acknowledged || !note.is_known;
        let is_behind = |note: &&Note| after.is_none_or(|after| (note.first_ms, note.key.as_str()) > after);
        let mut found: Vec<&Note> = contents.notes.values().filter(is_open).filter(is_behind).collect();
        found.sort_by(|a, b| (a.first_ms, &a.key).cmp(&(b.first_ms, &b.key)));
        Ok(found.into_iter().take(count).cloned().collect())
    }

    /// Until somebody lets go, however long that is: whoever does tells.
    fn pause(&self, limit: &Limit, _pause: Duration) {
        let mut contents = self.lock();
        contents.waiting += 1;
        let waited = self.released.wait_timeout(contents, limit.slice().min(LONGEST_WAIT));
        waited.unwrap_or_else(PoisonError::into_inner).0.waiting -= 1;
    }
}

/// Somebody may have let go just before the wait began.
const LONGEST_WAIT: Duration = Duration::from_millis(20);

/// Where a record stands in the order of a filter; `None` when it does not pass.
fn position(filter: &Filter, record: &Record) -> Option<Position> {
    let time = match filter {
        Filter::All => Some(record.created_ms),
        Filter::Open => record.next_ask_ms.map(|_| record.created_ms),
        Filter::Due(by_ms) => record.next_ask_ms.filter(|next| next <= by_ms),
        Filter::Reference(reference) => {
            let is_it = record.intent.reference == *reference || record.intent.original.as_ref() == Some(reference);
            is_it.then_some(record.created_ms)
        }
        Filter::Made(from, to) => Some(record.created_ms).filter(|made| (*from..*to).contains(made)),
    };
    time.map(|time| (time, record.key()))
}

impl Contents {
    fn refunds_of(&self, payment: &str, but: &Key) -> Refunds {
        let key = Key { operation: Operation::Payment, reference: payment.to_owned() };
        let others = self.refunds.get(payment).into_iter().flatten().filter(|key| *key != but);
        Refunds {
            paid_sen: self.records.get(&key).map(|record| record.intent.amount.sen()),
            others_sen: others
                .filter_map(|key| self.records.get(key))
                .filter(|record| record.state.counts())
                .map(|record| record.intent.amount.sen())
                .fold(0, i64::saturating_add),
        }
    }

    fn write(&mut self, key: &Key, record: Box<Record>) {
        // Its id is derived, so nothing is lost by forgetting at once what was never sent.
        if record.state == State::Unsent && record.number == 1 {
            return self.forget(key);
        }
        if record.next_ask_ms.is_none() {
            self.at_rest.push_back((key.clone(), record.epoch));
        }
        let original = record.intent.original.clone();
        if self.records.insert(key.clone(), record).is_none()
            && let Some(original) = original
        {
            self.refunds.entry(original).or_default().push(key.clone());
        }
        if self.at_rest.len() > REMEMBERED
            && let Some((oldest, epoch)) = self.at_rest.pop_front()
            && self.records.get(&oldest).is_some_and(|record| record.epoch == epoch)
        {
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, key: &Key) {
        let Some(record) = self.records.remove(key) else { return };
        if let Some(original) = &record.intent.original
            && let Some(keys) = self.refunds.get_mut(original)
        {
            keys.retain(|known| known != key);
            if keys.is_empty() {
                self.refunds.remove(original);
            }
        }
    }
}
