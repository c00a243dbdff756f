//! `bayar_client_acquire`: what outlives a web request, and what a forked child does not get. The sandbox's own counts decide.

use bayar_sandbox::Options;
use std::ops::RangeInclusive;

use crate::desk::Desk;
use crate::finished::How;
use crate::ledger;

#[test]
fn what_is_acquired_keeps_its_connection_and_token_until_it_is_forgotten() {
    acquired(How::Plain, &[], 3..=6);
}

#[test]
fn what_is_acquired_keeps_its_connection_and_token_until_it_is_forgotten_under_valgrind() {
    acquired(How::UnderValgrind, &["alone"], 1..=4);
}

/// `later`: how many connections there may be after the children, or without children after the threads, of which each may
/// need its own.
pub(crate) fn acquired(how: How, arguments: &[&str], later: RangeInclusive<u64>) {
    let mut desk = Desk::open(Options::default());
    let journal = desk.with_journal();
    desk.run_test_program(how, "acquired", arguments);
    // So far: the parent's one; the child's and those of the child's child; none for the parent again; one more once it has
    // forgotten.
    let [first, children, parent, forgotten] = desk.connections[..] else { panic!("{:?}", desk.connections) };
    assert_eq!(first, 1);
    assert!(later.contains(&children), "{children}");
    assert_eq!((parent, forgotten), (children, children + 1));
    assert_eq!(desk.sandbox.counts().tokens_issued, 1, "the children share it by the journal");
    assert_eq!(desk.sandbox.payments().len(), 6 + 2 + 4 + 2);
    assert!(desk.sandbox.payments().iter().all(|payment| payment.times_made == 1));
    assert_eq!(ledger::records_of_sound(&journal), 14);
}
