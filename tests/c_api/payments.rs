//! A payment's whole life in C: link, status, customer, refunds, and what DOKU refuses. What the program read is what the
//! sandbox recorded; and nothing secret was printed, with a secret, a key and a passphrase that exist only here (P6).

use bayar_sandbox::{Options, PaymentState, Sandbox};
use serde_json::Value;

use crate::desk::{DEAD_ADDRESS, Desk, text};
use crate::finished::How;

#[test]
fn a_payment_lives_from_its_link_to_its_refund() {
    whole_life(How::Plain, Options::default());
}

#[test]
fn a_payment_lives_from_its_link_to_its_refund_under_valgrind() {
    whole_life(How::UnderValgrind, Options::default());
}

/// Every byte that is sent is seen as it is, and nothing is let pass.
#[test]
fn a_payment_over_plain_http_lives_from_its_link_to_its_refund_under_valgrind() {
    whole_life(How::UnderValgrindWithoutMercy, Options { tls: false, ..Options::default() });
}

#[test]
fn two_partial_refunds_are_both_listed() {
    partial(How::Plain);
}

#[test]
fn two_partial_refunds_are_both_listed_under_valgrind() {
    partial(How::UnderValgrind);
}

#[test]
fn every_refusal_says_what_became_of_the_money() {
    refused(How::Plain);
}

#[test]
fn every_refusal_says_what_became_of_the_money_under_valgrind() {
    refused(How::UnderValgrind);
}

#[test]
fn a_wait_that_ends_gives_the_last_answer_or_why_there_was_none() {
    Desk::open(Options::default()).run_test_program(How::Plain, "wait", &[DEAD_ADDRESS]);
}

pub(crate) fn whole_life(how: How, options: Options) {
    let mut desk = Desk::with_a_key_of_its_own(options);
    let finished = desk.run_test_program(how, "money", &[]);
    let record = desk.sandbox.payment("INV-2026/0001").unwrap();
    assert_eq!((record.times_made, record.state, record.amount.as_str()), (1, PaymentState::Refunded, "10000.00"));
    assert_eq!(finished.fact("redirect_url"), record.checkout_url);
    assert_eq!(finished.fact("reference_no"), record.reference_no);
    assert_eq!(record.refunds.len(), 1);
    assert_eq!(finished.fact("refund_no"), record.refunds[0].refund_no);
    assert_eq!(record.refunds[0].reason.as_deref(), Some("Salah pesan ☕"));
    assert_eq!(desk.sandbox.payment("INV-NO").unwrap().state, PaymentState::Declined);
    let counts = desk.sandbox.counts();
    assert_eq!((counts.payments_made, counts.refunds_made, counts.tokens_issued), (2, 1, 1));
    what_was_set_was_sent(&desk.sandbox, finished.fact("payment_external_id"), finished.fact("refund_external_id"));
    assert!(desk.secrets() > 20, "the run was searched for {} secrets only", desk.secrets());
}

fn what_was_set_was_sent(sandbox: &Sandbox, payment_id: &str, refund_id: &str) {
    let seen = sandbox.seen();
    let by_id = |id: &str| seen.iter().find(|request| request.header("X-EXTERNAL-ID") == Some(id)).unwrap();
    let payment = by_id(payment_id);
    let body: Value = serde_json::from_slice(&payment.body).unwrap();
    assert_eq!(body["urlParam"][0]["url"], "https://toko.example/kembali?a=1&b=2");
    assert_eq!(body["urlParam"][0]["isDeepLink"], "Y");
    assert_eq!(body["validUpTo"], "2098-07-10T11:57:58+07:00");
    assert_eq!(body["pointOfInitiation"], "mweb");
    assert_eq!(body["additionalInfo"]["orderTitle"], "Kopi susu ☕");
    assert_eq!(body["additionalInfo"]["supportDeepLinkCheckoutUrl"], "true");
    assert_eq!(body["additionalInfo"]["meja"], 7);
    assert_eq!((payment.header("X-DEVICE-ID"), payment.header("X-IP-ADDRESS")), (Some("KASIR7"), Some("8.8.8.8")));
    let refund = by_id(refund_id);
    let body: Value = serde_json::from_slice(&refund.body).unwrap();
    assert_eq!(body["originalExternalId"], payment_id);
    assert_eq!(body["kasir"], "Ayu");
    assert_eq!((refund.header("X-DEVICE-ID"), refund.header("X-IP-ADDRESS")), (Some("KASIR8"), Some("1.2.3.4")));
}

pub(crate) fn partial(how: How) {
    let mut desk = Desk::open(Options::default());
    desk.run_test_program(how, "partial", &[]);
    let record = desk.sandbox.payment("INV-P").unwrap();
    assert_eq!(record.state, PaymentState::Paid);
    let refunds: Vec<_> = record.refunds.iter().map(|refund| (refund.amount.as_str(), refund.times_made)).collect();
    assert_eq!(refunds, [("4000.00", 1), ("2500.50", 1)]);
}

pub(crate) fn refused(how: How) {
    let mut desk = Desk::open(Options::default());
    let stranger = Sandbox::start(Options::default()).unwrap();
    let foreign_ca = desk.workshop.write("foreign-ca.pem", stranger.ca_pem());
    desk.set("BAYAR_TLS_ROOTS", "none");
    desk.hide("the wrong client secret", "SK-this-is-not-the-one");
    desk.run_test_program(how, "refused", &[&text(&foreign_ca)]);
    let counts = desk.sandbox.counts();
    assert_eq!((counts.payments_made, counts.refunds_made), (1, 0));
    assert!(desk.sandbox.payment("INV-X").is_none() && desk.sandbox.payment("INV-Y").is_none());
}
