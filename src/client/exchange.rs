//! One request to DOKU and what came of it: token, timestamp, signature, headers, sending, reading. The body goes
//! through here as bytes and is never written anew (P1).

use super::Client;
use super::token::Token;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::snap::codes::{Proof, ResponseCode};
use crate::snap::request::{Headers, token_headers};
use crate::snap::response::Reply;
use crate::snap::signature::{Signed, token_string_to_sign};
use crate::snap::token::Granted;
use crate::snap::{path, timestamp, token};
use crate::transport::{Answer, Failure, FailureKind, Post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::PoisonError;
use std::time::{Instant, UNIX_EPOCH};

/// What is sent, under which id.
pub(super) struct Outgoing<'a> {
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
    pub(super) external_id: &'a str,
    pub(super) device_id: Option<&'a str>,
    pub(super) ip_address: Option<&'a str>,
}

/// What came of it.
pub(super) enum Transmission {
    /// Not one byte of the request was sent.
    NotSent(Error),
    /// DOKU did not take the token, and so never looked at the request; no better token could be had.
    TokenRefused(Error),
    /// Bytes were sent, and no answer came that is DOKU's.
    Lost(Error),
    /// DOKU's answer.
    Answered(Reply),
}

/// How often a request is sent at the most when DOKU does not take the token (journal.md "Evidence").
const TOKEN_TRIES: usize = 3;

impl Client {
    /// Sends a request and reads the answer. A token that DOKU does not take is renewed and the request repeated under
    /// the same id: DOKU looks at the token before it does anything.
    pub(super) fn transmit(&self, outgoing: &Outgoing<'_>, deadline: Instant) -> Transmission {
        let mut refused = None;
        for _ in 0..TOKEN_TRIES {
            let token = match (self.token(deadline), refused.is_some()) {
                (Ok(token), _) => token,
                (Err(error), false) => return Transmission::NotSent(error),
                (Err(error), true) => return Transmission::TokenRefused(error),
            };
            match self.transmit_once(outgoing, &token, deadline) {
                Transmission::Answered(reply) if reply.proves() == Proof::RenewToken => {
                    self.tokens.forget(&token);
                    refused = Some(refusal(&reply, Outcome::Refused));
                }
                Transmission::NotSent(error) if refused.is_some() => return Transmission::TokenRefused(error),
                came => return came,
            }
        }
        let error = refused.unwrap_or_else(|| Error::internal("A request was never tried."));
        Transmission::TokenRefused(error)
    }

    /// The access token, fetched if need be; nothing else is sent.
    pub(super) fn token(&self, deadline: Instant) -> Result<Token> {
        self.tokens.get(deadline, |deadline| self.fetch_token(deadline)).map_err(|error| {
            // Whatever became of the token request, the payment or refund was not sent.
            error.with_outcome(Outcome::NotSent).context("No access token could be had. ")
        })
    }

    fn transmit_once(&self, outgoing: &Outgoing<'_>, token: &Token, deadline: Instant) -> Transmission {
        let timestamp = timestamp::format(self.clock.now().wall_ms, self.settings.timestamp_form);
        let signature = self.symmetric.sign(&Signed {
            method: "POST",
            path: outgoing.path,
            token: token.reveal(),
            body: outgoing.body,
            timestamp: &timestamp,
        });
        let headers = Headers {
            timestamp: &timestamp,
            signature: signature.as_str(),
            partner_id: &self.settings.client_id,
            external_id: outgoing.external_id,
            authorization: token.authorization(),
            device_id: outgoing.device_id,
            ip_address: outgoing.ip_address,
            channel_id: self.settings.channel_id.as_deref(),
        };
        let headers = headers.list();
        let answer = match self.transport.post(&Post {
            path: outgoing.path,
            headers: &headers,
            body: outgoing.body,
            deadline,
        }) {
            Ok(answer) => answer,
            Err(failure) => {
                let error = failure_error(&failure);
                return if failure.sent { Transmission::Lost(error) } else { Transmission::NotSent(error) };
            }
        };
        match Reply::read(answer.status, &answer.body) {
            Some(reply) => {
                if reply.code().is_some() {
                    self.see_date(answer.date.as_deref());
                }
                Transmission::Answered(reply)
            }
            None => Transmission::Lost(unreadable(&answer)),
        }
    }

    fn fetch_token(&self, deadline: Instant) -> Result<Granted> {
        let client_id = &self.settings.client_id;
        let timestamp = timestamp::format(self.clock.now().wall_ms, self.settings.timestamp_form);
        let signature = self
            .settings
            .signing_key
            .sign(token_string_to_sign(client_id, &timestamp).as_bytes())
            .map_err(|problem| Error::internal(problem.to_string()))?;
        let signature = STANDARD.encode(signature);
        let headers = token_headers(&timestamp, &signature, client_id);
        let answer = self
            .transport
            .post(&Post { path: path::TOKEN, headers: &headers, body: token::BODY, deadline })
            .map_err(|failure| failure_error(&failure))?;
        let reply = Reply::read(answer.status, &answer.body).ok_or_else(|| unreadable(&answer))?;
        match token::read(reply.value()) {
            Some(granted) if answer.status == 200 => {
                self.see_date(answer.date.as_deref());
                Ok(granted)
            }
            None if reply.proves() == Proof::Done => {
                let message = "DOKU's answer to the token request has no usable accessToken.";
                Err(Error::new(Kind::BadAnswer, Outcome::NotSent, Retry::Later, message))
            }
            _ => Err(refusal_of_question(&reply, Outcome::NotSent)),
        }
    }

