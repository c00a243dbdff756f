//! Cancelling a call from C: at once, and truthfully (journal.md rule 10).

use bayar_sandbox::Options;

use crate::desk::Desk;
use crate::finished::How;

#[test]
fn a_signal_handler_ends_a_call_and_the_next_one_settles_it() {
    cancelled(How::Plain);
}

#[test]
fn a_signal_handler_ends_a_call_and_the_next_one_settles_it_under_valgrind() {
    cancelled(How::UnderValgrind);
}

pub(crate) fn cancelled(how: How) {
    let mut desk = Desk::open(Options::default());
    desk.run_test_program(how, "cancelled", &[]);
    assert_eq!(desk.sandbox.counts().payments_made, 1);
}
