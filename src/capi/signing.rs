//! The pure functions: signing and verifying for a system that does its own HTTP. No client, no network.

use super::boundary::{fallible, making};
use super::error::bayar_error;
use super::handle::{bytes, optional_text, text};
use super::text::{TextHandle, bayar_text};
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::signing;
use crate::snap::minify::minify;
use crate::snap::signature::Signed;
use crate::snap::timestamp;
use std::ffi::c_char;

/// Makes the X-SIGNATURE of a payment, refund or status request: base64 of HMAC-SHA512 over
/// METHOD:path:token:sha256(minified body):timestamp, 88 characters.
///
/// `method` in capitals; `path` from its leading slash, without host; `token` without the word Bearer; `body` the very
/// bytes that are sent (may be NULL if `body_length` is 0), which are minified for the hash as DOKU documents it: send
/// compact JSON, then no reading of that rule can differ; `timestamp` the very text of X-TIMESTAMP. Nothing is checked
/// but that the strings are UTF-8.
///
/// Fails with BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8. May be called from any thread.
///
/// Source: developers.doku.com, Symmetric Signature (SNAP).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_request_sign(
    client_secret: *const c_char,
    method: *const c_char,
    path: *const c_char,
    token: *const c_char,
    body: *const u8,
    body_length: usize,
    timestamp: *const c_char,
    signature: *mut *mut bayar_text,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings, bytes and outputs.
    unsafe {
        making("signature", signature, error, || {
            let secret = text("client_secret", client_secret)?;
            let request = signed(method, path, token, bytes("body", body, body_length)?, timestamp)?;
            Ok(TextHandle::new(signing::sign_request(secret, &request).as_str()))
        })
    }
}

/// Gives the string that bayar_request_sign() signs, for finding out where another implementation differs. It contains
/// the token: do not log it. Parameters and failures as there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_request_string_to_sign(
    method: *const c_char,
    path: *const c_char,
    token: *const c_char,
    body: *const u8,
    body_length: usize,
    timestamp: *const c_char,
    result: *mut *mut bayar_text,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings, bytes and outputs.
    unsafe {
        making("result", result, error, || {
            let request = signed(method, path, token, bytes("body", body, body_length)?, timestamp)?;
            Ok(TextHandle::new(&signing::request_string_to_sign(&request)))
        })
    }
}

/// Verifies a signature as bayar_request_sign() makes it, in constant time: over the body's bytes as they are, or over the
/// minified body, for signers differ in this.
///
/// Returns BAYAR_OK if it matches and BAYAR_ERROR_SIGNATURE_MISMATCH if not, also if it is not base64. Fails as
/// bayar_request_sign().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_request_verify(
    client_secret: *const c_char,
    method: *const c_char,
    path: *const c_char,
    token: *const c_char,
    body: *const u8,
    body_length: usize,
    timestamp: *const c_char,
    signature: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings, bytes and outputs.
    unsafe {
        fallible(error, || {
            let secret = text("client_secret", client_secret)?;
            let (body, signature) = (bytes("body", body, body_length)?, text("signature", signature)?);
            signing::verify_request(secret, &signed(method, path, token, body, timestamp)?, signature)
        })
    }
}

/// Makes the X-SIGNATURE of a token request: base64 of SHA256withRSA (PKCS#1 v1.5) over client_id|timestamp.
///
/// `private_key_pem`: PEM text, PKCS#8 or PKCS#1, RSA with 2048 to 4096 bits; if it is encrypted, `passphrase` opens it,
/// else that may be NULL. The key is parsed at every call; a client keeps it.
///
/// Fails with BAYAR_ERROR_INVALID_KEY, BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8. May be called from any
/// thread.
///
/// Source: developers.doku.com, Asymmetric Signature (SNAP).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_token_request_sign(
    private_key_pem: *const c_char,
    passphrase: *const c_char,
    client_id: *const c_char,
    timestamp: *const c_char,
    signature: *mut *mut bayar_text,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings and outputs.
    unsafe {
        making("signature", signature, error, || {
            let pem = text("private_key_pem", private_key_pem)?;
            let passphrase = optional_text("passphrase", passphrase)?;
            let (client_id, timestamp) = (text("client_id", client_id)?, text("timestamp", timestamp)?);
            Ok(TextHandle::new(&signing::sign_token_request(pem, passphrase, client_id, timestamp)?))
        })
    }
}

