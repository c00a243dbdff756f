//! What is sent back to DOKU, across the C ABI.

use super::handle::{Lent, free, handle, property};
use crate::webhook::WebhookAnswer;
use std::ffi::c_char;

/// What your server is to send back to DOKU. Never changes; may be read from any thread; free it with bayar_answer_free().
pub struct bayar_answer {
    _private: [u8; 0],
}

pub(super) struct AnswerHandle {
    status: i32,
    is_accepted: i32,
    body: Lent,
    reason: Lent,
    headers: Vec<(Lent, Lent)>,
}

handle!(bayar_answer => AnswerHandle);

impl From<&WebhookAnswer> for AnswerHandle {
    fn from(answer: &WebhookAnswer) -> Self {
        Self {
            status: i32::from(answer.status()),
            is_accepted: i32::from(answer.is_accepted()),
            body: Lent::new(answer.body()),
            reason: Lent::maybe(Some(answer.reason()).filter(|reason| !reason.is_empty())),
            headers: answer.headers().map(|(name, value)| (Lent::new(name), Lent::new(value))).collect(),
        }
    }
}

/// The HTTP status to answer with; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_status(answer: *const bayar_answer) -> i32 {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe { property(answer, 0, |answer| answer.status) }
}

/// The body to answer with: JSON, ASCII or UTF-8. It may hold the token that was issued: do not log it. Lives as long as the
/// answer; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_body(answer: *const bayar_answer) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe { property(answer, std::ptr::null(), |answer| answer.body.as_ptr()) }
}

/// How many headers are to be sent, Content-Type among them, Content-Length and Date not; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_header_count(answer: *const bayar_answer) -> usize {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe { property(answer, 0, |answer| answer.headers.len()) }
}

/// The name of the header at `index`, counted from 0; NULL beyond the end, and for NULL. Lives as long as the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_header_name(answer: *const bayar_answer, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe {
        property(answer, std::ptr::null(), |answer| {
            answer.headers.get(index).map_or(std::ptr::null(), |(name, _)| name.as_ptr())
        })
    }
}

/// The value of the header at `index`, counted from 0; NULL beyond the end, and for NULL. Lives as long as the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_header_value(answer: *const bayar_answer, index: usize) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe {
        property(answer, std::ptr::null(), |answer| {
            answer.headers.get(index).map_or(std::ptr::null(), |(_, value)| value.as_ptr())
        })
    }
}

/// 1 if what came in is accepted (HTTP 200); else 0, also for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_is_accepted(answer: *const bayar_answer) -> i32 {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe { property(answer, 0, |answer| answer.is_accepted) }
}

/// Why it is not accepted: an English sentence for your own log, without secrets. DOKU is told less. NULL where it is
/// accepted. Lives as long as the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_reason(answer: *const bayar_answer) -> *const c_char {
    // SAFETY: the header's contract: NULL, or an answer that lives.
    unsafe { property(answer, std::ptr::null(), |answer| answer.reason.as_ptr()) }
}

/// Frees an answer; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_answer_free(answer: *mut bayar_answer) {
    // SAFETY: the header's contract: NULL, or an answer that lives and is not used afterwards.
    unsafe { free(answer) }
}
