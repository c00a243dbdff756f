//! The merchant's two routes: what is accepted, every forgery that is not, and what becomes of a notification.

use super::*;
use crate::keys::SigningKey;
use crate::snap::signature::{Signed, Symmetric, token_string_to_sign};
use crate::{Delivery, DeliveryOrder, Incoming, RecordState, Resolution, TransactionStatus};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bayar_sandbox::{TEST_PRIVATE_KEY_PEM as DOKU_PRIVATE, TEST_PUBLIC_KEY_PEM as DOKU_PUBLIC};
use hmac::Mac;

const CLIENT: &str = "BRN-0211-1696919651918";
const SECRET: &str = "SK-bayar-vectors-0001";
const PATH: &str = "/v1.0/debit/notify";
const NOW: &str = "2026-11-22T12:00:00+07:00";

/// A shop with DOKU's key, and what DOKU would send it.
struct Shop {
    stage: Stage,
    token: String,
}

impl Shop {
    fn new() -> Self {
        Self::on(Stage::with_file().another_with(json!({"doku_public_key": DOKU_PUBLIC}).as_object().unwrap()))
    }

    fn on(stage: Stage) -> Self {
        let answer = stage.client.webhook_token(&token_request(NOW, DOKU_PRIVATE, CLIENT)).unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.reason());
        let body: Value = serde_json::from_str(answer.body()).unwrap();
        let token = body["accessToken"].as_str().unwrap().to_owned();
        Self { stage, token }
    }

    fn genuine(&self, body: &str) -> Incoming {
        incoming(body, &self.token, SECRET, NOW)
    }

    fn deliver(&self, incoming: &Incoming) -> Delivery {
        self.stage.client.notification(incoming).unwrap()
    }

    fn accepts(&self, incoming: &Incoming, what: &str) {
        let mut delivery = self.deliver(incoming);
        assert!(delivery.notification().is_some(), "{what}: {}", delivery.answer().reason());
        assert_eq!(code(&delivery), (500, "5005601".to_owned()), "{what}: nobody has decided");
        self.stage.client.acknowledge(&mut delivery).unwrap();
        assert_eq!(code(&delivery), (200, "2005600".to_owned()), "{what}");
    }

    fn refuses(&self, incoming: &Incoming, http: u16, expected: &str, what: &str) {
        let mut delivery = self.deliver(incoming);
        assert!(delivery.notification().is_none(), "{what}: it was believed");
        assert_eq!(code(&delivery), (http, expected.to_owned()), "{what}: {}", delivery.answer().reason());
        assert!(!delivery.answer().reason().is_empty(), "{what}");
        assert!(self.stage.client.acknowledge(&mut delivery).is_err(), "{what}");
        assert_eq!(delivery.answer().status(), http, "{what}");
    }
}

fn code(delivery: &Delivery) -> (u16, String) {
    let body: Value = serde_json::from_str(delivery.answer().body()).unwrap();
    (delivery.answer().status(), body["responseCode"].as_str().unwrap().to_owned())
}

fn token_request(timestamp: &str, key: &str, client_id: &str) -> Incoming {
    let key = SigningKey::from_pem(key.as_bytes(), None).unwrap();
    let signature = STANDARD.encode(key.sign(token_string_to_sign(client_id, timestamp).as_bytes()).unwrap());
    let mut incoming = Incoming::new("POST", "/token", br#"{"grantType":"client_credentials"}"#);
    incoming.add_header("x-client-key", client_id);
    incoming.add_header("X-TIMESTAMP", timestamp);
    incoming.add_header("X-Signature", &signature);
    incoming
}

fn signature(body: &[u8], token: &str, secret: &str, timestamp: &str, path: &str) -> String {
    let signed = Signed { method: "POST", path, token, body, timestamp };
    Symmetric::new(secret.as_bytes()).sign(&signed).as_str().to_owned()
}

fn incoming(body: &str, token: &str, secret: &str, timestamp: &str) -> Incoming {
    let minified = crate::snap::minify::minify(body.as_bytes());
    with_signature(body, token, timestamp, &signature(&minified, token, secret, timestamp, PATH))
}

fn with_signature(body: &str, token: &str, timestamp: &str, signature: &str) -> Incoming {
    // A proxy in front of the shop has shortened the path.
    let mut incoming = Incoming::new("POST", "/notify", body.as_bytes());
    incoming.add_header("X-TIMESTAMP", timestamp);
    incoming.add_header("X-SIGNATURE", signature);
    incoming.add_header("X-PARTNER-ID", CLIENT);
    incoming.add_header("X-EXTERNAL-ID", "1");
    incoming.add_header("Authorization", &format!("Bearer {token}"));
    incoming
}

fn body(status: &str) -> Value {
    json!({"originalPartnerReferenceNo": "INV-0001", "originalReferenceNo": "D1", "originalExternalId": "1",
           "latestTransactionStatus": status, "transactionStatusDesc": "x",
           "amount": {"value": "10000.00", "currency": "IDR"}, "additionalInfo": {"channelId": "EMONEY_DANA_SNAP"}})
}

fn paid() -> String {
    body("00").to_string()
}

fn jwt(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sign(signed.as_bytes())))
}

