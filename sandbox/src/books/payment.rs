//! One payment with its refunds, and the state that follows from them.

use time::OffsetDateTime;

use super::money::Money;
use crate::records::PaymentState;

pub(crate) struct Payment {
    pub(crate) partner_reference_no: String,
    pub(crate) reference_no: String,
    pub(crate) external_id: String,
    pub(crate) device_id: String,
    pub(crate) channel: String,
    pub(crate) order_title: Option<String>,
    pub(crate) return_url: String,
    pub(crate) checkout_id: String,
    pub(crate) amount: Money,
    pub(crate) valid_until: Option<OffsetDateTime>,
    pub(crate) page_opened: bool,
    pub(crate) decision: Option<Decision>,
    pub(crate) times_made: u64,
    pub(crate) refunds: Vec<Refund>,
}

/// What the customer did.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision {
    Paid(OffsetDateTime),
    Declined,
}

pub(crate) struct Refund {
    pub(crate) partner_refund_no: String,
    pub(crate) refund_no: String,
    pub(crate) amount: Money,
    pub(crate) reason: Option<String>,
    pub(crate) made_at: OffsetDateTime,
    pub(crate) requests: u64,
    pub(crate) times_made: u64,
}

impl Payment {
    pub(crate) fn state(&self, now: OffsetDateTime) -> PaymentState {
        match self.decision {
            Some(Decision::Paid(_)) if self.left().is_zero() => PaymentState::Refunded,
            Some(Decision::Paid(_)) => PaymentState::Paid,
            Some(Decision::Declined) => PaymentState::Declined,
            None if self.valid_until.is_some_and(|end| end < now) => PaymentState::Expired,
            None if self.page_opened => PaymentState::Pending,
            None => PaymentState::Initiated,
        }
    }

    pub(crate) fn paid_at(&self) -> Option<OffsetDateTime> {
        match self.decision {
            Some(Decision::Paid(at)) => Some(at),
            _ => None,
        }
    }

    pub(crate) fn decide(&mut self, approves: bool, now: OffsetDateTime) -> Result<(), String> {
        match self.state(now) {
            PaymentState::Initiated | PaymentState::Pending => {
                self.decision = Some(if approves { Decision::Paid(now) } else { Decision::Declined });
                Ok(())
            }
            decided => Err(format!("payment {} is already {}", self.partner_reference_no, decided.name())),
        }
    }

    /// What of the amount has not been refunded.
    pub(crate) fn left(&self) -> Money {
        let given_back = self.refunds.iter().fold(Money::default(), |sum, refund| sum.plus(refund.amount));
        self.amount.minus(given_back)
    }
}
