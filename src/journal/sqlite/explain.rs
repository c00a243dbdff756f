//! What SQLite says, as sentences for a support desk.

use crate::config::shown;
use crate::error::{Error, Retry};
use crate::journal::journal_error;
use rusqlite::ErrorCode;
use std::path::Path;

/// The error of a statement. Nothing was sent: the caller knows better where something was.
pub(in crate::journal) fn explain(path: &Path, error: &rusqlite::Error) -> Error {
    let file = shown(path);
    let Some(code) = error.sqlite_error_code() else {
        return journal_error(format!("The journal '{file}' cannot be read: {error}."));
    };
    match code {
        ErrorCode::DiskFull => journal_error(format!(
            "The disk of the journal '{file}' is full, so nothing can be written down and nothing is sent. Make room, \
             then call again."
        )),
        ErrorCode::DatabaseCorrupt => damaged(path),
        ErrorCode::NotADatabase => journal_error(format!(
            "The file '{file}' is not a journal. The setting journal names a file that Bayar makes itself."
        ))
        .with_retry(Retry::No),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => journal_error(format!(
            "The journal '{file}' was locked by another program until the time limit was reached."
        )),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => journal_error(format!(
            "The journal '{file}' cannot be opened for writing ({error}): this user needs the right to write the file \
             and its folder."
        ))
        .with_retry(Retry::No),
        _ => journal_error(format!("The journal '{file}' could not be used: {error}.")),
    }
}

/// A file that is not what SQLite once wrote.
fn damaged(path: &Path) -> Error {
    journal_error(format!(
        "The journal '{}' is damaged. Keep the file, set the setting journal to a new one, and compare what is open with \
         DOKU's dashboard before you repeat any payment or refund.",
        shown(path)
    ))
    .with_retry(Retry::No)
}
