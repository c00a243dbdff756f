//! Eight processes with four threads each refund the same two hundred refunds at once: two hundred are made, and everybody
//! is told the same about each.

use crate::house::{House, LONG_MS, refund};
use crate::server::Server;
use bayar::{Client, Config};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const PROCESSES: usize = 8;
const THREADS: usize = 4;
const PAYMENTS: usize = 20;
const REFUNDS: usize = 200;

/// Says to a process of this test that it is one.
const ROLE: &str = "BAYAR_TEST_ROLE";

#[test]
fn two_hundred_refunds_asked_for_by_thirty_two_callers_are_two_hundred() {
    let server = Server::shared();
    let house = House::open(server);
    let client = house.client(LONG_MS);
    for number in 0..PAYMENTS {
        house.paid(&client, &format!("INV-{number}"), "10000");
    }
    let begun = std::time::Instant::now();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "crowd::a_process_of_the_crowd", "--include-ignored", "--nocapture"]);
            for (name, value) in house.settings_with(house.url(), LONG_MS) {
                child.env(format!("BAYAR_{}", name.to_uppercase()), value);
            }
            child.env(ROLE, "refunds").stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut answers = 0;
    for mut child in children {
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(fact) = line.strip_prefix("refunded ") else { continue };
            let (number, result) = fact.split_once(' ').unwrap();
            told.entry(number.to_owned()).or_default().insert(result.to_owned());
            answers += 1;
        }
        assert!(child.wait().unwrap().success());
    }
    println!("{answers} answers in {:?}", begun.elapsed());
    assert_eq!((answers, told.len()), (PROCESSES * THREADS * REFUNDS, REFUNDS));
    assert!(told.values().all(|results| results.len() == 1), "{told:?}");
    let counts = house.sandbox.counts();
    assert_eq!((counts.refunds_made as usize, counts.refund_requests as usize), (REFUNDS, REFUNDS));
    let payments = house.sandbox.payments();
    assert!(payments.iter().flat_map(|payment| &payment.refunds).all(|refund| refund.times_made == 1));
    assert_eq!(counts.token_requests, 1);
}

/// Not a test by itself: what each process of the one above does.
#[test]
#[ignore = "it is a part of another test"]
fn a_process_of_the_crowd() {
    if std::env::var_os(ROLE).is_none() {
        return;
    }
    let mut config = Config::new();
    config.load_environment().unwrap();
    let client = Client::new(&config).unwrap();
    let all: String = std::thread::scope(|scope| {
        let client = &client;
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(move || refunds_all(client))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    print!("\n{all}");
}

fn refunds_all(client: &Client) -> String {
    let refunds = (0..REFUNDS).map(|number| {
        let (original, reference) = (format!("INV-{}", number % PAYMENTS), format!("R-{number}"));
        let refund = client.refund(&refund(&original, "1000", &reference)).unwrap();
        assert!(refund.is_recorded());
        format!("refunded {reference} {} {}\n", refund.refund_no().unwrap(), refund.external_id())
    });
    refunds.collect()
}
