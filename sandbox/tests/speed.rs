//! How long a warm request takes, there and back. Not part of the suite, for a busy machine would fail it:
//! `cargo test -p bayar-sandbox --release --test speed -- --ignored --nocapture`
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::time::{Duration, Instant};

use bayar_sandbox::Options;
use common::wire::Wire;
use common::{Merchant, PAYMENT, payment_body, request_bytes, signed_over, start};

#[test]
#[ignore = "a measurement"]
fn a_warm_payment_costs_well_under_100_microseconds() {
    for tls in [false, true] {
        let sandbox = start(Options { tls, ..Options::default() });
        let merchant = Merchant::of(&sandbox);
        // Signed beforehand, so that only the wire and the sandbox are timed.
        let requests: Vec<Vec<u8>> = (0..5000)
            .map(|number| {
                let body = payment_body(&format!("ORDER-{number}"), "10000.00");
                let call = merchant.call(PAYMENT, &body);
                let call = signed_over(call.clone(), &call.body);
                request_bytes("POST", call.path, &call.headers, &call.body)
            })
            .collect();
        let mut wire = Wire::connect(&sandbox.base_url(), sandbox.ca_pem());
        let mut times: Vec<Duration> = requests
            .iter()
            .map(|request| {
                let began = Instant::now();
                wire.send(request);
                assert_eq!(wire.receive().status, 200);
                began.elapsed()
            })
            .collect();
        times.sort();
        let median = times[times.len() / 2];
        println!("tls {tls}: median {median:?}, 99th of 100 {:?}", times[times.len() * 99 / 100]);
        assert!(median < Duration::from_micros(200), "{median:?}");
    }
}
