//! The time of a request, and the time that the server believes it is: the same, unless its clock is told to be off.

use time::{Duration, OffsetDateTime};

use crate::misbehaviour::Misbehaviour;
use crate::world::World;

#[derive(Clone, Copy)]
pub(super) struct Times {
    /// By which the work is done.
    pub(super) now: OffsetDateTime,
    /// By which the caller's clock is judged, and which the answer shows.
    pub(super) shown: OffsetDateTime,
}

impl Times {
    pub(super) fn of(world: &World, misbehaviour: Option<&Misbehaviour>) -> Times {
        let shown = match misbehaviour {
            Some(Misbehaviour::WrongDate { ahead_s }) => world.date().saturating_add(Duration::seconds(*ahead_s)),
            _ => world.date(),
        };
        Times { now: world.now(), shown }
    }
}
