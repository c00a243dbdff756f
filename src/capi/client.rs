//! The client: payments, refunds and status.

use super::boundary::{fallible, infallible, making};
use super::config::bayar_config;
use super::error::bayar_error;
use super::handle::{free, handle, inner, text};
use super::payment::{PaymentHandle, bayar_payment, bayar_payment_request};
use super::refund::{RefundHandle, bayar_refund, bayar_refund_request};
use super::status::{StatusHandle, bayar_status};
use crate::client::Client;
use crate::error::{Error, Result};
use std::ffi::c_char;
use std::time::Duration;

/// A merchant's client. Make one, keep it, and share it among all threads: it keeps the connection, the access token and
/// the parsed key. Free it with bayar_client_free() when no call is running.
pub struct bayar_client {
    _private: [u8; 0],
}

handle!(bayar_client => Client);

/// Makes a client from settings, which are copied: the config may be changed or freed afterwards. Reads the key and CA
/// files, and opens the journal; opens no connection to DOKU.
///
/// Fails with BAYAR_ERROR_MISSING_SETTING, BAYAR_ERROR_INVALID_SETTING or BAYAR_ERROR_INVALID_KEY; bayar_error_field()
/// names the setting. With BAYAR_ERROR_JOURNAL where the journal cannot be used: a file that others may read (its mode must
/// be 600), that is no journal, is damaged, or is on a network file system.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_new(
    config: *const bayar_config,
    client: *mut *mut bayar_client,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe { making("client", client, error, || Client::new(inner("config", config)?)) }
}

/// Gives the client with these settings that this process already has, or makes one as bayar_client_new() does and keeps it
/// for the next who asks. For programs that begin anew again and again in one process, as PHP does with every web request:
/// the connection, the access token, the parsed key and what is remembered without a journal go on from one to the next.
/// The config may be changed or freed afterwards.
///
/// Two are the same if all settings have the same values, and the key and CA files are the same and unchanged (told by
/// device, number, times and size), and so is the journal's file (device, number, time of its making): where one was
/// replaced, a new client takes the place of the old. Settings are compared by a hash with a key that is random for each
/// process. At most 32 clients are kept; beyond, the one that was used least recently is let go.
///
/// Free it with bayar_client_free() as any other: what is freed is your hold on it. Who else holds the same client is not
/// touched, and the library's own hold stays, until bayar_client_forget_acquired() or the end of the process. A log is one
/// for all who hold the client, and a flag is given to your hold alone (bayar_client_with_cancel()).
///
/// A forked child keeps clients of its own: it never gets one that its parent acquired. May be called from any thread; of
/// threads that come first at the same moment all get the same client. Opens no connection to DOKU, and starts no thread.
///
/// Fails as bayar_client_new(), and then keeps nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_acquire(
    config: *const bayar_config,
    client: *mut *mut bayar_client,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe { making("client", client, error, || Client::acquire(inner("config", config)?)) }
}

/// Keeps no client of bayar_client_acquire() any longer: each is closed and its secrets are wiped as soon as nobody holds
/// it, those that nobody holds at once. The next bayar_client_acquire() makes a new one. May be called from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn bayar_client_forget_acquired() {
    infallible((), Client::forget_acquired);
}

/// Connects to DOKU and fetches the access token ahead, so that the next payment costs one round trip; does nothing while a
/// token is held that is not near its end. Not needed for correctness: every call does it by itself when it has to.
///
/// Fails with a code of the 3xx or 4xx group; nothing but the token request was sent. Returns within timeout_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_warm_up(client: *const bayar_client, error: *mut *mut bayar_error) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe { fallible(error, || inner("client", client)?.warm_up()) }
}

/// Makes a payment: DOKU is asked for a link, to which the customer is then sent. The payment is not paid yet; see
/// bayar_client_wait(). The request may be used again or freed afterwards.
///
/// Calling again with the same reference is always safe: there is one payment, and every call tells the same of it; with the
/// setting journal also after a crash or a power cut, and from every process and machine on the same journal. A call that
/// finds another at work on the reference waits for it within timeout_ms.
///
/// Without that setting what was paid is remembered within this client only (up to 10,000 payments and refunds). A restarted
/// program sends the same X-EXTERNAL-ID again, so that DOKU's own deduplication protects for the day: it repeats its answer
/// if the body is the same (give valid_up_to for that, for it is otherwise counted from now); else this call fails with
/// BAYAR_ERROR_CONFLICT, or gives a payment without a link if it is paid. Nor can an outcome after a restart tell what the
/// program did before.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT (valid_up_to is past), BAYAR_ERROR_REFERENCE_REUSED (the same reference with
/// another amount or channel; bayar_error_field() says which), BAYAR_ERROR_JOURNAL (it cannot be written down, so nothing
/// was sent), or a code of the 3xx, 4xx or 5xx group: then
/// bayar_error_outcome() says whether it may have happened. Returns within timeout_ms.
///
/// Wire: POST /direct-debit/core/v1/debit/payment-host-to-host, developers.doku.com, E-Wallet DANA.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_pay(
    client: *const bayar_client,
    request: *const bayar_payment_request,
    payment: *mut *mut bayar_payment,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("payment", payment, error, || {
            let client = inner("client", client)?;
            Ok(PaymentHandle::from(client.pay(inner("request", request)?)?))
        })
    }
}

