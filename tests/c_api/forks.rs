//! Forking with a client that was used before, as PHP-FPM's and gunicorn's masters do: nobody speaks on another's
//! connection, and nothing is paid twice or lost (P7).

use bayar_sandbox::Options;
use std::collections::HashSet;

use crate::desk::Desk;
use crate::finished::How;
use crate::ledger;

#[test]
fn four_forked_children_and_their_parent_pay_at_once() {
    pay_at_once(Desk::open(Options::default()));
}

/// SQLite itself must not be used across a fork; the client sees to that.
#[test]
fn four_forked_children_and_their_parent_share_one_journal_and_one_token() {
    let mut desk = Desk::open(Options::default());
    let journal = desk.with_journal();
    let desk = pay_at_once(desk);
    assert_eq!(desk.sandbox.counts().tokens_issued, 1);
    assert_eq!(ledger::records_of_sound(&journal), 15);
}

#[test]
fn a_child_goes_on_with_the_journal_after_its_parent_closed_it() {
    let mut desk = Desk::open(Options::default());
    let journal = desk.with_journal();
    desk.run_test_program(How::Plain, "orphan", &[]);
    assert_eq!(ledger::records_of_sound(&journal), 3);
}

fn pay_at_once(mut desk: Desk) -> Desk {
    desk.run_test_program(How::Plain, "forked", &[]);
    let payments = desk.sandbox.payments();
    assert_eq!(payments.len(), 15);
    assert!(payments.iter().all(|payment| payment.times_made == 1), "{payments:?}");
    // The parent's connection outlived its children: none of them said goodbye on it.
    assert_eq!(desk.sandbox.counts().connections, 5);
    let seen = desk.sandbox.seen();
    let paid = seen.iter().filter(|request| request.path.ends_with("payment-host-to-host"));
    let ids: HashSet<_> = paid.filter_map(|request| request.header("X-EXTERNAL-ID")).collect();
    assert_eq!(ids.len(), 15);
    desk
}
