//! The access token: one for all threads, one fetch at a time, renewed ahead of its end (protocol.md section 2). DOKU
//! counts only the newest token, so two fetches at once would throw each other out.

use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::limit::Limit;
use crate::secret::Secret;
use crate::snap::token::Granted;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A token in use; cheap to share. Two are the same if they are the same grant.
#[derive(Clone)]
pub(super) struct Token(Arc<Grant>);

struct Grant {
    /// `Bearer <token>`: what every request needs, kept ready.
    authorization: Secret,
    ends_at: Instant,
}

const BEARER: &str = "Bearer ";

impl Token {
    /// The value of the Authorization header.
    pub(super) fn authorization(&self) -> &str {
        self.0.authorization.reveal()
    }

    /// The token alone, as it is signed.
    pub(super) fn reveal(&self) -> &str {
        self.authorization().strip_prefix(BEARER).unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// When the token is to be renewed ahead of its end.
    renew_at: Option<Instant>,
    /// The last one that DOKU did not take.
    refused: Option<Token>,
    fetching: bool,
}

/// The tokens that are of no use to somebody who wants a new one.
pub(super) struct Stale {
    /// The one that is near its end.
    pub(super) old: Option<Token>,
    refused: Option<Token>,
}

impl Stale {
    /// Whether a token that others use is no better than what we had.
    pub(super) fn has(&self, token: &str) -> bool {
        [&self.old, &self.refused].into_iter().flatten().any(|stale| stale.reveal() == token)
    }
}

/// After a renewal ahead of the end that failed, the next one is tried this much later.
const RENEW_PAUSE: Duration = Duration::from_secs(5);

/// Where the token is kept.
pub(super) struct TokenStore {
    state: Mutex<State>,
    fetched: Condvar,
    renew_ahead: Duration,
}

impl TokenStore {
    pub(super) fn new(renew_ahead: Duration) -> Self {
        Self { state: Mutex::default(), fetched: Condvar::new(), renew_ahead }
    }

    /// The token; `fetch`, given its limit, is called when there is none or it is near its end, by one thread at a
    /// time. The others wait for it, within their own limit, unless the old token still lives. Where renewing ahead
    /// fails, the old token serves until its end.
    pub(super) fn get(&self, limit: &Limit, fetch: impl FnOnce(&Limit, &Stale) -> Result<Granted>) -> Result<Token> {
        let mut state = self.lock();
        let old = loop {
            let now = Instant::now();
            let living = state.token.clone().filter(|token| now < token.0.ends_at);
            let fresh = state.renew_at.is_some_and(|renew_at| now < renew_at);
            match living {
                Some(token) if fresh || state.fetching => return Ok(token),
                living if !state.fetching => break living,
                _ => {}
            }
            let wait = limit.slice();
            if wait.is_zero() {
                return Err(over(limit, "while another call was fetching the access token"));
            }
            state = self.fetched.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        };
        state.fetching = true;
        let stale = Stale { old, refused: state.refused.clone() };
        drop(state);
        // Also when `fetch` panics, the others must not wait for it.
        let turn = Turn(self);
        let asked_at = Instant::now();
        // A renewal that is not needed yet must not cost the payment its time.
        let limit = match &stale.old {
            Some(_) => limit.sooner(asked_at + limit.left() / 4),
            None => limit.clone(),
        };
        let fetched = fetch(&limit, &stale);
        let (token, renew_at) = match (fetched, stale.old) {
            (Ok(granted), _) => self.keep(&granted, asked_at),
            (Err(_), Some(old)) => (old, Instant::now() + RENEW_PAUSE),
            (Err(error), None) => return Err(error),
        };
        let mut state = self.lock();
        state.token = Some(token.clone());
        state.renew_at = Some(renew_at);
        drop(state);
        drop(turn);
        Ok(token)
    }

    /// Forgets a token that DOKU no longer takes, unless a newer one is there already.
    pub(super) fn forget(&self, failed: &Token) {
        let mut state = self.lock();
        if state.token.as_ref().is_some_and(|token| Arc::ptr_eq(&token.0, &failed.0)) {
            state.token = None;
        }
        state.refused = Some(failed.clone());
    }

