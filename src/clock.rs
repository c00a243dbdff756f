//! The time, behind a trait so that tests can move it.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment on both clocks: the one that says the date, and may be set, and the one that only goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    /// Milliseconds since 1970 UTC.
    pub(crate) wall_ms: i64,
    /// Milliseconds since the machine was started, those in which it slept included.
    pub(crate) steady_ms: i64,
    /// Which start of which machine that was: steady times of two boots cannot be compared.
    pub(crate) boot: i64,
}

impl Tick {
    /// The time from an earlier moment to this one, by whichever clock says less: a date that jumped forward (NTP after
    /// an outage) must not make a wait seem over.
    pub(crate) fn surely_since_ms(self, earlier: Self) -> i64 {
        let by_date = self.wall_ms.saturating_sub(earlier.wall_ms);
        match self.boot == earlier.boot {
            true => by_date.min(self.steady_ms.saturating_sub(earlier.steady_ms)),
            false => by_date,
        }
    }
}

/// Where the client takes the time from.
pub(crate) trait Clock: Send + Sync {
    fn now(&self) -> Tick;
}

/// The machine's own clocks.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Tick {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let wall_ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        };
        Tick { wall_ms, steady_ms: steady_ms(), boot: boot() }
    }
}

/// Since the boot, sleep included: the same for all processes of this machine.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn steady_ms() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000)
}

/// A number of this boot of this machine.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn boot() -> i64 {
    static BOOT: OnceLock<i64> = OnceLock::new();
    *BOOT.get_or_init(|| {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(15).collect();
        i64::from_str_radix(&digits, 16).unwrap_or(0)
    })
}

/// Elsewhere what only goes on is known within a process.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn steady_ms() -> i64 {
    static BEGUN: OnceLock<std::time::Instant> = OnceLock::new();
    let begun = BEGUN.get_or_init(std::time::Instant::now);
    i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// So each process counts as a boot of its own.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn boot() -> i64 {
    static BOOT: OnceLock<i64> = OnceLock::new();
    *BOOT.get_or_init(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_nanos() & 0x0fff_ffff_ffff_ffff).unwrap_or(0) ^ i64::from(std::process::id())
    })
}

/// A clock that tests move.
#[cfg(test)]
pub(crate) mod hands {
    use super::{Clock, Tick};
    use std::sync::{Arc, Mutex};

    #[derive(Clone)]
    pub(crate) struct Hands(Arc<Mutex<Tick>>);

    impl Hands {
        pub(crate) fn at_ms(wall_ms: i64) -> Self {
            Self(Arc::new(Mutex::new(Tick { wall_ms, steady_ms: 0, boot: 1 })))
        }

        pub(crate) fn at(text: &str) -> Self {
            Self::at_ms(crate::snap::timestamp::parse(text).unwrap().unix_ms)
        }

        pub(crate) fn forward_s(&self, seconds: i64) {
            self.0.lock().unwrap().steady_ms += seconds * 1000;
            self.jump_s(seconds);
        }

        /// Starts the machine anew: its steady clock begins again.
        pub(crate) fn reboot(&self) {
            let mut now = self.0.lock().unwrap();
            *now = Tick { steady_ms: 0, boot: now.boot + 1, ..*now };
        }

        /// Sets the date without time going by.
        pub(crate) fn jump_s(&self, seconds: i64) {
            self.0.lock().unwrap().wall_ms += seconds * 1000;
        }
    }

    impl Clock for Hands {
        fn now(&self) -> Tick {
            *self.0.lock().unwrap()
        }
    }
}
