//! The C API of `include/bayar.h`, thin: check the pointers, call the core, wrap the result. No rule of the protocol is
//! here. This is the only place with `unsafe`; its contract with the caller is the text at the top of the header
//! (`src/capi/contract.txt`), to which every `# Safety` would only point.

#![allow(clippy::missing_safety_doc)]
// The names of the C API are C's.
#![allow(non_camel_case_types)]
// The comments are written for the header.
#![allow(rustdoc::bare_urls, rustdoc::invalid_html_tags)]

pub mod answer;
mod boundary;
pub mod cancel;
pub mod client;
pub mod config;
pub mod constants;
pub mod delivery;
pub mod error;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod handle;
pub mod inbox;
pub mod incoming;
pub mod journal;
pub mod journal_constants;
pub mod log;
pub mod payment;
pub mod record;
pub mod records;
pub mod refund;
pub mod signing;
pub mod status;
pub mod text;
pub mod version;
pub mod webhook;
pub mod webhook_constants;

/// What the contract lets threads share must be shareable: this does not compile otherwise.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<crate::Client>();
    shared::<crate::Cancel>();
    shared::<answer::AnswerHandle>();
    shared::<error::ErrorHandle>();
    shared::<inbox::InboxHandle>();
    shared::<log::LogEntryHandle>();
    shared::<payment::PaymentHandle>();
    shared::<record::RecordHandle>();
    shared::<refund::RefundHandle>();
    shared::<status::StatusHandle>();
    shared::<text::TextHandle>();
    /// One thread at a time, and not always the same one.
    const fn movable<T: Send>() {}
    movable::<delivery::DeliveryHandle>();
    movable::<crate::Incoming>();
    movable::<records::RecordsHandle>();
};

/// The headers as the build made them; a test holds `include/` against them.
#[doc(hidden)]
pub const HEADERS: [(&str, &str); 2] = [
    ("include/bayar.h", include_str!(concat!(env!("OUT_DIR"), "/bayar.h"))),
    ("include/bayar.ffi.h", include_str!(concat!(env!("OUT_DIR"), "/bayar.ffi.h"))),
];
