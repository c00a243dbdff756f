//! Notifications: what the merchant is really sent, when, and how often; and that each forgery is wrong in one way only.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod check;
#[path = "../common/mod.rs"]
mod common;
mod control;
mod events;
mod forgeries;
mod forms;
mod repeats;
mod schedule;
mod shop;
mod token;
mod troubles;

use std::time::Duration;

use bayar_sandbox::{Attempt, Clock, Exchange, Notice, NotificationRecord, Notifications, Options, Sandbox};
use common::{Merchant, PAYMENT, payment_body, start};
use shop::Shop;

/// A sandbox that notifies a shop, and one payment, `A`, that nobody has decided on.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    pub(crate) merchant: Merchant,
    pub(crate) clock: Clock,
    pub(crate) shop: Shop,
}

pub(crate) fn scene() -> Scene {
    scene_with(Shop::open(), |_| {})
}

pub(crate) fn scene_with(shop: Shop, change: impl FnOnce(&mut Notifications)) -> Scene {
    let mut notifications = shop.settings();
    change(&mut notifications);
    let clock = Clock::default();
    let options = Options { clock: clock.clone(), notifications: Some(notifications), ..Options::default() };
    let sandbox = start(options);
    let merchant = Merchant::of(&sandbox);
    let scene = Scene { sandbox, merchant, clock, shop };
    scene.pay_for("A");
    scene
}

impl Scene {
    pub(crate) fn pay_for(&self, reference: &str) {
        let answer = self.merchant.post(PAYMENT, &payment_body(reference, "10000.00"));
        assert_eq!(answer.code(), "2005400", "{}", answer.text());
    }

    /// Everything that is due is done.
    pub(crate) fn settle(&self) {
        assert!(self.sandbox.wait_for_notifications(Duration::from_secs(20)));
    }

    pub(crate) fn approve(&self, reference: &str) {
        self.sandbox.approve(reference).unwrap();
        self.settle();
    }

    /// The only notification there is.
    pub(crate) fn only(&self) -> NotificationRecord {
        let mut records = self.sandbox.notifications();
        assert_eq!(records.len(), 1, "{records:#?}");
        records.remove(0)
    }

    pub(crate) fn deliver(&self, notice: &Notice) -> Attempt {
        self.sandbox.deliver(notice).unwrap()
    }

    /// Lets time pass, for both sides.
    pub(crate) fn pass(&self, seconds: i64) {
        self.shop.clock_advances(seconds);
        self.clock.advance(seconds); // and what is due by it is sent at once
    }
}

pub(crate) fn posted(attempt: &Attempt) -> &Exchange {
    attempt.notification.as_ref().unwrap_or_else(|| panic!("not posted: {attempt:#?}"))
}

pub(crate) fn json(exchange: &Exchange) -> serde_json::Value {
    serde_json::from_slice(&exchange.body).unwrap()
}
