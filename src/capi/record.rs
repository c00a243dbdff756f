//! One record of the journal across the C ABI.

use super::handle::{Lent, free, handle, property};
use super::status::UNKNOWN;
use crate::Operation;
use crate::record::Record;
use std::ffi::c_char;
use std::sync::OnceLock;

/// A payment or refund in the journal, as it was when it was read. Never changes; may be read from any thread; free it with
/// bayar_record_free().
pub struct bayar_record {
    _private: [u8; 0],
}

pub(super) struct RecordHandle {
    record: Record,
    reference: Lent,
    original_partner_reference_no: Lent,
    amount: Lent,
    external_id: Lent,
    created: Lent,
    changed: Lent,
    valid_up_to: Lent,
    next_inquiry: Lent,
    note: Lent,
    finding: Lent,
    // Long, and not wanted by everybody.
    answer_json: OnceLock<Lent>,
    trail: OnceLock<Lent>,
    json: OnceLock<Lent>,
}

handle!(bayar_record => RecordHandle);

impl From<Record> for RecordHandle {
    fn from(record: Record) -> Self {
        Self {
            reference: Lent::new(record.reference()),
            original_partner_reference_no: Lent::maybe(record.original_partner_reference_no()),
            amount: Lent::new(record.amount().to_string()),
            external_id: Lent::new(record.external_id()),
            created: Lent::new(record.created()),
            changed: Lent::new(record.changed()),
            valid_up_to: Lent::maybe(record.valid_up_to()),
            next_inquiry: Lent::maybe(record.next_inquiry()),
            note: Lent::maybe(record.note()),
            finding: Lent::maybe(Some(record.finding()).filter(|finding| !finding.is_empty())),
            answer_json: OnceLock::new(),
            trail: OnceLock::new(),
            json: OnceLock::new(),
            record,
        }
    }
}

pub(super) fn operation_code(operation: Operation) -> i32 {
    match operation {
        Operation::Payment => 1,
        Operation::Refund => 2,
    }
}

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// What was ordered (enum bayar_operation); 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_operation(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| operation_code(record.record.operation())) }
}

/// Your own number: the partner_reference_no of a payment, the partner_refund_no of a refund. Lives as long as the record;
/// NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_reference(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.reference.as_ptr()) }
}

/// The payment that a refund is for; NULL for a payment. Lives as long as the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_original_partner_reference_no(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.original_partner_reference_no.as_ptr()) }
}

/// The amount in rupiah, such as "10000.00". Lives as long as the record; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_amount(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.amount.as_ptr()) }
}

/// What the journal knows of it (enum bayar_state); 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_state(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| record.record.state() as i32) }
}

/// 1 if its fate is not known: it may have happened, and it is asked about until it is settled, or closed by
/// bayar_client_resolve(); else 0, also for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_is_open(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| i32::from(record.record.is_open())) }
}

/// What DOKU last said of a payment's money (enum bayar_transaction_status): a payment that is done has its link, and is not
/// thereby paid. BAYAR_TRANSACTION_UNKNOWN if DOKU was not asked since, for a refund, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_transaction_status(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe {
        property(record, UNKNOWN, |record| record.record.transaction_status().map_or(UNKNOWN, |status| status as i32))
    }
}

/// 1 if a payment was paid after it had been given up or had expired: the customer's money is to be given back; else 0, also
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_is_paid_after_cancel(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| i32::from(record.record.is_paid_after_cancel())) }
}

/// The X-EXTERNAL-ID of its last attempt, which DOKU's support asks for. Lives as long as the record; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_external_id(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.external_id.as_ptr()) }
}

/// How many attempts there were, each under an X-EXTERNAL-ID of its own; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_attempts(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| count(record.record.attempts())) }
}

/// When it was first written down, in Jakarta time, such as "2026-11-22T20:15:00+07:00". Lives as long as the record; NULL
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_created(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.created.as_ptr()) }
}

/// When it last changed, in the form of bayar_record_created(). Lives as long as the record; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_changed(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.changed.as_ptr()) }
}

/// When the payment's link dies, in the form of bayar_record_created(); NULL for a refund. Lives as long as the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_valid_up_to(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.valid_up_to.as_ptr()) }
}

/// From when on bayar_client_settle() asks DOKU about it, in the form of bayar_record_created(); NULL where it is not asked
/// about any more. Lives as long as the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_next_inquiry(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.next_inquiry.as_ptr()) }
}

/// How often DOKU was asked about it; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_inquiries(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| count(record.record.inquiries())) }
}

/// What a person should know: what is in conflict, or why it was closed by hand; NULL if there is nothing. Lives as long as
/// the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_note(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.note.as_ptr()) }
}

/// What DOKU answered, as JSON in UTF-8; NULL where it has not, or a person closed the record. Lives as long as the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_answer_json(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe {
        property(record, std::ptr::null(), |record| {
            record.answer_json.get_or_init(|| Lent::maybe(record.record.answer_json())).as_ptr()
        })
    }
}

/// What happened, for a support desk: English lines, each with its time and a line break at its end, the last 4,000 bytes of
/// them. Lives as long as the record; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_trail(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe {
        property(record, std::ptr::null(), |record| {
            record.trail.get_or_init(|| Lent::new(record.record.trail())).as_ptr()
        })
    }
}

/// How it compares with what DOKU says (enum bayar_comparison); BAYAR_COMPARISON_NONE unless it comes from
/// bayar_client_reconcile(), and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_comparison(record: *const bayar_record) -> i32 {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, 0, |record| record.record.comparison() as i32) }
}

/// What the comparison found: an English sentence; NULL where nothing was compared. Lives as long as the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_finding(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe { property(record, std::ptr::null(), |record| record.finding.as_ptr()) }
}

/// All of it as one line of JSON in UTF-8, without a line break: a line of an export. docs/journal.md lists the members.
/// Lives as long as the record; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_json(record: *const bayar_record) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a record that lives.
    unsafe {
        property(record, std::ptr::null(), |record| {
            record.json.get_or_init(|| Lent::new(record.record.to_json())).as_ptr()
        })
    }
}

/// Frees a record; NULL is nothing. What is in the journal stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_record_free(record: *mut bayar_record) {
    // SAFETY: the header's contract: NULL, or a record that lives and is not used afterwards.
    unsafe { free(record) }
}
