//! Misbehaviour of the connection: what arrives, how it ends, and whether the work was done.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use bayar_sandbox::{Endpoint, Misbehaviour, Options};

use crate::common::{Merchant, PAYMENT, STATUS, payment_body, start, status_body};
use crate::{counts, next, opened};

#[test]
fn connections_that_die_tell_nothing_about_the_work() {
    use Misbehaviour::{CloseAfterWork, CloseBeforeWork, ResetAfterWork, ResetBeforeWork};
    for tls in [true, false] {
        for (what, made, end) in [
            (CloseBeforeWork, 0, None),
            (CloseAfterWork, 1, None),
            (ResetBeforeWork, 0, Some(ErrorKind::ConnectionReset)),
            (ResetAfterWork, 1, Some(ErrorKind::ConnectionReset)),
        ] {
            let sandbox = start(Options { tls, ..Options::default() });
            let merchant = Merchant::of(&sandbox);
            next(&sandbox, Endpoint::Payment, what.clone());
            let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
            assert_eq!(merchant.send_for_bytes(&call), (String::new(), end), "{what:?}, TLS {tls}");
            assert_eq!(counts(&sandbox), (1, made), "{what:?}");
            let seen = sandbox.seen();
            assert_eq!((seen[1].answer_status, seen[1].answer_body.len()), (0, 0));
            let again = merchant.send(&call);
            assert_eq!(again.status, if made == 0 { 200 } else { 409 });
            assert_eq!(again.json()["responseCode"], "2005400");
            assert_eq!(counts(&sandbox), (2, 1));
        }
    }
}

#[test]
fn half_an_answer_is_cut_in_the_body() {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, Misbehaviour::HalfAnswer);
    let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
    let (bytes, end) = merchant.send_for_bytes(&call);
    let again = merchant.send(&call);
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", again.body.len())), "{head}");
    assert_eq!((body, end), (&again.text()[..again.body.len() / 2], None));
    assert_eq!(sandbox.seen()[1].answer_body, body.as_bytes());
    assert_eq!((again.status, counts(&sandbox)), (409, (2, 1)));
}

#[test]
fn half_an_answer_may_leave_the_client_waiting() {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, Misbehaviour::HalfThenSilence);
    merchant.patience(Duration::from_millis(100));
    let (bytes, end) = merchant.send_for_bytes(&merchant.call(PAYMENT, &payment_body("A", "1.00")));
    let (_, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert_eq!((sandbox.seen()[1].answer_body.as_slice(), counts(&sandbox)), (body.as_bytes(), (1, 1)));
    assert!(matches!(end, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "{end:?}");
    let began = Instant::now();
    drop(sandbox);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_good_answer_may_be_the_last_of_its_connection() {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, Misbehaviour::CloseAfterAnswer);
    let (bytes, end) = merchant.send_for_bytes(&merchant.call(PAYMENT, &payment_body("A", "1.00")));
    assert!(bytes.starts_with("HTTP/1.1 200") && bytes.ends_with('}') && end.is_none(), "{bytes}");
    assert!(!bytes.contains("Connection"));
    assert_eq!(counts(&sandbox), (1, 1));
}

#[test]
fn a_delay_comes_after_the_work_or_before_it() {
    for (what, made_at_once) in [(Misbehaviour::Delay { ms: 150 }, 1), (Misbehaviour::DelayBeforeWork { ms: 150 }, 0)] {
        let (sandbox, merchant) = opened();
        next(&sandbox, Endpoint::Payment, what);
        let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
        let began = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while sandbox.counts().payment_requests == 0 {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(Duration::from_millis(30));
                if began.elapsed() < Duration::from_millis(120) {
                    assert_eq!(sandbox.counts().payments_made, made_at_once);
                }
            });
            // Declared after the thread: a `Merchant` stays on its own.
            assert_eq!(merchant.send(&call).code(), "2005400");
        });
        assert!(began.elapsed() >= Duration::from_millis(150));
        assert_eq!(counts(&sandbox), (1, 1));
    }
}

#[test]
fn work_that_was_delayed_is_done_for_a_client_that_has_left_but_not_for_a_sandbox_that_ends() {
    let (sandbox, merchant) = opened();
    for (what, reference) in
        [(Misbehaviour::DelayBeforeWork { ms: 60 }, "A"), (Misbehaviour::DelayBeforeWork { ms: 60_000 }, "B")]
    {
        next(&sandbox, Endpoint::Payment, what);
        let call = merchant.call(PAYMENT, &payment_body(reference, "1.00"));
        merchant.send_and_leave(&call);
    }
    let began = Instant::now();
    while sandbox.counts().payments_made == 0 || sandbox.counts().payment_requests < 2 {
        assert!(began.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(sandbox.payment("A").unwrap().times_made, 1);
    assert!(sandbox.payment("B").is_none());
    let began = Instant::now();
    drop(sandbox);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_trickle_is_slow_and_whole() {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, Misbehaviour::Trickle { bytes_per_s: 2000 });
    let began = Instant::now();
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "1.00")).code(), "2005400");
    assert!(began.elapsed() > Duration::from_millis(150), "{:?}", began.elapsed());
    assert_eq!(counts(&sandbox), (1, 1));
    next(&sandbox, Endpoint::Status, Misbehaviour::Trickle { bytes_per_s: 1 });
    merchant.send_and_leave(&merchant.call(STATUS, &status_body("A")));
    while sandbox.counts().status_requests == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let began = Instant::now();
    drop(sandbox);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn rubbish_is_no_http() {
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Payment, Misbehaviour::Rubbish);
    let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
    let (bytes, end) = merchant.send_for_bytes(&call);
    assert!(bytes.contains("this is no HTTP") && !bytes.contains("HTTP/1.1"), "{bytes}");
    assert_eq!((end, counts(&sandbox)), (None, (1, 1)));
    assert_eq!((sandbox.seen()[1].answer_status, sandbox.seen()[1].answer_body[0]), (0, 0));
}

#[test]
fn a_handshake_may_never_end() {
    for tls in [true, false] {
        let sandbox = start(Options { tls, ..Options::default() });
        next(&sandbox, Endpoint::Any, Misbehaviour::NoHandshake);
        let stalled = crate::common::wire::say_hello(&sandbox.base_url(), Duration::from_millis(100));
        assert!(matches!(stalled, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{stalled:?}");
        let merchant = Merchant::of(&sandbox);
        assert_eq!(merchant.post(PAYMENT, &payment_body("A", "1.00")).code(), "2005400");
        assert_eq!(sandbox.counts().connections, 2);
    }
}
