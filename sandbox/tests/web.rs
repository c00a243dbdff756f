//! The checkout page a person sees, and the control endpoints that scripts use.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use bayar_sandbox::{Options, PaymentState, Sandbox};
use common::{Merchant, PAYMENT, REFUND, changed, payment_body, refund_body, start};
use serde_json::{Value, json};

fn with_payment(reference: &str) -> (Sandbox, Merchant, String) {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let answer = merchant.post(PAYMENT, &payment_body(reference, "10000.00"));
    let url = answer.json()["webRedirectUrl"].as_str().unwrap().to_owned();
    let page = url.strip_prefix(&sandbox.base_url()).unwrap().to_owned();
    (sandbox, merchant, page)
}

#[test]
fn the_page_says_what_it_is_and_what_is_to_be_paid() {
    let (_sandbox, merchant, page) = with_payment("ORDER <1>&\"");
    let answer = merchant.plain("GET", &page);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("Content-Type"), Some("text/html; charset=utf-8"));
    let html = answer.text();
    assert!(html.contains("<title>Bayar sandbox, not DOKU</title>"));
    assert!(html.contains("ORDER &lt;1&gt;&amp;\""), "{html}");
    assert!(html.contains("Two &lt;b&gt;coffees&lt;/b&gt;"), "{html}");
    assert!(html.contains("IDR 10000.00"));
    assert!(html.contains("Approve") && html.contains("Decline"));
}

#[test]
fn a_person_approves_once() {
    let (sandbox, merchant, page) = with_payment("A");
    let answer = merchant.plain("POST", &format!("{page}/approve"));
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("Location"), Some(page.as_str()));
    assert_eq!(sandbox.payment("A").unwrap().state, PaymentState::Paid);
    assert_eq!(merchant.plain("POST", &format!("{page}/decline")).status, 303);
    assert_eq!(sandbox.payment("A").unwrap().state, PaymentState::Paid);
    let html = merchant.plain("GET", &page).text();
    assert!(html.contains("<b>paid</b>") && !html.contains("Approve"));
    assert!(html.contains("href=\"https://shop.example/back\""));
}

#[test]
fn a_person_declines_and_a_return_address_that_is_no_web_page_is_not_linked() {
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let script = json!({ "url": "javascript:alert(1)", "type": "PAY_RETURN", "isDeepLink": "Y" });
    let body = changed(&payment_body("A", "1.00"), "/urlParam", script);
    let url = merchant.post(PAYMENT, &body).json()["webRedirectUrl"].clone();
    let page = url.as_str().unwrap().strip_prefix(&sandbox.base_url()).unwrap().to_owned();
    assert_eq!(merchant.plain("POST", &format!("{page}/decline")).status, 303);
    let html = merchant.plain("GET", &page).text();
    assert!(html.contains("<b>declined</b>"));
    assert!(!html.contains("href"));
}

#[test]
fn only_real_pages_and_methods_are_served() {
    let (sandbox, merchant, page) = with_payment("A");
    assert_eq!(merchant.plain("GET", "/checkout/nothing").status, 404);
    assert_eq!(merchant.plain("GET", &format!("{page}/refund")).status, 404);
    let get = merchant.plain("GET", &format!("{page}/approve"));
    assert_eq!((get.status, get.header("Allow")), (405, Some("POST")));
    assert_eq!(merchant.plain("POST", &page).status, 405);
    assert_eq!(sandbox.payment("A").unwrap().state, PaymentState::Initiated);
}

#[test]
fn scripts_decide_and_look_through_the_control_endpoints() {
    let reference = "ORDER 1/é";
    let (sandbox, merchant, _) = with_payment(reference);
    let base = "/_sandbox/payments/ORDER%201%2F%C3%A9";
    let before = merchant.plain("GET", base).json();
    assert_eq!(before["partner_reference_no"], reference);
    assert_eq!(before["state"], "initiated");
    let after = merchant.plain("POST", &format!("{base}/approve"));
    assert_eq!((after.status, after.json()["state"].clone()), (200, json!("paid")));
    assert_eq!(merchant.plain("POST", &format!("{base}/decline")).status, 409);
    assert_eq!(merchant.post(REFUND, &refund_body(reference, "R1", "1.00")).code(), "2005800");
    let refunds = merchant.plain("GET", base).json()["refunds"].clone();
    assert_eq!(refunds[0]["partner_refund_no"], "R1");
    assert_eq!(refunds[0]["times_made"], 1);

    let counts: Value = merchant.plain("GET", "/_sandbox/counts").json();
    assert_eq!(counts["payments_made"], 1);
    assert_eq!(counts["refunds_made"], 1);
    assert_eq!(counts["tokens_issued"], 1);
    assert_eq!(counts["connections"], sandbox.counts().connections);
    assert_eq!(merchant.plain("GET", "/_sandbox/payments/none").status, 404);
    assert_eq!(merchant.plain("POST", "/_sandbox/payments/none/approve").status, 404);
    assert_eq!(merchant.plain("GET", &format!("{base}/approve")).status, 405);
    assert_eq!(merchant.plain("GET", "/_sandbox/else").status, 404);
}
