//! The sign that the sandbox is ending, which also cuts short whoever sleeps.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::lock::lock;

#[derive(Default)]
pub(crate) struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    pub(crate) fn set(&self) {
        *lock(&self.stopped) = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_set(&self) -> bool {
        *lock(&self.stopped)
    }

    /// Sleeps, and tells whether the end came first.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        let Some(end) = Instant::now().checked_add(time) else {
            return self.sleep(Duration::from_secs(u64::from(u32::MAX)));
        };
        let mut stopped = lock(&self.stopped);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if *stopped || left.is_zero() {
                return *stopped;
            }
            stopped = match self.changed.wait_timeout(stopped, left) {
                Ok((stopped, _)) => stopped,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
