//! The payment call: the fields of its body, and what becomes of a repetition.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use bayar_sandbox::{Options, PaymentState, Sandbox};
use common::{Merchant, PAYMENT, changed, new_id, payment_body, start, start_with_clock, timestamp};
use serde_json::{Value, json};

fn opened() -> (Sandbox, Merchant) {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    (sandbox, merchant)
}

#[test]
fn a_payment_is_made_once_and_answered_with_a_link() {
    let (sandbox, merchant) = opened();
    let answer = merchant.post(PAYMENT, &payment_body("ORDER-1", "10000.00"));
    assert_eq!(answer.code(), "2005400");
    assert_eq!(answer.message(), "Successful");
    let json = answer.json();
    assert_eq!(json["partnerReferenceNo"], "ORDER-1");
    let record = sandbox.payment("ORDER-1").unwrap();
    assert_eq!(json["webRedirectUrl"], record.checkout_url);
    assert_eq!(json["referenceNo"], record.reference_no);
    assert!(record.checkout_url.starts_with(&sandbox.base_url()));
    assert_eq!(record.amount, "10000.00");
    assert_eq!(record.state, PaymentState::Initiated);
    assert_eq!((record.requests, record.times_made), (1, 1));
    assert_eq!(sandbox.counts().payments_made, 1);
}

#[test]
fn missing_fields_are_named() {
    let (sandbox, merchant) = opened();
    let body = payment_body("A", "10000.00");
    for pointer in [
        "/partnerReferenceNo",
        "/amount",
        "/amount/value",
        "/amount/currency",
        "/urlParam",
        "/additionalInfo",
        "/additionalInfo/channel",
    ] {
        let answer = merchant.post(PAYMENT, &changed(&body, pointer, Value::Null));
        assert_eq!(answer.code(), "4005402", "{pointer}");
        let name = pointer[1..].replace('/', ".");
        assert_eq!(answer.message(), format!("Invalid Mandatory Field {name}"));
    }
    for name in ["url", "type", "isDeepLink"] {
        let mut param = body["urlParam"][0].clone();
        param[name] = Value::Null; // sent as null, which is as good as absent
        let answer = merchant.post(PAYMENT, &changed(&body, "/urlParam", json!([param])));
        assert_eq!(answer.code(), "4005402");
        assert_eq!(answer.message(), format!("Invalid Mandatory Field urlParam.{name}"));
    }
    assert_eq!(sandbox.counts().payments_made, 0);
    let record = sandbox.payment("A").unwrap();
    assert_eq!(record.state, PaymentState::NotMade);
    assert_eq!((record.requests, record.times_made), (9, 0));
}

#[test]
fn fields_out_of_shape_are_named() {
    let (sandbox, merchant) = opened();
    let body = payment_body("A", "10000.00");
    let url = |url: Value, kind: &str, deep: &str| json!({ "url": url, "type": kind, "isDeepLink": deep });
    for (pointer, value, name) in [
        ("/partnerReferenceNo", json!(""), "partnerReferenceNo"),
        ("/partnerReferenceNo", json!("a".repeat(65)), "partnerReferenceNo"),
        ("/partnerReferenceNo", json!(7), "partnerReferenceNo"),
        ("/amount", json!("10000.00"), "amount"),
        ("/amount/value", json!("10000"), "amount.value"),
        ("/amount/value", json!(10000.00), "amount.value"),
        ("/amount/value", json!("0.99"), "amount.value"),
        ("/amount/value", json!("12345678901234567.00"), "amount.value"),
        ("/amount/currency", json!("USD"), "amount.currency"),
        ("/urlParam", json!("https://shop.example"), "urlParam"),
        ("/urlParam", json!([]), "urlParam"),
        ("/urlParam", json!(["x"]), "urlParam"),
        ("/urlParam", url(json!(5), "PAY_RETURN", "Y"), "urlParam.url"),
        ("/urlParam", url(json!("u"), "PAY_NOTIFY", "Y"), "urlParam.type"),
        ("/urlParam", url(json!("u"), "PAY_RETURN", "y"), "urlParam.isDeepLink"),
        ("/validUpTo", json!("tomorrow"), "validUpTo"),
        ("/validUpTo", json!("2024-07-10T11:57:58"), "validUpTo"),
        ("/validUpTo", json!(timestamp(-60)), "validUpTo"),
        ("/validUpto", json!(timestamp(-60)), "validUpto"),
        ("/pointOfInitiation", json!("a".repeat(21)), "pointOfInitiation"),
        ("/additionalInfo/channel", json!("EMONEY_OVO_SNAP"), "additionalInfo.channel"),
        ("/additionalInfo/orderTitle", json!(1), "additionalInfo.orderTitle"),
        ("/additionalInfo/supportDeepLinkCheckoutUrl", json!("yes"), "additionalInfo.supportDeepLinkCheckoutUrl"),
    ] {
        let answer = merchant.post(PAYMENT, &changed(&body, pointer, value.clone()));
        assert_eq!(answer.code(), "4005401", "{pointer} {value}");
        assert_eq!(answer.message(), format!("Invalid Field Format {name}"));
    }
    for text in ["", "[]", "{", "\"x\"", "null", "{\"a\":1}x"] {
        let call = merchant.call(PAYMENT, &body).body(text);
        assert_eq!(merchant.send(&call).code(), "4005400", "{text}");
    }
    assert_eq!(sandbox.counts().payments_made, 0);
}

