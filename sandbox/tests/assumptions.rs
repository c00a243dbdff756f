//! What is assumed about DOKU, each switched off singly.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::time::Duration;

use bayar_sandbox::{Assumption, Clock, Endpoint, Misbehaviour, Options, Rule, Sandbox};
use common::{Merchant, PAYMENT, REFUND, STATUS, changed, payment_body, refund_body, start, status_body};
use serde_json::{Value, json};

fn without(assumption: Assumption) -> (Sandbox, Merchant) {
    let sandbox = start(Options { switched_off: vec![assumption], ..Options::default() });
    let merchant = Merchant::of(&sandbox);
    (sandbox, merchant)
}

fn pay(merchant: &Merchant) {
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "10.00")).code(), "2005400");
}

#[test]
fn forgotten_ids_leave_the_reference_to_tell_a_repetition() {
    let (sandbox, merchant) = without(Assumption::IdsAreRemembered);
    let call = merchant.call(PAYMENT, &payment_body("A", "10.00"));
    assert_eq!(merchant.send(&call).code(), "2005400");
    assert_eq!(merchant.send(&call).code(), "4095401");
    let other = call.clone().body(&payment_body("B", "10.00").to_string());
    assert_eq!(merchant.send(&other).code(), "2005400");
    assert_eq!(sandbox.counts().payments_made, 2);
    sandbox.approve("A").unwrap();
    let call = merchant.call(REFUND, &refund_body("A", "R1", "4.00"));
    assert_eq!(merchant.send(&call).code(), "2005800");
    assert_eq!(merchant.send(&call).code(), "4095801");
    assert_eq!(sandbox.counts().refunds_made, 1);
}

#[test]
fn a_repetition_overtakes_the_first_only_while_that_is_under_way() {
    for delay in [Misbehaviour::Delay { ms: 200 }, Misbehaviour::DelayBeforeWork { ms: 200 }] {
        let (sandbox, merchant) = without(Assumption::RepeatsWaitForTheFirst);
        sandbox.misbehave(Rule { on: Endpoint::Payment, times: 1, what: delay });
        let call = merchant.call(PAYMENT, &payment_body("A", "10.00"));
        let token = merchant.token.borrow().clone();
        let (url, ca) = (sandbox.base_url(), sandbox.ca_pem());
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                while sandbox.counts().payment_requests == 0 {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(Duration::from_millis(20));
                let merchant = Merchant::at(&url, ca);
                merchant.token.replace(token);
                merchant.send(&call).code()
            });
            assert_eq!(merchant.send(&call).code(), "2005400");
            assert_eq!(second.join().unwrap(), "4095400");
        });
        let third = merchant.send(&call);
        assert_eq!((third.status, &third.json()["responseCode"]), (409, &json!("2005400")));
        let record = sandbox.payment("A").unwrap();
        assert_eq!((record.requests, record.times_made), (3, 1));
    }
}

#[test]
fn a_request_whose_answer_is_being_sent_is_no_longer_under_way() {
    let (sandbox, merchant) = without(Assumption::RepeatsWaitForTheFirst);
    sandbox.misbehave(Rule { on: Endpoint::Payment, times: 1, what: Misbehaviour::HalfThenSilence });
    merchant.patience(Duration::from_millis(100));
    let call = merchant.call(PAYMENT, &payment_body("A", "10.00"));
    merchant.send_for_bytes(&call);
    let again = merchant.send(&call);
    assert_eq!((again.status, &again.json()["responseCode"]), (409, &json!("2005400")));
}

#[test]
fn without_unique_references_a_second_id_makes_it_twice() {
    let (sandbox, merchant) = without(Assumption::ReferencesAreUnique);
    let call = merchant.call(PAYMENT, &payment_body("A", "10.00"));
    assert_eq!(merchant.send(&call).status, 200);
    assert_eq!(merchant.send(&call).status, 409);
    assert_eq!(sandbox.payment("A").unwrap().times_made, 1);
    pay(&merchant);
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "10.01")).code(), "4045418");
    sandbox.approve("A").unwrap();
    for (amount, code) in [("4.00", "2005800"), ("4.00", "2005800"), ("4.00", "4045813"), ("1.00", "4045818")] {
        assert_eq!(merchant.post(REFUND, &refund_body("A", "R1", amount)).code(), code);
    }
    let record = sandbox.payment("A").unwrap();
    assert_eq!((record.requests, record.times_made, record.refunds.len()), (4, 2, 1));
    assert_eq!((record.refunds[0].requests, record.refunds[0].times_made), (4, 2));
    assert_eq!((sandbox.counts().payments_made, sandbox.counts().refunds_made), (2, 2));
}

