//! The statements of the stores that are tables. `$1`, `$2` … stand for values and first appear in that order, so that
//! SQLite, which takes them for names, numbers them the same.

use super::columns::{COLUMNS, Cell, kind, names};
use super::record::{Key, Moment};
use super::store::{Filter, Note, NoteState, Position, SharedToken};
use crate::secret::Secret;

/// What each version of the schema adds; a journal is brought forward from the one that it has.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql")];

/// The merchant whose records these are.
#[derive(Clone)]
pub(crate) struct Scope {
    pub(crate) environment: String,
    pub(crate) client_id: String,
}

impl Scope {
    /// The first two values of every statement, and what follows them.
    pub(super) fn with(&self, cells: impl IntoIterator<Item = Cell>) -> Vec<Cell> {
        let mut all = vec![Cell::Text(self.environment.clone()), Cell::Text(self.client_id.clone())];
        all.extend(cells);
        all
    }
}

const MINE: &str = "environment = $1 AND client_id = $2";

/// Values: scope, key.
pub(super) fn find() -> String {
    format!("SELECT {} FROM bayar_operation WHERE {MINE} AND kind = $3 AND reference = $4", names())
}

/// Values: scope, cells of the record.
pub(super) fn insert() -> String {
    let values: Vec<_> = (1..=COLUMNS.len() + 2).map(|at| format!("${at}")).collect();
    format!("INSERT INTO bayar_operation (environment, client_id, {}) VALUES ({})", names(), values.join(", "))
}

/// What is added to [`insert`] so that it also overwrites.
pub(super) fn or_overwrite() -> String {
    let set: Vec<_> = COLUMNS.iter().skip(2).map(|column| format!("{column} = excluded.{column}")).collect();
    format!(" ON CONFLICT (environment, client_id, kind, reference) DO UPDATE SET {}", set.join(", "))
}

/// Values: scope, the payment's reference, the refund's own.
pub(super) fn refunds() -> String {
    format!(
        "SELECT (SELECT amount_sen FROM bayar_operation WHERE {MINE} AND kind = 1 AND reference = $3), \
         (SELECT CAST(COALESCE(SUM(amount_sen), 0) AS BIGINT) FROM bayar_operation \
         WHERE {MINE} AND original = $3 AND counts = 1 AND reference <> $4)"
    )
}

