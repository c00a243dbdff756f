//! The sandbox's clock: the machine's, plus a shift that a test can move. Who waits on it wakes when it is moved.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use crate::lock::lock;

/// The sandbox's idea of now. Clones share one shift, so a test that keeps a clone can let tokens expire and days end.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    hands: Mutex<Hands>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Hands {
    shift: Duration,
    /// How often a waiter had a reason to look again.
    turns: u64,
}

impl Clock {
    /// Moves the clock forward, or back when negative, by so many seconds.
    pub fn advance(&self, seconds: i64) {
        let mut hands = lock(&self.shared.hands);
        hands.shift = hands.shift.saturating_add(Duration::seconds(seconds));
        hands.turns += 1;
        drop(hands);
        self.shared.moved.notify_all();
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc().saturating_add(lock(&self.shared.hands).shift)
    }

    /// To be read before looking for work, and given to [`Clock::wait`] when there was none.
    pub(crate) fn turns(&self) -> u64 {
        lock(&self.shared.hands).turns
    }

    /// Makes all who wait look again.
    pub(crate) fn wake(&self) {
        lock(&self.shared.hands).turns += 1;
        self.shared.moved.notify_all();
    }

    /// Waits so long, or without end, but no longer than until there is a reason to look again.
    pub(crate) fn wait(&self, turns: u64, at_most: Option<std::time::Duration>) {
        let hands = lock(&self.shared.hands);
        if hands.turns != turns {
            return;
        }
        match at_most {
            None => drop(self.shared.moved.wait(hands).unwrap_or_else(PoisonError::into_inner)),
            Some(time) => drop(self.shared.moved.wait_timeout(hands, time).unwrap_or_else(PoisonError::into_inner)),
        }
    }
}
