//! The tables: made on request, in one transaction, and looked at by everybody who connects.

use super::session::Session;
use super::trouble::{Result, Trouble, no_tables};
use crate::journal::sql::MIGRATIONS;
use crate::limit::Limit;

/// Two who make the tables at once take turns. Any number will do that others do not use ("bayar").
const TURN: i64 = 0x0062_6179_6172;

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// That the tables are those which this version knows.
pub(super) fn must_fit(session: &mut Session, limit: &Limit) -> Result<()> {
    match version(session, limit)? {
        version if version == known() => Ok(()),
        version if version > known() => Err(newer(session, version)),
        0 => Err(no_tables(session.target())),
        version => {
            let message = format!(
                "The tables of the journal at {} are of an earlier version of Bayar (schema {version}, this one needs \
                 {}). Bring them forward once with create_journal (bayar_client_create_journal in C), as a user who may \
                 change them.",
                session.target(),
                known()
            );
            Err(Trouble::setting(message))
        }
    }
}

/// Makes the tables, or brings them forward.
pub(super) fn create(session: &mut Session, limit: &Limit) -> Result<()> {
    // Whoever waits for his turn is held by the call's limit alone.
    session.batch(
        &format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
             SELECT pg_advisory_xact_lock({TURN})"
        ),
        limit,
    )?;
    let exists = session.text_rows("SELECT to_regclass('bayar_schema') IS NOT NULL", limit)?;
    let exists = exists.first().and_then(|row| row.first()).is_some_and(|exists| exists == "t");
    let version = if exists { version(session, limit)? } else { 0 };
    if version > known() {
        return Err(newer(session, version));
    }
    if !exists {
        session.batch("CREATE TABLE bayar_schema (version BIGINT NOT NULL)", limit)?;
    }
    if version == 0 {
        session.batch("INSERT INTO bayar_schema VALUES (0)", limit)?;
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        session.batch(&in_words_of_postgres(step), limit)?;
    }
    if version < known() {
        session.batch(&format!("UPDATE bayar_schema SET version = {}", known()), limit)?;
    }
    session.batch("COMMIT", limit)
}

/// Text is ordered byte by byte as in the other stores, whatever language the database is for.
fn in_words_of_postgres(step: &str) -> String {
    step.replace("{int}", "BIGINT")
        .replace("{bytes}", "BYTEA")
        .replace("{strict}", "")
        .replace(" TEXT", " TEXT COLLATE \"C\"")
}

/// 0 where there is none.
fn version(session: &mut Session, limit: &Limit) -> Result<i64> {
    let rows = session.text_rows("SELECT version FROM bayar_schema", limit)?;
    Ok(rows.first().and_then(|row| row.first()).and_then(|version| version.parse().ok()).unwrap_or(0))
}

fn newer(session: &Session, version: i64) -> Trouble {
    let message = format!(
        "The tables of the journal at {} are of a newer version of Bayar (schema {version}, this one knows {}). Use that \
         version.",
        session.target(),
        known()
    );
    Trouble::setting(message)
}
