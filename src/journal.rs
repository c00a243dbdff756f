//! The journal: what is to be sent is written down before its first byte leaves, and its result when it is known.
//! `pay` and `refund` go through it, so that the same reference always gives the same one result (P2).
//!
//! ```text
//! record.rs    what is kept of an operation         store.rs     what a store must be able to do
//! rules.rs     what a record becomes, and when      evidence.rs  what each answer of DOKU's proves
//! memory.rs    a store that dies with the process   sqlite.rs, postgres.rs   stores that do not
//! ```

mod columns;
pub mod evidence;
pub(crate) mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod record;
mod rules;
mod sql;
pub(crate) mod sqlite;
mod store;
#[cfg(test)]
mod tests;

use crate::clock::{Clock, Tick};
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::limit::Limit;
use crate::secret::Secret;
use crate::snap::external_id::Operation;
use crate::status::TransactionStatus;
pub(crate) use record::{Answer, Attempt, Intent, Key, Moment, Need, Open, Record, Source, State};
pub use rules::Resolution;
use rules::{Claim, Claimed};
pub(crate) use rules::{Finding, Observation, merge};
pub(crate) use sql::Scope;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
pub(crate) use store::{Change, Filter, Note, NoteState, Position, SharedToken, Store};

/// What [`Journal::begin`] found.
pub(crate) enum Begun {
    /// The operation is this call's until it is finished. Nothing may be sent before this came back.
    Mine {
        record: Record,
        /// Whether a byte of it may have been sent before: then a refusal proves nothing.
        sent_before: bool,
    },
    /// It is settled: this is the result.
    Settled(Record),
    /// Another call is still at work on it, and the limit is over.
    Busy,
}

/// What [`Journal::finish`] did.
pub(crate) enum Finished {
    Written,
    /// Another call had taken the operation over: what it knows counts.
    TakenOver(Box<Record>),
}

/// Where operations are kept, and by which rules.
pub(crate) struct Journal {
    store: Box<dyn Store>,
}

/// A caller that waits for another's call looks again after this long at first.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

impl Journal {
    pub(crate) fn new(store: Box<dyn Store>) -> Self {
        Self { store }
    }

