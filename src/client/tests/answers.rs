//! What every answer means, by the shared vectors: for the money, for the caller, and field by field.

use super::*;
use crate::client::exchange::Transmission;
use crate::client::judge::judge;
use crate::error::{Kind, Outcome, Retry};
use crate::journal::{Finding, Intent};
use crate::snap::codes::Proof;
use crate::snap::response::Reply;
use crate::{Amount, Error};

const NOW: crate::clock::Tick = crate::clock::Tick { wall_ms: 0, steady_ms: 0, boot: 1 };

/// The meaning of an answer to a first transmission, in the vectors' words, from what the judge makes of it.
fn meaning(case: &Value) -> &'static str {
    let (status, body) = raw(case);
    let Some(reply) = Reply::read(status, body.as_bytes()) else { return "unknown" };
    let proves = reply.proves();
    let verdict = judge(&intent(case), true, Transmission::Answered(reply), NOW);
    match (&verdict.finding, proves) {
        (Finding::Done(_), _) => "done",
        (Finding::Refused(_), _) => "refused",
        (Finding::RefusedForNow, Proof::RefusedUntilMended) => "refused",
        (Finding::RefusedForNow, _) => "retry_later",
        (Finding::TokenRefused, _) => "renew_token",
        (Finding::Unknown(_), Proof::InProgress) => "in_progress",
        (Finding::Unknown(_), _) if verdict.ask_status => "ask_status",
        (Finding::Unknown(_), _) => "unknown",
        (Finding::NothingNew | Finding::Conflict(_), _) => "nothing",
    }
}

fn intent(case: &Value) -> Intent {
    let text = |name: &str| case["sent"][name].as_str().map(str::to_owned);
    let refund = case["operation"] == "refund";
    Intent {
        operation: if refund { Operation::Refund } else { Operation::Payment },
        reference: text(if refund { "partner_refund_no" } else { "partner_reference_no" }).unwrap(),
        amount: Amount::parse(&text("amount").unwrap()).unwrap(),
        channel: "EMONEY_DANA_SNAP".to_owned(),
        original: text("original_partner_reference_no"),
    }
}

fn raw(case: &Value) -> (u16, String) {
    (u16::try_from(case["http_status"].as_u64().unwrap()).unwrap(), case["body"].as_str().unwrap().to_owned())
}

/// Compares each expected field with what the accessor gives.
fn hold_fields(case: &Value, given: impl Fn(&str) -> Option<Value>) -> std::result::Result<(), String> {
    for (name, expected) in case["fields"].as_object().unwrap() {
        let Some(ours) = given(name) else { continue };
        if &ours != expected {
            return Err(format!("{name} is {ours}, should be {expected}"));
        }
    }
    Ok(())
}

/// What the caller is told must agree with the meaning.
fn hold_error(meaning: &str, error: &Error) -> std::result::Result<(), String> {
    let outcome = match meaning {
        "refused" | "retry_later" | "renew_token" => Outcome::Refused,
        _ => Outcome::Unknown,
    };
    let advice = match meaning {
        "retry_later" | "renew_token" => error.retry() == Retry::Later,
        "refused" => error.retry() == Retry::No,
        "in_progress" => error.kind() == Kind::InProgress && error.retry() != Retry::No,
        _ => true,
    };
    let person = error.kind() == Kind::Conflict && error.retry() == Retry::No;
    let same = outcome == Outcome::Refused || person || error.message().contains("same reference");
    if error.outcome() == outcome && advice && same { Ok(()) } else { Err(format!("the caller is told {error:?}")) }
}

fn operations(name: &str) -> Vec<Value> {
    cases("answers.json").into_iter().filter(|case| case["operation"] == name).collect()
}

fn expect_meaning(case: &Value) -> std::result::Result<(), String> {
    let ours = meaning(case);
    let same = case["meaning"] == ours;
    if same { Ok(()) } else { Err(format!("it means {ours}, should mean {}", case["meaning"])) }
}

/// A client whose request is answered as the case says, every time it is repeated with a new token.
fn answering(case: &Value) -> Stage {
    let stage = Stage::hurried(&Map::new(), Hands::at("2026-11-22T12:00:00+07:00"), "token-1");
    let (status, body) = raw(case);
    for _ in 0..if case["meaning"] == "renew_token" { 3 } else { 1 } {
        stage.script.next(status, &body);
    }
    stage
}

#[test]
fn answers_to_payments() {
    walk(&operations("payment"), |case| {
        expect_meaning(case)?;
        let stage = answering(case);
        // The status inquiry that follows where DOKU knows the reference finds nothing out.
        stage.script.next(500, "{}");
        match stage.pay() {
            Err(error) => hold_error(case["meaning"].as_str().unwrap(), &error),
            Ok(payment) => hold_fields(case, |name| match name {
                "redirect_url" => Some(json!(payment.redirect_url())),
                "reference_no" => Some(json!(payment.reference_no())),
                "response_code" => Some(json!(payment.response_code())),
                _ => None, // The reference is ours, not the echo.
            }),
        }
    });
}

