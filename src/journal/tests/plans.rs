//! How SQLite goes about each statement: by an index to the rows that are wanted, however many there are (the benchmark
//! `journal` shows what it costs otherwise). The tables are empty here, and SQLite plans without statistics: it does the
//! same in a journal of millions.
#![cfg(unix)]

use super::super::sql;
use super::*;
use rusqlite::Connection;
use std::sync::Arc;

/// By which index SQLite looks for what, as far as it says; an index without a condition on its own columns is walked
/// through.
fn ways(connection: &Connection, statement: &str) -> Vec<String> {
    let mut prepared = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let values = vec![rusqlite::types::Null; prepared.parameter_count()];
    let lines = prepared.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
    let lines: Vec<String> = lines.map(|line| line.unwrap()).collect();
    let of_table = lines.iter().filter(|line| line.contains(" bayar_operation"));
    of_table
        .map(|line| line.replace("environment=? AND client_id=?", "mine").replace("bayar_operation", "op"))
        .collect()
}

#[test]
fn every_statement_goes_by_an_index_to_the_rows_that_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    let clock = Hands::at("2026-11-22T12:00:00+07:00");
    drop(SqliteStore::open(&path, scope("BRN-1"), Arc::new(clock), &short()).unwrap());
    let connection = Connection::open(&path).unwrap();

    let key = Key { operation: Operation::Payment, reference: "INV-0001".to_owned() };
    let page = |filter: &Filter, after: Option<i64>| {
        let after = after.map(|at| (at, key.clone()));
        sql::page(&scope("BRN-1"), filter, after.as_ref(), 50).0
    };
    let by_key = "SEARCH op USING INDEX sqlite_autoindex_op_1 (mine AND kind=? AND reference=?)";
    let by_payment = "SEARCH op USING INDEX op_original (mine AND original=?)";
    let (day, reference) = (Filter::Made(100, 200), Filter::Reference("INV-0001".to_owned()));
    let made = |condition| format!("SEARCH op USING INDEX op_made (mine{condition})");
    let open = |condition| format!("SEARCH op USING INDEX op_open (mine{condition})");
    let behind = " AND (created_ms,kind,reference)>(?,?,?)";
    for (statement, expected) in [
        (sql::find(), vec![by_key.to_owned()]),
        (sql::refunds(), vec![by_key.to_owned(), by_payment.to_owned()]),
        (sql::prune(), vec![by_key.to_owned(), "SEARCH op USING INDEX op_old (mine AND changed_ms<?)".to_owned()]),
        (page(&Filter::All, None), vec![made("")]),
        (page(&Filter::All, Some(150)), vec![made(behind)]),
        (page(&Filter::Open, None), vec![open("")]),
        (page(&Filter::Open, Some(150)), vec![open(behind)]),
        // All that are open are looked at, and only those.
        (page(&Filter::Due(100), None), vec![open(" AND created_ms>?")]),
        (page(&Filter::Due(100), Some(50)), vec![open(" AND created_ms>?")]),
        (page(&reference, None), vec![by_key.to_owned(), by_payment.to_owned()]),
        (page(&reference, Some(150)), vec![by_key.to_owned(), by_payment.to_owned()]),
        (page(&day, None), vec![made(" AND created_ms>? AND created_ms<?")]),
        (page(&day, Some(150)), vec![made(&format!("{behind} AND created_ms<?"))]),
    ] {
        assert_eq!(ways(&connection, &statement), expected, "{statement}");
    }
}
