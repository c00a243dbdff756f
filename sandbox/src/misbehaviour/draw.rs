//! Chance with a seed: the same seed draws the same misbehaviours in the same order.

use super::Misbehaviour;

/// A generator (SplitMix64), and what it chooses from.
pub(super) struct Draw {
    state: u64,
    per_mille: u32,
    choices: Vec<Misbehaviour>,
}

impl Draw {
    pub(super) fn new(seed: u64, per_mille: u32, choices: Vec<Misbehaviour>) -> Draw {
        Draw { state: seed, per_mille, choices }
    }

    /// What befalls the next request, if anything. Two numbers are used up either way, so that the choices of later
    /// requests do not depend on the fate of earlier ones.
    pub(super) fn next(&mut self) -> Option<Misbehaviour> {
        let (fate, choice) = (self.number(), self.number());
        let strikes = fate % 1000 < u64::from(self.per_mille);
        let count = u64::try_from(self.choices.len()).ok().filter(|count| *count > 0)?;
        let index = usize::try_from(choice % count).ok()?;
        self.choices.get(index).filter(|_| strikes).cloned()
    }

    pub(super) fn may_draw(&self, what: &Misbehaviour) -> bool {
        self.choices.contains(what)
    }

    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_everything_and_the_share_is_about_right() {
        let choices = vec![Misbehaviour::Rubbish, Misbehaviour::NoDate];
        let draws = |seed| -> Vec<_> {
            let mut draw = Draw::new(seed, 300, choices.clone());
            (0..2000).map(|_| draw.next()).collect()
        };
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
        let struck = draws(7).into_iter().flatten().count();
        assert!((500..700).contains(&struck), "{struck}");
        assert!(draws(7).contains(&Some(Misbehaviour::NoDate)));
        assert_eq!(Draw::new(7, 1000, Vec::new()).next(), None);
    }
}
