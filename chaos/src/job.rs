//! What the driver tells a worker to do, and what the worker was told by the library: one line of JSON each.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Job {
    Pay {
        reference: String,
        amount: String,
    },
    Refund {
        reference: String,
        amount: String,
        original: String,
    },
    /// Ask about what is open and due.
    Settle,
    /// Ask about everything of this day.
    Reconcile {
        day: String,
        limit_ms: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    Done,
    NotSent,
    Refused,
    Unknown,
}

/// What must be the same however often it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) json: String,
    /// A payment's link, a refund's number.
    pub(crate) link: Option<String>,
    pub(crate) external_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) said: Said,
    /// What went wrong, by its name.
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) outcome: Option<Outcome>,
    /// Whether the journal has the result.
    pub(crate) is_recorded: bool,
    pub(crate) took_ms: u64,
}
