//! A name look-up that hangs: the row of the failure table that needs a program of its own, for the look-up is the C
//! library's, and only in another process can it be replaced. Proves P3 and P4 for it. With `--nocapture` the rows are
//! printed.

use bayar_sandbox::Options;

use crate::desk::Desk;
use crate::finished::How;

#[test]
fn a_look_up_that_hangs_holds_no_call_beyond_its_limit_and_nothing_is_sent() {
    let mut desk = Desk::open(Options::default());
    assert!(desk.sandbox.base_url().contains("//localhost:"), "an address needs no look-up");
    desk.set("BAYAR_TIMEOUT_MS", "800");
    let program = desk.program_that_measures("lookup");
    let finished = desk.run(How::Plain, &program, &[], None).succeeded();
    println!("{}", finished.stdout);
    // While it hung nobody was asked anything: all that the sandbox saw is the one payment afterwards.
    let counts = desk.sandbox.counts();
    assert_eq!((counts.connections, counts.token_requests, counts.payment_requests), (1, 1, 1));
    assert_eq!((counts.refund_requests, counts.status_requests, counts.payments_made), (0, 0, 1));
    assert_eq!(finished.fact("redirect_url"), desk.sandbox.payment("INV-1").unwrap().checkout_url);
}
