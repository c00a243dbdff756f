//! The B2B token call (protocol 2): an RSA signature over client id and time buys a bearer token for 15 minutes.

use serde_json::json;

use super::case::Case;
use super::fields::{Fields, parse};
use super::headers::{content_type, in_window, required, timestamp};
use super::service::Service;
use super::times::Times;
use super::{Outcome, answer, object};
use crate::net::{Answer, Request};
use crate::seen::Tally;
use crate::world::World;

pub(super) fn handle(world: &World, request: &Request, times: Times) -> Answer {
    let outcome = issue(world, request, times);
    let answer = answer(world, Service::Token, &outcome);
    if outcome.is_ok() { answer.with("X-CLIENT-KEY", world.options.client_id.clone()) } else { answer }
}

fn issue(world: &World, request: &Request, times: Times) -> Outcome {
    content_type(request)?;
    let client = required(request, "X-CLIENT-KEY")?;
    let (time_text, time) = timestamp(request)?;
    let signature = required(request, "X-SIGNATURE")?;
    in_window(time, times.shown, world.options.timestamp_window_s)?;
    if client != world.options.client_id {
        return Err(Case::Unauthorized("Unknown Client"));
    }
    let message = format!("{client}|{time_text}");
    if !world.merchant_key.verifies(&message, signature) {
        return Err(Case::Unauthorized("Invalid Signature"));
    }
    grant_type(&request.body)?;

    let token = world.random.token().map_err(|_| Case::Internal)?;
    let lifetime = world.tokens.issue(&token, times.now);
    Tally::add(&world.tally.tokens_issued);
    Ok(object(json!({
        "accessToken": token,
        "tokenType": "Bearer",
        // A string in DOKU's documents, a number in most of its SDKs.
        "expiresIn": lifetime.to_string(),
    })))
}

fn grant_type(body: &[u8]) -> Result<(), Case> {
    let json = parse(body).ok_or(Case::BadRequest)?;
    Fields::of(&json).one_of("grantType", &["client_credentials"])?;
    Ok(())
}
