//! The journal on PostgreSQL, which many machines may share. Its clock is the database's, so that a till whose clock is
//! wrong takes nothing from another.
//!
//! A record is written by compare-and-set: over the state and epoch that were read, or not at all, and then it is read and
//! decided again. So a commit whose answer was lost is no matter either: it is read again, and who wrote it knows it by
//! his own number. Refunds of one payment take turns while they look at what the others come to. No transaction is open
//! while DOKU is asked.
//!
//! ```text
//! address.rs   where the database is       session.rs  one connection, set up and checked    pool.rs    a few of them
//! wire.rs      its socket, and waiting     drive.rs    the protocol, without a runtime       secure.rs  TLS
//! schema.rs    the tables                  trouble.rs  what went wrong, in words             cells.rs   values
//! ```

mod address;
mod cells;
mod drive;
mod pool;
mod schema;
mod secure;
mod session;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod trouble;
mod wire;

use super::columns::{self, Cell};
use super::record::{Key, Moment, Record};
use super::sql::{self, Scope};
use super::store::{Change, Filter, Note, NoteState, Position, Refunds, Seen, SharedToken, Store};
use crate::crash;
use crate::error::{Error, Result};
use crate::limit::Limit;
use crate::secret::Secret;
use address::Address;
use pool::Pool;
use session::{Purpose, Session};
use sha2::{Digest, Sha256};
use std::time::Duration;
use trouble::{Cure, Trouble};

/// See the module.
pub(crate) struct PostgresStore {
    address: Address,
    scope: Scope,
    pool: Pool,
    seen: String,
    find: String,
    insert: String,
    replace: String,
    refunds: String,
}

/// What came of one try to change a record.
enum Tried {
    Over,
    /// Somebody else was quicker.
    Beaten,
    /// Whoever decides does not want it.
    Refused(Error),
}

/// A trouble, and whether what was being done may have been done.
struct Failed {
    trouble: Trouble,
    in_doubt: bool,
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, in_doubt: false }
    }
}

/// From here on it may have been done, unless the server says that it was not.
fn in_doubt(trouble: Trouble) -> Failed {
    Failed { in_doubt: trouble.cure == Cure::Reconnect, trouble }
}

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

impl PostgresStore {
    /// Checks the address. Connects when it is first used.
    pub(crate) fn new(url: &Secret, scope: Scope) -> Result<Self> {
        Ok(Self {
            address: Address::read(url)?,
            scope,
            pool: Pool::default(),
            seen: seen(),
            find: sql::find(),
            insert: sql::insert() + " ON CONFLICT DO NOTHING",
            replace: replace(),
            refunds: sql::refunds(),
        })
    }

