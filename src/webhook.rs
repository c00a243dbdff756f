//! What DOKU sends to the merchant's two routes, and what is answered. The library has no web server: a program hands over
//! what came in, and sends back what it is given.

use crate::journal::{Note, NoteState};
use crate::notification::{self, Notification};
use crate::snap::timestamp::{self, Form};
use crate::status::Status;
use std::fmt;

/// A request that came in.
#[derive(Clone)]
pub struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Incoming {
    /// A request with its method (`POST`), its path as it was requested, and its body, byte for byte.
    pub fn new(method: &str, path: &str, body: &[u8]) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), body: body.to_vec() }
    }

    /// Adds a header as it came; one that came twice is added twice.
    pub fn add_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// The value of a header, in whatever letters its name came.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The first of these headers that came more than once.
    pub(crate) fn repeated<'a>(&self, names: &[&'a str]) -> Option<&'a str> {
        let count = |name: &str| self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).count();
        names.iter().find(|name| count(name) > 1).copied()
    }
}

/// The headers hold DOKU's signature and token.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Incoming")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// What is to be sent back.
#[derive(Clone)]
pub struct WebhookAnswer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) reason: String,
}

impl WebhookAnswer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers, `Content-Type` among them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The body, as JSON.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Whether what came in was accepted (HTTP 200).
    pub fn is_accepted(&self) -> bool {
        self.status == 200
    }

    /// Why it was not accepted, as a sentence for the merchant's own log. DOKU is told less.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// The body may hold the token that was issued.
impl fmt::Debug for WebhookAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookAnswer")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Where a notification stands among those that came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum DeliveryOrder {
    /// It was not acknowledged before.
    New = 1,
    /// The same was acknowledged before: there is nothing left to do but to acknowledge it again.
    Repeat = 2,
    /// It says less than what is known already, such as pending after paid: acknowledge it, and do not go back.
    Late = 3,
}

/// A notification that DOKU delivered, and what the merchant decides about it.
pub struct Delivery {
    pub(crate) notification: Option<Notification>,
    pub(crate) order: DeliveryOrder,
    pub(crate) is_known: bool,
    pub(crate) mismatch: Option<String>,
    pub(crate) stale: Option<Status>,
    pub(crate) answer: WebhookAnswer,
}

impl Delivery {
    /// The notification, if it is genuine: from DOKU, for this merchant, unchanged and fresh. `None` where it is not;
    /// then nothing of it may be believed, and [`Delivery::answer`] says what to send back.
    pub fn notification(&self) -> Option<&Notification> {
        self.notification.as_ref()
    }

    /// Whether it came before.
    pub fn order(&self) -> DeliveryOrder {
        self.order
    }

    /// Whether the journal knows the payment. One that it does not know stays in its inbox.
    pub fn is_known(&self) -> bool {
        self.is_known
    }

    /// What differs from what was ordered, as a sentence: another amount, in the notification or in
    /// [`Delivery::status_instead`]. A person has to look before anything is handed over.
    pub fn mismatch(&self) -> Option<&str> {
        self.mismatch.as_deref()
    }

    /// Of a notification that was DOKU's own but too old to be believed: what DOKU said when it was asked instead. `None`
    /// where it was acknowledged before, or DOKU could not be asked.
    pub fn status_instead(&self) -> Option<&Status> {
        self.stale.as_ref()
    }

    /// What tells the event from others: [`Notification::key`], or of what DOKU said instead of a stale notification the key
    /// that a notification of the same would have. Whoever acts on either under this key acts once.
    pub fn key(&self) -> Option<String> {
        let asked = || {
            let status = self.stale.as_ref()?;
            let digits = format!("{:02}", status.transaction_status()? as i32);
            Some(notification::key(status.original_partner_reference_no(), &digits, status.original_reference_no()))
        };
        self.notification().map(Notification::key).or_else(asked)
    }

    /// What to send back. Until [`crate::Client::acknowledge`] it tells DOKU to send the notification again.
    pub fn answer(&self) -> &WebhookAnswer {
        &self.answer
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("notification", &self.notification)
            .field("order", &self.order)
            .field("is_known", &self.is_known)
            .field("mismatch", &self.mismatch)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

/// A notification that the journal keeps because somebody has yet to look at it: it was not acknowledged, it was too old
/// to be believed, or its payment is not known.
#[derive(Clone, Debug)]
pub struct InboxEntry {
    pub(crate) note: Note,
}

impl InboxEntry {
    /// See [`Notification::key`].
    pub fn key(&self) -> &str {
        &self.note.key
    }

    /// The payment's reference.
    pub fn reference(&self) -> &str {
        &self.note.reference
    }

    /// Whether the merchant has acknowledged it.
    pub fn is_acknowledged(&self) -> bool {
        self.note.state == NoteState::Acknowledged
    }

    /// Whether it was DOKU's own but too old to be believed.
    pub fn is_stale(&self) -> bool {
        self.note.state == NoteState::Stale
    }

    /// Whether the journal knew the payment.
    pub fn is_known(&self) -> bool {
        self.note.is_known
    }

    /// All that DOKU sent, as JSON.
    pub fn json(&self) -> &str {
        &self.note.body
    }

    /// When it first came, in Jakarta time.
    pub fn first_came(&self) -> String {
        timestamp::format(self.note.first_ms, Form::Wib)
    }

    /// When it last came or was acknowledged, in Jakarta time.
    pub fn last_came(&self) -> String {
        timestamp::format(self.note.last_ms, Form::Wib)
    }

    /// How often it came or was acknowledged.
    pub fn count(&self) -> i64 {
        self.note.count
    }
}
