//! The journal in a file under a client: what a new process knows, who takes over from whom, and what asking does.

use super::*;
use crate::error::{Kind, Outcome};
use crate::{Comparison, RecordState, Resolution, TransactionStatus, Which};

fn not_found() -> Value {
    json!({"responseCode": "4045501", "responseMessage": "Transaction Not Found"})
}

#[test]
fn a_new_process_tells_the_same_results_and_sends_nothing() {
    let stage = Stage::with_file();
    stage.script.next(200, taken("INV-0001")).next(200, refunded());
    let (payment, refund) = (stage.pay().unwrap(), stage.refund().unwrap());
    assert!(payment.is_recorded() && refund.is_recorded());
    stage.clock.reboot();
    let again = stage.another();
    let same = again.pay().unwrap();
    assert_eq!((payment.json(), payment.redirect_url()), (same.json(), same.redirect_url()));
    assert_eq!((payment.external_id(), payment.valid_up_to()), (same.external_id(), same.valid_up_to()));
    assert_eq!(again.refund().unwrap().json(), refund.json());
    assert_eq!(stage.script.asked().len(), 2);
}

#[test]
fn a_till_that_lost_power_in_the_middle_presses_again_and_pays_once() {
    let stage = Stage::with_file();
    stage.script.then(Step::Lost).then(Step::Lost);
    let first = stage.pay().unwrap_err();
    assert_eq!(first.outcome(), Outcome::Unknown);
    stage.clock.reboot();
    let again = stage.another();
    // It has not seen DOKU's date, so it does not know DOKU's day: it asks first. The answer has the date, and so the same
    // id and bytes may go out again, to which DOKU repeats its first answer.
    again.script.next(404, not_found()).next(409, taken("INV-0001"));
    let payment = again.pay().unwrap();
    assert_eq!(Some(payment.external_id()), first.external_id());
    assert_eq!(stage.script.asked()[2].path, crate::snap::path::STATUS);
    let sent = stage.script.asked();
    assert_eq!(sent[0].body, sent.last().unwrap().body);
}

#[test]
fn over_midnight_nothing_is_sent_again_without_asking() {
    // Midnight in Jakarta and in Greenwich, each some minutes away, with either clock.
    for (first, hours) in
        [("2026-11-22T23:30:00+07:00", 1), ("2026-11-23T06:30:00+07:00", 1), ("2026-11-22T12:00:00+07:00", 24)]
    {
        let stage = Stage::with_file();
        let now = crate::snap::timestamp::parse(first).unwrap().unix_ms - stage.clock.now().wall_ms;
        stage.clock.jump_s(now / 1000);
        stage.script.then(Step::Lost).then(Step::Lost);
        stage.pay().unwrap_err();
        stage.clock.forward_s(hours * 3600);
        stage.clock.reboot();
        let again = stage.another();
        again.client.warm_up().unwrap();
        for _ in 0..3 {
            again.script.next(404, not_found());
            again.pay().unwrap_err();
            stage.clock.forward_s(3600);
        }
        let paid = stage.script.asked().iter().filter(|sent| sent.path == crate::snap::path::PAYMENT).count();
        assert!(paid <= 2, "{first}: only the first call sent it");
        // What DOKU knows is believed.
        again.script.next(200, status("00"));
        assert!(again.pay().unwrap().redirect_url().is_none(), "{first}");
    }
}

#[test]
fn a_machine_that_slept_in_the_middle_sends_nothing_and_another_takes_over() {
    let stage = Stage::with_file();
    let other = stage.another();
    stage.script.then(Step::Sleep(120));
    let error = stage.refund().unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    assert!(stage.script.asked().is_empty());
    stage.script.next(200, refunded());
    other.refund().unwrap();
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
    assert_eq!(stage.script.asked().len(), 1);
}