#[test]
fn every_documented_spelling_is_taken() {
    let (_sandbox, merchant) = opened();
    let single = json!({ "url": "app://back", "type": "PAY_RETURN", "isDeepLink": "Y" });
    for (number, (pointer, value)) in [
        ("/urlParam", single),
        ("/validUpTo", json!(timestamp(600))),
        ("/validUpto", json!(timestamp(600))),
        ("/pointOfInitiation", json!("mweb")),
        ("/amount/value", json!("1.00")),
        ("/amount/value", json!("9999999999999999.99")),
        ("/additionalInfo/supportDeepLinkCheckoutUrl", json!("true")),
        ("/additionalInfo/supportDeepLinkCheckoutUrl", json!(false)),
        ("/additionalInfo/origin", json!({ "product": "SDK" })),
    ]
    .into_iter()
    .enumerate()
    {
        let body = payment_body(&format!("ORDER-{number}"), "10000.00");
        let answer = merchant.post(PAYMENT, &changed(&body, pointer, value));
        assert_eq!(answer.code(), "2005400", "{pointer}: {}", answer.text());
    }
}

#[test]
fn the_same_request_again_is_answered_409_with_the_first_body_byte_for_byte() {
    let (sandbox, merchant) = opened();
    let call = merchant.call(PAYMENT, &payment_body("A", "10000.00"));
    let first = merchant.send(&call);
    assert_eq!(first.status, 200);
    sandbox.approve("A").unwrap();
    for shift in [1, 2] {
        let again = merchant.send(&call.clone().with("X-TIMESTAMP", &timestamp(shift)));
        assert_eq!(again.status, 409);
        assert_eq!(again.body, first.body);
    }
    let record = sandbox.payment("A").unwrap();
    assert_eq!((record.requests, record.times_made), (3, 1));
    assert_eq!(sandbox.counts().payments_made, 1);
}

#[test]
fn a_refused_body_is_remembered_under_its_id_too() {
    let (_sandbox, merchant) = opened();
    let call = merchant.call(PAYMENT, &payment_body("A", "0.00"));
    let first = merchant.send(&call);
    let again = merchant.send(&call);
    assert_eq!((first.status, again.status), (400, 409));
    assert_eq!(again.body, first.body);
}

#[test]
fn an_id_that_was_used_for_another_request_today_is_a_conflict() {
    let (sandbox, clock) = start_with_clock();
    let merchant = Merchant::of(&sandbox);
    let id = new_id();
    let call = |reference| {
        let call = merchant.call(PAYMENT, &payment_body(reference, "10000.00"));
        call.with("X-EXTERNAL-ID", &id)
    };
    assert_eq!(merchant.send(&call("A")).code(), "2005400");
    let answer = merchant.send(&call("B"));
    assert_eq!(answer.code(), "4095400");
    assert_eq!(answer.message(), "Conflict");
    assert!(sandbox.payment("B").is_some_and(|record| record.times_made == 0));
    let elsewhere = merchant.call(common::STATUS, &common::status_body("A"));
    let answer = merchant.send(&elsewhere.with("X-EXTERNAL-ID", &id));
    assert_eq!(answer.code(), "4095500");

    clock.advance(86_400);
    merchant.clock_s.set(86_400);
    merchant.fetch_token();
    let tomorrow = merchant.send(&call("B").with("X-TIMESTAMP", &merchant.now()));
    assert_eq!(tomorrow.code(), "2005400");
}

#[test]
fn a_known_reference_under_a_new_id_is_a_duplicate_or_inconsistent() {
    let (sandbox, merchant) = opened();
    let body = payment_body("A", "10000.00");
    assert_eq!(merchant.post(PAYMENT, &body).code(), "2005400");
    let duplicate = merchant.post(PAYMENT, &body);
    assert_eq!(duplicate.code(), "4095401");
    assert_eq!(duplicate.message(), "Duplicate partnerReferenceNo");
    let other = merchant.post(PAYMENT, &payment_body("A", "10000.01"));
    assert_eq!(other.code(), "4045418");
    assert_eq!(sandbox.payment("A").unwrap().times_made, 1);
    assert_eq!(sandbox.payment("A").unwrap().amount, "10000.00");
}

#[test]
fn one_request_sent_by_many_at_once_makes_one_payment() {
    let (sandbox, merchant) = opened();
    let call = merchant.call(PAYMENT, &payment_body("A", "10000.00"));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (call, sandbox) = (call.clone(), &sandbox);
                scope.spawn(move || {
                    let till = Merchant::at(&sandbox.base_url(), sandbox.ca_pem());
                    till.send(&call).status
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 7);
    assert_eq!(sandbox.payment("A").unwrap().times_made, 1);
}
