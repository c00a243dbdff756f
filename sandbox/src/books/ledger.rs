//! All payments and refunds, and the ways to find them again.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::money::Money;
use super::payment::{Payment, Refund};
use crate::stamp;

#[derive(Default)]
pub(crate) struct Ledger {
    payments: HashMap<String, Payment>,
    /// Merchant references in the order in which their payments were made.
    order: Vec<String>,
    by_reference_no: HashMap<String, String>,
    by_external_id: HashMap<String, String>,
    by_checkout_id: HashMap<String, String>,
    /// partnerRefundNo to the reference of the payment that was refunded.
    by_refund_no: HashMap<String, String>,
    /// Payment requests by the reference they named, whether or not a payment came of them.
    requests: HashMap<String, u64>,
    /// Refund requests by the number they named, likewise.
    refund_requests: HashMap<String, u64>,
    sequence: u64,
}

/// What a payment is made from.
pub(crate) struct NewPayment {
    pub(crate) partner_reference_no: String,
    pub(crate) external_id: String,
    pub(crate) device_id: String,
    pub(crate) channel: String,
    pub(crate) order_title: Option<String>,
    pub(crate) return_url: String,
    pub(crate) checkout_id: String,
    pub(crate) amount: Money,
    pub(crate) valid_until: Option<OffsetDateTime>,
}

/// What a refund is made from.
pub(crate) struct NewRefund {
    pub(crate) partner_reference_no: String,
    pub(crate) partner_refund_no: String,
    pub(crate) amount: Money,
    pub(crate) reason: Option<String>,
}

impl Ledger {
    pub(crate) fn payment(&self, partner_reference_no: &str) -> Option<&Payment> {
        self.payments.get(partner_reference_no)
    }

    pub(crate) fn payment_mut(&mut self, partner_reference_no: &str) -> Option<&mut Payment> {
        self.payments.get_mut(partner_reference_no)
    }

    pub(crate) fn by_reference_no(&self, reference_no: &str) -> Option<&Payment> {
        self.payment(self.by_reference_no.get(reference_no)?)
    }

    pub(crate) fn by_external_id(&self, external_id: &str) -> Option<&Payment> {
        self.payment(self.by_external_id.get(external_id)?)
    }

    pub(crate) fn by_checkout_id(&mut self, checkout_id: &str) -> Option<&mut Payment> {
        self.payments.get_mut(self.by_checkout_id.get(checkout_id)?)
    }

    /// The refund with this number, and the payment it belongs to.
    pub(crate) fn refund(&self, partner_refund_no: &str) -> Option<(&Payment, &Refund)> {
        let payment = self.payment(self.by_refund_no.get(partner_refund_no)?)?;
        let refund = payment.refunds.iter().find(|refund| refund.partner_refund_no == partner_refund_no)?;
        Some((payment, refund))
    }

    /// Every payment that was made, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Payment> {
        self.order.iter().filter_map(|reference| self.payment(reference))
    }

    pub(crate) fn note_payment_request(&mut self, partner_reference_no: &str) {
        *self.requests.entry(partner_reference_no.to_owned()).or_default() += 1;
    }

    pub(crate) fn payment_requests(&self, partner_reference_no: &str) -> u64 {
        self.requests.get(partner_reference_no).copied().unwrap_or_default()
    }

    pub(crate) fn note_refund_request(&mut self, partner_refund_no: &str) {
        *self.refund_requests.entry(partner_refund_no.to_owned()).or_default() += 1;
    }

    pub(crate) fn refund_requests(&self, partner_refund_no: &str) -> u64 {
        self.refund_requests.get(partner_refund_no).copied().unwrap_or_default()
    }

    pub(crate) fn make_payment(&mut self, new: NewPayment, now: OffsetDateTime) -> &Payment {
        let reference_no = self.next_number(now);
        let reference = new.partner_reference_no.clone();
        self.order.push(reference.clone());
        self.by_reference_no.insert(reference_no.clone(), reference.clone());
        self.by_external_id.insert(new.external_id.clone(), reference.clone());
        self.by_checkout_id.insert(new.checkout_id.clone(), reference.clone());
        let payment = self.payments.entry(reference).or_insert(Payment {
            partner_reference_no: new.partner_reference_no,
            reference_no,
            external_id: new.external_id,
            device_id: new.device_id,
            channel: new.channel,
            order_title: new.order_title,
            return_url: new.return_url,
            checkout_id: new.checkout_id,
            amount: new.amount,
            valid_until: new.valid_until,
            made_at: now,
            opened_at: None,
            decision: None,
            times_made: 0,
            refunds: Vec::new(),
        });
        payment.times_made += 1;
        payment
    }

    /// Makes a refund of a payment that exists, or makes it again; the caller has checked that the money is there.
    pub(crate) fn make_refund(&mut self, new: NewRefund, now: OffsetDateTime) -> Option<&Refund> {
        let refund_no = self.next_number(now);
        let payment = self.payments.get_mut(&new.partner_reference_no)?;
        self.by_refund_no.insert(new.partner_refund_no.clone(), new.partner_reference_no);
        let known = payment.refunds.iter().position(|refund| refund.partner_refund_no == new.partner_refund_no);
        let index = known.unwrap_or_else(|| {
            payment.refunds.push(Refund {
                partner_refund_no: new.partner_refund_no,
                refund_no,
                amount: new.amount,
                reason: new.reason,
                made_at: now,
                times_made: 0,
            });
            payment.refunds.len() - 1
        });
        let refund = payment.refunds.get_mut(index)?;
        refund.times_made += 1;
        Some(refund)
    }

    /// Numbers in the manner of the wallets: the second, then a running number.
    fn next_number(&mut self, now: OffsetDateTime) -> String {
        self.sequence += 1;
        format!("{}{:08}", stamp::digits(now), self.sequence)
    }
}
