//! One payment, one refund, whatever is called how often (P2): the journal's rules at work in the client.

use super::*;
use crate::error::{Kind, Outcome};
use std::time::{Duration, Instant};

fn refunded() -> Value {
    json!({"responseCode": "2005800", "responseMessage": "Successful", "refundNo": "R1",
           "partnerRefundNo": "INV-REF-0001", "refundTime": "2026-11-22T12:00:00+07:00"})
}

fn history(entries: Value) -> Value {
    json!({"responseCode": "2005500", "originalPartnerReferenceNo": "INV-0001", "latestTransactionStatus": "00",
           "refundHistory": entries})
}

fn status(code: &str) -> Value {
    json!({"responseCode": "2005500", "originalPartnerReferenceNo": "INV-0001", "latestTransactionStatus": code})
}

fn entry(status: &str) -> Value {
    json!({"partnerRefundNo": "INV-REF-0001", "refundNo": "R1", "refundStatus": status, "refundDate": "today",
           "refundAmount": {"value": "10000.00", "currency": "IDR"}})
}

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
    stage.client.refund(&RefundRequest::new("INV-0001", "5000", "INV-0001").unwrap()).unwrap();
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
fn a_wrong_clock_is_put_right_by_dokus_date_and_named_where_that_does_not_help() {
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = 3 * 3600;
    stage.script.next(401, json!({"responseCode": "4015400"})).next(200, taken("INV-0001"));
    stage
        .client
        .worker()
        .unwrap()
        .tokens
        .get(&stage.client.worker().unwrap().limit(None), |_| {
            Ok(crate::snap::token::Granted { token: crate::secret::Secret::new("t"), lifetime_s: 900 })
        })
        .unwrap();
    stage.pay().unwrap();
    let sent = stage.script.asked();
    assert_eq!(sent[0].header("X-TIMESTAMP"), "2026-11-22T12:00:00+07:00");
    assert_eq!(sent[1].header("X-TIMESTAMP"), "2026-11-22T15:00:00+07:00");
    assert_eq!(sent[0].header("X-EXTERNAL-ID"), sent[1].header("X-EXTERNAL-ID"));
    stage.script.next(401, json!({"responseCode": "4015800"}));
    let error = stage.refund().unwrap_err();
    assert!(error.message().contains("This machine's clock is 180 minutes behind DOKU's"), "{error}");
}

#[test]
fn a_token_refused_for_the_clock_is_asked_for_again_with_the_right_time() {
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = -600;
    *stage.script.token.lock().unwrap() = Some((401, json!({"responseCode": "4017300"}).to_string()));
    let error = stage.client.warm_up().unwrap_err();
    assert!(error.message().contains("10 minutes ahead of DOKU's"), "{error}");
    let times: Vec<_> = stage.script.sent().iter().map(|sent| sent.header("X-TIMESTAMP").to_owned()).collect();
    assert_eq!(times, ["2026-11-22T12:00:00+07:00", "2026-11-22T11:50:00+07:00"]);
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
fn a_lost_refund_is_looked_up_before_anything_else() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(200, history(json!([entry("00")])));
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    let refund = stage.refund().unwrap();
    assert_eq!((refund.refund_no(), refund.refund_time()), (Some("R1"), Some("today")));
    // From now on it is known, without asking.
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
    assert_eq!(stage.script.asked().len(), 2);
}

#[test]
fn a_lost_refund_that_doku_lists_as_failed_is_refused_and_stays_so() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(200, history(json!([entry("06")])));
    stage.refund().unwrap_err();
    for _ in 0..2 {
        assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Refused);
    }
    assert_eq!(stage.script.asked().len(), 2);
}

#[test]
fn a_lost_refund_stays_open_where_doku_does_not_say() {
    let silent = json!({"responseCode": "2005500", "latestTransactionStatus": "00"});
    let mut other_amount = entry("00");
    other_amount["refundAmount"]["value"] = json!("9999.00");
    for (answer, what) in [
        (silent, "no history at all"),
        (history(json!([entry("03")])), "in progress"),
        (history(json!([])), "too early for the list to mean anything"),
        (history(json!([other_amount])), "another amount"),
        (json!({"responseCode": "4045501"}), "not found"),
        (json!({"responseCode": "5005500"}), "a failure"),
    ] {
        let stage = Stage::new();
        stage.script.then(Step::Lost).next(200, answer);
        stage.refund().unwrap_err();
        stage.clock.forward_s(30);
        let error = stage.refund().unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{what}: {error:?}");
        let refunds = stage.script.asked().iter().filter(|sent| sent.path == crate::snap::path::REFUND).count();
        assert_eq!(refunds, 1, "{what}");
    }
}

