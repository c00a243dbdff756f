//! The journal's file as another program sees it, through Python's own SQLite; one that is busy with it, through ours.

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

/// How many records the file holds, which must not be damaged.
pub(crate) fn records_of_sound(journal: &Path) -> usize {
    let said = python(SOUND, journal);
    let (state, records) = said.trim_end().split_once('\n').unwrap();
    assert_eq!(state, "[('ok',)] wal");
    records.parse().unwrap()
}

/// As if the time had come to ask about all that is open.
pub(crate) fn make_all_due(journal: &Path) {
    python(MAKE_DUE, journal);
}

/// Another program writes in the journal until this is dropped.
pub(crate) fn keep_busy(journal: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(journal).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

const SET_ASIDE: &str = "
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=60) as journal:
    journal.execute(f'ALTER TABLE {sys.argv[2]} RENAME TO {sys.argv[3]}')
";

const BREAK_OFF: &str = "
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=60) as journal:
    changed = journal.execute('''UPDATE bayar_operation SET state = 1, answer_source = NULL, answer_http_status = NULL,
        answer_body = NULL, hold_call = 1, hold_boot = -1, hold_until_ms = 0, next_ask_ms = 1 WHERE reference = ?''', [sys.argv[2]])
    assert changed.rowcount == 1
";

const JSON_LINES: &str = "
import json, sys
for line in sys.argv[1].splitlines():
    record = json.loads(line)
    print(record['operation'], record['reference'], record['state'], record['amount'],
          record['answer']['responseCode'].startswith('200'))
";

const JSON_MEMBERS: &str = "
import json, sys
print('\\n'.join(sorted({name for line in sys.argv[1].splitlines() for name in json.loads(line)})))
";

const DAYS: &str = "
import json, sys
for line in sys.argv[1].splitlines():
    print(json.loads(line)['created'][:10])
";

/// Takes the table of records away, or brings it back.
pub(crate) fn set_aside(journal: &Path, away: bool) {
    let mut names = ["bayar_operation", "set_aside"];
    if !away {
        names.reverse();
    }
    succeed(Command::new("python3").args(["-c", SET_ASIDE]).arg(journal).args(names));
}

/// As if the process that was at work on this number had died before the answer came, and a reboot gone by since.
pub(crate) fn break_off(journal: &Path, number: &str) {
    succeed(Command::new("python3").args(["-c", BREAK_OFF]).arg(journal).arg(number));
}

/// Every line of an export, read by another language: what it is, its number, its state, its amount, and that DOKU's answer
/// is in it.
pub(crate) fn json_lines(lines: &str) -> String {
    succeed(Command::new("python3").args(["-c", JSON_LINES, lines]))
}

/// The members that its objects have.
pub(crate) fn json_members(lines: &str) -> String {
    succeed(Command::new("python3").args(["-c", JSON_MEMBERS, lines]))
}

/// On which days the records of an export were made.
pub(crate) fn days(lines: &str) -> String {
    succeed(Command::new("python3").args(["-c", DAYS, lines]))
}

fn python(script: &str, journal: &Path) -> String {
    succeed(Command::new("python3").args(["-c", script]).arg(journal))
}
