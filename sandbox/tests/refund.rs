//! The refund call: in full, in part, too much, too early; and what becomes of a repetition.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use bayar_sandbox::{Options, PaymentState, Sandbox};
use common::{Merchant, PAYMENT, REFUND, changed, payment_body, refund_body, start};
use serde_json::{Value, json};

/// A sandbox with payment `A` of 10000.00, paid.
fn paid() -> (Sandbox, Merchant) {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let answer = merchant.post(PAYMENT, &payment_body("A", "10000.00"));
    assert_eq!(answer.code(), "2005400");
    sandbox.approve("A").unwrap();
    (sandbox, merchant)
}

#[test]
fn a_full_refund_ends_the_payment() {
    let (sandbox, merchant) = paid();
    let answer = merchant.post(REFUND, &refund_body("A", "R1", "10000.00"));
    assert_eq!(answer.code(), "2005800");
    let json = answer.json();
    let record = sandbox.payment("A").unwrap();
    let refund = &record.refunds[0];
    assert_eq!(json["refundAmount"], json!({ "value": "10000.00", "currency": "IDR" }));
    assert_eq!(json["partnerRefundNo"], "R1");
    assert_eq!(json["refundNo"], refund.refund_no);
    assert_eq!(json["originalPartnerReferenceNo"], "A");
    assert_eq!(json["originalReferenceNo"], record.reference_no);
    assert_eq!(json["refundTime"].as_str().unwrap().len(), "2024-01-01T09:09:00.123".len());
    assert_eq!(record.state, PaymentState::Refunded);
    assert_eq!(refund.amount, "10000.00");
    assert_eq!(refund.reason.as_deref(), Some("cold coffee"));
    assert_eq!((refund.requests, refund.times_made), (1, 1));

    let status = merchant.status_of("A");
    assert_eq!(status["latestTransactionStatus"], "04");
    let history = &status["refundHistory"][0];
    assert_eq!(history["partnerRefundNo"], "R1");
    assert_eq!(history["refundNo"], refund.refund_no);
    assert_eq!(history["refundAmount"], json["refundAmount"]);
    assert_eq!(history["refundStatus"], "00");
    assert_eq!(history["reason"], "cold coffee");
    assert!(history["refundDate"].as_str().unwrap().ends_with("+07:00"));
}

#[test]
fn partial_refunds_add_up_to_the_amount_and_no_further() {
    let (sandbox, merchant) = paid();
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R1", "4000.50")).code(), "2005800");
    assert_eq!(merchant.status_of("A")["latestTransactionStatus"], "00");
    let more = merchant.post(REFUND, &refund_body("A", "R2", "5999.51"));
    assert_eq!(more.code(), "4045813");
    assert_eq!(more.message(), "Invalid Amount");
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R3", "5999.50")).code(), "2005800");
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R4", "1.00")).code(), "4045813");
    let status = merchant.status_of("A");
    assert_eq!(status["latestTransactionStatus"], "04");
    assert_eq!(status["refundHistory"].as_array().unwrap().len(), 2);
    assert_eq!(sandbox.counts().refunds_made, 2);
    assert_eq!(sandbox.counts().refund_requests, 4);
}

#[test]
fn what_is_unknown_or_unpaid_cannot_be_refunded() {
    let (sandbox, merchant) = paid();
    let unknown = merchant.post(REFUND, &refund_body("NONE", "R1", "1.00"));
    assert_eq!(unknown.code(), "4045801");
    for reference in ["B", "C"] {
        let answer = merchant.post(PAYMENT, &payment_body(reference, "10000.00"));
        assert_eq!(answer.code(), "2005400");
    }
    sandbox.decline("C").unwrap();
    for reference in ["B", "C"] {
        let unpaid = merchant.post(REFUND, &refund_body(reference, "R1", "1.00"));
        assert_eq!(unpaid.code(), "4045800");
        assert_eq!(unpaid.message(), "Invalid Transaction Status");
    }
    assert_eq!(sandbox.counts().refunds_made, 0);
    // A number under which nothing was refunded remains free.
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R1", "1.00")).code(), "2005800");
}

#[test]
fn a_repeated_refund_is_made_once() {
    let (sandbox, merchant) = paid();
    let call = merchant.call(REFUND, &refund_body("A", "R1", "4000.00"));
    let first = merchant.send(&call);
    let again = merchant.send(&call);
    assert_eq!((first.status, again.status), (200, 409));
    assert_eq!(again.body, first.body);
    let duplicate = merchant.post(REFUND, &refund_body("A", "R1", "4000.00"));
    assert_eq!(duplicate.code(), "4095801");
    assert_eq!(duplicate.message(), "Duplicate partnerRefundNo");
    let other = merchant.post(REFUND, &refund_body("A", "R1", "4000.01"));
    assert_eq!(other.code(), "4045818");
    let elsewhere = merchant.post(REFUND, &refund_body("B", "R1", "4000.00"));
    assert_eq!(elsewhere.code(), "4045818");
    let refund = &sandbox.payment("A").unwrap().refunds[0];
    assert_eq!((refund.requests, refund.times_made), (5, 1));
    assert_eq!(sandbox.counts().refunds_made, 1);
}

#[test]
fn the_fields_of_a_refund_are_checked_by_name() {
    let (sandbox, merchant) = paid();
    let body = refund_body("A", "R1", "1.00");
    for pointer in [
        "/originalPartnerReferenceNo",
        "/partnerRefundNo",
        "/refundAmount",
        "/refundAmount/value",
        "/refundAmount/currency",
        "/additionalInfo",
        "/additionalInfo/channel",
    ] {
        let answer = merchant.post(REFUND, &changed(&body, pointer, Value::Null));
        assert_eq!(answer.code(), "4005802", "{pointer}");
        let name = pointer[1..].replace('/', ".");
        assert_eq!(answer.message(), format!("Invalid Mandatory Field {name}"));
    }
    for (pointer, value) in [
        ("/originalPartnerReferenceNo", json!("a".repeat(65))),
        ("/partnerRefundNo", json!("a".repeat(65))),
        ("/partnerRefundNo", json!("")),
        ("/originalExternalId", json!("1".repeat(65))),
        ("/refundAmount/value", json!("1")),
        ("/refundAmount/currency", json!("idr")),
        ("/reason", json!("a".repeat(256))),
        ("/additionalInfo/channel", json!("DIRECT_DEBIT_BRI_SNAP")),
    ] {
        let answer = merchant.post(REFUND, &changed(&body, pointer, value));
        assert_eq!(answer.code(), "4005801", "{pointer}");
        let name = pointer[1..].replace('/', ".");
        assert_eq!(answer.message(), format!("Invalid Field Format {name}"));
    }
    let call = merchant.call(REFUND, &body).body("nothing");
    assert_eq!(merchant.send(&call).code(), "4005800");
    assert_eq!(sandbox.counts().refunds_made, 0);
    let plain = changed(&body, "/reason", Value::Null);
    assert_eq!(merchant.post(REFUND, &plain).code(), "2005800");
}
