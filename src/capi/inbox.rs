//! The journal's inbox across the C ABI: notifications that somebody has yet to look at.

use super::handle::{Lent, free, handle, property};
use crate::webhook::InboxEntry;
use std::ffi::c_char;
use std::sync::OnceLock;

/// Notifications that somebody has yet to look at, as they were when they were read. Never changes; may be read from any
/// thread; free it with bayar_inbox_free().
pub struct bayar_inbox {
    _private: [u8; 0],
}

pub(super) struct InboxHandle {
    entries: Vec<Entry>,
}

struct Entry {
    entry: InboxEntry,
    key: Lent,
    reference: Lent,
    first_came: Lent,
    last_came: Lent,
    // Long, and not wanted by everybody.
    json: OnceLock<Lent>,
}

handle!(bayar_inbox => InboxHandle);

impl InboxHandle {
    pub(super) fn new(entries: Vec<InboxEntry>) -> Self {
        Self { entries: entries.into_iter().map(Entry::from).collect() }
    }
}

impl From<InboxEntry> for Entry {
    fn from(entry: InboxEntry) -> Self {
        Self {
            key: Lent::new(entry.key()),
            reference: Lent::new(entry.reference()),
            first_came: Lent::new(entry.first_came()),
            last_came: Lent::new(entry.last_came()),
            json: OnceLock::new(),
            entry,
        }
    }
}

/// # Safety
/// As for [`property`].
unsafe fn entry<T: Copy>(inbox: *const bayar_inbox, index: usize, fallback: T, read: impl FnOnce(&Entry) -> T) -> T {
    // SAFETY: the caller's promise is passed on.
    unsafe { property(inbox, fallback, |inbox| inbox.entries.get(index).map_or(fallback, read)) }
}

/// How many there are; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_count(inbox: *const bayar_inbox) -> usize {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { property(inbox, 0, |inbox| inbox.entries.len()) }
}

/// The key of the notification at `index`, counted from 0; see bayar_delivery_key(). NULL beyond the end, and for NULL. Lives as
/// long as the inbox.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_key(inbox: *const bayar_inbox, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, std::ptr::null(), |entry| entry.key.as_ptr()) }
}

/// The payment's reference in the notification at `index`; NULL beyond the end, and for NULL. Lives as long as the inbox.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_reference(inbox: *const bayar_inbox, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, std::ptr::null(), |entry| entry.reference.as_ptr()) }
}

/// 1 if the notification at `index` was acknowledged; else 0, also beyond the end, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_is_acknowledged(inbox: *const bayar_inbox, index: usize) -> i32 {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, 0, |entry| i32::from(entry.entry.is_acknowledged())) }
}

/// 1 if the notification at `index` was DOKU's own but too old to be believed; else 0, also beyond the end, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_is_stale(inbox: *const bayar_inbox, index: usize) -> i32 {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, 0, |entry| i32::from(entry.entry.is_stale())) }
}

/// 1 if the journal knew the payment of the notification at `index`; else 0, also beyond the end, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_is_known(inbox: *const bayar_inbox, index: usize) -> i32 {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, 0, |entry| i32::from(entry.entry.is_known())) }
}

/// When the notification at `index` first came, in Jakarta time, such as "2026-11-22T20:15:00+07:00"; NULL beyond the end, and
/// for NULL. Lives as long as the inbox.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_first_came(inbox: *const bayar_inbox, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, std::ptr::null(), |entry| entry.first_came.as_ptr()) }
}

/// When the notification at `index` last came or was acknowledged, in the form of bayar_inbox_first_came(); NULL beyond the end,
/// and for NULL. Lives as long as the inbox.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_last_came(inbox: *const bayar_inbox, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, std::ptr::null(), |entry| entry.last_came.as_ptr()) }
}

/// How often the notification at `index` came or was acknowledged; 0 beyond the end, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_times(inbox: *const bayar_inbox, index: usize) -> i64 {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe { entry(inbox, index, 0, |entry| entry.entry.count()) }
}

/// All that DOKU sent in the notification at `index`, as JSON in UTF-8; NULL beyond the end, and for NULL. One that is stale
/// is not to be believed. Lives as long as the inbox.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_json(inbox: *const bayar_inbox, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an inbox that lives.
    unsafe {
        entry(inbox, index, std::ptr::null(), |entry| entry.json.get_or_init(|| Lent::new(entry.entry.json())).as_ptr())
    }
}

/// Frees an inbox; NULL is nothing. What is in the journal stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_inbox_free(inbox: *mut bayar_inbox) {
    // SAFETY: the header's contract: NULL, or an inbox that lives and is not used afterwards.
    unsafe { free(inbox) }
}
