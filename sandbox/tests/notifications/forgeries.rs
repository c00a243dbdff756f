//! Each forgery is refused by an honest merchant, for the one reason that it is about and for no other.

use bayar_sandbox::{Forgery, Form, Notice, TEST_PUBLIC_KEY_PEM};

use crate::check;
use crate::common::rsa;
use crate::scene;
use crate::shop::{NOTIFY_PATH, TOKEN_PATH};

fn text(name: &str) -> String {
    name.to_owned()
}

#[test]
fn at_the_notification_route_each_is_wrong_in_one_way() {
    let scene = scene();
    scene.approve("A");
    let hs256 = |public_key_pem| Forgery::Hs256WithPublicKey { public_key_pem };
    let mut rows = vec![
        (Forgery::WrongSecret, text("signature")),
        (Forgery::Stale { age_s: 21_600 }, text("time")),
        (Forgery::Stale { age_s: -21_600 }, text("time")),
        (Forgery::ChangedAmount, text("signature")),
        (Forgery::ChangedStatus, text("signature")),
        (Forgery::ExpiredToken { ended_s: 1 }, text("token: ended")),
        (Forgery::UnknownToken, text("token: no JWT")),
        (Forgery::Token { token: text("a.b") }, text("token: no JWT")),
        (Forgery::AlgNone, text("token: none")),
        (hs256(None), text("token: HS256")),
        (hs256(Some(TEST_PUBLIC_KEY_PEM.trim().to_owned())), text("token: HS256")),
        (Forgery::OtherMerchantsToken, text("token: signature")),
        (Forgery::ChangedToken, text("token: signature")),
        (Forgery::SignatureCase, text("signature")),
        (Forgery::SignatureHex, text("signature")),
        (Forgery::OtherPath { path: text("/v1.0/debit/notify") }, text("signature")),
        (Forgery::DuplicateKey, text("duplicate key")),
        (Forgery::DuplicateNestedKey, text("duplicate key")),
        (Forgery::DuplicateEscapedKey, text("duplicate key")),
        (Forgery::WrongPartner, text("partner")),
        (Forgery::HugeBody { bytes: 64 * 1024 + 1 }, text("long")),
        (Forgery::HugeBody { bytes: 10 * 1024 * 1024 }, text("long")),
    ];
    for header in ["X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "X-DEVICE-ID", "Authorization"] {
        rows.push((Forgery::MissingHeader { header: text(header) }, format!("no {header}")));
        rows.push((Forgery::DuplicateHeader { header: text(header) }, format!("two {header}")));
    }
    for (forgery, fault) in rows {
        let notice = Notice { forgery: Some(forgery.clone()), ..Notice::about("A") };
        let attempt = scene.deliver(&notice);
        let got = scene.shop.last(NOTIFY_PATH);
        assert_eq!(got.faults, [fault], "{forgery:?}\n{got:#?}");
        let exchange = attempt.notification.unwrap();
        assert_eq!((exchange.answer_status, exchange.answer_code().as_str()), (401, "4015600"));
        assert!(!attempt.accepted && !attempt.acknowledged);
        if let Forgery::HugeBody { bytes } = forgery {
            assert_eq!((got.body.len(), exchange.body_length, exchange.body.len()), (bytes, bytes, 64 * 1024));
        }
    }
    // None of them cost the genuine token, and none of them stopped the genuine notification.
    assert!(scene.deliver(&Notice::about("A")).acknowledged);
    assert_eq!(scene.shop.got(TOKEN_PATH).len(), 1);
}

