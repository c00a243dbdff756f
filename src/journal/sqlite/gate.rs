//! Whose turn it is to write: first among the threads of this process, then among the processes of this machine, by locks
//! on two files beside the journal. The wait is part of the call's limit, so a file's lock is tried, never waited for:
//! whoever holds it may have been stopped.
//!
//! Who has just written would always be the quickest to try again, and the others would starve. So whoever wants the gate
//! must first be the one who is next (`-next`), and stays it until the gate is his: who comes back from writing finds that
//! place taken, and only one process at a time has to look often.

use super::file;
use crate::config::shown;
use crate::error::{Error, Result};
use crate::journal::journal_error;
use crate::limit::Limit;
use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Turns of the threads of one process, in the order in which they came.
#[derive(Default)]
pub(super) struct Turns {
    line: Mutex<Line>,
    moved: Condvar,
}

/// The numbers of those who wait, behind that of whoever has the turn.
#[derive(Default)]
struct Line {
    numbers: VecDeque<u64>,
    next: u64,
}

pub(super) struct Turn<'a> {
    turns: &'a Turns,
    number: u64,
}

impl Turns {
    pub(super) fn enter(&self, limit: &Limit) -> Result<Turn<'_>> {
        let mut line = self.lock();
        // From here on it leaves the line however this ends.
        let turn = Turn { turns: self, number: line.next };
        line.next += 1;
        line.numbers.push_back(turn.number);
        while line.numbers.front() != Some(&turn.number) {
            let slice = limit.slice();
            if slice.is_zero() {
                drop(line);
                return Err(too_late());
            }
            line = self.moved.wait_timeout(line, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(line);
        Ok(turn)
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let is_awaited = {
            let mut line = self.turns.lock();
            line.numbers.retain(|number| *number != self.number);
            !line.numbers.is_empty()
        };
        if is_awaited {
            self.turns.moved.notify_all();
        }
    }
}

/// Turns of all processes.
pub(super) struct Gate {
    file: File,
    next: File,
    turns: Turns,
}

pub(super) struct Entered<'a> {
    _gate: Option<Locked<'a>>,
    _turn: Turn<'a>,
}

/// A file that is locked until this is dropped.
struct Locked<'a>(&'a File);

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Who is next looks this often: a commit takes a fraction of a millisecond on a good disk.
const SHORTEST: Duration = Duration::from_micros(50);
/// On a slow one there is no hurry.
const LONGEST: Duration = Duration::from_millis(1);
/// The others look this often at first, and more often the longer they wait, so that those come first.
const BEHIND: Duration = Duration::from_millis(1);
const LONG_BEHIND: Duration = Duration::from_micros(200);
/// Who has waited this long goes past whoever is next: that process may have been stopped.
const PATIENCE: Duration = Duration::from_millis(250);
/// Who has waited this long goes past a gate that is locked: a child that was forked in the middle of a write keeps its
/// killed parent's lock for as long as it lives. What the gate is for is fairness; SQLite's own lock, which dies with its
/// process, is what keeps writers apart.
const LOST: Duration = Duration::from_secs(3);

impl Gate {
    pub(super) fn open(journal: &Path) -> Result<Self> {
        let open = |suffix| {
            let path = beside(journal, suffix);
            file::create(&path).map_err(|error| {
                let why = format!("'{}' beside it cannot be opened: {}", shown(&path), file::reason(&error));
                file::unusable(journal, &why)
            })
        };
        Ok(Self { file: open("-gate")?, next: open("-next")?, turns: Turns::default() })
    }

    pub(super) fn enter(&self, limit: &Limit) -> Result<Entered<'_>> {
        let turn = self.turns.enter(limit)?;
        let begun = Instant::now();
        let mut next = None;
        let mut since = begun;
        loop {
            if next.is_none() {
                next = try_lock(&self.next)?;
                since = Instant::now();
            }
            let may_enter = next.is_some() || begun.elapsed() >= PATIENCE;
            if may_enter && let Some(gate) = try_lock(&self.file)? {
                return Ok(Entered { _gate: Some(gate), _turn: turn });
            }
            if begun.elapsed() >= LOST {
                return Ok(Entered { _gate: None, _turn: turn });
            }
            if limit.left().is_zero() {
                return Err(too_late());
            }
            limit.sleep(match next {
                Some(_) => (since.elapsed() / 8).clamp(SHORTEST, LONGEST),
                None => BEHIND.saturating_sub(begun.elapsed() / 16).max(LONG_BEHIND),
            });
        }
    }
}

