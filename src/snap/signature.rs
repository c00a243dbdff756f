//! The symmetric signature of every transaction, and the string that it signs (protocol.md section 3).
//!
//! ```text
//! METHOD ":" path ":" token ":" lowercase hex of SHA-256(minified body) ":" timestamp  ->  base64 of HMAC-SHA512
//! ```
//!
//! The bytes are hashed as they are given: our own bodies are compact, so that what is hashed is what is sent (P1). For a
//! body of somebody else's making call [`super::minify::minify`] first.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};
use std::fmt;

/// What one signature covers.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// The HTTP method in capitals.
    pub method: &'a str,
    /// The path from its leading `/`, without scheme and host, as it is requested.
    pub path: &'a str,
    /// The access token without the word Bearer.
    pub token: &'a str,
    /// The body, byte for byte as it is hashed: compact as it is sent, or minified.
    pub body: &'a [u8],
    /// X-TIMESTAMP, byte for byte as it is sent.
    pub timestamp: &'a str,
}

/// A signature in base64, 88 characters. It has no `==` and prints as nothing: compare with [`Symmetric::verify`].
pub struct Signature(String);

impl Signature {
    /// The text for the X-SIGNATURE header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}

/// Signs and verifies with one client secret, whose key schedule is kept.
#[derive(Clone)]
pub struct Symmetric {
    keyed: Hmac<Sha512>,
}

impl Symmetric {
    /// The key is the secret's text as it is, not decoded (protocol.md section 3).
    pub fn new(client_secret: &[u8]) -> Self {
        let keyed = Hmac::<Sha512>::new_from_slice(client_secret);
        Self { keyed: keyed.unwrap_or_else(|_| Hmac::<Sha512>::new(&Default::default())) }
    }

    /// X-SIGNATURE for a request.
    pub fn sign(&self, signed: &Signed<'_>) -> Signature {
        Signature(STANDARD.encode(self.mac(signed).finalize().into_bytes()))
    }

    /// Whether `signature` (base64) is the one for these bytes. The comparison takes the same time wherever they differ.
    pub fn verify(&self, signed: &Signed<'_>, signature: &str) -> bool {
        STANDARD.decode(signature).is_ok_and(|claimed| self.mac(signed).verify_slice(&claimed).is_ok())
    }

    fn mac(&self, signed: &Signed<'_>) -> Hmac<Sha512> {
        let mut hash = [0; 64];
        let hash = body_hash(signed.body, &mut hash);
        let mut mac = self.keyed.clone();
        for part in [signed.method, ":", signed.path, ":", signed.token, ":", hash, ":", signed.timestamp] {
            mac.update(part.as_bytes());
        }
        mac
    }
}

/// The string that is signed, for comparing with another implementation. It contains the token: do not log it.
pub fn string_to_sign(signed: &Signed<'_>) -> String {
    let mut hash = [0; 64];
    let hash = body_hash(signed.body, &mut hash);
    format!("{}:{}:{}:{hash}:{}", signed.method, signed.path, signed.token, signed.timestamp)
}

/// The string that is signed (by RSA) for a token: `client_id|timestamp` (protocol.md section 2).
pub fn token_string_to_sign(client_id: &str, timestamp: &str) -> String {
    format!("{client_id}|{timestamp}")
}

/// Lower-case hex of the body's SHA-256, in the caller's buffer.
fn body_hash<'a>(body: &[u8], buffer: &'a mut [u8; 64]) -> &'a str {
    // 32 bytes are always 64 hex digits, which are always UTF-8: neither step can fail.
    let _ = hex::encode_to_slice(Sha256::digest(body), buffer);
    std::str::from_utf8(buffer).unwrap_or_default()
}
