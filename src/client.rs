//! The client, which ties the others together: journal, token, protocol and transport.
//!
//! A call is checked, written into the journal, signed, sent, judged and written down again, all within one limit (P4);
//! whatever happens, the error says whether the money may have moved (P3).

mod exchange;
mod judge;
mod operate;
mod token;

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::config::settings::Settings;
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::journal::memory::MemoryJournal;
use crate::journal::{Attempt, Intent, Journal};
use crate::payment::{Payment, PaymentRequest, redirect_url};
use crate::reference::Reference;
use crate::refund::{Refund, RefundRequest};
use crate::snap::codes::Proof;
use crate::snap::external_id::{Derivation, ExternalId, Operation};
use crate::snap::path;
use crate::snap::request::status_body;
use crate::snap::response::Reply;
use crate::snap::signature::Symmetric;
use crate::snap::timestamp::{self, Form};
use crate::status::Status;
use crate::transport::{Https, HttpsOptions, Transport};
use exchange::{Outgoing, Transmission, refusal};
use operate::{Completed, Order};
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use token::TokenStore;

/// A connection to DOKU for one merchant. Make one and keep it: the key is parsed once, and the connection and the
/// token are kept for the next call. It may be used from many threads at once.
pub struct Client {
    settings: Settings,
    symmetric: Symmetric,
    derivation: Derivation,
    tokens: TokenStore,
    journal: Box<dyn Journal>,
    transport: Box<dyn Transport>,
    clock: Box<dyn Clock>,
    random: SystemRandom,
    /// Whether an answer of DOKU's with its own date was seen: then it is DOKU, or near it, that answers.
    doku_date_seen: AtomicBool,
}

impl Client {
    /// A client with these settings. Reads the keys; opens no connection.
    pub fn new(config: &Config) -> Result<Self> {
        let settings = Settings::from_config(config)?;
        let transport = Https::new(HttpsOptions {
            base_url: settings.base_url.clone(),
            connect_timeout: settings.connect_timeout,
            keep_alive: settings.keep_alive,
            roots: settings.roots,
            ca_pem: settings.ca_pem.clone(),
            proxy: settings.proxy.as_ref().map(|proxy| proxy.reveal().to_owned()),
            user_agent: concat!("bayar/", env!("CARGO_PKG_VERSION")).to_owned(),
        })
        .map_err(|problem| Error::setting(Kind::InvalidSetting, problem.setting, problem.message))?;
        Ok(Self::with_parts(settings, Box::new(transport), Box::new(SystemClock)))
    }

    fn with_parts(settings: Settings, transport: Box<dyn Transport>, clock: Box<dyn Clock>) -> Self {
        let secret = settings.client_secret.reveal().as_bytes();
        Self {
            symmetric: Symmetric::new(secret),
            derivation: Derivation::new(secret, &settings.environment, &settings.client_id),
            tokens: TokenStore::new(settings.token_renew_ahead),
            journal: Box::new(MemoryJournal::default()),
            transport,
            clock,
            random: SystemRandom::new(),
            doku_date_seen: AtomicBool::new(false),
            settings,
        }
    }

    /// Connects and fetches the access token ahead, so that the next payment costs one round trip.
    pub fn warm_up(&self) -> Result<()> {
        self.token(self.deadline()).map(|_| ())
    }

    /// Makes a payment and returns its link. Calling again with the same reference is always safe: the same one payment
    /// comes of it. It is not paid yet; see [`Client::wait`] and [`Client::status`].
    pub fn pay(&self, request: &PaymentRequest) -> Result<Payment> {
        let deadline = self.deadline();
        let request = request.or_return_url(self.settings.return_url.as_deref());
        let valid_up_to_ms = request.valid_up_to_ms(self.clock.now_ms(), self.settings.payment_lifetime_s)?;
        let order = Order {
            intent: Intent {
                operation: Operation::Payment,
                reference: request.partner_reference_no.to_string(),
                amount: request.amount,
                channel: request.channel.clone().unwrap_or_else(|| self.settings.channel.clone()),
                original: None,
            },
            path: path::PAYMENT,
            device_id: request.device_id.as_deref().unwrap_or(&self.settings.device_id),
            ip_address: request.ip_address.as_deref(),
        };
        let mut attempt = |again: bool| {
            Ok(Attempt {
                external_id: self.attempt_id(again, &order.intent, &request.partner_reference_no)?,
                body: request.body(&order.intent.channel, valid_up_to_ms, self.settings.forms)?,
                valid_up_to_ms,
                begun_ms: self.clock.now_ms(),
            })
        };
        let Completed { record, answer } = self.operate(&order, &mut attempt, deadline)?;
        let reply = Reply::read(answer.http_status, answer.body.as_bytes());
        let Some(reply) = reply else {
            return Err(Error::internal("A recorded payment cannot be read again.").with_outcome(Outcome::Unknown));
        };
        Ok(Payment {
            partner_reference_no: record.intent.reference,
            amount: record.intent.amount,
            redirect_url: redirect_url(&reply),
            reference_no: reply.text("referenceNo"),
            external_id: record.attempt.external_id,
            valid_up_to: timestamp::format(record.attempt.valid_up_to_ms, Form::Wib),
            response_code: reply.code().map(|code| code.to_string()).unwrap_or_default(),
            json: answer.body,
        })
    }

