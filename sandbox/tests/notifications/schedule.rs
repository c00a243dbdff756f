//! DOKU's schedule: again 30 minutes, 6 hours and 12 hours after the first time, until HTTP 2xx (protocol 6.5).

use bayar_sandbox::{NotificationState, Retry};

use crate::shop::{Act, NOTIFY_PATH, Shop, TOKEN_PATH};
use crate::{Scene, scene, scene_with};

const NO: Act = Act::Answer(500, r#"{"responseCode":"5005601"}"#);
const HOUR: u64 = 3600;

fn attempts(scene: &Scene) -> usize {
    scene.settle();
    let record = scene.only();
    assert_eq!(record.attempts.len(), scene.shop.got(NOTIFY_PATH).len());
    record.attempts.len()
}

#[test]
fn it_is_tried_four_times_at_its_times_and_then_given_up() {
    let scene = scene();
    scene.shop.does([NO, NO, NO, NO]);
    scene.approve("A");
    let mut passed = 0;
    let mut at = |seconds: u64| {
        scene.sandbox.advance_schedule(seconds - passed);
        passed = seconds;
        attempts(&scene)
    };
    assert_eq!(at(0), 1);
    assert_eq!(at(HOUR / 2 - 60), 1);
    assert_eq!(at(HOUR / 2), 2);
    assert_eq!(at(6 * HOUR - 60), 2);
    assert_eq!(at(6 * HOUR), 3);
    assert_eq!(at(12 * HOUR - 60), 3);
    assert_eq!(scene.only().state, NotificationState::Waiting);
    assert_eq!(at(12 * HOUR), 4);
    assert_eq!(scene.only().state, NotificationState::GivenUp);
    assert_eq!(at(100 * HOUR), 4);
    let record = scene.only();
    assert!(record.attempts.iter().all(|attempt| !attempt.accepted && !attempt.acknowledged));
    // The schedule moved, the clock did not: each attempt is as fresh as the first.
    assert!(scene.shop.got(NOTIFY_PATH).iter().all(|got| got.faults.is_empty()));
}

#[test]
fn it_stops_at_the_first_http_2xx_whatever_the_code_says() {
    for (answer, acknowledged) in [
        (Act::Honest, true),
        (Act::Answer(204, ""), false),
        (Act::Answer(200, "thanks"), false),
        (Act::Answer(202, r#"{"responseCode":"2005600"}"#), true),
    ] {
        let scene = scene();
        let refusals = [Act::Answer(302, ""), Act::Answer(401, r#"{"responseCode":"2005600"}"#)];
        scene.shop.does(refusals.into_iter().chain([answer]));
        scene.approve("A");
        scene.sandbox.advance_schedule(6 * HOUR);
        // Both that are due now are made, one after the other.
        assert_eq!(attempts(&scene), 3);
        assert_eq!(scene.only().state, NotificationState::Accepted);
        scene.sandbox.advance_schedule(100 * HOUR);
        assert_eq!(attempts(&scene), 3);
        let ends: Vec<(bool, bool)> =
            scene.only().attempts.iter().map(|attempt| (attempt.accepted, attempt.acknowledged)).collect();
        assert_eq!(ends, [(false, false), (false, false), (true, acknowledged)]);
    }
}

#[test]
fn the_sandboxs_own_clock_moves_it_too() {
    let scene = scene();
    scene.shop.does([NO]);
    scene.approve("A");
    scene.pass(29 * 60);
    assert_eq!(attempts(&scene), 1);
    scene.pass(60);
    assert_eq!(attempts(&scene), 2);
    assert_eq!(scene.only().state, NotificationState::Accepted);
}

#[test]
fn it_can_be_sped_up() {
    // 12 hours in 1.2 seconds.
    let scene = scene_with(Shop::open(), |settings| settings.speed = 36_000);
    scene.shop.does([NO, NO, NO]);
    scene.approve("A");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while scene.only().state == NotificationState::Waiting {
        assert!(std::time::Instant::now() < end);
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!((attempts(&scene), scene.only().state), (4, NotificationState::Accepted));
    assert!(scene.shop.got(NOTIFY_PATH).iter().all(|got| got.faults.is_empty()));
}

#[test]
fn another_schedule_can_be_set() {
    let scene = scene_with(Shop::open(), |settings| settings.retry_after_s = vec![10]);
    scene.shop.does([NO, NO]);
    scene.approve("A");
    scene.sandbox.advance_schedule(10);
    assert_eq!((attempts(&scene), scene.only().state), (2, NotificationState::GivenUp));
}

#[test]
fn a_retry_is_fresh_or_the_very_same() {
    for retry in [Retry::Fresh, Retry::Same] {
        let scene = scene_with(Shop::open(), |settings| settings.retry = retry);
        scene.shop.does([NO]);
        scene.approve("A");
        scene.pass(1801);
        assert_eq!(attempts(&scene), 2);
        let got = scene.shop.got(NOTIFY_PATH);
        assert_eq!(got[0].body, got[1].body);
        assert_eq!(got[0].header("X-EXTERNAL-ID"), got[1].header("X-EXTERNAL-ID"));
        let tokens = scene.shop.got(TOKEN_PATH).len();
        match retry {
            Retry::Fresh => {
                assert_eq!((&got[1].faults, tokens), (&Vec::new(), 2));
                assert_ne!(got[0].header("Authorization"), got[1].header("Authorization"));
                assert_eq!(scene.only().state, NotificationState::Accepted);
            }
            Retry::Same => {
                assert_eq!((&got[0].headers, tokens), (&got[1].headers, 1));
                assert_eq!(got[1].faults, ["time", "token: ended"]);
                assert_eq!(scene.only().state, NotificationState::Waiting);
            }
        }
    }
}

#[test]
fn a_retry_of_what_was_never_sent_is_fresh_in_any_case() {
    let scene = scene_with(Shop::open(), |settings| settings.retry = Retry::Same);
    scene.shop.does_with_token_requests([NO]);
    scene.approve("A");
    assert!(scene.only().attempts[0].notification.is_none());
    scene.pass(1801);
    scene.settle();
    assert_eq!(scene.only().state, NotificationState::Accepted);
    assert_eq!(scene.shop.last(NOTIFY_PATH).faults, Vec::<String>::new());
}
