//! The calls of the client, within one process: payment, refund, status and waiting, each through the journal, the token,
//! the protocol and the transport.

use super::Merchant;
use super::exchange::{Outgoing, Transmission};
use super::operate::{Order, Uncertain};
use super::token::{TokenStore, over};
use super::words::refusal_of_question;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::events::{Events, Level};
use crate::journal::{self, Attempt, Intent, Journal, Need, Record, Scope};
use crate::limit::{Cancel, Limit};
use crate::payment::{Payment, PaymentRequest};
use crate::reference::Reference;
use crate::refund::{Refund, RefundRequest};
use crate::snap::codes::Proof;
use crate::snap::external_id::{ExternalId, Operation};
use crate::snap::path;
use crate::snap::request::status_body;
use crate::status::Status;
use crate::transport::{Https, HttpsOptions, Transport};
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What one process uses: its own token, journal, connections and clock.
pub(super) struct Worker {
    pub(super) merchant: Arc<Merchant>,
    pub(super) tokens: TokenStore,
    pub(super) journal: Journal,
    pub(super) transport: Box<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    random: SystemRandom,
    pub(super) events: Events,
    pub(super) uncertain: Uncertain,
    /// How far the date of DOKU's answers is ahead of ours, once one was seen.
    pub(super) doku_ahead_ms: Mutex<Option<i64>>,
}

impl Worker {
    /// Opens no connection.
    pub(super) fn new(merchant: Arc<Merchant>) -> Result<Self> {
        let settings = &merchant.settings;
        let transport = Https::new(HttpsOptions {
            base_url: settings.base_url.clone(),
            connect_timeout: settings.connect_timeout,
            keep_alive: settings.keep_alive,
            roots: settings.roots,
            ca_pem: settings.ca_pem.clone(),
            proxy: settings.proxy.as_ref().map(|proxy| proxy.reveal().to_owned()),
            user_agent: concat!("bayar/", env!("CARGO_PKG_VERSION")).to_owned(),
        })
        .map_err(|problem| {
            let message = format!("The setting {} cannot be used: {}.", problem.setting, problem.message);
            Error::setting(Kind::InvalidSetting, problem.setting, message)
        })?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let limit = Limit::new(Instant::now() + settings.timeout, None);
        let scope = Scope { environment: settings.environment.clone(), client_id: settings.client_id.clone() };
        let journal = journal::open(&settings.journal, scope, Arc::clone(&clock), &limit)?;
        Ok(Self::with_parts(merchant, Box::new(transport), clock, journal))
    }

    pub(super) fn with_parts(
        merchant: Arc<Merchant>,
        transport: Box<dyn Transport>,
        clock: Arc<dyn Clock>,
        journal: Journal,
    ) -> Self {
        Self {
            tokens: TokenStore::new(merchant.settings.token_renew_ahead),
            journal,
            transport,
            clock,
            random: SystemRandom::new(),
            events: Events::new(&merchant.settings.log_level),
            uncertain: Uncertain::default(),
            doku_ahead_ms: Mutex::new(None),
            merchant,
        }
    }

    pub(super) fn warm_up(&self, cancel: Option<&Cancel>) -> Result<()> {
        self.token(&self.limit(cancel)).map(|_| ())
    }

