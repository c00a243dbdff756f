//! Payments across the C ABI.

use super::boundary::{fallible, making};
use super::error::bayar_error;
use super::handle::{Lent, free, handle, inner_mut, property, text};
use crate::payment::{Payment, PaymentRequest};
use std::ffi::c_char;

/// What the customer is to pay. Used by one thread at a time; free it with bayar_payment_request_free().
pub struct bayar_payment_request {
    _private: [u8; 0],
}

/// A payment that DOKU has taken. Never changes; may be read from any thread; free it with bayar_payment_free().
pub struct bayar_payment {
    _private: [u8; 0],
}

pub(super) struct PaymentHandle {
    partner_reference_no: Lent,
    amount: Lent,
    redirect_url: Lent,
    reference_no: Lent,
    external_id: Lent,
    valid_up_to: Lent,
    response_code: Lent,
    json: Lent,
    is_recorded: i32,
}

handle!(bayar_payment_request => PaymentRequest);
handle!(bayar_payment => PaymentHandle);

impl From<Payment> for PaymentHandle {
    fn from(payment: Payment) -> Self {
        Self {
            partner_reference_no: Lent::new(payment.partner_reference_no()),
            amount: Lent::new(payment.amount().to_string()),
            redirect_url: Lent::maybe(payment.redirect_url()),
            reference_no: Lent::maybe(payment.reference_no()),
            external_id: Lent::new(payment.external_id()),
            valid_up_to: Lent::maybe(payment.valid_up_to()),
            response_code: Lent::new(payment.response_code()),
            json: Lent::new(payment.json()),
            is_recorded: i32::from(payment.is_recorded()),
        }
    }
}

/// Makes the request for a payment of `amount` rupiah under your own number `partner_reference_no`.
///
/// `partner_reference_no`: 1 to 64 printable ASCII characters without space, quote and backslash; it is the payment's
/// identity, and the same number is never paid twice. `amount`: digits, with no decimals or exactly two, such as "10000"
/// or "10000.00"; at least 1 rupiah, at most 16 digits before the point.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; bayar_error_field() says which of the two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_new(
    partner_reference_no: *const c_char,
    amount: *const c_char,
    request: *mut *mut bayar_payment_request,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings and outputs.
    unsafe {
        making("request", request, error, || {
            let reference = text("partner_reference_no", partner_reference_no)?;
            PaymentRequest::new(reference, text("amount", amount)?)
        })
    }
}

/// Where the customer goes after paying (urlParam.url): at most 512 characters that are legal in a URL, such as
/// "https://shop.example/thanks" or an app's own "shop://thanks". Without it that of the settings is sent; DOKU's SDKs
/// make it mandatory.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_return_url(
    request: *mut bayar_payment_request,
    return_url: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_return_url(text("return_url", return_url)?)) }
}

/// Whether the return URL opens an app (urlParam.isDeepLink): 0 for no, which is the default, anything else for yes. It is
/// sent only together with a return URL.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_is_deep_link(
    request: *mut bayar_payment_request,
    is_deep_link: i32,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        fallible(error, || {
            inner_mut("request", request)?.set_is_deep_link(is_deep_link != 0);
            Ok(())
        })
    }
}

/// When the link dies (validUpTo): a date with its zone, such as "2024-07-10T11:57:58+07:00"; it is sent in Jakarta time.
/// Without it the setting payment_lifetime_s counts from the moment of paying. DANA's own limit is one week.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT, and bayar_client_pay() does when it is past; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_valid_up_to(
    request: *mut bayar_payment_request,
    valid_up_to: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_valid_up_to(text("valid_up_to", valid_up_to)?)) }
}

/// Where the customer is (pointOfInitiation): "app", "pc" or "mweb".
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_point_of_initiation(
    request: *mut bayar_payment_request,
    point_of_initiation: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        fallible(error, || {
            inner_mut("request", request)?.set_point_of_initiation(text("point_of_initiation", point_of_initiation)?)
        })
    }
}

