//! The same from another process, over the control endpoints.

use bayar_sandbox::Options;
use serde_json::{Value, json};

use crate::common::{Merchant, PAYMENT, payment_body, start};
use crate::scene;
use crate::shop::{Act, NOTIFY_PATH, Shop, TOKEN_PATH};

const BASE: &str = "/_sandbox/notifications";

fn post(merchant: &Merchant, path: &str, body: &Value) -> (u16, Value) {
    let answer = merchant.control(&format!("{BASE}{path}"), &body.to_string());
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

fn list(merchant: &Merchant) -> Vec<Value> {
    let answer = merchant.plain("GET", BASE);
    assert_eq!(answer.status, 200);
    answer.json().as_array().unwrap().clone()
}

#[test]
fn a_script_says_where_to_looks_at_it_and_moves_the_schedule() {
    let shop = Shop::open();
    let sandbox = start(Options::default());
    let merchant = Merchant::of(&sandbox);
    let settings = shop.settings();
    let (url, token_url) = (settings.notification_url, settings.token_url);
    let to = json!({
        "notification_url": url, "token_url": token_url, "retry": "same", "speed": 1, "patience_ms": 5000,
        "retry_after_s": [60, 120],
    });
    assert_eq!(post(&merchant, "/to", &to).0, 204);
    merchant.post(PAYMENT, &payment_body("A", "1.00"));
    shop.does([Act::Answer(500, ""), Act::Answer(500, "")]);
    assert_eq!(merchant.plain("POST", "/_sandbox/payments/A/approve").status, 200);
    let wait = || assert!(sandbox.wait_for_notifications(std::time::Duration::from_secs(20)));
    wait();
    let record = &list(&merchant)[0];
    assert_eq!((&record["id"], &record["state"], &record["status"]), (&json!(1), &json!("waiting"), &json!("00")));
    let exchange = &record["attempts"][0]["notification"];
    assert_eq!((&exchange["url"], &exchange["answer_status"]), (&json!(url), &json!(500)));
    assert_eq!(record["attempts"][0]["token"]["answer_code"], "2007300");
    let got = shop.last(NOTIFY_PATH);
    assert_eq!(exchange["body"].as_str().unwrap().as_bytes(), got.body);
    let pair = json!(["X-SIGNATURE", got.header("X-SIGNATURE")]);
    assert!(exchange["headers"].as_array().unwrap().contains(&pair));

    assert_eq!(post(&merchant, "/advance", &json!({ "seconds": 60 })).0, 204);
    wait();
    assert_eq!(shop.got(NOTIFY_PATH).len(), 2);
    assert_eq!(merchant.control("/_sandbox/clock", "{\"seconds\": 61}").status, 204);
    wait();
    let one = merchant.plain("GET", &format!("{BASE}/1")).json();
    assert_eq!((&one["state"], one["attempts"].as_array().unwrap().len()), (&json!("accepted"), 3));
    assert_eq!(one["attempts"][2]["acknowledged"], true);
    assert_eq!(post(&merchant, "/1/resend", &json!({})).1["accepted"], true);
    assert_eq!(post(&merchant, "/1/replay", &json!({})).1["accepted"], true);
    assert_eq!(post(&merchant, "/forget_token", &json!({})).0, 204);
    assert_eq!(post(&merchant, "/1/resend", &json!({})).1["accepted"], true);
    assert_eq!(shop.got(TOKEN_PATH).len(), 2);
}

#[test]
fn a_script_forges_by_name() {
    let scene = scene();
    let deliver = |body: Value| post(&scene.merchant, "/deliver", &body);
    assert_eq!(deliver(json!({ "reference": "A" })).1["acknowledged"], true);
    for form in [
        json!("compact"),
        json!("pretty"),
        json!("pretty_signed_raw"),
        json!("numbers"),
        json!("unknown_fields"),
        json!("channel"),
        json!("line_items"),
        json!("minimal"),
        json!("non_ascii"),
        json!("escaped_non_ascii"),
        json!("escaped_slashes"),
        json!("zulu_timestamp"),
        json!("lower_case_headers"),
        json!({ "what": "body", "body": "{}" }),
    ] {
        let notice = json!({ "reference": "A", "status": "00", "amount": "2.00", "form": form });
        assert_eq!(deliver(notice).1["acknowledged"], true, "{form}");
    }
    for (forgery, fault) in [
        (json!("wrong_secret"), "signature"),
        (json!({ "what": "stale", "age_s": 9999 }), "time"),
        (json!("changed_amount"), "signature"),
        (json!("changed_status"), "signature"),
        (json!({ "what": "expired_token", "ended_s": 60 }), "token: ended"),
        (json!("unknown_token"), "token: no JWT"),
        (json!({ "what": "token", "token": "t" }), "token: no JWT"),
        (json!("alg_none"), "token: none"),
        (json!("hs256_with_public_key"), "token: HS256"),
        (json!({ "what": "hs256_with_public_key", "public_key_pem": "x" }), "token: HS256"),
        (json!("other_merchants_token"), "token: signature"),
        (json!("changed_token"), "token: signature"),
        (json!("signature_case"), "signature"),
        (json!("signature_hex"), "signature"),
        (json!({ "what": "other_path", "path": "/" }), "signature"),
        (json!({ "what": "duplicate_header", "header": "X-SIGNATURE" }), "two X-SIGNATURE"),
        (json!({ "what": "missing_header", "header": "Authorization" }), "no Authorization"),
        (json!("duplicate_key"), "duplicate key"),
        (json!("duplicate_nested_key"), "duplicate key"),
        (json!("duplicate_escaped_key"), "duplicate key"),
        (json!("wrong_partner"), "partner"),
        (json!({ "what": "huge_body", "bytes": 70_000 }), "long"),
    ] {
        let (status, attempt) = deliver(json!({ "reference": "A", "forgery": forgery }));
        assert_eq!((status, &attempt["accepted"]), (200, &json!(false)), "{forgery}");
        assert_eq!(attempt["notification"]["answer_code"], "4015600");
        assert_eq!(scene.shop.last(NOTIFY_PATH).faults, [fault], "{forgery}");
    }
    for (forgery, fault) in [
        (json!("token_request_wrong_key"), "signature"),
        (json!("token_request_wrong_client"), "client"),
        (json!({ "what": "token_request_stale", "age_s": 9999 }), "time"),
        (json!({ "what": "token_request_missing_header", "header": "X-SIGNATURE" }), "no X-SIGNATURE"),
        (json!({ "what": "token_request_duplicate_header", "header": "X-TIMESTAMP" }), "two X-TIMESTAMP"),
        (json!({ "what": "token_request_body", "body": "{}" }), "grant"),
    ] {
        let (_, attempt) = deliver(json!({ "reference": "A", "forgery": forgery }));
        assert_eq!(attempt["token"]["answer_code"], "4017300");
        assert_eq!(attempt["notification"], Value::Null);
        assert_eq!(scene.shop.last(TOKEN_PATH).faults, [fault], "{forgery}");
    }
}

#[test]
fn what_is_not_understood_is_refused_with_a_reason() {
    let scene = scene();
    for (path, body, word) in [
        ("/deliver", json!([]), "object"),
        ("/deliver", json!({}), "reference"),
        ("/deliver", json!({ "reference": "A", "forgery": "magic" }), "magic"),
        ("/deliver", json!({ "reference": "A", "forgery": "stale" }), "age_s"),
        ("/deliver", json!({ "reference": "A", "forgery": 1 }), "name"),
        ("/deliver", json!({ "reference": "A", "form": "crooked" }), "crooked"),
        ("/deliver", json!({ "reference": "A", "colour": "red" }), "colour"),
        ("/deliver", json!({ "reference": "A", "form": "minimal", "forgery": "changed_amount" }), "changes nothing"),
        ("/to", json!({ "token_url": "http://a/" }), "notification_url"),
        ("/to", json!({ "notification_url": "a", "token_url": "b" }), "no address"),
        ("/to", json!({ "notification_url": "http://a/", "token_url": "http://a/", "retry": "never" }), "never"),
        ("/to", json!({ "notification_url": "http://a/", "token_url": "http://a/", "fast": 1 }), "fast"),
        ("/to", json!({ "notification_url": "http://a/", "token_url": "http://a/", "retry_after_s": [-1] }), "seconds"),
        ("/advance", json!({ "seconds": -1 }), "back"),
        ("/advance", json!({}), "seconds"),
    ] {
        let (status, answer) = post(&scene.merchant, path, &body);
        assert_eq!(status, 400, "{path} {body}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    }
    assert_eq!(scene.merchant.plain("GET", &format!("{BASE}/7")).status, 404);
    assert_eq!(post(&scene.merchant, "/7/resend", &json!({})).0, 404);
    assert_eq!(post(&scene.merchant, "/elsewhere", &json!({})).0, 404);
    assert_eq!(scene.merchant.plain("GET", &format!("{BASE}/deliver")).status, 405);
    assert!(list(&scene.merchant).is_empty());
}
