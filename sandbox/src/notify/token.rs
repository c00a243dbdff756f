//! Asking the merchant for a token (protocol 6.1), genuinely or not, and keeping what it gave until that ends.

use std::sync::Mutex;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::notice::Forgery;
use super::records::Exchange;
use super::setup::Setup;
use super::wire;
use crate::lock::lock;
use crate::stamp;

pub(super) const HEADERS: [&str; 4] = ["Content-Type", "X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"];
const GRANT: &str = r#"{"grantType":"client_credentials"}"#;

/// The merchant's newest token.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<(String, OffsetDateTime)>>);

impl Kept {
    pub(super) fn living(&self, now: OffsetDateTime) -> Option<String> {
        let kept = lock(&self.0);
        kept.as_ref().filter(|(_, end)| *end > now).map(|(token, _)| token.clone())
    }

    pub(super) fn keep(&self, token: &str, now: OffsetDateTime, lifetime_s: i64) {
        let end = now.saturating_add(Duration::seconds(lifetime_s));
        *lock(&self.0) = Some((token.to_owned(), end));
    }

    pub(super) fn forget(&self) {
        *lock(&self.0) = None;
    }
}

/// Asks for a token; what came of it, if anything, is the token and its lifetime in seconds.
pub(super) fn ask(setup: &Setup, now: OffsetDateTime, forgery: Option<&Forgery>) -> (Exchange, Option<(String, i64)>) {
    let client_id = match forgery {
        Some(Forgery::TokenRequestWrongClient) => wire::other_client(&setup.client_id),
        _ => setup.client_id.clone(),
    };
    let time = match forgery {
        Some(Forgery::TokenRequestStale { age_s }) => now.saturating_sub(Duration::seconds(*age_s)),
        _ => now,
    };
    let key = match forgery {
        Some(Forgery::TokenRequestWrongKey) => &setup.stranger_key,
        _ => &setup.doku_key,
    };
    let timestamp = stamp::jakarta(time);
    let signature = BASE64_STANDARD.encode(key.sign(&format!("{client_id}|{timestamp}")));
    let values = ["application/json".to_owned(), client_id, timestamp, signature];
    let mut headers: Vec<(String, String)> = HEADERS.map(str::to_owned).into_iter().zip(values).collect();
    match forgery {
        Some(Forgery::TokenRequestMissingHeader { header }) => wire::leave_out(&mut headers, header),
        Some(Forgery::TokenRequestDuplicateHeader { header }) => wire::double(&mut headers, header),
        _ => {}
    }
    let body = match forgery {
        Some(Forgery::TokenRequestBody { body }) => body,
        _ => GRANT,
    };
    let exchange = wire::post(setup, &setup.token_url, &setup.token_text, headers, body.as_bytes());
    let token = granted(&exchange);
    (exchange, token)
}

/// The token of a 200 answer with 2007300. Its lifetime is a number in DOKU's SDKs, a text by ASPI; without one it is good once.
fn granted(exchange: &Exchange) -> Option<(String, i64)> {
    if exchange.answer_status != 200 || exchange.answer_code() != "2007300" {
        return None;
    }
    let json: Value = serde_json::from_slice(&exchange.answer_body).ok()?;
    let token = json.get("accessToken")?.as_str().filter(|token| !token.is_empty())?;
    let lifetime_s = match json.get("expiresIn") {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    Some((token.to_owned(), lifetime_s.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_grant_is_taken() {
        let answered = |status: u16, body: &str| {
            let answer_body = body.as_bytes().to_vec();
            granted(&Exchange { answer_status: status, answer_body, ..Exchange::default() })
        };
        let token = |lifetime_s| Some(("t".to_owned(), lifetime_s));
        let good = r#"{"responseCode":"2007300","accessToken":"t","expiresIn":900}"#;
        assert_eq!(answered(200, good), token(900));
        assert_eq!(answered(200, &good.replace("900", "\"900\"")), token(900));
        assert_eq!(answered(200, r#"{"responseCode":"2007300","accessToken":"t"}"#), token(0));
        assert_eq!(answered(401, good), None);
        assert_eq!(answered(200, &good.replace("2007300", "4017300")), None);
        assert_eq!(answered(200, &good.replace("\"t\"", "\"\"")), None);
        assert_eq!(answered(200, "no JSON"), None);
    }
}
