//! One suite for all stores, and the rules of the journal on each of them.

mod files;
mod laws;
mod plans;
mod suite;

use super::memory::MemoryStore;
use super::record::{Answer, Attempt, Hold, Intent, Key, Moment, Need, Open, Record, Source, State};
use super::sql::Scope;
use super::sqlite::SqliteStore;
use super::store::{Change, Filter, Note, NoteState, Position, Refunds, Seen, SharedToken, Store};
use super::{Begun, Finding, Finished, Journal, Observation, Resolution};
use crate::Amount;
use crate::clock::hands::Hands;
use crate::clock::{Clock, Tick};
use crate::error::{Error, Kind, Outcome, Result};
use crate::limit::Limit;
use crate::secret::Secret;
use crate::snap::external_id::Operation;
use crate::status::TransactionStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A place with a journal in it, which may be opened more than once, as several processes would.
#[allow(clippy::type_complexity)]
struct House {
    name: &'static str,
    clock: Hands,
    open: Box<dyn Fn(&str) -> Box<dyn Store>>,
    /// Whether a reboot ends what was held before.
    knows_boots: bool,
}

impl House {
    fn store(&self) -> Box<dyn Store> {
        (self.open)("BRN-1")
    }

    fn journal(&self) -> Journal {
        Journal::new(self.store())
    }
}

/// Runs a test in every kind of house.
fn in_each(test: impl Fn(&House)) {
    let clock = || Hands::at("2026-11-22T12:00:00+07:00");
    {
        let clock = clock();
        let shared = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        let other = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        let open = move |client: &str| -> Box<dyn Store> {
            Box::new(Arc::clone(if client == "BRN-1" { &shared } else { &other }))
        };
        test(&House { name: "memory", clock, open: Box::new(open), knows_boots: false });
    }
    {
        let clock = clock();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bayar.db");
        let hands = clock.clone();
        let open = move |client: &str| -> Box<dyn Store> {
            Box::new(SqliteStore::open(&path, scope(client), Arc::new(hands.clone()), &soon()).unwrap())
        };
        test(&House { name: "sqlite", clock, open: Box::new(open), knows_boots: true });
    }
    #[cfg(feature = "postgres")]
    {
        let clock = clock();
        let url = super::postgres::testing::tables();
        let hands = clock.clone();
        let open = move |client: &str| -> Box<dyn Store> {
            let inner = super::postgres::testing::store_of(&url, client);
            Box::new(Shifted { inner, clock: hands.clone() })
        };
        test(&House { name: "postgres", clock, open: Box::new(open), knows_boots: false });
    }
}

/// The database has a clock of its own, which a test cannot move: its stores are shown a time that is moved by the same.
#[cfg(feature = "postgres")]
struct Shifted<T> {
    inner: T,
    clock: Hands,
}

#[cfg(feature = "postgres")]
impl<T> Shifted<T> {
    fn moved(&self, now: Moment) -> Moment {
        Moment { ms: now.ms + self.clock.now().steady_ms, ..now }
    }
}

