//! The refund call (protocol 5): all or a part of what was paid goes back.

use serde_json::json;
use time::OffsetDateTime;

use super::case::Case;
use super::fields::Fields;
use super::payment::CHANNEL;
use super::{Outcome, object};
use crate::assumptions::Assumption;
use crate::books::{Books, Money, NewRefund, Payment, Refund};
use crate::seen::Tally;
use crate::stamp;
use crate::world::World;

/// A refund request whose fields are all in order.
pub(super) struct Order {
    partner_reference_no: String,
    partner_refund_no: String,
    amount: Money,
    reason: Option<String>,
}

impl Order {
    pub(super) fn read(body: &Fields<'_>) -> Result<Order, Case> {
        let partner_reference_no = body.required_text("originalPartnerReferenceNo", 64)?;
        let partner_refund_no = body.required_text("partnerRefundNo", 64)?;
        let amount = body.amount("refundAmount")?;
        body.text("originalExternalId", 64)?;
        let reason = body.text("reason", 255)?;
        body.required_object("additionalInfo")?.one_of("channel", &[CHANNEL])?;
        Ok(Order {
            partner_reference_no: partner_reference_no.to_owned(),
            partner_refund_no: partner_refund_no.to_owned(),
            amount,
            reason: reason.map(str::to_owned),
        })
    }

    pub(super) fn perform(self, world: &World, books: &mut Books, now: OffsetDateTime) -> Outcome {
        if let Some((payment, refund)) = books.ledger.refund(&self.partner_refund_no) {
            let clash = self.clash_with(payment, refund);
            if clash == Case::Inconsistent || world.assumptions.hold(Assumption::ReferencesAreUnique) {
                return Err(clash);
            }
        }
        let payment = books.ledger.payment(&self.partner_reference_no);
        let payment = payment.ok_or(Case::NotFound)?;
        if payment.paid_at().is_none() {
            return Err(Case::InvalidStatus);
        }
        if self.amount > payment.left() {
            return Err(Case::InvalidAmount);
        }
        let reference_no = payment.reference_no.clone();
        let new = NewRefund {
            partner_reference_no: self.partner_reference_no.clone(),
            partner_refund_no: self.partner_refund_no,
            amount: self.amount,
            reason: self.reason,
        };
        let refund = books.ledger.make_refund(new, now).ok_or(Case::Internal)?;
        Tally::add(&world.tally.refunds_made);
        let answer = object(json!({
            "originalPartnerReferenceNo": self.partner_reference_no,
            "originalReferenceNo": reference_no,
            "partnerRefundNo": refund.partner_refund_no,
            "refundNo": refund.refund_no,
            "refundAmount": { "value": refund.amount.to_string(), "currency": "IDR" },
            "refundTime": stamp::jakarta_without_zone(now),
        }));
        if let Some(payment) = books.ledger.payment(&self.partner_reference_no)
            && payment.left().is_zero()
        {
            world.notifier.desk().announce(payment);
        }
        Ok(answer)
    }

    fn clash_with(&self, payment: &Payment, refund: &Refund) -> Case {
        let same = payment.partner_reference_no == self.partner_reference_no && refund.amount == self.amount;
        if same { Case::Duplicate("partnerRefundNo") } else { Case::Inconsistent }
    }
}
