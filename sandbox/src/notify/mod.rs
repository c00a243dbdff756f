//! Notifications to the merchant, as DOKU sends them (protocol 6): one when a payment is paid, declined, expired or refunded
//! in full, repeated on DOKU's schedule until it is accepted, and any other on demand. Nothing of it blocks the payments.

mod body;
mod courier;
mod jwt;
mod ledger;
mod notice;
mod pace;
mod read;
mod records;
mod settings;
mod setup;
mod token;
mod wire;

pub use notice::{Forgery, Form, Notice};
pub(crate) use read::{notice, settings};
pub use records::{Attempt, Exchange, NotificationRecord, NotificationState};
pub use settings::{Notifications, Retry};

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use crate::api::latest;
use crate::books::{Books, Payment};
use crate::clock::Clock;
use crate::lock::lock;
use crate::net::Stop;
use crate::options::Options;
use crate::records::PaymentState;
use crate::stamp;
use body::Facts;
use courier::{Courier, Message};
use ledger::{Job, Ledger};
use pace::Pace;
use setup::{Merchant, Setup};
use token::Kept;

/// How many attempts may be under way at a time: a merchant that hangs must not hold up the others.
const AT_ONCE: usize = 16;
/// How long the end waits for attempts to notice it.
const PATIENCE: Duration = Duration::from_secs(2);
/// What notifications of payments without a device carry.
const DEVICE: &str = "DOKU";

/// Sends notifications. Dropping it ends every attempt and its threads.
pub(crate) struct Notifier {
    desk: Arc<Desk>,
    scheduler: Mutex<Option<JoinHandle<()>>>,
}

/// What the threads share. Events are told to it; it never takes the books' lock while it holds its own.
pub(crate) struct Desk {
    clock: Clock,
    books: Arc<Mutex<Books>>,
    merchant: Merchant,
    stop: Arc<Stop>,
    kept: Kept,
    state: Mutex<State>,
    /// An attempt has ended.
    ended: Condvar,
}

struct State {
    setup: Option<Arc<Setup>>,
    pace: Pace,
    ledger: Ledger,
    under_way: usize,
}

