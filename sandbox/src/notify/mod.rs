//! Notifications to the merchant, as DOKU sends them (protocol 6): one when a payment is paid, declined, expired or refunded
//! in full, repeated on DOKU's schedule until it is accepted, and any other on demand. Nothing of it blocks the payments.

mod body;
mod courier;
mod desk;
mod jwt;
mod ledger;
mod notice;
mod pace;
mod read;
mod records;
mod samples;
mod settings;
mod setup;
mod token;
mod wire;

pub use notice::{Forgery, Form, Notice};
pub(crate) use read::{notice, settings};
pub use records::{Attempt, Exchange, NotificationRecord, NotificationState};
pub use settings::{Notifications, Retry};

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use crate::books::Books;
use crate::lock::lock;
use crate::options::Options;
use crate::records::PaymentState;
use desk::Desk;
use setup::Setup;

/// How long the end waits for attempts to notice it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Sends notifications. Dropping it ends every attempt and its threads.
pub(crate) struct Notifier {
    desk: Arc<Desk>,
    scheduler: Mutex<Option<JoinHandle<()>>>,
}

impl Notifier {
    pub(crate) fn new(options: &Options, books: &Arc<Mutex<Books>>) -> Notifier {
        let desk = Desk::new(options, books);
        Notifier { desk: Arc::new(desk), scheduler: Mutex::default() }
    }

    /// For those who outlive a request, such as the timer's jobs.
    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// From now on notifications go there. Payments that are open already are watched from now on as well.
    pub(crate) fn configure(&self, settings: Notifications) -> io::Result<()> {
        let setup = Setup::of(settings, &self.desk.merchant, &self.desk.stop)?;
        let mut scheduler = lock(&self.scheduler);
        if scheduler.is_none() {
            let desk = Arc::clone(&self.desk);
            let thread = std::thread::Builder::new().name("sandbox-notify".to_owned()).spawn(move || desk.work())?;
            *scheduler = Some(thread);
        }
        drop(scheduler);
        let now = self.desk.clock.now();
        let mut state = lock(&self.desk.state);
        state.pace.set_speed(now, setup.speed);
        state.setup = Some(Arc::new(setup));
        drop(state);
        let open: Vec<(String, OffsetDateTime)> = lock(&self.desk.books)
            .ledger
            .all()
            .filter(|payment| payment.decision.is_none() && payment.state(now) != PaymentState::Expired)
            .filter_map(|payment| Some((payment.partner_reference_no.clone(), payment.valid_until?)))
            .collect();
        for (reference, end) in open {
            lock(&self.desk.state).ledger.watch(&reference, end);
        }
        self.desk.clock.wake();
        Ok(())
    }

    /// Sends one notification now, once, and tells what came of it.
    pub(crate) fn deliver(&self, notice: &Notice) -> Result<Attempt, String> {
        let setup = self.desk.setup()?;
        let message = self.desk.message_of(notice)?;
        let id = lock(&self.desk.state).ledger.add(message, NotificationState::OnDemand);
        self.attempt_now(&setup, id, false)
    }

    /// Sends one that was sent before: anew, as a person in DOKU's back office would, or the very same bytes.
    pub(crate) fn again(&self, id: u64, same_bytes: bool) -> Result<Attempt, String> {
        let setup = self.desk.setup()?;
        self.attempt_now(&setup, id, same_bytes)
    }

    fn attempt_now(&self, setup: &Setup, id: u64, same_bytes: bool) -> Result<Attempt, String> {
        let attempt = self.desk.attempt(setup, id, same_bytes)?;
        let attempt = attempt.ok_or_else(|| format!("notification {id} never went over the wire"))?;
        self.desk.clock.wake();
        Ok(attempt)
    }

    pub(crate) fn record(&self, id: u64) -> Option<NotificationRecord> {
        lock(&self.desk.state).ledger.entry(id).map(|entry| entry.record.clone())
    }

    pub(crate) fn records(&self) -> Vec<NotificationRecord> {
        lock(&self.desk.state).ledger.records()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        lock(&self.desk.state).pace.advance(Duration::from_secs(seconds));
        self.desk.clock.wake();
    }

    pub(crate) fn forget_token(&self) {
        self.desk.kept.forget();
    }

    /// Waits until nothing is under way or due, and tells whether it came to that in time.
    pub(crate) fn wait(&self, at_most: Duration) -> bool {
        let end = Instant::now() + at_most;
        let mut state = lock(&self.desk.state);
        loop {
            let now = self.desk.clock.now();
            let distance = state.ledger.distance(state.pace.now(now), now);
            let due = distance.by_schedule.is_some_and(|time| time.is_zero())
                || distance.by_clock.is_some_and(time::Duration::is_negative);
            if state.under_way == 0 && !due {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            // What is due becomes under way without a word.
            let slice = left.min(Duration::from_millis(20));
            state = match self.desk.ended.wait_timeout(state, slice) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        self.desk.stop.set();
        self.desk.clock.wake();
        let thread = self.scheduler.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
        let end = Instant::now() + PATIENCE;
        let mut state = lock(&self.desk.state);
        while state.under_way > 0 && Instant::now() < end {
            state = match self.desk.ended.wait_timeout(state, Duration::from_millis(50)) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
