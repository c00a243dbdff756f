//! The server itself: TLS, HTTP, what it logs, and how it ends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::io::{ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use bayar_sandbox::{Certificate, Options, Sandbox};
use common::wire::Wire;
use common::{Merchant, PAYMENT, STATUS, payment_body, request_bytes, start, status_body};

fn port(sandbox: &Sandbox) -> u16 {
    let url = sandbox.base_url();
    url.rsplit_once(':').unwrap().1.parse().unwrap()
}

fn wire(sandbox: &Sandbox) -> Wire {
    Wire::connect(&sandbox.base_url(), sandbox.ca_pem())
}

#[test]
fn both_versions_of_tls_are_spoken_and_the_certificate_names_the_machine() {
    let sandbox = start(Options::default());
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for host in ["localhost", "127.0.0.1"] {
            let url = format!("https://{host}:{}", port(&sandbox));
            let mut wire = Wire::connect_with(&url, sandbox.ca_pem(), &[version]).unwrap();
            wire.send(&request_bytes("GET", "/_sandbox/counts", &[], b""));
            assert_eq!(wire.receive().status, 200);
        }
    }
    assert_eq!(sandbox.counts().connections, 4);
}

#[test]
fn localhost_may_also_mean_the_ipv6_loopback() {
    let sandbox = start(Options::default());
    if TcpListener::bind("[::1]:0").is_ok() {
        assert!(TcpStream::connect(("::1", port(&sandbox))).is_ok());
    }
}

/// Whatever arrives, the server answers the next client.
#[test]
fn rubbish_does_no_harm() {
    let sandbox = start(Options { tls: false, ..Options::default() });
    let mut state = 1_u64; // xorshift: the same rubbish in every run
    for length in 0..300 {
        let mut socket = TcpStream::connect(("127.0.0.1", port(&sandbox))).unwrap();
        let mut bytes = if length % 2 == 0 {
            format!("POST {PAYMENT} HTTP/1.1\r\nContent-Length: {}\r\n", length / 3).into_bytes()
        } else {
            Vec::new()
        };
        for _ in 0..length {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes.push(state.to_le_bytes()[0]);
        }
        let _ = socket.write_all(&bytes);
    }
    let tls_port = start(Options::default());
    let mut socket = TcpStream::connect(("127.0.0.1", port(&tls_port))).unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    for sandbox in [sandbox, tls_port] {
        let merchant = Merchant::of(&sandbox);
        assert_eq!(merchant.post(STATUS, &status_body("x")).code(), "4045501");
    }
}

#[test]
fn another_authority_does_not_vouch_for_it() {
    let (sandbox, other) = (start(Options::default()), start(Options::default()));
    let strict = [&rustls::version::TLS13];
    let connected = Wire::connect_with(&sandbox.base_url(), other.ca_pem(), &strict);
    let refused = connected.err().unwrap();
    assert!(refused.to_string().contains("certificate"), "{refused}");
}

#[test]
fn bad_certificates_are_refused_each_for_its_own_reason() {
    for (certificate, reason) in [
        (Certificate::Expired, "expired"),
        (Certificate::WrongName, "not valid for name"),
        (Certificate::SelfSigned, "UnknownIssuer"),
    ] {
        let sandbox = start(Options { certificate, ..Options::default() });
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let connected = Wire::connect_with(&sandbox.base_url(), sandbox.ca_pem(), &[version]);
            let refused = connected.err().unwrap().to_string();
            assert!(refused.contains(reason), "{certificate:?}: {refused}");
        }
        assert_eq!(sandbox.counts().token_requests, 0);
    }
    let sandbox = start(Options { certificate: Certificate::WrongName, ..Options::default() });
    let url = sandbox.base_url().replace("localhost", "doku.invalid");
    assert!(Wire::connect_with(&url, sandbox.ca_pem(), &[&rustls::version::TLS13]).is_ok());
}

#[test]
fn plain_http_is_served_when_asked_for() {
    let sandbox = start(Options { tls: false, ..Options::default() });
    assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
    assert_eq!(sandbox.ca_pem(), "");
    let merchant = Merchant::of(&sandbox);
    let answer = merchant.post(PAYMENT, &payment_body("A", "1.00"));
    assert_eq!(answer.code(), "2005400");
    let url = answer.json()["webRedirectUrl"].as_str().unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"));
}

#[test]
fn one_connection_carries_many_requests_each_with_a_date() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    for _ in 0..20 {
        let answer = merchant.post(STATUS, &status_body("x"));
        let date = answer.header("Date").unwrap();
        assert!(date.ends_with(" GMT") && date.len() == 29, "{date}");
    }
    assert_eq!(sandbox.counts().connections, 1);
    assert_eq!(sandbox.counts().status_requests, 20);
}

#[test]
fn requests_sent_ahead_are_answered_in_order() {
    let sandbox = start(Options::default());
    let mut wire = wire(&sandbox);
    let one = request_bytes("GET", "/_sandbox/counts", &[], b"");
    let two = request_bytes("GET", "/nowhere", &[], b"");
    wire.send(&[one, two].concat());
    assert_eq!(wire.receive().status, 200);
    assert_eq!(wire.receive().status, 404);
}

