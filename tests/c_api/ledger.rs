//! The journal's file as another program sees it, through Python's own SQLite.

use std::path::Path;
use std::process::Command;

use crate::tool::succeed;

const SOUND: &str = "
import sqlite3, sys
journal = sqlite3.connect(sys.argv[1])
print(journal.execute('PRAGMA integrity_check').fetchall(), journal.execute('PRAGMA journal_mode').fetchone()[0])
print(journal.execute('SELECT COUNT(*) FROM bayar_operation').fetchone()[0])
";

const MAKE_DUE: &str = "
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=60) as journal:
    journal.execute('UPDATE bayar_operation SET next_ask_ms = 1 WHERE next_ask_ms IS NOT NULL')
";

/// That the file is not damaged, and holds so many records.
pub(crate) fn assert_sound(journal: &Path, records: usize) {
    let said = python(SOUND, journal);
    assert_eq!(said.lines().collect::<Vec<_>>(), ["[('ok',)] wal", &records.to_string()]);
}

/// As if the time had come to ask about all that is open.
pub(crate) fn make_all_due(journal: &Path) {
    python(MAKE_DUE, journal);
}

fn python(script: &str, journal: &Path) -> String {
    succeed(Command::new("python3").args(["-c", script]).arg(journal))
}
