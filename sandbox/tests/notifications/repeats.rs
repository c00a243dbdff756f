//! The same again: reordered on demand, by hand as in the back office, byte by byte.

use bayar_sandbox::{Notice, NotificationState};

use crate::shop::{Act, NOTIFY_PATH, Shop};
use crate::{json, posted, scene};

fn statuses(shop: &Shop) -> Vec<String> {
    let status = |body: &[u8]| {
        let json: serde_json::Value = serde_json::from_slice(body).unwrap();
        json["latestTransactionStatus"].as_str().unwrap().to_owned()
    };
    shop.got(NOTIFY_PATH).iter().map(|got| status(&got.body)).collect()
}

#[test]
fn notifications_come_in_whatever_order_they_are_asked_for() {
    let scene = scene();
    for status in ["00", "03", "00", "00", "04", "00"] {
        let attempt = scene.deliver(&Notice { status: Some(status.to_owned()), ..Notice::about("A") });
        assert!(attempt.acknowledged);
        assert_eq!(json(posted(&attempt))["latestTransactionStatus"], status);
    }
    assert_eq!(statuses(&scene.shop), ["00", "03", "00", "00", "04", "00"]);
    let ids: Vec<String> =
        scene.shop.got(NOTIFY_PATH).iter().map(|got| got.header("X-EXTERNAL-ID").to_owned()).collect();
    let unique: std::collections::HashSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), 6);
    assert!(scene.sandbox.notifications().iter().all(|record| record.state == NotificationState::OnDemand));
}

#[test]
fn by_hand_it_is_signed_anew_and_a_replay_is_the_very_same() {
    let scene = scene();
    scene.approve("A");
    let first = scene.shop.last(NOTIFY_PATH);
    let id = scene.only().id;
    scene.pass(100);
    assert!(scene.sandbox.resend(id).unwrap().acknowledged);
    let resent = scene.shop.last(NOTIFY_PATH);
    assert_eq!((&resent.body, resent.header("X-EXTERNAL-ID")), (&first.body, first.header("X-EXTERNAL-ID")));
    assert_ne!(resent.header("X-TIMESTAMP"), first.header("X-TIMESTAMP"));
    assert!(scene.sandbox.replay(id).unwrap().acknowledged);
    let replayed = scene.shop.last(NOTIFY_PATH);
    assert_eq!((&replayed.headers, &replayed.body), (&first.headers, &first.body));
    assert_eq!(scene.only().attempts.len(), 3);
    assert!(scene.sandbox.resend(99).is_err() && scene.sandbox.replay(99).is_err());
}

#[test]
fn an_acceptance_by_hand_ends_the_schedule() {
    let scene = scene();
    scene.shop.does([Act::Answer(500, ""), Act::Answer(503, "")]);
    scene.approve("A");
    let id = scene.only().id;
    assert!(!scene.sandbox.resend(id).unwrap().accepted);
    assert_eq!(scene.only().state, NotificationState::Waiting);
    assert!(scene.sandbox.resend(id).unwrap().accepted);
    assert_eq!(scene.only().state, NotificationState::Accepted);
    scene.sandbox.advance_schedule(100_000);
    scene.settle();
    assert_eq!(scene.only().attempts.len(), 3);
}

#[test]
fn what_never_went_over_the_wire_cannot_be_replayed() {
    let scene = scene();
    scene.shop.does_with_token_requests([Act::Close]);
    scene.approve("A");
    let id = scene.only().id;
    assert!(scene.sandbox.replay(id).unwrap_err().contains("never went over the wire"));
    assert!(scene.sandbox.resend(id).unwrap().accepted);
}
