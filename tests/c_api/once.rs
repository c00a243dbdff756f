//! P2 in C: whoever calls again, or at the same moment, gets the one payment. The sandbox's own count decides.

use bayar_sandbox::Options;
use std::collections::BTreeSet;

use crate::desk::Desk;
use crate::finished::How;

#[test]
fn paying_or_refunding_again_gives_the_same_one() {
    again(How::Plain);
}

#[test]
fn paying_or_refunding_again_gives_the_same_one_under_valgrind() {
    again(How::UnderValgrind);
}

#[test]
fn eight_threads_that_share_a_client_pay_each_payment_once() {
    threads(How::Plain);
}

#[test]
fn eight_threads_that_share_a_client_pay_each_payment_once_under_valgrind() {
    threads(How::UnderValgrind);
}

#[test]
fn a_payment_whose_answer_does_not_come_is_made_once() {
    let mut desk = Desk::open(Options::default());
    let finished = desk.run_test_program(How::Plain, "unknown", &[]);
    let record = desk.sandbox.payment("INV-U").unwrap();
    assert_eq!((record.times_made, desk.sandbox.counts().payments_made), (1, 1));
    assert!(record.requests >= 2, "it was asked for again");
    assert_eq!(finished.fact("redirect_url"), record.checkout_url);
}

pub(crate) fn again(how: How) {
    let mut desk = Desk::open(Options::default());
    desk.run_test_program(how, "once", &[]);
    let counts = desk.sandbox.counts();
    assert_eq!((counts.payments_made, counts.refunds_made), (1, 1));
    // Once by each of the two clients: what a client knows it does not ask again. (Their tokens displace each other, so
    // some requests are sent again with a new one.)
    let accepted = |path: &str| {
        let accepts = |answer: &[u8]| String::from_utf8_lossy(answer).contains("\"responseCode\":\"200");
        let seen = desk.sandbox.seen();
        seen.iter().filter(|request| request.path.ends_with(path) && accepts(&request.answer_body)).count()
    };
    assert_eq!((accepted("/payment-host-to-host"), accepted("/refund")), (2, 2));
    let record = desk.sandbox.payment("INV-1").unwrap();
    assert_eq!((record.times_made, record.amount.as_str()), (1, "10000.00"));
    assert_eq!((record.refunds[0].times_made, record.refunds[0].amount.as_str()), (1, "4000.00"));
}

pub(crate) fn threads(how: How) {
    const OWN: usize = 8 * 4;
    let mut desk = Desk::open(Options::default());
    let finished = desk.run_test_program(how, "threads", &[]);
    for name in ["url", "external_id"] {
        let distinct: BTreeSet<&str> = finished.facts(name).into_iter().collect();
        assert_eq!(distinct.len(), OWN, "{name}");
    }
    let payments = desk.sandbox.payments();
    assert_eq!(payments.len(), OWN + 1);
    assert!(payments.iter().all(|payment| payment.times_made == 1));
    assert_eq!(desk.sandbox.payment("SHARED").unwrap().amount, "7000.00");
    let counts = desk.sandbox.counts();
    assert_eq!(counts.payment_requests as usize, OWN + 1, "one request each, for the shared one too");
    assert_eq!(counts.tokens_issued, 1, "one token for all threads");
}
