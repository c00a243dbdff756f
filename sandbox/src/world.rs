//! Everything that one sandbox knows, and the way of a request through it.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use time::OffsetDateTime;

use crate::api::{self, Fate, Service, TokenStore};
use crate::assumptions::{Assumption, Assumptions};
use crate::books::{Books, Payment};
use crate::crypto::{MerchantKey, Random, Secret};
use crate::in_flight::InFlight;
use crate::lock::lock;
use crate::misbehaviour::{Misbehaviour, Rules};
use crate::net::{Answer, Handler, Manner, Request, Stop};
use crate::notify::Notifier;
use crate::options::{Customer, Options};
use crate::records::{PaymentRecord, PaymentState, RefundRecord, SeenRequest};
use crate::seen::{SeenLog, Tally};
use crate::timer::Timer;
use crate::{checkout, control};

pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) base_url: String,
    pub(crate) merchant_key: MerchantKey,
    pub(crate) secret: Secret,
    pub(crate) random: Random,
    pub(crate) tokens: TokenStore,
    pub(crate) tally: Tally,
    pub(crate) seen: SeenLog,
    pub(crate) assumptions: Assumptions,
    pub(crate) rules: Rules,
    in_flight: InFlight,
    delay_ms: AtomicU64,
    /// Shared with the jobs of the timer, which must not keep the whole world alive.
    pub(crate) books: Arc<Mutex<Books>>,
    pub(crate) notifier: Notifier,
    timer: Timer,
}

impl World {
    pub(crate) fn new(options: Options, base_url: String) -> io::Result<World> {
        let books = Arc::default();
        let notifier = Notifier::new(&options, &books);
        if let Some(notifications) = options.notifications.clone() {
            notifier.configure(notifications)?;
        }
        Ok(World {
            base_url,
            merchant_key: MerchantKey::from_pem(&options.merchant_public_key_pem)?,
            secret: Secret::new(&options.client_secret),
            random: Random::new(),
            tokens: TokenStore::new(options.token_lifetime_s),
            tally: Tally::default(),
            seen: SeenLog::new(options.seen_limit),
            assumptions: Assumptions::without(options.switched_off.clone()),
            rules: Rules::default(),
            in_flight: InFlight::default(),
            delay_ms: AtomicU64::new(0),
            books,
            notifier,
            timer: Timer::start()?,
            options,
        })
    }

    pub(crate) fn set_delay_ms(&self, ms: u64) {
        self.delay_ms.store(ms, Ordering::SeqCst);
    }

    pub(crate) fn checkout_url(&self, payment: &Payment) -> String {
        format!("{}/checkout/{}", self.base_url, payment.checkout_id)
    }

    /// Lets the stand-in customer, if there is one, act on a new payment.
    pub(crate) fn call_customer(&self, partner_reference_no: &str) {
        let (approves, after_ms) = match self.options.customer {
            Customer::Manual => return,
            Customer::Approves { after_ms } => (true, after_ms),
            Customer::Declines { after_ms } => (false, after_ms),
        };
        let books = Arc::clone(&self.books);
        let clock = self.options.clock.clone();
        let desk = Arc::clone(self.notifier.desk());
        let reference = partner_reference_no.to_owned();
        self.timer.after(Duration::from_millis(after_ms), move || {
            let now = clock.now();
            if let Some(payment) = lock(&books).ledger.payment_mut(&reference) {
                // Somebody may have decided on the page meanwhile: theirs stands.
                if payment.decide(approves, now).is_ok() {
                    desk.announce(payment);
                }
            }
        });
    }

    pub(crate) fn decide(&self, partner_reference_no: &str, approves: bool) -> Result<(), String> {
        let now = self.now();
        match lock(&self.books).ledger.payment_mut(partner_reference_no) {
            Some(payment) => {
                payment.decide(approves, now)?;
                self.notifier.desk().announce(payment);
                Ok(())
            }
            None => Err(format!("no payment {partner_reference_no} was made")),
        }
    }

