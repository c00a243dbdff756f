//! DOKU's four calls: the token, and the three that move or look at money.

mod case;
mod fields;
mod gate;
mod headers;
mod payment;
mod refund;
mod service;
mod status;
mod token;
mod token_store;

pub(crate) use service::Service;
pub(crate) use token_store::TokenStore;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::books::{Fingerprint, Memory};
use crate::lock::lock;
use crate::net::{Answer, Handler, Request};
use crate::seen::Tally;
use crate::stamp;
use crate::world::World;
use case::Case;

/// What a call comes to: the fields of a success, or the case that refuses it.
type Outcome = Result<Map<String, Value>, Case>;

/// Answers one POST to one of the four endpoints.
pub(crate) fn handle(world: &World, service: Service, request: &Request) -> Answer {
    let now = world.now();
    let answer = match service {
        Service::Token => {
            Tally::add(&world.tally.token_requests);
            token::handle(world, request, now)
        }
        Service::Payment => {
            Tally::add(&world.tally.payment_requests);
            transaction(world, service, request, now)
        }
        Service::Refund => {
            Tally::add(&world.tally.refund_requests);
            transaction(world, service, request, now)
        }
        Service::Status => {
            Tally::add(&world.tally.status_requests);
            transaction(world, service, request, now)
        }
    };
    answer.with("X-TIMESTAMP", stamp::jakarta(now))
}

/// A call after its body was read and found good.
enum Order {
    Payment(payment::Order),
    Refund(refund::Order),
    Status(status::Order),
}

/// Authentication and reading need no lock; what follows is one step: look the id up, do the work, remember the answer.
fn transaction(world: &World, service: Service, request: &Request, now: OffsetDateTime) -> Answer {
    let caller = match gate::admit(world, service, request, now) {
        Ok(caller) => caller,
        Err(case) => return answer(service, &Err(case)),
    };
    let json = fields::parse(&request.body);
    let order = match &json {
        Some(json) => read(service, json, now),
        None => Err(Case::BadRequest),
    };
    let fingerprint = Fingerprint { target: request.target.clone(), body_sha256: caller.body_sha256.clone() };

    let mut books = lock(&world.books);
    // Read under the lock: at midnight a slower request must not turn the day back.
    let today = stamp::jakarta_day(world.now());
    if let Some(json) = &json {
        let named = |field: &str| json.get(field).and_then(Value::as_str);
        match service {
            Service::Payment => named("partnerReferenceNo").map(|name| books.ledger.note_payment_request(name)),
            Service::Refund => named("partnerRefundNo").map(|name| books.ledger.note_refund_request(name)),
            Service::Token | Service::Status => None,
        };
    }
    // Protocol 8: the same request again gets the first body again, under the status 409.
    match books.remembered.recall(today, &caller.external_id, &fingerprint) {
        Memory::Same(body) => return Answer::json(409, body.to_vec()),
        Memory::Other => return answer(service, &Err(Case::Conflict)),
        Memory::New => {}
    }
    let outcome = order.and_then(|order| match order {
        Order::Payment(order) => order.perform(world, &mut books, &caller, now),
        Order::Refund(order) => order.perform(world, &mut books, now),
        Order::Status(order) => order.perform(&books, now),
    });
    let answer = answer(service, &outcome);
    books.remembered.remember(today, &caller.external_id, fingerprint, &answer.body);
    answer
}

fn read(service: Service, json: &Map<String, Value>, now: OffsetDateTime) -> Result<Order, Case> {
    let fields = fields::Fields::of(json);
    match service {
        Service::Payment => payment::Order::read(&fields, now).map(Order::Payment),
        Service::Refund => refund::Order::read(&fields).map(Order::Refund),
        Service::Status => status::Order::read(&fields).map(Order::Status),
        Service::Token => Err(Case::BadRequest),
    }
}

/// `responseCode` and `responseMessage` (protocol 9) in front of the fields of a success.
fn answer(service: Service, outcome: &Outcome) -> Answer {
    let (case, mut body) = match outcome {
        Ok(fields) => (&Case::Successful, fields.clone()),
        Err(case) => (case, Map::new()),
    };
    body.insert("responseCode".to_owned(), case.code(service).into());
    body.insert("responseMessage".to_owned(), case.message().into());
    Answer::json(case.http(), Value::Object(body).to_string().into_bytes())
}

/// The fields of a success, out of a `json!` object.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