#[cfg(feature = "postgres")]
impl<T: Store> Store for Shifted<T> {
    fn update(
        &self,
        key: &Key,
        payment: Option<&str>,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> Result<()> {
        self.inner.update(key, payment, limit, &mut |seen| decide(Seen { now: self.moved(seen.now), ..seen }))
    }
    fn find(&self, key: &Key, limit: &Limit) -> Result<Option<Record>> {
        self.inner.find(key, limit)
    }
    fn page(&self, filter: &Filter, after: Option<&Position>, count: usize, limit: &Limit) -> Result<Vec<Record>> {
        self.inner.page(filter, after, count, limit)
    }
    fn prune(&self, unchanged_since_ms: i64, count: usize, limit: &Limit) -> Result<usize> {
        self.inner.prune(unchanged_since_ms, count, limit)
    }
    fn now(&self, limit: &Limit) -> Result<Moment> {
        self.inner.now(limit).map(|now| self.moved(now))
    }
    fn token(&self, limit: &Limit) -> Result<Option<SharedToken>> {
        self.inner.token(limit)
    }
    fn put_token(&self, token: &SharedToken, limit: &Limit) -> Result<bool> {
        self.inner.put_token(token, limit)
    }
    fn note(&self, note: &Note, limit: &Limit) -> Result<Option<NoteState>> {
        self.inner.note(note, limit)
    }
    fn notes(&self, after: Option<(i64, &str)>, count: usize, limit: &Limit) -> Result<Vec<Note>> {
        self.inner.notes(after, count, limit)
    }
}

fn scope(client: &str) -> Scope {
    Scope { environment: "sandbox".to_owned(), client_id: client.to_owned() }
}

fn soon() -> Limit {
    Limit::new(Instant::now() + Duration::from_secs(20), None)
}

fn short() -> Limit {
    Limit::new(Instant::now() + Duration::from_millis(300), None)
}

impl<T: Store> Store for Arc<T> {
    fn update(
        &self,
        key: &Key,
        payment: Option<&str>,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> Result<()> {
        (**self).update(key, payment, limit, decide)
    }
    fn find(&self, key: &Key, limit: &Limit) -> Result<Option<Record>> {
        (**self).find(key, limit)
    }
    fn page(&self, filter: &Filter, after: Option<&Position>, count: usize, limit: &Limit) -> Result<Vec<Record>> {
        (**self).page(filter, after, count, limit)
    }
    fn prune(&self, unchanged_since_ms: i64, count: usize, limit: &Limit) -> Result<usize> {
        (**self).prune(unchanged_since_ms, count, limit)
    }
    fn now(&self, limit: &Limit) -> Result<Moment> {
        (**self).now(limit)
    }
    fn token(&self, limit: &Limit) -> Result<Option<SharedToken>> {
        (**self).token(limit)
    }
    fn put_token(&self, token: &SharedToken, limit: &Limit) -> Result<bool> {
        (**self).put_token(token, limit)
    }
    fn note(&self, note: &Note, limit: &Limit) -> Result<Option<NoteState>> {
        (**self).note(note, limit)
    }
    fn notes(&self, after: Option<(i64, &str)>, count: usize, limit: &Limit) -> Result<Vec<Note>> {
        (**self).notes(after, count, limit)
    }
    fn pause(&self, limit: &Limit, pause: Duration) {
        (**self).pause(limit, pause);
    }
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn payment(reference: &str, rupiah: &str) -> Intent {
    Intent {
        operation: Operation::Payment,
        reference: reference.to_owned(),
        amount: amount(rupiah),
        channel: "EMONEY_DANA_SNAP".to_owned(),
        original: None,
    }
}

fn refund(reference: &str, rupiah: &str, original: &str) -> Intent {
    let intent = payment(reference, rupiah);
    Intent { operation: Operation::Refund, original: Some(original.to_owned()), ..intent }
}

fn attempt(need: &Need<'_>, now: Tick) -> Attempt {
    let external_id = match need {
        Need::First => "11111111111111111111111111111111".to_owned(),
        Need::Another => "22222222222222222222222222222222".to_owned(),
        Need::Rewritten(id) => (*id).to_owned(),
    };
    Attempt {
        external_id,
        body: b"{}".to_vec(),
        device_id: "till1".to_owned(),
        ip_address: None,
        valid_up_to_ms: now.wall_ms + 3_600_000,
        begun: now,
        begun_by_doku: false,
    }
}

/// A record of which every column has a value of its own.
fn full_record() -> Record {
    Record {
        intent: Intent { channel: "CHANNEL".to_owned(), ..refund("RÉF-1 '\"\\ %_", "12345.67", "INV-1") },
        attempt: Attempt {
            external_id: "33333333333333333333333333333333".to_owned(),
            body: (0..=255).collect(),
            device_id: "device".to_owned(),
            ip_address: Some("8.8.8.8".to_owned()),
            valid_up_to_ms: 1_001,
            begun: Tick { wall_ms: 1_002, steady_ms: 1_102, boot: 1_202 },
            begun_by_doku: true,
        },
        number: 3,
        state: State::Conflict,
        answer: Some(Answer { http_status: 409, body: "{\"a\":\"日本\"}".to_owned(), source: Source::Status }),
        open: Some(Open { last_sent: Tick { wall_ms: 1_003, steady_ms: 1_004, boot: 1_005 }, ask_only: true }),
        epoch: 7,
        hold: Some(Hold { call: i64::MIN, until: Moment { boot: i64::MAX, ms: 1_006 } }),
        created_ms: 1_007,
        changed_ms: 1_008,
        transaction_status: Some(TransactionStatus::Refunded),
        next_ask_ms: Some(1_009),
        asked: 10,
        not_found: 2,
        note: Some("note\nof two lines".to_owned()),
        trail: "trail".to_owned(),
    }
}

fn write(store: &dyn Store, record: &Record) {
    store.update(&record.key(), None, &soon(), &mut |_| Ok(Change::Write(Box::new(record.clone())))).unwrap();
}