#[test]
fn a_genuine_notification_is_accepted_in_every_form() {
    let shop = Shop::new();
    let compact = paid();
    let pretty = serde_json::to_string_pretty(&body("00")).unwrap();
    let numbers = compact.replace("\"10000.00\"", "10000.00").replace("\"00\"", "0");
    let more = compact.replacen('{', r#"{"a new field":{"of":["any",1,null]},"#, 1);
    let escaped = compact.replacen('{', r#"{"url":"https:\/\/x\/","name":"日本 \u00e9","#, 1);
    let channel = compact.replace("channelId", "channel");
    for (form, what) in [
        (&compact, "compact"),
        (&pretty, "pretty-printed"),
        (&numbers, "numbers for strings"),
        (&more, "unknown fields"),
        (&escaped, "escapes"),
        (&channel, "the other spelling"),
    ] {
        shop.accepts(&shop.genuine(form), what);
        let delivery = shop.deliver(&shop.genuine(form));
        let notification = delivery.notification().unwrap();
        assert!(notification.is_paid(), "{what}");
        assert_eq!(notification.original_partner_reference_no(), "INV-0001", "{what}");
        assert_eq!(notification.amount().map(|amount| amount.to_string()).as_deref(), Some("10000.00"), "{what}");
        assert_eq!(notification.channel(), Some("EMONEY_DANA_SNAP"), "{what}");
        assert_eq!(notification.json(), form.as_str(), "{what}");
    }
    // Signed as it came, with its white space.
    let raw = signature(pretty.as_bytes(), &shop.token, SECRET, NOW, PATH);
    shop.accepts(&with_signature(&pretty, &shop.token, NOW, &raw), "raw bytes");
    let utc = "2026-11-22T05:00:00Z";
    shop.accepts(&incoming(&compact, &shop.token, SECRET, utc), "a timestamp in UTC");
}

#[test]
fn every_forgery_is_refused() {
    let shop = Shop::new();
    let body = paid();
    let bad_signature = |incoming: Incoming, what: &str| shop.refuses(&incoming, 401, "4015600", what);
    let bad_token = |token: &str, what: &str| {
        shop.refuses(&incoming(&body, token, SECRET, NOW), 401, "4015601", what);
    };
    bad_signature(incoming(&body, &shop.token, "SK-another", NOW), "another secret");
    let good = signature(body.as_bytes(), &shop.token, SECRET, NOW, PATH);
    bad_signature(with_signature(&body.replace("10000.00", "10000000.00"), &shop.token, NOW, &good), "another amount");
    bad_signature(with_signature(&body, &shop.token, "2026-11-22T12:00:01+07:00", &good), "another timestamp");
    let at = good.find(|c: char| c.is_ascii_lowercase()).unwrap();
    let mut letter = good.clone();
    letter.replace_range(at..=at, &good[at..=at].to_ascii_uppercase());
    bad_signature(with_signature(&body, &shop.token, NOW, &letter), "the case of a letter");
    let hex = hex::encode(STANDARD.decode(&good).unwrap());
    bad_signature(with_signature(&body, &shop.token, NOW, &hex), "hex for base64");
    for short in ["=", "AAAA", &good[..80], &format!("{good}AAAA")] {
        bad_signature(with_signature(&body, &shop.token, NOW, short), "a signature of another length");
    }
    let other_path = signature(body.as_bytes(), &shop.token, SECRET, NOW, "/notify");
    bad_signature(with_signature(&body, &shop.token, NOW, &other_path), "another path");
    let mut partner = Incoming::new("POST", "/", body.as_bytes());
    for (name, value) in [("X-TIMESTAMP", NOW), ("X-SIGNATURE", &good), ("X-PARTNER-ID", "BRN-2")] {
        partner.add_header(name, value);
    }
    partner.add_header("Authorization", &format!("Bearer {}", shop.token));
    bad_signature(partner, "another partner");

    let claims: Value = {
        let payload = shop.token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    };
    let rs256 = json!({"alg": "RS256", "typ": "JWT"});
    let merchant = vectors("token.json");
    let own = SigningKey::from_pem(merchant["private_key_pem"].as_str().unwrap().as_bytes(), None).unwrap();
    let theirs = SigningKey::from_pem(DOKU_PRIVATE.as_bytes(), None).unwrap();
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        jwt(&rs256, &claims, |signed| own.sign(signed).unwrap())
    };
    let again = with("clientId", json!(CLIENT));
    shop.accepts(&incoming(&body, &again, SECRET, NOW), "the test makes tokens as the library does");
    for algorithm in ["none", "None", "NONE", ""] {
        bad_token(&jwt(&json!({"alg": algorithm, "typ": "JWT"}), &claims, |_| Vec::new()), "no algorithm");
    }
    let public = merchant["public_key_pem"].as_str().unwrap();
    let hs256 = |signed: &[u8]| {
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(public.as_bytes()).unwrap();
        mac.update(signed);
        mac.finalize().into_bytes().to_vec()
    };
    bad_token(&jwt(&json!({"alg": "HS256", "typ": "JWT"}), &claims, hs256), "HS256 with the public key");
    bad_token(&jwt(&rs256, &claims, hs256), "HS256 that calls itself RS256");
    bad_token(&jwt(&json!({"alg": "RS512", "typ": "JWT"}), &claims, |s| own.sign(s).unwrap()), "another RSA algorithm");
    bad_token(&jwt(&rs256, &claims, |signed| theirs.sign(signed).unwrap()), "another merchant's key");
    bad_token(&with("aud", json!("BRN-2")), "another merchant's token");
    bad_token(&with("iss", json!("bayar/production")), "the other environment's token");
    bad_token(&with("exp", json!("9999999999")), "an end that is no number");
    let mut parts: Vec<_> = shop.token.split('.').map(str::to_owned).collect();
    let flipped = if parts[1].ends_with('Q') { "g" } else { "Q" };
    let length = parts[1].len();
    parts[1].replace_range(length - 1.., flipped);
    bad_token(&parts.join("."), "a letter of the payload");
    for token in ["x", "", "..", &shop.token[1..], &format!("{}.x", shop.token), &format!("{}=", shop.token)] {
        let what = format!("the token '{token}'");
        let delivery = shop.deliver(&incoming(&body, token, SECRET, NOW));
        assert!(delivery.notification().is_none() && delivery.answer().status() == 401, "{what}");
    }
    // And after all of that the genuine one is still believed.
    shop.accepts(&shop.genuine(&body), "the genuine one");
}

#[test]
fn what_is_malformed_is_refused_with_its_field() {
    let shop = Shop::new();
    let refuse = |incoming: &Incoming, code: &str, says: &str| {
        shop.refuses(incoming, 400, code, says);
        let answer = shop.deliver(incoming).answer().clone();
        assert!(answer.body().contains(says) || answer.reason().contains(says), "{says}: {}", answer.body());
    };
    for name in ["X-TIMESTAMP", "X-SIGNATURE", "Authorization"] {
        let full = shop.genuine(&paid());
        let without =
            Incoming { headers: full.headers.iter().filter(|(n, _)| n != name).cloned().collect(), ..full.clone() };
        refuse(&without, "4005602", name);
        let mut twice = full.clone();
        let value = twice.header(name).unwrap().to_owned();
        twice.add_header(&name.to_lowercase(), &value);
        refuse(&twice, "4005601", name);
        let mut long = without.clone();
        long.add_header(name, &"x".repeat(5_000));
        refuse(&long, "4005601", name);
    }
    let mut partners = shop.genuine(&paid());
    partners.add_header("x-partner-id", CLIENT);
    refuse(&partners, "4005601", "X-PARTNER-ID");
    refuse(&Incoming { method: "GET".to_owned(), ..shop.genuine(&paid()) }, "4005600", "POST");
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(64 * 1024));
    refuse(&shop.genuine(&large), "4005600", "64 KiB");
    refuse(&incoming(&paid(), &shop.token, SECRET, "yesterday"), "4005601", "X-TIMESTAMP");
    refuse(&incoming(&paid(), &shop.token, SECRET, "2026-11-22T12:00:00"), "4005601", "X-TIMESTAMP");
    let twice = paid().replacen('{', r#"{"latestTransactionStatus":"03","#, 1);
    refuse(&shop.genuine(&twice), "4005601", "body");
    let nested = paid().replace(r#""currency""#, r#""value":"1.00","currency""#);
    refuse(&shop.genuine(&nested), "4005601", "body");
    for broken in ["", "[]", "null", "\"x\"", "{", "{\"a\":1} {}", "\u{feff}{}"] {
        refuse(&shop.genuine(broken), "4005601", "body");
    }
    for (member, value, code) in [
        ("originalPartnerReferenceNo", Value::Null, "4005602"),
        ("originalPartnerReferenceNo", json!(""), "4005602"),
        ("originalPartnerReferenceNo", json!(["INV-0001"]), "4005601"),
        ("originalPartnerReferenceNo", json!("INV\u{0}0001"), "4005601"),
        ("originalPartnerReferenceNo", json!("x".repeat(65)), "4005601"),
        ("latestTransactionStatus", Value::Null, "4005602"),
        ("latestTransactionStatus", json!({"a": 1}), "4005601"),
        ("latestTransactionStatus", json!("000"), "4005601"),
        ("amount", json!({"value": "ten", "currency": "IDR"}), "4005601"),
        ("amount", json!({"value": "10000.00", "currency": "USD"}), "4005601"),
        ("originalReferenceNo", json!("a\nb"), "4005601"),
    ] {
        let mut changed = body("00");
        changed[member] = value;
        refuse(&shop.genuine(&changed.to_string()), code, member);
    }
    // What DOKU may add tomorrow is no reason to refuse money.
    let mut unknown = body("42");
    unknown.as_object_mut().unwrap().remove("amount");
    let delivery = shop.deliver(&shop.genuine(&unknown.to_string()));
    assert_eq!(delivery.notification().unwrap().transaction_status(), None);
}

#[test]
fn words_that_cannot_be_shown_are_left_out_and_do_not_refuse_money() {
    let shop = Shop::new();
    let mut odd = body("00");
    odd["transactionStatusDesc"] = json!("two\nlines");
    odd["createdTime"] = json!("\u{1b}[2J");
    odd["finishedTime"] = json!("a\u{0}");
    odd["additionalInfo"]["channelId"] = json!("\u{7f}");
    let delivery = shop.deliver(&shop.genuine(&odd.to_string()));
    let notification = delivery.notification().unwrap();
    assert!(notification.is_paid());
    assert_eq!((notification.transaction_status_desc(), notification.channel()), (None, None));
    assert_eq!((notification.created_time(), notification.finished_time()), (None, None));
    assert_eq!(notification.json(), odd.to_string());
}

#[test]
fn a_token_is_given_to_doku_alone() {
    let stage = Stage::with_file().another_with(json!({"doku_public_key": DOKU_PUBLIC}).as_object().unwrap());
    let refuse = |incoming: &Incoming, http: u16, code: &str, what: &str| {
        let answer = stage.client.webhook_token(incoming).unwrap();
        let body: Value = serde_json::from_str(answer.body()).unwrap();
        assert_eq!((answer.status(), body["responseCode"].as_str()), (http, Some(code)), "{what}: {}", answer.reason());
        assert!(body.get("accessToken").is_none() && !answer.reason().is_empty(), "{what}");
    };
    let good = || token_request(NOW, DOKU_PRIVATE, CLIENT);
    let vectors = vectors("token.json");
    let own = vectors["private_key_pem"].as_str().unwrap();
    refuse(&token_request(NOW, own, CLIENT), 401, "4017300", "another key");
    refuse(&token_request(NOW, DOKU_PRIVATE, "BRN-2"), 401, "4017300", "another merchant");
    refuse(&token_request("2026-11-22T11:54:59+07:00", DOKU_PRIVATE, CLIENT), 401, "4017300", "too old");
    refuse(&token_request("2026-11-22T12:05:01+07:00", DOKU_PRIVATE, CLIENT), 401, "4017300", "from the future");
    refuse(&token_request("2026-11-22 12:00", DOKU_PRIVATE, CLIENT), 400, "4007301", "no date");
    for name in ["x-client-key", "X-TIMESTAMP", "X-Signature"] {
        let full = good();
        let without =
            Incoming { headers: full.headers.iter().filter(|(n, _)| n != name).cloned().collect(), ..full.clone() };
        refuse(&without, 400, "4007302", name);
        let mut twice = full.clone();
        twice.add_header(name, "x");
        refuse(&twice, 400, "4007301", name);
    }
    for (body, code) in
        [("", "4007300"), ("{", "4007300"), ("{}", "4007302"), (r#"{"grantType":"password"}"#, "4007301")]
    {
        refuse(&Incoming { body: body.as_bytes().to_vec(), ..good() }, 400, code, body);
    }
    refuse(&Incoming { method: "GET".to_owned(), ..good() }, 400, "4007300", "GET");
    let answer = stage.client.webhook_token(&good()).unwrap();
    let body: Value = serde_json::from_str(answer.body()).unwrap();
    assert_eq!((answer.status(), body["responseCode"].as_str()), (200, Some("2007300")));
    assert_eq!((body["tokenType"].as_str(), body["expiresIn"].as_i64()), (Some("Bearer"), Some(900)));
    let headers: Vec<_> = answer.headers().collect();
    assert!(headers.contains(&("X-CLIENT-KEY", CLIENT)) && headers.contains(&("X-TIMESTAMP", NOW)), "{headers:?}");
    // Without DOKU's key nobody can be DOKU.
    let without = Stage::new();
    let answer = without.client.webhook_token(&good()).unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.reason().contains("doku_public_key"), "{}", answer.reason());
}

#[test]
fn a_token_of_one_process_is_good_in_another_and_after_a_restart() {
    let shop = Shop::new();
    let other = Shop { stage: shop.stage.another(), token: shop.token.clone() };
    shop.stage.clock.reboot();
    other.accepts(&other.genuine(&paid()), "another process");
    let apart = Stage::new().another_with(json!({"doku_public_key": DOKU_PUBLIC}).as_object().unwrap());
    let apart = Shop { stage: apart, token: shop.token.clone() };
    apart.accepts(&apart.genuine(&paid()), "a process that shares the settings only");
}

#[test]
fn keys_and_secrets_are_changed_while_notifications_flow() {
    let vectors = vectors("token.json");
    let next_key = vectors["public_key_pem"].as_str().unwrap();
    let own = vectors["private_key_pem"].as_str().unwrap();
    let both = json!({"doku_public_key": DOKU_PUBLIC, "doku_public_key_next": next_key,
                      "client_secret_next": "SK-bayar-next"});
    let shop = Shop::on(Stage::with_file().another_with(both.as_object().unwrap()));
    assert_eq!(shop.stage.client.webhook_token(&token_request(NOW, own, CLIENT)).unwrap().status(), 200);
    shop.accepts(&shop.genuine(&paid()), "the old secret");
    shop.accepts(&incoming(&paid(), &shop.token, "SK-bayar-next", NOW), "the new secret");
    shop.refuses(&incoming(&paid(), &shop.token, "SK-bayar-third", NOW), 401, "4015600", "a third");
}

#[test]
fn what_is_dokus_own_but_old_is_asked_about_and_not_believed() {
    for minutes in [6, 6 * 60] {
        let shop = Shop::new();
        shop.stage.script.next(200, taken("INV-0001"));
        shop.stage.pay().unwrap();
        shop.stage.clock.forward_s(minutes * 60);
        // The answer to the question teaches the journal; the notification itself does not.
        shop.stage.script.next(200, status("00"));
        let expected = if minutes * 60 > 900 { "4015601" } else { "4015600" };
        shop.refuses(&shop.genuine(&paid()), 401, expected, "stale");
        let asked = shop.stage.script.asked();
        assert_eq!(asked.last().unwrap().path, crate::snap::path::STATUS);
        assert_eq!(shop.stage.record("INV-0001").transaction_status(), Some(TransactionStatus::Paid));
        let inbox = shop.stage.client.inbox().unwrap();
        assert_eq!((inbox.len(), inbox[0].is_stale(), inbox[0].reference()), (1, true, "INV-0001"));
        // A forged one that is old is nothing.
        shop.refuses(
            &incoming(&paid(), &shop.token, "SK-another", NOW),
            401,
            if expected == "4015601" { "4015600" } else { expected },
            "forged",
        );
        assert_eq!(shop.stage.script.asked().len(), asked.len());
    }
}

#[test]
fn a_notification_is_new_once_then_a_repeat_and_never_goes_back() {
    let shop = Shop::new();
    shop.stage.script.next(200, taken("INV-0001"));
    shop.stage.pay().unwrap();
    let deliver = |status: &str| shop.deliver(&shop.genuine(&body(status).to_string()));
    let acknowledge = |delivery: &mut Delivery| shop.stage.client.acknowledge(delivery).unwrap();
    let mut pending = deliver("03");
    assert_eq!((pending.order(), pending.is_known()), (DeliveryOrder::New, true));
    acknowledge(&mut pending);
    let undecided = deliver("00");
    assert_eq!((undecided.order(), undecided.answer().status()), (DeliveryOrder::New, 500));
    drop(undecided);
    // Killed between check and acknowledgment: it is offered again.
    let other = Shop { stage: shop.stage.another(), token: shop.token.clone() };
    let mut paid_again = other.deliver(&other.genuine(&paid()));
    assert_eq!(paid_again.order(), DeliveryOrder::New);
    other.stage.client.acknowledge(&mut paid_again).unwrap();
    assert_eq!(deliver("00").order(), DeliveryOrder::Repeat);
    assert_eq!(shop.stage.record("INV-0001").transaction_status(), Some(TransactionStatus::Paid));
    // Late: 05 after 00. A repeat of an older state is a repeat.
    let mut late = deliver("05");
    assert_eq!(late.order(), DeliveryOrder::Late);
    acknowledge(&mut late);
    assert_eq!(deliver("03").order(), DeliveryOrder::Repeat);
    assert_eq!(shop.stage.record("INV-0001").transaction_status(), Some(TransactionStatus::Paid));
    // 04 after 00 is legal.
    let refunded = deliver("04");
    assert_eq!(refunded.order(), DeliveryOrder::New);
    assert_eq!(shop.stage.record("INV-0001").transaction_status(), Some(TransactionStatus::Refunded));
    let keys: Vec<_> = shop.stage.client.inbox().unwrap().iter().map(|entry| entry.key().to_owned()).collect();
    assert_eq!(keys, ["INV-0001/04/D1"], "what is acknowledged needs nobody");
}

#[test]
fn another_amount_than_was_ordered_is_told_and_teaches_nothing() {
    let shop = Shop::new();
    shop.stage.script.next(200, taken("INV-0001"));
    shop.stage.pay().unwrap();
    let other = paid().replace("10000.00", "1.00");
    let delivery = shop.deliver(&shop.genuine(&other));
    assert!(delivery.mismatch().unwrap().contains("10000.00"), "{delivery:?}");
    assert_eq!(shop.stage.record("INV-0001").transaction_status(), None);
}

#[test]
fn a_payment_that_nobody_knows_stays_in_the_inbox() {
    let shop = Shop::new();
    let mut delivery = shop.deliver(&shop.genuine(&paid()));
    assert!(!delivery.is_known());
    shop.stage.client.reject_unknown(&mut delivery).unwrap();
    assert_eq!(code(&delivery), (404, "4045601".to_owned()));
    let inbox = shop.stage.client.inbox().unwrap();
    assert_eq!((inbox.len(), inbox[0].is_known(), inbox[0].is_acknowledged()), (1, false, false));
    assert!(inbox[0].json().contains("INV-0001"));
}

#[test]
fn a_notification_settles_a_payment_whose_fate_was_unknown() {
    let shop = Shop::new();
    shop.stage.script.then(Step::Lost).then(Step::Lost);
    shop.stage.pay().unwrap_err();
    shop.deliver(&shop.genuine(&paid()));
    assert_eq!(shop.stage.record("INV-0001").state(), RecordState::Done);
    let payment = shop.stage.pay().unwrap();
    assert_eq!((payment.redirect_url(), payment.reference_no()), (None, Some("D1")));
    // And of one that was given up it says that the money came.
    let shop = Shop::new();
    shop.stage.script.next(200, taken("INV-0001"));
    shop.stage.pay().unwrap();
    shop.stage.client.resolve(Operation::Payment, "INV-0001", Resolution::Abandoned, "left").unwrap();
    shop.deliver(&shop.genuine(&paid()));
    assert!(shop.stage.record("INV-0001").is_paid_after_cancel());
}

#[test]
fn what_cannot_be_written_down_is_not_acknowledged() {
    let shop = Shop::on(
        Stage::with_file()
            .another_with(json!({"doku_public_key": DOKU_PUBLIC, "timeout_ms": "300"}).as_object().unwrap()),
    );
    let mut delivery = shop.deliver(&shop.genuine(&paid()));
    let other = rusqlite::Connection::open(shop.stage.folder.as_ref().unwrap().path().join("bayar.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    shop.stage.client.acknowledge(&mut delivery).unwrap_err();
    assert_eq!(delivery.answer().status(), 500);
    other.execute_batch("ROLLBACK").unwrap();
    shop.stage.client.acknowledge(&mut delivery).unwrap();
    assert_eq!(delivery.answer().status(), 200);
}

/// To the second, on both sides, at both routes.
#[test]
fn the_window_for_timestamps_has_two_edges() {
    let shop = Shop::new();
    for (moment, is_within) in [
        ("2026-11-22T11:54:59+07:00", false),
        ("2026-11-22T11:54:59.999+07:00", false),
        ("2026-11-22T11:55:00+07:00", true),
        ("2026-11-22T12:05:00+07:00", true),
        ("2026-11-22T12:05:00.001+07:00", false),
        ("2026-11-22T12:05:01+07:00", false),
    ] {
        let answer = shop.stage.client.webhook_token(&token_request(moment, DOKU_PRIVATE, CLIENT)).unwrap();
        assert_eq!(answer.status(), if is_within { 200 } else { 401 }, "{moment}");
        let notification = incoming(&paid(), &shop.token, SECRET, moment);
        if is_within {
            shop.accepts(&notification, moment);
        }
    }
    for moment in ["2026-11-22T11:54:59.999+07:00", "2026-11-22T12:05:00.001+07:00"] {
        let shop = Shop::new();
        shop.stage.script.then(Step::NotSent);
        shop.refuses(&incoming(&paid(), &shop.token, SECRET, moment), 401, "4015600", moment);
        assert_eq!(shop.stage.script.asked().len(), 1, "{moment}");
    }
}

#[test]
fn a_token_lives_until_its_last_second() {
    for (age_s, lives) in [(899, true), (900, false)] {
        let shop = Shop::new();
        shop.stage.clock.forward_s(age_s);
        shop.stage.script.then(Step::NotSent);
        let now = crate::snap::timestamp::format(shop.stage.clock.now().wall_ms, crate::snap::timestamp::Form::Wib);
        let late = incoming(&paid(), &shop.token, SECRET, &now);
        if lives {
            shop.accepts(&late, "its last second");
        } else {
            shop.refuses(&late, 401, "4015601", "its end");
        }
        assert_eq!(shop.stage.script.asked().len(), usize::from(!lives), "{age_s}");
    }
}

/// Two processes on a machine whose clock is wrong: one has seen DOKU's date, and its tokens are right; the other has not.
#[test]
fn a_token_of_a_process_that_knows_dokus_clock_is_good_in_one_that_does_not() {
    // Within the window nobody needs to be asked; beyond it, DOKU's answer tells the date, and the notification is believed.
    for (ahead_s, asked) in [(120, 0), (-120, 0), (299, 0), (1_200, 1), (-1_200, 1)] {
        let knows = Stage::with_file().another_with(json!({"doku_public_key": DOKU_PUBLIC}).as_object().unwrap());
        *knows.script.ahead_s.lock().unwrap() = ahead_s;
        let ours_ms = knows.clock.now().wall_ms;
        let dokus = crate::snap::timestamp::format(ours_ms + ahead_s * 1000, crate::snap::timestamp::Form::Wib);
        knows.client.warm_up().unwrap();
        let answer = knows.client.webhook_token(&token_request(&dokus, DOKU_PRIVATE, CLIENT)).unwrap();
        let body: Value = serde_json::from_str(answer.body()).unwrap();
        let token = body["accessToken"].as_str().unwrap().to_owned();
        let other = Shop { stage: knows.another(), token };
        other.stage.script.next(200, status("03"));
        let before = other.stage.script.asked().len();
        let delivery = other.deliver(&incoming(&paid(), &other.token, SECRET, &dokus));
        assert!(delivery.notification().is_some(), "{ahead_s}: {}", delivery.answer().reason());
        assert_eq!(other.stage.script.asked().len() - before, asked, "{ahead_s}");
        assert!(delivery.status_instead().is_none() && delivery.order() == DeliveryOrder::New, "{ahead_s}");
    }
}

#[test]
fn a_token_that_is_yet_to_come_is_asked_about_and_not_believed() {
    let shop = Shop::new();
    let token = {
        let payload = shop.token.split('.').nth(1).unwrap();
        let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        claims["iat"] = json!(claims["iat"].as_i64().unwrap() + 3600);
        let own = vectors("token.json")["private_key_pem"].as_str().unwrap().to_owned();
        let own = SigningKey::from_pem(own.as_bytes(), None).unwrap();
        jwt(&json!({"alg": "RS256", "typ": "JWT"}), &claims, |signed| own.sign(signed).unwrap())
    };
    shop.stage.script.next(200, status("03"));
    shop.refuses(&incoming(&paid(), &token, SECRET, NOW), 401, "4015601", "a token from the future");
    let forged = incoming(&paid(), &token, "SK-another", NOW);
    shop.refuses(&forged, 401, "4015600", "a token from the future, and another secret");
    assert_eq!(shop.stage.script.asked().len(), 1);
}

/// Whoever has recorded it could else have DOKU asked as often as he likes.
#[test]
fn of_what_was_acknowledged_an_old_copy_is_nothing_to_ask_about() {
    let shop = Shop::new();
    let copy = shop.genuine(&paid());
    shop.accepts(&copy, "the first");
    shop.stage.clock.forward_s(3600);
    shop.refuses(&copy, 401, "4015601", "an hour later");
    assert!(shop.stage.script.asked().is_empty());
    let inbox = shop.stage.client.inbox().unwrap();
    assert!(inbox.iter().all(|entry| entry.is_acknowledged() && !entry.is_known()), "{inbox:?}");
}

#[test]
fn what_doku_says_instead_is_held_against_the_order_as_well() {
    let shop = Shop::new();
    shop.stage.script.next(200, taken("INV-0001"));
    shop.stage.pay().unwrap();
    shop.stage.clock.forward_s(3600);
    let mut other = status("00");
    other["transAmount"] = json!({"value": "1.00", "currency": "IDR"});
    other["originalReferenceNo"] = json!("D1");
    shop.stage.script.next(200, other);
    let delivery = shop.deliver(&shop.genuine(&paid()));
    assert_eq!((delivery.notification().is_none(), delivery.answer().status()), (true, 401));
    assert!(delivery.status_instead().is_some());
    assert_eq!(delivery.key().as_deref(), Some("INV-0001/00/D1"), "as that of the notification");
    assert!(delivery.mismatch().unwrap().contains("10000.00"), "{delivery:?}");
    assert_eq!(shop.stage.record("INV-0001").transaction_status(), None);
}

#[test]
fn where_the_journal_cannot_be_used_doku_is_told_to_come_again() {
    let settings = json!({"doku_public_key": DOKU_PUBLIC, "timeout_ms": "300"});
    let shop = Shop::on(Stage::with_file().another_with(settings.as_object().unwrap()));
    let other = rusqlite::Connection::open(shop.stage.folder.as_ref().unwrap().path().join("bayar.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    shop.refuses(&shop.genuine(&paid()), 500, "5005601", "the journal is locked");
    shop.refuses(&incoming(&paid(), &shop.token, "SK-another", NOW), 401, "4015600", "forged all the same");
    other.execute_batch("ROLLBACK").unwrap();
    shop.accepts(&shop.genuine(&paid()), "it comes again");
}

/// They come through proxies that write names as they like, and put white space around values.
#[test]
fn names_of_headers_may_come_in_any_letters() {
    let shop = Shop::new();
    let respelt = |full: Incoming, spell: fn(&str) -> String| {
        let headers = full.headers.iter().map(|(name, value)| (spell(name), format!(" {value}\t"))).collect();
        Incoming { headers, ..full }
    };
    for spell in [str::to_lowercase, str::to_uppercase] {
        shop.accepts(&respelt(shop.genuine(&paid()), spell), "a notification");
        let request = respelt(token_request(NOW, DOKU_PRIVATE, CLIENT), spell);
        assert_eq!(shop.stage.client.webhook_token(&request).unwrap().status(), 200);
    }
    let mut twice = respelt(shop.genuine(&paid()), str::to_uppercase);
    twice.add_header("x-signature", "AAAA");
    shop.refuses(&twice, 400, "4005601", "in other letters the second time");
}

#[test]
fn the_largest_body_is_64_kib() {
    let shop = Shop::new();
    let filled = |length: usize| {
        let mut large = body("00");
        large["filler"] = json!("");
        large["filler"] = json!("x".repeat(length - large.to_string().len()));
        large.to_string()
    };
    assert_eq!(filled(65_536).len(), 65_536);
    shop.accepts(&shop.genuine(&filled(65_536)), "64 KiB");
    shop.refuses(&shop.genuine(&filled(65_537)), 400, "4005600", "a byte more");
}
