//! One thread that does things later: here the stand-in customer's decisions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::lock::lock;

type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs at their time, in order. Dropping it forgets the jobs that are not due yet.
pub(crate) struct Timer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    stopped: bool,
    sequence: u64,
    jobs: BinaryHeap<Reverse<Entry>>,
}

impl Timer {
    pub(crate) fn start() -> io::Result<Timer> {
        let shared = Arc::new(Shared::default());
        let worker = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("sandbox-timer".to_owned()).spawn(move || worker.work())?;
        Ok(Timer { shared, thread: Some(thread) })
    }

    pub(crate) fn after(&self, delay: Duration, job: impl FnOnce() + Send + 'static) {
        let Some(due) = Instant::now().checked_add(delay) else {
            return; // further away than this machine can count: never
        };
        let mut queue = lock(&self.shared.queue);
        queue.sequence += 1;
        let sequence = queue.sequence;
        let wakes = queue.jobs.peek().is_none_or(|first| due < first.0.due);
        queue.jobs.push(Reverse(Entry { due, sequence, job: Box::new(job) }));
        drop(queue);
        if wakes {
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        lock(&self.shared.queue).stopped = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn work(&self) {
        let mut queue = lock(&self.queue);
        while !queue.stopped {
            let now = Instant::now();
            let wait = queue.jobs.peek().map(|first| first.0.due - now);
            queue = match wait {
                None => self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(wait) if wait.is_zero() => {
                    let due = queue.jobs.pop();
                    drop(queue); // a job takes its own locks
                    if let Some(Reverse(entry)) = due {
                        (entry.job)();
                    }
                    lock(&self.queue)
                }
                Some(wait) => match self.changed.wait_timeout(queue, wait) {
                    Ok((queue, _)) => queue,
                    Err(poisoned) => poisoned.into_inner().0,
                },
            };
        }
    }
}

struct Entry {
    due: Instant,
    sequence: u64,
    job: Job,
}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> std::cmp::Ordering {
        (self.due, self.sequence).cmp(&(other.due, other.sequence))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn jobs_run_in_the_order_of_their_times() {
        let timer = Timer::start().unwrap();
        let (sender, receiver) = mpsc::channel();
        for delay in [30, 10, 20] {
            let sender = sender.clone();
            timer.after(Duration::from_millis(delay), move || {
                sender.send(delay).unwrap();
            });
        }
        let order: Vec<u64> = receiver.iter().take(3).collect();
        assert_eq!(order, [10, 20, 30]);
    }

    #[test]
    fn dropping_the_timer_does_not_wait_for_far_jobs() {
        let timer = Timer::start().unwrap();
        timer.after(Duration::from_secs(3600), || {});
        let began = Instant::now();
        drop(timer);
        assert!(began.elapsed() < Duration::from_secs(2));
    }
}
