//! The client against the sandbox, over real HTTPS: what a shop does in a day, and what goes wrong on an ordinary day.
//! Whatever happens, the sandbox's own counts say how often money was moved.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.

use bayar::{Client, Config, Error, Kind, Outcome, PaymentRequest, RefundRequest, RefundStatus, TransactionStatus};
use bayar_sandbox::{Clock, Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use std::time::Duration;

/// A sandbox and the settings of its merchant.
struct House {
    sandbox: Sandbox,
    config: Config,
    _folder: tempfile::TempDir,
}

impl House {
    fn open(options: Options) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, sandbox.ca_pem()).unwrap();
        let mut config = Config::new();
        for (name, value) in [
            ("environment", "sandbox"),
            ("base_url", &sandbox.base_url()),
            ("client_id", TEST_CLIENT_ID),
            ("client_secret", TEST_CLIENT_SECRET),
            ("private_key", TEST_PRIVATE_KEY_PEM),
            ("status_interval_ms", "50"),
            ("return_url", "https://shop.example/thanks"),
        ] {
            config.set(name, value).unwrap();
        }
        if sandbox.base_url().starts_with("https:") {
            config.set("ca_file", ca_file.to_str().unwrap()).unwrap();
        }
        Self { sandbox, config, _folder: folder }
    }

    fn client(&self) -> Client {
        Client::new(&self.config).unwrap()
    }

    fn client_with(&self, name: &str, value: &str) -> Client {
        let mut config = self.config.clone();
        config.set(name, value).unwrap();
        Client::new(&config).unwrap()
    }

    fn times_made(&self, reference: &str) -> u64 {
        self.sandbox.payment(reference).map_or(0, |payment| payment.times_made)
    }
}

fn payment(reference: &str) -> PaymentRequest {
    PaymentRequest::new(reference, "10000.00").unwrap()
}

fn refund(reference: &str, amount: &str, number: &str) -> RefundRequest {
    RefundRequest::new(reference, amount, number).unwrap()
}

fn expect(error: &Error, kind: Kind, outcome: Outcome, code: Option<&str>) {
    assert_eq!((error.kind(), error.outcome()), (kind, outcome), "{error:?}");
    assert_eq!(
        error.response_code().map(|code| format!("{}xx{}", &code[..3], &code[5..])).as_deref(),
        code,
        "{error:?}"
    );
}

