//! Proves P2 and P4 for many threads that share one client: one token request, and one payment per reference.

use crate::house::House;
use crate::play::payment;
use bayar_sandbox::{Endpoint, Misbehaviour, Options};
use std::sync::Barrier;

const THREADS: usize = 64;

fn all_at_once(house: &House, reference: impl Fn(usize) -> String + Sync) -> Vec<Option<String>> {
    let client = house.client(60_000);
    let gate = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let (client, gate, reference) = (&client, &gate, &reference);
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                scope.spawn(move || {
                    gate.wait();
                    client.pay(&payment(&reference(number))).unwrap().redirect_url().map(str::to_owned)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn the_first_call_of_64_threads_at_once_fetches_one_token() {
    let house = House::open(Options::default());
    house.misbehave(Endpoint::Token, 1, Misbehaviour::Delay { ms: 300 });
    let links = all_at_once(&house, |number| format!("INV-{number}"));
    let counts = house.sandbox.counts();
    println!("64 threads, 64 references: {counts:?}");
    assert!(links.iter().all(Option::is_some));
    assert_eq!((counts.token_requests, counts.payment_requests, counts.payments_made), (1, 64, 64));
}

#[test]
fn a_token_that_died_is_renewed_once_for_64_threads() {
    let house = House::open(Options::default());
    let client = house.client(60_000);
    client.warm_up().unwrap();
    house.sandbox.forget_tokens();
    let gate = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let (client, gate) = (&client, &gate);
        for number in 0..THREADS {
            scope.spawn(move || {
                gate.wait();
                client.pay(&payment(&format!("INV-{number}"))).unwrap();
            });
        }
    });
    let counts = house.sandbox.counts();
    println!("64 threads, a dead token: {counts:?}");
    assert_eq!((counts.token_requests, counts.payments_made), (2, 64));
}

#[test]
fn one_reference_from_64_threads_is_one_payment() {
    let house = House::open(Options::default());
    house.misbehave(Endpoint::Payment, 1, Misbehaviour::CloseAfterWork);
    let links = all_at_once(&house, |_| "INV-1".to_owned());
    let counts = house.sandbox.counts();
    println!("64 threads, one reference, the first answer lost: {counts:?}");
    assert!(links.iter().all(|link| link.is_some() && *link == links[0]));
    assert_eq!((counts.token_requests, counts.payment_requests, counts.payments_made), (1, 2, 1));
}
