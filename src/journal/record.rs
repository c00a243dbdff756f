//! What the journal keeps of one operation: what was wanted, what was sent for it, and what is known of it.

use crate::amount::Amount;
use crate::clock::Tick;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::snap::external_id::Operation;
use crate::snap::response::Reply;
use crate::status::{Status, TransactionStatus};

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
    pub(crate) fn key(&self) -> Key {
        Key { operation: self.operation, reference: self.reference.clone() }
    }

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

/// What an operation is found by, within one merchant of one environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) operation: Operation,
    pub(crate) reference: String,
}

/// What is sent for an intent: the same id and the very same bytes at every transmission.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) external_id: String,
    pub(crate) body: Vec<u8>,
    pub(crate) device_id: String,
    pub(crate) ip_address: Option<String>,
    /// When the payment's link dies, by DOKU's clock; 0 for a refund.
    pub(crate) valid_up_to_ms: i64,
    /// The time of commit 1: no byte was sent before it.
    pub(crate) begun: Tick,
    /// Whether its date is DOKU's; else it is this machine's, as DOKU's was not known.
    pub(crate) begun_by_doku: bool,
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

/// Where an answer is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// It is DOKU's to the request itself.
    Request = 0,
    /// It is a status of DOKU's in which the operation was found.
    Status = 1,
    /// A person closed the record; there is no text.
    Person = 2,
    /// It is a notification of DOKU's.
    Notification = 3,
}

/// An answer, kept as it came so that a later call reports the same result.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) http_status: u16,
    pub(crate) body: String,
    pub(crate) source: Source,
}

impl Answer {
    /// DOKU's answer; `None` where a person closed the record.
    pub(crate) fn reply(&self) -> Result<Option<Reply>> {
        if self.source == Source::Person {
            return Ok(None);
        }
        let reply = Reply::read(self.http_status, self.body.as_bytes());
        let damaged = || Error::internal("A recorded answer cannot be read again.").with_outcome(Outcome::Unknown);
        reply.ok_or_else(damaged).map(Some)
    }

    /// Whether it tells the status of a payment, rather than that it was taken.
    pub(crate) fn is_about_status(&self) -> bool {
        matches!(self.source, Source::Status | Source::Notification)
    }

    /// What it says of a payment's money, if it is a status.
    pub(crate) fn transaction_status(&self, reference: &str) -> Option<TransactionStatus> {
        let reply = self.reply().ok().flatten().filter(|_| self.is_about_status())?;
        Status::read(reference, &reply, false).transaction_status()
    }
}

/// A transmission whose fate is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    /// When it was given up: no byte was sent after this. The date is DOKU's, as far as it is known.
    pub(crate) last_sent: Tick,
    /// Whether only the status may settle it: DOKU has the request, so sending it again can tell nothing.
    pub(crate) ask_only: bool,
}

/// What is known of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// A call is at work on it, or died at work.
    Sending = 1,
    /// Its attempt was never sent.
    Unsent = 2,
    /// DOKU did not take the token, and so never looked at the request: the same id and bytes will do.
    TokenRefused = 3,
    /// Done; the answer says how.
    Done = 4,
    /// Refused for good; the answer says why.
    Refused = 5,
    /// Refused, but a new attempt under a new id may succeed.
    RefusedForNow = 6,
    /// It may have happened.
    Unknown = 7,
    /// DOKU has something else under the reference: a person has to look. It is asked about like what is unknown.
    Conflict = 8,
    /// The payment's link died and nobody had paid.
    Expired = 9,
    /// A person gave it up; a payment's link may still be paid.
    Abandoned = 10,
}

impl State {
    pub(crate) const ALL: [Self; 10] = [
        Self::Sending,
        Self::Unsent,
        Self::TokenRefused,
        Self::Done,
        Self::Refused,
        Self::RefusedForNow,
        Self::Unknown,
        Self::Conflict,
        Self::Expired,
        Self::Abandoned,
    ];

    /// The word for people and for exports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Unsent => "not sent",
            Self::TokenRefused => "not taken",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::RefusedForNow => "refused for now",
            Self::Unknown => "unknown",
            Self::Conflict => "conflict",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
        }
    }

    /// Whether its fate is not known: such a record is listed, asked about, and never pruned.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Sending | Self::Unknown | Self::Conflict)
    }

    /// Whether money moved or may have.
    pub(crate) fn counts(self) -> bool {
        self.is_open() || matches!(self, Self::Done | Self::Abandoned)
    }
}

/// A moment on the clock of a store, which all that share it have in common. Moments of two boots cannot be compared:
/// whoever held something before a reboot is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) boot: i64,
    pub(crate) ms: i64,
}

/// A call's hold on an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    /// A random number of the call.
    pub(crate) call: i64,
    /// From when another call may take over: by then the holder has been forbidden to send for long.
    pub(crate) until: Moment,
}

impl Hold {
    /// Whether nobody can be sending under it any more.
    pub(crate) fn is_over(&self, now: Moment) -> bool {
        self.until.boot != now.boot || now.ms >= self.until.ms
    }
}

/// One operation.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) intent: Intent,
    pub(crate) attempt: Attempt,
    /// Counts the attempts, from 1.
    pub(crate) number: u32,
    pub(crate) state: State,
    /// What DOKU, or a person, said; always there for what is done or refused.
    pub(crate) answer: Option<Answer>,
    /// The last transmission whose fate is not known, if there was one.
    pub(crate) open: Option<Open>,
    /// Counts the changes: a result is written only over what it was found out about.
    pub(crate) epoch: u32,
    /// Who is at work on it, while it is `Sending`.
    pub(crate) hold: Option<Hold>,
    pub(crate) created_ms: i64,
    pub(crate) changed_ms: i64,
    /// What is known of the money of a payment, apart from whether its link was made.
    pub(crate) transaction_status: Option<TransactionStatus>,
    /// When the status is to be asked again by itself; `None` where nothing is open.
    pub(crate) next_ask_ms: Option<i64>,
    /// How often it was asked since it is open.
    pub(crate) asked: u32,
    /// How often DOKU did not know the payment after its link had died.
    pub(crate) not_found: u32,
    /// What a person should know: why it is in conflict, why it was closed.
    pub(crate) note: Option<String>,
    /// What happened, line by line, for a support desk.
    pub(crate) trail: String,
}

impl Record {
    pub(crate) fn key(&self) -> Key {
        self.intent.key()
    }

    /// The payment that is to be asked about.
    pub(crate) fn payment_reference(&self) -> &str {
        self.intent.original.as_deref().unwrap_or(&self.intent.reference)
    }

    /// Money came after the payment was given up or had expired.
    pub(crate) fn is_paid_after_cancel(&self) -> bool {
        matches!(self.state, State::Abandoned | State::Expired)
            && matches!(self.transaction_status, Some(TransactionStatus::Paid | TransactionStatus::Refunded))
    }
}
