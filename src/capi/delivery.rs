//! A notification that DOKU delivered, across the C ABI. What it says is there only where it is genuine, so that a program
//! that forgets to ask cannot believe a forged one.

use super::answer::{AnswerHandle, bayar_answer};
use super::boundary::{making, making_or_none};
use super::error::bayar_error;
use super::handle::{Lent, free, handle, inner, property};
use super::status::{StatusHandle, UNKNOWN, bayar_status};
use crate::Notification;
use crate::webhook::Delivery;
use std::ffi::c_char;

/// A notification that came in, and what you decide about it. Used by one thread at a time; free it with
/// bayar_delivery_free().
pub struct bayar_delivery {
    _private: [u8; 0],
}

/// Only the answer of `delivery` ever changes; what is lent stays as it was made.
pub(super) struct DeliveryHandle {
    pub(super) delivery: Delivery,
    key: Lent,
    mismatch: Lent,
    said: Option<Said>,
}

/// What a genuine notification says.
struct Said {
    transaction_status: i32,
    is_paid: i32,
    original_partner_reference_no: Lent,
    original_reference_no: Lent,
    original_external_id: Lent,
    transaction_status_desc: Lent,
    amount: Lent,
    channel: Lent,
    created_time: Lent,
    finished_time: Lent,
    json: Lent,
}

handle!(bayar_delivery => DeliveryHandle);

impl From<Delivery> for DeliveryHandle {
    fn from(delivery: Delivery) -> Self {
        Self {
            key: Lent::maybe(delivery.key()),
            mismatch: Lent::maybe(delivery.mismatch()),
            said: delivery.notification().map(Said::from),
            delivery,
        }
    }
}

impl From<&Notification> for Said {
    fn from(said: &Notification) -> Self {
        Self {
            transaction_status: said.transaction_status().map_or(UNKNOWN, |status| status as i32),
            is_paid: i32::from(said.is_paid()),
            original_partner_reference_no: Lent::new(said.original_partner_reference_no()),
            original_reference_no: Lent::maybe(said.original_reference_no()),
            original_external_id: Lent::maybe(said.original_external_id()),
            transaction_status_desc: Lent::maybe(said.transaction_status_desc()),
            amount: Lent::maybe(said.amount().map(|amount| amount.to_string())),
            channel: Lent::maybe(said.channel()),
            created_time: Lent::maybe(said.created_time()),
            finished_time: Lent::maybe(said.finished_time()),
            json: Lent::new(said.json()),
        }
    }
}

/// A text of a genuine notification; NULL otherwise.
///
/// # Safety
/// As for [`property`].
unsafe fn said(delivery: *const bayar_delivery, read: impl FnOnce(&Said) -> &Lent) -> *const c_char {
    // SAFETY: the caller's promise is passed on.
    unsafe {
        property(delivery, std::ptr::null(), |delivery| {
            delivery.said.as_ref().map_or(std::ptr::null(), |said| read(said).as_ptr())
        })
    }
}

/// 1 if it is genuine: from DOKU, for this merchant, unchanged and fresh. Else 0, also for NULL: then it says nothing that may be
/// believed, the texts of it are NULL, and there is nothing to decide; see bayar_delivery_status_instead().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_is_genuine(delivery: *const bayar_delivery) -> i32 {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { property(delivery, 0, |delivery| i32::from(delivery.said.is_some())) }
}

/// 1 if it is genuine and says that the customer has paid (00); else 0, also for NULL. Look at bayar_delivery_order() and
/// bayar_delivery_mismatch() as well before anything is handed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_is_paid(delivery: *const bayar_delivery) -> i32 {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { property(delivery, 0, |delivery| delivery.said.as_ref().map_or(0, |said| said.is_paid)) }
}

/// Where it stands among those that came before (enum bayar_standing); 0 where it is not genuine, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_order(delivery: *const bayar_delivery) -> i32 {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { property(delivery, 0, |delivery| delivery.said.as_ref().map_or(0, |_| delivery.delivery.order() as i32)) }
}

