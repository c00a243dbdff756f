//! The limit of a call: when it must be over, and whether somebody wants it to be over at once (P4; journal.md rule 10).
//!
//! Every wait of a call asks here: on the network, for a lock, between two tries.

use crate::clock::{Clock, Tick};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A flag that ends the calls it is given to: see [`crate::Client::with_cancel`]. It may be set from another thread or
/// from a signal handler, and all its clones are the same flag.
#[derive(Clone, Default)]
pub struct Cancel(Arc<Flag>);

#[derive(Default)]
struct Flag {
    is_set: AtomicBool,
    watch: Option<Box<Watch>>,
}

/// Whether the call is to end.
type Watch = dyn Fn() -> bool + Send + Sync;

impl Cancel {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// A flag that a call also sets by itself once `watch` says so: for a language whose signals have to be asked for, such
    /// as Python. `watch` is asked by the thread that makes the call, several times before it waits and then some 50 times
    /// a second, so it has to be quick, and must not make a call of its own.
    pub fn watching(watch: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(Flag { is_set: AtomicBool::new(false), watch: Some(Box::new(watch)) }))
    }

    /// Ends the calls in flight and those to come, until [`Cancel::reset`].
    pub fn set(&self) {
        self.0.is_set.store(true, Ordering::SeqCst);
    }

    /// Lets calls through again.
    pub fn reset(&self) {
        self.0.is_set.store(false, Ordering::SeqCst);
    }

    /// Whether it is set.
    pub fn is_set(&self) -> bool {
        if !self.0.is_set.load(Ordering::SeqCst) && self.0.watch.as_ref().is_some_and(|watch| watch()) {
            self.set();
        }
        self.0.is_set.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cancel({})", self.is_set())
    }
}

/// How long a wait may go on without looking at the flag.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The end of a call.
#[derive(Clone)]
pub(crate) struct Limit {
    end: Instant,
    cancel: Option<Cancel>,
    fence: Option<Fence>,
}

/// After it nothing may be sent any more, for another call may have taken over (journal.md rule 2). Its clock goes on
/// while the machine sleeps, which that of the limit's end need not do.
#[derive(Clone)]
struct Fence {
    clock: Arc<dyn Clock>,
    until_ms: i64,
}

impl Limit {
    pub(crate) fn new(end: Instant, cancel: Option<Cancel>) -> Self {
        Self { end, cancel, fence: None }
    }

    /// The same, and nothing may be sent once `left` has gone by since `begun`, whatever became of this process.
    pub(crate) fn fenced(&self, clock: Arc<dyn Clock>, begun: Tick, left: Duration) -> Self {
        let left_ms = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
        let until_ms = begun.steady_ms.saturating_add(left_ms);
        Self { fence: Some(Fence { clock, until_ms }), ..self.clone() }
    }

    /// Whether something may be sent now. Asked just before the first byte.
    pub(crate) fn may_send(&self) -> bool {
        self.fence.as_ref().is_none_or(|fence| fence.clock.now().steady_ms <= fence.until_ms)
    }

    /// The same, but over at `end` if that is sooner.
    pub(crate) fn sooner(&self, end: Instant) -> Self {
        Self { end: self.end.min(end), ..self.clone() }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_set)
    }

    /// What is left; nothing when cancelled.
    pub(crate) fn left(&self) -> Duration {
        if self.is_cancelled() { Duration::ZERO } else { self.end.saturating_duration_since(Instant::now()) }
    }

    /// How long one wait may be: all that is left, or less where there is a flag to look at.
    pub(crate) fn slice(&self) -> Duration {
        let left = self.left();
        if self.cancel.is_some() { left.min(LOOK_EVERY) } else { left }
    }

    /// Whether what is left may be waited for in one go.
    pub(crate) fn has_flag(&self) -> bool {
        self.cancel.is_some()
    }

    /// Sleeps, but not beyond the limit.
    pub(crate) fn sleep(&self, pause: Duration) {
        let until = Instant::now() + pause;
        loop {
            let rest = until.saturating_duration_since(Instant::now()).min(self.slice());
            if rest.is_zero() {
                return;
            }
            std::thread::sleep(rest);
        }
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Limit({:?} left)", self.left())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_that_says_so_ends_the_wait_and_every_later_one() {
        let told = Arc::new(AtomicBool::new(false));
        let cancel = Cancel::watching({
            let told = Arc::clone(&told);
            move || told.load(Ordering::SeqCst)
        });
        let limit = Limit::new(Instant::now() + Duration::from_secs(60), Some(cancel.clone()));
        assert!(limit.left() > Duration::from_secs(50));
        told.store(true, Ordering::SeqCst);
        limit.sleep(Duration::from_secs(60));
        assert!(limit.is_cancelled());
        told.store(false, Ordering::SeqCst);
        assert!(limit.is_cancelled(), "it stays set");
        cancel.reset();
        assert!(!limit.is_cancelled());
    }
}
