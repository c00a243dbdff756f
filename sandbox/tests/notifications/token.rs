//! The merchant's token: asked for when there is none, kept until it ends, and asked for anew when it is refused.

use std::sync::atomic::Ordering;

use bayar_sandbox::{Notice, TEST_CLIENT_SECRET, TEST_DOKU_NEXT_PRIVATE_KEY_PEM, TEST_DOKU_PRIVATE_KEY_PEM};

use crate::shop::{Act, NOTIFY_PATH, TOKEN_PATH};
use crate::{Scene, scene};

fn asked(scene: &Scene) -> usize {
    scene.shop.got(TOKEN_PATH).len()
}

#[test]
fn a_token_is_kept_until_it_ends_by_a_number_or_a_text() {
    for expires_in in ["900", "\"900\""] {
        let scene = scene();
        *scene.shop.desk().expires_in.lock().unwrap() = expires_in.to_owned();
        for _ in 0..3 {
            assert!(scene.deliver(&Notice::about("A")).acknowledged);
        }
        assert_eq!(asked(&scene), 1);
        scene.pass(880);
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
        assert_eq!(asked(&scene), 1, "{expires_in}");
        scene.pass(30);
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
        assert_eq!(asked(&scene), 2, "{expires_in}");
        scene.sandbox.forget_merchant_token();
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
        assert_eq!(asked(&scene), 3);
    }
}

#[test]
fn a_token_without_a_lifetime_is_good_once() {
    let scene = scene();
    *scene.shop.desk().expires_in.lock().unwrap() = "null".to_owned();
    for count in 1..=3 {
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
        assert_eq!(asked(&scene), count);
    }
}

#[test]
fn after_a_401_the_token_is_asked_for_anew() {
    let scene = scene();
    scene.shop.does([Act::Answer(401, r#"{"responseCode":"4015601"}"#), Act::Answer(500, "")]);
    for (count, accepted) in [(1, false), (2, false), (2, true)] {
        assert_eq!(scene.deliver(&Notice::about("A")).accepted, accepted);
        assert_eq!(asked(&scene), count);
    }
}

#[test]
fn nothing_is_posted_without_a_token() {
    for answer in [
        Act::Answer(401, r#"{"responseCode":"4017300"}"#),
        Act::Answer(200, r#"{"responseCode":"2007300"}"#),
        Act::Answer(200, r#"{"responseCode":"5007300","accessToken":"t"}"#),
        Act::Answer(200, "no JSON"),
        Act::Close,
    ] {
        let scene = scene();
        scene.shop.does_with_token_requests([answer]);
        let attempt = scene.deliver(&Notice::about("A"));
        assert!(attempt.token.is_some() && attempt.notification.is_none());
        assert!(!attempt.accepted && !attempt.acknowledged);
        assert!(scene.shop.got(NOTIFY_PATH).is_empty());
    }
}

#[test]
fn secret_and_dokus_key_change_while_notifications_flow() {
    let scene = scene();
    let desk = scene.shop.desk();
    let new_secret = "SK-the-next-one";
    desk.secrets.lock().unwrap().push(new_secret.to_owned());
    desk.doku_keys.lock().unwrap().push(TEST_DOKU_NEXT_PRIVATE_KEY_PEM);
    scene.approve("A");
    let mut settings = scene.shop.settings();
    settings.client_secret = Some(new_secret.to_owned());
    settings.doku_private_key_pem = TEST_DOKU_NEXT_PRIVATE_KEY_PEM.to_owned();
    scene.sandbox.notify(settings).unwrap();
    scene.sandbox.forget_merchant_token();
    scene.pay_for("B");
    scene.approve("B");
    // The old ones are taken away: what came last was made with the new ones.
    desk.secrets.lock().unwrap().retain(|secret| secret != TEST_CLIENT_SECRET);
    desk.doku_keys.lock().unwrap().retain(|key| *key != TEST_DOKU_PRIVATE_KEY_PEM);
    scene.sandbox.forget_merchant_token();
    scene.pay_for("C");
    scene.approve("C");
    let got = scene.shop.got(NOTIFY_PATH);
    assert_eq!(got.len(), 3);
    assert!(got.iter().all(|got| got.faults.is_empty()), "{got:#?}");
    assert_eq!(desk.tokens_issued.load(Ordering::SeqCst), 3);
}