    /// Takes hold of an operation before anything is sent (commit 1). `attempt` makes what is to be sent where something
    /// new is. Waits within the limit for another call that is at work on it. `call` is a random number; `now` has
    /// DOKU's date.
    pub(crate) fn begin(
        &self,
        intent: &Intent,
        allow_over_refund: bool,
        call: i64,
        attempt: &mut dyn FnMut(Need<'_>) -> Result<Attempt>,
        now: &dyn Fn() -> Tick,
        limit: &Limit,
    ) -> Result<Begun> {
        let key = intent.key();
        let mut pause = FIRST_PAUSE;
        let mut was_busy = false;
        loop {
            let lease_ms = i64::try_from(limit.left().as_millis()).unwrap_or(i64::MAX);
            let claim = Claim { intent, call, lease_ms, allow_over_refund, now: now() };
            let mut claimed = None;
            let updated = self.store.update(&key, intent.original.as_deref(), limit, &mut |seen| {
                let is_new = |record: &Record| seen.record.as_ref().is_none_or(|known| known.epoch != record.epoch);
                let what = rules::claim(&seen, &claim, attempt)?;
                let change = match &what {
                    Claimed::Mine { record, .. } if is_new(record) => Change::Write(Box::new(record.clone())),
                    _ => Change::Keep,
                };
                claimed = Some(what);
                Ok(change)
            });
            match updated {
                Ok(()) => {}
                // What was seen before still counts: another call may be sending at this moment.
                Err(_) if was_busy && limit.left().is_zero() => return Ok(Begun::Busy),
                Err(error) if was_busy => return Err(error.with_outcome(Outcome::Unknown)),
                Err(error) => return Err(error),
            }
            match claimed {
                Some(Claimed::Mine { record, sent_before }) => return Ok(Begun::Mine { record, sent_before }),
                Some(Claimed::Settled(record)) => return Ok(Begun::Settled(record)),
                Some(Claimed::Busy) if limit.left().is_zero() => return Ok(Begun::Busy),
                Some(Claimed::Busy) => {
                    was_busy = true;
                    self.store.pause(limit, pause);
                }
                None => return Err(Error::internal("The journal decided nothing.")),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Writes what was found out (commit 2), if the operation is still held by that call. `said` is for the trail.
    pub(crate) fn finish(
        &self,
        held: &Record,
        finding: Finding,
        said: &str,
        now: Tick,
        limit: &Limit,
    ) -> Result<Finished> {
        let mut finished = Finished::Written;
        self.store.update(&held.key(), None, limit, &mut |seen| {
            // A database that failed over to one that lags may have forgotten it: it is written anew.
            let known = seen.record.unwrap_or_else(|| held.clone());
            // A commit that was in doubt did happen: nobody else ends this hold without counting the epoch up.
            if known.epoch == held.epoch && known.state != State::Sending {
                finished = Finished::Written;
                return Ok(Change::Keep);
            }
            Ok(match rules::finish(&known, held, finding.clone(), said, now) {
                Some(record) => {
                    finished = Finished::Written;
                    Change::Write(Box::new(record))
                }
                None => {
                    finished = Finished::TakenOver(Box::new(known));
                    Change::Keep
                }
            })
        })?;
        Ok(finished)
    }

    /// Writes what asking about `asked` taught, unless somebody has touched the record since. Returns it as it is now.
    pub(crate) fn observe(
        &self,
        asked: &Record,
        observation: impl Fn() -> Observation,
        status: Option<TransactionStatus>,
        now: Tick,
        limit: &Limit,
    ) -> Result<Option<Record>> {
        let mut result = None;
        self.store.update(&asked.key(), None, limit, &mut |seen| {
            let Some(known) = seen.record else { return Ok(Change::Keep) };
            let observed = match &known {
                // A call is at work on it: it will find out by itself.
                Record { state: State::Sending, hold: Some(hold), .. } if !hold.is_over(seen.now) => None,
                _ => rules::observe(&known, asked, observation(), status, now),
            };
            let change = observed.as_ref().map_or(Change::Keep, |record| Change::Write(Box::new(record.clone())));
            result = Some(observed.unwrap_or(known));
            Ok(change)
        })?;
        Ok(result)
    }

    /// Closes a record by hand.
    pub(crate) fn resolve(
        &self,
        key: &Key,
        resolution: Resolution,
        reason: &str,
        now: Tick,
        limit: &Limit,
    ) -> Result<Record> {
        let mut result = None;
        self.store.update(key, None, limit, &mut |seen| {
            let record = rules::resolve(&seen, resolution, reason, now)?;
            result = Some(record.clone());
            Ok(match seen.record.as_ref() == Some(&record) {
                true => Change::Keep,
                false => Change::Write(Box::new(record)),
            })
        })?;
        result.ok_or_else(|| Error::internal("The journal decided nothing."))
    }

    /// Reads what is known of an operation.
    pub(crate) fn find(&self, operation: Operation, reference: &str, limit: &Limit) -> Result<Option<Record>> {
        self.store.find(&Key { operation, reference: reference.to_owned() }, limit)
    }

    /// See [`Store::page`].
    pub(crate) fn page(
        &self,
        filter: &Filter,
        after: Option<&Position>,
        count: usize,
        limit: &Limit,
    ) -> Result<Vec<Record>> {
        self.store.page(filter, after, count, limit)
    }

    /// See [`Store::prune`].
    pub(crate) fn prune(&self, unchanged_since_ms: i64, count: usize, limit: &Limit) -> Result<usize> {
        self.store.prune(unchanged_since_ms, count, limit)
    }

    /// See [`Store::create`].
    pub(crate) fn create(&self, limit: &Limit) -> Result<()> {
        self.store.create(limit)
    }

    /// The store, for the token that all share.
    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }
}

/// Where the setting `journal` says.
#[derive(Clone)]
pub(crate) enum Place {
    Memory,
    File(PathBuf),
    /// A `postgres://` address, which may hold a password.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    Postgres(Secret),
}

impl Place {
    pub(crate) fn read(setting: Option<&str>) -> Self {
        match setting {
            None => Self::Memory,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Self::Postgres(Secret::new(url))
            }
            // A forked child that has gone to another folder still means the same file.
            Some(path) => Self::File(std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path))),
        }
    }
}

/// Opens the journal of a merchant.
pub(crate) fn open(place: &Place, scope: Scope, clock: Arc<dyn Clock>, limit: &Limit) -> Result<Journal> {
    Ok(Journal::new(match place {
        Place::Memory => Box::new(memory::MemoryStore::new(clock)),
        Place::File(path) => Box::new(sqlite::SqliteStore::open(path, scope, clock, limit)?),
        #[cfg(feature = "postgres")]
        Place::Postgres(url) => Box::new(postgres::PostgresStore::new(url, scope)?),
        #[cfg(not(feature = "postgres"))]
        Place::Postgres(_) => {
            let message = "This build of the library has no PostgreSQL (feature postgres). Use one that has, or a file \
                           as the journal.";
            return Err(journal_setting(message));
        }
    }))
}

/// The error for a setting `journal` that cannot be used.
fn journal_setting(message: impl Into<String>) -> Error {
    Error::setting(Kind::InvalidSetting, "journal", message)
}

/// The error for a journal that cannot be used; nothing was sent.
pub(crate) fn journal_error(message: impl Into<String>) -> Error {
    Error::new(Kind::Journal, Outcome::NotSent, Retry::SameReference, message)
}
