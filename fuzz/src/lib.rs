//! What several targets check.

pub mod routes;

use bayar::{Error, Kind, Outcome};
use std::ffi::{CStr, c_char};

/// A text for people: one line that no terminal or log can be fooled with.
#[track_caller]
pub fn assert_shown(text: &str) {
    assert!(!text.is_empty(), "an empty text is shown");
    assert!(!text.chars().any(char::is_control), "a control character is shown: {text:?}");
}

/// An error before anything was sent: in words that can be shown, and not a fault of the library.
#[track_caller]
pub fn assert_refused(error: &Error, field: Option<&str>) {
    assert_shown(error.message());
    assert!(error.message().len() <= 1000, "a message of {} bytes", error.message().len());
    assert_ne!(error.kind(), Kind::Internal, "{error}");
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    if field.is_some() {
        assert_eq!(error.field(), field, "{error}");
    }
}

/// A text that C was lent; `None` for NULL.
///
/// # Safety
/// `pointer` is NULL or a string that lives.
pub unsafe fn lent<'a>(pointer: *const c_char) -> Option<&'a str> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not NULL, and the caller promises a string.
    let text = unsafe { CStr::from_ptr(pointer) };
    Some(text.to_str().expect("what C is lent is UTF-8"))
}
