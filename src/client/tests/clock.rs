//! A till with a wrong clock.

use super::*;
use crate::error::Outcome;

#[test]
fn a_wrong_clock_is_put_right_by_dokus_date_and_named_where_that_does_not_help() {
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = 3 * 3600;
    stage.script.next(401, json!({"responseCode": "4015400"})).next(200, taken("INV-0001"));
    stage
        .client
        .worker()
        .unwrap()
        .tokens
        .get(&stage.client.worker().unwrap().limit(None), |_, _| {
            Ok(crate::snap::token::Granted { token: crate::secret::Secret::new("t"), lifetime_s: 900 })
        })
        .unwrap();
    stage.pay().unwrap();
    let sent = stage.script.asked();
    assert_eq!(sent[0].header("X-TIMESTAMP"), "2026-11-22T12:00:00+07:00");
    assert_eq!(sent[1].header("X-TIMESTAMP"), "2026-11-22T15:00:00+07:00");
    assert_eq!(sent[0].header("X-EXTERNAL-ID"), sent[1].header("X-EXTERNAL-ID"));
    stage.script.next(401, json!({"responseCode": "4015800"}));
    let error = stage.refund().unwrap_err();
    assert!(error.message().contains("This machine's clock is 180 minutes behind DOKU's"), "{error}");
}

#[test]
fn a_token_refused_for_the_clock_is_asked_for_again_with_the_right_time() {
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = -600;
    *stage.script.token.lock().unwrap() = Some((401, json!({"responseCode": "4017300"}).to_string()));
    let error = stage.client.warm_up().unwrap_err();
    assert!(error.message().contains("10 minutes ahead of DOKU's"), "{error}");
    let times: Vec<_> = stage.script.sent().iter().map(|sent| sent.header("X-TIMESTAMP").to_owned()).collect();
    assert_eq!(times, ["2026-11-22T12:00:00+07:00", "2026-11-22T11:50:00+07:00"]);
}

#[test]
fn the_day_is_dokus_not_that_of_a_till_with_a_wrong_clock() {
    // By the till's clock it is noon; by DOKU's, Jakarta's midnight is near.
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = 12 * 3600 - 300;
    stage.script.next(404, json!({"responseCode": "4045501"}));
    stage.client.status("INV-0009").unwrap_err();
    stage.script.then(Step::Lost).next(200, status("03"));
    stage.pay().unwrap_err();
    assert_eq!(stage.pay().unwrap_err().outcome(), Outcome::Unknown);
    assert!(stage.script.asked().last().unwrap().path.ends_with("status"));
}

#[test]
fn a_date_that_was_set_right_since_does_not_make_another_day_the_same() {
    // The till is a day fast when its first process begins, which does not know it yet.
    let stage = Stage::with_file();
    *stage.script.ahead_s.lock().unwrap() = -86_400;
    stage.script.then(Step::Lost).then(Step::Lost);
    stage.pay().unwrap_err();
    // Somebody sets it right. A day later its date is the one that it showed then.
    stage.clock.jump_s(-86_400);
    *stage.script.ahead_s.lock().unwrap() = 0;
    stage.clock.forward_s(86_400);
    let another = stage.another();
    stage.script.next(404, json!({"responseCode": "4045501"})).next(200, status("03"));
    another.client.status("INV-0009").unwrap_err();
    assert_eq!(another.pay().unwrap_err().outcome(), Outcome::Unknown);
    let paths: Vec<_> = stage.script.asked().into_iter().map(|sent| sent.path).collect();
    assert!(paths[2..].iter().all(|path| path.ends_with("status")), "{paths:?}");
}

#[test]
fn a_link_is_dead_by_dokus_clock_not_by_that_of_a_till() {
    // The till is two hours fast, so by its own clock the link of an hour would be dead at once.
    let stage = Stage::new();
    *stage.script.ahead_s.lock().unwrap() = -7200;
    stage.client.warm_up().unwrap();
    stage.script.next(200, taken("INV-0001")).next(200, status("05")).next(200, status("05"));
    stage.pay().unwrap();
    assert!(!stage.client.status("INV-0001").unwrap().is_final());
    stage.clock.forward_s(3700);
    assert!(stage.client.status("INV-0001").unwrap().is_final());
}
