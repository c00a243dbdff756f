//! The journal in a file, which all processes of one machine may share: SQLite, in WAL mode and with every commit on the
//! disk before it counts (`synchronous=FULL`).
//!
//! Writers take turns at a gate before they ask SQLite for its lock: without it eight busy processes starve each other.
//! Readers have a connection of their own and wait for nobody.

mod after_fork;
mod explain;
mod file;
mod gate;
mod open;

use super::columns::{self, Cell};
use super::record::{Key, Moment, Record};
use super::sql::{self, Scope};
use super::store::{Change, Filter, Note, NoteState, Position, Refunds, Seen, SharedToken, Store};
use crate::clock::Clock;
use crate::crash;
use crate::error::Result;
use crate::limit::Limit;
use explain::explain;
use gate::{Gate, Turns};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, Params, Row, ToSql, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// See the module.
pub(crate) struct SqliteStore {
    path: PathBuf,
    scope: Scope,
    clock: Arc<dyn Clock>,
    gate: Gate,
    writer: Mutex<Connection>,
    reading: Turns,
    reader: Mutex<Connection>,
    find: String,
    write: String,
    refunds: String,
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings an older one forward.
    pub(crate) fn open(path: &Path, scope: Scope, clock: Arc<dyn Clock>, limit: &Limit) -> Result<Self> {
        after_fork::prepare()?;
        file::check(path)?;
        let gate = Gate::open(path)?;
        let (writer, reader) = {
            let _turn = gate.enter(limit)?;
            file::make(path)?;
            (open::writer(path, limit)?, open::reader(path)?)
        };
        Ok(Self {
            path: path.to_owned(),
            scope,
            clock,
            gate,
            writer: Mutex::new(writer),
            reading: Turns::default(),
            reader: Mutex::new(reader),
            find: sql::find(),
            write: sql::insert() + &sql::or_overwrite(),
            refunds: sql::refunds(),
        })
    }

    /// Does something within one transaction, when it is our turn.
    fn write<T>(&self, limit: &Limit, work: impl FnOnce(&Connection) -> Result<(T, bool)>) -> Result<T> {
        let _turn = self.gate.enter(limit)?;
        let connection = lock(&self.writer);
        self.begin(&connection, limit)?;
        crash::point("journal.locked");
        let transaction = Transaction { connection: &connection, open: true };
        let (result, is_changed) = work(&connection)?;
        if is_changed {
            crash::point("journal.before_commit");
            transaction.commit().map_err(|error| explain(&self.path, &error))?;
            crash::point("journal.after_commit");
        }
        Ok(result)
    }

    /// Takes SQLite's own lock, which another program (a backup, sqlite3) may hold.
    fn begin(&self, connection: &Connection, limit: &Limit) -> Result<()> {
        loop {
            connection.busy_timeout(limit.slice()).map_err(|error| explain(&self.path, &error))?;
            match connection.execute_batch("BEGIN IMMEDIATE") {
                Ok(()) => return Ok(()),
                Err(error) if is_busy(&error) && !limit.left().is_zero() => {}
                Err(error) => return Err(explain(&self.path, &error)),
            }
        }
    }

    fn read<T>(&self, limit: &Limit, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let _turn = self.reading.enter(limit)?;
        let connection = lock(&self.reader);
        connection.busy_timeout(limit.left()).map_err(|error| explain(&self.path, &error))?;
        work(&connection)
    }

    /// The rows of a statement, as cells.
    fn rows(&self, connection: &Connection, sql: &str, values: Vec<Cell>) -> Result<Vec<Vec<Cell>>> {
        let run = || -> rusqlite::Result<Vec<Vec<Cell>>> {
            let mut statement = connection.prepare_cached(sql)?;
            let width = statement.column_count();
            let rows = statement.query_map(bound(&values), |row| cells(row, width))?;
            rows.collect()
        };
        run().map_err(|error| explain(&self.path, &error))
    }

    fn execute(&self, connection: &Connection, sql: &str, values: Vec<Cell>) -> Result<usize> {
        let run = || connection.prepare_cached(sql)?.execute(bound(&values));
        run().map_err(|error| explain(&self.path, &error))
    }

    fn record(&self, connection: &Connection, key: &Key) -> Result<Option<Record>> {
        let values = self.scope.with(columns::key_cells(key));
        self.rows(connection, &self.find, values)?.pop().map(columns::record).transpose()
    }

    fn refunds_of(&self, connection: &Connection, payment: &str, but: &Key) -> Result<Refunds> {
        let values = self.scope.with([Cell::Text(payment.to_owned()), Cell::Text(but.reference.clone())]);
        let row = self.rows(connection, &self.refunds, values)?.pop().unwrap_or_default();
        let int = |at: usize| match row.get(at) {
            Some(Cell::Int(number)) => Some(*number),
            _ => None,
        };
        Ok(Refunds { paid_sen: int(0), others_sen: int(1).unwrap_or(0) })
    }