#[test]
fn who_is_taken_over_while_waiting_for_the_answer_tells_what_the_other_found() {
    let stage = Stage::with_file();
    let other = stage.another();
    let (clock, script) = (stage.clock.clone(), Arc::clone(&stage.script));
    let meanwhile = move || {
        clock.forward_s(120);
        // It may have been sent, so the other asks, and finds it.
        script.next(200, history(json!([entry("00")])));
        assert_eq!(other.refund().unwrap().refund_no(), Some("R1"));
    };
    stage.script.then(Step::Meanwhile(
        Box::new(meanwhile),
        Box::new(Step::Answer(403, json!({"responseCode": "4035815"}).to_string())),
    ));
    let refund = stage.refund().unwrap();
    assert_eq!((refund.refund_no(), refund.is_recorded()), (Some("R1"), true));
}

#[test]
fn what_cannot_be_written_down_is_told_all_the_same() {
    let stage = Stage::with_file().another_with(json!({"timeout_ms": "1000"}).as_object().unwrap());
    stage.script.then(locked_for(&stage, Duration::from_millis(1_600), Step::Answer(200, refunded().to_string())));
    let refund = stage.refund().unwrap();
    assert_eq!((refund.refund_no(), refund.is_recorded()), (Some("R1"), false));
    std::thread::sleep(Duration::from_millis(1_700));
    assert_eq!(stage.record("INV-REF-0001").state(), RecordState::Sending);
    // Settled later by asking.
    stage.clock.forward_s(300);
    stage.script.next(200, history(json!([entry("00")])));
    let settled = stage.client.settle(Duration::from_secs(20)).unwrap();
    assert_eq!(settled.iter().map(crate::Record::state).collect::<Vec<_>>(), [RecordState::Done]);
    assert!(stage.refund().unwrap().is_recorded());
}

#[test]
fn what_was_found_out_is_written_as_long_as_the_call_has_time() {
    let stage = Stage::with_file();
    stage.script.then(locked_for(&stage, Duration::from_millis(600), Step::Answer(200, refunded().to_string())));
    assert!(stage.refund().unwrap().is_recorded());
    assert_eq!(stage.record("INV-REF-0001").state(), RecordState::Done);
}

/// Another program locks the journal for so long while the request is under way.
fn locked_for(stage: &Stage, time: Duration, step: Step) -> Step {
    let path = stage.folder.as_ref().unwrap().path().join("bayar.db");
    let lock = move || {
        let other = rusqlite::Connection::open(path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        std::thread::spawn(move || {
            std::thread::sleep(time);
            drop(other);
        });
    };
    Step::Meanwhile(Box::new(lock), Box::new(step))
}

#[test]
fn without_its_journal_nothing_is_sent() {
    let stage = Stage::with_file();
    let path = stage.folder.as_ref().unwrap().path().join("bayar.db");
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = stage.another_with(json!({"timeout_ms": "300"}).as_object().unwrap()).pay().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Journal, Outcome::NotSent), "{error:?}");
    assert!(stage.script.sent().is_empty());
}

