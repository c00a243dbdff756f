//! Connections to the journal's file: settings that make a commit last, and the schema brought forward.

use super::explain::explain;
use crate::config::shown;
use crate::error::{Error, Result, Retry};
use crate::journal::journal_error;
use crate::journal::sql::MIGRATIONS;
use crate::limit::Limit;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Marks the file as ours ("bayr").
const APPLICATION_ID: i64 = 0x6261_7972;

/// SQLite's own: a page of the WAL has some 4 KiB, so it is written back every 4 MiB.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; \
                        PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;";

/// The connection that writes. Called with the gate taken, so that seldom two processes bring a file forward at once.
pub(super) fn writer(path: &Path, limit: &Limit) -> Result<Connection> {
    let explained = |error: rusqlite::Error| explain(path, &error);
    let connection = open(path)?;
    connection.busy_timeout(limit.left()).map_err(explained)?;
    let number = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    // Before anything is changed: somebody else's database stays as it is.
    let (application, version) =
        (number("application_id").map_err(explained)?, number("user_version").map_err(explained)?);
    let is_empty = connection
        .query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))
        .map_err(explained)?
        == 0;
    if application != APPLICATION_ID && !is_empty {
        return Err(refused(path, "it is a database of another program"));
    }
    connection.execute_batch(SETTINGS).map_err(explained)?;
    must_be_durable(path, &connection)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version > known {
        let why = format!(
            "it was written by a newer version of Bayar (schema {version}, this one knows {known}); use that version"
        );
        return Err(refused(path, &why));
    }
    migrate(path, &connection, usize::try_from(version).unwrap_or(0), &[])?;
    Ok(connection)
}

/// The connection that reads only.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let connection = open(path)?;
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;")
        .map_err(|error| explain(path, &error))?;
    Ok(connection)
}

fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| explain(path, &error))?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A killed process proves nothing about a power cut: these two settings do (journal.md rule 5).
fn must_be_durable(path: &Path, connection: &Connection) -> Result<()> {
    let mode: String =
        connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(|error| explain(path, &error))?;
    let synchronous: i64 =
        connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(|error| explain(path, &error))?;
    if mode == "wal" && synchronous >= 2 {
        return Ok(());
    }
    Err(refused(path, &format!("it cannot be written durably here (mode {mode}, synchronous {synchronous})")))
}

/// Each step is one transaction with its number, so a power cut leaves one version or the next. `extra` is for tests.
pub(super) fn migrate(path: &Path, connection: &Connection, from: usize, extra: &[&str]) -> Result<()> {
    for (at, step) in MIGRATIONS.iter().chain(extra).enumerate().skip(from) {
        let step = step.replace("{int}", "INTEGER").replace("{bytes}", "BLOB").replace("{strict}", " STRICT");
        let version = at + 1;
        let whole = format!(
            "BEGIN IMMEDIATE; {step} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
        );
        if let Err(error) = connection.execute_batch(&whole) {
            let _ = connection.execute_batch("ROLLBACK");
            // Another process has made that step meanwhile.
            let now = connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
            if !now.is_ok_and(|now| usize::try_from(now).is_ok_and(|now| now >= version)) {
                return Err(explain(path, &error));
            }
        }
    }
    Ok(())
}

fn refused(path: &Path, why: &str) -> Error {
    journal_error(format!("The journal '{}' cannot be used: {why}. Nothing is sent without it.", shown(path)))
        .with_retry(Retry::No)
        .with_field("journal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_another_process_has_made_meanwhile_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bayar.db");
        let connection = Connection::open(&path).unwrap();
        migrate(&path, &connection, 0, &[]).unwrap();
        // Both have read version 0.
        migrate(&path, &Connection::open(&path).unwrap(), 0, &[]).unwrap();
        migrate(&path, &connection, 0, &["THIS IS NO SQL;"]).unwrap_err();
    }
}