/// 1 if the journal knows the payment; else 0, also for NULL. One that it does not know stays in bayar_client_inbox().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_is_known(delivery: *const bayar_delivery) -> i32 {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { property(delivery, 0, |delivery| i32::from(delivery.delivery.is_known())) }
}

/// What differs from what was ordered, as an English sentence: another amount, in the notification or, where that was too old
/// to be believed, in bayar_delivery_status_instead(). Then a person has to look before anything is handed over. NULL where
/// nothing differs, or the journal does not know the payment. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_mismatch(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { property(delivery, std::ptr::null(), |delivery| delivery.mismatch.as_ptr()) }
}

/// What tells one event from another: the reference, the status and DOKU's own reference. Store it under a unique key in the
/// transaction in which you act, and you act exactly once. Where bayar_delivery_status_instead() has something, it is the key of
/// that, the same as a notification of it would have. NULL where it is neither genuine nor asked about. Lives as long as the
/// delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_key(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { property(delivery, std::ptr::null(), |delivery| delivery.key.as_ptr()) }
}

/// Your own reference of the payment. NULL where it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_original_partner_reference_no(
    delivery: *const bayar_delivery,
) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.original_partner_reference_no) }
}

/// DOKU's reference; NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_original_reference_no(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.original_reference_no) }
}

/// The X-EXTERNAL-ID of the payment; NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_original_external_id(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.original_external_id) }
}

/// The state (enum bayar_transaction_status); BAYAR_TRANSACTION_UNKNOWN when DOKU said something unknown, where it is not
/// genuine, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_transaction_status(delivery: *const bayar_delivery) -> i32 {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe {
        property(delivery, UNKNOWN, |delivery| delivery.said.as_ref().map_or(UNKNOWN, |said| said.transaction_status))
    }
}

/// DOKU's words for the state; NULL if it gave none, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_transaction_status_desc(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.transaction_status_desc) }
}

/// The amount in rupiah, such as "10000.00"; NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_amount(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.amount) }
}

/// The channel (channelId or channel); NULL if DOKU gave none, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_channel(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.channel) }
}

/// When the transaction began, as DOKU wrote it; NULL if DOKU did not say, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_created_time(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.created_time) }
}

/// When the transaction ended, as DOKU wrote it; NULL if DOKU did not say, or it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_finished_time(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.finished_time) }
}

/// All that DOKU sent, as JSON in UTF-8; NULL where it is not genuine. Lives as long as the delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_json(delivery: *const bayar_delivery) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a delivery that lives.
    unsafe { said(delivery, |said| &said.json) }
}

/// Gives, of a notification that was DOKU's own but too old to be believed, what DOKU said when it was asked instead; believe
/// that, and look at bayar_delivery_mismatch(). `*status` is NULL for every other notification, for one that was acknowledged
/// before, and where DOKU could not be asked. Free it with bayar_status_free(), before or after the delivery.
///
/// Fails with BAYAR_ERROR_NULL_POINTER alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_status_instead(
    delivery: *const bayar_delivery,
    status: *mut *mut bayar_status,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making_or_none("status", status, error, || {
            let asked = inner("delivery", delivery)?.delivery.status_instead();
            Ok(asked.cloned().map(StatusHandle::from))
        })
    }
}

/// Gives what to send back, as it is decided now: a refusal where the notification is not genuine; else, until
/// bayar_client_acknowledge() or bayar_client_reject_unknown(), HTTP 500, which makes DOKU send it again. An answer that was
/// given earlier does not change. Free each with bayar_answer_free(), before or after the delivery.
///
/// Fails with BAYAR_ERROR_NULL_POINTER alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_answer(
    delivery: *const bayar_delivery,
    answer: *mut *mut bayar_answer,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("answer", answer, error, || Ok(AnswerHandle::from(inner("delivery", delivery)?.delivery.answer())))
    }
}

/// Frees a delivery; NULL is nothing. What was decided stays in the journal; the answers that it gave live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_delivery_free(delivery: *mut bayar_delivery) {
    // SAFETY: the header's contract: NULL, or a delivery that lives and is not used afterwards.
    unsafe { free(delivery) }
}