/// The statement of a page and its values.
pub(super) fn page(scope: &Scope, filter: &Filter, after: Option<&Position>, count: usize) -> (String, Vec<Cell>) {
    let mut cells = Vec::new();
    let mut place = |cell: Cell| {
        cells.push(cell);
        format!("${}", cells.len() + 2)
    };
    let time = match filter {
        Filter::Due(_) => "next_ask_ms",
        // The few are sorted: SQLite would rather walk through all records in this order.
        Filter::Reference(_) => "created_ms + 0",
        _ => "created_ms",
    };
    let which = match filter {
        Filter::All => String::new(),
        Filter::Open => " AND next_ask_ms IS NOT NULL".to_owned(),
        // Any time of making will do; naming one has SQLite go by the index of what is open, which begins with it.
        Filter::Due(by_ms) => {
            let by = place(Cell::Int(*by_ms));
            format!(" AND next_ask_ms IS NOT NULL AND next_ask_ms <= {by} AND created_ms > 0")
        }
        Filter::Reference(reference) => {
            place(Cell::Text(reference.clone()));
            String::new()
        }
        Filter::Made(from, to) => {
            // Behind the page before, there is one bound only, or that page would be walked through again.
            let from = match after {
                Some((at, _)) if at >= from => String::new(),
                _ => format!(" AND created_ms >= {}", place(Cell::Int(*from))),
            };
            format!("{from} AND created_ms < {}", place(Cell::Int(*to)))
        }
    };
    let behind = match after {
        None => String::new(),
        Some((at, Key { operation, reference })) => {
            let at = place(Cell::Int(*at));
            let kind = place(Cell::Int(kind(*operation)));
            format!(" AND ({time}, kind, reference) > ({at}, {kind}, {})", place(Cell::Text(reference.clone())))
        }
    };
    let count = place(Cell::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    let from = match filter {
        // Each half by its own index: with an OR, all records would be looked through.
        Filter::Reference(_) => format!(
            "(SELECT * FROM bayar_operation WHERE {MINE} AND kind IN (1, 2) AND reference = $3 UNION ALL \
             SELECT * FROM bayar_operation WHERE {MINE} AND original = $3 AND reference <> $3) AS found"
        ),
        _ => "bayar_operation".to_owned(),
    };
    let sql = format!(
        "SELECT {} FROM {from} WHERE {MINE}{which}{behind} ORDER BY {time}, kind, reference LIMIT {count}",
        names()
    );
    (sql, scope.with(cells))
}

/// Values: scope, the time, how many. What was chosen is looked at again when it is removed: on PostgreSQL a call may have
/// taken hold of it since. (The sum keeps that from being an index of its own to go by.)
pub(super) fn prune() -> String {
    format!(
        "DELETE FROM bayar_operation WHERE {MINE} AND (kind, reference) IN (SELECT kind, reference FROM bayar_operation \
         WHERE {MINE} AND next_ask_ms IS NULL AND changed_ms < $3 ORDER BY changed_ms LIMIT $4) \
         AND next_ask_ms IS NULL AND changed_ms + 0 < $3"
    )
}

/// Values: scope.
pub(super) fn token() -> String {
    format!("SELECT version, token, ends_boot, ends_ms, fetching_boot, fetching_ms FROM bayar_token WHERE {MINE}")
}

/// Values: scope, [`token_cells`]. Writes only over the version before.
pub(super) fn put_token() -> String {
    "INSERT INTO bayar_token (environment, client_id, version, token, ends_boot, ends_ms, fetching_boot, fetching_ms) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (environment, client_id) DO UPDATE SET \
     version = excluded.version, token = excluded.token, ends_boot = excluded.ends_boot, ends_ms = excluded.ends_ms, \
     fetching_boot = excluded.fetching_boot, fetching_ms = excluded.fetching_ms \
     WHERE bayar_token.version = excluded.version - 1"
        .to_owned()
}

/// The values of a token that is to be written over the version that was read.
pub(super) fn token_cells(token: &SharedToken) -> Vec<Cell> {
    let text = |secret: &Secret| Cell::Text(secret.reveal().to_owned());
    vec![
        Cell::Int(token.version + 1),
        token.token.as_ref().map_or(Cell::Null, text),
        Cell::Int(token.ends.boot),
        Cell::Int(token.ends.ms),
        token.fetching.map_or(Cell::Null, |moment| Cell::Int(moment.boot)),
        token.fetching.map_or(Cell::Null, |moment| Cell::Int(moment.ms)),
    ]
}

/// The token of a row; one that nobody has fetched where there is none.
pub(super) fn shared_token(row: Option<Vec<Cell>>) -> SharedToken {
    let none = SharedToken { version: 0, token: None, ends: Moment { boot: 0, ms: 0 }, fetching: None };
    let Some(row) = row else { return none };
    let int = |at: usize| match row.get(at) {
        Some(Cell::Int(number)) => Some(*number),
        _ => None,
    };
    SharedToken {
        version: int(0).unwrap_or(0),
        token: match row.get(1) {
            Some(Cell::Text(token)) => Some(Secret::new(token.clone())),
            _ => None,
        },
        ends: Moment { boot: int(2).unwrap_or(0), ms: int(3).unwrap_or(0) },
        fetching: int(4).zip(int(5)).map(|(boot, ms)| Moment { boot, ms }),
    }
}

/// Values: scope, the key.
pub(super) fn find_note() -> String {
    format!("SELECT state FROM bayar_notification WHERE {MINE} AND key = $3")
}

/// Values: scope, [`note_cells`].
pub(super) fn put_note() -> String {
    "INSERT INTO bayar_notification \
     (environment, client_id, key, reference, state, is_known, body, first_ms, last_ms, count) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (environment, client_id, key) DO UPDATE SET \
     state = CASE WHEN bayar_notification.state = 2 OR excluded.state = 3 THEN bayar_notification.state \
     ELSE excluded.state END, is_known = excluded.is_known, \
     last_ms = excluded.last_ms, count = bayar_notification.count + 1"
        .to_owned()
}

pub(super) fn note_cells(note: &Note) -> Vec<Cell> {
    vec![
        Cell::Text(note.key.clone()),
        Cell::Text(note.reference.clone()),
        Cell::Int(note.state as i64),
        Cell::Int(i64::from(note.is_known)),
        Cell::Text(note.body.clone()),
        Cell::Int(note.first_ms),
        Cell::Int(note.last_ms),
        Cell::Int(note.count),
    ]
}

/// Values: scope, the time and the key behind which to begin, how many.
pub(super) fn notes() -> String {
    format!(
        "SELECT key, reference, state, is_known, body, first_ms, last_ms, count FROM bayar_notification \
         WHERE {MINE} AND (state <> 2 OR is_known = 0) AND (first_ms, key) > ($3, $4) ORDER BY first_ms, key LIMIT $5"
    )
}

/// Values: scope, the time, how many.
pub(super) fn prune_notes() -> String {
    format!(
        "DELETE FROM bayar_notification WHERE {MINE} AND key IN (SELECT key FROM bayar_notification \
         WHERE {MINE} AND state = 2 AND last_ms < $3 ORDER BY last_ms LIMIT $4) AND state = 2 AND last_ms + 0 < $3"
    )
}

/// How far a notification had got, by the row of [`find_note`].
pub(super) fn note_state(cell: Option<&Cell>) -> Option<NoteState> {
    let Some(Cell::Int(number)) = cell else { return None };
    [NoteState::Received, NoteState::Acknowledged, NoteState::Stale].into_iter().find(|state| *state as i64 == *number)
}

/// The notification of a row of [`notes`]; `None` where a column holds what it cannot.
pub(super) fn note(row: Vec<Cell>) -> Option<Note> {
    let state = note_state(row.get(2))?;
    let int = |at: usize| match row.get(at) {
        Some(Cell::Int(number)) => Some(*number),
        _ => None,
    };
    let text = |at: usize| match row.get(at) {
        Some(Cell::Text(text)) => Some(text.clone()),
        _ => None,
    };
    Some(Note {
        key: text(0)?,
        reference: text(1)?,
        state,
        is_known: int(3)? != 0,
        body: text(4)?,
        first_ms: int(5)?,
        last_ms: int(6)?,
        count: int(7)?,
    })
}

pub(super) fn unreadable_note() -> crate::Error {
    super::journal_error("A notification in the journal is damaged.")
}
