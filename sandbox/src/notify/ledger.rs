//! What there is to deliver: every notification with its record, and what is due when.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;

use super::courier::{Message, Sent};
use super::records::{Attempt, NotificationRecord, NotificationState};
use crate::stamp;

/// How many notifications are kept; the oldest go first.
const KEPT: usize = 10_000;
/// Larger ones are recorded, but cannot be sent again byte by byte.
const KEPT_BODY: usize = 1024 * 1024;

/// One notification with all that sending it again needs.
pub(super) struct Entry {
    pub(super) record: NotificationRecord,
    pub(super) message: Arc<Message>,
    /// When the first attempt of the schedule began, in the schedule's time.
    pub(super) first_at: Option<Duration>,
    /// How many attempts the schedule has made.
    pub(super) planned: usize,
    pub(super) sent: Option<Sent>,
}

/// Something to be done at its time.
pub(super) enum Job {
    /// An attempt of the schedule.
    Deliver(u64),
    /// To look whether this payment has expired.
    Expiry(String),
}

#[derive(Default)]
pub(super) struct Ledger {
    next_id: u64,
    sequence: u64,
    entries: BTreeMap<u64, Entry>,
    /// Times of the schedule, which can be sped up and moved on.
    by_schedule: BTreeMap<(Duration, u64), Job>,
    /// Times of the sandbox's clock.
    by_clock: BTreeMap<(OffsetDateTime, u64), Job>,
    watched: HashSet<String>,
}

/// How far away the next job is, by either reckoning.
pub(super) struct Distance {
    pub(super) by_schedule: Option<Duration>,
    pub(super) by_clock: Option<time::Duration>,
}

impl Ledger {
    pub(super) fn add(&mut self, message: Message, state: NotificationState) -> u64 {
        self.next_id += 1;
        let record = NotificationRecord {
            id: self.next_id,
            partner_reference_no: message.facts.partner_reference_no.clone(),
            status: message.facts.status.clone(),
            state,
            attempts: Vec::new(),
        };
        let message = Arc::new(message);
        let entry = Entry { record, message, first_at: None, planned: 0, sent: None };
        self.entries.insert(self.next_id, entry);
        if self.entries.len() > KEPT {
            self.entries.pop_first();
        }
        self.next_id
    }

    /// X-EXTERNAL-ID of a new notification: the second, then a running number.
    pub(super) fn external_id(&mut self, now: OffsetDateTime) -> String {
        self.sequence += 1;
        format!("{}{:018}", stamp::digits(now), self.sequence)
    }

    pub(super) fn entry(&self, id: u64) -> Option<&Entry> {
        self.entries.get(&id)
    }

    pub(super) fn entry_mut(&mut self, id: u64) -> Option<&mut Entry> {
        self.entries.get_mut(&id)
    }

    pub(super) fn records(&self) -> Vec<NotificationRecord> {
        self.entries.values().map(|entry| entry.record.clone()).collect()
    }

    /// Writes an attempt down. Whoever accepts ends the schedule, whichever attempt it was.
    pub(super) fn note(&mut self, attempt: Attempt, sent: Option<Sent>) {
        if let Some(entry) = self.entries.get_mut(&attempt.id) {
            if attempt.accepted && entry.record.state != NotificationState::OnDemand {
                entry.record.state = NotificationState::Accepted;
            }
            entry.record.attempts.push(attempt);
            if entry.sent.is_none() {
                entry.sent = sent.filter(|sent| sent.body.len() <= KEPT_BODY);
            }
        }
    }

    pub(super) fn at_schedule(&mut self, due: Duration, job: Job) {
        self.sequence += 1;
        self.by_schedule.insert((due, self.sequence), job);
    }

    /// Looks after a payment's end, once.
    pub(super) fn watch(&mut self, partner_reference_no: &str, end: OffsetDateTime) {
        if self.watched.insert(partner_reference_no.to_owned()) {
            self.sequence += 1;
            self.by_clock.insert((end, self.sequence), Job::Expiry(partner_reference_no.to_owned()));
        }
    }

    /// The next job that is due. A payment expires after its last moment, not in it.
    pub(super) fn due(&mut self, schedule_now: Duration, clock_now: OffsetDateTime) -> Option<Job> {
        if self.by_clock.first_key_value().is_some_and(|((end, _), _)| *end < clock_now) {
            return self.by_clock.pop_first().map(|(_, job)| job);
        }
        if self.by_schedule.first_key_value().is_some_and(|((due, _), _)| *due <= schedule_now) {
            return self.by_schedule.pop_first().map(|(_, job)| job);
        }
        None
    }

    pub(super) fn distance(&self, schedule_now: Duration, clock_now: OffsetDateTime) -> Distance {
        let by_schedule = self.by_schedule.first_key_value();
        let by_clock = self.by_clock.first_key_value();
        Distance {
            by_schedule: by_schedule.map(|((due, _), _)| due.saturating_sub(schedule_now)),
            by_clock: by_clock.map(|((end, _), _)| *end - clock_now),
        }
    }
}
