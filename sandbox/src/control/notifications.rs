//! The control endpoints of notifications, under `/_sandbox/notifications`.

use serde_json::{Value, json};

use super::{json_answer, only, refused, seconds};
use crate::net::{Answer, Request};
use crate::notify::{self, Attempt, Exchange, NotificationRecord};
use crate::world::World;

/// Answers a control request; `rest` is its path after `/_sandbox/notifications/`.
pub(super) fn handle(world: &World, request: &Request, rest: &str) -> Answer {
    let notifier = &world.notifier;
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    let id = first.and_then(|text| text.parse::<u64>().ok());
    match (first, id, second, third) {
        (None, ..) => only(request, "GET", || {
            let records: Vec<Value> = notifier.records().iter().map(record).collect();
            json_answer(200, &Value::Array(records))
        }),
        (_, Some(id), None, _) => only(request, "GET", || match notifier.record(id) {
            Some(found) => json_answer(200, &record(&found)),
            None => Answer::empty(404),
        }),
        (_, Some(id), Some(what @ ("resend" | "replay")), None) => only(request, "POST", || {
            if notifier.record(id).is_none() {
                return Answer::empty(404);
            }
            attempted(&notifier.again(id, what == "replay"))
        }),
        (Some("to"), _, None, _) => only(request, "POST", || configure(world, &request.body)),
        (Some("deliver"), _, None, _) => only(request, "POST", || {
            let notice = json(&request.body).and_then(|json| notify::notice(&json));
            attempted(&notice.and_then(|notice| notifier.deliver(&notice)))
        }),
        (Some("advance"), _, None, _) => only(request, "POST", || match seconds(&request.body).map(u64::try_from) {
            Ok(Ok(seconds)) => {
                notifier.advance(seconds);
                Answer::empty(204)
            }
            Ok(Err(_)) => refused("the schedule does not go back"),
            Err(why) => refused(&why),
        }),
        (Some("forget_token"), _, None, _) => only(request, "POST", || {
            notifier.forget_token();
            Answer::empty(204)
        }),
        _ => Answer::empty(404),
    }
}

fn json(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn configure(world: &World, body: &[u8]) -> Answer {
    let settings = json(body).and_then(|json| notify::settings(&json));
    let done = settings.and_then(|settings| world.notifier.configure(settings).map_err(|error| error.to_string()));
    match done {
        Ok(()) => Answer::empty(204),
        Err(why) => refused(&why),
    }
}

fn attempted(outcome: &Result<Attempt, String>) -> Answer {
    match outcome {
        Ok(done) => json_answer(200, &attempt(done)),
        Err(why) => refused(why),
    }
}

fn record(record: &NotificationRecord) -> Value {
    json!({
        "id": record.id,
        "partner_reference_no": record.partner_reference_no,
        "status": record.status,
        "state": record.state.name(),
        "attempts": record.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "id": attempt.id,
        "at": attempt.at,
        "token": attempt.token.as_ref().map(exchange),
        "notification": attempt.notification.as_ref().map(exchange),
        "accepted": attempt.accepted,
        "acknowledged": attempt.acknowledged,
    })
}

/// Headers as pairs: a name may be there twice.
fn exchange(exchange: &Exchange) -> Value {
    json!({
        "url": exchange.url,
        "headers": exchange.headers,
        "body": String::from_utf8_lossy(&exchange.body),
        "body_length": exchange.body_length,
        "answer_status": exchange.answer_status,
        "answer_headers": exchange.answer_headers,
        "answer_body": String::from_utf8_lossy(&exchange.answer_body),
        "answer_code": exchange.answer_code(),
        "error": exchange.error,
    })
}