#[test]
fn answers_to_refunds() {
    walk(&operations("refund"), |case| {
        expect_meaning(case)?;
        let stage = answering(case);
        // The status inquiry that follows where DOKU knows the reference finds nothing out.
        stage.script.next(500, "{}");
        match stage.refund() {
            Err(error) => hold_error(case["meaning"].as_str().unwrap(), &error),
            Ok(refund) => hold_fields(case, |name| match name {
                "refund_no" => Some(json!(refund.refund_no())),
                "partner_refund_no" => Some(json!(refund.partner_refund_no())),
                "refund_time" => Some(json!(refund.refund_time())),
                "reference_no" => Some(json!(refund.original_reference_no())),
                "response_code" => Some(json!(refund.response_code())),
                _ => None,
            }),
        }
    });
}

#[test]
fn answers_to_status_inquiries() {
    walk(&operations("status"), |case| {
        let stage = answering(case);
        let result = stage.client.status(case["sent"]["original_partner_reference_no"].as_str().unwrap());
        match (result, case["meaning"] == "done") {
            (Ok(_), false) => Err("it counts as answered".to_owned()),
            (Err(error), true) => Err(format!("it counts as not answered: {error:?}")),
            (Err(error), false) if error.outcome() != Outcome::Unknown => Err(format!("it claims to know: {error:?}")),
            (Err(_), false) => Ok(()),
            (Ok(status), true) => hold_fields(case, |name| match name {
                "original_partner_reference_no" => None, // Ours, not the echo.
                "original_reference_no" => Some(json!(status.original_reference_no())),
                "original_external_id" => Some(json!(status.original_external_id())),
                "transaction_status" => {
                    Some(json!(status.transaction_status().map(|status| format!("{:02}", status as i32))))
                }
                "transaction_status_desc" => Some(json!(status.transaction_status_desc())),
                "amount" => Some(json!(status.amount().map(|amount| amount.to_string()))),
                "paid_time" => Some(json!(status.paid_time())),
                "response_code" => Some(json!(status.response_code())),
                "refunds" => Some(refunds(&status, case)),
                _ => None,
            }),
        }
    });
}

/// The refunds with the members that the case names.
fn refunds(status: &crate::Status, case: &Value) -> Value {
    if !status.has_refund_history() {
        return Value::Null;
    }
    let expected = case["fields"]["refunds"].as_array().cloned().unwrap_or_default();
    let list = status.refunds().iter().enumerate().map(|(index, refund)| {
        let mut all = json!({
            "refund_no": refund.refund_no(), "partner_refund_no": refund.partner_refund_no(),
            "amount": refund.amount().map(|amount| amount.to_string()),
            "status": refund.status().map(|status| format!("{:02}", status as i32)),
            "date": refund.refund_date(), "reason": refund.reason(),
        });
        if let (Some(all), Some(named)) = (all.as_object_mut(), expected.get(index).and_then(Value::as_object)) {
            all.retain(|name, _| named.contains_key(name));
        }
        all
    });
    list.collect()
}

#[test]
fn answers_to_token_requests() {
    walk(&operations("token"), |case| {
        let stage = Stage::new();
        *stage.script.token.lock().unwrap() = Some(raw(case));
        let result = stage.client.warm_up();
        match (result, case["meaning"] == "done") {
            (Ok(()), true) => {
                stage.script.next(500, "{}");
                let _ = stage.client.status("INV-0001");
                let sent = stage.script.asked();
                let token = format!("Bearer {}", case["fields"]["access_token"].as_str().unwrap());
                if sent[0].header("Authorization") == token { Ok(()) } else { Err(format!("{sent:?}")) }
            }
            (Ok(()), false) => Err("it was taken for a token".to_owned()),
            (Err(error), true) => Err(error.to_string()),
            (Err(error), false) => {
                // No payment was sent, whatever became of the token request; and no token is in the message.
                assert_eq!(error.outcome(), Outcome::NotSent);
                let code = case["fields"]["response_code"].as_str();
                if error.response_code() == code || code.is_none() { Ok(()) } else { Err(format!("{error:?}")) }
            }
        }
    });
}

#[test]
fn a_refusal_of_a_resend_settles_nothing() {
    // "Not permitted" may mean "already refunded": after an unknown transmission only success counts.
    for case in operations("payment").iter().chain(&operations("refund")) {
        let (status, body) = raw(case);
        let Some(reply) = Reply::read(status, body.as_bytes()) else { continue };
        let done = case["meaning"] == "done";
        let verdict = judge(&intent(case), false, Transmission::Answered(reply), NOW);
        match verdict.finding {
            Finding::Done(_) => assert!(done, "{}", case["name"]),
            Finding::Unknown(_) => {
                assert!(!done, "{}", case["name"]);
                assert_eq!(verdict.error.unwrap().outcome(), Outcome::Unknown, "{}", case["name"]);
            }
            _ => panic!("{} settles a resend", case["name"]),
        }
    }
}
