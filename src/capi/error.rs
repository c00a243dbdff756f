//! The error object: what went wrong, what that means for the money, and what to do.

use super::handle::{Lent, free, handle, property};
use crate::error::{Error, Outcome, Retry};
use std::ffi::c_char;

/// Why a call failed. Never changes; may be read from any thread; free it with bayar_error_free().
pub struct bayar_error {
    _private: [u8; 0],
}

pub(super) struct ErrorHandle {
    code: i32,
    outcome: i32,
    retry: i32,
    http_status: i32,
    message: Lent,
    response_code: Lent,
    field: Lent,
    external_id: Lent,
}

handle!(bayar_error => ErrorHandle);

impl From<Error> for ErrorHandle {
    fn from(error: Error) -> Self {
        Self {
            code: error.kind() as i32,
            outcome: outcome_code(error.outcome()),
            retry: retry_code(error.retry()),
            http_status: error.http_status().map_or(0, i32::from),
            message: Lent::new(error.message().replace('\0', "\u{fffd}")),
            response_code: Lent::maybe(error.response_code()),
            field: Lent::maybe(error.field()),
            external_id: Lent::maybe(error.external_id()),
        }
    }
}

pub(super) fn outcome_code(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::NotSent => 1,
        Outcome::Refused => 2,
        Outcome::Unknown => 3,
    }
}

pub(super) fn retry_code(retry: Retry) -> i32 {
    match retry {
        Retry::No => 0,
        Retry::SameReference => 1,
        Retry::Later => 2,
    }
}

/// The code, the same that the function returned (enum bayar_code); BAYAR_OK for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_code(error: *const bayar_error) -> i32 {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, 0, |error| error.code) }
}

/// A sentence for people, in English and UTF-8, without any secret: what was wrong and what to do. It may change between
/// versions: do not compare it. Lives as long as the error; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_message(error: *const bayar_error) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, std::ptr::null(), |error| error.message.as_ptr()) }
}

/// What is true about the payment or refund (enum bayar_outcome): not sent, refused, or unknown. After
/// bayar_client_status() and bayar_client_wait() it is BAYAR_OUTCOME_UNKNOWN whenever the question could not be answered,
/// for a question that failed proves nothing about the payment. For NULL BAYAR_OUTCOME_UNKNOWN, the answer that can do no
/// harm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_outcome(error: *const bayar_error) -> i32 {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, outcome_code(Outcome::Unknown), |error| error.outcome) }
}

/// What to do next (enum bayar_retry); BAYAR_RETRY_NO for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_retry(error: *const bayar_error) -> i32 {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, 0, |error| error.retry) }
}

/// The seven digits that DOKU answered (responseCode), such as "4045413"; NULL if there was no such answer. Lives as
/// long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_response_code(error: *const bayar_error) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, std::ptr::null(), |error| error.response_code.as_ptr()) }
}

/// The HTTP status of the answer; 0 if none came, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_http_status(error: *const bayar_error) -> i32 {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, 0, |error| error.http_status) }
}

/// The parameter or setting at fault, by its name in this API, such as "amount"; NULL if none is. Lives as long as the
/// error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_field(error: *const bayar_error) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, std::ptr::null(), |error| error.field.as_ptr()) }
}

/// The X-EXTERNAL-ID of the request, which DOKU's support asks for; NULL if it had none. Lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_external_id(error: *const bayar_error) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an error that lives.
    unsafe { property(error, std::ptr::null(), |error| error.external_id.as_ptr()) }
}

/// Frees an error; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_error_free(error: *mut bayar_error) {
    // SAFETY: the header's contract: NULL, or an error that lives and is not used afterwards.
    unsafe { free(error) }
}