#[test]
fn a_payment_from_the_link_to_the_last_refund() {
    let house = House::open(Options::default());
    let client = house.client();
    client.warm_up().unwrap();
    let mut request = payment("INV-1");
    request.set_title("Kopi & teh \u{2615} \"besar\"").unwrap();
    request.set_return_url("https://shop.example/thanks?a=1&b=2").unwrap();
    request.set_ip_address("8.8.8.8").unwrap();
    request.set_support_deep_link_checkout_url(true);
    request.set_extra_json(r#"{"additionalInfo":{"origin":{"source":"till"}}}"#).unwrap();
    let made = client.pay(&request).unwrap();
    assert!(made.redirect_url().unwrap().starts_with(&house.sandbox.base_url()));

    let begun = client.status("INV-1").unwrap();
    assert!(!begun.is_paid() && !begun.is_final());
    house.sandbox.approve("INV-1").unwrap();
    let paid = client.wait("INV-1", Duration::from_secs(30)).unwrap();
    assert_eq!(paid.transaction_status(), Some(TransactionStatus::Paid));
    assert_eq!(paid.original_reference_no(), made.reference_no());
    assert_eq!(paid.amount().map(|amount| amount.to_string()).as_deref(), Some("10000.00"));

    let part = client.refund(&refund("INV-1", "4000", "R-1")).unwrap();
    assert!(part.refund_no().is_some());
    let mut too_much = refund("INV-1", "6000.01", "R-2");
    expect(&client.refund(&too_much).unwrap_err(), Kind::InvalidArgument, Outcome::NotSent, None);
    too_much.set_allow_over_refund(true);
    expect(&client.refund(&too_much).unwrap_err(), Kind::Declined, Outcome::Refused, Some("404xx13"));
    client.refund(&refund("INV-1", "6000", "R-3")).unwrap();
    let status = client.status("INV-1").unwrap();
    assert_eq!(status.transaction_status(), Some(TransactionStatus::Refunded));
    let refunds: Vec<_> =
        status.refunds().iter().map(|entry| (entry.partner_refund_no().unwrap(), entry.status().unwrap())).collect();
    assert_eq!(refunds, [("R-1", RefundStatus::Done), ("R-3", RefundStatus::Done)]);
    let counts = house.sandbox.counts();
    assert_eq!((counts.payments_made, counts.refunds_made, counts.token_requests, counts.connections), (1, 2, 1, 1));
}

#[test]
fn what_doku_refuses_is_told_as_refused() {
    let house = House::open(Options::default());
    let client = house.client();
    client.pay(&payment("INV-1")).unwrap();
    let error = client.refund(&refund("INV-1", "10000", "R-1")).unwrap_err();
    expect(&error, Kind::Declined, Outcome::Refused, Some("404xx00"));
    let error = client.refund(&refund("INV-2", "10000", "R-2")).unwrap_err();
    expect(&error, Kind::NotFound, Outcome::Refused, Some("404xx01"));
    let mut other_channel = payment("INV-3");
    other_channel.set_channel("EMONEY_OVO_SNAP").unwrap();
    expect(&client.pay(&other_channel).unwrap_err(), Kind::Declined, Outcome::Refused, Some("400xx01"));
    // Not knowing a payment proves nothing about it.
    expect(&client.status("INV-9").unwrap_err(), Kind::NotFound, Outcome::Unknown, Some("404xx01"));
}

#[test]
fn wrong_credentials_are_told_with_what_to_check() {
    let house = House::open(Options::default());
    let error = house.client_with("client_secret", "wrong-marker").pay(&payment("INV-1")).unwrap_err();
    expect(&error, Kind::Unauthorized, Outcome::Refused, Some("401xx00"));
    assert!(error.message().contains("client_secret") && !format!("{error:?}").contains("wrong-marker"), "{error}");
    // The token was refused, so the payment was never sent.
    let error = house.client_with("client_id", "BRN-9999-1").pay(&payment("INV-1")).unwrap_err();
    expect(&error, Kind::Unauthorized, Outcome::NotSent, Some("401xx00"));
    assert!(error.message().starts_with("No access token could be had."), "{error}");
    assert_eq!(house.sandbox.counts().payments_made, 0);
}

#[test]
fn a_token_that_doku_dropped_is_renewed_without_the_caller_noticing() {
    let clock = Clock::default();
    let house = House::open(Options { clock: clock.clone(), ..Options::default() });
    let client = house.client();
    client.pay(&payment("INV-1")).unwrap();
    house.sandbox.forget_tokens();
    client.pay(&payment("INV-2")).unwrap();
    // Past the token's life, but within DOKU's tolerance for our clock.
    clock.advance(895);
    house.client_with("timeout_ms", "20000").warm_up().unwrap();
    client.pay(&payment("INV-3")).unwrap();
    assert_eq!(house.sandbox.counts().payments_made, 3);
}

#[test]
fn two_processes_of_one_merchant_survive_each_others_tokens() {
    let house = House::open(Options::default());
    let (one, two) = (house.client(), house.client());
    for number in 0..5 {
        one.pay(&payment(&format!("ONE-{number}"))).unwrap();
        two.pay(&payment(&format!("TWO-{number}"))).unwrap();
    }
    assert_eq!(house.sandbox.counts().payments_made, 10);
}

#[test]
fn an_answer_that_comes_too_late_is_unknown_and_the_next_call_finds_the_payment() {
    let house = House::open(Options::default());
    let client = house.client_with("timeout_ms", "400");
    client.warm_up().unwrap();
    house.sandbox.set_delay_ms(1500);
    let error = client.pay(&payment("INV-1")).unwrap_err();
    expect(&error, Kind::Timeout, Outcome::Unknown, None);
    house.sandbox.set_delay_ms(0);
    let made = (0..50).find_map(|_| client.pay(&payment("INV-1")).ok()).unwrap();
    assert!(made.redirect_url().is_some());
    assert_eq!(house.times_made("INV-1"), 1);
    // Every transmission had the same id and the same bytes.
    let seen = house.sandbox.seen();
    let payments: Vec<_> = seen.iter().filter(|request| request.path.ends_with("payment-host-to-host")).collect();
    assert!(payments.len() >= 2);
    assert!(payments.iter().all(|request| {
        request.body == payments[0].body && request.header("X-EXTERNAL-ID") == payments[0].header("X-EXTERNAL-ID")
    }));
}

#[test]
fn without_its_journal_a_till_still_does_not_pay_twice() {
    let house = House::open(Options::default());
    let mut request = payment("INV-1");
    request.set_valid_up_to("2099-01-01T00:00:00+07:00").unwrap();
    let first = house.client().pay(&request).unwrap();
    // The same bytes under the same derived id: DOKU repeats its answer.
    let again = house.client().pay(&request).unwrap();
    assert_eq!(first.redirect_url(), again.redirect_url());
    // Other bytes under the same id: DOKU says so, and it stays one payment.
    request.set_title("Changed").unwrap();
    let error = house.client().pay(&request).unwrap_err();
    expect(&error, Kind::Conflict, Outcome::Unknown, None);
    assert!(error.message().contains("DOKU has this payment"), "{error}");
    // Once it is paid, the same call says so: there is nothing left to be paid.
    house.sandbox.approve("INV-1").unwrap();
    let paid = house.client().pay(&request).unwrap();
    assert_eq!((paid.redirect_url(), paid.reference_no()), (None, first.reference_no()));
    // A refund's body has no time in it, so a restarted till repeats it to the byte.
    let refunds: Vec<_> = (0..3).map(|_| house.client().refund(&refund("INV-1", "10000", "R-1")).unwrap()).collect();
    assert!(refunds.iter().all(|again| again.refund_no() == refunds[0].refund_no()));
    assert_eq!(house.sandbox.counts().refunds_made, 1);
    assert_eq!(house.times_made("INV-1"), 1);
}

#[test]
fn many_threads_share_one_client_and_one_token() {
    let house = House::open(Options::default());
    let client = house.client();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let client = &client;
            scope.spawn(move || {
                for number in 0..5 {
                    client.pay(&payment(&format!("T{thread}-{number}"))).unwrap();
                }
            });
        }
    });
    let counts = house.sandbox.counts();
    assert_eq!((counts.payments_made, counts.token_requests), (80, 1));
    assert!(counts.connections <= 16, "{}", counts.connections);
}

