//! What a till does for weeks, in seconds (P7): loading and unloading, failing, and drawing numbers, again and again,
//! without a crash and without growing.

use bayar_sandbox::Options;
use std::process::Command;

use crate::desk::{DEAD_ADDRESS, Desk, text};
use crate::finished::How;
use crate::ledger;
use crate::tool::{repository, succeed};
use crate::workshop::C_FLAGS;

#[test]
fn it_is_loaded_used_and_unloaded_a_thousand_times_with_threads_alive() {
    loaded(dead_desk(), "1000");
}

#[test]
fn it_is_loaded_used_and_unloaded_with_a_journal_in_a_file() {
    let mut desk = dead_desk();
    let journal = desk.with_journal();
    let _desk = loaded(desk, "300");
    assert_eq!(ledger::records_of_sound(&journal), 1);
}

fn loaded(mut desk: Desk, rounds: &str) -> Desk {
    let program = desk.workshop.path("loaded");
    // Not linked with the library, unlike every other program: dlopen() shall be what brings it.
    let mut gcc = Command::new("gcc");
    gcc.args(C_FLAGS).args(["-g", "-pthread", "-I"]).arg(repository("include"));
    gcc.args(["tests/c/loaded.c", "tests/c/growth.c"].map(repository)).arg("-o").arg(&program).arg("-ldl");
    succeed(&mut gcc);
    let library = text(&desk.workshop.library());
    desk.run(How::Plain, &program, &[&library, rounds], None).succeeded();
    desk
}

#[test]
fn a_hundred_thousand_calls_that_fail_leave_nothing_behind() {
    let mut desk = dead_desk();
    let program = desk.program_that_measures("failing");
    desk.run(How::Plain, &program, &["100"], None).succeeded();
}

#[test]
fn a_hundred_thousand_calls_that_fail_leave_nothing_behind_but_their_records_in_a_file() {
    let mut desk = dead_desk();
    let journal = desk.with_journal();
    let program = desk.program_that_measures("failing");
    desk.run(How::Plain, &program, &["3000"], None).succeeded();
    assert_eq!(ledger::records_of_sound(&journal), 8000);
}

#[test]
fn a_million_external_ids_of_eight_processes_are_distinct() {
    Desk::open(Options::default()).run_test_program(How::Plain, "numbers", &[]);
}

#[test]
fn random_sequences_of_calls_give_what_the_model_allows() {
    random(How::Plain, "2000");
}

#[test]
fn random_sequences_of_calls_give_what_the_model_allows_under_valgrind() {
    // Some 80 ms each: a long run is made by hand, with RANDOM_SEQUENCES=2000.
    let sequences = std::env::var("RANDOM_SEQUENCES").unwrap_or_else(|_| "250".to_owned());
    random(How::UnderValgrind, &sequences);
}

#[test]
fn random_sequences_of_calls_with_a_journal_in_a_file_give_what_the_model_allows() {
    let mut desk = dead_desk();
    let journal = desk.with_journal();
    let _desk = random_at(desk, How::Plain, "1000");
    // Three operations of two merchants at the most: a config may be told another client id.
    assert!((3..=6).contains(&ledger::records_of_sound(&journal)));
}

/// The same sequences every time, unless RANDOM_SEED gives another beginning; a failure names its own seed.
pub(crate) fn random(how: How, sequences: &str) {
    random_at(dead_desk(), how, sequences);
}

fn random_at(mut desk: Desk, how: How, sequences: &str) -> Desk {
    let seed = std::env::var("RANDOM_SEED").unwrap_or_else(|_| "1".to_owned());
    desk.prepare(how);
    let program = desk.program_that_measures("random");
    desk.run(how, &program, &[sequences, &seed], None).succeeded();
    desk
}

/// The sandbox's merchant, whose DOKU is not there.
fn dead_desk() -> Desk {
    let mut desk = Desk::open(Options::default());
    desk.set("BAYAR_BASE_URL", DEAD_ADDRESS);
    desk
}