#[test]
fn a_lost_refund_that_is_missing_from_the_list_after_a_minute_is_sent_again_as_it_was() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(200, history(json!([]))).next(200, refunded());
    stage.refund().unwrap_err();
    stage.clock.forward_s(61);
    stage.refund().unwrap();
    let sent = stage.script.asked();
    assert_eq!(sent[0].body, sent[2].body);
    assert_eq!(sent[0].header("X-EXTERNAL-ID"), sent[2].header("X-EXTERNAL-ID"));
}

#[test]
fn asking_does_not_put_off_the_minute_after_the_last_byte() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(200, history(json!([]))).next(200, history(json!([]))).next(200, refunded());
    stage.refund().unwrap_err();
    stage.clock.forward_s(50);
    stage.refund().unwrap_err();
    stage.clock.forward_s(11);
    stage.refund().unwrap();
}

#[test]
fn a_resend_that_is_refused_leaves_the_refund_open() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(200, history(json!([]))).next(403, json!({"responseCode": "4035815"}));
    stage.refund().unwrap_err();
    stage.clock.forward_s(61);
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    // Its time counts anew, so the next call only asks.
    stage.script.next(200, history(json!([entry("00")])));
    stage.refund().unwrap();
}

#[test]
fn a_duplicate_that_doku_knows_is_settled_by_its_status() {
    let stage = Stage::new();
    stage.script.next(409, json!({"responseCode": "4095801"})).next(200, history(json!([entry("00")])));
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
    // A payment is known as well, but its link is not in the status: it is not called lost, and not paid again.
    stage.script.next(409, json!({"responseCode": "4095401"})).next(200, status("03"));
    let error = stage.pay().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Conflict, Outcome::Unknown), "{error:?}");
    assert!(!error.message().contains("call again"), "{error}");
    // Once it is paid it is done, without a link.
    stage.script.next(200, status("00"));
    let payment = stage.pay().unwrap();
    assert_eq!((payment.redirect_url(), payment.partner_reference_no()), (None, "INV-0001"));
    assert_eq!(stage.pay().unwrap().redirect_url(), None);
}

#[test]
fn a_duplicate_whose_status_is_silent_stays_open_and_is_asked_about_first() {
    let stage = Stage::new();
    stage.script.next(409, json!({"responseCode": "4095801"})).then(Step::Lost);
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    stage.script.next(200, history(json!([entry("00")])));
    stage.refund().unwrap();
    let refunds = stage.script.asked().iter().filter(|sent| sent.path == crate::snap::path::REFUND).count();
    assert_eq!(refunds, 1);
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
fn what_doku_says_cannot_carry_a_token_into_a_message() {
    let stage = Stage::new();
    let secret = "x".repeat(300);
    let answer = json!({"responseCode": "4015400", "responseMessage": format!("Unauthorized. {secret}\nlook")});
    stage.script.next(401, answer);
    let message = stage.pay().unwrap_err().message().to_owned();
    assert!(message.contains("Unauthorized. … look") && !message.contains(&secret), "{message}");
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
fn what_was_done_counts_before_what_failed_under_the_same_number() {
    for order in [json!([entry("06"), entry("00")]), json!([entry("00"), entry("06")])] {
        let stage = Stage::new();
        stage.script.then(Step::Lost).next(200, history(order));
        stage.refund().unwrap_err();
        assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
    }
}

#[test]
fn an_entry_that_may_be_ours_keeps_a_refund_from_being_sent_again() {
    let mut nameless = entry("00");
    nameless.as_object_mut().unwrap().remove("partnerRefundNo");
    let mut payments_name = nameless.clone();
    payments_name["partnerReferenceNo"] = json!("INV-0001");
    for unclear in [nameless, payments_name] {
        let stage = Stage::new();
        stage.script.then(Step::Lost).next(200, history(json!([unclear])));
        stage.refund().unwrap_err();
        stage.clock.forward_s(600);
        assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
        assert_eq!(stage.script.asked().len(), 2);
    }
}

#[test]
fn a_date_that_jumps_forward_is_not_a_minute_that_passed() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).next(200, history(json!([])));
    stage.refund().unwrap_err();
    stage.clock.jump_s(600);
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    assert_eq!(stage.script.asked().len(), 2);
}

