//! The client against a transport that answers from a script and a clock that the tests move: what it sends to the byte,
//! what it makes of every answer, and what the journal does with both.

mod answers;
mod clock;
mod durable;
mod evidence;
mod history;
mod inputs;
mod once;
mod refusals;
mod resends;
mod sent;
mod tokens;
mod waiting;
mod webhooks;

use super::worker::Worker;
use super::{Client, Merchant};
use crate::clock::Clock;
use crate::clock::hands::Hands;
use crate::config::Config;
use crate::config::settings::Settings;
use crate::error::Result;
use crate::journal::{self, Place, Scope};
use crate::limit::Limit;
use crate::snap::external_id::Operation;
use crate::transport::{Answer, Failure, FailureKind, Post, Transport};
use crate::{PaymentRequest, RefundRequest};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A file of shared vectors.
fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn cases(name: &str) -> Vec<Value> {
    vectors(name)["cases"].as_array().unwrap().clone()
}

/// Walks all cases of a file before failing, so that one run tells all that is wrong.
fn walk(cases: &[Value], check: impl Fn(&Value) -> std::result::Result<(), String>) {
    let failures: Vec<String> =
        cases.iter().filter_map(|case| check(case).err().map(|why| format!("{}: {why}", case["name"]))).collect();
    assert!(failures.is_empty(), "{} of {} cases fail:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// One request as it would go over the wire.
#[derive(Clone, Debug)]
struct Sent {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    /// What was left of its limit.
    left: Duration,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// What the script does with a request.
enum Step {
    Answer(u16, String),
    /// The connection breaks after the request was sent.
    Lost,
    /// No connection can be made.
    NotSent,
    /// The time is over before anything is sent.
    TimedOut,
    /// 429, with the seconds of a Retry-After.
    ComeAgain(u32),
    /// The machine sleeps that long before the request could be written.
    Sleep(i64),
    /// Something else happens before the answer comes.
    Meanwhile(Box<dyn FnOnce() + Send>, Box<Step>),
}

/// Answers token requests by itself and everything else from the script, and dates its answers as DOKU does.
struct Script {
    clock: Hands,
    /// How far DOKU's clock is ahead of ours.
    ahead_s: Mutex<i64>,
    steps: Mutex<VecDeque<Step>>,
    sent: Mutex<Vec<Sent>>,
    token: Mutex<Option<(u16, String)>>,
}

impl Script {
    fn next(&self, status: u16, body: impl ToString) -> &Self {
        self.then(Step::Answer(status, body.to_string()))
    }

    fn then(&self, step: Step) -> &Self {
        self.steps.lock().unwrap().push_back(step);
        self
    }

    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    fn date(&self) -> String {
        let ms = self.clock.now().wall_ms + *self.ahead_s.lock().unwrap() * 1000;
        httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(ms).unwrap()))
    }

    /// The requests other than for tokens.
    fn asked(&self) -> Vec<Sent> {
        self.sent().into_iter().filter(|sent| sent.path != crate::snap::path::TOKEN).collect()
    }

    fn tokens(&self) -> usize {
        self.sent().len() - self.asked().len()
    }
}

impl Transport for Arc<Script> {
    fn post(&self, post: &Post<'_>) -> std::result::Result<Answer, Failure> {
        let headers = post.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if post.limit.left().is_zero() || !post.limit.may_send() {
            let message = "no time was left".to_owned();
            let kind = if post.limit.is_cancelled() { FailureKind::Cancelled } else { FailureKind::Timeout };
            return Err(Failure { kind, sent: false, message });
        }
        let body = String::from_utf8(post.body.to_vec()).unwrap();
        self.sent.lock().unwrap().push(Sent { path: post.path.to_owned(), headers, body, left: post.limit.left() });
        let step = if post.path == crate::snap::path::TOKEN {
            let (status, body) = self.token.lock().unwrap().clone().unwrap();
            Step::Answer(status, body)
        } else {
            self.steps.lock().unwrap().pop_front().expect("the script has no more steps")
        };
        let failure = |kind, sent| Failure { kind, sent, message: "the connection broke, as scripted".to_owned() };
        let step = match step {
            Step::Sleep(seconds) => {
                self.clock.forward_s(seconds);
                assert!(!post.limit.may_send(), "it may send after it slept");
                self.sent.lock().unwrap().pop();
                return Err(failure(FailureKind::Timeout, false));
            }
            Step::Meanwhile(what, then) => {
                what();
                *then
            }
            step => step,
        };
        match step {
            Step::Answer(status, body) => Ok(Answer {
                status,
                date: Some(self.date()),
                retry_after: None,
                content_type: None,
                body: body.into_bytes(),
            }),
            Step::ComeAgain(seconds) => Ok(Answer {
                status: 429,
                date: Some(self.date()),
                retry_after: Some(seconds.to_string()),
                content_type: None,
                body: br#"{"responseCode":"4295400"}"#.to_vec(),
            }),
            Step::Lost => Err(failure(FailureKind::ConnectionLost, true)),
            Step::NotSent => Err(failure(FailureKind::ConnectionLost, false)),
            Step::TimedOut => Err(failure(FailureKind::Timeout, false)),
            Step::Sleep(_) | Step::Meanwhile(..) => panic!("a script within a script"),
        }
    }
}

/// A client, its script and its clock.
struct Stage {
    client: Client,
    script: Arc<Script>,
    clock: Hands,
    settings: Map<String, Value>,
    /// Where the journal's file is, if there is one.
    folder: Option<Arc<tempfile::TempDir>>,
}

impl Stage {
    /// At noon in Jakarta, when both days are far from their ends.
    fn new() -> Self {
        Self::with(&Map::new(), Hands::at("2026-11-22T12:00:00+07:00"), "token-1")
    }

    /// With so little time that nothing is sent again within a call.
    fn hurried(settings: &Map<String, Value>, clock: Hands, token: &str) -> Self {
        let mut settings = settings.clone();
        settings.insert("timeout_ms".to_owned(), json!("290"));
        Self::with(&settings, clock, token)
    }

    fn with(settings: &Map<String, Value>, clock: Hands, token: &str) -> Self {
        let script = Arc::new(Script {
            clock: clock.clone(),
            ahead_s: Mutex::default(),
            steps: Mutex::default(),
            sent: Mutex::default(),
            token: Mutex::default(),
        });
        let answer = json!({"responseCode": "2007300", "accessToken": token, "expiresIn": "900"});
        *script.token.lock().unwrap() = Some((200, answer.to_string()));
        Self::open(settings, clock, script, None)
    }

    /// With a journal in a file.
    fn with_file() -> Self {
        let Self { script, clock, settings, .. } = Self::new();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::open(&settings, clock, script, Some(folder))
    }

    /// Another process on the same journal: it knows nothing but what is written there.
    fn another(&self) -> Self {
        self.another_with(&Map::new())
    }

    fn another_with(&self, more: &Map<String, Value>) -> Self {
        let mut settings = self.settings.clone();
        settings.extend(more.clone());
        Self::open(&settings, self.clock.clone(), Arc::clone(&self.script), self.folder.clone())
    }

    fn open(
        given: &Map<String, Value>,
        clock: Hands,
        script: Arc<Script>,
        folder: Option<Arc<tempfile::TempDir>>,
    ) -> Self {
        let settings = Settings::from_config(&config(given)).unwrap();
        let scope = Scope { environment: settings.environment.clone(), client_id: settings.client_id.clone() };
        let place = match &folder {
            None => Place::Memory,
            Some(folder) => Place::File(folder.path().join("bayar.db")),
        };
        let limit = Limit::new(Instant::now() + Duration::from_secs(20), None);
        let journal = journal::open(&place, scope, Arc::new(clock.clone()), &limit).unwrap();
        let client = Client::of(Worker::with_parts(
            Arc::new(Merchant::new(settings)),
            Box::new(Arc::clone(&script)),
            Arc::new(clock.clone()),
            journal,
        ));
        Self { client, script, clock, settings: given.clone(), folder }
    }

    /// The record of a payment, or of a refund.
    fn record(&self, reference: &str) -> crate::Record {
        let find = |operation| self.client.record(operation, reference).unwrap();
        find(Operation::Payment).or_else(|| find(Operation::Refund)).unwrap()
    }

    fn pay(&self) -> Result<crate::Payment> {
        self.client.pay(&PaymentRequest::new("INV-0001", "10000").unwrap())
    }

    fn refund(&self) -> Result<crate::Refund> {
        self.client.refund(&RefundRequest::new("INV-0001", "10000", "INV-REF-0001").unwrap())
    }
}

/// The settings given over those of the vectors' merchant.
fn config(settings: &Map<String, Value>) -> Config {
    let mut config = Config::new();
    for (name, value) in [
        ("environment", "sandbox"),
        ("client_id", "BRN-0211-1696919651918"),
        ("client_secret", "SK-bayar-vectors-0001"),
        ("private_key", vectors("token.json")["private_key_pem"].as_str().unwrap()),
    ] {
        config.set(name, value).unwrap();
    }
    for (name, value) in settings {
        config.set(name, value.as_str().unwrap()).unwrap();
    }
    config
}

/// What a case says of the merchant, as settings.
fn settings_of(case: &Value) -> Map<String, Value> {
    let mut settings = case["settings"].as_object().cloned().unwrap_or_default();
    for name in ["environment", "client_id", "client_secret"] {
        if let Some(value) = case.get(name) {
            settings.insert(name.to_owned(), value.clone());
        }
    }
    settings
}

fn clock_of(case: &Value) -> Hands {
    Hands::at_ms(case["now"].as_i64().unwrap() * 1000)
}

/// A payment request from a case's API names.
fn payment_request(request: &Map<String, Value>) -> Result<PaymentRequest> {
    let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut payment = PaymentRequest::new(text("partner_reference_no"), text("amount"))?;
    for (name, value) in request {
        let (text, flag) = (value.as_str().unwrap_or_default(), value.as_bool().unwrap_or_default());
        match name.as_str() {
            "partner_reference_no" | "amount" => {}
            "return_url" => payment.set_return_url(text)?,
            "is_deep_link" => payment.set_is_deep_link(flag),
            "valid_up_to" => payment.set_valid_up_to(text)?,
            "point_of_initiation" => payment.set_point_of_initiation(text)?,
            "title" => payment.set_title(text)?,
            "support_deep_link_checkout_url" => payment.set_support_deep_link_checkout_url(flag),
            "channel" => payment.set_channel(text)?,
            "device_id" => payment.set_device_id(text)?,
            "ip_address" => payment.set_ip_address(text)?,
            "extra_json" => payment.set_extra_json(text)?,
            other => panic!("the vectors have an unknown name: {other}"),
        }
    }
    Ok(payment)
}

/// A refund request from a case's API names.
fn refund_request(request: &Map<String, Value>) -> Result<RefundRequest> {
    let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut refund =
        RefundRequest::new(text("original_partner_reference_no"), text("amount"), text("partner_refund_no"))?;
    for (name, value) in request {
        let text = value.as_str().unwrap_or_default();
        match name.as_str() {
            "original_partner_reference_no" | "amount" | "partner_refund_no" => {}
            "original_external_id" => refund.set_original_external_id(text)?,
            "reason" => refund.set_reason(text)?,
            "channel" => refund.set_channel(text)?,
            "device_id" => refund.set_device_id(text)?,
            "ip_address" => refund.set_ip_address(text)?,
            "extra_json" => refund.set_extra_json(text)?,
            other => panic!("the vectors have an unknown name: {other}"),
        }
    }
    Ok(refund)
}

/// DOKU's answer to a payment that it took.
fn taken(reference: &str) -> Value {
    json!({"responseCode": "2005400", "responseMessage": "Successful", "partnerReferenceNo": reference,
           "webRedirectUrl": "https://pay.example/1", "referenceNo": "D1"})
}

fn refunded() -> Value {
    json!({"responseCode": "2005800", "responseMessage": "Successful", "refundNo": "R1",
           "partnerRefundNo": "INV-REF-0001", "refundTime": "2026-11-22T12:00:00+07:00"})
}

fn history(entries: Value) -> Value {
    json!({"responseCode": "2005500", "originalPartnerReferenceNo": "INV-0001", "latestTransactionStatus": "00",
           "refundHistory": entries})
}

fn status(code: &str) -> Value {
    json!({"responseCode": "2005500", "originalPartnerReferenceNo": "INV-0001", "latestTransactionStatus": code})
}

fn entry(status: &str) -> Value {
    json!({"partnerRefundNo": "INV-REF-0001", "refundNo": "R1", "refundStatus": status, "refundDate": "today",
           "refundAmount": {"value": "10000.00", "currency": "IDR"}})
}
