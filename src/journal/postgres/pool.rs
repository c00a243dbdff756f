//! The connections of one process: made when they are needed, a few at most, so that threads need not wait for each
//! other's commits and the server is left some for others. Who finds none free waits within his limit.

use super::session::Session;
use super::trouble::{Result, Trouble};
use crate::limit::Limit;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many connections at once. A PHP worker or a till needs one.
const MOST: usize = 4;

#[derive(Default)]
pub(super) struct Pool {
    state: Mutex<State>,
    free: Condvar,
}

#[derive(Default)]
struct State {
    /// Those that are waiting for work; the last one used is used first.
    idle: Vec<Session>,
    /// How many are at work, or being made.
    out: usize,
}

/// The right to one connection, until it is dropped.
pub(super) struct Lease<'a> {
    pool: &'a Pool,
    /// One that was used before.
    session: Option<Session>,
}

impl Pool {
    pub(super) fn enter(&self, limit: &Limit) -> Result<Lease<'_>> {
        let mut state = self.lock();
        loop {
            let session = state.idle.pop();
            if session.is_some() || state.out < MOST {
                state.out += 1;
                return Ok(Lease { pool: self, session });
            }
            let slice = limit.slice();
            if slice.is_zero() {
                return Err(Trouble::late(limit));
            }
            state = self.free.wait_timeout(state, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The state is whole after each statement.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease<'_> {
    /// The connection that was used before, if there is one.
    pub(super) fn take(&mut self) -> Option<Session> {
        self.session.take()
    }

    /// Gives back a connection on which all is well. One that is not given back is gone.
    pub(super) fn give_back(mut self, session: Session) {
        self.session = Some(session);
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.out -= 1;
        state.idle.extend(self.session.take());
        drop(state);
        self.pool.free.notify_one();
    }
}
