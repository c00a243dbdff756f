//! DOKU's token as all who share a journal use it: DOKU counts only the newest one, so that each fetch throws all others
//! out (protocol.md section 2). Whoever needs a new one takes what another has fetched since; else it says in the journal
//! that it is fetching, and the others wait for it. Written by compare-and-set (journal.md rule 8).

use super::token::{Stale, over};
use super::worker::Worker;
use crate::crash;
use crate::error::Result;
use crate::journal::{Moment, SharedToken};
use crate::limit::Limit;
use crate::snap::token::Granted;
use std::time::Duration;

/// Who fetches is waited for this long at the most, and a little more than its own limit.
const LONGEST_FETCH_MS: i64 = 15_000;
/// A token that ends sooner is not worth taking over.
const WORTH_TAKING_MS: i64 = 10_000;
const PAUSE: Duration = Duration::from_millis(20);

impl Worker {
    /// A token that is not stale. A journal that cannot be read costs the sharing, not the token.
    pub(super) fn shared_token(&self, stale: &Stale, limit: &Limit) -> Result<Granted> {
        let store = self.journal.store();
        loop {
            let (Ok(Some(shared)), Ok(now)) = (store.token(limit), store.now(limit)) else {
                return self.fetch_token(limit);
            };
            if let Some(granted) = usable(&shared, stale, now) {
                return Ok(granted);
            }
            let somebody_fetches = shared.fetching.is_some_and(|until| until.boot == now.boot && until.ms > now.ms);
            if somebody_fetches {
                if limit.left().is_zero() {
                    return Err(over(limit, "while another process was fetching the access token"));
                }
                limit.sleep(PAUSE);
                continue;
            }
            let left_ms = i64::try_from(limit.left().as_millis()).unwrap_or(i64::MAX).min(LONGEST_FETCH_MS);
            let until = Moment { ms: now.ms.saturating_add(left_ms), ..now };
            match store.put_token(&SharedToken { fetching: Some(until), ..shared.clone() }, limit) {
                Ok(true) => return self.fetch_for_all(shared.version + 1, limit),
                Ok(false) => {}
                Err(_) => return self.fetch_token(limit),
            }
        }
    }

    /// Fetches while the others wait, and hands them what came, or the turn. Whether that can be written is no matter of
    /// this call's.
    fn fetch_for_all(&self, version: i64, limit: &Limit) -> Result<Granted> {
        let store = self.journal.store();
        let nothing = SharedToken { version, token: None, ends: Moment { boot: 0, ms: 0 }, fetching: None };
        let asked_at = store.now(limit);
        crash::point("token.before_fetch");
        let fetched = self.fetch_token(limit);
        crash::point("token.after_fetch");
        let shared = match (&fetched, asked_at) {
            (Ok(granted), Ok(asked_at)) => {
                let life_ms = i64::try_from(granted.lifetime_s.min(86_400)).unwrap_or(0) * 1000;
                let ends = Moment { ms: asked_at.ms.saturating_add(life_ms), ..asked_at };
                SharedToken { token: Some(granted.token.clone()), ends, ..nothing }
            }
            _ => nothing,
        };
        let _ = store.put_token(&shared, limit);
        fetched
    }
}

fn usable(shared: &SharedToken, stale: &Stale, now: Moment) -> Option<Granted> {
    let token = shared.token.as_ref().filter(|token| !stale.has(token.reveal()))?;
    let left_ms = shared.ends.ms.saturating_sub(now.ms);
    let lives = shared.ends.boot == now.boot && left_ms >= WORTH_TAKING_MS;
    lives.then(|| Granted { token: token.clone(), lifetime_s: u64::try_from(left_ms / 1000).unwrap_or(0) })
}
