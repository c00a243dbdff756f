//! One payment with its refunds, and the state that follows from them.

use time::OffsetDateTime;

use super::money::Money;
use crate::records::PaymentState;

#[derive(Clone)]
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
    pub(crate) made_at: OffsetDateTime,
    pub(crate) opened_at: Option<OffsetDateTime>,
    pub(crate) decision: Option<Decision>,
    pub(crate) times_made: u64,
    pub(crate) refunds: Vec<Refund>,
}

/// What the customer did.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision {
    Paid(OffsetDateTime),
    Declined(OffsetDateTime),
}

#[derive(Clone)]
pub(crate) struct Refund {
    pub(crate) partner_refund_no: String,
    pub(crate) refund_no: String,
    pub(crate) amount: Money,
    pub(crate) reason: Option<String>,
    pub(crate) made_at: OffsetDateTime,
    pub(crate) times_made: u64,
}

impl Payment {
    pub(crate) fn state(&self, now: OffsetDateTime) -> PaymentState {
        match self.decision {
            Some(Decision::Paid(_)) if self.left().is_zero() => PaymentState::Refunded,
            Some(Decision::Paid(_)) => PaymentState::Paid,
            Some(Decision::Declined(_)) => PaymentState::Declined,
            None if self.valid_until.is_some_and(|end| end < now) => PaymentState::Expired,
            None if self.opened_at.is_some() => PaymentState::Pending,
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
                self.decision = Some(if approves { Decision::Paid(now) } else { Decision::Declined(now) });
                Ok(())
            }
            decided => Err(format!("payment {} is already {}", self.partner_reference_no, decided.name())),
        }
    }

    /// Whether the customer has shown up; to decide takes the page, too.
    pub(crate) fn was_opened(&self) -> bool {
        self.opened_at.is_some() || self.decision.is_some()
    }

    /// The payment as it stood at an earlier time, if it had been made by then.
    pub(crate) fn as_of(&self, then: OffsetDateTime) -> Option<Payment> {
        let mut payment = self.clone();
        payment.opened_at = self.opened_at.filter(|at| *at <= then);
        payment.decision = self.decision.filter(|decision| {
            let (Decision::Paid(at) | Decision::Declined(at)) = decision;
            *at <= then
        });
        payment.refunds.retain(|refund| refund.made_at <= then);
        (self.made_at <= then).then_some(payment)
    }

    /// What of the amount has not been refunded.
    pub(crate) fn left(&self) -> Money {
        let given_back =
            self.refunds.iter().fold(Money::default(), |sum, refund| sum.plus(refund.amount.times(refund.times_made)));
        self.amount.minus(given_back)
    }
}
