//! One payment, one refund, whatever is called how often (P2).

use super::*;
use crate::error::{Kind, Outcome};
use std::time::{Duration, Instant};

#[test]
fn the_same_reference_pays_once_and_gives_the_same_result() {
    let stage = Stage::new();
    stage.script.next(200, taken("INV-0001"));
    let first = stage.pay().unwrap();
    stage.clock.forward_s(100_000);
    let second = stage.pay().unwrap();
    assert_eq!(first.json(), second.json());
    assert_eq!((first.redirect_url(), first.external_id()), (second.redirect_url(), second.external_id()));
    assert_eq!(first.valid_up_to(), second.valid_up_to());
    assert_eq!(stage.script.asked().len(), 1);
}

#[test]
fn the_same_reference_for_something_else_is_an_error_that_names_the_difference() {
    let stage = Stage::new();
    stage.script.next(200, taken("INV-0001")).next(200, refunded());
    stage.pay().unwrap();
    stage.refund().unwrap();
    let differs = |error: crate::Error, field: &str| {
        assert_eq!((error.kind(), error.outcome()), (Kind::ReferenceReused, Outcome::NotSent), "{error:?}");
        assert_eq!(error.field(), Some(field), "{error:?}");
    };
    differs(stage.client.pay(&PaymentRequest::new("INV-0001", "10001").unwrap()).unwrap_err(), "amount");
    let mut other = PaymentRequest::new("INV-0001", "10000").unwrap();
    other.set_channel("EMONEY_SHOPEE_PAY_SNAP").unwrap();
    differs(stage.client.pay(&other).unwrap_err(), "channel");
    let other = RefundRequest::new("INV-0002", "10000", "INV-REF-0001").unwrap();
    differs(stage.client.refund(&other).unwrap_err(), "original_partner_reference_no");
    // A refund may have the number of a payment: they are different operations.
    stage.script.next(200, json!({"responseCode": "2005800"}));
    stage.client.refund(&RefundRequest::new("INV-0002", "5000", "INV-0001").unwrap()).unwrap();
    assert_eq!(stage.script.asked().len(), 3);
}

#[test]
fn a_payment_that_was_not_sent_is_sent_by_the_next_call_under_the_same_id() {
    let stage = Stage::new();
    stage.script.then(Step::NotSent).next(200, taken("INV-0001"));
    let error = stage.pay().unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let payment = stage.pay().unwrap();
    assert_eq!(error.external_id(), Some(payment.external_id()));
}

#[test]
fn threads_with_the_same_reference_share_one_payment() {
    let stage = Stage::new();
    stage.script.next(200, taken("INV-0001"));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(stage.pay().unwrap().redirect_url(), Some("https://pay.example/1")));
        }
    });
    assert_eq!(stage.script.asked().len(), 1);
}

#[test]
fn a_recorded_payment_is_told_also_when_its_expiry_is_past() {
    let stage = Stage::new();
    let mut request = PaymentRequest::new("INV-0001", "10000").unwrap();
    request.set_valid_up_to("2026-11-22T12:10:00+07:00").unwrap();
    stage.script.next(200, taken("INV-0001"));
    stage.client.pay(&request).unwrap();
    stage.clock.forward_s(3600);
    stage.client.pay(&request).unwrap();
    let mut late = PaymentRequest::new("INV-0002", "10000").unwrap();
    late.set_valid_up_to("2026-11-22T12:10:00+07:00").unwrap();
    assert_eq!(stage.client.pay(&late).unwrap_err().field(), Some("valid_up_to"));
}

#[test]
fn a_second_attempt_that_was_not_sent_keeps_its_own_id() {
    let stage = Stage::new();
    stage.script.next(429, json!({"responseCode": "4295400"})).then(Step::NotSent).next(200, taken("INV-0001"));
    let ids: Vec<_> = (0..2).map(|_| stage.pay().unwrap_err().external_id().unwrap().to_owned()).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(stage.pay().unwrap().external_id(), ids[1]);
}

#[test]
fn a_journal_in_memory_does_not_grow_for_ever_and_never_forgets_what_is_open() {
    let stage = Stage::new();
    let pay = |reference: &str| stage.client.pay(&PaymentRequest::new(reference, "1").unwrap());
    stage.script.then(Step::Lost).then(Step::Lost);
    pay("OPEN").unwrap_err();
    stage.script.next(429, json!({"responseCode": "4295400"}));
    pay("FOR-NOW").unwrap_err();
    stage.script.next(200, taken("OLD"));
    pay("OLD").unwrap();
    for number in 0..10_001 {
        let reference = format!("INV-{number}");
        stage.script.next(200, taken(&reference));
        pay(&reference).unwrap();
    }
    let limit = crate::limit::Limit::new(Instant::now() + Duration::from_secs(20), None);
    let known = |reference: &str| {
        stage
            .client
            .worker()
            .unwrap()
            .journal
            .find(crate::snap::external_id::Operation::Payment, reference, &limit)
            .unwrap()
            .is_some()
    };
    assert_eq!((known("OPEN"), known("FOR-NOW"), known("OLD"), known("INV-10000")), (true, false, false, true));
}

#[test]
fn a_cancelled_client_sends_nothing_more() {
    let stage = Stage::new();
    let cancel = crate::Cancel::new();
    let client = stage.client.with_cancel(&cancel);
    let pay = || client.pay(&PaymentRequest::new("INV-0001", "10000").unwrap());
    stage.script.then(Step::Lost);
    // Set during the first call, before it would send again.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while stage.script.asked().is_empty() {
                std::thread::sleep(Duration::from_millis(1));
            }
            cancel.set();
        });
        assert_eq!(pay().unwrap_err().outcome(), Outcome::Unknown);
    });
    assert_eq!(stage.script.asked().len(), 1);
    let begun = Instant::now();
    let waited = client.wait("INV-0001", Duration::from_secs(600));
    assert!(waited.is_err() && begun.elapsed() < Duration::from_secs(60));
    // The other face of the client is not cancelled.
    stage.script.next(409, taken("INV-0001"));
    stage.pay().unwrap();
}
