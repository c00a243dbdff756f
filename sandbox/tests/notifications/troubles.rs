//! Merchants that hang, close, talk nonsense or too much: recorded in words, within a limit, and nobody else waits for it.

use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bayar_sandbox::{Exchange, Forgery, Notice, NotificationState, Notifications, Options};

use crate::common::start;
use crate::shop::{Act, NOTIFY_PATH, Shop};
use crate::{Scene, posted, scene, scene_with};

fn told_off(scene: &Scene, act: Act) -> Exchange {
    scene.shop.does([act]);
    let attempt = scene.deliver(&Notice::about("A"));
    assert!(!attempt.accepted && !attempt.acknowledged);
    posted(&attempt).clone()
}

#[test]
fn what_is_no_whole_answer_is_told_in_words() {
    for shop in [Shop::open(), Shop::open_with_tls()] {
        let scene = scene_with(shop, |settings| settings.patience_ms = 1500);
        for (act, words) in [
            (Act::Close, "closed the connection without an answer"),
            (Act::Raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), "in the middle of the answer"),
            (Act::Raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "no HTTP"),
            (Act::Raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"), "length is many"),
            (Act::Long(64 * 1024), "longer than 65536 bytes"),
            (Act::Hang, "no whole answer within 1500 ms"),
        ] {
            let exchange = told_off(&scene, act);
            let error = exchange.error.unwrap();
            // Over TLS an end without a word is an error of its own.
            let cut = error.contains("close_notify") && words.contains("the connection");
            let cut = cut || error.contains("close_notify") && words.contains("in the middle");
            assert!(error.contains(words) || cut, "{words}: {error}");
            assert_eq!(exchange.answer_status, 0);
        }
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
    }
}

#[test]
fn answers_of_other_framings_are_read() {
    let scene = scene();
    for act in [
        Act::Raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n{\"responseCode\":\"2005600\"}\r\n0\r\n\r\n",
        ),
        Act::Raw("HTTP/1.0 200 OK\r\n\r\n{\"responseCode\":\"2005600\"}"),
        Act::Raw(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{\"responseCode\":\"2005600\"}",
        ),
    ] {
        scene.shop.does([act]);
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
    }
}

#[test]
fn a_body_that_is_refused_before_it_is_read_is_refused() {
    for shop in [Shop::open(), Shop::open_with_tls()] {
        let scene = scene_with(shop, |_| {});
        assert!(scene.deliver(&Notice::about("A")).acknowledged);
        scene.shop.does([Act::RefuseUnread]);
        let forgery = Some(Forgery::HugeBody { bytes: 10 * 1024 * 1024 });
        let attempt = scene.deliver(&Notice { forgery, ..Notice::about("A") });
        assert_eq!(posted(&attempt).answer_status, 413, "{:?}", posted(&attempt).error);
    }
}

#[test]
fn a_merchant_that_is_not_there_is_tried_again() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{gone}/n");
    let scene = scene_with(Shop::open(), |settings| *settings = Notifications::to(&url, &url));
    scene.approve("A");
    let record = scene.only();
    assert_eq!(record.state, NotificationState::Waiting);
    assert!(record.attempts[0].token.as_ref().unwrap().error.as_ref().unwrap().contains("no connection"));
    scene.sandbox.notify(scene.shop.settings()).unwrap();
    scene.sandbox.advance_schedule(1800);
    scene.settle();
    assert_eq!(scene.only().state, NotificationState::Accepted);
}

#[test]
fn one_that_hangs_holds_up_no_other_and_not_the_payments() {
    let scene = scene();
    assert!(scene.deliver(&Notice::about("A")).acknowledged); // a token is at hand
    scene.shop.does([Act::Hang, Act::Hang, Act::Hang]);
    for reference in ["B", "C", "D", "E"] {
        scene.pay_for(reference);
        scene.sandbox.approve(reference).unwrap();
    }
    let end = Instant::now() + Duration::from_secs(7); // the patience is 8 s
    while !scene.sandbox.notifications().iter().any(|record| record.state == NotificationState::Accepted) {
        assert!(Instant::now() < end);
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(scene.merchant.status_of("E")["latestTransactionStatus"], "00");
    assert!(!scene.sandbox.wait_for_notifications(Duration::from_millis(50)));
    assert_eq!(scene.shop.got(NOTIFY_PATH).len(), 5);
}

#[test]
fn the_end_of_the_sandbox_ends_what_hangs_and_what_waits() {
    const MINUTE: Duration = Duration::from_secs(60);
    let scene = scene_with(Shop::open(), |settings| settings.patience_ms = 60_000);
    assert!(scene.deliver(&Notice::about("A")).acknowledged); // a token is at hand
    // More than are sent at a time, so that some wait to be sent; and one waits for its retry.
    scene.shop.does([Act::Answer(500, "")]);
    scene.approve("A");
    scene.shop.does(vec![Act::Hang; 20]);
    for number in 0..20 {
        scene.pay_for(&format!("B{number}"));
        scene.sandbox.approve(&format!("B{number}")).unwrap();
    }
    let began = Instant::now();
    while scene.shop.got(NOTIFY_PATH).len() < 2 + 16 {
        assert!(began.elapsed() < MINUTE / 2);
        std::thread::sleep(Duration::from_millis(5));
    }
    let Scene { sandbox, shop, .. } = scene;
    drop(sandbox);
    while shop.desk().hung_up.load(Ordering::SeqCst) < 16 {
        assert!(began.elapsed() < MINUTE / 2);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(shop.got(NOTIFY_PATH).len(), 2 + 16);
}

#[test]
fn settings_that_cannot_work_are_refused_with_a_reason() {
    let sandbox = start(Options::default());
    let url = "http://127.0.0.1:1/n";
    let with = |change: &dyn Fn(&mut Notifications)| {
        let mut settings = Notifications::to(url, url);
        change(&mut settings);
        sandbox.notify(settings).unwrap_err().to_string()
    };
    let refused = with(&|settings| settings.notification_url = "ftp://a/".to_owned());
    assert!(refused.contains("ftp://a/"), "{refused}");
    let refused = with(&|settings| settings.token_url = "https://localhost:1/t".to_owned());
    assert!(refused.contains("certificate authority"), "{refused}");
    let refused = with(&|settings| settings.ca_pem = Some("nothing".to_owned()));
    assert!(refused.contains("no certificate"), "{refused}");
    let refused = with(&|settings| settings.doku_private_key_pem = "nothing".to_owned());
    assert!(refused.contains("DOKU's private key"), "{refused}");
    let notifications = Some(Notifications::to("nowhere", url));
    assert!(bayar_sandbox::Sandbox::start(Options { notifications, ..Options::default() }).is_err());
}
