//! `examples/c/pay.c` is what a newcomer copies: it compiles as strictly as our own programs, takes a payment from
//! beginning to end, and says what is wrong when it cannot.

use bayar_sandbox::{Customer, Options, PaymentState};
use std::path::PathBuf;

use crate::desk::Desk;
use crate::finished::How;
use crate::tool::repository;

const REFERENCE: &str = "INV-CONTOH-1";
const REFUND: &str = "INV-CONTOH-1-R1";

#[test]
fn the_example_pays_and_refunds() {
    pays_and_refunds(How::Plain);
}

#[test]
fn the_example_pays_and_refunds_under_valgrind() {
    pays_and_refunds(How::UnderValgrind);
}

#[test]
fn the_example_run_again_pays_and_refunds_nothing_twice() {
    let (mut desk, program) = opened();
    desk.run(How::Plain, &program, &[REFERENCE, "10000", REFUND], None).succeeded();
    // Without a journal that lasts it cannot always have the link again, and then says so.
    desk.run(How::Plain, &program, &[REFERENCE, "10000", REFUND], None);
    let counts = desk.sandbox.counts();
    assert_eq!((counts.payments_made, counts.refunds_made), (1, 1));
}

#[test]
fn the_example_with_a_wrong_secret_says_so() {
    let (mut desk, program) = opened();
    desk.hide("the wrong secret", "SK-salah-sama-sekali");
    desk.set("BAYAR_CLIENT_SECRET", "SK-salah-sama-sekali");
    let finished = desk.run(How::Plain, &program, &[REFERENCE, "10000"], None);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    for part in ["The payment failed", "DOKU answered 4015400", "client_secret", "DOKU refused; nothing happened"] {
        assert!(finished.stderr.contains(part), "'{part}' is not in\n{}", finished.stderr);
    }
    assert_eq!(desk.sandbox.counts().payments_made, 0);
}

#[test]
fn the_example_without_settings_says_which_one_is_missing() {
    let (mut desk, program) = opened();
    desk.environment.retain(|(name, _)| name != "BAYAR_CLIENT_ID");
    let finished = desk.run(How::Plain, &program, &[REFERENCE, "10000"], None);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("client_id") && finished.stderr.contains("Nothing was sent"),
        "{}",
        finished.stderr
    );
}

fn pays_and_refunds(how: How) {
    let (mut desk, program) = opened();
    let finished = desk.run(how, &program, &[REFERENCE, "10000", REFUND], None).succeeded();
    let record = desk.sandbox.payment(REFERENCE).unwrap();
    assert_eq!((record.times_made, record.state), (1, PaymentState::Refunded));
    for part in [REFERENCE, REFUND, &record.reference_no, &record.checkout_url, &record.refunds[0].refund_no] {
        assert!(finished.stdout.contains(part), "'{part}' is not in\n{}", finished.stdout);
    }
    assert_eq!(finished.stderr, "");
}

/// As `bayar-sandbox run` does it: the settings are in the environment, and a customer pays after a moment.
fn opened() -> (Desk, PathBuf) {
    let desk = Desk::open(Options { customer: Customer::Approves { after_ms: 300 }, ..Options::default() });
    let program = desk.workshop.program(&[repository("examples/c/pay.c")]);
    (desk, program)
}
