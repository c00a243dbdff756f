//! The desk at which events arrive, the scheduler that works through what is due, and the workers that it sends out.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use time::OffsetDateTime;

use super::body::Facts;
use super::courier::{self, Courier, Message};
use super::ledger::{Job, Ledger};
use super::notice::{Form, Notice};
use super::pace::Pace;
use super::records::{Attempt, NotificationState};
use super::settings::Retry;
use super::setup::{Merchant, Setup};
use super::token::Kept;
use crate::api::latest;
use crate::books::{Books, Payment};
use crate::clock::Clock;
use crate::lock::lock;
use crate::net::Stop;
use crate::options::Options;
use crate::records::PaymentState;
use crate::stamp;

/// How many attempts may be under way at a time: a merchant that hangs must not hold up the others.
const AT_ONCE: usize = 16;
/// What notifications of payments without a device carry.
const DEVICE: &str = "DOKU";

/// What the threads share. Events are told to it; it never takes the books' lock while it holds its own.
pub(crate) struct Desk {
    pub(super) clock: Clock,
    pub(super) books: Arc<Mutex<Books>>,
    pub(super) merchant: Merchant,
    pub(super) stop: Arc<Stop>,
    pub(super) kept: Kept,
    pub(super) state: Mutex<State>,
    /// An attempt has ended.
    pub(super) ended: Condvar,
}

pub(super) struct State {
    pub(super) setup: Option<Arc<Setup>>,
    pub(super) pace: Pace,
    pub(super) ledger: Ledger,
    pub(super) under_way: usize,
}

impl Desk {
    pub(super) fn new(options: &Options, books: &Arc<Mutex<Books>>) -> Desk {
        let pace = Pace::new(options.clock.now());
        let state = State { setup: None, pace, ledger: Ledger::default(), under_way: 0 };
        Desk {
            clock: options.clock.clone(),
            books: Arc::clone(books),
            merchant: Merchant::of(options),
            stop: Arc::default(),
            kept: Kept::default(),
            state: Mutex::new(state),
            ended: Condvar::new(),
        }
    }

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

    pub(super) fn setup(&self) -> Result<Arc<Setup>, String> {
        let setup = lock(&self.state).setup.clone();
        setup.ok_or_else(|| "there is nowhere to send notifications to".to_owned())
    }

    fn message(&self, state: &mut State, facts: Facts) -> Message {
        let external_id = state.ledger.external_id(self.clock.now());
        Message { external_id, facts, form: Form::Compact, forgery: None }
    }

    pub(super) fn message_of(&self, notice: &Notice) -> Result<Message, String> {
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
    pub(super) fn attempt(&self, setup: &Setup, id: u64, same_bytes: bool) -> Result<Option<Attempt>, String> {
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
    pub(super) fn work(self: &Arc<Desk>) {
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