    /// Does something on a connection. One that was idle may have died meanwhile, and one may break in the middle: then it
    /// is done again on a new one, which `work` must allow for. Where no new one can be had that is the error at once,
    /// unless something is in doubt.
    fn with<T>(
        &self,
        purpose: Purpose,
        limit: &Limit,
        mut work: impl FnMut(&mut Session) -> std::result::Result<T, Failed>,
    ) -> Result<T> {
        let mut pause = FIRST_PAUSE;
        let mut is_in_doubt = false;
        loop {
            let failed = match self.once(purpose, limit, &mut work) {
                Ok(done) => return Ok(done),
                Err(failed) => failed,
            };
            is_in_doubt |= failed.in_doubt;
            let again = match failed.trouble.cure {
                Cure::Again | Cure::Reconnect => true,
                Cure::Wait => is_in_doubt,
                Cure::None => false,
            };
            if !again || limit.left().is_zero() {
                return Err(failed.trouble.error);
            }
            limit.sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn once<T>(
        &self,
        purpose: Purpose,
        limit: &Limit,
        work: &mut impl FnMut(&mut Session) -> std::result::Result<T, Failed>,
    ) -> std::result::Result<T, Failed> {
        let mut lease = self.pool.enter(limit)?;
        let mut session = match lease.take() {
            Some(session) if purpose == Purpose::Use => session,
            _ => Session::open(&self.address, purpose, limit)?,
        };
        // A connection with which something went wrong is dropped, and with it what it had begun.
        let done = work(&mut session)?;
        // One that makes the tables was not asked whether they fit.
        if purpose == Purpose::Use {
            lease.give_back(session);
        }
        Ok(done)
    }

    /// Reads, lets decide, writes over what was read.
    fn change(
        &self,
        session: &mut Session,
        key: &Key,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> std::result::Result<Tried, Failed> {
        let seen = self.look(session, key, limit)?;
        let version = version(seen.record.as_ref());
        match decide(seen) {
            Err(error) => Ok(Tried::Refused(error)),
            Ok(Change::Keep) => Ok(Tried::Over),
            Ok(Change::Write(record)) => {
                crash::point("journal.before_commit");
                let written = self.write(session, &record, version, limit).map_err(in_doubt)?;
                crash::point("journal.after_commit");
                Ok(if written { Tried::Over } else { Tried::Beaten })
            }
        }
    }

    /// The same while no other refund of the payment can be decided. The turn is taken by a statement of its own: what
    /// is read after it was waited for is what the others have left (read committed, each statement sees anew).
    fn change_refund(
        &self,
        session: &mut Session,
        key: &Key,
        payment: &str,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> std::result::Result<Tried, Failed> {
        let turn = self.turn(payment);
        session.batch(&format!("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({turn})"), limit)?;
        let seen = self.look(session, key, limit)?;
        let version = version(seen.record.as_ref());
        let refunds = self.refunds_of(session, payment, key, limit)?;
        let tried = match decide(Seen { refunds: Some(refunds), ..seen }) {
            Err(error) => Tried::Refused(error),
            Ok(Change::Keep) => Tried::Over,
            Ok(Change::Write(record)) => {
                if self.write(session, &record, version, limit)? {
                    crash::point("journal.before_commit");
                    session.batch("COMMIT", limit).map_err(in_doubt)?;
                    crash::point("journal.after_commit");
                    return Ok(Tried::Over);
                }
                Tried::Beaten
            }
        };
        session.batch("ROLLBACK", limit)?;
        Ok(tried)
    }

    fn look(&self, session: &mut Session, key: &Key, limit: &Limit) -> std::result::Result<Seen, Failed> {
        let values = self.scope.with(columns::key_cells(key));
        let mut row = session.rows(&self.seen, &values, limit)?.pop().unwrap_or_default().into_iter();
        let now = match row.next() {
            Some(Cell::Int(ms)) => Moment { boot: 0, ms },
            _ => return Err(Trouble::lost("it does not tell its time").into()),
        };
        let cells: Vec<_> = row.collect();
        let record = match cells.first() {
            None | Some(Cell::Null) => None,
            Some(_) => Some(columns::record(cells).map_err(damaged)?),
        };
        Ok(Seen { record, now, refunds: None })
    }

    fn refunds_of(
        &self,
        session: &mut Session,
        payment: &str,
        but: &Key,
        limit: &Limit,
    ) -> std::result::Result<Refunds, Failed> {
        let values = self.scope.with([Cell::Text(payment.to_owned()), Cell::Text(but.reference.clone())]);
        let row = session.rows(&self.refunds, &values, limit)?.pop().unwrap_or_default();
        let int = |at: usize| match row.get(at) {
            Some(Cell::Int(number)) => Some(*number),
            _ => None,
        };
        Ok(Refunds { paid_sen: int(0), others_sen: int(1).unwrap_or(0) })
    }

    /// Writes over the version that was read; whether it still was that one.
    fn write(
        &self,
        session: &mut Session,
        record: &Record,
        version: Option<[Cell; 2]>,
        limit: &Limit,
    ) -> std::result::Result<bool, Trouble> {
        let mut values = self.scope.with(columns::cells(record));
        let sql = if version.is_some() { &self.replace } else { &self.insert };
        values.extend(version.into_iter().flatten());
        Ok(session.execute(sql, &values, limit)? == 1)
    }

    /// The number of the lock that the refunds of a payment take turns by. Two payments that have the same one by chance
    /// wait for each other, no more.
    fn turn(&self, payment: &str) -> i64 {
        let mut digest = Sha256::new();
        for part in ["bayar refund", &self.scope.environment, &self.scope.client_id, payment] {
            digest.update(part);
            digest.update([0]);
        }
        digest.finalize().iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
    }
}

/// The time, and the record where there is one. Values: scope, key.
fn seen() -> String {
    format!(
        "SELECT now.ms, {} FROM (SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS ms) AS now \
         LEFT JOIN bayar_operation ON environment = $1 AND client_id = $2 AND kind = $3 AND reference = $4",
        columns::names()
    )
}

/// Values: scope, cells of the record, epoch and state that are to be written over.
fn replace() -> String {
    let set: Vec<_> =
        columns::COLUMNS.iter().enumerate().skip(2).map(|(at, column)| format!("{column} = ${}", at + 3)).collect();
    let next = columns::COLUMNS.len() + 3;
    format!(
        "UPDATE bayar_operation SET {} WHERE environment = $1 AND client_id = $2 AND kind = $3 AND reference = $4 \
         AND epoch = ${next} AND state = ${}",
        set.join(", "),
        next + 1
    )
}

/// What every change of a record changes.
fn version(record: Option<&Record>) -> Option<[Cell; 2]> {
    record.map(|record| [Cell::Int(i64::from(record.epoch)), Cell::Int(record.state as i64)])
}

fn damaged(error: Error) -> Failed {
    Trouble::of(error, Cure::None).into()
}

impl Store for PostgresStore {
    fn update(
        &self,
        key: &Key,
        payment: Option<&str>,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> Result<()> {
        loop {
            let tried = self.with(Purpose::Use, limit, |session| match payment {
                None => self.change(session, key, limit, decide),
                Some(payment) => self.change_refund(session, key, payment, limit, decide),
            })?;
            match tried {
                Tried::Over => return Ok(()),
                Tried::Refused(error) => return Err(error),
                Tried::Beaten if limit.left().is_zero() => return Err(Trouble::late(limit).error),
                Tried::Beaten => {}
            }
        }
    }

    fn find(&self, key: &Key, limit: &Limit) -> Result<Option<Record>> {
        let values = self.scope.with(columns::key_cells(key));
        let row = self.with(Purpose::Use, limit, |session| Ok(session.rows(&self.find, &values, limit)?.pop()))?;
        row.map(columns::record).transpose()
    }

    fn page(&self, filter: &Filter, after: Option<&Position>, count: usize, limit: &Limit) -> Result<Vec<Record>> {
        let (sql, values) = sql::page(&self.scope, filter, after, count);
        let rows = self.with(Purpose::Use, limit, |session| Ok(session.rows(&sql, &values, limit)?))?;
        rows.into_iter().map(columns::record).collect()
    }

    fn prune(&self, unchanged_since_ms: i64, count: usize, limit: &Limit) -> Result<usize> {
        let count = Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let values = self.scope.with([Cell::Int(unchanged_since_ms), count]);
        let pruned = self.with(Purpose::Use, limit, |session| {
            session.execute(&sql::prune_notes(), &values, limit)?;
            Ok(session.execute(&sql::prune(), &values, limit)?)
        })?;
        Ok(usize::try_from(pruned).unwrap_or(usize::MAX))
    }

    fn now(&self, limit: &Limit) -> Result<Moment> {
        let nobody = Key { operation: crate::snap::external_id::Operation::Payment, reference: String::new() };
        self.with(Purpose::Use, limit, |session| Ok(self.look(session, &nobody, limit)?.now))
    }

    fn token(&self, limit: &Limit) -> Result<Option<SharedToken>> {
        let values = self.scope.with([]);
        let row = self.with(Purpose::Use, limit, |session| Ok(session.rows(&sql::token(), &values, limit)?.pop()))?;
        Ok(Some(sql::shared_token(row)))
    }

    fn put_token(&self, token: &SharedToken, limit: &Limit) -> Result<bool> {
        let cells = sql::token_cells(token);
        let values = self.scope.with(cells.iter().cloned());
        let mut may_be_there = false;
        self.with(Purpose::Use, limit, |session| {
            if may_be_there {
                let row = session.rows(&sql::token(), &self.scope.with([]), limit)?.pop();
                if row.as_ref() == Some(&cells) {
                    return Ok(true);
                }
            }
            let written = session.execute(&sql::put_token(), &values, limit).map_err(in_doubt);
            may_be_there |= written.as_ref().is_err_and(|failed| failed.in_doubt);
            Ok(written? == 1)
        })
    }

    /// Of two who write the same notification down at the same moment both may be told that it is new: it is delivered at
    /// least once, and the shop's own transaction tells the second by its key.
    fn note(&self, note: &Note, limit: &Limit) -> Result<Option<NoteState>> {
        let key = self.scope.with([Cell::Text(note.key.clone())]);
        let values = self.scope.with(sql::note_cells(note));
        self.with(Purpose::Use, limit, |session| {
            let before = session.rows(&sql::find_note(), &key, limit)?.pop();
            session.execute(&sql::put_note(), &values, limit)?;
            Ok(sql::note_state(before.as_deref().and_then(<[Cell]>::first)))
        })
    }

    fn notes(&self, after: Option<(i64, &str)>, count: usize, limit: &Limit) -> Result<Vec<Note>> {
        let (at, key) = after.unwrap_or((i64::MIN, ""));
        let count = Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let values = self.scope.with([Cell::Int(at), Cell::Text(key.to_owned()), count]);
        let rows = self.with(Purpose::Use, limit, |session| Ok(session.rows(&sql::notes(), &values, limit)?))?;
        rows.into_iter().map(|row| sql::note(row).ok_or_else(sql::unreadable_note)).collect()
    }

    fn create(&self, limit: &Limit) -> Result<()> {
        self.with(Purpose::Create, limit, |session| Ok(schema::create(session, limit)?))
    }
}
