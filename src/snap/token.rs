//! The B2B token: what is asked and what is read (protocol.md section 2).

use crate::secret::Secret;
use serde::Deserialize;
use serde_json::Value;

/// The minimal body; the signature does not cover it.
pub const BODY: &[u8] = br#"{"grantType":"client_credentials"}"#;

/// Every source says 900 seconds; used when the answer does not say.
const DEFAULT_LIFETIME_S: u64 = 900;

/// A token and how long it lives.
pub(crate) struct Granted {
    pub(crate) token: Secret,
    pub(crate) lifetime_s: u64,
}

/// Reads the answer; `None` when it grants no token. The response code is not required, for it is conditional by ASPI;
/// `expiresIn` is a string in the documents and a number in the SDKs. The token is read into one place only, which is
/// wiped with it (P6).
pub(crate) fn read(answer: &[u8]) -> Option<Granted> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        access_token: String,
        #[serde(default)]
        expires_in: Value,
    }
    let wire: Wire = serde_json::from_slice(answer).ok()?;
    let token = Secret::new(wire.access_token);
    // It becomes a header value and a part of the string to sign: it must be visible ASCII.
    if token.reveal().is_empty() || !token.reveal().bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let lifetime_s = match wire.expires_in {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    let lifetime_s = lifetime_s.filter(|&seconds| seconds > 0).unwrap_or(DEFAULT_LIFETIME_S);
    Some(Granted { token, lifetime_s })
}
