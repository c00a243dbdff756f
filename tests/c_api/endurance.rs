//! What a till does for weeks, in seconds (P7): loading and unloading, failing, and drawing numbers, again and again,
//! without a crash and without growing.

use bayar_sandbox::Options;
use std::process::Command;

use crate::desk::{DEAD_ADDRESS, Desk, text};
use crate::finished::How;
use crate::tool::{repository, succeed};
use crate::workshop::C_FLAGS;

#[test]
fn it_is_loaded_used_and_unloaded_a_thousand_times_with_threads_alive() {
    let mut desk = dead_desk();
    let program = desk.workshop.path("loaded");
    // Not linked with the library, unlike every other program: dlopen() shall be what brings it.
    let mut gcc = Command::new("gcc");
    gcc.args(C_FLAGS).args(["-g", "-pthread", "-I"]).arg(repository("include"));
    gcc.args(["tests/c/loaded.c", "tests/c/growth.c"].map(repository)).arg("-o").arg(&program).arg("-ldl");
    succeed(&mut gcc);
    let library = text(&desk.workshop.library());
    desk.run(How::Plain, &program, &[&library, "1000"], None).succeeded();
}

#[test]
fn a_hundred_thousand_calls_that_fail_leave_nothing_behind() {
    let mut desk = dead_desk();
    let program = desk.program_that_measures("failing");
    desk.run(How::Plain, &program, &[], None).succeeded();
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
    random(How::UnderValgrind, "100");
}

/// The same sequences every time, unless RANDOM_SEED gives another beginning; a failure names its own seed.
pub(crate) fn random(how: How, sequences: &str) {
    let seed = std::env::var("RANDOM_SEED").unwrap_or_else(|_| "1".to_owned());
    let mut desk = dead_desk();
    desk.prepare(how);
    let program = desk.program_that_measures("random");
    desk.run(how, &program, &[sequences, &seed], None).succeeded();
}

/// The sandbox's merchant, whose DOKU is not there.
fn dead_desk() -> Desk {
    let mut desk = Desk::open(Options::default());
    desk.set("BAYAR_BASE_URL", DEAD_ADDRESS);
    desk
}
