//! Journals with many records: real ones of the library's own making, written again and again under other references by
//! one statement of SQL.

use rusqlite::{Connection, params};

use crate::shop::Problem;

/// A record that is there, and what its copies are to be.
pub(crate) struct Copies<'a> {
    pub(crate) template: &'a str,
    pub(crate) count: usize,
    /// An expression for the copy's reference; `i` counts them.
    pub(crate) reference: &'a str,
    /// Further columns and the expressions for them.
    pub(crate) others: &'a [(&'a str, &'a str)],
}

/// What a copy has where its fate is not known: it is asked about in a day.
pub(crate) const OPEN: [(&str, &str); 9] = [
    ("state", "7"),
    ("answer_source", "NULL"),
    ("answer_http_status", "NULL"),
    ("answer_body", "NULL"),
    ("last_sent_ms", "t.changed_ms"),
    ("last_sent_steady_ms", "0"),
    ("last_sent_boot", "0"),
    ("next_ask_ms", "t.changed_ms + 86400000"),
    ("counts", "1"),
];

/// A connection for filling, which need not survive a power cut.
pub(crate) fn filler(journal: &str) -> Result<Connection, Problem> {
    let connection = Connection::open(journal)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;")?;
    Ok(connection)
}

pub(crate) fn fill(connection: &Connection, copies: &Copies<'_>) -> Result<(), Problem> {
    let columns: Vec<String> = connection
        .prepare("SELECT name FROM pragma_table_info('bayar_operation')")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let renamed = |column: &str| format!("replace({column}, t.reference, {})", copies.reference);
    let cell = |column: &String| {
        let other = copies.others.iter().find(|(name, _)| name == column);
        match (other, column.as_str()) {
            (Some((_, expression)), _) => (*expression).to_owned(),
            (None, "reference") => copies.reference.to_owned(),
            (None, "external_id") => "printf('%032d', abs(random() / 2))".to_owned(),
            (None, "body") => format!("CAST({} AS BLOB)", renamed("CAST(t.body AS TEXT)")),
            (None, "answer_body") => renamed("t.answer_body"),
            (None, column) => format!("t.{column}"),
        }
    };
    let cells: Vec<String> = columns.iter().map(cell).collect();
    connection.execute_batch("DROP TABLE IF EXISTS temp.template")?;
    connection.execute(
        "CREATE TEMP TABLE template AS SELECT * FROM bayar_operation WHERE reference = ?1",
        params![copies.template],
    )?;
    let sql = format!(
        "WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < ?1) \
         INSERT INTO main.bayar_operation ({}) SELECT {} FROM number, temp.template AS t",
        columns.join(", "),
        cells.join(", ")
    );
    let made = connection.execute(&sql, params![i64::try_from(copies.count)?])?;
    match made == copies.count {
        true => Ok(()),
        false => Err(format!("{made} records were made of {}.", copies.count).into()),
    }
}

/// Brings the WAL back into the file, as the last commit of a day would.
pub(crate) fn done(connection: &Connection) -> Result<(), Problem> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
