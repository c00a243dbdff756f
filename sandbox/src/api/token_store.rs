//! The access tokens that were given out. Of several the newest is the one that counts (protocol 2).

use std::collections::HashMap;
use std::sync::Mutex;

use time::{Duration, OffsetDateTime};

use super::case::Case;
use crate::lock::lock;

/// How long an expired token is still known as one that was good once.
const KEPT: Duration = Duration::days(1);

pub(crate) struct TokenStore {
    lifetime_s: u64,
    issued: Mutex<Issued>,
}

#[derive(Default)]
struct Issued {
    newest: Option<String>,
    expiry: HashMap<String, OffsetDateTime>,
}

impl TokenStore {
    pub(crate) fn new(lifetime_s: u64) -> TokenStore {
        TokenStore { lifetime_s, issued: Mutex::default() }
    }

    /// Makes this token the one that counts, and tells its lifetime in seconds.
    pub(super) fn issue(&self, token: &str, now: OffsetDateTime) -> u64 {
        let lifetime = Duration::seconds(i64::try_from(self.lifetime_s).unwrap_or(i64::MAX));
        let mut issued = lock(&self.issued);
        issued.expiry.retain(|_, expiry| expiry.saturating_add(KEPT) > now);
        issued.expiry.insert(token.to_owned(), now.saturating_add(lifetime));
        issued.newest = Some(token.to_owned());
        self.lifetime_s
    }

    pub(super) fn check(&self, token: &str, now: OffsetDateTime) -> Result<(), Case> {
        let issued = lock(&self.issued);
        let expiry = issued.expiry.get(token).ok_or(Case::TokenNotFound)?;
        if now >= *expiry || issued.newest.as_deref() != Some(token) {
            return Err(Case::InvalidToken);
        }
        Ok(())
    }

    /// As if another process had fetched a newer token: none that is known here counts any more.
    pub(crate) fn supersede(&self) {
        lock(&self.issued).newest = None;
    }
}
