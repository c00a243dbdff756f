//! Which library this is.

use std::ffi::c_char;

/// The version of the library that is loaded, such as "0.1.0". A constant; not to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn bayar_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The version of the C ABI: 0 until 1.0, when it may still change; compare it with BAYAR_ABI_VERSION of the header that
/// the program was compiled with. From 1 on a program that was built with an equal number runs on every later library.
#[unsafe(no_mangle)]
pub extern "C" fn bayar_abi_version() -> i32 {
    BAYAR_ABI_VERSION
}

/// The version of the C ABI that this header describes; see bayar_abi_version().
pub const BAYAR_ABI_VERSION: i32 = 0;
