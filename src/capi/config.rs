//! Settings by name.

use super::boundary::{fallible, making};
use super::error::bayar_error;
use super::handle::{free, handle, inner_mut, text};
use crate::config::{Config, is_like_a_name};
use std::ffi::c_char;

/// Settings for a client. Used by one thread at a time; free it with bayar_config_free(), also right after the client
/// was made.
pub struct bayar_config {
    _private: [u8; 0],
}

handle!(bayar_config => Config);

/// Makes an empty set of settings: all defaults.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_config_new(config: *mut *mut bayar_config, error: *mut *mut bayar_error) -> i32 {
    // SAFETY: the header's contract for outputs.
    unsafe { making("config", config, error, || Ok(Config::new())) }
}

/// Sets one setting; a later value replaces an earlier one. docs/settings.md lists the names, values and defaults. All
/// values are text: bayar_config_set(config, "timeout_ms", "5000", &error).
///
/// Fails with BAYAR_ERROR_UNKNOWN_SETTING (the message tells the nearest name) or BAYAR_ERROR_INVALID_SETTING; then
/// nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_config_set(
    config: *mut bayar_config,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe {
        fallible(error, || {
            let config = inner_mut("config", config)?;
            let name = text("name", name)?;
            // What is no name may be a secret in the wrong place, and is not repeated.
            let shown = if is_like_a_name(name) { name } else { "value" };
            config.set(name, text(shown, value)?)
        })
    }
}

/// Sets every setting for which the environment has a variable BAYAR_<NAME>, such as BAYAR_TIMEOUT_MS. Nothing else
/// reads the environment. An empty variable counts as not set; one that names no setting is ignored.
///
/// Fails as bayar_config_set(); the message names the variable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_config_load_environment(config: *mut bayar_config, error: *mut *mut bayar_error) -> i32 {
    // SAFETY: the header's contract for handles and outputs.
    unsafe { fallible(error, || inner_mut("config", config)?.load_environment()) }
}

/// Sets what a file says: TOML, one setting a line, such as client_id = "BRN-0211-1696919651918" or timeout_ms = 5000.
/// `path` is UTF-8 on every system.
///
/// Fails as bayar_config_set(), and with BAYAR_ERROR_INVALID_SETTING when the file cannot be read; the message names the
/// file, and where it is no TOML the line, never what is in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_config_load_file(
    config: *mut bayar_config,
    path: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for handles, strings and outputs.
    unsafe { fallible(error, || inner_mut("config", config)?.load_file(text("path", path)?)) }
}

/// Frees settings and wipes the secrets among them; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_config_free(config: *mut bayar_config) {
    // SAFETY: the header's contract: NULL, or settings that live and are not used afterwards.
    unsafe { free(config) }
}
