//! The client, which ties the others together: journal, token, protocol and transport.
//!
//! A call is checked, written into the journal, signed, sent, judged and written down again, all within one limit (P4);
//! whatever happens, the error says whether the money may have moved (P3). This file is its public face, and keeps a
//! forked child away from what it inherited (design section 3); the calls themselves are in `client/worker.rs`.

mod acquire;
mod exchange;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod gatekeeper;
mod judge;
mod operate;
mod records;
mod retry;
mod settle;
mod share;
mod skew;
#[cfg(test)]
mod tests;
mod token;
mod webhook;
mod words;
mod worker;

use crate::config::Config;
use crate::config::settings::Settings;
use crate::error::{Error, Result};
use crate::events::LogEntry;
use crate::journal::Resolution;
use crate::limit::Cancel;
use crate::payment::{Payment, PaymentRequest};
use crate::record::{Reconciliation, Record, Records, Settled, Which};
use crate::refund::{Refund, RefundRequest};
use crate::snap::external_id::{Derivation, Operation};
use crate::snap::signature::Symmetric;
use crate::status::Status;
#[allow(unused_imports)] // For the documentation.
use crate::webhook::DeliveryOrder;
use crate::webhook::{Delivery, InboxEntry, Incoming, WebhookAnswer};
use gatekeeper::Gatekeeper;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use worker::Worker;

/// A connection to DOKU for one merchant. Make one and keep it: the key is parsed once, and the connection and the
/// token are kept for the next call. It may be used from many threads at once, and in a child after `fork`, which gets
/// a connection, a token and a journal in memory of its own.
pub struct Client {
    shared: Arc<Shared>,
    cancel: Option<Cancel>,
}

/// What all faces of a client share.
struct Shared {
    merchant: Arc<Merchant>,
    first: Generation,
}

/// What never changes after the client was made, and so may be read in every process.
struct Merchant {
    settings: Settings,
    symmetric: Symmetric,
    derivation: Derivation,
    gatekeeper: Gatekeeper,
}

impl Merchant {
    fn new(mut settings: Settings) -> Self {
        let doku_keys = std::mem::take(&mut settings.doku_public_keys);
        let secret = settings.client_secret.reveal().as_bytes();
        let next = settings.client_secret_next.iter().map(|next| Symmetric::new(next.reveal().as_bytes()));
        let secrets = std::iter::once(Symmetric::new(secret)).chain(next).collect();
        Self {
            gatekeeper: Gatekeeper::new(doku_keys, settings.signing_key.verifying_key(), secrets),
            symmetric: Symmetric::new(secret),
            derivation: Derivation::new(secret, &settings.environment, &settings.client_id),
            settings,
        }
    }
}

impl Client {
    /// A client with these settings. Reads the keys; opens no connection.
    pub fn new(config: &Config) -> Result<Self> {
        let merchant = Arc::new(Merchant::new(Settings::from_config(config)?));
        let worker = Worker::new(Arc::clone(&merchant))?;
        Ok(Self::of(worker))
    }

    fn of(worker: Worker) -> Self {
        let merchant = Arc::clone(&worker.merchant);
        Self { shared: Arc::new(Shared { merchant, first: Generation::new(worker) }), cancel: None }
    }

    /// The same client, whose calls end when `cancel` is set: within some 50 ms, with what is true. A payment or refund
    /// of which no byte was sent is *not sent*; else it is *unknown*, and the next call with its reference settles it.
    pub fn with_cancel(&self, cancel: &Cancel) -> Self {
        Self { shared: Arc::clone(&self.shared), cancel: Some(cancel.clone()) }
    }

    /// Connects and fetches the access token ahead, so that the next payment costs one round trip. Does nothing while a
    /// token is held that is not near its end.
    pub fn warm_up(&self) -> Result<()> {
        self.worker()?.warm_up(self.cancel.as_ref())
    }

    /// Makes a payment and returns its link. Calling again with the same reference is always safe: the same one payment
    /// comes of it. It is not paid yet; see [`Client::wait`] and [`Client::status`].
    pub fn pay(&self, request: &PaymentRequest) -> Result<Payment> {
        self.worker()?.pay(request, self.cancel.as_ref())
    }

    /// Makes a refund. Calling again with the same `partner_refund_no` is always safe: the same one refund comes of it.
    pub fn refund(&self, request: &RefundRequest) -> Result<Refund> {
        self.worker()?.refund(request, self.cancel.as_ref())
    }

    /// Asks DOKU what it knows of a payment. An error proves nothing about the payment: its outcome is unknown.
    pub fn status(&self, original_partner_reference_no: &str) -> Result<Status> {
        self.worker()?.status(original_partner_reference_no, self.cancel.as_ref())
    }

    /// Asks until the payment is final ([`Status::is_final`]) or `limit` is over, and returns the last answer. A till
    /// behind a router gets no notification; it uses this. The first inquiry is always made, and has two
    /// seconds where `limit` is shorter. Fails when no answer could be had at all by then, or at once when DOKU
    /// does not accept the merchant.
    pub fn wait(&self, original_partner_reference_no: &str, limit: Duration) -> Result<Status> {
        self.worker()?.wait(original_partner_reference_no, limit, self.cancel.as_ref())
    }

    /// Asks DOKU about every operation whose fate is not known and whose time has come, until none is left or `limit` is
    /// over ([`Settled::is_complete`] tells), and returns those that were asked about, as they are now. Call it at start-up
    /// and from a timer. It only asks:
    /// nothing is ever sent again by it (journal.md rule 1). Payments that were given up by [`Client::resolve`] are asked
    /// about until their link is dead; see [`Record::is_paid_after_cancel`]. Old settled records are pruned by the way,
    /// as the setting `journal_keep_days` says.
    pub fn settle(&self, limit: Duration) -> Result<Settled> {
        self.worker()?.settle(limit, self.cancel.as_ref())
    }