    pub(crate) fn record(&self, partner_reference_no: &str) -> Option<PaymentRecord> {
        let now = self.now();
        let books = lock(&self.books);
        let requests = books.ledger.payment_requests(partner_reference_no);
        match books.ledger.payment(partner_reference_no) {
            Some(payment) => Some(self.record_of(&books, payment, now)),
            None if requests == 0 => None,
            None => Some(PaymentRecord {
                partner_reference_no: partner_reference_no.to_owned(),
                reference_no: String::new(),
                amount: String::new(),
                state: PaymentState::NotMade,
                requests,
                times_made: 0,
                checkout_url: String::new(),
                refunds: Vec::new(),
            }),
        }
    }

    pub(crate) fn records(&self) -> Vec<PaymentRecord> {
        let now = self.now();
        let books = lock(&self.books);
        books.ledger.all().map(|payment| self.record_of(&books, payment, now)).collect()
    }

    fn record_of(&self, books: &Books, payment: &Payment, now: OffsetDateTime) -> PaymentRecord {
        let refunds = payment.refunds.iter().map(|refund| RefundRecord {
            partner_refund_no: refund.partner_refund_no.clone(),
            refund_no: refund.refund_no.clone(),
            amount: refund.amount.to_string(),
            reason: refund.reason.clone(),
            requests: books.ledger.refund_requests(&refund.partner_refund_no),
            times_made: refund.times_made,
        });
        PaymentRecord {
            partner_reference_no: payment.partner_reference_no.clone(),
            reference_no: payment.reference_no.clone(),
            amount: payment.amount.to_string(),
            state: payment.state(now),
            requests: books.ledger.payment_requests(&payment.partner_reference_no),
            times_made: payment.times_made,
            checkout_url: self.checkout_url(payment),
            refunds: refunds.collect(),
        }
    }

    fn api(&self, request: Request, stop: &Stop) -> Answer {
        let mut answer = match Service::at(request.path()) {
            None => Answer::empty(404),
            Some(_) if request.method != "POST" => Answer::only("POST"),
            Some(service) => self.call(service, &request, stop),
        };
        answer.delivery.delay += Duration::from_millis(self.delay_ms.load(Ordering::SeqCst));
        let (answer_status, answer_body) = answer.as_sent();
        self.seen.push(SeenRequest {
            method: request.method,
            path: request.target,
            headers: request.headers,
            body: request.body,
            answer_status,
            answer_body: answer_body.to_vec(),
        });
        answer
    }

    fn call(&self, service: Service, request: &Request, stop: &Stop) -> Answer {
        let tally = &self.tally;
        Tally::add(match service {
            Service::Token => &tally.token_requests,
            Service::Payment => &tally.payment_requests,
            Service::Refund => &tally.refund_requests,
            Service::Status => &tally.status_requests,
        });
        let misbehaviour = self.rules.for_request(service.endpoint());
        let waits = self.assumptions.hold(Assumption::RepeatsWaitForTheFirst);
        let id = request.values("X-EXTERNAL-ID").next().filter(|_| !waits && service != Service::Token);
        let flight = id.map(|id| self.in_flight.take_off(id));
        if let Some(Misbehaviour::DelayBeforeWork { ms }) = misbehaviour
            && stop.sleep(Duration::from_millis(ms))
        {
            return Answer::none(Manner::Nothing); // too late: nothing may be done any more
        }
        let overtakes = matches!(flight, Some(None));
        let fate = Fate { misbehaviour: misbehaviour.as_ref(), overtakes };
        let mut answer = api::handle(self, service, request, &fate);
        if let Some(flight) = flight.flatten() {
            answer.delivery.hold = Some(Box::new(flight));
        }
        answer
    }
}

impl World {
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.options.clock.now()
    }

    /// The time that answers show, by which the caller's clock is judged and days are counted.
    pub(crate) fn date(&self) -> OffsetDateTime {
        self.now().saturating_add(time::Duration::seconds(self.options.date_ahead_s))
    }
}

impl Handler for World {
    fn connected(&self) {
        Tally::add(&self.tally.connections);
    }

    fn stalls_connection(&self) -> bool {
        self.rules.stalls_connection()
    }

    fn handle(&self, request: Request, stop: &Stop) -> Answer {
        let path = request.path();
        if let Some(rest) = path.strip_prefix("/_sandbox/") {
            control::handle(self, &request, rest)
        } else if let Some(rest) = path.strip_prefix("/checkout/") {
            checkout::handle(self, &request, rest)
        } else {
            self.api(request, stop)
        }
    }

    fn date(&self) -> OffsetDateTime {
        World::date(self)
    }
}
