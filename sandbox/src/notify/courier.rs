//! One attempt to deliver: a token if none is at hand, then the notification, signed (protocol 6).

use std::fmt::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use time::{Duration, OffsetDateTime};

use super::body::{self, Facts};
use super::jwt::Jwt;
use super::notice::{Forgery, Form, Notice};
use super::records::Attempt;
use super::setup::Setup;
use super::token::{self, Kept};
use super::wire;
use crate::crypto::{hmac_sha512, minify, sha256};
use crate::stamp;

const HEADERS: [&str; 7] =
    ["Content-Type", "X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "X-DEVICE-ID", "Authorization"];

/// What is to be told, once or often.
pub(super) struct Message {
    /// X-EXTERNAL-ID of the notification.
    pub(super) external_id: String,
    pub(super) facts: Facts,
    pub(super) form: Form,
    pub(super) forgery: Option<Forgery>,
}

/// A notification as it went over the wire.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

pub(super) struct Courier<'a> {
    pub(super) setup: &'a Setup,
    pub(super) kept: &'a Kept,
    pub(super) now: OffsetDateTime,
}

impl Courier<'_> {
    /// Does it all, and tells what was posted if it came so far.
    pub(super) fn deliver(&self, id: u64, message: &Message) -> (Attempt, Option<Sent>) {
        let forgery = message.forgery.as_ref();
        let mut attempt = Attempt { id, at: stamp::jakarta(self.now), ..Attempt::default() };
        if forgery.is_some_and(is_about_the_token_request) {
            attempt.token = Some(token::ask(self.setup, self.now, forgery).0);
            return (attempt, None);
        }
        let genuine = match self.kept.living(self.now) {
            Some(token) => token,
            None => {
                let (exchange, granted) = token::ask(self.setup, self.now, None);
                attempt.token = Some(exchange);
                let Some((token, lifetime_s)) = granted else {
                    return (attempt, None);
                };
                self.kept.keep(&token, self.now, lifetime_s);
                token
            }
        };
        let sent = self.signed(message, &self.forged(&genuine, forgery));
        let attempt = self.post(attempt, &sent);
        // A merchant that has lost its keys since is asked anew; after a forgery its word says nothing about the token.
        let refused = attempt.notification.as_ref().is_some_and(|exchange| exchange.answer_status == 401);
        if refused && forgery.is_none() {
            self.kept.forget();
        }
        (attempt, Some(sent))
    }

    /// Sends the very same bytes once more.
    pub(super) fn repeat(&self, id: u64, sent: &Sent) -> Attempt {
        self.post(Attempt { id, at: stamp::jakarta(self.now), ..Attempt::default() }, sent)
    }

    fn post(&self, attempt: Attempt, sent: &Sent) -> Attempt {
        let (url, url_text) = (&self.setup.notification_url, &self.setup.notification_text);
        let exchange = wire::post(self.setup, url, url_text, sent.headers.clone(), &sent.body);
        let accepted = (200..300).contains(&exchange.answer_status);
        let acknowledged = accepted && exchange.answer_code() == "2005600";
        Attempt { notification: Some(exchange), accepted, acknowledged, ..attempt }
    }

    fn signed(&self, message: &Message, token: &str) -> Sent {
        let Message { facts, form, .. } = message;
        let forgery = message.forgery.as_ref();
        let signed_body = match forgery {
            Some(Forgery::ChangedAmount | Forgery::ChangedStatus) => body::sent(facts, form, None),
            _ => body::sent(facts, form, forgery),
        };
        let hash = match form {
            Form::PrettySignedRaw => sha256(&signed_body),
            _ => sha256(&minify(&signed_body)),
        };
        let time = match forgery {
            Some(Forgery::Stale { age_s }) => self.now.saturating_sub(Duration::seconds(*age_s)),
            _ => self.now,
        };
        let timestamp = match form {
            Form::ZuluTimestamp => stamp::zulu(time),
            _ => stamp::jakarta(time),
        };
        let path = match forgery {
            Some(Forgery::OtherPath { path }) => path,
            _ => &self.setup.notification_url.target,
        };
        let secret = match forgery {
            Some(Forgery::WrongSecret) => format!("{}x", self.setup.secret),
            _ => self.setup.secret.clone(),
        };
        let mac = hmac_sha512(&secret, &format!("POST:{path}:{token}:{hash}:{timestamp}"));
        let signature = match forgery {
            Some(Forgery::SignatureHex) => hex(&mac),
            Some(Forgery::SignatureCase) => wire::with_other_case(&BASE64_STANDARD.encode(&mac)),
            _ => BASE64_STANDARD.encode(&mac),
        };
        let partner = match forgery {
            Some(Forgery::WrongPartner) => wire::other_client(&self.setup.client_id),
            _ => self.setup.client_id.clone(),
        };
        let values = [
            "application/json".to_owned(),
            timestamp,
            signature,
            partner,
            message.external_id.clone(),
            facts.device_id.clone(),
            format!("Bearer {token}"),
        ];
        let mut headers: Vec<(String, String)> = HEADERS.map(str::to_owned).into_iter().zip(values).collect();
        match forgery {
            Some(Forgery::MissingHeader { header }) => wire::leave_out(&mut headers, header),
            Some(Forgery::DuplicateHeader { header }) => wire::double(&mut headers, header),
            _ => {}
        }
        if *form == Form::LowerCaseHeaders {
            for (name, value) in &mut headers {
                name.make_ascii_lowercase();
                *value = value.replacen("Bearer ", "bearer ", 1);
            }
        }
        let body = match forgery {
            Some(Forgery::ChangedAmount | Forgery::ChangedStatus) => body::sent(facts, form, forgery),
            _ => signed_body,
        };
        Sent { headers, body }
    }

    fn forged(&self, genuine: &str, forgery: Option<&Forgery>) -> String {
        let now_s = self.now.unix_timestamp();
        let jwt = || Jwt::of(genuine, &self.setup.client_id, now_s);
        match forgery {
            Some(Forgery::ExpiredToken { ended_s }) => jwt().ended(&self.setup.merchant_key, now_s, *ended_s),
            Some(Forgery::UnknownToken) => "bm9ib2R5IGlzc3VlZCB0aGlzIHRva2Vu".to_owned(),
            Some(Forgery::Token { token }) => token.clone(),
            Some(Forgery::AlgNone) => jwt().without_algorithm(),
            Some(Forgery::Hs256WithPublicKey { public_key_pem }) => {
                jwt().with_hs256(public_key_pem.as_ref().unwrap_or(&self.setup.merchant_public_key_pem))
            }
            Some(Forgery::OtherMerchantsToken) => jwt().signed_by(&self.setup.stranger_key),
            Some(Forgery::ChangedToken) => jwt().with_one_letter_changed(),
            _ => genuine.to_owned(),
        }
    }
}

