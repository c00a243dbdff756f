//! A request that came in at one of the merchant's two routes, across the C ABI.

use super::boundary::{fallible, making};
use super::error::bayar_error;
use super::handle::{bytes, free, handle, inner_mut, text};
use crate::webhook::Incoming;
use std::ffi::c_char;

/// A request that came in at your server. Used by one thread at a time; free it with bayar_incoming_free().
pub struct bayar_incoming {
    _private: [u8; 0],
}

handle!(bayar_incoming => Incoming);

/// Makes a request of what your web server received, to be handed to bayar_client_webhook_token() or
/// bayar_client_notification().
///
/// `method`: such as "POST". `path`: as it was requested; the signature is checked over the setting notification_path,
/// because a proxy may have changed this one. `body`: its bytes as they came, neither decoded nor parsed (may be NULL if
/// `body_length` is 0); any bytes are taken here, and judged later. A body over 65536 bytes is refused there, so the server
/// may stop reading after 65537 and hand over those.
///
/// Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8 (method or path). May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_incoming_new(
    method: *const c_char,
    path: *const c_char,
    body: *const u8,
    body_length: usize,
    incoming: *mut *mut bayar_incoming,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings, bytes and outputs.
    unsafe {
        making("incoming", incoming, error, || {
            Ok(Incoming::new(text("method", method)?, text("path", path)?, bytes("body", body, body_length)?))
        })
    }
}

/// Adds a header as it came, its name in whatever letters; one that came twice is added twice. Add all of them: which ones
/// count, and that none of those came twice, is the library's business.
///
/// Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8, and then nothing is added; no header of DOKU's is such,
/// so answer HTTP 400.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_incoming_add_header(
    incoming: *mut bayar_incoming,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles and strings.
    unsafe {
        fallible(error, || {
            let incoming = inner_mut("incoming", incoming)?;
            incoming.add_header(text("name", name)?, text("value", value)?);
            Ok(())
        })
    }
}

/// Frees a request that came in; NULL is nothing. What was made of it lives on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_incoming_free(incoming: *mut bayar_incoming) {
    // SAFETY: the header's contract: NULL, or a request that lives and is not used afterwards.
    unsafe { free(incoming) }
}
