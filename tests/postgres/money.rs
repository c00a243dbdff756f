//! Payments and refunds through a journal that several machines share, also while its server dies.

use crate::house::{House, LONG_MS, payment, refund};
use crate::server::Server;
use bayar::{Operation, RecordState, Which};
use bayar_sandbox::{Endpoint, Misbehaviour, Rule};
use std::time::{Duration, Instant};

#[test]
fn what_one_machine_did_another_knows_and_they_share_one_token() {
    let house = House::open(Server::shared());
    let (till, office) = (house.client(LONG_MS), house.client(LONG_MS));
    let first = till.pay(&payment("INV-1", "10000")).unwrap();
    let second = office.pay(&payment("INV-1", "10000")).unwrap();
    assert_eq!((first.redirect_url(), first.json()), (second.redirect_url(), second.json()));
    assert!(first.is_recorded() && first.redirect_url().is_some());
    assert!(office.wait("INV-1", Duration::from_secs(30)).unwrap().is_paid());
    let refunds = [&office, &till].map(|client| client.refund(&refund("INV-1", "4000", "R-1")).unwrap());
    assert_eq!((refunds[0].refund_no(), refunds[0].json()), (refunds[1].refund_no(), refunds[1].json()));
    let error = till.refund(&refund("INV-1", "7000", "R-2")).unwrap_err();
    assert!(error.message().contains("4000.00 are refunded"), "{error}");
    let counts = house.sandbox.counts();
    assert_eq!((counts.token_requests, counts.payment_requests, counts.refund_requests), (1, 1, 1));
    // And it can all be read again.
    let records: Vec<_> = till.records(Which::Reference("INV-1".to_owned())).unwrap().map(Result::unwrap).collect();
    let known: Vec<_> = records.iter().map(|record| (record.operation(), record.reference(), record.state())).collect();
    assert_eq!(
        known,
        [(Operation::Payment, "INV-1", RecordState::Done), (Operation::Refund, "R-1", RecordState::Done)]
    );
}

#[test]
fn a_new_token_that_one_machine_needs_is_fetched_once_for_all() {
    let house = House::open(Server::shared());
    let clients: Vec<_> = (0..8).map(|_| house.client(LONG_MS)).collect();
    let pay = |round: usize| {
        std::thread::scope(|scope| {
            for (number, client) in clients.iter().enumerate() {
                scope.spawn(move || client.pay(&payment(&format!("INV-{round}-{number}"), "1000")).unwrap());
            }
        });
        house.sandbox.counts().token_requests
    };
    assert_eq!(pay(1), 1);
    // DOKU takes it no more: each of the eight learns that, and one fetches.
    house.sandbox.forget_tokens();
    assert_eq!(pay(2), 2);
}

#[test]
fn a_journal_that_dies_between_its_two_commits_costs_no_money_and_no_truth() {
    let server = Server::start("");
    let house = House::open(&server);
    let client = house.client(20_000);
    client.warm_up().unwrap();
    house.sandbox.misbehave(Rule { on: Endpoint::Payment, times: 1, what: Misbehaviour::Delay { ms: 1_500 } });
    let payment_1 = payment("INV-1", "10000");
    let first = std::thread::scope(|scope| {
        let paying = scope.spawn(|| client.pay(&payment_1));
        while house.sandbox.payment("INV-1").is_none_or(|payment| payment.requests == 0) {
            assert!(!paying.is_finished());
            std::thread::sleep(Duration::from_millis(5));
        }
        server.kill();
        paying.join().unwrap().unwrap()
    });
    // DOKU has said that it is done, and the caller is told so, and that it could not be written down.
    assert!(!first.is_recorded() && first.redirect_url().is_some());
    // A new one is refused before anything is sent.
    house.refused(house.url(), 5_000);
    server.go_on();
    let record = client.record(Operation::Payment, "INV-1").unwrap().unwrap();
    assert_eq!(record.state(), RecordState::Sending);
    // The hold is over, and it is time to ask.
    let sql = "UPDATE bayar_operation SET hold_until_ms = 0, next_ask_ms = 0";
    server.sql(&house.database, sql);
    let settled = house.client(LONG_MS).settle(Duration::from_secs(30)).unwrap();
    assert_eq!(settled.len(), 1);
    assert_eq!(client.record(Operation::Payment, "INV-1").unwrap().unwrap().state(), RecordState::Done);
    let record = house.sandbox.payment("INV-1").unwrap();
    assert_eq!((record.times_made, record.requests), (1, 1));
}

#[test]
fn who_died_at_work_is_taken_over_and_the_money_moves_once() {
    let server = Server::start("");
    let house = House::open(&server);
    let client = house.client(20_000);
    house.paid(&client, "INV-1", "10000");
    house.sandbox.misbehave(Rule { on: Endpoint::Payment, times: 1, what: Misbehaviour::Delay { ms: 1_500 } });
    let payment_2 = payment("INV-2", "10000");
    let first = std::thread::scope(|scope| {
        let paying = scope.spawn(|| client.pay(&payment_2));
        while house.sandbox.payment("INV-2").is_none_or(|payment| payment.requests == 0) {
            std::thread::sleep(Duration::from_millis(5));
        }
        server.kill();
        paying.join().unwrap().unwrap()
    });
    assert!(!first.is_recorded());
    server.go_on();
    let other = house.client(3_000);
    // Until the lease is over nobody else may send.
    let early = other.pay(&payment_2).unwrap_err();
    assert_eq!(early.outcome(), bayar::Outcome::Unknown, "{early:?}");
    server.sql(&house.database, "UPDATE bayar_operation SET hold_until_ms = 0 WHERE reference = 'INV-2'");
    // Then the same is asked for or sent again: DOKU says the same.
    if let Ok(again) = house.client(20_000).pay(&payment_2) {
        assert_eq!(again.external_id(), first.external_id());
    }
    let record = house.sandbox.payment("INV-2").unwrap();
    assert_eq!(record.times_made, 1);
}

#[test]
fn a_frozen_server_holds_a_call_no_longer_than_its_limit_and_no_longer_than_its_flag() {
    let server = Server::start("");
    let house = House::open(&server);
    let client = house.client(1_500);
    client.pay(&payment("INV-1", "1000")).unwrap();
    server.freeze();
    // By a connection that is there, and by a new one.
    for client in [&client, &house.client(1_500)] {
        let begun = Instant::now();
        let error = client.pay(&payment("INV-2", "1000")).unwrap_err();
        let took = begun.elapsed();
        assert_eq!((error.kind(), error.outcome()), (bayar::Kind::Journal, bayar::Outcome::NotSent), "{error:?}");
        assert!(took >= Duration::from_millis(1_400) && took < Duration::from_millis(3_000), "{took:?}");
    }
    let cancel = bayar::Cancel::new();
    let patient = house.client(LONG_MS).with_cancel(&cancel);
    let begun = Instant::now();
    let error = std::thread::scope(|scope| {
        let paying = scope.spawn(|| patient.pay(&payment("INV-2", "1000")));
        std::thread::sleep(Duration::from_millis(300));
        cancel.set();
        paying.join().unwrap().unwrap_err()
    });
    assert_eq!((error.kind(), error.outcome()), (bayar::Kind::Cancelled, bayar::Outcome::NotSent), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(house.sandbox.counts().payment_requests, 1);
    server.thaw();
    client.pay(&payment("INV-2", "1000")).unwrap();
}
