//! What a caller is told when DOKU refuses: what it means, which field, what to do, and no secret.

use super::*;
use crate::error::{Kind, Outcome};

#[test]
fn a_refused_payment_stays_refused_without_asking_again() {
    let stage = Stage::new();
    stage.script.next(403, json!({"responseCode": "4035405", "responseMessage": "Do Not Honor"}));
    let first = stage.pay().unwrap_err();
    let second = stage.pay().unwrap_err();
    assert_eq!(first.outcome(), Outcome::Refused);
    assert_eq!((first.kind(), first.outcome(), first.retry()), (second.kind(), second.outcome(), second.retry()));
    assert_eq!((first.response_code(), first.external_id()), (second.response_code(), second.external_id()));
    assert!(second.message().contains("a changed request needs a new reference"), "{second}");
    assert_eq!(stage.script.asked().len(), 1);
}

#[test]
fn a_refusal_for_now_may_be_tried_again_under_a_new_id() {
    let stage = Stage::new();
    stage.script.next(429, json!({"responseCode": "4295400"})).next(200, taken("INV-0001"));
    assert_eq!(stage.pay().unwrap_err().kind(), Kind::TryLater);
    stage.pay().unwrap();
    let sent = stage.script.asked();
    assert_ne!(sent[0].header("X-EXTERNAL-ID"), sent[1].header("X-EXTERNAL-ID"));
}

#[test]
fn what_doku_says_cannot_carry_a_token_into_a_message() {
    let stage = Stage::new();
    let secret = "x".repeat(300);
    let answer = json!({"responseCode": "4015400", "responseMessage": format!("Unauthorized. {secret}\nlook")});
    stage.script.next(401, answer);
    let message = stage.pay().unwrap_err().message().to_owned();
    assert!(message.contains("Unauthorized. … look") && !message.contains(&secret), "{message}");
}

#[test]
fn a_mistake_on_our_side_does_not_use_up_the_reference() {
    let stage = Stage::new();
    stage.script.next(401, json!({"responseCode": "4015400"})).next(200, taken("INV-0001"));
    let error = stage.pay().unwrap_err();
    assert_eq!((error.outcome(), error.retry()), (Outcome::Refused, crate::Retry::No));
    stage.pay().unwrap();
}

#[test]
fn a_message_is_made_of_sentences() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).then(Step::Lost);
    let message = stage.pay().unwrap_err().message().to_owned();
    assert!(message.starts_with("The connection broke, as scripted. It is not known"), "{message}");
}

#[test]
fn a_field_that_doku_names_is_told_by_its_name_here() {
    for (message, field) in [
        ("Invalid Mandatory Field urlParam", Some("return_url")),
        ("Invalid Mandatory Field {validUpTo}", Some("valid_up_to")),
        ("Invalid Field Format amount.value", Some("amount")),
        ("Invalid Field Format X-DEVICE-ID.", Some("device_id")),
        ("Invalid Field Format merchantId", Some("merchantId")),
        ("Bad Request", None),
    ] {
        let stage = Stage::new();
        stage.script.next(400, json!({"responseCode": "4005402", "responseMessage": message}));
        assert_eq!(stage.pay().unwrap_err().field(), field, "{message}");
    }
}

#[test]
fn the_log_tells_what_was_done_and_no_secret() {
    let settings = json!({"log_level": "debug"}).as_object().cloned().unwrap();
    let stage = Stage::with(&settings, Hands::at("2026-11-22T12:00:00+07:00"), "token-marker");
    *stage.script.ahead_s.lock().unwrap() = 90;
    stage.script.then(Step::Lost).next(409, taken("INV-0001")).next(403, json!({"responseCode": "4035815"}));
    stage.script.next(401, json!({"responseCode": "4015501"})).next(200, status("03"));
    let payment = stage.pay().unwrap();
    stage.refund().unwrap_err();
    stage.client.status("INV-0001").unwrap();
    let log: Vec<_> = std::iter::from_fn(|| stage.client.poll_log()).map(|entry| entry.message().to_owned()).collect();
    let all = log.join("\n");
    for told in [
        "A new access token",
        "DOKU's clock is 90 s ahead",
        "lost: The connection broke, as scripted.; the same again in",
        &format!("payment INV-0001 X-EXTERNAL-ID {}: done", payment.external_id()),
        "refund INV-REF-0001",
        "4035815",
        "again with a new token",
    ] {
        assert!(all.contains(told), "'{told}' is not in:\n{all}");
    }
    let mut secrets = vec!["token-marker".to_owned(), "SK-bayar-vectors-0001".to_owned(), "PRIVATE KEY".to_owned()];
    secrets.extend(stage.script.sent().iter().map(|sent| sent.header("X-SIGNATURE").to_owned()));
    assert!(secrets.iter().all(|secret| !all.contains(secret)), "{all}");
}
