//! The call that this thread is making: its deadline, how far it got, and whether anything left.
//!
//! Keeps **P4** and **P3**: every layer that can block asks here how long it may, and the socket notes here that it
//! accepted a byte of the request.
//!
//! Why thread-local: ureq does all of a call's work on the thread that makes the call, but has no way to hand anything
//! from a call to a connection, which outlives it in the pool. So the connection finds its present call here. (ureq's
//! own time limits could be set for each request, but such a request is kept from its cached TLS configuration, and
//! each would copy the whole configuration.)

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::Timeout;

/// How far a call got. The order is that of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Begin,
    LookUp,
    Connect,
    Tunnel,
    Tls,
    Send,
    Answer,
    Body,
}

/// Ends the call when dropped.
pub(super) struct Guard {
    outer: Option<Call>,
}

#[derive(Clone, Copy)]
struct Call {
    deadline: Instant,
    connect_end: Option<Instant>,
    stage: Stage,
    requesting: bool,
    sent: bool,
    abandoned: bool,
}

thread_local! {
    // Plain data and a constant start: no destructor is registered with the host's threads.
    static CURRENT: Cell<Option<Call>> = const { Cell::new(None) };
}

pub(super) fn begin(deadline: Instant) -> Guard {
    let outer = CURRENT.replace(Some(Call {
        deadline,
        connect_end: None,
        stage: Stage::Begin,
        requesting: false,
        sent: false,
        abandoned: false,
    }));
    Guard { outer }
}

impl Drop for Guard {
    fn drop(&mut self) {
        CURRENT.set(self.outer.take());
    }
}

/// The time that is left for what the call is doing now; none left, or no call at all, is an error.
pub(super) fn left() -> Result<Duration, ureq::Error> {
    let spent = ureq::Error::Timeout(Timeout::Global);
    let Some(call) = CURRENT.get() else {
        return Err(spent);
    };
    let end = match call.connect_end {
        Some(connect_end) => connect_end.min(call.deadline),
        None => call.deadline,
    };
    match end.checked_duration_since(Instant::now()) {
        Some(left) if !left.is_zero() => Ok(left),
        _ => Err(spent),
    }
}

pub(super) fn enter(stage: Stage) {
    change(|call| call.stage = stage);
}

/// From here to [`connected`] the connect time limit holds too.
pub(super) fn connecting(limit: Duration) {
    change(|call| call.connect_end = Instant::now().checked_add(limit));
}

pub(super) fn connected() {
    change(|call| call.connect_end = None);
}

/// From here on, what the socket accepts belongs to the request.
pub(super) fn requesting() {
    change(|call| {
        call.requesting = true;
        call.stage = Stage::Send;
    });
}

/// The socket accepted something.
pub(super) fn accepted() {
    change(|call| call.sent |= call.requesting);
}

/// The caller is told that the call failed: its connection is to be cut, not closed in order.
pub(super) fn abandon() {
    change(|call| call.abandoned = true);
}

pub(super) fn abandoned() -> bool {
    CURRENT.get().is_some_and(|call| call.abandoned)
}

pub(super) fn sent() -> bool {
    CURRENT.get().is_some_and(|call| call.sent)
}

pub(super) fn stage() -> Stage {
    CURRENT.get().map_or(Stage::Begin, |call| call.stage)
}

/// Whether the connect limit, not the call's own, was the one that ended.
pub(super) fn connect_limit_hit() -> bool {
    CURRENT.get().is_some_and(|call| call.connect_end.is_some_and(|connect_end| connect_end < call.deadline))
}

fn change(how: impl FnOnce(&mut Call)) {
    if let Some(mut call) = CURRENT.get() {
        how(&mut call);
        CURRENT.set(Some(call));
    }
}
