//! The headers and the signature of payment, refund and status: each check with its code.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use bayar_sandbox::Options;
use common::{Merchant, PAYMENT, REFUND, STATUS, payment_body, refund_body, signed_over, start, status_body};

#[test]
fn every_mandatory_header_is_missed_by_its_name() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    for (path, service, body) in [
        (PAYMENT, "54", payment_body("A", "10000.00")),
        (REFUND, "58", refund_body("A", "R", "10000.00")),
        (STATUS, "55", status_body("A")),
    ] {
        for name in [
            "X-TIMESTAMP",
            "X-SIGNATURE",
            "X-PARTNER-ID",
            "X-EXTERNAL-ID",
            "Authorization",
            "X-DEVICE-ID",
            "Content-Type",
        ] {
            if path == STATUS && name == "X-DEVICE-ID" {
                continue;
            }
            let call = merchant.call(path, &body);
            let call = signed_over(call.clone(), &call.body).without(name);
            let answer = merchant.send_raw(&call);
            assert_eq!(answer.code(), format!("400{service}02"), "{name}");
            assert_eq!(answer.message(), format!("Invalid Mandatory Field {name}"));
        }
    }
    assert_eq!(sandbox.counts().payments_made, 0);
}

#[test]
fn headers_out_of_shape_are_refused_by_their_name() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let (long_id, long_device) = ("1".repeat(37), "a".repeat(65));
    for (name, value) in [
        ("X-TIMESTAMP", "2020-12-21 07:56:11"),
        ("X-EXTERNAL-ID", "12a"),
        ("X-EXTERNAL-ID", &long_id),
        ("X-DEVICE-ID", "dev-1"),
        ("X-DEVICE-ID", &long_device),
        ("X-IP-ADDRESS", "::1"),
        ("X-IP-ADDRESS", "1.2.3"),
        ("Authorization", "Basic abc"),
        ("Authorization", "Bearer"),
        ("Content-Type", "text/json"),
    ] {
        let call = merchant.call(PAYMENT, &payment_body("A", "10000.00"));
        let answer = merchant.send(&call.with(name, value));
        assert_eq!(answer.code(), "4005401", "{name}: {value}");
        assert_eq!(answer.message(), format!("Invalid Field Format {name}"));
    }
    let mut twice = merchant.call(PAYMENT, &payment_body("A", "10000.00"));
    twice.headers.push(("X-EXTERNAL-ID".to_owned(), "2".to_owned()));
    assert_eq!(merchant.send(&twice).code(), "4005401");
    assert_eq!(sandbox.counts().payments_made, 0);
}

#[test]
fn what_may_be_left_out_or_written_otherwise_is_taken() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let call = |reference| merchant.call(PAYMENT, &payment_body(reference, "10000.00"));
    let token = merchant.token.borrow().clone();
    for call in [
        call("A").without("X-IP-ADDRESS"),
        call("B").with("Authorization", &format!("bearer {token}")),
        call("C").with("Content-Type", "application/json; charset=utf-8"),
        call("D").with("CHANNEL-ID", "DH"),
        call("E").with("X-EXTERNAL-ID", &"9".repeat(36)),
        call("F").with("X-DEVICE-ID", &"a".repeat(64)),
    ] {
        let answer = merchant.send(&call);
        assert_eq!(answer.code(), "2005400", "{}", answer.text());
    }
}

#[test]
fn the_signature_covers_body_path_token_and_time() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let call = merchant.call(PAYMENT, &payment_body("A", "10000.00"));
    let good = signed_over(call.clone(), &call.body);
    let mut other_body = good.clone();
    other_body.body.push(b' ');
    let text = String::from_utf8(good.body.clone()).unwrap();
    let mut path = good.clone();
    path.path = REFUND;
    let later = good.clone().with("X-TIMESTAMP", &common::timestamp(5));
    let hexadecimal = good.clone().with("X-SIGNATURE", &"85".repeat(32));
    for (call, code) in [
        (good.clone().body(&text.replace("10000", "99999")), "4015400"),
        (path, "4015800"),
        (later, "4015400"),
        (hexadecimal, "4015400"),
    ] {
        let answer = merchant.send_raw(&call);
        assert_eq!(answer.code(), code);
        assert_eq!(answer.message(), "Unauthorized. Invalid Signature");
    }
    // White space after the last brace is outside every string: minified, this is the signed body.
    assert_eq!(merchant.send_raw(&other_body).code(), "2005400");
}

#[test]
fn a_body_may_be_sent_with_white_space_and_signed_minified() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let body = payment_body("A", "10000.00");
    let spaced = serde_json::to_string_pretty(&body).unwrap();
    let call = merchant.call(PAYMENT, &body);
    let call = signed_over(call.clone(), &call.body).body(&spaced);
    assert_eq!(merchant.send_raw(&call).code(), "2005400");
    let call = merchant
        .call(STATUS, &status_body("A"))
        .body("{ \"originalPartnerReferenceNo\": \"A\", \"serviceCode\": \"54\" }");
    assert_eq!(merchant.send(&call).code(), "2005500");
}

#[test]
fn a_strange_client_or_a_wrong_clock_is_not_let_in() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let call = || merchant.call(PAYMENT, &payment_body("A", "10000.00"));
    let stranger = merchant.send(&call().with("X-PARTNER-ID", "BRN-1"));
    assert_eq!(stranger.code(), "4015400");
    assert_eq!(stranger.message(), "Unauthorized. Unknown Client");
    for shift in [-1000, 1000] {
        let answer = merchant.send(&call().with("X-TIMESTAMP", &common::timestamp(shift)));
        assert_eq!(answer.code(), "4015400");
        assert!(answer.message().contains("X-TIMESTAMP"));
    }
    for shift in [-800, 800] {
        let call = call().with("X-TIMESTAMP", &common::timestamp(shift));
        assert_ne!(merchant.send(&call).status, 401);
    }
}

#[test]
fn a_request_that_was_not_let_in_leaves_its_id_unused() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let call = merchant.call(PAYMENT, &payment_body("A", "10000.00"));
    let forged = call.clone().with("X-SIGNATURE", "AAAA");
    assert_eq!(merchant.send_raw(&forged).code(), "4015400");
    sandbox.forget_tokens();
    assert_eq!(merchant.send(&call).code(), "4015401");
    merchant.fetch_token();
    let renewed = format!("Bearer {}", merchant.token.borrow());
    let again = call.with("Authorization", &renewed);
    assert_eq!(merchant.send(&again).code(), "2005400");
}
