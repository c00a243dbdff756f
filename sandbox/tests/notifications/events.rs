//! What becomes of a payment is told by itself, once, as protocol 6 has it.

use bayar_sandbox::{Customer, NotificationState, Options, Sandbox};
use serde_json::{Value, json};

use crate::common::{Merchant, PAYMENT, REFUND, changed, payment_body, refund_body, start, timestamp};
use crate::shop::{NOTIFY_PATH, Shop, TOKEN_PATH};
use crate::{Scene, json, posted, scene, scene_with};

fn told(sandbox: &Sandbox) -> Vec<(String, String)> {
    let records = sandbox.notifications();
    records.iter().map(|record| (record.partner_reference_no.clone(), record.status.clone())).collect()
}

fn pair(reference: &str, status: &str) -> (String, String) {
    (reference.to_owned(), status.to_owned())
}

fn shows_the_whole_of_it(scene: &Scene) {
    scene.approve("A");
    let record = scene.only();
    assert_eq!(record.state, NotificationState::Accepted);
    let attempt = &record.attempts[0];
    assert!(attempt.accepted && attempt.acknowledged);
    let token = scene.shop.last(TOKEN_PATH);
    assert_eq!(token.faults, Vec::<String>::new());
    assert_eq!(token.body, br#"{"grantType":"client_credentials"}"#);
    let got = scene.shop.last(NOTIFY_PATH);
    assert_eq!(got.faults, Vec::<String>::new());
    assert_eq!((scene.shop.got(TOKEN_PATH).len(), scene.shop.got(NOTIFY_PATH).len()), (1, 1));

    let payment = scene.sandbox.payment("A").unwrap();
    let body: Value = serde_json::from_slice(&got.body).unwrap();
    assert_eq!(body["originalPartnerReferenceNo"], "A");
    assert_eq!(body["originalReferenceNo"], payment.reference_no);
    assert_eq!(body["latestTransactionStatus"], "00");
    assert_eq!(body["transactionStatusDesc"], "Success");
    assert_eq!(body["amount"], json!({ "value": "10000.00", "currency": "IDR" }));
    let additional = json!({ "channelId": "EMONEY_DANA_SNAP", "acquirerId": "DANA", "accountType": "EMONEY" });
    assert_eq!(body["additionalInfo"], additional);
    let seen = scene.sandbox.seen();
    let asked = seen.iter().find(|request| request.path == PAYMENT).unwrap();
    assert_eq!(body["originalExternalId"], asked.header("X-EXTERNAL-ID").unwrap());
    let id = got.header("X-EXTERNAL-ID");
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_eq!(got.header("X-DEVICE-ID"), "device1");

    // The record is what was really sent and answered.
    let exchange = posted(attempt);
    assert_eq!((exchange.body.as_slice(), exchange.body_length), (got.body.as_slice(), got.body.len()));
    for name in ["X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "X-DEVICE-ID", "Authorization"] {
        assert_eq!(exchange.header(name), Some(got.header(name)), "{name}");
    }
    assert_eq!((exchange.answer_status, exchange.answer_code().as_str()), (200, "2005600"));
    assert_eq!(exchange.answer_header("content-type"), Some("application/json"));
    let token = attempt.token.as_ref().unwrap();
    assert_eq!((token.answer_status, token.answer_code().as_str()), (200, "2007300"));
}

#[test]
fn a_payment_that_is_paid_is_told_with_a_token_and_a_signature() {
    shows_the_whole_of_it(&scene());
}

#[test]
fn it_goes_over_tls_as_well() {
    shows_the_whole_of_it(&scene_with(Shop::open_with_tls(), |_| {}));
}

#[test]
fn a_certificate_of_somebody_else_is_not_believed() {
    let other = Shop::open_with_tls().settings().ca_pem;
    let scene = scene_with(Shop::open_with_tls(), |settings| settings.ca_pem = other);
    scene.approve("A");
    let record = scene.only();
    assert_eq!(record.state, NotificationState::Waiting);
    let error = record.attempts[0].token.as_ref().unwrap().error.as_ref().unwrap();
    assert!(error.contains("certificate"), "{error}");
    assert!(scene.shop.got(TOKEN_PATH).is_empty());
}

#[test]
fn the_end_of_each_payment_is_told_once() {
    let scene = scene();
    for reference in ["B", "C"] {
        scene.pay_for(reference);
    }
    let url = scene.sandbox.payment("B").unwrap().checkout_url;
    let page = url.strip_prefix(&scene.sandbox.base_url()).unwrap();
    scene.approve("A");
    assert_eq!(scene.merchant.plain("POST", &format!("{page}/decline")).status, 303);
    assert_eq!(scene.merchant.plain("POST", &format!("{page}/approve")).status, 303); // too late
    scene.settle();
    assert_eq!(scene.merchant.plain("POST", "/_sandbox/payments/C/decline").status, 200);
    scene.settle();
    // A part is given back: it remains a success. Then the rest.
    assert_eq!(scene.merchant.post(REFUND, &refund_body("A", "R1", "4000.00")).code(), "2005800");
    scene.settle();
    let so_far = [pair("A", "00"), pair("B", "05"), pair("C", "05")];
    assert_eq!(told(&scene.sandbox), so_far);
    assert_eq!(scene.merchant.post(REFUND, &refund_body("A", "R2", "6000.00")).code(), "2005800");
    assert_eq!(scene.merchant.post(REFUND, &refund_body("A", "R2", "6000.00")).code(), "4095801");
    scene.settle();
    assert_eq!(told(&scene.sandbox), [&so_far[..], &[pair("A", "04")]].concat());
    let last = scene.sandbox.notifications().pop().unwrap();
    assert_eq!(json(posted(&last.attempts[0]))["transactionStatusDesc"], "Refunded");
    assert!(scene.shop.got(NOTIFY_PATH).iter().all(|got| got.faults.is_empty()));
}

#[test]
fn a_payment_that_nobody_pays_in_time_is_told_when_the_clock_has_passed_it() {
    let scene = scene();
    let until = |reference: &str| {
        let body = payment_body(reference, "1.00");
        let body = changed(&body, "/validUpTo", timestamp(600).into());
        assert_eq!(scene.merchant.post(PAYMENT, &body).code(), "2005400");
    };
    until("PAID");
    until("LATE");
    scene.approve("PAID");
    scene.pass(500);
    scene.settle();
    assert_eq!(told(&scene.sandbox), [pair("PAID", "00")]);
    scene.pass(110);
    scene.settle();
    assert_eq!(told(&scene.sandbox), [pair("PAID", "00"), pair("LATE", "06")]);
    assert_eq!(scene.shop.last(NOTIFY_PATH).faults, Vec::<String>::new());
}

#[test]
fn payments_that_are_open_when_the_address_becomes_known_are_told_too() {
    let shop = Shop::open();
    let clock = bayar_sandbox::Clock::default();
    let sandbox = start(Options { clock: clock.clone(), ..Options::default() });
    let merchant = Merchant::of(&sandbox);
    for reference in ["A", "B", "C"] {
        let body = changed(&payment_body(reference, "1.00"), "/validUpTo", timestamp(600).into());
        assert_eq!(merchant.post(PAYMENT, &body).code(), "2005400");
    }
    sandbox.approve("A").unwrap(); // there is nowhere to tell it
    assert!(sandbox.deliver(&bayar_sandbox::Notice::about("A")).is_err());
    sandbox.notify(shop.settings()).unwrap();
    sandbox.notify(shop.settings()).unwrap(); // twice does not tell twice
    sandbox.approve("B").unwrap();
    assert!(sandbox.wait_for_notifications(std::time::Duration::from_secs(20)));
    shop.clock_advances(700);
    clock.advance(700);
    assert!(sandbox.wait_for_notifications(std::time::Duration::from_secs(20)));
    assert_eq!(told(&sandbox), [pair("B", "00"), pair("C", "06")]);
}

#[test]
fn the_stand_in_customer_is_told_of_as_well() {
    let shop = Shop::open();
    let customer = Customer::Approves { after_ms: 10 };
    let sandbox = start(Options { customer, notifications: Some(shop.settings()), ..Options::default() });
    let merchant = Merchant::of(&sandbox);
    assert_eq!(merchant.post(PAYMENT, &payment_body("A", "1.00")).code(), "2005400");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while shop.got(NOTIFY_PATH).is_empty() {
        assert!(std::time::Instant::now() < end);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(told(&sandbox), [pair("A", "00")]);
}