#[test]
fn a_journal_that_fails_does_not_make_an_open_refund_one_that_was_not_sent() {
    let stage = Stage::with_file();
    let stage = stage.another_with(json!({"timeout_ms": "300"}).as_object().unwrap());
    stage.script.then(Step::Lost);
    stage.refund().unwrap_err();
    let other = rusqlite::Connection::open(stage.folder.as_ref().unwrap().path().join("bayar.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = stage.refund().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Journal, Outcome::Unknown), "{error:?}");
}

#[test]
fn settling_asks_what_is_due_and_never_sends() {
    let stage = Stage::with_file();
    for (reference, number) in [("INV-1", "R-1"), ("INV-2", "R-2"), ("INV-3", "R-3")] {
        stage.script.then(Step::Lost);
        let request = RefundRequest::new(reference, "10000", number).unwrap();
        stage.client.refund(&request).unwrap_err();
    }
    let settle = || stage.another().client.settle(Duration::from_secs(20)).unwrap();
    assert!(settle().is_empty(), "DOKU wants to be asked after a minute");
    stage.clock.forward_s(61);
    let of = |reference: &str, entries: Value| {
        let mut answer = history(entries);
        answer["originalPartnerReferenceNo"] = json!(reference);
        answer
    };
    let mut failed = entry("06");
    failed["partnerRefundNo"] = json!("R-2");
    let mut made = entry("00");
    made["partnerRefundNo"] = json!("R-1");
    stage
        .script
        .next(200, of("INV-1", json!([made])))
        .next(200, of("INV-2", json!([failed])))
        .next(200, of("INV-3", json!([])));
    let states: Vec<_> = settle().iter().map(crate::Record::state).collect();
    assert_eq!(states, [RecordState::Done, RecordState::Refused, RecordState::Unknown]);
    let refunds = stage.script.asked().iter().filter(|sent| sent.path == crate::snap::path::REFUND).count();
    assert_eq!(refunds, 3, "absence from the list allows the caller to send again, not a timer");
    assert!(settle().is_empty(), "and not again at once");
    let open: Vec<_> = stage.client.records(Which::Open).unwrap().map(|record| record.unwrap()).collect();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].reference(), open[0].inquiries()), ("R-3", 1));
    assert!(open[0].next_inquiry().is_some());
}

#[test]
fn settling_stops_when_its_time_is_over_and_goes_on_next_time() {
    let stage = Stage::with_file();
    for number in 0..5 {
        stage.script.then(Step::Lost);
        let request = RefundRequest::new("INV-0001", "1", &format!("R-{number}")).unwrap();
        stage.client.refund(&request).unwrap_err();
    }
    stage.clock.forward_s(61);
    let none = stage.client.settle(Duration::ZERO).unwrap();
    assert!(none.is_empty() && !none.is_complete());
    for _ in 0..5 {
        stage.script.next(404, not_found());
    }
    let all = stage.client.settle(Duration::from_secs(10)).unwrap();
    assert!(all.len() == 5 && all.is_complete());
    // A call's own limit is 30 s.
    assert!(stage.script.asked()[5..].iter().all(|sent| sent.left <= Duration::from_secs(10)));
}

#[test]
fn what_may_only_be_asked_about_stays_so_when_a_call_ends_by_a_panic() {
    let stage = Stage::with_file();
    // DOKU has seen the id before, and its status does not tell.
    stage.script.next(409, json!({"responseCode": "4095400"})).next(500, json!({"responseCode": "5005500"}));
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown);
    let fault = || Step::Meanwhile(Box::new(|| panic!("as scripted")), Box::new(Step::Lost));
    stage.script.then(fault());
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stage.pay())).unwrap_err();
    stage.script.next(500, json!({"responseCode": "5005500"}));
    assert_eq!(stage.another().pay().unwrap_err().outcome(), Outcome::Unknown);
    let payments = stage.script.asked().iter().filter(|sent| sent.path == crate::snap::path::PAYMENT).count();
    assert_eq!(payments, 1);
}

#[test]
fn what_this_process_has_sent_is_not_denied_when_the_journal_can_no_longer_be_read() {
    let stage = Stage::with_file();
    stage.script.then(Step::Lost);
    stage.refund().unwrap_err();
    let other = rusqlite::Connection::open(stage.folder.as_ref().unwrap().path().join("bayar.db")).unwrap();
    other.execute_batch("ALTER TABLE bayar_operation RENAME TO set_aside").unwrap();
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::NotSent, "of another one nothing was sent");
    assert_eq!(stage.script.asked().len(), 1);
}

#[test]
fn settling_goes_by_dokus_clock_like_the_records() {
    let stage = Stage::with_file();
    *stage.script.ahead_s.lock().unwrap() = 3600;
    stage.client.warm_up().unwrap();
    stage.script.then(Step::Lost).next(404, not_found());
    stage.refund().unwrap_err();
    stage.clock.forward_s(61);
    assert_eq!(stage.client.settle(Duration::from_secs(20)).unwrap().len(), 1);
}

