//! Proves journal.md rule 2: a process that was stopped past its lease, while another took over, sends nothing when it is
//! woken, and tells the truth.

use crate::shop::{Shop, pay, refund};
use bayar_sandbox::{Endpoint, Misbehaviour, Rule};
use serde_json::Value;
use std::time::{Duration, Instant};

const TIMEOUT_MS: u32 = 500;

/// Stops one call at a point, lets another worker call the same until it is done, and wakes the first. Returns what the
/// first was told, and the second.
fn overtake(shop: &Shop, point: &str, job: &Value) -> (Value, Value) {
    let mut first = shop.worker(TIMEOUT_MS, Some(point));
    first.give(job);
    first.wait_until_stopped();
    let mut second = shop.worker(TIMEOUT_MS, None);
    let end = Instant::now() + Duration::from_secs(60);
    let second = loop {
        let said = second.call(job);
        if said["said"] == "done" {
            break said;
        }
        assert_eq!(said["said"], "unknown", "while the first holds it, nobody knows: {said}");
        assert!(Instant::now() < end, "nobody took over: {said}");
        std::thread::sleep(Duration::from_millis(100));
    };
    first.wake();
    (first.answer(), second)
}

/// The same result or, where it cannot know, unknown; never that it did not happen.
fn must_be_true(first: &Value, second: &Value, point: &str) {
    match first["said"].as_str() {
        Some("done") => assert_eq!(first["outcome"], second["outcome"], "{point}"),
        said => assert_eq!(said, Some("unknown"), "{point}: {first}"),
    }
}

#[test]
fn a_payment_whose_caller_was_stopped_before_its_first_byte_is_made_once_by_who_took_over() {
    let shop = Shop::open();
    let (first, second) = overtake(&shop, "call.after_begin", &pay("P", "10000.00"));
    let payment = shop.sandbox.payment("P").unwrap();
    println!("first: {first}\nsecond: {second}\nrequests: {}", payment.requests);
    assert_eq!((payment.requests, payment.times_made), (1, 1), "the first has sent nothing");
    must_be_true(&first, &second, "call.after_begin");
}

/// Who took over has sent it, and its answer was lost: it may have happened, also for the first, which sent nothing.
#[test]
fn who_was_overtaken_does_not_say_not_sent_of_what_the_other_has_sent() {
    let shop = Shop::open();
    let job = pay("P", "10000.00");
    let mut first = shop.worker(TIMEOUT_MS, Some("call.after_begin"));
    first.give(&job);
    first.wait_until_stopped();
    shop.sandbox.misbehave(Rule { on: Endpoint::Payment, times: 100, what: Misbehaviour::CloseAfterWork });
    let mut second = shop.worker(TIMEOUT_MS, None);
    let end = Instant::now() + Duration::from_secs(60);
    while shop.sandbox.payment("P").is_none_or(|payment| payment.times_made == 0) {
        assert_eq!(second.call(&job)["said"], "unknown");
        assert!(Instant::now() < end, "nobody took over");
        std::thread::sleep(Duration::from_millis(100));
    }
    first.wake();
    let first = first.answer();
    assert_eq!(first["said"], "unknown", "{first}");
    assert_eq!(shop.sandbox.payment("P").unwrap().times_made, 1);
}

/// The first has DOKU's answer, and stands still with the journal's lock: nobody can write, and all can read.
#[test]
fn who_cannot_write_the_journal_does_not_say_not_sent_of_what_another_has_sent() {
    let shop = Shop::open();
    shop.paid("P", "10000.00");
    let job = refund("P", "4000.00", "R");
    // To open the journal takes its lock, too.
    let mut second = shop.worker(TIMEOUT_MS, None);
    assert_eq!(second.call(&pay("Q", "10000.00"))["said"], "done");
    // With the token that is in the journal, the second writing is that of the result.
    let mut first = shop.worker(20_000, Some("journal.locked:2"));
    first.give(&job);
    first.wait_until_stopped();
    assert_eq!(shop.refunds_made("P"), [1]);
    let said = second.call(&job);
    assert_eq!((said["said"].as_str(), said["kind"].as_str()), (Some("unknown"), Some("Journal")), "{said}");
    first.wake();
    let first = first.answer();
    assert_eq!(first["said"], "done", "{first}");
    assert_eq!(second.call(&job)["outcome"], first["outcome"]);
}

/// DOKU's answer reached the first before it was stopped, and the second found the refund by its status.
#[test]
fn both_get_the_same_result_of_a_refund_wherever_the_first_was_stopped_after_sending_it() {
    for point in ["network.after_read", "call.before_finish"] {
        let shop = Shop::open();
        shop.paid("P", "10000.00");
        let (first, second) = overtake(&shop, point, &refund("P", "4000.00", "R"));
        println!("{point}: first {first}\nsecond: {second}");
        assert_eq!(shop.refunds_made("P"), [1], "{point}");
        assert_eq!(shop.sandbox.refund_requests("R"), 1, "{point}");
        must_be_true(&first, &second, point);
    }
}
