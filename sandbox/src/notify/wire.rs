//! One request to the merchant and its record, and the ways to spoil its headers.

use super::records::Exchange;
use super::setup::Setup;
use crate::net::Url;

/// How much of a request's body a record keeps.
const KEPT_BODY: usize = 64 * 1024;

pub(super) fn post(setup: &Setup, url: &Url, url_text: &str, headers: Vec<(String, String)>, body: &[u8]) -> Exchange {
    let outcome = setup.client.post(url, &headers, body);
    let kept = body.get(..KEPT_BODY).unwrap_or(body);
    let exchange = Exchange {
        url: url_text.to_owned(),
        headers,
        body: kept.to_vec(),
        body_length: body.len(),
        ..Exchange::default()
    };
    match outcome {
        Ok(reply) => {
            Exchange { answer_status: reply.status, answer_headers: reply.headers, answer_body: reply.body, ..exchange }
        }
        Err(why) => Exchange { error: Some(why), ..exchange },
    }
}

/// A client id of the same shape that is not this one.
pub(super) fn other_client(client_id: &str) -> String {
    let last = if client_id.ends_with('7') { "8" } else { "7" };
    let end = client_id.char_indices().last().map_or(0, |(index, _)| index);
    format!("{}{last}", client_id.get(..end).unwrap_or_default())
}

pub(super) fn leave_out(headers: &mut Vec<(String, String)>, name: &str) {
    headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
}

pub(super) fn double(headers: &mut Vec<(String, String)>, name: &str) {
    let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).cloned();
    headers.extend(found);
}

/// The first letter that has another case, in it.
pub(super) fn with_other_case(signature: &str) -> String {
    let mut done = false;
    signature
        .chars()
        .map(|letter| {
            if done || !letter.is_ascii_alphabetic() {
                return letter;
            }
            done = true;
            if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
        })
        .collect()
}
