//! Drives tokio-postgres without a runtime: the calling thread asks the connection and what is wanted of it in turn, and
//! waits for the socket in between. So there is no thread of ours, nothing that a forked child could inherit half-done,
//! and no quarrel with a runtime of the program's own, within which another may not be started.

use super::trouble::{Result, Trouble};
use super::wire::Watch;
use crate::limit::Limit;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Somebody has something to do before the socket has.
#[derive(Default)]
struct Awake(AtomicBool);

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What goes on beside: the connection. `false` once it is over.
pub(super) type Beside<'a> = &'a mut dyn FnMut(&mut Context<'_>) -> bool;

/// Waits for what is wanted, within the limit.
pub(super) fn drive<T>(wanted: impl Future<Output = T>, beside: Beside<'_>, watch: &Watch, limit: &Limit) -> Result<T> {
    let awake = Arc::new(Awake::default());
    let waker = Waker::from(Arc::clone(&awake));
    let mut context = Context::from_waker(&waker);
    let mut wanted = pin!(wanted);
    let mut goes_on = true;
    loop {
        if let Poll::Ready(result) = Pin::as_mut(&mut wanted).poll(&mut context) {
            return Ok(result);
        }
        if goes_on {
            goes_on = beside(&mut context);
        }
        if awake.0.swap(false, Ordering::SeqCst) {
            continue;
        }
        let slice = limit.slice();
        if slice.is_zero() {
            return Err(Trouble::late(limit));
        }
        watch.wait(slice).map_err(|error| Trouble::lost(&error.to_string()))?;
    }
}

/// Lets a connection do what it can at once, for its goodbye.
pub(super) fn once(beside: Beside<'_>) {
    let _ = beside(&mut Context::from_waker(Waker::noop()));
}
