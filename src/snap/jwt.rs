//! The token that DOKU is given for its notifications: a JWT signed with the merchant's own RSA key, so that every process
//! of this merchant can check it with the settings alone, and nobody else can make one (protocol.md section 6.1).
//!
//! One algorithm, RS256. What a token says of its own algorithm is compared, never obeyed.

use crate::error::Result;
use crate::keys::{SigningKey, VerifyingKey};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// What such a token says.
#[derive(Serialize, Deserialize)]
pub(crate) struct Claims {
    /// Who made it: this library, for one environment.
    pub(crate) iss: String,
    /// Whose notifications it is for.
    pub(crate) aud: String,
    /// The same again under the name that DOKU's SDKs use.
    #[serde(rename = "clientId")]
    pub(crate) client_id: String,
    /// When it was made, in seconds since 1970 UTC.
    pub(crate) iat: i64,
    /// When it ends.
    pub(crate) exp: i64,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is none of ours.
    Forged,
    /// It is ours, but by this clock its time is over, or has not come yet.
    Untimely,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
}

const ALGORITHM: &str = "RS256";

/// The token in its compact form.
pub(crate) fn issue(claims: &Claims, key: &SigningKey) -> Result<Secret> {
    let part = |json: serde_json::Result<Vec<u8>>| json.map(|json| URL_SAFE_NO_PAD.encode(json));
    let broken = |_| crate::error::Error::internal("A token could not be written.");
    let header = Header { alg: ALGORITHM.to_owned(), typ: "JWT".to_owned() };
    let header = part(serde_json::to_vec(&header)).map_err(broken)?;
    let claims = part(serde_json::to_vec(claims)).map_err(broken)?;
    let signed = format!("{header}.{claims}");
    let signature =
        key.sign(signed.as_bytes()).map_err(|problem| crate::error::Error::internal(problem.to_string()))?;
    Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

/// Checks a token: its algorithm, its signature, that it is from `issuer` for `audience`, and that it lives at `now_s`, by a
/// clock that may be `skew_s` behind that of the machine that made it. Returns when it ends.
pub(crate) fn check(
    token: &str,
    key: &VerifyingKey,
    issuer: &str,
    audience: &str,
    now_s: i64,
    skew_s: i64,
) -> std::result::Result<i64, Refused> {
    let parsed = || -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if header.alg != ALGORITHM || !key.verify(signed.as_bytes(), &signature) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    };
    let claims = parsed().ok_or(Refused::Forged)?;
    if claims.iss != issuer || claims.aud != audience {
        return Err(Refused::Forged);
    }
    let lives = claims.exp > now_s && claims.iat <= now_s.saturating_add(skew_s);
    if lives { Ok(claims.exp) } else { Err(Refused::Untimely) }
}
