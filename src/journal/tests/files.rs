//! The journal in a file: who may read it, what it refuses, and what it says then.
#![cfg(unix)]

use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

fn open(path: &Path) -> Result<SqliteStore> {
    let clock = Hands::at("2026-11-22T12:00:00+07:00");
    SqliteStore::open(path, scope("BRN-1"), Arc::new(clock), &short())
}

fn refused(path: &Path, says: &str) {
    let error = open(path).err().unwrap_or_else(|| panic!("{says}: it was opened"));
    assert_eq!((error.kind(), error.outcome()), (Kind::Journal, Outcome::NotSent), "{error:?}");
    assert!(error.message().contains(says), "'{says}' is not in: {error}");
    assert!(error.message().contains(&path.display().to_string()), "{error}");
}

fn sql(path: &Path, statements: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(statements).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn all_its_files_are_the_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    let store = open(&path).unwrap();
    write(&store, &full_record());
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[test]
fn a_file_that_others_may_read_is_refused_and_told_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    drop(open(&path).unwrap());
    for bad in [0o640, 0o604, 0o660, 0o601] {
        fs::set_permissions(&path, fs::Permissions::from_mode(bad)).unwrap();
        refused(&path, "chmod 600");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    open(&path).unwrap();
    // Through a link it is the same file.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let link = folder.path().join("link.db");
    symlink(&path, &link).unwrap();
    refused(&link, "chmod 600");
}

#[test]
fn what_is_no_journal_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let private = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    };
    let text = private("notes.txt", "Not a database, but something that somebody needs.\n".repeat(50).as_bytes());
    let before = fs::read(&text).unwrap();
    refused(&text, "is not a journal");
    assert_eq!(fs::read(&text).unwrap(), before);
    let other = private("shop.db", b"");
    sql(&other, "CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1);");
    let before = fs::read(&other).unwrap();
    refused(&other, "another program");
    assert_eq!(fs::read(&other).unwrap(), before);
    refused(folder.path(), "it is a folder");
    refused(&folder.path().join("none").join("bayar.db"), "does not exist");
}

#[test]
fn a_newer_schema_is_refused_and_an_older_one_brought_forward() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    write(&open(&path).unwrap(), &full_record());
    sql(&path, "PRAGMA user_version = 99");
    refused(&path, "newer version of Bayar");
    sql(&path, "PRAGMA user_version = 1");
    let store = open(&path).unwrap();
    assert!(store.find(&full_record().key(), &soon()).unwrap().is_some());
    // A step that fails leaves the version before it, and what was there.
    let connection = rusqlite::Connection::open(&path).unwrap();
    let steps = ["CREATE TABLE extra (x {int}){strict};", "CREATE TABLE half (x {int}){strict}; THIS IS NO SQL;"];
    let version = || connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap();
    super::super::sqlite::migrate_for_tests(&path, &connection, &steps).unwrap_err();
    assert_eq!(version(), 2);
    let has = |table: &str| connection.prepare(&format!("SELECT * FROM {table}")).is_ok();
    assert_eq!((has("extra"), has("half"), has("bayar_operation")), (true, false, true));
}

#[test]
fn a_damaged_file_is_told_and_nothing_is_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    let store = open(&path).unwrap();
    for at in 0..200 {
        write(&store, &Record { intent: payment(&format!("INV-{at}"), "1"), ..full_record() });
    }
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 4;
    bytes[middle..].iter_mut().for_each(|byte| *byte = 0x5a);
    fs::write(&path, bytes).unwrap();
    let found = open(&path).and_then(|store| {
        (0..200).try_for_each(|at| {
            let key = payment(&format!("INV-{at}"), "1").key();
            store.find(&key, &soon()).and_then(|found| {
                found.map(|_| ()).ok_or_else(|| Error::internal("a damaged file seemed to lack a record"))
            })
        })
    });
    let error = found.unwrap_err();
    assert_eq!(error.kind(), Kind::Journal, "{error:?}");
    assert!(error.message().contains("damaged"), "{error}");
}

#[test]
fn what_another_program_locks_is_waited_for_within_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    let store = open(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let record = full_record();
    let late = store.update(&record.key(), None, &short(), &mut |_| Ok(Change::Write(Box::new(record.clone()))));
    assert_eq!(late.unwrap_err().outcome(), Outcome::NotSent);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    other.execute_batch("ROLLBACK").unwrap();
    write(&store, &record);
}

#[test]
fn a_stopped_process_at_the_gate_is_waited_for_within_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    let store = open(&path).unwrap();
    let gate = fs::OpenOptions::new().write(true).open(folder.path().join("bayar.db-gate")).unwrap();
    gate.lock().unwrap();
    let cancel = crate::Cancel::new();
    cancel.set();
    let cancelled = Limit::new(Instant::now() + Duration::from_secs(20), Some(cancel));
    for limit in [short(), cancelled] {
        let begun = Instant::now();
        let error = store.prune(0, 1, &limit).unwrap_err();
        assert!(error.message().contains("in use by others"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
    gate.unlock().unwrap();
    store.prune(0, 1, &soon()).unwrap();
}

#[test]
fn it_is_written_so_that_a_power_cut_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bayar.db");
    let store = open(&path).unwrap();
    assert_eq!(store.pragma_for_tests("journal_mode"), "wal");
    assert_eq!(store.pragma_for_tests("synchronous"), "2");
    let version = rusqlite::version();
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "SQLite {version} is older than the mending of a damage to the WAL");
}

#[test]
fn a_full_disk_and_a_read_only_one_are_told_apart() {
    use super::super::sqlite::explain_for_tests;
    let failure = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
    for (code, says) in [
        (rusqlite::ffi::SQLITE_FULL, "is full"),
        (rusqlite::ffi::SQLITE_READONLY, "the right to write"),
        (rusqlite::ffi::SQLITE_CANTOPEN, "the right to write"),
        (rusqlite::ffi::SQLITE_BUSY, "locked by another program"),
        (rusqlite::ffi::SQLITE_NOTADB, "is not a journal"),
        (rusqlite::ffi::SQLITE_CORRUPT, "damaged"),
        (rusqlite::ffi::SQLITE_IOERR, "could not be used"),
    ] {
        let error = explain_for_tests(Path::new("bayar.db"), &failure(code));
        assert!(error.message().contains(says) && error.message().contains("bayar.db"), "{error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
}
