//! Waiting for the customer.

use super::*;
use crate::error::{Kind, Outcome};
use std::time::{Duration, Instant};

#[test]
fn waiting_ends_when_paid_and_returns_what_is_known_when_the_time_is_over() {
    let settings = json!({"status_interval_ms": "50"}).as_object().cloned().unwrap();
    let stage = Stage::with(&settings, Hands::at("2026-11-22T12:00:00+07:00"), "t");
    stage.script.next(404, json!({"responseCode": "4045501"})).next(200, status("01")).then(Step::Lost);
    stage.script.next(200, status("06")).next(200, status("00"));
    let paid = stage.client.wait("INV-0001", Duration::from_secs(60)).unwrap();
    assert!(paid.is_paid() && paid.is_final());
    assert_eq!(stage.script.asked().len(), 5, "failed is not final while the link lives");

    stage.script.next(200, status("03"));
    let pending = stage.client.wait("INV-0001", Duration::ZERO).unwrap();
    assert!(!pending.is_final());
    stage.script.then(Step::Lost);
    let error = stage.client.wait("INV-0001", Duration::ZERO).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[test]
fn a_cancelled_payment_is_final_only_when_its_link_is_dead() {
    let stage = Stage::new();
    stage.script.next(200, taken("INV-0001"));
    stage.pay().unwrap();
    let cancelled = json!({"responseCode": "2005500", "latestTransactionStatus": "05"});
    stage.script.next(200, &cancelled).next(200, &cancelled);
    assert!(!stage.client.status("INV-0001").unwrap().is_final());
    stage.clock.forward_s(3601);
    assert!(stage.client.status("INV-0001").unwrap().is_final());
}

#[test]
fn a_wrong_key_at_doku_ends_waiting_at_once() {
    let stage = Stage::new();
    *stage.script.token.lock().unwrap() = Some((401, json!({"responseCode": "4017300"}).to_string()));
    let begun = Instant::now();
    let error = stage.client.wait("INV-0001", Duration::from_secs(600)).unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthorized);
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(stage.script.tokens(), 1, "it is not even asked twice");
}

#[test]
fn waiting_tells_the_last_real_error_and_not_that_its_time_is_over() {
    let settings = json!({"status_interval_ms": "50"}).as_object().cloned().unwrap();
    let stage = Stage::with(&settings, Hands::at("2026-11-22T12:00:00+07:00"), "t");
    stage.script.next(404, json!({"responseCode": "4045501"}));
    for _ in 0..100 {
        stage.script.then(Step::TimedOut);
    }
    let error = stage.client.wait("INV-0001", Duration::from_millis(300)).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
}

#[test]
fn a_wrong_secret_ends_waiting_at_once() {
    let stage = Stage::new();
    for _ in 0..3 {
        stage.script.next(401, json!({"responseCode": "4015500"}));
    }
    let begun = Instant::now();
    let error = stage.client.wait("INV-0001", Duration::from_secs(8)).unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Unauthorized, crate::Outcome::Unknown));
    assert_eq!(stage.script.asked().len(), 1, "after {:?}", begun.elapsed());
}
