//! `examples/c/pay.c` and `journal.c` are what a newcomer copies: they compile as strictly as our own programs, take a payment
//! from beginning to end, look after the journal, and say what is wrong when they cannot.

use bayar_sandbox::{Customer, Options, PaymentState};
use std::path::PathBuf;

use crate::desk::{DEAD_ADDRESS, Desk};
use crate::finished::How;
use crate::ledger;
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
fn the_example_with_a_journal_run_again_has_the_same_to_show() {
    let (mut desk, program) = opened();
    let journal = desk.with_journal();
    let first = desk.run(How::Plain, &program, &[REFERENCE, "10000", REFUND], None).succeeded();
    let again = desk.run(How::Plain, &program, &[REFERENCE, "10000", REFUND], None).succeeded();
    let said =
        |stdout: &str| stdout.lines().filter(|line| line.contains("X-EXTERNAL-ID")).collect::<Vec<_>>().join("\n");
    assert_eq!(said(&again.stdout), said(&first.stdout));
    let record = desk.sandbox.payment(REFERENCE).unwrap();
    assert_eq!((record.requests, desk.sandbox.refund_requests(REFUND)), (1, 1), "what is known is not asked for again");
    assert_eq!(ledger::records_of_sound(&journal), 2);
}

/// What is open at start-up, the list of it, the export, a look at the day, and closing by hand.
#[test]
fn the_journals_example_looks_after_a_journal() {
    let (mut desk, pay) = opened();
    let example = desk.workshop.program(&[repository("examples/c/journal.c")]);
    let journal = desk.with_journal();
    desk.run(How::Plain, &pay, &[REFERENCE, "10000", REFUND], None).succeeded();
    let mut run = |code: i32, arguments: &[&str], parts: &[&str]| {
        let finished = desk.run(How::Plain, &example, arguments, None);
        let said = format!("{}{}", finished.stdout, finished.stderr);
        assert_eq!(finished.code, Some(code), "{said}");
        parts.iter().for_each(|part| assert!(said.contains(part), "'{part}' is not in\n{said}"));
        finished.stdout
    };
    run(0, &[], &["0 asked about", "0 open"]);
    run(0, &["list", REFERENCE], &["payment INV-CONTOH-1 over 10000.00 IDR", "refund  INV-CONTOH-1-R1", ": done"]);
    let lines = run(0, &["export"], &[]);
    let read = ledger::json_lines(&lines);
    assert_eq!(read, format!("payment {REFERENCE} done 10000.00 True\nrefund {REFUND} done 10000.00 True\n"));
    let documented = std::fs::read_to_string(repository("docs/journal.md")).unwrap();
    let (_, export) = documented.split_once("## The export").unwrap();
    for member in ledger::json_members(&lines).lines() {
        assert!(export.contains(&format!("`{member}`")), "docs/journal.md does not list {member}");
    }
    let days = ledger::days(&lines);
    run(0, &["reconcile", days.lines().next().unwrap()], &[" compared"]);
    run(1, &["reconcile", "today"], &["Comparing failed", "such as 2026-11-22"]);
    run(1, &["resolve", "refund", REFUND, "refused", "x"], &["Closing the record failed", "is done"]);
    run(2, &["resolve", "refund", REFUND, "reversed", "x"], &["usage"]);
    // A program that died at work, as the journal remembers it; then what only a person can say.
    ledger::break_off(&journal, REFUND);
    run(0, &[], &["1 asked about", "refund  INV-CONTOH-1-R1", ": done", "0 open"]);
    ledger::break_off(&journal, REFUND);
    desk.set("BAYAR_BASE_URL", DEAD_ADDRESS);
    let mut run = |code: i32, arguments: &[&str], part: &str| {
        let finished = desk.run(How::Plain, &example, arguments, None);
        assert!(
            finished.code == Some(code) && finished.stdout.contains(part),
            "{}\n{}",
            finished.stdout,
            finished.stderr
        );
    };
    run(0, &[], "1 open");
    run(0, &["resolve", "refund", REFUND, "done", "Ada di dasbor"], "Ada di dasbor");
    run(0, &[], "0 open");
    assert_eq!(desk.sandbox.refund_requests(REFUND), 1, "none of this sends anything");
}

#[test]
fn the_journals_example_runs_under_valgrind() {
    let (mut desk, pay) = opened();
    let example = desk.workshop.program(&[repository("examples/c/journal.c")]);
    desk.with_journal();
    desk.run(How::Plain, &pay, &[REFERENCE, "10000", REFUND], None).succeeded();
    for arguments in [&["export"][..], &[], &["list", REFERENCE]] {
        desk.run(How::UnderValgrind, &example, arguments, None).succeeded();
    }
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