/// What the customer reads in DANA (additionalInfo.orderTitle): 1 to 255 characters of any script, without control
/// characters and U+2028, U+2029.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_title(
    request: *mut bayar_payment_request,
    title: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_title(text("title", title)?)) }
}

/// Whether the checkout jumps into the DANA app instead of a web view (additionalInfo.supportDeepLinkCheckoutUrl): 0 for
/// no, anything else for yes. Not sent unless set; DOKU's default is no.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_support_deep_link_checkout_url(
    request: *mut bayar_payment_request,
    support_deep_link_checkout_url: i32,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        fallible(error, || {
            inner_mut("request", request)?.set_support_deep_link_checkout_url(support_deep_link_checkout_url != 0);
            Ok(())
        })
    }
}

/// Another channel than that of the settings (additionalInfo.channel), such as "EMONEY_DANA_SNAP".
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_channel(
    request: *mut bayar_payment_request,
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
pub unsafe extern "C" fn bayar_payment_request_set_device_id(
    request: *mut bayar_payment_request,
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
pub unsafe extern "C" fn bayar_payment_request_set_ip_address(
    request: *mut bayar_payment_request,
    ip_address: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_ip_address(text("ip_address", ip_address)?)) }
}

/// Members to add to the body, as one JSON object of at most 64 KiB, for what DOKU adds tomorrow:
/// {"additionalInfo":{"origin":{"source":"till"}}}. They may only add: a member that this API writes is refused. A later
/// call replaces an earlier one's.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT; then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_set_extra_json(
    request: *mut bayar_payment_request,
    extra_json: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("request", request)?.set_extra_json(text("extra_json", extra_json)?)) }
}

/// Frees a request; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_request_free(request: *mut bayar_payment_request) {
    // SAFETY: the header's contract: NULL, or a request that lives and is not used afterwards.
    unsafe { free(request) }
}

/// Your own reference. Lives as long as the payment; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_partner_reference_no(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.partner_reference_no.as_ptr()) }
}

/// The amount in rupiah with two decimals, such as "10000.00". Lives as long as the payment; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_amount(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.amount.as_ptr()) }
}

/// The page to send the customer to (webRedirectUrl). Lives as long as the payment. NULL for NULL, and where the payment
/// exists without a link: it is paid already and was found by its status after its first answer was lost, or DOKU's
/// answer had no link. Then do not make another payment: see bayar_client_status().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_redirect_url(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.redirect_url.as_ptr()) }
}

/// DOKU's reference (referenceNo); NULL if DOKU gave none. Lives as long as the payment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_reference_no(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.reference_no.as_ptr()) }
}

/// The X-EXTERNAL-ID that it was sent under, which DOKU's support asks for. Lives as long as the payment; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_external_id(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.external_id.as_ptr()) }
}

/// When the link dies, in Jakarta time, such as "2024-07-10T11:57:58+07:00". Lives as long as the payment; NULL for NULL,
/// and where the payment was found by its status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_valid_up_to(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.valid_up_to.as_ptr()) }
}

/// The seven digits that DOKU answered (responseCode); empty where a person recorded the payment. Lives as long as the
/// payment; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_response_code(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.response_code.as_ptr()) }
}

/// All that DOKU answered, as JSON in UTF-8; empty where a person recorded the payment. Lives as long as the payment; NULL
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_json(payment: *const bayar_payment) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, std::ptr::null(), |payment| payment.json.as_ptr()) }
}

/// 1 if the journal has this result; 0 where it could not be written down (a full disk), and for NULL. The payment is true
/// all the same, and is found again by asking DOKU.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_is_recorded(payment: *const bayar_payment) -> i32 {
    // SAFETY: the header's contract: NULL, or a payment that lives.
    unsafe { property(payment, 0, |payment| payment.is_recorded) }
}

/// Frees a payment's description; NULL is nothing. The payment itself goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_payment_free(payment: *mut bayar_payment) {
    // SAFETY: the header's contract: NULL, or a payment that lives and is not used afterwards.
    unsafe { free(payment) }
}
