//! The status call: every state of a payment, and every way to ask for it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::time::{Duration, Instant};

use bayar_sandbox::{Customer, Options, PaymentState};
use common::{
    Merchant, PAYMENT, STATUS, changed, new_id, payment_body, start, start_with_clock, status_body, timestamp,
};
use serde_json::{Value, json};

#[test]
fn a_payment_is_followed_from_the_link_to_the_money() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let id = new_id();
    let call = merchant.call(PAYMENT, &payment_body("A", "10000.00")).with("X-EXTERNAL-ID", &id);
    assert_eq!(merchant.send(&call).code(), "2005400");
    let status = merchant.status_of("A");
    assert_eq!(status["latestTransactionStatus"], "01");
    assert_eq!(status["originalExternalId"], id);
    assert_eq!(status["paidTime"], Value::Null);

    let record = sandbox.payment("A").unwrap();
    let page = record.checkout_url.strip_prefix(&sandbox.base_url()).unwrap().to_owned();
    assert_eq!(merchant.plain("GET", &page).status, 200);
    assert_eq!(merchant.status_of("A")["latestTransactionStatus"], "03");

    sandbox.approve("A").unwrap();
    let status = merchant.status_of("A");
    let amount = |value: &str| json!({ "value": value, "currency": "IDR" });
    assert_eq!(status["responseMessage"], "Successful");
    assert_eq!(status["originalPartnerReferenceNo"], "A");
    assert_eq!(status["originalReferenceNo"], record.reference_no);
    assert_eq!(status["serviceCode"], "55");
    assert_eq!(status["latestTransactionStatus"], "00");
    assert_eq!(status["transactionStatusDesc"], "Success");
    assert_eq!(status["originalResponseCode"], "2005400");
    assert_eq!(status["transAmount"], amount("10000.00"));
    assert_eq!(status["feeAmount"], amount("0.00"));
    assert_eq!(status["refundHistory"], json!([]));
    assert_eq!(status["additionalInfo"]["channel"], "EMONEY_DANA_SNAP");
    assert_eq!(status["additionalInfo"]["deviceId"], "device1");
    assert!(status["paidTime"].as_str().unwrap().ends_with("+07:00"));
    for name in ["approvalCode", "sessionId", "requestId", "originalResponseMessage"] {
        assert!(status[name].is_string(), "{name}");
    }
}

#[test]
fn declined_and_expired_payments_are_told_apart() {
    let (sandbox, clock) = start_with_clock();
    let merchant = Merchant::of(&sandbox);
    let ends = changed(&payment_body("B", "1.00"), "/validUpTo", json!(timestamp(60)));
    for body in [payment_body("A", "1.00"), ends] {
        assert_eq!(merchant.post(PAYMENT, &body).code(), "2005400");
    }
    sandbox.decline("A").unwrap();
    assert_eq!(merchant.status_of("A")["latestTransactionStatus"], "05");
    assert_eq!(merchant.status_of("B")["latestTransactionStatus"], "01");
    clock.advance(120);
    assert_eq!(merchant.status_of("B")["latestTransactionStatus"], "06");
    assert_eq!(sandbox.payment("B").unwrap().state, PaymentState::Expired);
    assert!(sandbox.approve("A").is_err());
    assert!(sandbox.approve("B").is_err());
    assert!(sandbox.approve("C").is_err());
}

#[test]
fn a_payment_is_found_by_each_of_its_references_and_only_if_they_agree() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let mut ids = Vec::new();
    for reference in ["A", "B"] {
        let id = new_id();
        let call = merchant.call(PAYMENT, &payment_body(reference, "1.00"));
        assert_eq!(merchant.send(&call.with("X-EXTERNAL-ID", &id)).code(), "2005400");
        ids.push(id);
    }
    let number = sandbox.payment("A").unwrap().reference_no;
    for (body, code) in [
        (json!({ "originalPartnerReferenceNo": "A" }), "2005500"),
        (json!({ "originalReferenceNo": number }), "2005500"),
        (json!({ "originalExternalId": ids[0] }), "2005500"),
        (json!({ "originalPartnerReferenceNo": "A", "originalReferenceNo": number }), "2005500"),
        (json!({ "originalPartnerReferenceNo": "A", "originalExternalId": ids[1] }), "4045501"),
        (json!({ "originalPartnerReferenceNo": "A", "originalReferenceNo": "1" }), "4045501"),
        (json!({ "originalPartnerReferenceNo": "C" }), "4045501"),
    ] {
        for service in ["54", "55"] {
            let body = changed(&body, "/serviceCode", json!(service));
            let answer = merchant.post(STATUS, &body);
            assert_eq!(answer.code(), code, "{body}");
            if answer.status == 200 {
                assert_eq!(answer.json()["originalPartnerReferenceNo"], "A");
                assert_eq!(answer.json()["serviceCode"], service);
            }
        }
    }
}

#[test]
fn the_fields_of_a_status_request_are_checked_by_name() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let body = status_body("A");
    for (body, code, name) in [
        (changed(&body, "/serviceCode", Value::Null), "4005502", "serviceCode"),
        (changed(&body, "/serviceCode", json!("58")), "4005501", "serviceCode"),
        (changed(&body, "/serviceCode", json!(55)), "4005501", "serviceCode"),
        (json!({ "serviceCode": "55" }), "4005502", "originalPartnerReferenceNo"),
        (status_body(&"a".repeat(65)), "4005501", "originalPartnerReferenceNo"),
    ] {
        let answer = merchant.post(STATUS, &body);
        assert_eq!(answer.code(), code, "{body}");
        assert!(answer.message().ends_with(name), "{}", answer.text());
    }
    let call = merchant.call(STATUS, &body).body("[]");
    assert_eq!(merchant.send(&call).code(), "4005500");
    assert_eq!(sandbox.counts().status_requests, 6);
}

#[test]
fn what_some_sdks_send_besides_is_taken() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "1.00")).code(), "2005400");
    let mut body = status_body("A");
    body["amount"] = json!({});
    body["merchantId"] = Value::Null;
    body["originalReferenceNo"] = Value::Null;
    body["originalExternalId"] = json!("");
    assert_eq!(merchant.post(STATUS, &body).code(), "2005500");
}

#[test]
fn the_stand_in_customer_decides_after_its_time() {
    for (customer, state) in [
        (Customer::Approves { after_ms: 50 }, PaymentState::Paid),
        (Customer::Declines { after_ms: 50 }, PaymentState::Declined),
    ] {
        let sandbox = start(Options { customer, ..Options::default() });
        let merchant = Merchant::of(&sandbox);
        let began = Instant::now();
        assert_eq!(merchant.post(PAYMENT, &payment_body("A", "1.00")).code(), "2005400");
        while sandbox.payment("A").unwrap().state != state {
            assert!(began.elapsed() < Duration::from_secs(5));
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(began.elapsed() >= Duration::from_millis(50));
    }
}
