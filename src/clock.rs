//! The time, behind a trait so that tests can move it.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A moment on both clocks: the one that says the date, and may be set, and the one that only goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    /// Milliseconds since 1970 UTC.
    pub(crate) wall_ms: i64,
    /// Milliseconds since an arbitrary moment in this process.
    pub(crate) steady_ms: i64,
}

impl Tick {
    /// The time from an earlier moment to this one, by whichever clock says less: a date that jumped forward (NTP after
    /// an outage) must not make a wait seem over.
    pub(crate) fn surely_since_ms(self, earlier: Self) -> i64 {
        (self.wall_ms - earlier.wall_ms).min(self.steady_ms - earlier.steady_ms)
    }
}

/// Where the client takes the time from.
pub(crate) trait Clock: Send + Sync {
    fn now(&self) -> Tick;
}

/// The machine's own clocks.
pub(crate) struct SystemClock {
    begun: Instant,
}

impl SystemClock {
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Tick {
        let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let wall_ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        };
        Tick { wall_ms, steady_ms: millis(self.begun.elapsed()) }
    }
}