#[test]
fn a_record_that_a_person_closed_is_told_as_that() {
    let stage = Stage::with_file();
    let close = |resolution| stage.client.resolve(Operation::Payment, "INV-0001", resolution, "seen in the dashboard");
    assert!(close(Resolution::Done).is_err(), "there is no such record");
    stage.script.then(Step::Lost).then(Step::Lost);
    stage.pay().unwrap_err();
    close(Resolution::Done).unwrap();
    let payment = stage.another().pay().unwrap();
    assert_eq!((payment.redirect_url(), payment.json(), payment.response_code()), (None, "", ""));
    for (number, resolution, outcome) in
        [("R-1", Resolution::Refused, Outcome::Refused), ("R-2", Resolution::Abandoned, Outcome::Unknown)]
    {
        stage.script.then(Step::Lost);
        let request = RefundRequest::new("INV-0001", "1", number).unwrap();
        stage.client.refund(&request).unwrap_err();
        stage.client.resolve(Operation::Refund, number, resolution, "seen in the dashboard").unwrap();
        let error = stage.another().client.refund(&request).unwrap_err();
        assert_eq!(error.outcome(), outcome, "{error:?}");
        assert!(error.message().contains("seen in the dashboard"), "{error}");
    }
    assert_eq!(stage.script.asked().len(), 4);
}

#[test]
fn a_payment_that_is_paid_after_it_was_given_up_is_reported() {
    let stage = Stage::with_file();
    stage.script.next(200, taken("INV-0001"));
    stage.pay().unwrap();
    stage.client.resolve(Operation::Payment, "INV-0001", Resolution::Abandoned, "the customer left").unwrap();
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown);
    stage.clock.forward_s(61);
    stage.script.next(200, status("03"));
    assert!(!stage.client.settle(Duration::from_secs(20)).unwrap()[0].is_paid_after_cancel());
    stage.clock.forward_s(121);
    stage.script.next(200, status("00"));
    let settled = stage.client.settle(Duration::from_secs(20)).unwrap();
    assert!(settled[0].is_paid_after_cancel(), "{:?}", settled[0]);
    assert!(stage.record("INV-0001").to_json().contains("\"is_paid_after_cancel\":true"));
}

#[test]
fn asking_for_the_status_teaches_the_journal() {
    let stage = Stage::with_file();
    stage.script.next(200, taken("INV-0001"));
    stage.pay().unwrap();
    stage.script.next(200, status("03")).next(200, status("00")).next(200, status("03"));
    for expected in [TransactionStatus::Pending, TransactionStatus::Paid, TransactionStatus::Paid] {
        stage.client.status("INV-0001").unwrap();
        assert_eq!(stage.record("INV-0001").transaction_status(), Some(expected));
    }
    // A payment of unknown fate that turns out to be paid is done.
    stage.script.then(Step::Lost).then(Step::Lost);
    let request = PaymentRequest::new("INV-0002", "10000").unwrap();
    stage.client.pay(&request).unwrap_err();
    let mut paid = status("00");
    paid["originalPartnerReferenceNo"] = json!("INV-0002");
    stage.script.next(200, paid);
    stage.client.status("INV-0002").unwrap();
    assert_eq!(stage.record("INV-0002").state(), RecordState::Done);
}

