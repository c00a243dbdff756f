//! The status call (protocol 7): where a payment stands, and what was refunded of it.

use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use super::case::Case;
use super::fields::Fields;
use super::service::Service;
use super::{Outcome, object};
use crate::assumptions::Assumption;
use crate::books::{Books, Money, Payment, Refund};
use crate::records::PaymentState;
use crate::stamp;
use crate::world::World;

/// A status request whose fields are all in order.
pub(super) struct Order {
    service_code: String,
    partner_reference_no: Option<String>,
    reference_no: Option<String>,
    external_id: Option<String>,
}

impl Order {
    pub(super) fn read(body: &Fields<'_>) -> Result<Order, Case> {
        // DOKU's SDKs insist on 55, the standard means the original's 54 (protocol 12, row 11).
        let service_code = body.one_of("serviceCode", &["54", "55"])?;
        // An empty reference is none: some clients send every field that they know.
        let reference = |name| -> Result<Option<String>, Case> {
            let given = body.text(name, 64)?.filter(|reference| !reference.is_empty());
            Ok(given.map(str::to_owned))
        };
        let order = Order {
            service_code: service_code.to_owned(),
            partner_reference_no: reference("originalPartnerReferenceNo")?,
            reference_no: reference("originalReferenceNo")?,
            external_id: reference("originalExternalId")?,
        };
        if order.partner_reference_no.is_none() && order.reference_no.is_none() && order.external_id.is_none() {
            return Err(body.missing("originalPartnerReferenceNo"));
        }
        Ok(order)
    }

    pub(super) fn perform(self, world: &World, books: &Books, now: OffsetDateTime) -> Outcome {
        let assumptions = &world.assumptions;
        let lag = i64::try_from(assumptions.status_lag_s()).unwrap_or(i64::MAX);
        let then = now.saturating_sub(Duration::seconds(lag));
        let payment = &self.find(books).and_then(|payment| payment.as_of(then)).ok_or(Case::NotFound)?;
        if !payment.was_opened() && !assumptions.hold(Assumption::UnopenedLinkIsFound) {
            return Err(Case::NotFound);
        }
        let (status, description) = latest(payment.state(then));
        let mut fields = object(json!({
            "originalPartnerReferenceNo": payment.partner_reference_no,
            "originalReferenceNo": payment.reference_no,
            "originalExternalId": payment.external_id,
            "originalResponseCode": Case::Successful.code(Service::Payment.digits(assumptions)),
            "originalResponseMessage": "Successful",
            "serviceCode": self.service_code,
            "latestTransactionStatus": status,
            "transactionStatusDesc": description,
            "sessionId": payment.checkout_id,
            "requestId": payment.external_id,
            "transAmount": rupiah(payment.amount),
            "feeAmount": rupiah(Money::default()),
            "refundHistory": payment.refunds.iter().map(history).collect::<Vec<_>>(),
            "additionalInfo": {
                "deviceId": payment.device_id,
                "channel": payment.channel,
                "acquirer": { "id": "DANA" },
            },
        }));
        add_payment_time(&mut fields, payment);
        if !assumptions.hold(Assumption::RefundHistoryIsGiven) {
            fields.remove("refundHistory");
        }
        Ok(fields)
    }

    /// The payment that every given reference means.
    fn find<'a>(&self, books: &'a Books) -> Option<&'a Payment> {
        let ledger = &books.ledger;
        let found = [
            self.partner_reference_no.as_deref().map(|reference| ledger.payment(reference)),
            self.reference_no.as_deref().map(|reference| ledger.by_reference_no(reference)),
            self.external_id.as_deref().map(|id| ledger.by_external_id(id)),
        ];
        let mut found = found.into_iter().flatten();
        let first = found.next()??;
        let agrees = |other: &Payment| other.partner_reference_no == first.partner_reference_no;
        found.all(|other| other.is_some_and(agrees)).then_some(first)
    }
}

/// ASPI's two digits and words (protocol 6.3). A payment that is refunded in part remains a success.
pub(crate) fn latest(state: PaymentState) -> (&'static str, &'static str) {
    match state {
        PaymentState::Paid => ("00", "Success"),
        PaymentState::NotMade | PaymentState::Initiated => ("01", "Initiated"),
        PaymentState::Pending => ("03", "Pending"),
        PaymentState::Refunded => ("04", "Refunded"),
        PaymentState::Declined => ("05", "Cancelled"),
        PaymentState::Expired => ("06", "Failed"),
    }
}

fn add_payment_time(fields: &mut Map<String, Value>, payment: &Payment) {
    if let Some(at) = payment.paid_at() {
        fields.insert("paidTime".to_owned(), stamp::jakarta(at).into());
        let approval = payment.reference_no.chars().rev().take(12);
        fields.insert("approvalCode".to_owned(), approval.collect::<String>().into());
    }
}

fn history(refund: &Refund) -> Value {
    json!({
        "partnerRefundNo": refund.partner_refund_no,
        "refundNo": refund.refund_no,
        "refundAmount": rupiah(refund.amount),
        "refundStatus": "00",
        "refundDate": stamp::jakarta(refund.made_at),
        "reason": refund.reason.as_deref().unwrap_or_default(),
    })
}

fn rupiah(amount: Money) -> Value {
    json!({ "value": amount.to_string(), "currency": "IDR" })
}
