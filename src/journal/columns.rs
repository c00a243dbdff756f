//! A record as columns: one mapping for all stores that are tables.

use super::record::{Answer, Attempt, Hold, Intent, Key, Moment, Open, Record, Source, State};
use crate::amount::Amount;
use crate::clock::Tick;
use crate::error::{Error, Result};
use crate::snap::external_id::Operation;
use crate::status::TransactionStatus;

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The columns that a record is made of, behind those of the merchant (`environment`, `client_id`). The first two are the
/// record's key.
pub(crate) const COLUMNS: [&str; 36] = [
    "kind",
    "reference",
    "amount_sen",
    "channel",
    "original",
    "number",
    "external_id",
    "body",
    "device_id",
    "ip_address",
    "valid_up_to_ms",
    "begun_ms",
    "begun_steady_ms",
    "begun_boot",
    "begun_by_doku",
    "state",
    "answer_source",
    "answer_http_status",
    "answer_body",
    "last_sent_ms",
    "last_sent_steady_ms",
    "last_sent_boot",
    "ask_only",
    "epoch",
    "hold_call",
    "hold_boot",
    "hold_until_ms",
    "created_ms",
    "changed_ms",
    "transaction_status",
    "next_ask_ms",
    "asked",
    "not_found",
    "note",
    "trail",
    // Whether its amount counts among the refunds of its payment.
    "counts",
];

/// The names, with commas.
pub(crate) fn names() -> String {
    COLUMNS.join(", ")
}

/// The number that stands for an operation's kind.
pub(crate) fn kind(operation: Operation) -> i64 {
    match operation {
        Operation::Payment => 1,
        Operation::Refund => 2,
    }
}

/// The cells of a key.
pub(crate) fn key_cells(key: &Key) -> [Cell; 2] {
    [Cell::Int(kind(key.operation)), Cell::Text(key.reference.clone())]
}

