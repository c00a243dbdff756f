//! The X-EXTERNAL-IDs of the day, each with its first request and answer (protocol 8).

use std::collections::HashMap;
use std::sync::Arc;

use time::Date;

/// What makes two requests the same: where they went and the bytes of their bodies. Time and signature may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) target: String,
    pub(crate) body_sha256: String,
}

/// What is known about an id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    /// Not seen today.
    New,
    /// Seen with this very request: the body that was answered then.
    Same(Arc<[u8]>),
    /// Seen with another request.
    Other,
}

#[derive(Default)]
pub(crate) struct Remembered {
    day: Option<Date>,
    firsts: HashMap<String, (Fingerprint, Arc<[u8]>)>,
}

impl Remembered {
    pub(crate) fn recall(&mut self, today: Date, id: &str, request: &Fingerprint) -> Memory {
        self.turn_to(today);
        match self.firsts.get(id) {
            None => Memory::New,
            Some((first, answer)) if first == request => Memory::Same(Arc::clone(answer)),
            Some(_) => Memory::Other,
        }
    }

    pub(crate) fn remember(&mut self, today: Date, id: &str, request: Fingerprint, answer: &[u8]) {
        self.turn_to(today);
        self.firsts.insert(id.to_owned(), (request, Arc::from(answer)));
    }

    /// An id has to be unique within one day only: the next day begins with an empty page.
    fn turn_to(&mut self, today: Date) {
        if self.day != Some(today) {
            self.day = Some(today);
            self.firsts.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn an_id_is_remembered_until_the_day_ends() {
        let mut remembered = Remembered::default();
        let request = Fingerprint { target: "/a".to_owned(), body_sha256: "00".to_owned() };
        let other = Fingerprint { target: "/b".to_owned(), ..request.clone() };
        let today = date!(2026 - 01 - 31);
        assert_eq!(remembered.recall(today, "1", &request), Memory::New);
        remembered.remember(today, "1", request.clone(), b"first");
        let first = Memory::Same(Arc::from(&b"first"[..]));
        assert_eq!(remembered.recall(today, "1", &request), first);
        assert_eq!(remembered.recall(today, "1", &other), Memory::Other);
        let tomorrow = date!(2026 - 02 - 01);
        assert_eq!(remembered.recall(tomorrow, "1", &request), Memory::New);
    }
}