    /// The life is counted from before the request was sent, and at most half of it is given up for renewing ahead.
    fn keep(&self, granted: &Granted, asked_at: Instant) -> (Token, Instant) {
        let life = Duration::from_secs(granted.lifetime_s.min(86_400));
        let authorization = Secret::new(format!("{BEARER}{}", granted.token.reveal()));
        let renew_at = asked_at + life.saturating_sub(self.renew_ahead.min(life / 2));
        (Token(Arc::new(Grant { authorization, ends_at: asked_at + life })), renew_at)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The error for a wait that is over because the call's limit is, or because it was cancelled.
pub(super) fn over(limit: &Limit, doing: &str) -> Error {
    let (kind, what) = match limit.is_cancelled() {
        true => (Kind::Cancelled, "The call was cancelled"),
        false => (Kind::Timeout, "The time limit was reached"),
    };
    Error::new(kind, Outcome::NotSent, Retry::SameReference, format!("{what} {doing}."))
}

/// One thread's turn at fetching.
struct Turn<'a>(&'a TokenStore);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.lock().fetching = false;
        self.0.fetched.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn granted(token: &str, lifetime_s: u64) -> Result<Granted> {
        Ok(Granted { token: Secret::new(token), lifetime_s })
    }

    fn soon() -> Limit {
        Limit::new(Instant::now() + Duration::from_secs(20), None)
    }

    #[test]
    fn many_threads_make_one_fetch() {
        let store = TokenStore::new(Duration::from_secs(60));
        let fetches = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    let token = store.get(&soon(), |_, _| {
                        fetches.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(50));
                        granted("t", 900)
                    });
                    assert_eq!(token.unwrap().reveal(), "t");
                });
            }
        });
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_failed_fetch_leaves_the_turn_to_the_next() {
        let store = TokenStore::new(Duration::from_secs(60));
        assert!(store.get(&soon(), |_, _| Err(Error::internal("no"))).is_err());
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = store.get(&soon(), |_, _| panic!("in the middle"));
        }));
        assert!(panicked.is_err());
        assert!(store.get(&soon(), |_, _| granted("t", 900)).is_ok());
    }

    #[test]
    fn a_token_is_renewed_ahead_of_its_end_and_a_short_one_half_way() {
        let store = TokenStore::new(Duration::from_secs(60));
        let now = Instant::now();
        let (_, renew_at) = store.keep(&granted("t", 900).unwrap(), now);
        assert_eq!(renew_at - now, Duration::from_secs(840));
        let (_, renew_at) = store.keep(&granted("t", 10).unwrap(), now);
        assert_eq!(renew_at - now, Duration::from_secs(5));
    }

    #[test]
    fn where_renewing_ahead_fails_the_old_token_serves_on() {
        let store = TokenStore::new(Duration::from_secs(60));
        store.get(&soon(), |_, _| granted("old", 900)).unwrap();
        store.lock().renew_at = Some(Instant::now());
        let limit = soon();
        let token = store.get(&limit, |less, _| {
            assert!(less.left() < limit.left(), "the payment keeps most of its time");
            Err(Error::internal("no"))
        });
        assert_eq!(token.unwrap().reveal(), "old");
        // And it is not tried again at once.
        assert_eq!(store.get(&soon(), |_, _| panic!("too early")).unwrap().reveal(), "old");
    }

    #[test]
    fn only_the_token_that_failed_is_forgotten() {
        let store = TokenStore::new(Duration::ZERO);
        let old = store.get(&soon(), |_, _| granted("old", 900)).unwrap();
        store.forget(&old);
        let new = store.get(&soon(), |_, _| granted("new", 900)).unwrap();
        store.forget(&old);
        assert_eq!(store.get(&soon(), |_, _| granted("newest", 900)).unwrap().reveal(), "new");
        store.forget(&new);
        assert_eq!(store.get(&soon(), |_, _| granted("newest", 900)).unwrap().reveal(), "newest");
    }
}
