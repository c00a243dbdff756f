//! The access token: renewed when DOKU drops it, and a request under it never made twice.

use super::*;
use crate::error::{Kind, Outcome};

#[test]
fn a_token_that_is_not_taken_is_renewed_and_the_same_request_repeated() {
    for case in ["01", "03"] {
        let stage = Stage::new();
        stage.script.next(401, json!({"responseCode": format!("40154{case}")})).next(200, taken("INV-0001"));
        stage.pay().unwrap();
        let sent = stage.script.asked();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].header("X-EXTERNAL-ID"), sent[1].header("X-EXTERNAL-ID"));
        assert_eq!(stage.script.tokens(), 2);
    }
}

#[test]
fn a_token_that_is_never_taken_ends_after_three_tries_as_refused() {
    let stage = Stage::new();
    for _ in 0..3 {
        stage.script.next(401, json!({"responseCode": "4015401"}));
    }
    let error = stage.pay().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Unauthorized, Outcome::Refused));
    assert_eq!((stage.script.asked().len(), stage.script.tokens()), (3, 3));
}

#[test]
fn one_token_serves_many_calls() {
    let stage = Stage::new();
    for number in 0..5 {
        let reference = format!("INV-{number}");
        stage.script.next(200, taken(&reference));
        stage.client.pay(&PaymentRequest::new(&reference, "1").unwrap()).unwrap();
    }
    assert_eq!(stage.script.tokens(), 1);
}

#[test]
fn a_request_whose_token_was_refused_keeps_its_bytes() {
    let stage = Stage::new();
    for _ in 0..3 {
        stage.script.next(401, json!({"responseCode": "4015401"}));
    }
    stage.pay().unwrap_err();
    stage.clock.forward_s(100);
    stage.script.next(200, taken("INV-0001"));
    stage.pay().unwrap();
    let sent = stage.script.asked();
    assert!(sent.iter().all(|other| other.body == sent[0].body));
    assert!(sent.iter().all(|other| other.header("X-EXTERNAL-ID") == sent[0].header("X-EXTERNAL-ID")));
}
