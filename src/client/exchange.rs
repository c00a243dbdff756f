//! One request to DOKU and what came of it: token, timestamp, signature, headers, sending, reading. The body goes
//! through here as bytes and is never written anew (P1).

use super::retry::{self, Circumstances, Next, Tries};
use super::token::Token;
use super::words::{failure_error, refusal, refusal_of_question, unreadable};
use super::worker::Worker;
use crate::crash;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::events::Level;
use crate::journal::Attempt;
use crate::limit::Limit;
use crate::snap::codes::Proof;
use crate::snap::external_id::Operation;
use crate::snap::request::{Headers, token_headers};
use crate::snap::response::Reply;
use crate::snap::signature::{Signed, token_string_to_sign};
use crate::snap::token::Granted;
use crate::snap::{path, timestamp, token};
use crate::transport::Post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;
use zeroize::Zeroize;

/// What is sent, under which id.
pub(super) struct Outgoing<'a> {
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
    pub(super) external_id: &'a str,
    pub(super) device_id: Option<&'a str>,
    pub(super) ip_address: Option<&'a str>,
    /// What it does, and the attempt as the journal has it; `None` for a question.
    pub(super) attempt: Option<(Operation, &'a Attempt)>,
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

/// What a request came to within one call.
pub(super) struct Came {
    pub(super) transmission: Transmission,
    /// Whether it was sent again after its fate was unknown: then a refusal proves nothing.
    pub(super) resent: bool,
    /// How long DOKU asks to wait before a new attempt, where that is still within the call's limit.
    pub(super) new_attempt_after: Option<Duration>,
}

impl Worker {
    /// Sends a request and reads the answer, again where the retry rule says so, all within the limit. `waited` counts
    /// the attempts that this call has given up because DOKU asked it to wait.
    pub(super) fn transmit(&self, outgoing: &Outgoing<'_>, waited: u32, limit: &Limit) -> Came {
        let mut tries = Tries { waited, ..Tries::default() };
        // The first transmission whose fate is unknown, and the last refusal of a token.
        let (mut lost, mut refused): (Option<Error>, Option<Error>) = (None, None);
        loop {
            let (came, clock_was_wrong) = match self.token(limit) {
                Ok(token) => self.transmit_once(outgoing, &token, limit),
                Err(error) => (Transmission::NotSent(error), false),
            };
            let circumstances = Circumstances {
                operation: outgoing.attempt.map(|(operation, _)| operation),
                safe_day: outgoing.attempt.is_some_and(|(_, attempt)| self.is_safe_day(attempt)),
                clock_was_wrong,
                left: limit.left(),
                random: self.random_byte(),
            };
            let next = retry::next(tries, &came, &circumstances);
            self.log_transmission(outgoing, &came, next);
            match (next, &came) {
                (Next::WithNewToken(_), Transmission::Answered(reply)) => {
                    tries.tokens += 1;
                    refused = Some(refusal(reply, Outcome::Refused));
                }
                (Next::SameAgain(_), Transmission::Lost(error)) => {
                    tries.resent = true;
                    lost = Some(error.clone());
                }
                (Next::SameAgain(_), Transmission::Answered(reply)) if reply.proves() == Proof::Nothing => {
                    tries.resent = true;
                    lost = Some(refusal(reply, Outcome::Unknown));
                }
                (Next::SameAgain(_), _) if clock_was_wrong => tries.clock = true,
                (Next::SameAgain(_), _) => tries.waited += 1,
                _ => {}
            }
            match next {
                Next::WithNewToken(pause) | Next::SameAgain(pause) => limit.sleep(pause),
                Next::Stop | Next::NewAttempt(_) => {
                    let transmission = sum_up(came, lost, refused);
                    let new_attempt_after = match next {
                        Next::NewAttempt(pause) => Some(pause),
                        _ => None,
                    };
                    return Came { transmission, resent: tries.resent, new_attempt_after };
                }
            }
        }
    }

    fn log_transmission(&self, outgoing: &Outgoing<'_>, came: &Transmission, next: Next) {
        let level = if next == Next::Stop { Level::Debug } else { Level::Warn };
        self.log(level, || {
            let came = match came {
                Transmission::NotSent(error) => format!("not sent: {error}"),
                Transmission::TokenRefused(error) => format!("token refused: {error}"),
                Transmission::Lost(error) => format!("lost: {error}"),
                Transmission::Answered(reply) => match reply.code() {
                    Some(code) => format!("HTTP {}, {code}", reply.http_status()),
                    None => format!("HTTP {}, no code", reply.http_status()),
                },
            };
            let then = match next {
                Next::Stop => String::new(),
                Next::WithNewToken(pause) => format!("; again with a new token in {} ms", pause.as_millis()),
                Next::SameAgain(pause) => format!("; the same again in {} ms", pause.as_millis()),
                Next::NewAttempt(pause) => format!("; a new attempt in {} ms", pause.as_millis()),
            };
            format!("{} X-EXTERNAL-ID {}: {came}{then}", outgoing.path, outgoing.external_id)
        });
    }

    /// The access token, fetched if need be; nothing else is sent.
    pub(super) fn token(&self, limit: &Limit) -> Result<Token> {
        self.tokens.get(limit, |limit, stale| self.shared_token(stale, limit)).map_err(|error| {
            // Whatever became of the token request, the payment or refund was not sent.
            error.with_outcome(Outcome::NotSent).context("No access token could be had. ")
        })
    }

    /// Sends it once; also tells whether the answer says that our clock is wrong.
    fn transmit_once(&self, outgoing: &Outgoing<'_>, token: &Token, limit: &Limit) -> (Transmission, bool) {
        let timestamp = timestamp::format(self.doku_now_ms(), self.merchant.settings.timestamp_form);
        let signature = self.merchant.symmetric.sign(&Signed {
            method: "POST",
            path: outgoing.path,
            token: token.reveal(),
            body: outgoing.body,
            timestamp: &timestamp,
        });
        let headers = Headers {
            timestamp: &timestamp,
            signature: signature.as_str(),
            partner_id: &self.merchant.settings.client_id,
            external_id: outgoing.external_id,
            authorization: token.authorization(),
            device_id: outgoing.device_id,
            ip_address: outgoing.ip_address,
            channel_id: self.merchant.settings.channel_id.as_deref(),
        };
        let headers = headers.list();
        let answer =
            match self.transport.post(&Post { path: outgoing.path, headers: &headers, body: outgoing.body, limit }) {
                Ok(answer) => answer,
                Err(failure) => {
                    let error = failure_error(&failure);
                    let came = if failure.sent { Transmission::Lost(error) } else { Transmission::NotSent(error) };
                    return (came, false);
                }
            };
        crash::point("network.after_read");
        let Some(reply) = Reply::read(answer.status, &answer.body) else {
            return (Transmission::Lost(unreadable(&answer)), false);
        };
        let secrets = [token.reveal(), signature.as_str(), self.merchant.settings.client_secret.reveal()];
        let reply = reply.with_retry_after(answer.retry_after.as_deref()).without(&secrets);
        if reply.proves() == Proof::RenewToken {
            self.tokens.forget(token);
        }
        // Only what is DOKU's by its code is believed to know the time.
        let clock_was_wrong = reply.code().is_some() && self.see_date(answer.date.as_deref());
        (Transmission::Answered(reply), clock_was_wrong)
    }

    /// Fetches a token; a second time if the answer to the first tells that our clock is wrong.
    pub(super) fn fetch_token(&self, limit: &Limit) -> Result<Granted> {
        match self.fetch_token_once(limit)? {
            (Ok(granted), _) => {
                self.log(Level::Info, || format!("A new access token, good for {} s.", granted.lifetime_s));
                Ok(granted)
            }
            (Err(_), true) => self.fetch_token_once(limit)?.0,
            (Err(error), false) => Err(error),
        }
    }

    fn fetch_token_once(&self, limit: &Limit) -> Result<(Result<Granted>, bool)> {
        let client_id = &self.merchant.settings.client_id;
        let timestamp = timestamp::format(self.doku_now_ms(), self.merchant.settings.timestamp_form);
        let signature = self
            .merchant
            .settings
            .signing_key
            .sign(token_string_to_sign(client_id, &timestamp).as_bytes())
            .map_err(|problem| Error::internal(problem.to_string()))?;
        let signature = STANDARD.encode(signature);
        let headers = token_headers(&timestamp, &signature, client_id);
        let mut answer = self
            .transport
            .post(&Post { path: path::TOKEN, headers: &headers, body: token::BODY, limit })
            .map_err(|failure| failure_error(&failure))?;
        if answer.status == 200
            && let Some(granted) = token::read(&answer.body)
        {
            answer.body.zeroize();
            self.see_date(answer.date.as_deref());
            return Ok((Ok(granted), false));
        }
        let reply = Reply::read(answer.status, &answer.body).ok_or_else(|| unreadable(&answer))?;
        let granted_all_the_same = reply.text("accessToken").unwrap_or_default();
        let secrets = [&signature, self.merchant.settings.client_secret.reveal(), &granted_all_the_same];
        let reply = reply.without(&secrets);
        let clock_was_wrong = reply.code().is_some() && self.see_date(answer.date.as_deref());
        let error = match reply.proves() {
            Proof::Done if answer.status == 200 => {
                let message = "DOKU's answer to the token request has no usable accessToken.";
                Error::new(Kind::BadAnswer, Outcome::NotSent, Retry::Later, message)
            }
            // What these say is about payments; of a token it only says that there is none.
            Proof::InProgress | Proof::AskStatus => {
                let message = format!("{} No token came of it.", refusal_of_question(&reply, Outcome::NotSent));
                Error::new(Kind::BadAnswer, Outcome::NotSent, Retry::Later, message)
            }
            _ => self.with_clock(refusal_of_question(&reply, Outcome::NotSent)),
        };
        Ok((Err(error), clock_was_wrong))
    }
}

/// What the call as a whole came to. Where the last try sent nothing, what an earlier one did still holds.
fn sum_up(came: Transmission, lost: Option<Error>, refused: Option<Error>) -> Transmission {
    match (came, lost, refused) {
        (Transmission::NotSent(_), Some(lost), _) => Transmission::Lost(lost),
        (Transmission::NotSent(error), None, Some(_)) => Transmission::TokenRefused(error),
        (Transmission::Answered(reply), lost, _) if reply.proves() == Proof::RenewToken && !reply.is_replay() => {
            match lost {
                Some(lost) => Transmission::Lost(lost),
                None => Transmission::TokenRefused(refusal(&reply, Outcome::Refused)),
            }
        }
        (came, _, _) => came,
    }
}
