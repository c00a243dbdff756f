//! Rules in their order, chance with its seed, and rules from another process.

use bayar_sandbox::{Endpoint, Misbehaviour, Rule};
use serde_json::json;

use crate::common::{PAYMENT, REFUND, STATUS, payment_body, refund_body, status_body};
use crate::{counts, next, opened};

#[test]
fn refunds_misbehave_and_are_counted_likewise() {
    let (sandbox, merchant) = opened();
    merchant.post(PAYMENT, &payment_body("A", "10.00"));
    sandbox.approve("A").unwrap();
    let call = merchant.call(REFUND, &refund_body("A", "R1", "4.00"));
    next(&sandbox, Endpoint::Refund, Misbehaviour::Html { status: 503 });
    next(&sandbox, Endpoint::Payment, Misbehaviour::Rubbish);
    next(&sandbox, Endpoint::Any, Misbehaviour::CloseAfterWork);
    assert_eq!(merchant.send(&call).status, 503);
    assert_eq!((sandbox.refund_requests("R1"), sandbox.counts().refunds_made), (1, 0));
    assert_eq!(merchant.send_for_bytes(&call), (String::new(), None));
    assert_eq!((sandbox.refund_requests("R1"), sandbox.counts().refunds_made), (2, 1));
    let again = merchant.send(&call);
    assert_eq!((again.status, &again.json()["responseCode"]), (409, &json!("2005800")));
    let refund = &sandbox.payment("A").unwrap().refunds[0];
    assert_eq!((refund.requests, refund.times_made), (3, 1));
}

#[test]
fn chance_with_a_seed_repeats_itself_and_behaving_ends_it() {
    let run = || {
        let (sandbox, merchant) = opened();
        let choices = vec![Misbehaviour::Html { status: 502 }, Misbehaviour::InProgress];
        sandbox.misbehave_at_random(11, 500, choices);
        let mut answers = Vec::new();
        for _ in 0..40 {
            answers.push(merchant.post(STATUS, &status_body("A")).status);
        }
        sandbox.behave();
        for _ in 0..10 {
            assert_eq!(merchant.post(STATUS, &status_body("A")).status, 404);
        }
        answers
    };
    let answers = run();
    assert_eq!(answers, run());
    for status in [202, 404, 502] {
        assert!(answers.contains(&status), "{answers:?}");
    }
}

#[test]
fn rules_are_dropped_by_behaving() {
    let (sandbox, merchant) = opened();
    sandbox.misbehave(Rule { on: Endpoint::Any, times: 100, what: Misbehaviour::OldToken });
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4015501");
    assert_eq!(merchant.send_token_call(merchant.token_call()).code(), "4017301");
    sandbox.behave();
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4045501");
}

#[test]
fn scripts_give_rules_as_json() {
    let (sandbox, merchant) = opened();
    let rule = |json: &str| merchant.control("/_sandbox/misbehave", json);
    let code = r#"{"on":"payment","times":2,"what":"code_after_work","http":504,"code":"5045400"}"#;
    assert_eq!(rule(code).status, 204);
    assert_eq!(rule(r#"{"what":"too_many","retry_after_s":3}"#).status, 204);
    let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
    assert_eq!(merchant.send(&call).code(), "5045400");
    assert_eq!(merchant.post(STATUS, &status_body("A")).header("Retry-After"), Some("3"));
    assert_eq!(merchant.control("/_sandbox/behave", "").status, 204);
    let again = merchant.send(&call);
    assert_eq!((again.status, &again.json()["responseCode"]), (409, &json!("5045400")));
    assert_eq!(counts(&sandbox), (2, 1));
    for (json, why) in [
        ("rubbish", "expected value"),
        ("[]", "object"),
        ("{}", "what must be a text"),
        (r#"{"what":"explode"}"#, "explode"),
        (r#"{"what":"rubbish","on":"refunds"}"#, "refunds"),
        (r#"{"what":"rubbish","times":-1}"#, "times"),
        (r#"{"what":"html","status":70000}"#, "status"),
        (r#"{"what":"conflict","meaning":"war"}"#, "war"),
        (r#"{"what":"missing"}"#, "field"),
    ] {
        let answer = rule(json);
        assert!(answer.status == 400 && answer.text().contains(why), "{json}: {}", answer.text());
    }
    assert_eq!(merchant.plain("GET", "/_sandbox/misbehave").status, 405);
}

#[test]
fn every_misbehaviour_has_a_name_for_scripts() {
    let (sandbox, merchant) = opened();
    let members = r#""ms":1,"bytes_per_s":9,"status":502,"http":500,"code":"5005400","meaning":"replay","ahead_s":-1,
        "bytes":9,"field":"a","value":"b","json":"{}""#;
    let names = "delay delay_before_work close_before_work close_after_work close_after_answer reset_before_work \
        reset_after_work half_answer half_then_silence trickle no_handshake rubbish html html_after_work code \
        code_after_work in_progress too_many conflict old_token unknown_token wrong_date no_date oversized \
        duplicate_headers two_lengths no_content_type no_content_length chunked wrong_type nul_in unknown_field \
        missing wrong_echo put redirect empty_body";
    for name in names.split_whitespace() {
        let answer = merchant.control("/_sandbox/misbehave", &format!(r#"{{"what":"{name}",{members}}}"#));
        assert_eq!(answer.status, 204, "{name}");
    }
    sandbox.behave();
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4045501");
}
