//! The token call: what is checked, with which code, and which token counts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use bayar_sandbox::Options;
use common::{Merchant, STATUS, new_id, start, start_with_clock, status_body};

#[test]
fn a_signed_request_is_given_a_token() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let answer = merchant.send_token_call(merchant.token_call());
    assert_eq!(answer.code(), "2007300");
    assert_eq!(answer.json()["tokenType"], "Bearer");
    assert_eq!(answer.json()["expiresIn"], "900");
    assert!(answer.json()["accessToken"].as_str().unwrap().len() > 40);
    assert!(answer.header("X-CLIENT-KEY").is_some());
    assert!(answer.header("X-TIMESTAMP").is_some());
    assert_eq!(sandbox.counts().tokens_issued, 2);
    assert_eq!(sandbox.counts().token_requests, 2);
}

#[test]
fn every_header_of_the_token_call_is_checked() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let call = || merchant.token_call();
    for (call, code, names) in [
        (call().without("X-CLIENT-KEY"), "4007302", "X-CLIENT-KEY"),
        (call().without("X-TIMESTAMP"), "4007302", "X-TIMESTAMP"),
        (call().without("Content-Type"), "4007302", "Content-Type"),
        (call().with("Content-Type", "text/plain"), "4007301", "Content-Type"),
        (call().with("X-TIMESTAMP", "yesterday"), "4007301", "X-TIMESTAMP"),
        (call().with("X-TIMESTAMP", "2020-12-21T07:56:11Z"), "4017300", "X-TIMESTAMP"),
        (call().with("X-CLIENT-KEY", "BRN-1"), "4017300", "Unknown Client"),
        (call().body("{}"), "4007302", "grantType"),
        (call().body(r#"{"grantType":"password"}"#), "4007301", "grantType"),
        (call().body("grantType"), "4007300", "Bad Request"),
    ] {
        let answer = merchant.send_token_call(call);
        assert_eq!(answer.code(), code, "{}", answer.text());
        assert!(answer.message().contains(names), "{}", answer.text());
    }
    let unsigned = merchant.send_raw(&call());
    assert_eq!(unsigned.code(), "4007302");
    let forged = merchant.send_raw(&call().with("X-SIGNATURE", &common::rsa("something else")));
    assert_eq!(forged.code(), "4017300");
    assert_eq!(forged.message(), "Unauthorized. Invalid Signature");
    assert_eq!(sandbox.counts().tokens_issued, 1);
}

#[test]
fn every_form_of_the_timestamp_is_taken() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let now = time::OffsetDateTime::now_utc();
    let zulu = common::timestamp(-7 * 3600).replace("+07:00", "Z");
    let millis = zulu.replace('Z', ".250Z");
    assert!(now.year() > 2000);
    for text in [zulu, millis] {
        let answer = merchant.send_token_call(merchant.token_call().with("X-TIMESTAMP", &text));
        assert_eq!(answer.code(), "2007300", "{text}");
    }
}

#[test]
fn only_the_newest_token_counts() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let older = merchant.token.borrow().clone();
    assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4045501");
    merchant.fetch_token();
    assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4045501");
    let call = merchant.call(STATUS, &status_body("x")).with("Authorization", &format!("Bearer {older}"));
    let answer = merchant.send(&call);
    assert_eq!(answer.code(), "4015501");
    assert_eq!(answer.message(), "Invalid Token (B2B)");
}

#[test]
fn forgetting_tokens_makes_the_newest_one_old() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    sandbox.forget_tokens();
    assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4015501");
    merchant.fetch_token();
    assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4045501");
}

#[test]
fn a_token_ends_with_its_lifetime_and_an_unknown_one_is_told_apart() {
    let (sandbox, clock) = start_with_clock();
    let merchant = Merchant::of(&sandbox);
    clock.advance(890);
    merchant.clock_s.set(890);
    assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4045501");
    clock.advance(11);
    merchant.clock_s.set(901);
    assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4015501");
    merchant.token.replace(new_id());
    let answer = merchant.post(STATUS, &status_body("x"));
    assert_eq!(answer.code(), "4015503");
    assert_eq!(answer.message(), "Token Not Found (B2B)");
}