    /// Remembers how far DOKU's clock is ahead of ours.
    fn see_date(&self, date: Option<&str>) {
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let doku_ms = date.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_millis()).ok());
        if let Some(doku_ms) = doku_ms {
            let ahead_ms = doku_ms.saturating_sub(self.clock.now().wall_ms);
            *self.doku_ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead_ms);
        }
    }

    /// How far DOKU's clock is ahead of ours; `None` while no answer of DOKU's was seen.
    pub(super) fn doku_ahead_ms(&self) -> Option<i64> {
        *self.doku_ahead_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A failure of the network, as an error. Whether something may have happened the caller knows better.
fn failure_error(failure: &Failure) -> Error {
    let kind = match failure.kind {
        FailureKind::NameLookup => Kind::NameLookup,
        FailureKind::Connect => Kind::Connect,
        FailureKind::Tls => Kind::Tls,
        FailureKind::Proxy => Kind::Proxy,
        FailureKind::Timeout => Kind::Timeout,
        FailureKind::ConnectionLost => Kind::ConnectionLost,
        FailureKind::Request => Kind::Internal,
        _ => Kind::BadAnswer,
    };
    let outcome = if failure.sent { Outcome::Unknown } else { Outcome::NotSent };
    Error::new(kind, outcome, Retry::SameReference, sentence(&failure.message))
}

/// The transport says what was wrong as part of a sentence; here it becomes one.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// An answer that is not DOKU's. What it says is not shown: it may be anything.
fn unreadable(answer: &Answer) -> Error {
    let what = match (answer.status, answer.content_type.as_deref().unwrap_or_default()) {
        (300..=399, _) => "a redirect, which is not followed",
        (_, html) if html.starts_with("text/html") => "a web page (from a proxy, a firewall or a log-in page?)",
        _ if answer.body.is_empty() => "nothing",
        _ => "something that is no complete JSON",
    };
    let message = format!("The answer (HTTP {}) is not DOKU's: it is {what}.", answer.status);
    Error::new(Kind::BadAnswer, Outcome::Unknown, Retry::SameReference, message).with_http_status(answer.status)
}

/// DOKU's answer to a payment or refund as an error: its code, its words, and what to do.
pub(super) fn refusal(reply: &Reply, outcome: Outcome) -> Error {
    let advice = reply.code().and_then(ResponseCode::row).filter(|row| row.kind.is_some()).map(|row| row.advice);
    with_advice(reply, outcome, advice)
}

/// DOKU's answer to a question (a token, a status) as an error. What the table advises is about payments and refunds;
/// only what is about the merchant's own credentials holds here as well.
pub(super) fn refusal_of_question(reply: &Reply, outcome: Outcome) -> Error {
    let row = reply.code().and_then(ResponseCode::row);
    with_advice(reply, outcome, row.filter(|row| row.http == 401 && row.case == 0).map(|row| row.advice))
}

fn with_advice(reply: &Reply, outcome: Outcome, advice: Option<&str>) -> Error {
    let said = reply.message().map(|message| format!(": {message}")).unwrap_or_default();
    let http_status = reply.http_status();
    let Some(code) = reply.code() else {
        let message = format!("DOKU's answer (HTTP {http_status}) has no readable responseCode{said}.");
        return Error::new(Kind::BadAnswer, outcome, Retry::SameReference, message).with_http_status(http_status);
    };
    let row = code.row();
    let kind = row.and_then(|row| row.kind).unwrap_or(match (code.proves(), code.http()) {
        (_, 401) => Kind::Unauthorized,
        (Proof::Refused, _) => Kind::Declined,
        (Proof::RefusedForNow, _) => Kind::TryLater,
        (Proof::AskStatus, _) => Kind::Conflict,
        (Proof::InProgress, _) => Kind::InProgress,
        (Proof::Nothing, 500..) => Kind::ServerError,
        _ => Kind::BadAnswer,
    });
    let retry = match (outcome, code.proves()) {
        (_, Proof::RefusedForNow | Proof::RenewToken | Proof::InProgress) => Retry::Later,
        (Outcome::Unknown, _) => Retry::SameReference,
        _ if kind == Kind::ServerError => Retry::Later,
        _ => Retry::No,
    };
    let name = row.map(|row| format!(" ({})", row.name)).unwrap_or_default();
    // A code that the HTTP status contradicts is told with it.
    let inside = if http_status == code.http() { String::new() } else { format!(" with HTTP status {http_status}") };
    let advice = advice.map(|advice| format!(" {advice}.")).unwrap_or_default();
    Error::new(kind, outcome, retry, format!("DOKU answered {code}{name}{inside}{said}.{advice}"))
        .with_http_status(http_status)
        .with_response_code(code.to_string())
}
