//! P6 and P7: a panic in the middle of a payment, with token and keys at hand, ends neither the program nor the client, and
//! what it writes to stderr holds no secret.

use bayar_sandbox::Options;

use crate::desk::Desk;
use crate::finished::How;

#[test]
fn a_panic_that_is_caught_tells_no_secret_and_the_payment_goes_on_after_it() {
    let mut desk = Desk::with_a_key_of_its_own(Options::default());
    // The longest that there is, with the values of no variables.
    desk.set("RUST_BACKTRACE", "full");
    // The desk looks for the secrets in all that is printed.
    let finished = desk.run_test_program(How::Plain, "caught", &[]);
    assert!(finished.stderr.contains("panicked at"), "there is no panic any more; find another:\n{}", finished.stderr);
    assert!(finished.stderr.len() > 500, "a backtrace was asked for:\n{}", finished.stderr);
    assert!(desk.secrets() > 20);
    let payments = desk.sandbox.payments();
    assert_eq!(payments.len(), 2);
    assert!(payments.iter().all(|payment| payment.times_made == 1), "{payments:?}");
}
