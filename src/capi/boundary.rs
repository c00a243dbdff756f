//! The one boundary that every function of the C API goes through: a panic becomes an error (P7), a result becomes a
//! code, and the error object is always written.

use super::error::{ErrorHandle, bayar_error};
use super::handle::{Handle, give};
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::memory::wiping_stack;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a function that can fail. `error` may be NULL; else it is written: NULL on success, a new error
/// object on failure.
///
/// # Safety
/// `error` is NULL or points to a pointer that may be written.
pub(super) unsafe fn fallible(error: *mut *mut bayar_error, body: impl FnOnce() -> Result<()>) -> i32 {
    // Whatever a panic leaves half-done inside a client is behind its own locks, which are made for that.
    let result = wiping_stack(|| catch_unwind(AssertUnwindSafe(body))).unwrap_or_else(|_| Err(Error::caught_panic()));
    let code = match &result {
        Ok(()) => 0,
        Err(error) => error.kind() as i32,
    };
    if !error.is_null() {
        let object = match result {
            Ok(()) => std::ptr::null_mut(),
            Err(error) => give(ErrorHandle::from(error)),
        };
        // SAFETY: not NULL, and the caller promises that it may be written.
        unsafe { error.write(object) };
    }
    code
}

/// Runs the body of a function that returns a new object: `*out` is NULL first, so that it is on failure. `name` is the
/// name of that parameter.
///
/// # Safety
/// As for [`fallible`]; `out` is NULL (an error) or points to a pointer that may be written.
pub(super) unsafe fn making<H: Handle>(
    name: &str,
    out: *mut *mut H,
    error: *mut *mut bayar_error,
    body: impl FnOnce() -> Result<H::Inner>,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { making_or_none(name, out, error, || body().map(Some)) }
}

/// The same where there may be no object: `*out` then stays NULL.
///
/// # Safety
/// As for [`making`].
pub(super) unsafe fn making_or_none<H: Handle>(
    name: &str,
    out: *mut *mut H,
    error: *mut *mut bayar_error,
    body: impl FnOnce() -> Result<Option<H::Inner>>,
) -> i32 {
    if !out.is_null() {
        // SAFETY: not NULL, and the caller promises that it may be written.
        unsafe { out.write(std::ptr::null_mut()) };
    }
    // SAFETY: the caller's promise about `error` is passed on.
    unsafe {
        fallible(error, || {
            if out.is_null() {
                return Err(null_pointer(name));
            }
            if let Some(made) = body()? {
                // SAFETY: not NULL, and the caller promises that it may be written.
                out.write(give::<H>(made));
            }
            Ok(())
        })
    }
}

/// Runs the body of a function that cannot fail: a panic gives `fallback`.
pub(super) fn infallible<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

/// The error for a pointer that is NULL and must not be; `what` is the parameter's name.
pub(super) fn null_pointer(what: &str) -> Error {
    let message = format!("A NULL pointer was given for {what}.");
    Error::new(Kind::NullPointer, Outcome::NotSent, Retry::No, message).with_field(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::error::{bayar_error_code, bayar_error_free, bayar_error_message, bayar_error_outcome};
    use crate::capi::text::{TextHandle, bayar_text};
    use std::ffi::CStr;

    #[test]
    fn a_panic_comes_back_as_an_error_that_says_it_may_have_happened() {
        let mut error = std::ptr::null_mut();
        let mut text: *mut bayar_text = std::ptr::dangling_mut();
        // SAFETY: both places may be written; what comes back is read and freed once.
        unsafe {
            let code = making("text", &raw mut text, &raw mut error, || -> Result<TextHandle> { panic!("on purpose") });
            assert_eq!(code, Kind::Internal as i32);
            assert!(text.is_null(), "the output is NULL after a failure");
            assert_eq!((bayar_error_code(error), bayar_error_outcome(error)), (code, 3));
            let message = CStr::from_ptr(bayar_error_message(error)).to_str().unwrap();
            assert!(message.contains("call again with the same reference") && !message.contains("on purpose"));
            bayar_error_free(error);
            assert_eq!(fallible(std::ptr::null_mut(), || panic!("on purpose")), code);
        }
        assert_eq!(infallible(7, || panic!("on purpose")), 7);
    }
}
