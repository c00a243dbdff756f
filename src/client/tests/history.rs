//! What DOKU's status and its list of refunds prove about an operation that may have happened, and what they do not.

use super::*;
use crate::error::{Kind, Outcome};

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
fn an_entry_that_may_bear_the_payments_reference_proves_nothing_of_a_refund_of_that_number() {
    let other_name = |mut entry: Value| {
        let number = entry.as_object_mut().unwrap().remove("partnerRefundNo").unwrap();
        entry["partnerReferenceNo"] = number;
        entry
    };
    let under = |number: &str, mut entry: Value| {
        entry["partnerRefundNo"] = json!(number);
        entry
    };
    let ours = || under("INV-0001", entry("00"));
    for (listed, proves) in [(ours(), true), (other_name(ours()), false)] {
        let stage = Stage::new();
        stage.script.then(Step::Lost).next(200, history(json!([listed])));
        let request = RefundRequest::new("INV-0001", "10000", "INV-0001").unwrap();
        stage.client.refund(&request).unwrap_err();
        stage.clock.forward_s(61);
        let again = stage.client.refund(&request);
        assert_eq!(again.is_ok(), proves, "{again:?}");
        assert_eq!(stage.script.asked().len(), 2, "the refund once, and the question");
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
fn a_refusal_that_an_earlier_run_had_is_told_as_such_and_for_a_person() {
    let stage = Stage::new();
    stage.script.next(409, json!({"responseCode": "4005402", "responseMessage": "Invalid Mandatory Field urlParam"}));
    stage.script.next(404, json!({"responseCode": "4045501"}));
    let error = stage.pay().unwrap_err();
    assert_eq!((error.outcome(), error.retry()), (Outcome::Unknown, crate::Retry::No));
    assert!(error.message().contains("repeats how it refused") && error.message().contains("urlParam"), "{error}");
}
