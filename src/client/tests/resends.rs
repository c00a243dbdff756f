//! What is sent again, within a call and by the next one, and what is never: the same id, the same bytes, on the same day.

use super::*;
use crate::error::{Kind, Outcome};

#[test]
fn a_payment_whose_answer_was_lost_is_sent_again_with_the_same_id_and_bytes() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).then(Step::Lost).next(409, taken("INV-0001"));
    let error = stage.pay().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(stage.script.asked().len(), 2, "once more within the call");
    assert!(error.message().contains("same reference 'INV-0001'"), "{error}");
    stage.clock.forward_s(300);
    let mut changed = PaymentRequest::new("INV-0001", "10000").unwrap();
    changed.set_title("Another title").unwrap();
    stage.client.pay(&changed).unwrap();
    let sent = stage.script.asked();
    assert!(sent.iter().all(|other| other.body == sent[0].body), "the bytes stored first win");
    assert!(sent.iter().all(|other| other.header("X-EXTERNAL-ID") == sent[0].header("X-EXTERNAL-ID")));
    assert_ne!(sent[0].header("X-TIMESTAMP"), sent[2].header("X-TIMESTAMP"), "time and signature are new");
}

#[test]
fn a_payment_whose_answer_was_lost_is_found_again_within_the_call() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(409, taken("INV-0001"));
    assert_eq!(stage.pay().unwrap().redirect_url(), Some("https://pay.example/1"));
    stage.script.next(502, "<html>").next(403, json!({"responseCode": "4035405"}));
    let error = stage.client.pay(&PaymentRequest::new("INV-0002", "1").unwrap()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "a refusal of the second transmission proves nothing");
    stage.script.then(Step::Lost).then(Step::NotSent);
    let error = stage.client.pay(&PaymentRequest::new("INV-0003", "1").unwrap()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "nor does one that was never sent");
}

#[test]
fn dokus_wish_to_wait_is_followed_under_a_new_id() {
    let stage = Stage::new();
    stage.script.then(Step::ComeAgain(1)).next(200, taken("INV-0001"));
    stage.pay().unwrap();
    let sent = stage.script.asked();
    assert_ne!(sent[0].header("X-EXTERNAL-ID"), sent[1].header("X-EXTERNAL-ID"));
    // Longer than the call may last: the caller is told.
    stage.script.then(Step::ComeAgain(3600));
    let error = stage.refund().unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.retry()), (Kind::TryLater, Outcome::Refused, crate::Retry::Later));
}

#[test]
fn over_midnight_a_lost_payment_is_asked_about_and_not_sent_again() {
    for (start, wait_s, what) in [
        ("2026-11-22T23:00:00+07:00", 2 * 3600, "Jakarta's day ends"),
        ("2026-11-22T06:30:00+07:00", 3600, "the UTC day ends at seven"),
        ("2026-11-22T12:00:00+07:00", 11 * 3600 + 3300, "midnight is near"),
    ] {
        let stage = Stage::with(&Map::new(), Hands::at(start), "t");
        stage.script.then(Step::Lost).then(Step::Lost).next(200, status("03"));
        stage.pay().unwrap_err();
        stage.clock.forward_s(wait_s);
        let error = stage.pay().unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (Kind::Conflict, Outcome::Unknown), "{what}: {error:?}");
        let paths: Vec<_> = stage.script.asked().into_iter().map(|sent| sent.path).collect();
        assert_eq!(
            paths,
            [crate::snap::path::PAYMENT, crate::snap::path::PAYMENT, crate::snap::path::STATUS],
            "{what}"
        );
    }
}

#[test]
fn a_request_that_doku_is_working_on_is_never_sent_again() {
    let stage = Stage::new();
    stage.script.next(200, json!({"responseCode": "2025800"})).next(200, history(json!([])));
    assert_eq!(stage.refund().unwrap_err().kind(), Kind::InProgress);
    stage.clock.forward_s(600);
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    stage.script.next(202, json!({"responseCode": "2025400"})).next(200, status("07"));
    assert_eq!(stage.pay().unwrap_err().kind(), Kind::InProgress);
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown);
    let sent = stage.script.asked();
    let paths: Vec<_> = sent.iter().map(|sent| sent.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(paths, ["refund", "status", "payment-host-to-host", "status"]);
}

#[test]
fn what_may_have_happened_stays_so_also_when_the_next_call_sends_nothing() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).then(Step::Lost).then(Step::NotSent);
    stage.pay().unwrap_err();
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown, "the connection failed");
    for _ in 0..3 {
        stage.script.next(401, json!({"responseCode": "4015401"}));
    }
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown, "the token was refused");
    // And its bytes stay, whatever the later calls would rather send.
    stage.script.next(200, taken("INV-0001"));
    let mut changed = PaymentRequest::new("INV-0001", "10000").unwrap();
    changed.set_title("Another title").unwrap();
    stage.client.pay(&changed).unwrap();
    let sent = stage.script.asked();
    assert!(sent.iter().all(|other| other.body == sent[0].body));
}
