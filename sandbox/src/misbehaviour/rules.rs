//! Which misbehaviour is next: the rules in their order, then chance.

use std::sync::Mutex;

use super::draw::Draw;
use super::{Endpoint, Misbehaviour, Rule};
use crate::lock::lock;

#[derive(Default)]
pub(crate) struct Rules {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    draw: Option<Draw>,
}

impl Rules {
    pub(crate) fn add(&self, rule: Rule) {
        lock(&self.state).rules.push(rule);
    }

    pub(crate) fn at_random(&self, seed: u64, per_mille: u32, choices: Vec<Misbehaviour>) {
        lock(&self.state).draw = Some(Draw::new(seed, per_mille, choices));
    }

    pub(crate) fn clear(&self) {
        *lock(&self.state) = State::default();
    }

    /// What befalls a request to this endpoint.
    pub(crate) fn for_request(&self, endpoint: Endpoint) -> Option<Misbehaviour> {
        let mut state = lock(&self.state);
        let matches = |rule: &Rule| rule.on == Endpoint::Any || rule.on == endpoint;
        let ruled = state.take(|rule| rule.what != Misbehaviour::NoHandshake && matches(rule));
        ruled.or_else(|| {
            let drawn = state.draw.as_mut().and_then(Draw::next);
            drawn.filter(|what| *what != Misbehaviour::NoHandshake)
        })
    }

    /// Whether a new connection is to be left without a word. No endpoint is known then.
    pub(crate) fn stalls_connection(&self) -> bool {
        let mut state = lock(&self.state);
        let ruled = state.take(|rule| rule.what == Misbehaviour::NoHandshake);
        ruled.is_some() || {
            let draw = state.draw.as_mut().filter(|draw| draw.may_draw(&Misbehaviour::NoHandshake));
            draw.and_then(Draw::next) == Some(Misbehaviour::NoHandshake)
        }
    }
}

impl State {
    /// Uses the first rule that fits once, and drops it when it is used up.
    fn take(&mut self, fits: impl Fn(&Rule) -> bool) -> Option<Misbehaviour> {
        self.rules.retain(|rule| rule.times > 0);
        let rule = self.rules.iter_mut().find(|rule| fits(rule))?;
        rule.times -= 1;
        Some(rule.what.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_taken_in_order_each_so_many_times() {
        let rules = Rules::default();
        for (on, times, what) in [
            (Endpoint::Payment, 2, Misbehaviour::Rubbish),
            (Endpoint::Refund, 0, Misbehaviour::NoDate),
            (Endpoint::Any, 1, Misbehaviour::NoHandshake),
            (Endpoint::Any, 2, Misbehaviour::EmptyBody),
        ] {
            rules.add(Rule { on, times, what });
        }
        assert_eq!(rules.for_request(Endpoint::Refund), Some(Misbehaviour::EmptyBody));
        assert_eq!(rules.for_request(Endpoint::Payment), Some(Misbehaviour::Rubbish));
        assert_eq!(rules.for_request(Endpoint::Payment), Some(Misbehaviour::Rubbish));
        assert_eq!(rules.for_request(Endpoint::Payment), Some(Misbehaviour::EmptyBody));
        assert_eq!(rules.for_request(Endpoint::Payment), None);
        assert!(rules.stalls_connection());
        assert!(!rules.stalls_connection());
    }

    #[test]
    fn chance_strikes_connections_only_if_it_may_and_clearing_ends_it() {
        let rules = Rules::default();
        rules.at_random(1, 1000, vec![Misbehaviour::NoHandshake]);
        assert!(rules.stalls_connection());
        assert_eq!(rules.for_request(Endpoint::Token), None);
        rules.at_random(1, 1000, vec![Misbehaviour::NoDate]);
        assert!(!rules.stalls_connection());
        assert_eq!(rules.for_request(Endpoint::Token), Some(Misbehaviour::NoDate));
        rules.clear();
        assert_eq!(rules.for_request(Endpoint::Token), None);
    }
}
