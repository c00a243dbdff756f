//! A till's wrong clock: seen from the `Date` of DOKU's answers, corrected in what is sent, and named in the error when it
//! was the cause (design section 4).

use super::worker::Worker;
use crate::clock::Tick;
use crate::error::{Error, Kind};
use crate::events::Level;
use crate::journal::Attempt;
use crate::snap::timestamp::same_safe_day;
use std::sync::PoisonError;
use std::time::UNIX_EPOCH;

/// A difference below this is the network's, and that of a date in whole seconds; it is not corrected.
const TOLERANCE_MS: i64 = 5_000;

impl Worker {
    /// The time by DOKU's clock, as far as that is known.
    pub(super) fn doku_now_ms(&self) -> i64 {
        let ahead_ms = self.doku_ahead_ms().filter(|ahead_ms| ahead_ms.abs() > TOLERANCE_MS).unwrap_or(0);
        self.clock.now().wall_ms.saturating_add(ahead_ms)
    }

    /// Remembers how far DOKU's clock is ahead of ours. True if what we sent was stamped with a time that was wrong by
    /// more than we knew.
    pub(super) fn see_date(&self, date: Option<&str>) -> bool {
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        let since = date.and_then(|date| date.duration_since(UNIX_EPOCH).ok());
        let Some(doku_ms) = since.and_then(|since| i64::try_from(since.as_millis()).ok()) else { return false };
        let ahead_ms = doku_ms.saturating_sub(self.clock.now().wall_ms);
        let corrected_ms = self.doku_ahead_ms().filter(|known| known.abs() > TOLERANCE_MS).unwrap_or(0);
        *self.doku_ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead_ms);
        let was_wrong = ahead_ms.saturating_sub(corrected_ms).abs() > TOLERANCE_MS;
        if was_wrong {
            self.log(Level::Warn, || {
                format!("DOKU's clock is {} s ahead of ours; ours is corrected.", ahead_ms / 1000)
            });
        }
        was_wrong
    }

    /// Now, with DOKU's date as far as it is known.
    pub(super) fn doku_tick(&self) -> Tick {
        Tick { wall_ms: self.doku_now_ms(), ..self.clock.now() }
    }

    /// Whether DOKU surely still knows an attempt's id, by its own date (journal.md rule 4). It is not known before an
    /// answer of DOKU's was seen.
    pub(super) fn is_safe_day(&self, attempt: &Attempt) -> bool {
        self.doku_ahead_ms().is_some_and(|ahead_ms| {
            let (then, now) = (attempt.begun, self.clock.now());
            let now_ms = now.wall_ms.saturating_add(ahead_ms);
            let then_ms = match attempt.begun_by_doku {
                true => then.wall_ms,
                // This machine's date may have been set since, but not how long that is ago.
                false if then.boot == now.boot => now_ms.saturating_sub(now.steady_ms.saturating_sub(then.steady_ms)),
                false => then.wall_ms.saturating_add(ahead_ms),
            };
            same_safe_day(then_ms, now_ms)
        })
    }

    /// Whether DOKU has told its date.
    pub(super) fn knows_dokus_date(&self) -> bool {
        self.doku_ahead_ms().is_some()
    }

    /// When an attempt begins, and whether that is by DOKU's date.
    pub(super) fn beginning(&self) -> (Tick, bool) {
        (self.doku_tick(), self.doku_ahead_ms().is_some())
    }

    /// Adds to a refused signature that our clock is wrong, if it is, and by how much.
    pub(super) fn with_clock(&self, error: Error) -> Error {
        let minutes = self.doku_ahead_ms().unwrap_or(0) / 60_000;
        if error.kind() != Kind::Unauthorized || minutes == 0 {
            return error;
        }
        let (count, side) = (minutes.abs(), if minutes > 0 { "behind" } else { "ahead of" });
        let plural = if count == 1 { "" } else { "s" };
        error.followed_by(&format!(" This machine's clock is {count} minute{plural} {side} DOKU's: set it right."))
    }

    fn doku_ahead_ms(&self) -> Option<i64> {
        *self.doku_ahead_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