/// Refunds a payment, in whole or in part. The request may be used again or freed afterwards.
///
/// Calling again with the same partner_refund_no is always safe and gives the same one refund (remembered as for
/// bayar_client_pay()). Two numbers are two refunds: one that would bring the refunds of a payment, as far as the journal
/// knows them, above the payment is not sent; see bayar_refund_request_set_allow_over_refund().
///
/// Fails as bayar_client_pay(); BAYAR_ERROR_INVALID_ARGUMENT with the field "amount" where the refunds would exceed the
/// payment, BAYAR_ERROR_REFERENCE_REUSED also for the same number with another original payment, and
/// BAYAR_ERROR_IN_PROGRESS (outcome unknown) while DOKU is working on it. Returns within timeout_ms.
///
/// Wire: POST /direct-debit/core/v1/debit/refund, developers.doku.com, E-Wallet DANA. Whether DOKU's API allows partial
/// refunds for DANA is not published.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_refund(
    client: *const bayar_client,
    request: *const bayar_refund_request,
    refund: *mut *mut bayar_refund,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("refund", refund, error, || {
            let client = inner("client", client)?;
            Ok(RefundHandle::from(client.refund(inner("request", request)?)?))
        })
    }
}

/// Asks DOKU for the status of a payment, by your own reference (1 to 64 characters). DOKU wishes to be asked no earlier
/// than 60 seconds after the payment.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT or a code of the 3xx or 4xx group. Whatever fails, also
/// BAYAR_ERROR_NOT_FOUND, proves nothing about the payment: perhaps the customer has not opened the link.
/// BAYAR_ERROR_CONFLICT if DOKU's amount is another than this client ordered. Returns within timeout_ms.
///
/// Wire: POST /orders/v1.0/debit/status (DOKU's SDKs).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_status(
    client: *const bayar_client,
    original_partner_reference_no: *const c_char,
    status: *mut *mut bayar_status,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        making("status", status, error, || {
            let client = inner("client", client)?;
            let reference = text("original_partner_reference_no", original_partner_reference_no)?;
            Ok(StatusHandle::from(client.status(reference)?))
        })
    }
}

/// Asks for the status of a payment again and again until it is final (bayar_status_is_final()) or `limit_ms`
/// milliseconds are over, and gives the last answer, which then is not final. The pauses begin with the setting
/// status_interval_ms and grow to ten times that. Failed inquiries are repeated within the limit. This is how a till
/// behind a router, which gets no notification, learns that the customer has paid.
///
/// Fails with BAYAR_ERROR_INVALID_ARGUMENT (also for a limit below 0), at once with BAYAR_ERROR_UNAUTHORIZED if DOKU does
/// not accept the merchant, with BAYAR_ERROR_CONFLICT if DOKU's amount is another than this client ordered, and as
/// bayar_client_status() when no inquiry was answered by the end. An answer that is not final may be some pauses old when
/// the network failed since: where "not paid" matters, ask bayar_client_status(). The first inquiry is always made: returns
/// within the limit, or within 2 seconds where that is longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_wait(
    client: *const bayar_client,
    original_partner_reference_no: *const c_char,
    limit_ms: i64,
    status: *mut *mut bayar_status,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        making("status", status, error, || {
            let client = inner("client", client)?;
            let reference = text("original_partner_reference_no", original_partner_reference_no)?;
            Ok(StatusHandle::from(client.wait(reference, milliseconds(limit_ms)?)?))
        })
    }
}

/// The limit of a call that has one of its own.
pub(super) fn milliseconds(limit_ms: i64) -> Result<Duration> {
    let limit_ms = u64::try_from(limit_ms);
    let limit_ms = limit_ms.map_err(|_| Error::argument("limit_ms", "limit_ms is below 0; give milliseconds."))?;
    Ok(Duration::from_millis(limit_ms))
}

/// Frees a client, closes its connections and wipes its secrets; NULL is nothing. No call may be running on it. Of an acquired
/// client, and of one with a flag, only this hold on it is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_free(client: *mut bayar_client) {
    // SAFETY: the header's contract: NULL, or a client that lives and is not used afterwards.
    unsafe { free(client) }
}
