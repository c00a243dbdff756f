//! The schedule's own time: that of the sandbox's clock, faster, and moved on at will.

use std::time::Duration;

use time::OffsetDateTime;

pub(super) struct Pace {
    /// From here on the present speed holds.
    since: OffsetDateTime,
    before: Duration,
    speed: u32,
}

impl Pace {
    pub(super) fn new(now: OffsetDateTime) -> Pace {
        Pace { since: now, before: Duration::ZERO, speed: 1 }
    }

    pub(super) fn now(&self, clock_now: OffsetDateTime) -> Duration {
        let passed = Duration::try_from(clock_now - self.since).unwrap_or_default();
        self.before.saturating_add(passed.saturating_mul(self.speed))
    }

    pub(super) fn set_speed(&mut self, clock_now: OffsetDateTime, speed: u32) {
        self.before = self.now(clock_now);
        self.since = clock_now;
        self.speed = speed.max(1);
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.before = self.before.saturating_add(by);
    }

    /// How long a real clock needs for so much of the schedule's time.
    pub(super) fn real(&self, time: Duration) -> Duration {
        time / self.speed.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_speed_does_not_change_what_has_passed() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let mut pace = Pace::new(start);
        let later = start + Duration::from_secs(10);
        assert_eq!(pace.now(later), Duration::from_secs(10));
        pace.set_speed(later, 60);
        assert_eq!(pace.now(later), Duration::from_secs(10));
        assert_eq!(pace.now(later + Duration::from_secs(2)), Duration::from_secs(130));
        pace.advance(Duration::from_secs(5));
        assert_eq!(pace.now(later), Duration::from_secs(15));
        assert_eq!(pace.now(start), Duration::from_secs(15)); // set back: it stands still
        assert_eq!(pace.real(Duration::from_secs(60)), Duration::from_secs(1));
    }
}
