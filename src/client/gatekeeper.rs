//! What tells DOKU's own requests from forged ones: DOKU's keys, the merchant's own, the secrets, and the tokens that were
//! found good before (P5).

use crate::keys::VerifyingKey;
use crate::snap::jwt::{self, Refused};
use crate::snap::minify::minify;
use crate::snap::signature::{Signed, Symmetric};
use crate::webhook::Incoming;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// DOKU asks for a token every 15 minutes; each process of the merchant sees a few.
const MOST_TOKENS: usize = 64;

/// What checks notifications: made of the settings, the same in every process.
pub(super) struct Gatekeeper {
    /// DOKU's, which sign the token requests: one, or two while they are changed.
    pub(super) doku_keys: Vec<VerifyingKey>,
    /// The merchant's own, which checks the tokens that were issued.
    own_key: VerifyingKey,
    /// The secret, and the next one while it is changed.
    secrets: Vec<Symmetric>,
    /// Tokens that were found good, by their hash, and when each ends: checking RSA again costs more than all the rest.
    checked: Mutex<HashMap<[u8; 32], i64>>,
}

impl Gatekeeper {
    pub(super) fn new(doku_keys: Vec<VerifyingKey>, own_key: VerifyingKey, secrets: Vec<Symmetric>) -> Self {
        Self { doku_keys, own_key, secrets, checked: Mutex::default() }
    }

    /// Checks a token, by what is remembered of it where it was checked before.
    pub(super) fn check_token(
        &self,
        token: &str,
        issuer: &str,
        audience: &str,
        now_s: i64,
        skew_s: i64,
    ) -> std::result::Result<(), Refused> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        if let Some(&exp) = self.lock().get(&hash) {
            return if exp > now_s { Ok(()) } else { Err(Refused::Untimely) };
        }
        let exp = jwt::check(token, &self.own_key, issuer, audience, now_s, skew_s)?;
        let mut checked = self.lock();
        if checked.len() >= MOST_TOKENS {
            checked.retain(|_, exp| *exp > now_s);
        }
        if checked.len() < MOST_TOKENS {
            checked.insert(hash, exp);
        }
        Ok(())
    }

    /// Whether the signature fits the bytes as they came, or without the white space between them.
    pub(super) fn is_signed(
        &self,
        incoming: &Incoming,
        path: &str,
        token: &str,
        timestamp: &str,
        signature: &str,
    ) -> bool {
        let fits = |body: &[u8]| {
            let signed = Signed { method: "POST", path, token, body, timestamp };
            self.secrets.iter().any(|secret| secret.verify(&signed, signature))
        };
        if fits(&incoming.body) {
            return true;
        }
        let minified = minify(&incoming.body);
        minified != incoming.body && fits(&minified)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], i64>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
