//! The status of a payment across the C ABI.

use super::handle::{Lent, free, handle, property};
use crate::status::{RefundEntry, Status};
use std::ffi::c_char;

/// What DOKU says of a payment. Never changes; may be read from any thread; free it with bayar_status_free().
pub struct bayar_status {
    _private: [u8; 0],
}

pub(super) struct StatusHandle {
    transaction_status: i32,
    is_paid: i32,
    is_final: i32,
    has_refund_history: i32,
    original_partner_reference_no: Lent,
    original_reference_no: Lent,
    transaction_status_desc: Lent,
    amount: Lent,
    fee: Lent,
    paid_time: Lent,
    approval_code: Lent,
    original_external_id: Lent,
    response_code: Lent,
    json: Lent,
    refunds: Vec<Entry>,
}

struct Entry {
    status: i32,
    partner_refund_no: Lent,
    refund_no: Lent,
    amount: Lent,
    refund_date: Lent,
    reason: Lent,
}

handle!(bayar_status => StatusHandle);

/// What the enums of the header call unknown.
pub(super) const UNKNOWN: i32 = -1;

impl From<Status> for StatusHandle {
    fn from(status: Status) -> Self {
        Self {
            transaction_status: status.transaction_status().map_or(UNKNOWN, |status| status as i32),
            is_paid: i32::from(status.is_paid()),
            is_final: i32::from(status.is_final()),
            has_refund_history: i32::from(status.has_refund_history()),
            original_partner_reference_no: Lent::new(status.original_partner_reference_no()),
            original_reference_no: Lent::maybe(status.original_reference_no()),
            transaction_status_desc: Lent::maybe(status.transaction_status_desc()),
            amount: Lent::maybe(status.amount().map(|amount| amount.to_string())),
            fee: Lent::maybe(status.fee().map(|fee| fee.to_string())),
            paid_time: Lent::maybe(status.paid_time()),
            approval_code: Lent::maybe(status.approval_code()),
            original_external_id: Lent::maybe(status.original_external_id()),
            response_code: Lent::new(status.response_code()),
            json: Lent::new(status.json()),
            refunds: status.refunds().iter().map(Entry::from).collect(),
        }
    }
}

impl From<&RefundEntry> for Entry {
    fn from(entry: &RefundEntry) -> Self {
        Self {
            status: entry.status().map_or(UNKNOWN, |status| status as i32),
            partner_refund_no: Lent::maybe(entry.partner_refund_no()),
            refund_no: Lent::maybe(entry.refund_no()),
            amount: Lent::maybe(entry.amount().map(|amount| amount.to_string())),
            refund_date: Lent::maybe(entry.refund_date()),
            reason: Lent::maybe(entry.reason()),
        }
    }
}

/// The state (enum bayar_transaction_status); BAYAR_TRANSACTION_UNKNOWN when DOKU said nothing readable, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_transaction_status(status: *const bayar_status) -> i32 {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, UNKNOWN, |status| status.transaction_status) }
}

/// 1 if the customer has paid (00); else 0, also for NULL, and when the payment was refunded (04).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_is_paid(status: *const bayar_status) -> i32 {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, 0, |status| status.is_paid) }
}

/// 1 if asking again will not change the answer: paid or refunded, or cancelled or failed after the link died (known for
/// payments that this client made); else 0, also for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_is_final(status: *const bayar_status) -> i32 {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, 0, |status| status.is_final) }
}

/// Your own reference. Lives as long as the status; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_original_partner_reference_no(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.original_partner_reference_no.as_ptr()) }
}

/// DOKU's reference (originalReferenceNo); NULL if DOKU gave none. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_original_reference_no(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.original_reference_no.as_ptr()) }
}

/// DOKU's words for the state; NULL if it gave none. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_transaction_status_desc(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.transaction_status_desc.as_ptr()) }
}

/// The amount in rupiah (transAmount), such as "10000.00"; NULL if DOKU gave none. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_amount(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.amount.as_ptr()) }
}

/// DOKU's fee in rupiah (feeAmount); NULL if DOKU gave none. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_fee(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.fee.as_ptr()) }
}

/// When it was paid, as DOKU wrote it; NULL if DOKU did not say. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_paid_time(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.paid_time.as_ptr()) }
}

/// The approval code; NULL if DOKU gave none. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_approval_code(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.approval_code.as_ptr()) }
}

/// The X-EXTERNAL-ID of the payment; NULL if DOKU gave none. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_original_external_id(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.original_external_id.as_ptr()) }
}

/// The seven digits that DOKU answered (responseCode). Lives as long as the status; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_response_code(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.response_code.as_ptr()) }
}

/// All that DOKU answered, as JSON in UTF-8. Lives as long as the status; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_json(status: *const bayar_status) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| status.json.as_ptr()) }
}

/// 1 if DOKU's answer had a list of refunds, even an empty one; else 0, also for NULL. A refund that is missing where there
/// is no list proves nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_has_refund_history(status: *const bayar_status) -> i32 {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, 0, |status| status.has_refund_history) }
}

/// How many refunds DOKU lists; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_count(status: *const bayar_status) -> usize {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, 0, |status| status.refunds.len()) }
}

/// The state of the refund at `index`, counted from 0 (enum bayar_refund_status); BAYAR_REFUND_UNKNOWN when DOKU said
/// nothing readable, beyond the end, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_status(status: *const bayar_status, index: usize) -> i32 {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, UNKNOWN, |status| status.refunds.get(index).map_or(UNKNOWN, |refund| refund.status)) }
}

/// Your own number of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_partner_refund_no(
    status: *const bayar_status,
    index: usize,
) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe {
        property(status, std::ptr::null(), |status| refund_text(status, index, |refund| &refund.partner_refund_no))
    }
}

/// DOKU's number of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_refund_no(status: *const bayar_status, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| refund_text(status, index, |refund| &refund.refund_no)) }
}

/// The amount in rupiah of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_amount(status: *const bayar_status, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| refund_text(status, index, |refund| &refund.amount)) }
}

/// When the refund at `index` was made, as DOKU wrote it; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_date(status: *const bayar_status, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| refund_text(status, index, |refund| &refund.refund_date)) }
}

/// The reason of the refund at `index`; NULL if DOKU gave none, beyond the end, and for NULL. Lives as long as the status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_refund_reason(status: *const bayar_status, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a status that lives.
    unsafe { property(status, std::ptr::null(), |status| refund_text(status, index, |refund| &refund.reason)) }
}

fn refund_text(status: &StatusHandle, index: usize, read: impl FnOnce(&Entry) -> &Lent) -> *const c_char {
    status.refunds.get(index).map_or(std::ptr::null(), |refund| read(refund).as_ptr())
}

/// Frees a status; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_status_free(status: *mut bayar_status) {
    // SAFETY: the header's contract: NULL, or a status that lives and is not used afterwards.
    unsafe { free(status) }
}