#[test]
fn the_day_is_dokus_not_that_of_a_till_with_a_wrong_clock() {
    // By the till's clock it is noon; by DOKU's, Jakarta's midnight is near.
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = 12 * 3600 - 300;
    stage.script.next(404, json!({"responseCode": "4045501"}));
    stage.client.status("INV-0009").unwrap_err();
    stage.script.then(Step::Lost).next(200, status("03"));
    stage.pay().unwrap_err();
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown);
    assert!(stage.script.asked().last().unwrap().path.ends_with("status"));
}

#[test]
fn a_replayed_refusal_is_no_first_refusal() {
    // Another process had this answer, and may have succeeded since under another id.
    let stage = Stage::new();
    stage.script.next(409, json!({"responseCode": "4035814"})).next(200, history(json!([entry("00")])));
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
    let stage = Stage::new();
    stage.script.next(409, json!({"responseCode": "4035814"})).next(200, history(json!([])));
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
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

#[test]
fn a_mistake_on_our_side_does_not_use_up_the_reference() {
    let stage = Stage::new();
    stage.script.next(401, json!({"responseCode": "4015400"})).next(200, taken("INV-0001"));
    let error = stage.pay().unwrap_err();
    assert_eq!((error.outcome(), error.retry()), (Outcome::Refused, crate::Retry::No));
    stage.pay().unwrap();
}

#[test]
fn refusals_that_may_mean_done_are_looked_up() {
    let stage = Stage::new();
    stage.script.next(404, json!({"responseCode": "4045800"})).next(200, history(json!([entry("00")])));
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"), "it was refunded by a process whose journal is lost");
    stage.script.next(404, json!({"responseCode": "4045414"})).next(200, status("00"));
    stage.pay().unwrap();
    // Where the status knows nothing of it, the refusal holds.
    let stage = Stage::new();
    stage.script.next(404, json!({"responseCode": "4045800"})).next(200, history(json!([])));
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Refused);
}

#[test]
fn money_that_went_back_is_not_paid_and_another_amount_is_a_conflict() {
    let stage = Stage::new();
    stage.script.next(200, status("04"));
    let refunded = stage.client.status("INV-0001").unwrap();
    assert!(!refunded.is_paid() && refunded.is_final());
    stage.script.next(200, taken("INV-0001"));
    stage.pay().unwrap();
    let mut less = status("00");
    less["transAmount"] = json!({"value": "1.00", "currency": "IDR"});
    stage.script.next(200, less);
    let error = stage.client.status("INV-0001").unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Conflict, Outcome::Unknown));
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
fn a_message_is_made_of_sentences() {
    let stage = Stage::new();
    stage.script.then(Step::Lost).then(Step::Lost);
    let message = stage.pay().unwrap_err().message().to_owned();
    assert!(message.starts_with("The connection broke, as scripted. It is not known"), "{message}");
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
    let known = |reference: &str| {
        stage
            .client
            .worker()
            .unwrap()
            .journal
            .find(crate::snap::external_id::Operation::Payment, reference)
            .unwrap()
            .is_some()
    };
    assert_eq!((known("OPEN"), known("FOR-NOW"), known("OLD"), known("INV-10000")), (true, false, false, true));
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

#[test]
fn a_payment_of_another_amount_under_our_reference_is_for_a_person() {
    let stage = Stage::new();
    let mut other = status("00");
    other["transAmount"] = json!({"value": "9999.00", "currency": "IDR"});
    stage.script.next(409, json!({"responseCode": "4095401"})).next(200, other);
    let error = stage.pay().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Conflict, Outcome::Unknown));
    assert!(error.message().contains("another amount"), "{error}");
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
fn a_refusal_that_an_earlier_run_had_is_told_as_such_and_for_a_person() {
    let stage = Stage::new();
    stage.script.next(409, json!({"responseCode": "4005402", "responseMessage": "Invalid Mandatory Field urlParam"}));
    stage.script.next(404, json!({"responseCode": "4045501"}));
    let error = stage.pay().unwrap_err();
    assert_eq!((error.outcome(), error.retry()), (Outcome::Unknown, crate::Retry::No));
    assert!(error.message().contains("repeats how it refused") && error.message().contains("urlParam"), "{error}");
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
