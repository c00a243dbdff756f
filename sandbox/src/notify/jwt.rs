//! Tokens that a forger makes out of one that the merchant issued. A genuine token is opaque here, as it is to DOKU
//! (protocol 6.1); only a forger looks inside.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::crypto::{SigningKey, hmac_sha256};

/// A token taken apart.
pub(super) struct Jwt {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    /// Claims as they were written.
    payload: Vec<u8>,
    /// Header and signature as they were encoded.
    first: String,
    last: String,
}

impl Jwt {
    /// What is no JWT is taken for one with the usual claims, so that forging goes on.
    pub(super) fn of(token: &str, client_id: &str, now_s: i64) -> Jwt {
        let mut parts = token.split('.');
        let mut decoded = || BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok();
        let object = |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes).ok();
        let found = (|| {
            let (header, payload) = (decoded()?, decoded()?);
            Some((object(&header)?, object(&payload)?, payload))
        })();
        match found {
            Some((header, claims, payload)) => {
                let first = token.split('.').next().unwrap_or_default().to_owned();
                let last = token.rsplit('.').next().unwrap_or_default().to_owned();
                Jwt { header, claims, payload, first, last }
            }
            None => {
                let header = members(json!({ "alg": "RS256", "typ": "JWT" }));
                let claims = members(json!({
                    "iss": client_id, "clientId": client_id, "iat": now_s, "exp": now_s.saturating_add(900),
                }));
                let payload = Value::Object(claims.clone()).to_string().into_bytes();
                let first = encode(Value::Object(header.clone()).to_string().as_bytes());
                Jwt { header, claims, payload, first, last: "AAAA".to_owned() }
            }
        }
    }

    /// The same claims without any signature.
    pub(super) fn without_algorithm(&self) -> String {
        format!("{}.", self.unsigned("none", &self.claims))
    }

    /// The same claims, signed with a public text as if it were a secret.
    pub(super) fn with_hs256(&self, secret: &str) -> String {
        let unsigned = self.unsigned("HS256", &self.claims);
        let signature = encode(&hmac_sha256(secret, &unsigned));
        format!("{unsigned}.{signature}")
    }

    /// The same claims, signed with another key.
    pub(super) fn signed_by(&self, key: &SigningKey) -> String {
        self.signed(key, &self.claims)
    }

    /// The same token as it would have been issued earlier: every time in it lies back, and it has ended.
    pub(super) fn ended(&self, key: &SigningKey, now_s: i64, ended_s: i64) -> String {
        let mut claims = self.claims.clone();
        let end = claims.get("exp").and_then(Value::as_i64).unwrap_or(now_s.saturating_add(900));
        let back = end.saturating_sub(now_s.saturating_sub(ended_s));
        for name in ["iat", "nbf", "exp"] {
            if let Some(time) = claims.get(name).and_then(Value::as_i64) {
                claims.insert(name.to_owned(), time.saturating_sub(back).into());
            }
        }
        self.signed(key, &claims)
    }

    /// The last letter or digit of the claims is another one; the signature is the old one.
    pub(super) fn with_one_letter_changed(&self) -> String {
        let mut payload = self.payload.clone();
        if let Some(byte) = payload.iter_mut().rev().find(|byte| byte.is_ascii_alphanumeric()) {
            *byte = if matches!(byte, b'9' | b'z' | b'Z') { *byte - 1 } else { *byte + 1 };
        }
        format!("{}.{}.{}", self.first, encode(&payload), self.last)
    }

    fn signed(&self, key: &SigningKey, claims: &Map<String, Value>) -> String {
        let unsigned = self.unsigned("RS256", claims);
        let signature = encode(&key.sign(&unsigned));
        format!("{unsigned}.{signature}")
    }

    fn unsigned(&self, algorithm: &str, claims: &Map<String, Value>) -> String {
        let mut header = self.header.clone();
        header.insert("alg".to_owned(), algorithm.into());
        let header = Value::Object(header).to_string();
        let claims = Value::Object(claims.clone()).to_string();
        format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()))
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merchant::STRANGER_PRIVATE_KEY_PEM;

    const NOW: i64 = 1_800_000_000;

    fn part(token: &str, index: usize) -> Value {
        let part = token.split('.').nth(index).unwrap();
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    fn genuine() -> String {
        let header = encode(br#"{"typ":"JWT","alg":"RS256"}"#);
        let claims = format!(r#"{{"iss":"me","exp":{},"iat":{NOW}}}"#, NOW + 900);
        format!("{header}.{}.c2ln", encode(claims.as_bytes()))
    }

    #[test]
    fn forged_tokens_keep_the_claims_and_lose_the_signature() {
        let jwt = Jwt::of(&genuine(), "BRN", NOW);
        let none = jwt.without_algorithm();
        assert_eq!((part(&none, 0)["alg"].clone(), part(&none, 1)), (json!("none"), part(&genuine(), 1)));
        assert!(none.ends_with('.'));
        let hs256 = jwt.with_hs256("public");
        assert_eq!((part(&hs256, 0)["alg"].clone(), part(&hs256, 1)), (json!("HS256"), part(&genuine(), 1)));
        let key = SigningKey::from_pem(STRANGER_PRIVATE_KEY_PEM, "it").unwrap();
        assert_eq!(part(&jwt.signed_by(&key), 1), part(&genuine(), 1));
        let ended = part(&jwt.ended(&key, NOW, 60), 1);
        assert_eq!((ended["exp"].clone(), ended["iat"].clone()), (json!(NOW - 60), json!(NOW - 960)));
    }

    #[test]
    fn a_changed_letter_changes_nothing_else() {
        let changed = Jwt::of(&genuine(), "BRN", NOW).with_one_letter_changed();
        assert_eq!(part(&changed, 1)["iat"], NOW + 1);
        let (was, is) = (genuine(), changed.clone());
        assert_eq!((was.split('.').next(), was.split('.').nth(2)), (is.split('.').next(), is.split('.').nth(2)));
    }

    #[test]
    fn what_is_no_jwt_is_forged_as_if_it_were_one() {
        assert_eq!(part(&Jwt::of("opaque", "BRN", NOW).without_algorithm(), 1)["clientId"], "BRN");
    }
}