/// A forgery that leaves everything as it was would prove nothing: it is refused before anything is sent.
pub(super) fn has_effect(facts: &Facts, notice: &Notice) -> Result<(), String> {
    let nothing = |what: &str| Err(format!("this forgery changes nothing: {what}"));
    let Some(forgery) = &notice.forgery else { return Ok(()) };
    match forgery {
        Forgery::ChangedAmount
        | Forgery::ChangedStatus
        | Forgery::DuplicateKey
        | Forgery::DuplicateNestedKey
        | Forgery::DuplicateEscapedKey => {
            let form = &notice.form;
            if body::sent(facts, form, Some(forgery)) == body::sent(facts, form, None) {
                return nothing("the body has not what it would change");
            }
        }
        Forgery::HugeBody { bytes } if body::sent(facts, &notice.form, Some(forgery)).len() != *bytes => {
            return nothing("the body is longer, or its length is fixed");
        }
        Forgery::MissingHeader { header } | Forgery::DuplicateHeader { header }
            if !HEADERS.iter().any(|name| name.eq_ignore_ascii_case(header)) =>
        {
            return nothing("there is no such header");
        }
        Forgery::TokenRequestMissingHeader { header } | Forgery::TokenRequestDuplicateHeader { header }
            if !token::HEADERS.iter().any(|name| name.eq_ignore_ascii_case(header)) =>
        {
            return nothing("there is no such header");
        }
        _ => {}
    }
    Ok(())
}

fn is_about_the_token_request(forgery: &Forgery) -> bool {
    matches!(
        forgery,
        Forgery::TokenRequestWrongKey
            | Forgery::TokenRequestWrongClient
            | Forgery::TokenRequestStale { .. }
            | Forgery::TokenRequestMissingHeader { .. }
            | Forgery::TokenRequestDuplicateHeader { .. }
            | Forgery::TokenRequestBody { .. }
    )
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
