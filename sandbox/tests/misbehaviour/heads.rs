//! Misbehaviour in the head of the answer: dates, doubles, lengths.

use bayar_sandbox::{Endpoint, Misbehaviour};

use crate::common::wire::Response;
use crate::common::{PAYMENT, STATUS, payment_body, status_body};
use crate::{counts, next, opened, paid_with};

#[test]
fn a_wrong_date_judges_the_client_by_a_wrong_clock() {
    let (sandbox, merchant) = opened();
    let date = |answer: &Response| answer.header("Date").map(str::to_owned);
    let right = date(&merchant.post(STATUS, &status_body("x")));
    for (ahead_s, code) in [(600, "2005400"), (-7200, "4015400")] {
        next(&sandbox, Endpoint::Payment, Misbehaviour::WrongDate { ahead_s });
        let answer = merchant.post(PAYMENT, &payment_body(&format!("A{ahead_s}"), "1.00"));
        assert_eq!(answer.code(), code);
        assert_ne!(date(&answer).unwrap()[..22], right.as_ref().unwrap()[..22]);
        assert_ne!(answer.header("X-TIMESTAMP").unwrap()[..15], crate::common::timestamp(0)[..15]);
    }
    assert_eq!(sandbox.counts().payments_made, 1);
    next(&sandbox, Endpoint::Token, Misbehaviour::WrongDate { ahead_s: -7200 });
    assert_eq!(merchant.send_token_call(merchant.token_call()).code(), "4017300");
    next(&sandbox, Endpoint::Payment, Misbehaviour::NoDate);
    let undated = merchant.post(PAYMENT, &payment_body("A", "1.00"));
    assert_eq!((undated.code().as_str(), date(&undated)), ("2005400", None));
}

#[test]
fn heads_are_doubled_and_left_out() {
    let lines = |answer: &Response, name: &str| answer.headers.iter().filter(|(key, _)| key == name).count();
    let (_sandbox, _, _, doubled) = paid_with(Misbehaviour::DuplicateHeaders);
    for name in ["Date", "Content-Type", "X-TIMESTAMP", "Content-Length"] {
        assert_eq!(lines(&doubled, name), 2, "{name}");
    }
    assert_eq!(doubled.code(), "2005400");
    let (_sandbox, _, _, untyped) = paid_with(Misbehaviour::NoContentType);
    assert_eq!((untyped.code().as_str(), untyped.header("Content-Type")), ("2005400", None));
    let (_sandbox, _, _, two) = paid_with(Misbehaviour::TwoLengths);
    let lengths = two.headers.iter().filter(|(name, _)| name == "Content-Length");
    let lengths: Vec<usize> = lengths.map(|(_, value)| value.parse().unwrap()).collect();
    assert_eq!(lengths, [two.body.len(), two.body.len() + 1]);
}

#[test]
fn the_length_of_a_body_is_told_in_other_ways() {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, Misbehaviour::NoContentLength);
    let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
    let (bytes, end) = merchant.send_for_bytes(&call);
    assert!(!bytes.contains("Content-Length") && bytes.contains("Connection: close") && end.is_none(), "{bytes}");
    let again = merchant.send(&call).text();
    assert_eq!(bytes.split_once("\r\n\r\n").unwrap().1, again);
    next(&sandbox, Endpoint::Payment, Misbehaviour::Chunked);
    let (bytes, _) = merchant.send_for_bytes(&call.clone().with("Connection", "close"));
    assert!(bytes.contains("Transfer-Encoding: chunked") && !bytes.contains("Content-Length"), "{bytes}");
    let half = again.len() / 2;
    let (first, second) = again.split_at(half);
    let chunks = format!("{half:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n", second.len());
    assert_eq!(bytes.split_once("\r\n\r\n").unwrap().1, chunks);
    assert_eq!(counts(&sandbox), (3, 1));
}
