//! Handles and strings across the C ABI, in one place: how an object is given out, read, changed and freed.

use super::boundary::{infallible, null_pointer};
use crate::error::{Error, Kind, Outcome, Result, Retry};
use std::ffi::{CStr, CString, c_char};

/// A type of the C API that is only ever seen as a pointer, and what is behind it. The C type is empty, so that nothing
/// of the inner layout is in the ABI.
pub(super) trait Handle {
    type Inner;
}

/// Declares that `$handle` is the face of `$inner`.
macro_rules! handle {
    ($handle:ty => $inner:ty) => {
        impl crate::capi::handle::Handle for $handle {
            type Inner = $inner;
        }
    };
}
pub(super) use handle;

/// Gives an object to the caller, who frees it.
pub(super) fn give<H: Handle>(inner: H::Inner) -> *mut H {
    Box::into_raw(Box::new(inner)).cast()
}

/// What is behind a pointer that must not be NULL; `name` is the parameter's.
///
/// # Safety
/// `pointer` is NULL or came from [`give`] and was not freed, and no other thread changes the object.
pub(super) unsafe fn inner<'a, H: Handle>(name: &str, pointer: *const H) -> Result<&'a H::Inner> {
    // SAFETY: `give` made it from a box of exactly this type; the caller promises that it still lives.
    unsafe { pointer.cast::<H::Inner>().as_ref() }.ok_or_else(|| null_pointer(name))
}

/// The same for changing it.
///
/// # Safety
/// As for [`inner`], and no other thread uses the object.
pub(super) unsafe fn inner_mut<'a, H: Handle>(name: &str, pointer: *mut H) -> Result<&'a mut H::Inner> {
    // SAFETY: as in `inner`; the contract gives requests and configs to one thread at a time.
    unsafe { pointer.cast::<H::Inner>().as_mut() }.ok_or_else(|| null_pointer(name))
}

/// Reads one property; NULL or a panic gives `fallback`.
///
/// # Safety
/// As for [`inner`].
pub(super) unsafe fn property<H: Handle, T: Copy>(
    pointer: *const H,
    fallback: T,
    read: impl FnOnce(&H::Inner) -> T,
) -> T {
    // SAFETY: as in `inner`. A `T` that is a pointer into the object lives as long as the object, as the contract says.
    match unsafe { pointer.cast::<H::Inner>().as_ref() } {
        Some(object) => infallible(fallback, || read(object)),
        None => fallback,
    }
}

/// Frees an object; NULL is nothing.
///
/// # Safety
/// `pointer` is NULL or came from [`give`], was not freed, and is not in use.
pub(super) unsafe fn free<H: Handle>(pointer: *mut H) {
    if !pointer.is_null() {
        infallible((), || {
            // SAFETY: `give` made it from a box of exactly this type, and the caller gives it back.
            drop(unsafe { Box::from_raw(pointer.cast::<H::Inner>()) });
        });
    }
}

/// A string parameter that must not be NULL.
///
/// # Safety
/// `pointer` is NULL or points to a NUL-terminated string that does not change during the call.
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str> {
    // SAFETY: the caller's promise is passed on.
    unsafe { optional_text(name, pointer) }?.ok_or_else(|| null_pointer(name))
}

/// A string parameter that may be NULL.
///
/// # Safety
/// As for [`text`].
pub(super) unsafe fn optional_text<'a>(name: &str, pointer: *const c_char) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, and the caller promises a NUL-terminated string.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(Some).map_err(|_| {
        let message = format!("{name} is not valid UTF-8.");
        Error::new(Kind::InvalidUtf8, Outcome::NotSent, Retry::No, message).with_field(name)
    })
}

/// Bytes with their length; NULL is allowed for no bytes.
///
/// # Safety
/// `pointer` is NULL or points to `length` bytes that do not change during the call.
pub(super) unsafe fn bytes<'a>(name: &str, pointer: *const u8, length: usize) -> Result<&'a [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null_pointer(name));
    }
    if isize::try_from(length).is_err() {
        return Err(Error::argument(name, format!("The length given for {name} is larger than memory.")));
    }
    // SAFETY: not NULL, not larger than memory can be, and the caller promises that many bytes.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// Text that is lent to C: NULL where there is none. Text with a NUL inside, which C could not see whole, is none.
#[derive(Default)]
pub(super) struct Lent(Option<CString>);

impl Lent {
    pub(super) fn new(text: impl AsRef<str>) -> Self {
        Self(CString::new(text.as_ref()).ok())
    }

    pub(super) fn maybe(text: Option<impl AsRef<str>>) -> Self {
        text.map(Self::new).unwrap_or_default()
    }

    pub(super) fn as_ptr(&self) -> *const c_char {
        self.0.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
    }
}