    pub(super) fn pay(&self, request: &PaymentRequest, cancel: Option<&Cancel>) -> Result<Payment> {
        let request = request.or_return_url(self.merchant.settings.return_url.as_deref());
        let order = Order {
            intent: Intent {
                operation: Operation::Payment,
                reference: request.partner_reference_no.to_string(),
                amount: request.amount,
                channel: request.channel.clone().unwrap_or_else(|| self.merchant.settings.channel.clone()),
                original: None,
            },
            allow_over_refund: false,
            path: path::PAYMENT,
        };
        let mut attempt = |need: Need<'_>| {
            let (begun, begun_by_doku) = self.beginning();
            // DOKU reads the link's end by its own clock.
            let valid_up_to_ms =
                request.valid_up_to_ms(self.doku_now_ms(), self.merchant.settings.payment_lifetime_s)?;
            Ok(Attempt {
                external_id: self.attempt_id(need, &order.intent, &request.partner_reference_no)?,
                body: request.body(&order.intent.channel, valid_up_to_ms, self.merchant.settings.forms)?,
                device_id: request.device_id.clone().unwrap_or_else(|| self.merchant.settings.device_id.clone()),
                ip_address: request.ip_address.clone(),
                valid_up_to_ms,
                begun,
                begun_by_doku,
            })
        };
        let completed = self.operate(&order, &mut attempt, &self.limit(cancel))?;
        Payment::read(completed.record, &completed.answer, completed.is_recorded)
    }

    pub(super) fn refund(&self, request: &RefundRequest, cancel: Option<&Cancel>) -> Result<Refund> {
        let order = Order {
            intent: Intent {
                operation: Operation::Refund,
                reference: request.partner_refund_no.to_string(),
                amount: request.amount,
                channel: request.channel.clone().unwrap_or_else(|| self.merchant.settings.channel.clone()),
                original: Some(request.original_partner_reference_no.to_string()),
            },
            allow_over_refund: request.allow_over_refund,
            path: path::REFUND,
        };
        let mut attempt = |need: Need<'_>| {
            let (begun, begun_by_doku) = self.beginning();
            Ok(Attempt {
                external_id: self.attempt_id(need, &order.intent, &request.partner_refund_no)?,
                body: request.body(&order.intent.channel)?,
                device_id: request.device_id.clone().unwrap_or_else(|| self.merchant.settings.device_id.clone()),
                ip_address: request.ip_address.clone(),
                valid_up_to_ms: 0,
                begun,
                begun_by_doku,
            })
        };
        let completed = self.operate(&order, &mut attempt, &self.limit(cancel))?;
        Refund::read(completed.record, &completed.answer, completed.is_recorded)
    }

    pub(super) fn status(&self, original_partner_reference_no: &str, cancel: Option<&Cancel>) -> Result<Status> {
        let reference = Reference::parse("original_partner_reference_no", original_partner_reference_no)?;
        self.ask(&reference, &self.limit(cancel))
    }

    pub(super) fn wait(
        &self,
        original_partner_reference_no: &str,
        limit: Duration,
        cancel: Option<&Cancel>,
    ) -> Result<Status> {
        let reference = Reference::parse("original_partner_reference_no", original_partner_reference_no)?;
        let end = Instant::now() + limit.min(LONGEST_WAIT);
        let waiting = Limit::new(end, cancel.cloned());
        let interval = self.merchant.settings.status_interval;
        // An inquiry that begins just before the end could only time out.
        let reserve = interval.min(Duration::from_secs(1));
        let mut pause = interval;
        let mut known =
            match self.ask(&reference, &self.limit(cancel).sooner(end.max(Instant::now() + SHORTEST_INQUIRY))) {
                Err(error) if is_hopeless(&error) => return Err(error),
                first => first,
            };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if known.as_ref().is_ok_and(Status::is_final) || left <= reserve {
                return known;
            }
            waiting.sleep(pause.min(left - reserve));
            if waiting.is_cancelled() {
                return known.map_err(|_| over(&waiting, "between two inquiries").with_outcome(Outcome::Unknown));
            }
            pause = (pause + pause / 2).min(interval.saturating_mul(10));
            match self.ask(&reference, &self.limit(cancel).sooner(end)) {
                Ok(status) => known = Ok(status),
                Err(error) if known.is_err() && is_hopeless(&error) => return Err(error),
                // What was learned before says more than that the time is over now.
                Err(error) if known.is_err() && error.kind() != Kind::Timeout => known = Err(error),
                Err(_) => {}
            }
        }
    }

    /// Asks for the status of a payment, and holds the answer against what is recorded of it.
    fn ask(&self, reference: &Reference, limit: &Limit) -> Result<Status> {
        let known = self.journal.find(Operation::Payment, reference.as_str(), limit);
        let known = known.map_err(|error| error.with_outcome(Outcome::Unknown))?;
        let status = self.inquire(reference.as_str(), known.as_ref(), limit)?;
        if let Some(record) = &known {
            self.learn(record, &status, limit);
        }
        match (&known, status.amount()) {
            (Some(record), Some(amount)) if amount != record.intent.amount => {
                let message = format!(
                    "DOKU has a payment of {amount} under this reference, and {} was ordered. Let a person look at it.",
                    record.intent.amount
                );
                Err(Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message))
            }
            _ => Ok(status),
        }
    }

    /// One status inquiry. Whatever fails, nothing is proven about the payment.
    pub(super) fn inquire(&self, reference: &str, known: Option<&Record>, limit: &Limit) -> Result<Status> {
        // The end of the link was reckoned by DOKU's clock, and DOKU closes it by that.
        let link_is_dead = known.is_some_and(|record| record.attempt.valid_up_to_ms < self.doku_now_ms());
        let external_id = self.random_id()?;
        let body = status_body(reference, &self.merchant.settings.status_service_code)?;
        let outgoing = Outgoing {
            path: path::STATUS,
            body: &body,
            external_id: external_id.as_str(),
            device_id: None,
            ip_address: None,
            attempt: None,
        };
        let error = match self.transmit(&outgoing, 0, limit).transmission {
            Transmission::NotSent(error) | Transmission::TokenRefused(error) | Transmission::Lost(error) => error,
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
            Transmission::Answered(reply) => self.with_clock(refusal_of_question(&reply, Outcome::Unknown)),
        };
        Err(error
            .context("The status could not be had. ")
            .with_outcome(Outcome::Unknown)
            .with_external_id(external_id.as_str()))
    }

    /// The X-EXTERNAL-ID of an attempt: derived for the first, random for a later one.
    fn attempt_id(&self, need: Need<'_>, intent: &Intent, reference: &Reference) -> Result<String> {
        Ok(match need {
            Need::First => {
                self.merchant.derivation.first(intent.operation, reference, intent.amount).as_str().to_owned()
            }
            Need::Another => self.random_id()?.as_str().to_owned(),
            Need::Rewritten(id) => id.to_owned(),
        })
    }

    pub(super) fn random_number(&self) -> Result<i64> {
        let mut bytes = [0; 8];
        match self.random.fill(&mut bytes) {
            Ok(()) => Ok(i64::from_le_bytes(bytes)),
            Err(_) => Err(no_random()),
        }
    }

    fn random_id(&self) -> Result<ExternalId> {
        let mut bytes = [0; 16];
        match self.random.fill(&mut bytes) {
            Ok(()) => Ok(ExternalId::from_bytes(bytes)),
            Err(_) => Err(no_random()),
        }
    }

    pub(super) fn log(&self, level: Level, message: impl FnOnce() -> String) {
        self.events.write(level, self.clock.now().wall_ms, message);
    }

    /// For spreading what many would else do at the same moment; 0 will do where there is none.
    pub(super) fn random_byte(&self) -> u8 {
        let mut byte = [0];
        let _ = self.random.fill(&mut byte);
        byte[0]
    }

    pub(super) fn limit(&self, cancel: Option<&Cancel>) -> Limit {
        Limit::new(Instant::now() + self.merchant.settings.timeout, cancel.cloned())
    }
}

fn no_random() -> Error {
    Error::internal("The system gives no random numbers.")
}

/// Whether asking again cannot help: DOKU does not accept this merchant.
fn is_hopeless(error: &Error) -> bool {
    error.kind() == Kind::Unauthorized && error.retry() == Retry::No
}

/// What the first inquiry of a wait is given at least.
const SHORTEST_INQUIRY: Duration = Duration::from_secs(2);

/// Longer than any link lives.
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 86_400);
