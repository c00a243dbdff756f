//! The pure functions in C agree with the shared vectors, and hold where no vector reaches.

use bayar_sandbox::Options;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::finished::How;
use crate::stream::{cases, vectors, write_case};

#[test]
fn signatures_and_minifying_agree_with_the_shared_vectors() {
    walk(How::Plain);
}

#[test]
fn signatures_and_minifying_agree_with_the_shared_vectors_under_valgrind() {
    walk(How::UnderValgrind);
}

#[test]
fn a_vector_that_is_not_met_fails_the_program() {
    let mut wrong = cases(&vectors("minify"))[0].clone();
    wrong["minified"] = json!("{}");
    wrong["kind"] = json!("minify");
    let mut stream = Vec::new();
    write_case(&mut stream, &wrong);
    let mut desk = Desk::open(Options::default());
    let program = desk.workshop.test_program("signing");
    let finished = desk.run(How::Plain, &program, &[], Some(&stream));
    assert_eq!(finished.code, Some(1), "{}", finished.stdout);
    assert!(finished.stderr.contains(wrong["name"].as_str().unwrap()), "{}", finished.stderr);
}

#[test]
fn the_pure_functions_hold_where_no_vector_reaches() {
    Desk::open(Options::default()).run_test_program(How::Plain, "pure", &[]);
}

#[test]
fn the_pure_functions_hold_where_no_vector_reaches_under_valgrind() {
    Desk::open(Options::default()).run_test_program(How::UnderValgrind, "pure", &[]);
}

/// Jakarta's time is written wherever the machine is.
#[test]
fn moments_are_written_in_jakarta_time_whatever_the_zone_of_the_machine() {
    let mut desk = Desk::open(Options::default());
    desk.set("TZ", "America/New_York");
    desk.run_test_program(How::Plain, "pure", &[]);
}

pub(crate) fn walk(how: How) {
    let signatures = vectors("signature");
    let minify = vectors("minify");
    let mut stream = Vec::new();
    let mut count = 0;
    for case in cases(&signatures) {
        // The C API has no HMAC over a given string: a string cannot be signed that is not one of a request.
        if case["kind"] != "symmetric_string" {
            write_case(&mut stream, &with_keys(case));
            count += 1;
        }
    }
    for case in cases(&minify) {
        let mut case = case.clone();
        case["kind"] = json!("minify");
        write_case(&mut stream, &case);
        count += 1;
    }
    let mut desk = Desk::open(Options::default());
    desk.prepare(how);
    let program = desk.workshop.test_program("signing");
    let finished = desk.run(how, &program, &[], Some(&stream)).succeeded();
    assert_eq!(finished.fact("walked"), count.to_string());
}

/// A signing case gives the private key alone; openssl knows the public one.
fn with_keys(case: &Value) -> Value {
    let mut case = case.clone();
    if case["kind"] == "asymmetric" && case["public_key_pem"].is_null() {
        case["public_key_pem"] = json!(crate::keys::public_of(case["private_key_pem"].as_str().unwrap()));
    }
    case
}
