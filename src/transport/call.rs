//! The call that this thread is making: its deadline, how far it got, and whether anything left.
//!
//! Keeps **P4** and **P3**: every layer that can block asks here how long it may, and the socket notes here that it
//! accepted a byte of the request.
//!
//! Why thread-local: ureq does all of a call's work on the thread that makes the call, but has no way to hand anything
//! from a call to a connection, which outlives it in the pool. So the connection finds its present call here. (ureq's
//! own time limits could be set for each request, but such a request is kept from its cached TLS configuration, and
//! each would copy the whole configuration.)

use crate::limit::Limit;
use std::cell::RefCell;
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

#[derive(Clone)]
struct Call {
    limit: Limit,
    connect_end: Option<Instant>,
    stage: Stage,
    requesting: bool,
    sent: bool,
    abandoned: bool,
}

thread_local! {
    static CURRENT: RefCell<Option<Call>> = const { RefCell::new(None) };
}

pub(super) fn begin(limit: &Limit) -> Guard {
    let outer = CURRENT.replace(Some(Call {
        limit: limit.clone(),
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
        CURRENT.replace(self.outer.take());
    }
}

/// The time that is left for what the call is doing now; none left, or no call at all, is an error.
pub(super) fn left() -> Result<Duration, ureq::Error> {
    let spent = ureq::Error::Timeout(Timeout::Global);
    match read(Duration::ZERO, |call| call.now().left()) {
        left if left.is_zero() => Err(spent),
        left => Ok(left),
    }
}

/// The same for one wait, which is shorter where there is a flag to look at.
pub(super) fn slice() -> Result<Duration, ureq::Error> {
    left()?;
    Ok(read(Duration::ZERO, |call| call.now().slice()))
}

/// Whether a wait must be cut into slices.
pub(super) fn has_flag() -> bool {
    read(false, |call| call.limit.has_flag())
}

pub(super) fn cancelled() -> bool {
    read(false, |call| call.limit.is_cancelled())
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

/// From here on, what the socket accepts belongs to the request; an error where it may not be sent any more.
pub(super) fn requesting() -> Result<(), ureq::Error> {
    if !read(true, |call| call.sent || call.limit.may_send()) {
        return Err(ureq::Error::Timeout(Timeout::Global));
    }
    change(|call| {
        call.requesting = true;
        call.stage = Stage::Send;
    });
    Ok(())
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
    read(false, |call| call.abandoned)
}

pub(super) fn sent() -> bool {
    read(false, |call| call.sent)
}

pub(super) fn stage() -> Stage {
    read(Stage::Begin, |call| call.stage)
}

/// Whether the connect limit, not the call's own, was the one that ended.
pub(super) fn connect_limit_hit() -> bool {
    read(false, |call| call.connect_end.is_some_and(|_| !call.limit.left().is_zero()))
}

fn change(how: impl FnOnce(&mut Call)) {
    CURRENT.with_borrow_mut(|call| call.as_mut().map(how));
}

fn read<T>(without: T, what: impl FnOnce(&Call) -> T) -> T {
    CURRENT.with_borrow(|call| call.as_ref().map_or(without, what))
}

impl Call {
    /// The limit of what the call is doing now.
    fn now(&self) -> Limit {
        self.connect_end.map_or_else(|| self.limit.clone(), |end| self.limit.sooner(end))
    }
}
