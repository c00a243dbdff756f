//! Refunds across the C ABI.

use super::boundary::{fallible, making};
use super::error::bayar_error;
use super::handle::{Lent, free, handle, inner_mut, property, text};
use crate::refund::{Refund, RefundRequest};
use std::ffi::c_char;

/// What the customer is to get back. Used by one thread at a time; free it with bayar_refund_request_free().
pub struct bayar_refund_request {
    _private: [u8; 0],
}

/// A refund that DOKU has made. Never changes; may be read from any thread; free it with bayar_refund_free().
pub struct bayar_refund {
    _private: [u8; 0],
}

pub(super) struct RefundHandle {
    original_partner_reference_no: Lent,
    partner_refund_no: Lent,
    amount: Lent,
    refund_no: Lent,
    original_reference_no: Lent,
    refund_time: Lent,
    external_id: Lent,
    response_code: Lent,
    json: Lent,
    is_recorded: i32,
}

handle!(bayar_refund_request => RefundRequest);
handle!(bayar_refund => RefundHandle);

impl From<Refund> for RefundHandle {
    fn from(refund: Refund) -> Self {
        Self {
            original_partner_reference_no: Lent::new(refund.original_partner_reference_no()),
            partner_refund_no: Lent::new(refund.partner_refund_no()),
            amount: Lent::new(refund.amount().to_string()),
            refund_no: Lent::maybe(refund.refund_no()),
            original_reference_no: Lent::maybe(refund.original_reference_no()),
            refund_time: Lent::maybe(refund.refund_time()),
            external_id: Lent::new(refund.external_id()),
            response_code: Lent::new(refund.response_code()),
            json: Lent::new(refund.json()),
            is_recorded: i32::from(refund.is_recorded()),
        }
    }
}

/// Makes the request for a refund of `amount` rupiah of the payment `original_partner_reference_no`, under your own number
/// `partner_refund_no`.
///
/// Both numbers: 1 to 64 printable ASCII characters without space, quote and backslash. `partner_refund_no` is the
/// refund's identity: the same number is never refunded twice, two numbers are two refunds. `amount` as for
/// bayar_payment_request_new().
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; bayar_error_field() says which of the three.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_new(
    original_partner_reference_no: *const c_char,
    amount: *const c_char,
    partner_refund_no: *const c_char,
    request: *mut *mut bayar_refund_request,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings and outputs.
    unsafe {
        making("request", request, error, || {
            let original = text("original_partner_reference_no", original_partner_reference_no)?;
            let amount = text("amount", amount)?;
            RefundRequest::new(original, amount, text("partner_refund_no", partner_refund_no)?)
        })
    }
}

/// Why (reason): 1 to 255 characters of any script, without control characters and U+2028, U+2029.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_reason(
    request: *mut bayar_refund_request,
    reason: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_reason(text("reason", reason)?)) }
}

/// The X-EXTERNAL-ID of the payment (originalExternalId), as bayar_payment_external_id() told it: 1 to 64 letters, digits
/// and hyphens. DOKU does not require it.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_original_external_id(
    request: *mut bayar_refund_request,
    original_external_id: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        fallible(error, || {
            inner_mut("request", request)?.set_original_external_id(text("original_external_id", original_external_id)?)
        })
    }
}

/// Another channel than that of the settings (additionalInfo.channel), such as "EMONEY_DANA_SNAP".
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_channel(
    request: *mut bayar_refund_request,
    channel: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_channel(text("channel", channel)?)) }
}

/// The customer's device or the till (X-DEVICE-ID): 1 to 64 letters and digits. Without it that of the settings is sent.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_device_id(
    request: *mut bayar_refund_request,
    device_id: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_device_id(text("device_id", device_id)?)) }
}

/// The customer's IPv4 address (X-IP-ADDRESS), such as "8.8.8.8".
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_ip_address(
    request: *mut bayar_refund_request,
    ip_address: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_ip_address(text("ip_address", ip_address)?)) }
}

/// Lets this refund through although, with the payment's other refunds that are done or may be, it comes to more than the
/// payment: 0 for no, which is the default, anything else for yes. Without it such a refund fails and nothing is sent: two
/// numbers are two refunds, and the second is more often a mistake.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_allow_over_refund(
    request: *mut bayar_refund_request,
    allow_over_refund: i32,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        fallible(error, || {
            inner_mut("request", request)?.set_allow_over_refund(allow_over_refund != 0);
            Ok(())
        })
    }
}

/// Members to add to the body, as one JSON object of at most 64 KiB, for what DOKU adds tomorrow:
/// {"additionalInfo":{"origin":{"source":"till"}}}. They may only add: a member that this API writes is refused. A later
/// call replaces an earlier one's.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_set_extra_json(
    request: *mut bayar_refund_request,
    extra_json: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_extra_json(text("extra_json", extra_json)?)) }
}

/// Frees a request; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_request_free(request: *mut bayar_refund_request) {
    // SAFETY: the header's contract: NULL, or a request that lives and is not used afterwards.
    unsafe { free(request) }
}

/// Your own reference of the payment. Lives as long as the refund; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_original_partner_reference_no(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.original_partner_reference_no.as_ptr()) }
}

/// Your own number of the refund. Lives as long as the refund; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_partner_refund_no(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.partner_refund_no.as_ptr()) }
}

/// The amount in rupiah with two decimals, such as "10000.00". Lives as long as the refund; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_amount(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.amount.as_ptr()) }
}

/// DOKU's number of the refund (refundNo); NULL if DOKU gave none. Lives as long as the refund.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_refund_no(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.refund_no.as_ptr()) }
}

/// DOKU's reference of the payment (originalReferenceNo); NULL if DOKU gave none. Lives as long as the refund.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_original_reference_no(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.original_reference_no.as_ptr()) }
}

/// When, as DOKU wrote it (its documents disagree on form and zone); NULL if DOKU did not say. Lives as long as the
/// refund.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_refund_time(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.refund_time.as_ptr()) }
}

/// The X-EXTERNAL-ID that it was sent under. Lives as long as the refund; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_external_id(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.external_id.as_ptr()) }
}

/// The seven digits that DOKU answered (responseCode); empty where a person recorded the refund. Lives as long as the
/// refund; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_response_code(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.response_code.as_ptr()) }
}

/// All that DOKU answered, as JSON in UTF-8: the answer to the refund, or the status in which it was found; empty where a
/// person recorded the refund. Lives as long as the refund; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_json(refund: *const bayar_refund) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, std::ptr::null(), |refund| refund.json.as_ptr()) }
}

/// 1 if the journal has this result; 0 where it could not be written down (a full disk), and for NULL. The refund is made all
/// the same, and is found again by asking DOKU.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_is_recorded(refund: *const bayar_refund) -> i32 {
    // SAFETY: the header's contract: NULL, or a refund that lives.
    unsafe { property(refund, 0, |refund| refund.is_recorded) }
}

/// Frees a refund's description; NULL is nothing. The refund itself stays made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_refund_free(refund: *mut bayar_refund) {
    // SAFETY: the header's contract: NULL, or a refund that lives and is not used afterwards.
    unsafe { free(refund) }
}
