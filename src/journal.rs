//! The journal: what is to be sent is written down before its first byte leaves, and its result when it is known.
//! `pay` and `refund` go through it, so that the same reference always gives the same one result (P2).
//!
//! One trait; today the journal lives in memory ([`memory::MemoryJournal`]) and is lost with the process. Then only the
//! derived X-EXTERNAL-ID and DOKU's own deduplication protect.

pub(crate) mod memory;

use crate::amount::Amount;
use crate::clock::Tick;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::limit::Limit;
use crate::snap::external_id::Operation;

/// What the caller wants, as far as it is the identity of a payment or refund. Two calls with the same operation and
/// reference must agree on the rest; title, expiry, device and address may differ, and the bytes stored first win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intent {
    pub(crate) operation: Operation,
    /// `partnerReferenceNo` of a payment, `partnerRefundNo` of a refund.
    pub(crate) reference: String,
    pub(crate) amount: Amount,
    pub(crate) channel: String,
    /// The payment that a refund is for.
    pub(crate) original: Option<String>,
}

impl Intent {
    /// That `earlier`, recorded under the same reference, is the same intent; the error names what differs.
    pub(crate) fn must_match(&self, earlier: &Self) -> Result<()> {
        let (field, was, is) = if self.amount != earlier.amount {
            ("amount", earlier.amount.to_string(), self.amount.to_string())
        } else if self.original != earlier.original {
            let text = |intent: &Self| intent.original.clone().unwrap_or_default();
            ("original_partner_reference_no", text(earlier), text(self))
        } else if self.channel != earlier.channel {
            ("channel", earlier.channel.clone(), self.channel.clone())
        } else {
            return Ok(());
        };
        let message = format!(
            "The {} '{}' was already used with another {field}: {was}, now {is}. Nothing was sent; use a new reference \
             for something new.",
            self.operation.name(),
            self.reference
        );
        Err(Error::new(Kind::ReferenceReused, Outcome::NotSent, Retry::No, message).with_field(field))
    }
}

/// What is sent for an intent: the same id and the very same bytes at every transmission.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) external_id: String,
    pub(crate) body: Vec<u8>,
    pub(crate) device_id: String,
    pub(crate) ip_address: Option<String>,
    /// When the payment's link dies; 0 for a refund.
    pub(crate) valid_up_to_ms: i64,
    /// The time of day of commit 1: no byte was sent before it.
    pub(crate) begun_ms: i64,
}

/// Which attempt a journal asks for.
pub(crate) enum Need<'a> {
    /// The first of an operation: its id is derived.
    First,
    /// Another one after a refusal for now: its id is random.
    Another,
    /// The same one, of which no byte was sent: its id stays, its bytes may be new.
    Rewritten(&'a str),
}

/// An answer, kept as it came so that a later call reports the same result.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) http_status: u16,
    pub(crate) body: String,
    /// Whether it is a status answer in which the operation was found, rather than the answer to the request.
    pub(crate) from_status: bool,
}

/// A transmission whose fate is not known.
#[derive(Clone, Copy)]
pub(crate) struct Open {
    /// When it was given up: no byte was sent after this.
    pub(crate) last_sent: Tick,
    /// Whether only the status may settle it: DOKU has the request, so sending it again can tell nothing.
    pub(crate) ask_only: bool,
}

/// What is known of an operation.
#[derive(Clone)]
pub(crate) enum State {
    /// A call is at work on it.
    Sending,
    /// Its attempt was never sent.
    Unsent,
    /// DOKU did not take the token, and so never looked at the request: the same id and bytes will do.
    TokenRefused,
    /// Done; the answer says how.
    Done(Answer),
    /// Refused for good; the answer says why.
    Refused(Answer),
    /// Refused, but a new attempt under a new id may succeed.
    RefusedForNow,
    /// It may have happened.
    Unknown,
}

/// One operation.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) intent: Intent,
    pub(crate) attempt: Attempt,
    /// Counts the attempts, from 1.
    pub(crate) number: u32,
    pub(crate) state: State,
    /// The last transmission whose fate is not known, if there was one.
    pub(crate) open: Option<Open>,
    /// Counts the calls that worked on it: results are written only by the call that holds it.
    pub(crate) epoch: u32,
}

/// What a call found out about the operation that it holds.
pub(crate) enum Finding {
    /// This call sent no byte of the operation, and learned nothing about it.
    NothingNew,
    /// See [`State::TokenRefused`].
    TokenRefused,
    /// See [`State::Done`].
    Done(Answer),
    /// See [`State::Refused`].
    Refused(Answer),
    /// See [`State::RefusedForNow`].
    RefusedForNow,
    /// Bytes were sent, and what came of them is not known.
    Unknown(Open),
}

/// What [`Journal::begin`] found.
pub(crate) enum Begun {
    /// The operation is this call's until it is finished. Nothing may be sent before this came back.
    Mine {
        record: Record,
        /// Whether a byte of it may have been sent before: then a refusal proves nothing.
        sent_before: bool,
    },
    /// It is settled: this is the result.
    Settled(Record),
    /// Another call is still at work on it, and the limit is over.
    Busy,
}

/// A place where operations are kept.
pub(crate) trait Journal: Send + Sync {
    /// Takes hold of an operation before anything is sent (commit 1). `attempt` makes what is to be sent where something
    /// new is. Waits within the limit for another call that is at work on it.
    fn begin(
        &self,
        intent: &Intent,
        attempt: &mut dyn FnMut(Need<'_>) -> Result<Attempt>,
        limit: &Limit,
    ) -> Result<Begun>;

    /// Writes what was found out (commit 2), if the operation is still held under that epoch.
    fn finish(&self, record: &Record, finding: Finding) -> Result<()>;

    /// Reads what is known of an operation.
    fn find(&self, operation: Operation, reference: &str) -> Result<Option<Record>>;
}
