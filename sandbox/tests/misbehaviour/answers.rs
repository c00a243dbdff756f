//! Misbehaviour in what is said: codes, pages, and members of the answer.

use bayar_sandbox::{Assumption, Conflict, Endpoint, Misbehaviour};
use serde_json::{Value, json};

use crate::common::{Merchant, PAYMENT, STATUS, payment_body, status_body};
use crate::{counts, next, opened, paid_with, text};

#[test]
fn a_proxys_page_comes_before_or_after_the_work() {
    for (what, made) in [(Misbehaviour::Html { status: 502 }, 0), (Misbehaviour::HtmlAfterWork { status: 502 }, 1)] {
        let (sandbox, merchant, call, answer) = paid_with(what);
        assert_eq!(answer.status, 502);
        assert_eq!(answer.header("Content-Type"), Some("text/html; charset=utf-8"));
        assert!(answer.text().starts_with("<html>"));
        assert_eq!(counts(&sandbox), (1, made));
        assert_eq!(sandbox.seen()[1].answer_body, answer.body);
        assert_eq!(merchant.send(&call).status, if made == 0 { 200 } else { 409 });
    }
}

#[test]
fn a_code_in_place_of_the_work_is_replayed_as_errors_are() {
    let code = |http, code| Misbehaviour::Code { http, code: text(code) };
    for (what, errors_replayed, again_status, again_code) in [
        (code(500, "5005400"), true, 409, "5005400"),
        (code(500, "5005400"), false, 200, "2005400"),
        (code(202, "2025400"), false, 409, "2025400"),
        (code(401, "4015401"), true, 200, "2005400"),
        (code(429, "4295400"), true, 200, "2005400"),
    ] {
        let (sandbox, merchant) = opened();
        if !errors_replayed {
            sandbox.switch_off(Assumption::ErrorsAreReplayed);
        }
        next(&sandbox, Endpoint::Payment, what.clone());
        let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
        let first = merchant.send(&call);
        assert_eq!(counts(&sandbox), (1, 0), "{what:?}");
        assert_eq!(what, Misbehaviour::Code { http: first.status, code: first.code() });
        let again = merchant.send(&call);
        assert_eq!((again.status, &again.json()["responseCode"]), (again_status, &json!(again_code)), "{what:?}");
        assert_eq!(counts(&sandbox), (2, u64::from(again_code == "2005400")));
    }
}

#[test]
fn a_code_after_the_work_hides_it_and_is_replayed_as_errors_are() {
    for (what, errors_replayed, again_code) in [
        (Misbehaviour::CodeAfterWork { http: 504, code: text("5045400") }, true, "5045400"),
        (Misbehaviour::CodeAfterWork { http: 504, code: text("5045400") }, false, "2005400"),
        (Misbehaviour::InProgress, true, "2025400"),
        (Misbehaviour::InProgress, false, "2025400"),
    ] {
        let (sandbox, merchant) = opened();
        if !errors_replayed {
            sandbox.switch_off(Assumption::ErrorsAreReplayed);
        }
        next(&sandbox, Endpoint::Payment, what.clone());
        let call = merchant.call(PAYMENT, &payment_body("A", "1.00"));
        let first = merchant.send(&call);
        assert_eq!(first.code(), if what == Misbehaviour::InProgress { "2025400" } else { "5045400" });
        let again = merchant.send(&call);
        assert_eq!((again.status, &again.json()["responseCode"]), (409, &json!(again_code)));
        assert_eq!(counts(&sandbox), (2, 1));
    }
}

