//! Proves rule 10 of journal.md: a call that is cancelled returns at once with what is true, and the next call settles
//! what it left open.

use crate::hangs::{ALL, Stuck, Trap};
use crate::house::{Line, Said, walk};
use crate::play::payment;
use bayar::{Cancel, Kind, Outcome};
use std::time::{Duration, Instant};

const AFTER: Duration = Duration::from_millis(400);

fn play(stuck: &Stuck) -> Line {
    let trap = Trap::set(*stuck);
    let cancel = Cancel::new();
    let client = trap.client(20_000).with_cancel(&cancel);
    let (said, took) = std::thread::scope(|scope| {
        let call = scope.spawn(|| (Said::of(&client.pay(&payment("INV-1"))), Instant::now()));
        std::thread::sleep(AFTER);
        let set_at = Instant::now();
        cancel.set();
        let (said, ended_at) = call.join().unwrap();
        (said, ended_at.saturating_duration_since(set_at))
    });
    let made = trap.made().0;
    let expected = match stuck {
        Stuck::Head | Stuck::HeldBack | Stuck::Body | Stuck::Trickle | Stuck::StatusAfterConflict => Outcome::Unknown,
        _ => Outcome::NotSent,
    };
    let mut problems = Vec::new();
    let is_as_expected = match stuck {
        // The wait between two attempts is what is cancelled: DOKU's refusal, or that nothing was sent of the next one.
        Stuck::ComeAgain | Stuck::NewToken => said.denies(),
        _ => said == Said::Failed(Kind::Cancelled, expected),
    };
    if !is_as_expected {
        problems.push(format!("expected: Cancelled, {expected:?}"));
    }
    if took > Duration::from_secs(1) {
        problems.push(format!("it took {took:?} to return"));
    }
    if said.denies() && made > 0 {
        problems.push(format!("{said} was told, and it was made"));
    }
    // The flag still set: nothing goes out. Then let through, and all is well.
    let requests = trap.house.sandbox.counts().payment_requests;
    let begun = Instant::now();
    let while_set = Said::of(&client.pay(&payment("INV-1")));
    if while_set == Said::Done || begun.elapsed() > Duration::from_secs(1) {
        problems.push(format!("with the flag set: {while_set} after {:?}", begun.elapsed()));
    }
    if made > 0 && while_set.denies() {
        problems.push(format!("with the flag set {while_set} was told, and it was made"));
    }
    if trap.house.sandbox.counts().payment_requests != requests {
        problems.push("with the flag set a request was sent".to_owned());
    }
    cancel.reset();
    trap.house.sandbox.behave();
    let settled = match stuck {
        // These traps are no sandbox's, and stay shut.
        Stuck::Connect | Stuck::Proxy => None,
        _ => Some(Said::of(&client.pay(&payment("INV-1")))),
    };
    let made_at_last = trap.made().0;
    // A payment whose link was lost with 409xx00 stays open; everything else is done by now.
    let is_open = *stuck == Stuck::StatusAfterConflict && settled.is_some_and(|said| !said.denies());
    if settled.is_some() && !is_open && (settled, made_at_last) != (Some(Said::Done), 1) {
        let settled = settled.map(|said| said.to_string()).unwrap_or_default();
        problems.push(format!("at last {settled} was told, and it was made {made_at_last} times"));
    }
    let settled = settled.map_or_else(|| "-".to_owned(), |said| said.to_string());
    let then = format!("while set: {while_set:<20} | then {settled}, made {made_at_last}");
    let name = format!("{stuck:?}");
    let text = format!("{name:<20} | {said:<22} | made {made} | {:>4} ms after the flag | {then}", took.as_millis());
    Line { text, problems }
}

#[test]
fn a_cancelled_call_returns_at_once_and_truthfully() {
    walk("Cancelled", 8, ALL, play);
}

#[test]
fn waiting_for_a_payment_can_be_cancelled_between_two_inquiries() {
    let trap = Trap::set(Stuck::ComeAgain);
    let mut config = trap.config.clone();
    config.set("status_interval_ms", "20000").unwrap();
    trap.house.sandbox.behave();
    let cancel = Cancel::new();
    let client = bayar::Client::new(&config).unwrap().with_cancel(&cancel);
    client.pay(&payment("INV-1")).unwrap();
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.wait("INV-1", Duration::from_secs(60)).map(|status| status.is_paid()));
        std::thread::sleep(AFTER);
        let set_at = Instant::now();
        cancel.set();
        // What the first inquiry told holds.
        assert!(matches!(call.join().unwrap(), Ok(false)));
        assert!(set_at.elapsed() < Duration::from_secs(1), "{:?}", set_at.elapsed());
    });
}

#[test]
fn whenever_the_flag_is_set_nobody_is_told_not_sent_about_what_was_sent() {
    let trap = Trap::set(Stuck::ComeAgain);
    trap.house.sandbox.behave();
    trap.house.sandbox.set_delay_ms(50);
    let cancel = Cancel::new();
    let client = trap.client(20_000).with_cancel(&cancel);
    let mut told = std::collections::BTreeMap::<String, u32>::new();
    for number in 0..48 {
        let reference = format!("INV-{number}");
        let made = || trap.house.sandbox.payment(&reference).map_or(0, |payment| payment.times_made);
        let said = std::thread::scope(|scope| {
            let call = scope.spawn(|| Said::of(&client.pay(&payment(&reference))));
            std::thread::sleep(Duration::from_micros(30 * number * number));
            cancel.set();
            call.join().unwrap()
        });
        // What is on its way arrives.
        std::thread::sleep(Duration::from_millis(20));
        assert!(!said.denies() || made() == 0, "{reference}: {said}, and it was made");
        cancel.reset();
        assert_eq!(Said::of(&client.pay(&payment(&reference))), Said::Done, "{reference}");
        assert_eq!(made(), 1, "{reference}");
        *told.entry(said.to_string()).or_default() += 1;
    }
    println!("the flag set at 48 moments: {told:?}");
}
