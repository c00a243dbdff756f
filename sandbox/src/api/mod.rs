//! DOKU's four calls: the token, and the three that move or look at money.

mod case;
mod fields;
mod gate;
mod headers;
mod id;
mod payment;
mod refund;
mod service;
mod status;
mod times;
mod token;
mod token_store;

pub(crate) use service::Service;
pub(crate) use status::latest;
pub(crate) use token_store::TokenStore;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::assumptions::Assumption;
use crate::books::{Fingerprint, Ledger, Memory};
use crate::lock::lock;
use crate::misbehaviour::{Misbehaviour, apply, instead, is_remembered, said_after_work};
use crate::net::{Answer, Request};
use crate::stamp;
use crate::world::World;
use case::Case;
use id::Id;
use times::Times;

/// What a call comes to: the fields of a success, or the case that refuses it.
type Outcome = Result<Map<String, Value>, Case>;

/// What awaits a request before anybody has looked at it.
pub(crate) struct Fate<'a> {
    pub(crate) misbehaviour: Option<&'a Misbehaviour>,
    /// Whether a request with the same X-EXTERNAL-ID is under way, and this one is not to wait for it.
    pub(crate) overtakes: bool,
}

/// Answers one POST to one of the four endpoints.
pub(crate) fn handle(world: &World, service: Service, request: &Request, fate: &Fate<'_>) -> Answer {
    let times = Times::of(world, fate.misbehaviour);
    let digits = service.digits(&world.assumptions);
    let answer = match service {
        Service::Token => fate
            .misbehaviour
            .and_then(|what| instead(what, digits, request))
            .unwrap_or_else(|| spoken(fate, digits, token::handle(world, request, times))),
        Service::Payment | Service::Refund | Service::Status => transaction(world, service, request, fate, times),
    };
    let mut answer = answer.with("X-TIMESTAMP", stamp::jakarta(times.shown));
    if let Some(what) = fate.misbehaviour {
        apply(what, &mut answer);
    }
    answer
}

/// A call after its body was read and found good.
enum Order {
    Payment(payment::Order),
    Refund(refund::Order),
    Status(status::Order),
}

/// Authentication and reading need no lock; what follows is one step: look the id up, do the work, remember the answer.
fn transaction(world: &World, service: Service, request: &Request, fate: &Fate<'_>, times: Times) -> Answer {
    let digits = service.digits(&world.assumptions);
    let instead = fate.misbehaviour.and_then(|what| instead(what, digits, request));
    let caller = match gate::admit(world, service, request, times) {
        Ok(caller) => caller,
        Err(case) => {
            return instead.unwrap_or_else(|| spoken(fate, digits, answer(world, service, &Err(case))));
        }
    };
    let json = fields::parse(&request.body);
    let order = match &json {
        Some(json) => read(service, json, times.now),
        None => Err(Case::BadRequest),
    };
    let fingerprint = Fingerprint { target: request.target.clone(), body_sha256: caller.body_sha256.clone() };

    let mut books = lock(&world.books);
    // Read under the lock: at midnight a slower request must not turn the day back.
    let today = stamp::jakarta_day(world.date());
    let mut memory = Id { world, books: &mut books, today, external_id: &caller.external_id, fingerprint };
    let number = json.as_ref().and_then(|json| note(&mut memory.books.ledger, service, json));
    if let Some(answer) = instead {
        if fate.misbehaviour.is_some_and(is_remembered) && memory.recall() == Memory::New {
            memory.remember(&[&answer]);
        }
        return answer;
    }
    if fate.overtakes {
        return answer(world, service, &Err(Case::Conflict));
    }
    let hides = !world.assumptions.hold(Assumption::SuccessIsNotHidden);
    if hides && service == Service::Refund && number.is_some_and(|no| memory.books.ledger.refund(no).is_some()) {
        return answer(world, service, &Err(Case::NotPermitted));
    }
    // Protocol 8: the same request again gets the first body again, under the status 409.
    match memory.recall() {
        Memory::Same(body) => return spoken(fate, digits, Answer::json(409, body.to_vec())),
        Memory::Other => return spoken(fate, digits, answer(world, service, &Err(Case::Conflict))),
        Memory::New => {}
    }
    let outcome = order.and_then(|order| match order {
        Order::Payment(order) => order.perform(world, memory.books, &caller, times.now),
        Order::Refund(order) => order.perform(world, memory.books, times.now),
        Order::Status(order) => order.perform(world, memory.books, times.now),
    });
    let truth = answer(world, service, &outcome);
    match fate.misbehaviour.and_then(|what| said_after_work(what, digits)) {
        Some(said) => {
            memory.remember(&[&said, &truth]);
            said
        }
        None => {
            memory.remember(&[&truth]);
            truth
        }
    }
}

/// What is said in place of this answer.
fn spoken(fate: &Fate<'_>, digits: &str, answer: Answer) -> Answer {
    fate.misbehaviour.and_then(|what| said_after_work(what, digits)).unwrap_or(answer)
}

/// Counts the request under the number that it names, and tells that number.
fn note<'a>(ledger: &mut Ledger, service: Service, json: &'a Map<String, Value>) -> Option<&'a str> {
    let named = |field: &str| json.get(field).and_then(Value::as_str);
    match service {
        Service::Payment => named("partnerReferenceNo").inspect(|number| ledger.note_payment_request(number)),
        Service::Refund => named("partnerRefundNo").inspect(|number| ledger.note_refund_request(number)),
        Service::Token | Service::Status => None,
    }
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
fn answer(world: &World, service: Service, outcome: &Outcome) -> Answer {
    let (case, mut body) = match outcome {
        Ok(fields) => (&Case::Successful, fields.clone()),
        Err(case) => (case, Map::new()),
    };
    body.insert("responseCode".to_owned(), case.code(service.digits(&world.assumptions)).into());
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