    /// Closes by hand a record whose fate is not known, after a look into DOKU's dashboard, or gives up a payment that
    /// nobody has paid. `reason` is kept, and told to whoever calls with that reference again. The same call again changes
    /// nothing, and returns the same.
    pub fn resolve(
        &self,
        operation: Operation,
        reference: &str,
        resolution: Resolution,
        reason: &str,
    ) -> Result<Record> {
        self.worker()?.resolve(operation, reference, resolution, reason, self.cancel.as_ref())
    }

    /// Compares the records that were made on a day (of Jakarta, such as `2026-11-22`) with what DOKU says of each now.
    /// Each record that comes back says by [`Record::comparison`] whether the two agree. Where the time runs out
    /// first, [`Reconciliation::is_complete`] says so.
    pub fn reconcile(&self, day: &str, limit: Duration) -> Result<Reconciliation> {
        self.worker()?.reconcile(day, limit, self.cancel.as_ref())
    }

    /// Answers DOKU's request for the token with which it then sends notifications (the merchant's token route). Send back
    /// what is returned. Any process with these settings accepts the token, also after a restart. An error is a fault of
    /// this library's own: answer HTTP 500.
    pub fn webhook_token(&self, incoming: &Incoming) -> Result<WebhookAnswer> {
        self.worker()?.webhook_token(incoming)
    }

    /// Checks a notification (the merchant's notification route). Where [`Delivery::notification`] is there, it is genuine:
    /// act on it, then call [`Client::acknowledge`]; in any case send back [`Delivery::answer`]. Where the journal cannot be
    /// used, nothing is genuine and the answer tells DOKU to send it again. An error is a fault of this library's own:
    /// answer HTTP 500.
    pub fn notification(&self, incoming: &Incoming) -> Result<Delivery> {
        Ok(self.worker()?.notification(incoming, self.cancel.as_ref()))
    }

    /// Says that the notification was taken: written into the shop's own database, or acted upon. The answer is then 200,
    /// and the same notification is a [`DeliveryOrder::Repeat`] when it comes again. On an error the answer stays one that
    /// makes DOKU send it again.
    pub fn acknowledge(&self, delivery: &mut Delivery) -> Result<()> {
        self.worker()?.acknowledge(delivery, self.cancel.as_ref())
    }

    /// Says that the merchant has no such order: the answer is then 404.
    pub fn reject_unknown(&self, delivery: &mut Delivery) -> Result<()> {
        self.worker()?.reject_unknown(delivery)
    }

    /// The notifications that somebody has yet to look at, the oldest first: not acknowledged, too old to be believed, or
    /// of a payment that the journal does not know. At most 1,000.
    pub fn inbox(&self) -> Result<Vec<InboxEntry>> {
        self.worker()?.inbox(self.cancel.as_ref())
    }

    /// The records of the journal, one by one, the oldest first.
    pub fn records(&self, which: Which) -> Result<Records> {
        Ok(Records::new(self.clone_face(), which.filter()?))
    }

    /// One operation as the journal knows it; `None` where it does not.
    pub fn record(&self, operation: Operation, reference: &str) -> Result<Option<Record>> {
        self.worker()?.record(operation, reference, self.cancel.as_ref())
    }

    /// Makes the tables of a journal on PostgreSQL, or brings those of an earlier version forward. The user of the
    /// database needs the right to make tables for this call only. A journal in a file is made by itself.
    pub fn create_journal(&self) -> Result<()> {
        self.worker()?.create_journal(self.cancel.as_ref())
    }

    /// The setting of that name.
    pub fn environment(&self) -> &str {
        &self.shared.merchant.settings.environment
    }

    /// The setting of that name.
    pub fn client_id(&self) -> &str {
        &self.shared.merchant.settings.client_id
    }

    fn clone_face(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), cancel: self.cancel.clone() }
    }

    /// Takes the oldest entry from the log, which the setting `log_level` turns on; `None` when there is none. A forked
    /// child has a log of its own.
    pub fn poll_log(&self) -> Option<LogEntry> {
        self.worker().ok()?.events.poll()
    }

    /// What this process uses.
    fn worker(&self) -> Result<&Worker> {
        self.shared.first.of_this_process(|| Worker::new(Arc::clone(&self.shared.merchant)))
    }
}

/// The worker of one process, and those of the children that were forked from it.
///
/// A forked child has copies of the parent's locks, held by threads that do not exist in it, and of the parent's TLS
/// connections, on which it would speak for the parent. It never touches them: it makes a worker of its own, and leaks
/// what it inherited, for closing it would say goodbye on the parent's connections.
struct Generation {
    process: u32,
    /// Always there but while it is dropped.
    worker: Option<Worker>,
    child: OnceLock<Box<Generation>>,
}

impl Generation {
    fn new(worker: Worker) -> Self {
        Self { process: std::process::id(), worker: Some(worker), child: OnceLock::new() }
    }

    fn of_this_process(&self, make: impl Fn() -> Result<Worker>) -> Result<&Worker> {
        let process = std::process::id();
        let mut generation = self;
        while generation.process != process {
            if generation.child.get().is_none() {
                // Of two threads that come here first at the same moment one makes it in vain.
                let _ = generation.child.set(Box::new(Self::new(make()?)));
            }
            generation = generation.child.get().ok_or_else(lost)?;
        }
        generation.worker.as_ref().ok_or_else(lost)
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.worker.take());
        }
    }
}

fn lost() -> Error {
    Error::internal("The client has no worker for this process.")
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("environment", &self.shared.merchant.settings.environment)
            .field("client_id", &self.shared.merchant.settings.client_id)
            .finish_non_exhaustive()
    }
}