#[test]
fn a_day_is_held_against_doku() {
    let stage = Stage::with_file();
    for reference in ["INV-1", "INV-2", "INV-3"] {
        stage.script.next(200, taken(reference));
        stage.client.pay(&PaymentRequest::new(reference, "10000").unwrap()).unwrap();
    }
    stage.script.next(403, json!({"responseCode": "4035405"}));
    stage.client.pay(&PaymentRequest::new("INV-4", "10000").unwrap()).unwrap_err();
    stage.script.next(200, refunded());
    stage.refund().unwrap();
    stage.clock.forward_s(86_400);
    stage.script.next(200, taken("INV-5"));
    stage.client.pay(&PaymentRequest::new("INV-5", "10000").unwrap()).unwrap();
    let of = |reference: &str, mut answer: Value| {
        answer["originalPartnerReferenceNo"] = json!(reference);
        answer
    };
    let mut other = of("INV-3", status("00"));
    other["transAmount"] = json!({"value": "9999.00", "currency": "IDR"});
    stage.script.next(200, of("INV-1", status("00"))).next(404, not_found()).next(200, other);
    stage.script.next(200, of("INV-4", status("00"))).next(200, history(json!([])));
    let day = stage.client.reconcile("2026-11-22", Duration::from_secs(20)).unwrap();
    assert!(day.is_complete());
    let found: Vec<_> = day.records().iter().map(|record| (record.reference(), record.comparison())).collect();
    let expected = [
        ("INV-1", Comparison::Agrees),
        ("INV-2", Comparison::Unclear),
        ("INV-3", Comparison::Differs),
        ("INV-4", Comparison::Differs),
        ("INV-REF-0001", Comparison::Differs),
    ];
    assert_eq!(found, expected);
    assert_eq!(day.differences().count(), 3);
    assert!(day.records()[2].finding().contains("9999.00"), "{}", day.records()[2].finding());
    assert_eq!(stage.record("INV-3").transaction_status(), None, "what was paid is another amount");
    assert_eq!(stage.record("INV-1").transaction_status(), Some(TransactionStatus::Paid));
    for wrong in ["", "2026-13-01", "22-11-2026", "2026-11-22T00:00:00+07:00", "yesterday", "2026-02-30"] {
        let error = stage.client.reconcile(wrong, Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.field(), Some("day"), "{wrong}");
    }
    let one = stage.client.reconcile("2026-11-22", Duration::ZERO).unwrap();
    assert!(!one.is_complete() && one.records().is_empty());
}

#[test]
fn records_are_exported_as_lines_of_json() {
    let stage = Stage::with_file();
    stage.script.next(200, taken("INV-0001")).next(200, refunded());
    stage.pay().unwrap();
    stage.refund().unwrap();
    let lines: Vec<_> = stage.client.records(Which::All).unwrap().map(|record| record.unwrap().to_json()).collect();
    assert_eq!(lines.len(), 2);
    let first: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(first["reference"], "INV-0001");
    assert_eq!(first["answer"]["webRedirectUrl"], "https://pay.example/1");
    assert_eq!((first["state"].as_str(), first["amount"].as_str()), (Some("done"), Some("10000.00")));
    assert!(lines.iter().all(|line| !line.contains('\n')));
    let by_reference = |reference: &str| stage.client.records(Which::Reference(reference.to_owned())).unwrap().count();
    assert_eq!((by_reference("INV-0001"), by_reference("INV-REF-0001"), by_reference("X")), (2, 1, 0));
    assert_eq!(stage.client.records(Which::Day("2026-11-22".to_owned())).unwrap().count(), 2);
    assert_eq!(stage.client.records(Which::Day("2026-11-21".to_owned())).unwrap().count(), 0);
}

#[test]
fn old_records_are_pruned_by_settling() {
    let stage = Stage::with_file();
    let stage = stage.another_with(json!({"journal_keep_days": "30"}).as_object().unwrap());
    stage.script.next(200, taken("INV-0001")).then(Step::Lost);
    stage.pay().unwrap();
    stage.refund().unwrap_err();
    stage.clock.forward_s(31 * 86_400);
    stage.script.next(404, not_found());
    stage.client.settle(Duration::from_secs(20)).unwrap();
    let left: Vec<_> = stage.client.records(Which::All).unwrap().map(|record| record.unwrap()).collect();
    assert_eq!(left.iter().map(crate::Record::reference).collect::<Vec<_>>(), ["INV-REF-0001"]);
}