/// The lock on a file, unless somebody has it.
fn try_lock(file: &File) -> Result<Option<Locked<'_>>> {
    match file.try_lock() {
        Ok(()) => Ok(Some(Locked(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(journal_error(format!("The journal's gate cannot be locked: {error}."))),
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    const MANY: usize = 8;

    fn within(time: Duration) -> Limit {
        Limit::new(Instant::now() + time, None)
    }

    /// The least and the most that one of many got who work as fast as they can.
    fn shares(work: impl Fn(usize, &Limit) + Sync) -> (usize, usize) {
        let is_over = AtomicBool::new(false);
        let one = |at: usize| {
            let mut done = 0;
            while !is_over.load(Ordering::SeqCst) {
                work(at, &within(Duration::from_secs(20)));
                done += 1;
            }
            done
        };
        let done: Vec<usize> = thread::scope(|scope| {
            let one = &one;
            let threads: Vec<_> = (0..MANY).map(|at| scope.spawn(move || one(at))).collect();
            thread::sleep(Duration::from_millis(1_500));
            is_over.store(true, Ordering::SeqCst);
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        (*done.iter().min().unwrap(), *done.iter().max().unwrap())
    }

    /// Each lock on a file of its own opening: to the system they are as those of as many processes.
    #[test]
    fn processes_that_all_write_get_like_shares() {
        let folder = tempfile::tempdir().unwrap();
        let gates: Vec<_> = (0..MANY).map(|_| Gate::open(&folder.path().join("bayar.db")).unwrap()).collect();
        let (least, most) = shares(|at, limit| {
            let _turn = gates[at].enter(limit).unwrap();
            thread::sleep(Duration::from_millis(1));
        });
        assert!(least * 3 >= most, "{least} to {most}");
    }

    #[test]
    fn threads_get_their_turns_in_the_order_in_which_they_came() {
        let (turns, order) = (Turns::default(), Mutex::new(Vec::new()));
        let take = |who: usize| {
            let _turn = turns.enter(&within(Duration::from_secs(20))).unwrap();
            order.lock().unwrap().push(who);
        };
        let turn = turns.enter(&within(Duration::ZERO)).unwrap();
        thread::scope(|scope| {
            for who in 0..MANY {
                let take = &take;
                scope.spawn(move || take(who));
                let begun = Instant::now();
                while turns.lock().numbers.len() < who + 2 {
                    assert!(begun.elapsed() < Duration::from_secs(20), "{who} does not wait");
                    thread::yield_now();
                }
            }
            drop(turn);
            // Whoever had it comes last.
            take(MANY);
        });
        assert_eq!(*order.lock().unwrap(), (0..=MANY).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_gave_up_waiting_is_not_waited_for() {
        let turns = Turns::default();
        let turn = turns.enter(&within(Duration::ZERO)).unwrap();
        assert!(turns.enter(&within(Duration::from_millis(10))).is_err());
        drop(turn);
        turns.enter(&within(Duration::ZERO)).unwrap();
    }

    #[test]
    fn a_process_that_was_stopped_while_it_was_next_is_passed() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("bayar.db");
        let (stopped, gate) = (Gate::open(&journal).unwrap(), Gate::open(&journal).unwrap());
        let _next = try_lock(&stopped.next).unwrap().unwrap();
        assert!(gate.enter(&within(Duration::from_millis(20))).is_err());
        for _ in 0..2 {
            gate.enter(&within(Duration::from_secs(20))).unwrap();
        }
    }

    #[test]
    fn the_gate_is_one_processes_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("bayar.db");
        let (one, other) = (Gate::open(&journal).unwrap(), Gate::open(&journal).unwrap());
        let entered = one.enter(&within(Duration::ZERO)).unwrap();
        assert!(other.enter(&within(PATIENCE * 2)).is_err());
        drop(entered);
        other.enter(&within(Duration::ZERO)).unwrap();
    }

    #[test]
    fn a_gate_that_somebody_keeps_for_long_is_passed() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("bayar.db");
        let (kept, gate) = (Gate::open(&journal).unwrap(), Gate::open(&journal).unwrap());
        let (_gate, _next) = (try_lock(&kept.file).unwrap().unwrap(), try_lock(&kept.next).unwrap().unwrap());
        assert!(gate.enter(&within(LOST / 2)).is_err());
        gate.enter(&within(Duration::from_secs(20))).unwrap();
    }
}