#[test]
fn a_certificate_that_is_not_trusted_is_told_and_nothing_is_sent() {
    let house = House::open(Options::default());
    let mut config = Config::new();
    for (name, value) in [
        ("environment", "sandbox"),
        ("base_url", &house.sandbox.base_url()),
        ("client_id", TEST_CLIENT_ID),
        ("client_secret", TEST_CLIENT_SECRET),
        ("private_key", TEST_PRIVATE_KEY_PEM),
        ("tls_roots", "bundled"),
    ] {
        config.set(name, value).unwrap();
    }
    let error = Client::new(&config).unwrap().pay(&payment("INV-1")).unwrap_err();
    expect(&error, Kind::Tls, Outcome::NotSent, None);
    assert_eq!(house.sandbox.counts().token_requests, 0);
}

#[test]
fn on_this_machine_plain_http_will_do() {
    let house = House::open(Options { tls: false, ..Options::default() });
    house.client().pay(&payment("INV-1")).unwrap();
    assert_eq!(house.times_made("INV-1"), 1);
}

#[test]
fn nobody_there_means_nothing_was_sent() {
    let house = House::open(Options { tls: false, ..Options::default() });
    let client = house.client();
    let config = house.config.clone();
    drop(house);
    let error = client.pay(&payment("INV-1")).unwrap_err();
    expect(&error, Kind::Connect, Outcome::NotSent, None);
    assert!(error.external_id().is_some_and(|id| id.len() == 32), "{error:?}");
    // The question about a payment that could not be asked says nothing about the payment.
    let error = Client::new(&config).unwrap().status("INV-1").unwrap_err();
    expect(&error, Kind::Connect, Outcome::Unknown, None);
}

#[test]
fn the_disputed_forms_are_reachable_and_accepted() {
    for (name, value) in [
        ("valid_up_to_field", "validUpto"),
        ("url_param_form", "object"),
        ("support_deep_link_form", "boolean"),
        ("status_service_code", "54"),
        ("channel_id", "DH"),
        ("timestamp_form", "utc"),
        ("timestamp_form", "wib_ms"),
        ("timestamp_form", "utc_ms"),
    ] {
        let house = House::open(Options::default());
        let client = house.client_with(name, value);
        let mut request = payment("INV-1");
        request.set_return_url("www.merchant.co.id").unwrap();
        request.set_support_deep_link_checkout_url(true);
        client.pay(&request).unwrap_or_else(|error| panic!("{name} = {value}: {error:?}"));
        client.status("INV-1").unwrap_or_else(|error| panic!("{name} = {value}: {error:?}"));
    }
}
