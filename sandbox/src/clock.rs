//! The sandbox's clock: the machine's, plus a shift that a test can move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use time::{Duration, OffsetDateTime};

/// The sandbox's idea of now. Clones share one shift, so a test that keeps a clone can let tokens expire and days end.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    shift_s: Arc<AtomicI64>,
}

impl Clock {
    /// Moves the clock forward, or back when negative, by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.shift_s.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        let shift = Duration::seconds(self.shift_s.load(Ordering::SeqCst));
        OffsetDateTime::now_utc().saturating_add(shift)
    }
}