/// A record as the cells of its row, in the order of [`COLUMNS`].
pub(crate) fn cells(record: &Record) -> Vec<Cell> {
    let Record { intent, attempt, .. } = record;
    let answer = record.answer.as_ref();
    let open = record.open.as_ref();
    let hold = record.hold.as_ref();
    vec![
        Cell::Int(kind(intent.operation)),
        text(&intent.reference),
        Cell::Int(intent.amount.sen()),
        text(&intent.channel),
        optional(intent.original.as_deref(), text),
        Cell::Int(i64::from(record.number)),
        text(&attempt.external_id),
        Cell::Bytes(attempt.body.clone()),
        text(&attempt.device_id),
        optional(attempt.ip_address.as_deref(), text),
        Cell::Int(attempt.valid_up_to_ms),
        Cell::Int(attempt.begun.wall_ms),
        Cell::Int(attempt.begun.steady_ms),
        Cell::Int(attempt.begun.boot),
        Cell::Int(i64::from(attempt.begun_by_doku)),
        Cell::Int(record.state as i64),
        optional(answer, |answer| Cell::Int(answer.source as i64)),
        optional(answer, |answer| Cell::Int(i64::from(answer.http_status))),
        optional(answer, |answer| text(&answer.body)),
        optional(open, |open| Cell::Int(open.last_sent.wall_ms)),
        optional(open, |open| Cell::Int(open.last_sent.steady_ms)),
        optional(open, |open| Cell::Int(open.last_sent.boot)),
        Cell::Int(i64::from(open.is_some_and(|open| open.ask_only))),
        Cell::Int(i64::from(record.epoch)),
        optional(hold, |hold| Cell::Int(hold.call)),
        optional(hold, |hold| Cell::Int(hold.until.boot)),
        optional(hold, |hold| Cell::Int(hold.until.ms)),
        Cell::Int(record.created_ms),
        Cell::Int(record.changed_ms),
        optional(record.transaction_status, |status| Cell::Int(status as i64)),
        optional(record.next_ask_ms, Cell::Int),
        Cell::Int(i64::from(record.asked)),
        Cell::Int(i64::from(record.not_found)),
        optional(record.note.as_deref(), text),
        text(&record.trail),
        Cell::Int(i64::from(record.state.counts())),
    ]
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn optional<T>(value: Option<T>, cell: impl Fn(T) -> Cell) -> Cell {
    value.map_or(Cell::Null, cell)
}

/// The record of a row; the error says which column holds what it cannot.
pub(crate) fn record(cells: Vec<Cell>) -> Result<Record> {
    let mut row = Row { cells: cells.into_iter(), column: "" };
    let operation = match row.int()? {
        1 => Operation::Payment,
        2 => Operation::Refund,
        _ => return Err(row.damaged()),
    };
    let reference = row.text()?;
    let amount = Amount::from_sen(row.int()?).ok_or_else(|| row.damaged())?;
    let intent = Intent { operation, reference, amount, channel: row.text()?, original: row.optional_text()? };
    let number = row.number()?;
    let attempt = Attempt {
        external_id: row.text()?,
        body: row.bytes()?,
        device_id: row.text()?,
        ip_address: row.optional_text()?,
        valid_up_to_ms: row.int()?,
        begun: Tick { wall_ms: row.int()?, steady_ms: row.int()?, boot: row.int()? },
        begun_by_doku: row.int()? != 0,
    };
    let state = row.int()?;
    let state = State::ALL.into_iter().find(|known| *known as i64 == state).ok_or_else(|| row.damaged())?;
    let (source, http_status, body) = (row.optional_int()?, row.optional_int()?, row.optional_text()?);
    let answer = match (source, http_status, body) {
        (Some(source), Some(http_status), Some(body)) => Some(Answer {
            http_status: u16::try_from(http_status).map_err(|_| row.damaged())?,
            body,
            source: [Source::Request, Source::Status, Source::Person, Source::Notification]
                .into_iter()
                .find(|known| *known as i64 == source)
                .ok_or_else(|| row.damaged())?,
        }),
        _ => None,
    };
    let (wall_ms, steady_ms, boot) = (row.optional_int()?, row.optional_int()?, row.optional_int()?);
    let ask_only = row.int()? != 0;
    let open = match (wall_ms, steady_ms, boot) {
        (Some(wall_ms), Some(steady_ms), Some(boot)) => {
            Some(Open { last_sent: Tick { wall_ms, steady_ms, boot }, ask_only })
        }
        _ => None,
    };
    let epoch = row.number()?;
    let hold = match (row.optional_int()?, row.optional_int()?, row.optional_int()?) {
        (Some(call), Some(boot), Some(ms)) => Some(Hold { call, until: Moment { boot, ms } }),
        _ => None,
    };
    Ok(Record {
        intent,
        attempt,
        number,
        state,
        answer,
        open,
        epoch,
        hold,
        created_ms: row.int()?,
        changed_ms: row.int()?,
        transaction_status: match row.optional_int()? {
            None => None,
            Some(code) => Some(TransactionStatus::from_code(code).ok_or_else(|| row.damaged())?),
        },
        next_ask_ms: row.optional_int()?,
        asked: row.number()?,
        not_found: row.number()?,
        note: row.optional_text()?,
        trail: row.text()?,
    })
}

/// Reads one cell after the other.
struct Row {
    cells: std::vec::IntoIter<Cell>,
    column: &'static str,
}

impl Row {
    fn next(&mut self) -> Cell {
        let at = COLUMNS.len() - self.cells.len().min(COLUMNS.len());
        self.column = COLUMNS.get(at).copied().unwrap_or("?");
        self.cells.next().unwrap_or(Cell::Null)
    }

    fn damaged(&self) -> Error {
        super::journal_error(format!(
            "A record of the journal is damaged: its column {} holds what it cannot.",
            self.column
        ))
    }

    fn optional_int(&mut self) -> Result<Option<i64>> {
        match self.next() {
            Cell::Int(number) => Ok(Some(number)),
            Cell::Null => Ok(None),
            _ => Err(self.damaged()),
        }
    }

    fn int(&mut self) -> Result<i64> {
        self.optional_int()?.ok_or_else(|| self.damaged())
    }

    fn number(&mut self) -> Result<u32> {
        u32::try_from(self.int()?).map_err(|_| self.damaged())
    }

    fn optional_text(&mut self) -> Result<Option<String>> {
        match self.next() {
            Cell::Text(text) => Ok(Some(text)),
            Cell::Null => Ok(None),
            _ => Err(self.damaged()),
        }
    }

    fn text(&mut self) -> Result<String> {
        self.optional_text()?.ok_or_else(|| self.damaged())
    }

    fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.next() {
            Cell::Bytes(bytes) => Ok(bytes),
            _ => Err(self.damaged()),
        }
    }
}