impl Notifier {
    pub(crate) fn new(options: &Options, books: &Arc<Mutex<Books>>) -> Notifier {
        let pace = Pace::new(options.clock.now());
        let state = State { setup: None, pace, ledger: Ledger::default(), under_way: 0 };
        let desk = Desk {
            clock: options.clock.clone(),
            books: Arc::clone(books),
            merchant: Merchant::of(options),
            stop: Arc::default(),
            kept: Kept::default(),
            state: Mutex::new(state),
            ended: Condvar::new(),
        };
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

impl Desk {
    /// Something final has happened to a payment: its state as it is now shall be told.
    pub(crate) fn announce(&self, payment: &Payment) {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        if state.setup.is_none() {
            return;
        }
        let facts = facts_of(payment, latest(payment.state(now)).0, now);
        let message = self.message(&mut state, facts);
        let id = state.ledger.add(message, NotificationState::Waiting);
        let at_once = state.pace.now(now);
        state.ledger.at_schedule(at_once, Job::Deliver(id));
        drop(state);
        self.clock.wake();
    }

    /// A payment has come into being that may expire.
    pub(crate) fn watch(&self, payment: &Payment) {
        let mut state = lock(&self.state);
        if let Some(end) = payment.valid_until.filter(|_| state.setup.is_some()) {
            state.ledger.watch(&payment.partner_reference_no, end);
            drop(state);
            self.clock.wake();
        }
    }

    fn setup(&self) -> Result<Arc<Setup>, String> {
        let setup = lock(&self.state).setup.clone();
        setup.ok_or_else(|| "there is nowhere to send notifications to".to_owned())
    }

    fn message(&self, state: &mut State, facts: Facts) -> Message {
        let external_id = state.ledger.external_id(self.clock.now());
        Message { external_id, facts, form: Form::Compact, forgery: None }
    }

    fn message_of(&self, notice: &Notice) -> Result<Message, String> {
        let now = self.clock.now();
        let reference = &notice.partner_reference_no;
        let known = lock(&self.books).ledger.payment(reference).cloned();
        let mut facts = match known {
            Some(payment) => facts_of(&payment, latest(payment.state(now)).0, now),
            None => unknown(reference, now),
        };
        if let Some(status) = &notice.status {
            facts.status.clone_from(status);
        }
        if let Some(amount) = &notice.amount {
            facts.amount.clone_from(amount);
        }
        courier::has_effect(&facts, notice)?;
        let message = self.message(&mut lock(&self.state), facts);
        Ok(Message { form: notice.form.clone(), forgery: notice.forgery.clone(), ..message })
    }

    /// One attempt, written down; `None` when there are no bytes to repeat.
    fn attempt(&self, setup: &Setup, id: u64, same_bytes: bool) -> Result<Option<Attempt>, String> {
        let (message, sent) = {
            let state = lock(&self.state);
            let entry = state.ledger.entry(id).ok_or_else(|| format!("there is no notification {id}"))?;
            (Arc::clone(&entry.message), entry.sent.clone())
        };
        let courier = Courier { setup, kept: &self.kept, now: self.clock.now() };
        let (attempt, sent) = match sent {
            Some(sent) if same_bytes => (courier.repeat(id, &sent), None),
            None if same_bytes => return Ok(None),
            _ => courier.deliver(id, &message),
        };
        lock(&self.state).ledger.note(attempt.clone(), sent);
        Ok(Some(attempt))
    }

    /// The scheduler's thread.
    fn work(self: &Arc<Desk>) {
        while !self.stop.is_set() {
            let turns = self.clock.turns();
            let now = self.clock.now();
            let mut state = lock(&self.state);
            let schedule_now = state.pace.now(now);
            let may = state.under_way < AT_ONCE;
            if let Some(job) = may.then(|| state.ledger.due(schedule_now, now)).flatten() {
                state.under_way += 1;
                drop(state);
                self.start(job);
                continue;
            }
            let distance = state.ledger.distance(schedule_now, now);
            let by_schedule = distance.by_schedule.map(|time| state.pace.real(time));
            drop(state);
            // The least step is for what is due in this very moment, or for a clock that is coarse.
            let by_clock = distance.by_clock.map(|time| Duration::try_from(time).unwrap_or_default());
            let next = by_schedule.into_iter().chain(by_clock).min();
            let next = next.filter(|_| may).map(|time| time.saturating_add(Duration::from_millis(1)));
            self.clock.wait(turns, next);
        }
    }

    fn start(self: &Arc<Desk>, job: Job) {
        let Job::Deliver(id) = job else {
            return self.end(job);
        };
        let desk = Arc::clone(self);
        let worker = std::thread::Builder::new().name("sandbox-notify".to_owned());
        if worker.spawn(move || desk.end(Job::Deliver(id))).is_err() {
            self.end(Job::Deliver(id)); // no thread to be had: here, then
        }
    }

    /// Does a job to its end.
    fn end(&self, job: Job) {
        match job {
            Job::Deliver(id) => self.deliver(id),
            Job::Expiry(reference) => {
                let payment = lock(&self.books).ledger.payment(&reference).cloned();
                let now = self.clock.now();
                if let Some(payment) = payment.filter(|payment| payment.state(now) == PaymentState::Expired) {
                    self.announce(&payment);
                }
            }
        }
        lock(&self.state).under_way -= 1;
        self.ended.notify_all();
        self.clock.wake();
    }

    /// One attempt of the schedule, and the plan for the next if it was in vain.
    fn deliver(&self, id: u64) {
        let mut state = lock(&self.state);
        let began = state.pace.now(self.clock.now());
        let Some(setup) = state.setup.clone() else { return };
        let Some(entry) = state.ledger.entry_mut(id) else { return };
        if entry.record.state != NotificationState::Waiting {
            return; // somebody sent it by hand meanwhile, with success
        }
        entry.first_at.get_or_insert(began);
        let same_bytes = setup.retry == Retry::Same && entry.sent.is_some();
        drop(state);
        if self.attempt(&setup, id, same_bytes).is_err() {
            return; // too old to be kept
        }
        let mut state = lock(&self.state);
        let Some(entry) = state.ledger.entry_mut(id) else { return };
        if entry.record.state != NotificationState::Waiting {
            return;
        }
        entry.planned += 1;
        match (setup.retry_after.get(entry.planned - 1), entry.first_at) {
            (Some(after), Some(first_at)) => {
                let due = first_at.saturating_add(*after);
                state.ledger.at_schedule(due, Job::Deliver(id));
            }
            _ => entry.record.state = NotificationState::GivenUp,
        }
    }
}

fn facts_of(payment: &Payment, status: &str, now: OffsetDateTime) -> Facts {
    let device = if payment.device_id.is_empty() { DEVICE } else { &payment.device_id };
    Facts {
        partner_reference_no: payment.partner_reference_no.clone(),
        reference_no: payment.reference_no.clone(),
        external_id: payment.external_id.clone(),
        device_id: device.to_owned(),
        channel: payment.channel.clone(),
        status: status.to_owned(),
        amount: payment.amount.to_string(),
        created_at: payment.made_at,
        finished_at: payment.paid_at().unwrap_or(now),
    }
}

/// About a payment that was never made here: everything is made up.
fn unknown(reference: &str, now: OffsetDateTime) -> Facts {
    Facts {
        partner_reference_no: reference.to_owned(),
        reference_no: format!("{}99999999", stamp::digits(now)),
        external_id: format!("{}999999999999999999", stamp::digits(now)),
        device_id: DEVICE.to_owned(),
        channel: "EMONEY_DANA_SNAP".to_owned(),
        status: "00".to_owned(),
        amount: "10000.00".to_owned(),
        created_at: now,
        finished_at: now,
    }
}
