//! A running sandbox, as the program and the tests hold it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::assumptions::Assumption;
use crate::lock::lock;
use crate::misbehaviour::{Misbehaviour, Rule};
use crate::net::{Identity, Listener, Listening};
use crate::notify::{Attempt, Notice, NotificationRecord, Notifications};
use crate::options::Options;
use crate::records::{Counts, PaymentRecord, SeenRequest};
use crate::world::World;

/// A running server. Dropping it closes the port and every connection, and ends its threads.
pub struct Sandbox {
    // Declared first, so dropped first: no request may reach a world that is going.
    _listening: Listening,
    world: Arc<World>,
    ca_pem: String,
}

impl Sandbox {
    /// Starts a server on this machine's loopback addresses.
    ///
    /// # Errors
    /// When the port is taken, a key or an address of the options cannot be read, or the machine has no threads left to give.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        let identity = if options.tls { Some(Identity::make(options.certificate)?) } else { None };
        let listener = Listener::bind(options.port)?;
        let port = listener.port();
        let base_url = match identity {
            Some(_) => format!("https://localhost:{port}"),
            None => format!("http://127.0.0.1:{port}"),
        };
        let idle = Duration::from_millis(options.idle_timeout_ms);
        let world = Arc::new(World::new(options, base_url)?);
        let (ca_pem, config) = match identity {
            Some(identity) => (identity.ca_pem, Some(identity.config)),
            None => (String::new(), None),
        };
        Ok(Sandbox { _listening: listener.start(&world, config, idle)?, world, ca_pem })
    }

    /// `https://localhost:PORT`, or `http://127.0.0.1:PORT` without TLS.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.world.base_url.clone()
    }

    /// The certificate authority to trust, in PEM; empty without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Pays, as the customer on the checkout page would.
    ///
    /// # Errors
    /// When there is no such payment, or it has been decided already.
    pub fn approve(&self, partner_reference_no: &str) -> Result<(), String> {
        self.world.decide(partner_reference_no, true)
    }

    /// Refuses to pay, as the customer on the checkout page would.
    ///
    /// # Errors
    /// When there is no such payment, or it has been decided already.
    pub fn decline(&self, partner_reference_no: &str) -> Result<(), String> {
        self.world.decide(partner_reference_no, false)
    }

    /// What happened so far, in totals.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.world.tally.counts()
    }

    /// One payment; `None` when no authenticated request ever named it.
    #[must_use]
    pub fn payment(&self, partner_reference_no: &str) -> Option<PaymentRecord> {
        self.world.record(partner_reference_no)
    }

    /// All payments that were made, oldest first.
    #[must_use]
    pub fn payments(&self) -> Vec<PaymentRecord> {
        self.world.records()
    }

    /// The API requests as received, oldest first, as many as [`Options::seen_limit`] keeps.
    #[must_use]
    pub fn seen(&self) -> Vec<SeenRequest> {
        self.world.seen.all()
    }

    /// Makes every token old, as if another process had fetched a newer one.
    pub fn forget_tokens(&self) {
        self.world.tokens.supersede();
    }

    /// Adds a rule behind those that are there.
    pub fn misbehave(&self, rule: Rule) {
        self.world.rules.add(rule);
    }

    /// Lets chance strike every request that no rule is for, so many times in a thousand. The same seed gives the same
    /// misbehaviours, in the order in which requests arrive.
    pub fn misbehave_at_random(&self, seed: u64, per_mille: u32, choices: Vec<Misbehaviour>) {
        self.world.rules.at_random(seed, per_mille, choices);
    }

    /// Drops all rules, and ends what was left to chance.
    pub fn behave(&self) {
        self.world.rules.clear();
    }

    /// From now on this does not hold.
    pub fn switch_off(&self, assumption: Assumption) {
        self.world.assumptions.switch_off(assumption);
    }

    /// Authenticated refund requests that named this number, whether or not a refund came of them.
    #[must_use]
    pub fn refund_requests(&self, partner_refund_no: &str) -> u64 {
        lock(&self.world.books).ledger.refund_requests(partner_refund_no)
    }

    /// From now on the merchant is notified there, about payments that are decided, expire or are refunded in full.
    ///
    /// # Errors
    /// When an address, a key or the certificate authority cannot be read, or there is no thread left to give.
    pub fn notify(&self, notifications: Notifications) -> io::Result<()> {
        self.world.notifier.configure(notifications)
    }

    /// Sends one notification now, once, and waits for the answer.
    ///
    /// # Errors
    /// When there is nowhere to send it, or its forgery would change nothing. What the merchant answers is no error.
    pub fn deliver(&self, notice: &Notice) -> Result<Attempt, String> {
        self.world.notifier.deliver(notice)
    }

    /// Sends a notification once more, with a new timestamp and signature, as a person in DOKU's back office would.
    ///
    /// # Errors
    /// When there is no such notification.
    pub fn resend(&self, id: u64) -> Result<Attempt, String> {
        self.world.notifier.again(id, false)
    }

    /// Sends the very bytes of a notification once more, as somebody would who has recorded them.
    ///
    /// # Errors
    /// When there is no such notification, it never went over the wire, or it is larger than 1 MiB.
    pub fn replay(&self, id: u64) -> Result<Attempt, String> {
        self.world.notifier.again(id, true)
    }

    /// The last 10,000 notifications with all their attempts, oldest first.
    #[must_use]
    pub fn notifications(&self) -> Vec<NotificationRecord> {
        self.world.notifier.records()
    }

    /// Waits until no notification is under way or due, and tells whether it came to that in time. Retries that lie in the
    /// future are not waited for.
    #[must_use]
    pub fn wait_for_notifications(&self, at_most: Duration) -> bool {
        self.world.notifier.wait(at_most)
    }

    /// Moves the schedule of retries on by so many seconds, and nothing else: timestamps stay those of the clock.
    pub fn advance_schedule(&self, seconds: u64) {
        self.world.notifier.advance(seconds);
    }

    /// Forgets the merchant's token, so that the next notification asks for one.
    pub fn forget_merchant_token(&self) {
        self.world.notifier.forget_token();
    }

    /// Makes every API answer take this much longer.
    pub fn set_delay_ms(&self, ms: u64) {
        self.world.set_delay_ms(ms);
    }
}
