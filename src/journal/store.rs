//! What a place to keep operations has to be able to do. The rules are not here (see `rules.rs`): a store only reads and
//! writes whole records, each change atomic against everybody who shares the store.

use super::record::{Key, Moment, Record};
use crate::error::Result;
use crate::limit::Limit;
use crate::secret::Secret;

/// What a store shows to somebody who wants to change an operation.
pub(crate) struct Seen {
    pub(crate) record: Option<Record>,
    /// The store's own time.
    pub(crate) now: Moment,
    /// Of a refund: what is known of its payment and of the payment's other refunds.
    pub(crate) refunds: Option<Refunds>,
}

/// What the journal knows of a payment and its refunds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refunds {
    /// The payment's amount in sen, where the journal has it.
    pub(crate) paid_sen: Option<i64>,
    /// What all other refunds of it come to that are done or may be.
    pub(crate) others_sen: i64,
}

/// What is to become of it.
pub(crate) enum Change {
    Keep,
    Write(Box<Record>),
}

/// Which records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    All,
    /// Those whose fate is not known, and payments that were given up while their link lives.
    Open,
    /// Those that are to be asked about by then.
    Due(i64),
    /// A payment and its refunds, or a refund, under this reference.
    Reference(String),
    /// Those made within `[from, to)`, in milliseconds since 1970.
    Made(i64, i64),
}

/// A place in the order of records: (created, operation, reference). For [`Filter::Due`] the time is that of asking.
pub(crate) type Position = (i64, Key);

/// DOKU's token as all share it.
#[derive(Clone)]
pub(crate) struct SharedToken {
    /// Counts the changes.
    pub(crate) version: i64,
    pub(crate) token: Option<Secret>,
    /// When it ends, by the store's clock.
    pub(crate) ends: Moment,
    /// Until when somebody is fetching one.
    pub(crate) fetching: Option<Moment>,
}

/// How far a notification got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoteState {
    /// It was genuine, and is with the merchant.
    Received = 1,
    /// The merchant has taken it.
    Acknowledged = 2,
    /// It was DOKU's own but too old to be believed.
    Stale = 3,
}

/// A notification in the journal's inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// What tells it from another: see [`crate::Notification::key`].
    pub(crate) key: String,
    pub(crate) reference: String,
    pub(crate) state: NoteState,
    /// Whether the journal knew the payment.
    pub(crate) is_known: bool,
    pub(crate) body: String,
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    pub(crate) count: i64,
}

/// A place where operations are kept.
pub(crate) trait Store: Send + Sync {
    /// Reads an operation and lets `decide` change it, atomically against everybody else. `decide` may be called again if
    /// somebody else was quicker; what counts is what it said last. With `payment`, the refunds of that payment are
    /// shown, and cannot change until the decision is written.
    fn update(
        &self,
        key: &Key,
        payment: Option<&str>,
        limit: &Limit,
        decide: &mut dyn FnMut(Seen) -> Result<Change>,
    ) -> Result<()>;

    /// Reads one operation. Waits for no writer.
    fn find(&self, key: &Key, limit: &Limit) -> Result<Option<Record>>;

    /// The next records in their order. Waits for no writer.
    fn page(&self, filter: &Filter, after: Option<&Position>, count: usize, limit: &Limit) -> Result<Vec<Record>>;

    /// Removes up to `count` settled records that did not change since, and as many acknowledged notifications; tells how
    /// many records.
    fn prune(&self, unchanged_since_ms: i64, count: usize, limit: &Limit) -> Result<usize>;

    /// The store's clock.
    fn now(&self, limit: &Limit) -> Result<Moment>;

    /// The token that all share; `None` where this store shares with nobody.
    fn token(&self, limit: &Limit) -> Result<Option<SharedToken>>;

    /// Writes the token if its version is still that of `token`, and counts the version up; whether it was written.
    fn put_token(&self, token: &SharedToken, limit: &Limit) -> Result<bool>;

    /// Writes a notification down, and returns how far it had got before; what was acknowledged stays so.
    fn note(&self, note: &Note, limit: &Limit) -> Result<Option<NoteState>>;

    /// The notifications that are not acknowledged, or whose payment is not known, the oldest first.
    fn notes(&self, after: Option<(i64, &str)>, count: usize, limit: &Limit) -> Result<Vec<Note>>;

    /// Makes what it needs, where that is not done by itself.
    fn create(&self, _limit: &Limit) -> Result<()> {
        Ok(())
    }

    /// Waits a little, or until somebody in this process let go of an operation.
    fn pause(&self, limit: &Limit, pause: std::time::Duration) {
        limit.sleep(pause);
    }
}