    /// The clock that goes on while the machine sleeps, the same for all processes of this machine. Where there is none,
    /// the time of day.
    fn moment(&self) -> Moment {
        let now = self.clock.now();
        match cfg!(any(target_os = "linux", target_os = "android")) {
            true => Moment { boot: now.boot, ms: now.steady_ms },
            false => Moment { boot: 0, ms: now.wall_ms },
        }
    }
}

impl Store for SqliteStore {
    fn update(
        &self,
        key: &Key,
        payment: Option<&str>,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> Result<()> {
        self.write(limit, |connection| {
            let record = self.record(connection, key)?;
            let refunds = payment.map(|payment| self.refunds_of(connection, payment, key)).transpose()?;
            match decide(Seen { record, now: self.moment(), refunds })? {
                Change::Keep => Ok(((), false)),
                Change::Write(record) => {
                    self.execute(connection, &self.write, self.scope.with(columns::cells(&record)))?;
                    Ok(((), true))
                }
            }
        })
    }

    fn find(&self, key: &Key, limit: &Limit) -> Result<Option<Record>> {
        self.read(limit, |connection| self.record(connection, key))
    }

    fn page(&self, filter: &Filter, after: Option<&Position>, count: usize, limit: &Limit) -> Result<Vec<Record>> {
        let (sql, values) = sql::page(&self.scope, filter, after, count);
        self.read(limit, |connection| self.rows(connection, &sql, values)?.into_iter().map(columns::record).collect())
    }

    fn prune(&self, unchanged_since_ms: i64, count: usize, limit: &Limit) -> Result<usize> {
        let count = Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        self.write(limit, |connection| {
            let values = self.scope.with([Cell::Int(unchanged_since_ms), count]);
            let notes = self.execute(connection, &sql::prune_notes(), values.clone())?;
            let records = self.execute(connection, &sql::prune(), values)?;
            Ok((records, records + notes > 0))
        })
    }

    fn now(&self, _limit: &Limit) -> Result<Moment> {
        Ok(self.moment())
    }

    fn token(&self, limit: &Limit) -> Result<Option<SharedToken>> {
        self.read(limit, |connection| {
            let row = self.rows(connection, &sql::token(), self.scope.with([]))?.pop();
            Ok(Some(sql::shared_token(row)))
        })
    }

    fn note(&self, note: &Note, limit: &Limit) -> Result<Option<NoteState>> {
        self.write(limit, |connection| {
            let values = self.scope.with([Cell::Text(note.key.clone())]);
            let before = self.rows(connection, &sql::find_note(), values)?.pop();
            self.execute(connection, &sql::put_note(), self.scope.with(sql::note_cells(note)))?;
            Ok((sql::note_state(before.as_deref().and_then(<[Cell]>::first)), true))
        })
    }

    fn notes(&self, after: Option<(i64, &str)>, count: usize, limit: &Limit) -> Result<Vec<Note>> {
        let (at, key) = after.unwrap_or((i64::MIN, ""));
        let count = Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let values = self.scope.with([Cell::Int(at), Cell::Text(key.to_owned()), count]);
        self.read(limit, |connection| {
            let rows = self.rows(connection, &sql::notes(), values)?;
            rows.into_iter().map(|row| sql::note(row).ok_or_else(sql::unreadable_note)).collect()
        })
    }

    fn put_token(&self, token: &SharedToken, limit: &Limit) -> Result<bool> {
        self.write(limit, |connection| {
            let written = self.execute(connection, &sql::put_token(), self.scope.with(sql::token_cells(token)))? == 1;
            Ok((written, written))
        })
    }
}

/// Rolled back unless it was committed.
struct Transaction<'a> {
    connection: &'a Connection,
    open: bool,
}

impl Transaction<'_> {
    fn commit(mut self) -> rusqlite::Result<()> {
        self.connection.execute_batch("COMMIT")?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

/// A connection whose user panicked was rolled back by its [`Transaction`].
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn bound(values: &[Cell]) -> impl Params + '_ {
    params_from_iter(values.iter())
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn cells(row: &Row<'_>, width: usize) -> rusqlite::Result<Vec<Cell>> {
    (0..width)
        .map(|at| {
            Ok(match row.get::<_, Value>(at)? {
                Value::Null => Cell::Null,
                Value::Integer(number) => Cell::Int(number),
                Value::Text(text) => Cell::Text(text),
                Value::Blob(bytes) => Cell::Bytes(bytes),
                Value::Real(_) => Cell::Null,
            })
        })
        .collect()
}

#[cfg(test)]
impl SqliteStore {
    pub(super) fn pragma_for_tests(&self, name: &str) -> String {
        let value = lock(&self.writer).query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, Value>(0)).unwrap();
        match value {
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            _ => String::new(),
        }
    }
}

#[cfg(test)]
pub(super) fn migrate_for_tests(path: &Path, connection: &Connection, extra: &[&str]) -> Result<()> {
    open::migrate(path, connection, 1, extra)
}

#[cfg(test)]
pub(super) use explain::explain as explain_for_tests;
