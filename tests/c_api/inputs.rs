//! Bad input is refused with the field's name before anything is sent, whichever function it goes to.

use bayar_sandbox::Options;
use serde_json::{Value, json};

use crate::desk::{DEAD_ADDRESS, Desk};
use crate::finished::How;
use crate::stream::{cases, vectors, write_case};

#[test]
fn every_setter_and_constructor_refuses_what_cannot_be_used() {
    bad_input(How::Plain);
}

#[test]
fn every_setter_and_constructor_refuses_what_cannot_be_used_under_valgrind() {
    bad_input(How::UnderValgrind);
}

#[test]
fn bad_input_of_the_shared_vectors_is_refused_with_its_field() {
    walk(How::Plain, "bad_input");
}

#[test]
fn bad_input_of_the_shared_vectors_is_refused_with_its_field_under_valgrind() {
    walk(How::UnderValgrind, "bad_input");
}

#[test]
fn good_input_of_the_shared_vectors_is_accepted() {
    walk(How::Plain, "good_input");
}

pub(crate) fn bad_input(how: How) {
    let mut desk = Desk::open(Options::default());
    desk.run_test_program(how, "bad_input", &[]);
    let counts = desk.sandbox.counts();
    assert_eq!((counts.payment_requests, counts.refund_requests, counts.status_requests), (1, 0, 0));
    let seen = desk.sandbox.seen().pop().unwrap();
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(body["partnerReferenceNo"], "KEPT");
    assert_eq!(body["urlParam"][0]["url"], "https://kept.example/");
    assert_eq!(body["validUpTo"], "2098-01-01T00:00:00+07:00");
    assert_eq!(body["pointOfInitiation"], "pc");
    assert_eq!(body["additionalInfo"]["orderTitle"], "kept title");
    assert_eq!(body["kept"], true);
    assert_eq!((seen.header("X-DEVICE-ID"), seen.header("X-IP-ADDRESS")), (Some("KEPT7"), Some("9.9.9.9")));
}

pub(crate) fn walk(how: How, name: &str) {
    let vectors = vectors(name);
    let mut stream = Vec::new();
    let mut count = 0;
    for case in cases(&vectors).iter().filter(|case| is_for_c(case)) {
        write_case(&mut stream, case);
        count += 1;
    }
    let mut desk = Desk::open(Options::default());
    desk.set("BAYAR_BASE_URL", DEAD_ADDRESS);
    desk.prepare(how);
    let program = desk.workshop.test_program("inputs");
    let finished = desk.run(how, &program, &[], Some(&stream)).succeeded();
    assert_eq!(finished.fact("walked"), count.to_string());
    assert_eq!(desk.sandbox.counts().connections, 0);
}

/// A C string cannot carry a NUL, and the library's clock cannot be set: then a row means something else.
fn is_for_c(case: &Value) -> bool {
    case["has_nul"] != true && case["needs_clock"] != true && !is_past(&case["request"]["valid_up_to"], case)
}

/// A good row whose end of validity lies before the real clock (DOKU's own sample) is refused by now, rightly.
fn is_past(valid_up_to: &Value, case: &Value) -> bool {
    const FIRST_YEAR_THAT_LASTS: &str = "2090";
    case["field"].is_null() && valid_up_to.as_str().is_some_and(|end| end < FIRST_YEAR_THAT_LASTS)
}

#[test]
fn a_vector_that_is_not_met_fails_the_program() {
    let mut wrong = cases(&vectors("good_input"))[0].clone();
    wrong["field"] = json!("amount");
    let mut stream = Vec::new();
    write_case(&mut stream, &wrong);
    let mut desk = Desk::open(Options::default());
    desk.set("BAYAR_BASE_URL", DEAD_ADDRESS);
    let program = desk.workshop.test_program("inputs");
    let finished = desk.run(How::Plain, &program, &[], Some(&stream));
    assert_eq!(finished.code, Some(1), "{}", finished.stdout);
    assert!(finished.stderr.contains(wrong["name"].as_str().unwrap()), "{}", finished.stderr);
}