#[test]
fn a_client_that_asks_to_close_or_talks_nonsense_is_closed_after_its_answer() {
    let sandbox = start(Options::default());
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    for (bytes, status) in [
        ("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n", 404),
        ("GET /a HTTP/1.0\r\n\r\n", 404),
        ("?\r\n\r\n", 400),
        ("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        ("POST /a HTTP/1.1\r\nContent-Length: 2000000\r\n\r\nabc", 413),
        (&long, 431),
    ] {
        let mut wire = wire(&sandbox);
        wire.send(bytes.as_bytes());
        let answer = wire.receive();
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("Connection"), Some("close"));
        assert_eq!(wire.try_receive().err().unwrap().kind(), ErrorKind::UnexpectedEof);
    }
}

#[test]
fn a_client_may_wait_to_be_told_to_continue() {
    let sandbox = start(Options::default());
    let mut wire = wire(&sandbox);
    wire.send(b"POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_eq!(wire.receive().status, 100);
    wire.send(b"{}");
    assert_eq!(wire.receive().status, 404);
}

#[test]
fn other_paths_and_methods_are_refused() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let unknown = merchant.plain("POST", "/direct-debit/v1/refund");
    assert_eq!((unknown.status, unknown.body.len()), (404, 0));
    for path in [common::TOKEN, PAYMENT, common::REFUND, STATUS] {
        let answer = merchant.plain("GET", path);
        assert_eq!((answer.status, answer.header("Allow")), (405, Some("POST")));
        let slash = merchant.plain("POST", &format!("{path}/"));
        assert_eq!(slash.status, 404);
    }
}

#[test]
fn requests_are_logged_as_they_were_on_the_wire() {
    let sandbox = start(Options { seen_limit: 2, ..Options::default() });
    let merchant = Merchant::of(&sandbox);
    let call = merchant.call(STATUS, &status_body("x")).with("x-CaSe", "kept");
    let answer = merchant.send(&call);
    merchant.plain("GET", "/_sandbox/counts");
    let seen = sandbox.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].path, common::TOKEN);
    let last = &seen[1];
    assert_eq!((last.method.as_str(), last.path.as_str()), ("POST", STATUS));
    assert!(last.headers.contains(&("x-CaSe".to_owned(), "kept".to_owned())));
    assert_eq!(last.header("X-Case"), Some("kept"));
    assert_eq!(last.body, call.body);
    assert_eq!((last.answer_status, &last.answer_body), (404, &answer.body));
    merchant.post(STATUS, &status_body("x"));
    assert_eq!(sandbox.seen().len(), 2);
    assert_eq!(sandbox.seen()[1].path, STATUS);
}

#[test]
fn answers_take_as_long_as_they_are_told_to() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    sandbox.set_delay_ms(80);
    let began = Instant::now();
    merchant.post(STATUS, &status_body("x"));
    assert!(began.elapsed() >= Duration::from_millis(80));
    sandbox.set_delay_ms(0);
    let began = Instant::now();
    merchant.post(STATUS, &status_body("x"));
    assert!(began.elapsed() < Duration::from_millis(80));
}

#[test]
fn an_idle_connection_is_closed_after_its_time() {
    let sandbox = start(Options { idle_timeout_ms: 50, ..Options::default() });
    let mut wire = wire(&sandbox);
    wire.send(&request_bytes("GET", "/a", &[], b""));
    assert_eq!(wire.receive().status, 404);
    let began = Instant::now();
    assert_eq!(wire.try_receive().err().unwrap().kind(), ErrorKind::UnexpectedEof);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn dropping_it_frees_the_port_and_ends_connections_even_slow_ones() {
    let sandbox = start(Options::default());
    let port = port(&sandbox);
    let merchant = Merchant::of(&sandbox);
    let mut idle = wire(&sandbox);
    idle.send(&request_bytes("GET", "/a", &[], b""));
    assert_eq!(idle.receive().status, 404);
    sandbox.set_delay_ms(60_000);
    let mut slow = wire(&sandbox);
    let call = merchant.token_call();
    slow.send(&request_bytes("POST", call.path, &call.headers, &call.body));
    while sandbox.counts().token_requests < 2 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let began = Instant::now();
    drop(sandbox);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(slow.try_receive().is_err());
    assert!(idle.try_receive().is_err());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_taken_port_and_a_bad_key_are_errors() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let start = |port, key: &str| {
        let mut options = Options { port, ..Options::default() };
        if !key.is_empty() {
            key.clone_into(&mut options.merchant_public_key_pem);
        }
        Sandbox::start(options).err().unwrap()
    };
    assert_eq!(start(port, "").kind(), ErrorKind::AddrInUse);
    assert_eq!(start(0, "no key").kind(), ErrorKind::InvalidInput);
}
