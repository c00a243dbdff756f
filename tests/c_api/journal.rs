//! The journal in C (issue 4): whatever happens to a program, it may ask for the same again, and gets the one true result.

use bayar_sandbox::{Customer, Options, PaymentState};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::desk::{Desk, text};
use crate::finished::How;
use crate::ledger;

#[test]
fn records_tell_all_and_are_settled_closed_and_compared() {
    records(How::Plain);
}

#[test]
fn records_tell_all_and_are_settled_closed_and_compared_under_valgrind() {
    records(How::UnderValgrind);
}

fn records(how: How) {
    let mut desk = Desk::open(Options { date_ahead_s: 0, ..Options::default() });
    let journal = desk.with_journal();
    let other = text(&desk.workshop.path("other.db"));
    desk.run_test_program(how, "records", &[&other]);
    let payments = desk.sandbox.payments();
    assert_eq!(payments.len(), 4);
    assert!(payments.iter().all(|payment| (payment.times_made, payment.requests) == (1, 1)), "{payments:?}");
    assert_eq!(desk.sandbox.counts().refunds_made, 2);
    assert_eq!(desk.sandbox.refund_requests("R-B2"), 1, "only where it was allowed");
    assert_eq!(ledger::records_of_sound(&journal), 6);
    assert_eq!(ledger::records_of_sound(Path::new(&other)), 1);
}

#[test]
fn a_payment_whose_process_is_killed_is_made_once_and_found_again() {
    let mut desk = hasty(Customer::Manual);
    let journal = desk.with_journal();
    desk.run_test_program(How::Plain, "killed", &["begin"]);
    assert_eq!(ledger::records_of_sound(&journal), 1);
    let again = desk.run_test_program(How::Plain, "killed", &["again"]);
    let record = desk.sandbox.payment("INV-K").unwrap();
    assert_eq!((record.times_made, again.fact("found")), (1, record.checkout_url.as_str()));
    assert_eq!(ledger::records_of_sound(&journal), 1);
}

#[test]
fn a_refund_whose_process_is_killed_is_made_once_and_found_again() {
    let mut desk = hasty(Customer::Approves { after_ms: 0 });
    let journal = desk.with_journal();
    // Paid for by another program, on another till's journal.
    desk.set("BAYAR_JOURNAL", &text(&desk.workshop.path("till-2.db")));
    let pay = desk.workshop.program(&[crate::tool::repository("examples/c/pay.c")]);
    desk.run(How::Plain, &pay, &["INV-K", "10000"], None).succeeded();
    desk.set("BAYAR_JOURNAL", &text(&journal));
    desk.run_test_program(How::Plain, "killed", &["begin-refund"]);
    let again = desk.run_test_program(How::Plain, "killed", &["again-refund"]);
    let record = desk.sandbox.payment("INV-K").unwrap();
    assert_eq!((record.refunds.len(), record.refunds[0].times_made), (1, 1));
    assert_eq!((again.fact("found"), record.state), (record.refunds[0].refund_no.as_str(), PaymentState::Paid));
    assert_eq!(desk.sandbox.refund_requests("R-K"), 1, "its status tells: it is not sent again");
    assert_eq!(ledger::records_of_sound(&journal), 1);
}

/// A call that died is given up after two limits, so the limit is short; long enough to be killed in the middle.
fn hasty(customer: Customer) -> Desk {
    let mut desk = Desk::open(Options { customer, ..Options::default() });
    desk.set("BAYAR_TIMEOUT_MS", "5000");
    desk
}

#[test]
fn a_result_that_comes_while_the_journal_is_busy_waits_for_it_and_is_recorded() {
    let mut desk = Desk::open(Options::default());
    desk.with_journal();
    desk.run_test_program(How::Plain, "busy", &["3", "1"]);
    assert_eq!(desk.sandbox.payment("INV-W").unwrap().requests, 1);
}

#[test]
fn a_result_that_cannot_be_recorded_is_told_all_the_same_and_found_again() {
    let mut desk = hasty(Customer::Manual);
    desk.with_journal();
    desk.run_test_program(How::Plain, "busy", &["8", "0"]);
    let record = desk.sandbox.payment("INV-W").unwrap();
    assert_eq!((record.times_made, record.requests), (1, 2), "asked for again under the same id");
}

#[test]
fn a_list_that_breaks_off_is_no_list_that_ends() {
    let mut desk = Desk::open(Options::default());
    desk.with_journal();
    desk.run_test_program(How::Plain, "broken_list", &[]);
    assert_eq!(desk.sandbox.counts().payment_requests, 1, "no journal, no payment");
}

#[test]
fn two_processes_share_one_file() {
    let mut desk = Desk::open(Options::default());
    let journal = desk.with_journal();
    desk.run_test_program(How::Plain, "shared", &[]);
    let payments = desk.sandbox.payments();
    assert_eq!(payments.len(), 220);
    assert!(payments.iter().all(|payment| (payment.times_made, payment.requests) == (1, 1)), "{payments:?}");
    assert_eq!(desk.sandbox.counts().tokens_issued, 1, "one token for both");
    assert_eq!(ledger::records_of_sound(&journal), 220);
}

#[test]
fn a_file_that_others_may_read_is_refused() {
    refused(|path| {
        fs::write(path, "").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        vec!["others than its owner may use it", "its mode is 644", "chmod 600", "Nothing is sent without it."]
    });
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    refused(|path| {
        fs::write(path, "not a journal, but a shopping list: 2 kopi susu, 1 pisang goreng\n".repeat(100)).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
        vec!["is not a journal"]
    });
}

#[test]
fn a_folder_in_the_place_of_a_file_is_refused() {
    refused(|path| {
        fs::create_dir(path).unwrap();
        vec!["it is a folder"]
    });
}

fn refused(prepare: impl Fn(&Path) -> Vec<&'static str>) {
    let mut desk = Desk::open(Options::default());
    let path = desk.with_journal();
    let sentence = prepare(&path);
    let before = fs::read(&path).ok();
    desk.run_test_program(How::Plain, "refuses_journal", &sentence);
    assert_eq!(fs::read(&path).ok(), before);
    assert_eq!(desk.sandbox.counts().connections, 0);
}

/// The file holds DOKU's token and what customers bought.
#[test]
fn all_files_of_a_journal_are_for_their_owner_alone() {
    let mut desk = hasty(Customer::Manual);
    desk.with_journal();
    // A process that is killed leaves them all behind.
    desk.run_test_program(How::Plain, "killed", &["begin"]);
    let files: Vec<_> = fs::read_dir(desk.workshop.path("")).unwrap().map(Result::unwrap).collect();
    let files = files.iter().filter(|file| file.file_name().to_string_lossy().starts_with("bayar.db"));
    let modes: Vec<_> =
        files.map(|file| (file.path(), file.metadata().unwrap().permissions().mode() & 0o777)).collect();
    assert!(modes.len() == 5 && modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}
