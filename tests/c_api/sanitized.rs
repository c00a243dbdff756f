//! Memory errors on both sides of the C ABI (P7): the programs have gcc's AddressSanitizer and UndefinedBehaviorSanitizer
//! in them, the library rustc's AddressSanitizer, its C parts both, and its Rust parts the checks of debug builds. Both
//! use gcc's runtime library, so that each side's memory is known to the other. Nothing is suppressed, and leaks count.

use bayar_sandbox::Options;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::desk::Desk;
use crate::finished::{Finished, How};
use crate::tool::{repository, succeed};
use crate::{acquired, cancelled, config, endurance, inputs, nulls, once, payments, vectors, webhooks};

pub(crate) const C_FLAGS: [&str; 3] =
    ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/// A finding ends the program with this status, which no program has of its own.
const FOUND: i32 = 98;

pub(crate) const OPTIONS: [(&str, &str); 2] = [
    ("ASAN_OPTIONS", "exitcode=98:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"),
    ("UBSAN_OPTIONS", "exitcode=98:print_stacktrace=1"),
];

/// Built once for all tests, in a folder where it stays.
pub(crate) fn copy_library(to: &Path) {
    std::fs::copy(library(), to).unwrap();
}

fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sanitized");
        let said = succeed(Command::new(repository("tests/sanitized.sh")).arg(folder));
        PathBuf::from(said.trim_end())
    })
}

#[test]
fn random_sequences_of_calls_are_clean() {
    endurance::random(How::Sanitized, "2000");
}

#[test]
fn null_or_broken_text_in_any_place_is_clean() {
    nulls::try_every_place(How::Sanitized, false);
}

#[test]
fn a_payment_is_clean_from_its_link_to_its_refund() {
    payments::whole_life(How::Sanitized, Options::default());
}

#[test]
fn a_payment_over_plain_http_is_clean_from_its_link_to_its_refund() {
    payments::whole_life(How::Sanitized, Options { tls: false, ..Options::default() });
}

#[test]
fn partial_refunds_and_refusals_are_clean() {
    payments::partial(How::Sanitized);
    payments::refused(How::Sanitized);
}

#[test]
fn calls_ended_from_a_signal_handler_are_clean() {
    cancelled::cancelled(How::Sanitized);
}

#[test]
fn eight_threads_that_share_a_client_are_clean() {
    once::threads(How::Sanitized);
    once::again(How::Sanitized);
}

#[test]
fn what_is_acquired_is_clean() {
    acquired::acquired(How::Sanitized, &["alone"], 1..=4);
}

#[test]
fn good_and_bad_input_is_clean() {
    inputs::bad_input(How::Sanitized);
    inputs::walk(How::Sanitized, "bad_input");
    inputs::walk(How::Sanitized, "good_input");
}

#[test]
fn genuine_and_forged_notifications_are_clean() {
    webhooks::routes(How::Sanitized);
}

#[test]
fn settings_keys_and_files_are_clean() {
    config::settings(How::Sanitized, &[]);
}

#[test]
fn the_pure_functions_are_clean() {
    vectors::walk(How::Sanitized);
    Desk::open(Options::default()).run_test_program(How::Sanitized, "pure", &[]);
}

/// What ran clean above proves something only if these are found.
#[test]
fn a_mistake_of_the_program_is_found_on_its_side() {
    let found = mistake("string of a freed handle", "heap-use-after-free");
    assert!(first_frame(&found).contains(" in string_of_a_freed_handle "), "{}", found.stderr);
    mistake("sum too large", "signed integer overflow");
    mistake("never freed", "LeakSanitizer: detected memory leaks");
}

#[test]
fn a_mistake_that_makes_the_library_read_or_write_outside_is_found_in_the_library() {
    for (name, kind) in [
        ("freed handle", "heap-use-after-free"),
        ("freed twice", "heap-use-after-free"),
        ("length too long", "heap-buffer-overflow"),
        ("output too small", "heap-buffer-overflow"),
    ] {
        let found = mistake(name, kind);
        let frame = first_frame(&found);
        // Its own code is checked, not only what it has the C library do.
        assert!(frame.contains("bayar") && !frame.contains("interceptor"), "{name}: {frame}");
    }
    mistake("text without an end", "heap-buffer-overflow");
}

fn mistake(name: &str, kind: &str) -> Finished {
    let mut desk = Desk::open(Options::default());
    desk.prepare(How::Sanitized);
    let program = desk.workshop.program(&[repository("tests/c/mistakes.c")]);
    let finished = desk.run(How::Sanitized, &program, &[name], None);
    assert_eq!(finished.code, Some(FOUND), "{name} was not found\n{}\n{}", finished.stdout, finished.stderr);
    assert!(finished.stderr.contains(kind), "{name}: not '{kind}' but\n{}", finished.stderr);
    finished
}

/// Where it happened.
fn first_frame(finished: &Finished) -> &str {
    finished.stderr.lines().map(str::trim_start).find(|line| line.starts_with("#0 ")).unwrap()
}

#[test]
fn the_library_has_the_sanitizers_in_all_its_parts() {
    let undefined = succeed(Command::new("nm").args(["-D", "--undefined-only"]).arg(library()));
    // The second is in the C parts alone.
    for function in ["__asan_report_load8", "__ubsan_handle_type_mismatch_v1_abort"] {
        assert!(undefined.contains(function), "{function} is not called");
    }
}
