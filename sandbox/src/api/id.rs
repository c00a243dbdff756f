//! The X-EXTERNAL-ID of one request, and what is remembered under it as far as the assumptions allow.

use time::Date;

use crate::assumptions::Assumption;
use crate::books::{Books, Fingerprint, Memory};
use crate::net::Answer;
use crate::world::World;

pub(super) struct Id<'a> {
    pub(super) world: &'a World,
    pub(super) books: &'a mut Books,
    pub(super) today: Date,
    pub(super) external_id: &'a str,
    pub(super) fingerprint: Fingerprint,
}

impl Id<'_> {
    pub(super) fn recall(&mut self) -> Memory {
        if !self.world.assumptions.hold(Assumption::IdsAreRemembered) {
            return Memory::New;
        }
        self.books.remembered.recall(self.today, self.external_id, &self.fingerprint)
    }

    /// Remembers the first of these answers that may be given again.
    pub(super) fn remember(&mut self, answers: &[&Answer]) {
        let assumptions = &self.world.assumptions;
        let errors = assumptions.hold(Assumption::ErrorsAreReplayed);
        let lasting = answers.iter().find(|answer| errors || answer.status < 400);
        if let Some(answer) = lasting.filter(|_| assumptions.hold(Assumption::IdsAreRemembered)) {
            let fingerprint = self.fingerprint.clone();
            self.books.remembered.remember(self.today, self.external_id, fingerprint, &answer.body);
        }
    }
}
