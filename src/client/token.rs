//! The access token: one for all threads, one fetch at a time, renewed ahead of its end (protocol.md section 2). DOKU
//! counts only the newest token, so two fetches at once would throw each other out.

use crate::error::{Error, Kind, Outcome, Result, Retry};
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
    renew_at: Instant,
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
    fetching: bool,
}

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

    /// The token; `fetch` is called when there is none or it is near its end, by one thread at a time. The others wait
    /// for it, within their own deadline, unless the old token still lives.
    pub(super) fn get(&self, deadline: Instant, fetch: impl FnOnce() -> Result<Granted>) -> Result<Token> {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            match &state.token {
                Some(token) if now < token.0.renew_at || (state.fetching && now < token.0.ends_at) => {
                    return Ok(token.clone());
                }
                _ if !state.fetching => break,
                _ => {}
            }
            let left = deadline.saturating_duration_since(now);
            if left.is_zero() {
                let message = "The time limit was reached while another call was fetching the access token. Nothing \
                               was sent.";
                return Err(Error::new(Kind::Timeout, Outcome::NotSent, Retry::SameReference, message));
            }
            state = self.fetched.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.fetching = true;
        drop(state);
        // Also when `fetch` panics, the others must not wait for it.
        let turn = Turn(self);
        let asked_at = Instant::now();
        let granted = fetch()?;
        let token = self.keep(&granted, asked_at);
        self.lock().token = Some(token.clone());
        drop(turn);
        Ok(token)
    }

    /// Forgets a token that DOKU no longer takes, unless a newer one is there already.
    pub(super) fn forget(&self, failed: &Token) {
        let mut state = self.lock();
        if state.token.as_ref().is_some_and(|token| Arc::ptr_eq(&token.0, &failed.0)) {
            state.token = None;
        }
    }

    /// The life is counted from before the request was sent, and at most half of it is given up for renewing ahead.
    fn keep(&self, granted: &Granted, asked_at: Instant) -> Token {
        let life = Duration::from_secs(granted.lifetime_s.min(86_400));
        Token(Arc::new(Grant {
            authorization: Secret::new(format!("{BEARER}{}", granted.token.reveal())),
            renew_at: asked_at + life.saturating_sub(self.renew_ahead.min(life / 2)),
            ends_at: asked_at + life,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(20)
    }

    #[test]
    fn many_threads_make_one_fetch() {
        let store = TokenStore::new(Duration::from_secs(60));
        let fetches = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    let token = store.get(soon(), || {
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
        assert!(store.get(soon(), || Err(Error::internal("no"))).is_err());
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = store.get(soon(), || panic!("in the middle"));
        }));
        assert!(panicked.is_err());
        assert!(store.get(soon(), || granted("t", 900)).is_ok());
    }

    #[test]
    fn a_token_is_renewed_ahead_of_its_end_and_a_short_one_half_way() {
        let store = TokenStore::new(Duration::from_secs(60));
        let now = Instant::now();
        let long = store.keep(&granted("t", 900).unwrap(), now);
        assert_eq!(long.0.renew_at - now, Duration::from_secs(840));
        let short = store.keep(&granted("t", 10).unwrap(), now);
        assert_eq!(short.0.renew_at - now, Duration::from_secs(5));
    }

    #[test]
    fn only_the_token_that_failed_is_forgotten() {
        let store = TokenStore::new(Duration::ZERO);
        let old = store.get(soon(), || granted("old", 900)).unwrap();
        store.forget(&old);
        let new = store.get(soon(), || granted("new", 900)).unwrap();
        store.forget(&old);
        assert_eq!(store.get(soon(), || granted("newest", 900)).unwrap().reveal(), "new");
        store.forget(&new);
        assert_eq!(store.get(soon(), || granted("newest", 900)).unwrap().reveal(), "newest");
    }
}