#[test]
fn refusals_in_place_of_the_work_have_the_digits_of_their_service() {
    let many = |retry_after_s| Misbehaviour::TooMany { retry_after_s };
    for (what, code, retry) in [
        (many(Some(3)), "4295400", Some("3")),
        (many(None), "4295400", None),
        (Misbehaviour::OldToken, "4015401", None),
        (Misbehaviour::UnknownToken, "4015403", None),
        (Misbehaviour::Conflict(Conflict::IdSeen), "4095400", None),
        (Misbehaviour::Conflict(Conflict::AlreadyDone), "4095401", None),
        (Misbehaviour::Conflict(Conflict::OtherData), "4045418", None),
    ] {
        let (sandbox, merchant, call, answer) = paid_with(what);
        assert_eq!(answer.code(), code);
        assert_eq!(answer.header("Retry-After"), retry);
        assert_eq!(counts(&sandbox), (1, 0));
        assert_eq!(merchant.send(&call).code(), "2005400");
        assert_eq!(counts(&sandbox), (2, 1));
    }
    let (sandbox, merchant) = opened();
    next(&sandbox, Endpoint::Any, Misbehaviour::OldToken);
    next(&sandbox, Endpoint::Token, Misbehaviour::CloseAfterWork);
    assert_eq!(merchant.post(STATUS, &status_body("A")).code(), "4015501");
    assert_eq!(merchant.send_for_bytes(&merchant.token_call()), (String::new(), None));
    assert_eq!((sandbox.counts().token_requests, sandbox.counts().tokens_issued), (2, 2));
}

#[test]
fn a_success_may_come_under_409_the_first_time() {
    let (sandbox, _, _, answer) = paid_with(Misbehaviour::Conflict(Conflict::Replay));
    assert_eq!((answer.status, &answer.json()["responseCode"]), (409, &json!("2005400")));
    assert!(answer.json()["webRedirectUrl"].is_string());
    assert_eq!(counts(&sandbox), (1, 1));
}

#[test]
fn bodies_are_empty_or_too_large() {
    let (sandbox, _, _, empty) = paid_with(Misbehaviour::EmptyBody);
    assert_eq!((empty.status, empty.body.len(), counts(&sandbox)), (200, 0, (1, 1)));
    let (sandbox, _, _, large) = paid_with(Misbehaviour::Oversized { bytes: 3_000_000 });
    assert_eq!((large.code().as_str(), large.body.len(), counts(&sandbox)), ("2005400", 3_000_000, (1, 1)));
}

#[test]
fn members_of_an_answer_are_spoilt_once() {
    use Misbehaviour::{Missing, NulIn, Put, UnknownField, WrongEcho, WrongType};
    let reference = || text("partnerReferenceNo");
    for (what, field, expected) in [
        (WrongType { field: reference() }, "partnerReferenceNo", json!(7)),
        (NulIn { field: reference() }, "partnerReferenceNo", json!("\0A")),
        (Missing { field: reference() }, "partnerReferenceNo", Value::Null),
        (WrongEcho { field: reference(), value: text("B") }, "partnerReferenceNo", json!("B")),
        (Put { field: reference(), json: text("{\"a\":[]}") }, "partnerReferenceNo", json!({ "a": [] })),
        (UnknownField, "addedYesterday", json!({ "by": ["DOKU", 1, null] })),
    ] {
        let (sandbox, merchant, call, answer) = paid_with(what.clone());
        assert_eq!((answer.status, &answer.json()[field]), (200, &expected), "{what:?}");
        assert_eq!(answer.text().contains("\\u0000"), matches!(what, NulIn { .. }));
        assert_eq!((counts(&sandbox), sandbox.seen()[1].answer_body == answer.body), ((1, 1), true));
        let again = merchant.send(&call);
        assert_eq!((again.status, &again.json()["partnerReferenceNo"]), (409, &json!("A")));
        assert!(again.json().get("addedYesterday").is_none());
    }
}

#[test]
fn a_redirection_leads_back_here_where_it_is_counted() {
    let (sandbox, _, _, answer) = paid_with(Misbehaviour::Redirect { status: 307 });
    let location = answer.header("Location").unwrap();
    assert_eq!((answer.status, location), (307, format!("{PAYMENT}?redirected").as_str()));
    assert_eq!(counts(&sandbox), (1, 0));
    let merchant = Merchant::of(&sandbox);
    merchant.plain("POST", location);
    assert_eq!(sandbox.counts().payment_requests, 2);
}
