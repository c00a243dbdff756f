//! The control endpoints under `/_sandbox/`, for tests and scripts in any language.

mod notifications;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::misbehaviour::rule;
use crate::net::{Answer, Request};
use crate::records::{Counts, PaymentRecord};
use crate::world::World;

/// Answers a control request; `rest` is its path after `/_sandbox/`.
pub(crate) fn handle(world: &World, request: &Request, rest: &str) -> Answer {
    let mut parts = rest.split('/');
    let place = (parts.next(), parts.next(), parts.next(), parts.next());
    match place {
        (Some("counts"), None, ..) => only(request, "GET", || json_answer(200, &counts(&world.tally.counts()))),
        (Some("payments"), Some(reference), None, None) => only(request, "GET", || show(world, &decoded(reference))),
        (Some("payments"), Some(reference), Some("approve"), None) => {
            only(request, "POST", || decide(world, &decoded(reference), true))
        }
        (Some("payments"), Some(reference), Some("decline"), None) => {
            only(request, "POST", || decide(world, &decoded(reference), false))
        }
        (Some("misbehave"), None, ..) => only(request, "POST", || misbehave(world, &request.body)),
        (Some("behave"), None, ..) => only(request, "POST", || {
            world.rules.clear();
            Answer::empty(204)
        }),
        (Some("clock"), None, ..) => only(request, "POST", || advance_clock(world, &request.body)),
        (Some("notifications"), ..) => notifications::handle(world, request, parts_after(rest)),
        _ => Answer::empty(404),
    }
}

fn parts_after(rest: &str) -> &str {
    rest.split_once('/').map_or("", |(_, rest)| rest)
}

fn advance_clock(world: &World, body: &[u8]) -> Answer {
    match seconds(body) {
        Ok(seconds) => {
            world.options.clock.advance(seconds);
            Answer::empty(204)
        }
        Err(why) => refused(&why),
    }
}

/// The one member of `{"seconds": 1800}`.
fn seconds(body: &[u8]) -> Result<i64, String> {
    let json: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    json.get("seconds").and_then(Value::as_i64).ok_or_else(|| "seconds must be a number".to_owned())
}

fn refused(why: &str) -> Answer {
    json_answer(400, &json!({ "error": why }))
}

fn only(request: &Request, method: &'static str, answer: impl FnOnce() -> Answer) -> Answer {
    if request.method == method { answer() } else { Answer::only(method) }
}

fn decoded(reference: &str) -> String {
    percent_decode_str(reference).decode_utf8_lossy().into_owned()
}

fn show(world: &World, reference: &str) -> Answer {
    match world.record(reference) {
        Some(record) => json_answer(200, &payment(&record)),
        None => json_answer(404, &json!({ "error": format!("nobody asked for {reference}") })),
    }
}

fn decide(world: &World, reference: &str, approves: bool) -> Answer {
    match world.decide(reference, approves) {
        Ok(()) => show(world, reference),
        Err(why) => {
            let made = world.record(reference).is_some_and(|record| record.times_made > 0);
            json_answer(if made { 409 } else { 404 }, &json!({ "error": why }))
        }
    }
}

fn misbehave(world: &World, body: &[u8]) -> Answer {
    let json = serde_json::from_slice(body).map_err(|error| error.to_string());
    match json.and_then(|json| rule(&json)) {
        Ok(rule) => {
            world.rules.add(rule);
            Answer::empty(204)
        }
        Err(why) => refused(&why),
    }
}

fn json_answer(status: u16, value: &Value) -> Answer {
    Answer::json(status, value.to_string().into_bytes())
}

fn counts(counts: &Counts) -> Value {
    json!({
        "token_requests": counts.token_requests,
        "tokens_issued": counts.tokens_issued,
        "payment_requests": counts.payment_requests,
        "refund_requests": counts.refund_requests,
        "status_requests": counts.status_requests,
        "payments_made": counts.payments_made,
        "refunds_made": counts.refunds_made,
        "connections": counts.connections,
    })
}

fn payment(record: &PaymentRecord) -> Value {
    let refunds = record.refunds.iter().map(|refund| {
        json!({
            "partner_refund_no": refund.partner_refund_no,
            "refund_no": refund.refund_no,
            "amount": refund.amount,
            "reason": refund.reason,
            "requests": refund.requests,
            "times_made": refund.times_made,
        })
    });
    json!({
        "partner_reference_no": record.partner_reference_no,
        "reference_no": record.reference_no,
        "amount": record.amount,
        "state": record.state.name(),
        "requests": record.requests,
        "times_made": record.times_made,
        "checkout_url": record.checkout_url,
        "refunds": refunds.collect::<Vec<_>>(),
    })
}
