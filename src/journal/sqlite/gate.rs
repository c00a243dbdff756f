//! Whose turn it is to write: first among the threads of this process, then among the processes of this machine, by a
//! lock on a file beside the journal. The wait is part of the call's limit, so the file's lock is tried, never waited
//! for: whoever holds it may have been stopped.

use super::file;
use crate::config::shown;
use crate::error::{Error, Result};
use crate::journal::journal_error;
use crate::limit::Limit;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Turns of the threads of one process.
#[derive(Default)]
pub(super) struct Turns {
    taken: Mutex<bool>,
    free: Condvar,
}

pub(super) struct Turn<'a>(&'a Turns);

impl Turns {
    pub(super) fn enter(&self, limit: &Limit) -> Result<Turn<'_>> {
        let mut taken = self.lock();
        while *taken {
            let slice = limit.slice();
            if slice.is_zero() {
                return Err(too_late());
            }
            taken = self.free.wait_timeout(taken, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
        *taken = true;
        Ok(Turn(self))
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.free.notify_one();
    }
}

/// Turns of all processes.
pub(super) struct Gate {
    file: File,
    turns: Turns,
}

pub(super) struct Entered<'a> {
    file: &'a File,
    _turn: Turn<'a>,
}

/// How long to wait before the lock is tried again: a commit takes a fraction of a millisecond on a good disk.
const SHORTEST: Duration = Duration::from_micros(100);
const LONGEST: Duration = Duration::from_millis(2);

impl Gate {
    pub(super) fn open(journal: &Path) -> Result<Self> {
        let path = beside(journal, "-gate");
        let file = file::create(&path).map_err(|error| {
            let why = format!("'{}' beside it cannot be opened: {}", shown(&path), file::reason(&error));
            file::unusable(journal, &why)
        })?;
        Ok(Self { file, turns: Turns::default() })
    }

    pub(super) fn enter(&self, limit: &Limit) -> Result<Entered<'_>> {
        let turn = self.turns.enter(limit)?;
        let mut pause = SHORTEST;
        loop {
            match self.file.try_lock() {
                Ok(()) => return Ok(Entered { file: &self.file, _turn: turn }),
                Err(TryLockError::WouldBlock) if limit.left().is_zero() => return Err(too_late()),
                Err(TryLockError::WouldBlock) => limit.sleep(pause),
                Err(TryLockError::Error(error)) => {
                    return Err(journal_error(format!("The journal's gate cannot be locked: {error}.")));
                }
            }
            pause = (pause * 2).min(LONGEST);
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// A file beside the journal, as SQLite names its own.
fn beside(journal: &Path, suffix: &str) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn too_late() -> Error {
    journal_error("The journal was in use by others until the time limit was reached.")
}