#[test]
fn errors_that_are_not_replayed_give_the_request_another_chance() {
    for replayed in [true, false] {
        let sandbox = start(Options::default());
        if !replayed {
            sandbox.switch_off(Assumption::ErrorsAreReplayed);
        }
        let merchant = Merchant::of(&sandbox);
        pay(&merchant);
        let call = merchant.call(REFUND, &refund_body("A", "R1", "4.00"));
        assert_eq!(merchant.send(&call).code(), "4045800");
        sandbox.approve("A").unwrap();
        let again = merchant.send(&call);
        let (status, code) = if replayed { (409, "4045800") } else { (200, "2005800") };
        assert_eq!((again.status, &again.json()["responseCode"]), (status, &json!(code)));
        assert_eq!(sandbox.counts().refunds_made, u64::from(!replayed));
    }
}

#[test]
fn a_status_that_lags_shows_an_earlier_state() {
    let clock = Clock::default();
    let switched_off = vec![Assumption::StatusIsCurrent { lag_s: 120 }];
    let sandbox = start(Options { clock: clock.clone(), switched_off, ..Options::default() });
    let merchant = Merchant::of(&sandbox);
    let advance = |seconds| {
        clock.advance(seconds);
        merchant.clock_s.set(merchant.clock_s.get() + seconds);
    };
    pay(&merchant);
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4045501");
    advance(100);
    sandbox.approve("A").unwrap();
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4045501");
    advance(60);
    let status = merchant.status_of("A");
    assert_eq!((&status["latestTransactionStatus"], &status["paidTime"]), (&json!("01"), &Value::Null));
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R1", "10.00")).code(), "2005800");
    advance(70);
    let status = merchant.status_of("A");
    assert_eq!((&status["latestTransactionStatus"], &status["refundHistory"]), (&json!("00"), &json!([])));
    advance(60);
    let status = merchant.status_of("A");
    assert_eq!(status["latestTransactionStatus"], "04");
    assert_eq!(status["refundHistory"][0]["partnerRefundNo"], "R1");
}

#[test]
fn a_link_that_nobody_opened_is_not_found() {
    let (sandbox, merchant) = without(Assumption::UnopenedLinkIsFound);
    pay(&merchant);
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4045501");
    let url = sandbox.payment("A").unwrap().checkout_url;
    merchant.plain("GET", url.strip_prefix(&sandbox.base_url()).unwrap());
    assert_eq!(merchant.status_of("A")["latestTransactionStatus"], "03");
    let other = changed(&payment_body("A", "10.00"), "/partnerReferenceNo", json!("B"));
    assert_eq!(merchant.post(PAYMENT, &other).code(), "2005400");
    sandbox.decline("B").unwrap();
    assert_eq!(merchant.status_of("B")["latestTransactionStatus"], "05");
}

#[test]
fn the_refund_history_may_be_absent() {
    let (sandbox, merchant) = without(Assumption::RefundHistoryIsGiven);
    pay(&merchant);
    sandbox.approve("A").unwrap();
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R1", "4.00")).code(), "2005800");
    let status = merchant.status_of("A");
    assert_eq!(status["latestTransactionStatus"], "00");
    assert!(status.get("refundHistory").is_none());
}

#[test]
fn a_refusal_may_hide_a_refund_that_was_made() {
    let (sandbox, merchant) = without(Assumption::SuccessIsNotHidden);
    pay(&merchant);
    sandbox.approve("A").unwrap();
    let call = merchant.call(REFUND, &refund_body("A", "R1", "4.00"));
    sandbox.misbehave(Rule { on: Endpoint::Refund, times: 1, what: Misbehaviour::CloseAfterWork });
    assert_eq!(merchant.send_for_bytes(&call).0, "");
    assert_eq!(merchant.send(&call).code(), "4035815");
    let other = merchant.post(REFUND, &refund_body("A", "R1", "4.00"));
    assert_eq!((other.code().as_str(), other.message().as_str()), ("4035815", "Transaction Not Permitted"));
    let refund = &sandbox.payment("A").unwrap().refunds[0];
    assert_eq!((refund.requests, refund.times_made), (3, 1));
    assert_eq!(merchant.status_of("A")["refundHistory"][0]["refundStatus"], "00");
}

#[test]
fn the_digits_of_dokus_page_are_05_and_07() {
    let (sandbox, merchant) = without(Assumption::AspiServiceCodes);
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "10.00")).code(), "2000500");
    sandbox.approve("A").unwrap();
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R1", "4.00")).code(), "2000700");
    assert_eq!(merchant.post(REFUND, &refund_body("A", "R2", "40.00")).code(), "4040713");
    sandbox.misbehave(Rule { on: Endpoint::Any, times: 1, what: Misbehaviour::InProgress });
    assert_eq!(merchant.post(PAYMENT, &payment_body("B", "10.00")).code(), "2020500");
    assert_eq!(merchant.status_of("A")["originalResponseCode"], "2000500");
}
