//! What Bayar takes for granted about DOKU although no document settles it, each of which can be switched off singly.

use std::sync::Mutex;

use crate::lock::lock;

/// Something that holds here unless it is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumption {
    /// An X-EXTERNAL-ID is known for the day (protocol 8). Off: ids are forgotten at once.
    IdsAreRemembered,
    /// The same request again, while the first is still under way, waits and gets the first answer. Off: it gets
    /// 409xx00. "Under way" ends just before the first byte of the answer is sent.
    RepeatsWaitForTheFirst,
    /// A reference makes one payment, and a number one refund, whatever the ids. Off: a request that is not a replay is
    /// done again if the data are the same and the money is there, so that `times_made` can pass 1.
    ReferencesAreUnique,
    /// A refusal is repeated to the same request, under HTTP 409. Off: only successes are, and a request that was
    /// refused is looked at afresh.
    ErrorsAreReplayed,
    /// The status call knows what happened a moment ago. Off: it knows only what happened this long ago.
    StatusIsCurrent {
        /// Seconds, by the sandbox's clock.
        lag_s: u64,
    },
    /// The status call knows a payment whose page nobody has opened. Off: it answers 404xx01.
    UnopenedLinkIsFound,
    /// The status call's answer has `refundHistory`. Off: it has not.
    RefundHistoryIsGiven,
    /// A repeated refund is told from one that is not permitted. Off: under a number that was refunded, every request
    /// is answered 403xx15, even the same one again.
    SuccessIsNotHidden,
    /// Codes have ASPI's digits, 54 and 58. Off: those of DOKU's page, 05 and 07 (protocol 12, row 4).
    AspiServiceCodes,
}

/// Those that are switched off.
pub(crate) struct Assumptions {
    off: Mutex<Vec<Assumption>>,
}

impl Assumptions {
    pub(crate) fn without(off: Vec<Assumption>) -> Assumptions {
        Assumptions { off: Mutex::new(off) }
    }

    pub(crate) fn switch_off(&self, assumption: Assumption) {
        lock(&self.off).push(assumption);
    }

    pub(crate) fn hold(&self, assumption: Assumption) -> bool {
        !lock(&self.off).contains(&assumption)
    }

    /// By how much the status call lags; the last word counts.
    pub(crate) fn status_lag_s(&self) -> u64 {
        let off = lock(&self.off);
        let lags = off.iter().rev().filter_map(|assumption| match assumption {
            Assumption::StatusIsCurrent { lag_s } => Some(*lag_s),
            _ => None,
        });
        lags.take(1).sum()
    }
}