    /// Makes a refund. Calling again with the same `partner_refund_no` is always safe: the same one refund comes of it.
    pub fn refund(&self, request: &RefundRequest) -> Result<Refund> {
        let deadline = self.deadline();
        let order = Order {
            intent: Intent {
                operation: Operation::Refund,
                reference: request.partner_refund_no.to_string(),
                amount: request.amount,
                channel: request.channel.clone().unwrap_or_else(|| self.settings.channel.clone()),
                original: Some(request.original_partner_reference_no.to_string()),
            },
            path: path::REFUND,
            device_id: request.device_id.as_deref().unwrap_or(&self.settings.device_id),
            ip_address: request.ip_address.as_deref(),
        };
        let mut attempt = |again: bool| {
            Ok(Attempt {
                external_id: self.attempt_id(again, &order.intent, &request.partner_refund_no)?,
                body: request.body(&order.intent.channel)?,
                valid_up_to_ms: 0,
                begun_ms: self.clock.now_ms(),
            })
        };
        let Completed { record, answer } = self.operate(&order, &mut attempt, deadline)?;
        let Some(reply) = Reply::read(answer.http_status, answer.body.as_bytes()) else {
            return Err(Error::internal("A recorded refund cannot be read again.").with_outcome(Outcome::Unknown));
        };
        Ok(Refund::read(&record, &reply, answer.from_status))
    }

    /// Asks DOKU what it knows of a payment. An error proves nothing about the payment: its outcome is unknown.
    pub fn status(&self, original_partner_reference_no: &str) -> Result<Status> {
        let reference = Reference::parse("original_partner_reference_no", original_partner_reference_no)?;
        self.ask(&reference, self.deadline())
    }

    /// Asks until the payment is final ([`Status::is_final`]) or `limit` is over, and returns the last answer. A till
    /// behind a router gets no notification; it uses this. Fails when no answer could be had at all by then, or when
    /// DOKU does not accept the merchant.
    pub fn wait(&self, original_partner_reference_no: &str, limit: Duration) -> Result<Status> {
        let reference = Reference::parse("original_partner_reference_no", original_partner_reference_no)?;
        let end = Instant::now() + limit.min(LONGEST_WAIT);
        let mut pause = self.settings.status_interval;
        let longest_pause = pause.saturating_mul(10);
        let mut last: Option<Status> = None;
        loop {
            let asked = self.ask(&reference, end.min(self.deadline()));
            let error = match asked {
                Ok(status) if status.is_final() => return Ok(status),
                Ok(status) => {
                    last = Some(status);
                    None
                }
                Err(error) if error.kind() == Kind::Unauthorized => return Err(error),
                Err(error) => Some(error),
            };
            let now = Instant::now();
            if now >= end {
                return match (last, error) {
                    (Some(status), _) => Ok(status),
                    (None, Some(error)) => Err(error),
                    (None, None) => Err(Error::internal("Waiting ended without an answer.")),
                };
            }
            std::thread::sleep(pause.min(end - now));
            pause = (pause + pause / 2).min(longest_pause);
        }
    }

    fn ask(&self, reference: &Reference, deadline: Instant) -> Result<Status> {
        let known = self.journal.find(Operation::Payment, reference.as_str())?;
        let now_ms = self.clock.now_ms();
        let link_is_dead = known.is_some_and(|record| record.attempt.valid_up_to_ms < now_ms);
        self.inquire(reference.as_str(), link_is_dead, deadline)
    }

    /// One status inquiry. Whatever fails, nothing is proven about the payment.
    fn inquire(&self, reference: &str, link_is_dead: bool, deadline: Instant) -> Result<Status> {
        let external_id = self.random_id()?;
        let body = status_body(reference, &self.settings.status_service_code)?;
        let outgoing = Outgoing {
            path: path::STATUS,
            body: &body,
            external_id: external_id.as_str(),
            device_id: None,
            ip_address: None,
        };
        let error = match self.transmit(&outgoing, deadline) {
            Transmission::NotSent(error) | Transmission::Lost(error) => error,
            Transmission::Answered(reply) if reply.proves() == Proof::Done => {
                let echo = reply.text("originalPartnerReferenceNo");
                let unsound = reply.unsound(Status::MEMBERS);
                if unsound.is_none() && echo.is_none_or(|echo| echo == reference) {
                    return Ok(Status::read(reference, &reply, link_is_dead));
                }
                let (kind, message) = match unsound {
                    Some(name) => (Kind::BadAnswer, format!("The {name} in DOKU's answer cannot be used.")),
                    None => (Kind::Conflict, "DOKU's answer is about another payment than was asked for.".to_owned()),
                };
                Error::new(kind, Outcome::Unknown, Retry::Later, message)
            }
            Transmission::Answered(reply) => refusal(&reply, Outcome::Unknown),
        };
        Err(error
            .context("The status could not be had. ")
            .with_outcome(Outcome::Unknown)
            .with_external_id(external_id.as_str()))
    }

    /// The X-EXTERNAL-ID of an attempt: derived for the first, random for a later one.
    fn attempt_id(&self, again: bool, intent: &Intent, reference: &Reference) -> Result<String> {
        let id = match again {
            false => self.derivation.first(intent.operation, reference, intent.amount),
            true => self.random_id()?,
        };
        Ok(id.as_str().to_owned())
    }

    fn random_id(&self) -> Result<ExternalId> {
        let mut bytes = [0; 16];
        match self.random.fill(&mut bytes) {
            Ok(()) => Ok(ExternalId::from_bytes(bytes)),
            Err(_) => Err(Error::internal("The system gives no random numbers.")),
        }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.settings.timeout
    }
}

/// Longer than any link lives.
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 86_400);

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("environment", &self.settings.environment)
            .field("client_id", &self.settings.client_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