#[test]
fn a_case_and_a_letter_are_all_that_differ() {
    let scene = scene();
    scene.approve("A");
    let differences = |a: &str, b: &str| {
        assert_eq!(a.len(), b.len());
        a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count()
    };
    let genuine = scene.shop.last(NOTIFY_PATH);
    let forged = |forgery| {
        scene.deliver(&Notice { forgery: Some(forgery), ..Notice::about("A") });
        scene.shop.last(NOTIFY_PATH)
    };
    let token = |header: &str| header.strip_prefix("Bearer ").unwrap().to_owned();
    let changed = token(forged(Forgery::ChangedToken).header("Authorization"));
    let genuine_token = token(genuine.header("Authorization"));
    assert_eq!(changed.split('.').next(), genuine_token.split('.').next());
    assert_eq!(changed.split('.').nth(2), genuine_token.split('.').nth(2));
    assert!((1..=2).contains(&differences(&changed, &genuine_token)));
    // With the case of one letter turned back, and of no other, it is good again.
    let forged = forged(Forgery::SignatureCase);
    let place = forged.headers.iter().position(|(name, _)| name == "X-SIGNATURE").unwrap();
    let mended = (0..88).filter(|index| {
        let mut other = forged.clone();
        let mut signature = other.headers[place].1.clone().into_bytes();
        signature[*index] ^= 0x20 * u8::from(signature[*index].is_ascii_alphabetic());
        other.headers[place].1 = String::from_utf8(signature).unwrap();
        check::notification(scene.shop.desk(), &other).is_empty()
    });
    assert_eq!(mended.count(), 1);
}

#[test]
fn at_the_token_route_each_is_wrong_in_one_way() {
    let scene = scene();
    let mut rows = vec![
        (Forgery::TokenRequestWrongKey, text("signature")),
        (Forgery::TokenRequestWrongClient, text("client")),
        (Forgery::TokenRequestStale { age_s: 3600 }, text("time")),
        (Forgery::TokenRequestStale { age_s: -3600 }, text("time")),
        (Forgery::TokenRequestBody { body: text("{\"grantType\":\"password\"}") }, text("grant")),
    ];
    for header in ["X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"] {
        rows.push((Forgery::TokenRequestMissingHeader { header: text(header) }, format!("no {header}")));
        rows.push((Forgery::TokenRequestDuplicateHeader { header: text(header) }, format!("two {header}")));
    }
    for (forgery, fault) in rows {
        let attempt = scene.deliver(&Notice { forgery: Some(forgery.clone()), ..Notice::about("A") });
        assert_eq!(scene.shop.last(TOKEN_PATH).faults, [fault], "{forgery:?}");
        let exchange = attempt.token.unwrap();
        assert_eq!((exchange.answer_status, exchange.answer_code().as_str()), (401, "4017300"));
        assert_eq!(attempt.notification, None);
    }
    assert!(scene.shop.got(NOTIFY_PATH).is_empty());
}

#[test]
fn a_forgery_that_would_change_nothing_is_not_sent() {
    let scene = scene();
    let header = || text("X-NOTHING");
    for (form, forgery) in [
        (Form::Minimal, Forgery::ChangedAmount),
        (Form::Minimal, Forgery::DuplicateNestedKey),
        (Form::Body(text("{}")), Forgery::ChangedStatus),
        (Form::Compact, Forgery::HugeBody { bytes: 10 }),
        (Form::Compact, Forgery::MissingHeader { header: header() }),
        (Form::Compact, Forgery::DuplicateHeader { header: header() }),
        (Form::Compact, Forgery::TokenRequestMissingHeader { header: header() }),
        (Form::Compact, Forgery::TokenRequestDuplicateHeader { header: header() }),
    ] {
        let notice = Notice { form, forgery: Some(forgery), ..Notice::about("A") };
        assert!(scene.sandbox.deliver(&notice).unwrap_err().contains("changes nothing"), "{notice:?}");
    }
    assert!(scene.sandbox.notifications().is_empty());
}

#[test]
fn any_token_can_be_tried_with_a_good_signature() {
    let scene = scene();
    scene.approve("A");
    let genuine = scene.shop.last(NOTIFY_PATH).header("Authorization").split_once(' ').unwrap().1.to_owned();
    let forgery = Some(Forgery::Token { token: genuine });
    assert!(scene.deliver(&Notice { forgery, ..Notice::about("A") }).acknowledged);
    let forgery = Some(Forgery::Token { token: rsa("something else") });
    assert!(!scene.deliver(&Notice { forgery, ..Notice::about("A") }).acknowledged);
}
