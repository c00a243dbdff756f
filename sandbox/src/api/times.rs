//! The time of a request, and the time that the server believes it is: the same, unless its clock is told to be off.

use time::{Duration, OffsetDateTime};

use crate::misbehaviour::Misbehaviour;

#[derive(Clone, Copy)]
pub(super) struct Times {
    /// By which the work is done.
    pub(super) now: OffsetDateTime,
    /// By which the caller's clock is judged, and which the answer shows.
    pub(super) shown: OffsetDateTime,
}

impl Times {
    pub(super) fn of(now: OffsetDateTime, misbehaviour: Option<&Misbehaviour>) -> Times {
        let shown = match misbehaviour {
            Some(Misbehaviour::WrongDate { ahead_s }) => now.saturating_add(Duration::seconds(*ahead_s)),
            _ => now,
        };
        Times { now, shown }
    }
}