#[test]
fn all_who_share_a_journal_share_one_token() {
    let stage = Stage::with_file();
    for _ in 0..4 {
        stage.another().client.warm_up().unwrap();
    }
    assert_eq!(stage.script.tokens(), 1);
    // Whose token DOKU refuses takes the newer one that another has fetched.
    let (first, second) = (stage.another(), stage.another());
    first.client.warm_up().unwrap();
    second.client.warm_up().unwrap();
    let refused = json!({"responseCode": "4015401"});
    *stage.script.token.lock().unwrap() =
        Some((200, json!({"responseCode": "2007300", "accessToken": "token-2", "expiresIn": "900"}).to_string()));
    stage.script.next(401, refused.clone()).next(200, taken("INV-1"));
    first.client.pay(&PaymentRequest::new("INV-1", "10000").unwrap()).unwrap();
    assert_eq!(stage.script.tokens(), 2);
    stage.script.next(401, refused).next(200, taken("INV-2"));
    second.client.pay(&PaymentRequest::new("INV-2", "10000").unwrap()).unwrap();
    assert_eq!(stage.script.tokens(), 2, "the second takes what the first fetched");
    assert_eq!(stage.script.asked().last().unwrap().header("Authorization"), "Bearer token-2");
    // One that has ended, or was fetched before a reboot, is taken by nobody.
    stage.clock.reboot();
    stage.another().client.warm_up().unwrap();
    assert_eq!(stage.script.tokens(), 3);
    stage.clock.forward_s(895);
    stage.another().client.warm_up().unwrap();
    assert_eq!(stage.script.tokens(), 4);
}

#[test]
fn who_dies_while_fetching_the_token_is_not_waited_for_for_ever() {
    let stage = Stage::with_file();
    let worker = stage.client.worker().unwrap();
    let limit = worker.limit(None);
    let store = worker.journal.store();
    let (shared, now) = (store.token(&limit).unwrap().unwrap(), store.now(&limit).unwrap());
    let fetching = Some(journal::Moment { ms: now.ms + 15_000, ..now });
    assert!(store.put_token(&journal::SharedToken { fetching, ..shared }, &limit).unwrap());
    let hurried = stage.another_with(json!({"timeout_ms": "200"}).as_object().unwrap());
    assert_eq!(hurried.client.warm_up().unwrap_err().kind(), Kind::Timeout);
    assert_eq!(stage.script.tokens(), 0);
    stage.clock.forward_s(16);
    stage.another().client.warm_up().unwrap();
    assert_eq!(stage.script.tokens(), 1);
}

#[test]
fn a_failed_entry_of_an_earlier_attempt_does_not_refuse_the_last_one() {
    let stage = Stage::with_file();
    stage.script.next(403, json!({"responseCode": "4035814"})).then(Step::Lost);
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Refused);
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    // The list lags: what failed in it is the first attempt.
    stage.clock.forward_s(120);
    stage.script.next(200, history(json!([entry("06")])));
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    stage.script.next(200, history(json!([entry("06"), entry("00")])));
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
}

#[test]
fn a_clock_that_is_years_ahead_removes_no_records() {
    let stage = Stage::with_file();
    stage.script.next(200, taken("INV-0001"));
    stage.pay().unwrap();
    stage.clock.jump_s(3 * 365 * 86_400);
    // A new process, which has not seen DOKU's date.
    stage.another().client.settle(Duration::from_secs(20)).unwrap();
    assert_eq!(stage.record("INV-0001").state(), RecordState::Done);
}

#[test]
fn a_refund_that_doku_is_at_work_on_is_not_refused() {
    let stage = Stage::with_file();
    // The journal is new, and knows nothing of the request that DOKU has.
    stage.script.next(404, json!({"responseCode": "4045800"})).next(200, history(json!([entry("03")])));
    assert_eq!(stage.refund().unwrap_err().outcome(), Outcome::Unknown);
    stage.script.next(200, history(json!([entry("00")])));
    assert_eq!(stage.refund().unwrap().refund_no(), Some("R1"));
}
