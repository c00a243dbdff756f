//! The log: a bounded queue that the host polls. There is no callback, for a call from our code into a host that is in the
//! middle of something else is how a library brings a till down (design section 3). Off by default.
//!
//! What is written here names references, X-EXTERNAL-IDs, codes and times, and never a header's value, a body, a token or
//! a signature (P6): there is no function that would take one.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How important an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(i32)]
pub enum Level {
    /// A person has to look: DOKU has something else recorded than was asked for.
    Error = 1,
    /// Something went wrong or was tried again, such as an answer that was lost.
    Warn = 2,
    /// What was done: a payment, a refund, a new token.
    Info = 3,
    /// Every request and its answer's code.
    Debug = 4,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct LogEntry {
    level: Level,
    unix_ms: i64,
    message: String,
}

impl LogEntry {
    /// How important it is.
    pub fn level(&self) -> Level {
        self.level
    }

    /// When it was written, by this machine's clock: milliseconds since 1970 UTC.
    pub fn unix_ms(&self) -> i64 {
        self.unix_ms
    }

    /// What happened, one line.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// How many entries wait to be polled; when there are more, the oldest are lost, and that is told.
const CAPACITY: usize = 1_000;

/// The queue.
pub(crate) struct Events {
    /// The least important level that is kept; `None`: nothing is.
    level: Option<Level>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<LogEntry>,
    lost: u32,
}

impl Events {
    /// `level` is the setting's value.
    pub(crate) fn new(level: &str) -> Self {
        let level = match level {
            "error" => Some(Level::Error),
            "warn" => Some(Level::Warn),
            "info" => Some(Level::Info),
            "debug" => Some(Level::Debug),
            _ => None,
        };
        Self { level, queue: Mutex::default() }
    }

    /// Writes an entry; the message is made only if it is kept.
    pub(crate) fn write(&self, level: Level, unix_ms: i64, message: impl FnOnce() -> String) {
        if self.level.is_none_or(|most| level > most) {
            return;
        }
        let message = message().replace(char::is_control, " ");
        let mut queue = self.lock();
        if queue.entries.len() >= CAPACITY {
            queue.entries.pop_front();
            queue.lost = queue.lost.saturating_add(1);
        }
        queue.entries.push_back(LogEntry { level, unix_ms, message });
    }

    /// Takes the oldest entry; first, if some were lost, one that says how many.
    pub(crate) fn poll(&self) -> Option<LogEntry> {
        let mut queue = self.lock();
        let next = queue.entries.front()?;
        if queue.lost > 0 {
            let message = format!("{} older entries were lost: the log is not polled often enough.", queue.lost);
            let entry = LogEntry { level: Level::Warn, unix_ms: next.unix_ms, message };
            queue.lost = 0;
            return Some(entry);
        }
        queue.entries.pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_by_default_nothing_is_even_made() {
        let events = Events::new("off");
        events.write(Level::Error, 0, || panic!("made in vain"));
        assert!(events.poll().is_none());
    }

    #[test]
    fn only_what_is_important_enough_is_kept_in_its_order() {
        let events = Events::new("warn");
        for (level, text) in [(Level::Warn, "a"), (Level::Info, "b"), (Level::Error, "c\nd")] {
            events.write(level, 7, || text.to_owned());
        }
        let kept: Vec<_> = std::iter::from_fn(|| events.poll()).map(|entry| entry.message).collect();
        assert_eq!(kept, ["a", "c d"]);
    }

    #[test]
    fn what_is_lost_is_counted_and_told() {
        let events = Events::new("debug");
        for number in 0..CAPACITY + 5 {
            events.write(Level::Info, 0, || number.to_string());
        }
        assert!(events.poll().unwrap().message.starts_with("5 older entries were lost"));
        assert_eq!(events.poll().unwrap().message, "5");
        assert_eq!(std::iter::from_fn(|| events.poll()).count(), CAPACITY - 1);
    }
}
