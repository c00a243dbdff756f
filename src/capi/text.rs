//! Text that the library made for the caller.

use super::handle::{Lent, free, handle, property};
use std::ffi::c_char;

/// A text, such as a signature. Never changes; may be read from any thread; free it with bayar_text_free().
pub struct bayar_text {
    _private: [u8; 0],
}

pub(super) struct TextHandle(Lent, usize);

handle!(bayar_text => TextHandle);

impl TextHandle {
    pub(super) fn new(text: &str) -> Self {
        Self(Lent::new(text), text.len())
    }
}

/// The text, NUL-terminated. Lives as long as the object; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_text_value(text: *const bayar_text) -> *const c_char {
    // SAFETY: the header's contract: NULL, or a text that lives.
    unsafe { property(text, std::ptr::null(), |text| text.0.as_ptr()) }
}

/// Its length in bytes, without the NUL; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_text_length(text: *const bayar_text) -> usize {
    // SAFETY: the header's contract: NULL, or a text that lives.
    unsafe { property(text, 0, |text| text.1) }
}

/// Frees a text; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_text_free(text: *mut bayar_text) {
    // SAFETY: the header's contract: NULL, or a text that lives and is not used afterwards.
    unsafe { free(text) }
}
