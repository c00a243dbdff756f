//! The flag that ends calls in flight.

use super::boundary::making;
use super::client::bayar_client;
use super::error::bayar_error;
use super::handle::{free, handle, inner, property};
use crate::limit::Cancel;

/// A flag that ends calls in flight. May be set from any thread and from a signal handler; free it with
/// bayar_cancel_free().
pub struct bayar_cancel {
    _private: [u8; 0],
}

handle!(bayar_cancel => Cancel);

/// Makes a flag that is not set.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_cancel_new(cancel: *mut *mut bayar_cancel, error: *mut *mut bayar_error) -> i32 {
    // SAFETY: the header's contract for outputs.
    unsafe { making("cancel", cancel, error, || Ok(Cancel::new())) }
}

/// Sets the flag: the calls of every client that it was given to end within some 50 ms, and those to come at once, with
/// BAYAR_ERROR_CANCELLED and what is true about the money: not sent if no byte of the payment or refund was, else unknown;
/// then the next call with its reference settles it. NULL is nothing. May be called from any thread and from a signal
/// handler, as often as you like.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_cancel_set(cancel: *const bayar_cancel) {
    // SAFETY: the header's contract: NULL, or a flag that lives.
    unsafe { property(cancel, (), Cancel::set) }
}

/// Takes the flag back, so that calls go through again. NULL is nothing. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_cancel_reset(cancel: *const bayar_cancel) {
    // SAFETY: the header's contract: NULL, or a flag that lives.
    unsafe { property(cancel, (), Cancel::reset) }
}

/// Frees a flag; NULL is nothing. Clients that it was given to keep what they need of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_cancel_free(cancel: *mut bayar_cancel) {
    // SAFETY: the header's contract: NULL, or a flag that lives and is not used afterwards.
    unsafe { free(cancel) }
}

/// Makes another face of the same client, whose calls end when the flag is set. Connection, token and what is remembered
/// are shared with `client`. Free it with bayar_client_free(); either of the two may be freed first.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_client_with_cancel(
    client: *const bayar_client,
    cancel: *const bayar_cancel,
    cancellable: *mut *mut bayar_client,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe {
        making("cancellable", cancellable, error, || {
            let client = inner("client", client)?;
            Ok(client.with_cancel(inner("cancel", cancel)?))
        })
    }
}