/// Verifies a signature as bayar_token_request_sign() makes it, with the public key as PEM text ("PUBLIC KEY" or "RSA
/// PUBLIC KEY").
///
/// Returns BAYAR_OK if it matches and BAYAR_ERROR_SIGNATURE_MISMATCH if not, also if it is not base64. Fails with
/// BAYAR_ERROR_INVALID_KEY, BAYAR_ERROR_NULL_POINTER or BAYAR_ERROR_INVALID_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_token_request_verify(
    public_key_pem: *const c_char,
    client_id: *const c_char,
    timestamp: *const c_char,
    signature: *const c_char,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for strings and outputs.
    unsafe {
        fallible(error, || {
            let pem = text("public_key_pem", public_key_pem)?;
            let (client_id, timestamp) = (text("client_id", client_id)?, text("timestamp", timestamp)?);
            signing::verify_token_request(pem, client_id, timestamp, text("signature", signature)?)
        })
    }
}

/// Removes the white space between the tokens of a JSON text, as DOKU minifies before hashing: strings, numbers, escapes
/// and order stay. The text is not checked to be JSON.
///
/// Fails with BAYAR_ERROR_NULL_POINTER, or BAYAR_ERROR_INVALID_UTF8 for bytes that are not UTF-8 or contain a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_json_minify(
    json: *const u8,
    json_length: usize,
    minified: *mut *mut bayar_text,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for bytes and outputs.
    unsafe {
        making("minified", minified, error, || {
            let minified = String::from_utf8(minify(bytes("json", json, json_length)?)).ok();
            match minified.filter(|text| !text.contains('\0')) {
                Some(text) => Ok(TextHandle::new(&text)),
                None => {
                    let message = "json is not valid UTF-8, or contains a NUL.";
                    Err(Error::new(Kind::InvalidUtf8, Outcome::NotSent, Retry::No, message).with_field("json"))
                }
            }
        })
    }
}

/// Writes a moment as X-TIMESTAMP: Jakarta time without milliseconds, such as "2024-07-10T11:57:58+07:00", whatever the
/// zone of this machine. `unix_ms`: milliseconds since 1970 UTC, of the years 1 to 9999.
///
/// Fails only with BAYAR_ERROR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_timestamp_format(
    unix_ms: i64,
    timestamp: *mut *mut bayar_text,
    error: *mut *mut bayar_error,
) -> i32 {
    // SAFETY: the header's contract for outputs.
    unsafe {
        making("timestamp", timestamp, error, || Ok(TextHandle::new(&timestamp::format(unix_ms, timestamp::Form::Wib))))
    }
}

/// Makes a random X-EXTERNAL-ID: 32 decimal digits. Store it before you send it, and send the same one with every repeat.
///
/// Fails with BAYAR_ERROR_INTERNAL if the system gives no random numbers. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bayar_external_id_new(external_id: *mut *mut bayar_text, error: *mut *mut bayar_error) -> i32 {
    // SAFETY: the header's contract for outputs.
    unsafe { making("external_id", external_id, error, || Ok(TextHandle::new(signing::new_external_id()?.as_str()))) }
}

/// What a symmetric signature covers, from C.
///
/// # Safety
/// As for [`text`].
unsafe fn signed<'a>(
    method: *const c_char,
    path: *const c_char,
    token: *const c_char,
    body: &'a [u8],
    timestamp: *const c_char,
) -> Result<Signed<'a>> {
    // SAFETY: the caller's promises are passed on.
    unsafe {
        Ok(Signed {
            method: text("method", method)?,
            path: text("path", path)?,
            token: text("token", token)?,
            body,
            timestamp: text("timestamp", timestamp)?,
        })
    }
}
