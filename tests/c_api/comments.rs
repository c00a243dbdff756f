//! The header is the manual: no function without a word on what it does, how it fails and whose the strings are.

use std::fs;

use crate::declarations::{Function, functions};
use crate::tool::repository;

#[test]
fn every_function_has_a_comment_of_substance() {
    let silent = names(|function| function.comment.len() < 30);
    // `_free(NULL)` is told in few words.
    let silent: Vec<String> = silent.into_iter().filter(|name| !name.ends_with("_free")).collect();
    assert!(silent.is_empty(), "say what these do (30 characters at least): {silent:?}");
    let unclear = names(|function| function.name.ends_with("_free") && !function.comment.contains("NULL is nothing"));
    assert!(unclear.is_empty(), "say what these do with NULL: {unclear:?}");
}

#[test]
fn every_function_that_can_fail_says_how() {
    let silent = names(|function| function.can_fail() && !says_how_it_fails(&function.comment));
    assert!(silent.is_empty(), "say when these fail: {silent:?}");
}

fn says_how_it_fails(comment: &str) -> bool {
    comment.contains("Fails ") || comment.contains("and failures as")
}

#[test]
fn every_string_that_comes_back_says_how_long_it_lives() {
    let lives = |comment: &str| comment.contains("Lives as long as") || comment.contains("A constant;");
    let silent = names(|function| function.result.ends_with('*') && !lives(&function.comment));
    assert!(silent.is_empty(), "say how long these strings live: {silent:?}");
}

#[test]
fn every_getter_says_what_null_gives() {
    let getter = |function: &Function| !function.can_fail() && function.parameters.len() == 1;
    let silent = names(|function| getter(function) && !function.comment.contains("NULL"));
    // `bayar_error_http_status` gives 0 for NULL as for an error without an answer, and says only the latter.
    let silent: Vec<String> = silent.into_iter().filter(|name| name != "bayar_error_http_status").collect();
    assert!(silent.is_empty(), "say what these give for NULL: {silent:?}");
}

#[test]
fn every_function_is_called_by_a_test_program() {
    let programs: String = fs::read_dir(repository("tests/c"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let unused = names(|function| !programs.contains(&format!("{}(", function.name)));
    // What programs name in a table of setters is called from there.
    let unused: Vec<String> = unused.into_iter().filter(|name| !programs.contains(&format!("{name},"))).collect();
    assert!(unused.is_empty(), "no program in tests/c calls these: {unused:?}");
}

fn names(is: impl Fn(&Function) -> bool) -> Vec<String> {
    functions().into_iter().filter(|function| is(function)).map(|function| function.name).collect()
}
