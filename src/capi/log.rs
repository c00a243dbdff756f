//! The log, polled.

use super::boundary::making_or_none;
use super::client::bayar_client;
use super::error::bayar_error;
use super::handle::{Lent, free, handle, inner, property};
use crate::events::LogEntry;
use std::ffi::c_char;

/// One entry of a client's log. Never changes; may be read from any thread; free it with bayar_log_entry_free().
pub struct bayar_log_entry {
    _private: [u8; 0],
}

pub(super) struct LogEntryHandle {
    level: i32,
    unix_ms: i64,
    message: Lent,
}

handle!(bayar_log_entry => LogEntryHandle);

impl From<LogEntry> for LogEntryHandle {
    fn from(entry: LogEntry) -> Self {
        Self { level: entry.level() as i32, unix_ms: entry.unix_ms(), message: Lent::new(entry.message()) }
    }
}

/// Takes the oldest entry from the client's log; `*entry` is NULL when there is none. The setting log_level turns the log
/// on. It holds 1,000 entries; when more come, the oldest are lost, and an entry tells how many. No entry holds a secret,
/// a token or a signature. A forked child has a log of its own. May be called from any thread.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_poll_log(
    client: *const bayar_client,
    entry: *mut *mut bayar_log_entry,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making_or_none("entry", entry, error, || Ok(inner("client", client)?.poll_log().map(LogEntryHandle::from)))
    }
}

/// How important it is (enum bayar_log_level); 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_log_entry_level(log_entry: *const bayar_log_entry) -> i32 {
    // SAFETY: the header's contract: NULL, or an entry that lives.
    unsafe { property(log_entry, 0, |entry| entry.level) }
}

/// When it was written, by this machine's clock: milliseconds since 1970 UTC; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_log_entry_unix_ms(log_entry: *const bayar_log_entry) -> i64 {
    // SAFETY: the header's contract: NULL, or an entry that lives.
    unsafe { property(log_entry, 0, |entry| entry.unix_ms) }
}

/// What happened: one line in English and UTF-8. Lives as long as the entry; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_log_entry_message(log_entry: *const bayar_log_entry) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an entry that lives.
    unsafe { property(log_entry, std::ptr::null(), |entry| entry.message.as_ptr()) }
}

/// Frees an entry; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_log_entry_free(log_entry: *mut bayar_log_entry) {
    // SAFETY: the header's contract: NULL, or an entry that lives and is not used afterwards.
    unsafe { free(log_entry) }
}
