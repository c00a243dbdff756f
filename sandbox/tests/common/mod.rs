//! A merchant of the tests' own: a tiny HTTP client over rustls, and signatures made here.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

pub mod wire;

use std::cell::{Cell, RefCell};
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bayar_sandbox::{Clock, Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use ring::{digest, hmac};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use wire::{Response, Wire};

pub const TOKEN: &str = "/authorization/v1/access-token/b2b";
pub const PAYMENT: &str = "/direct-debit/core/v1/debit/payment-host-to-host";
pub const REFUND: &str = "/direct-debit/core/v1/debit/refund";
pub const STATUS: &str = "/orders/v1.0/debit/status";

/// A request before it is signed.
#[derive(Clone)]
pub struct Call {
    pub path: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn with(mut self, name: &str, value: &str) -> Call {
        self.headers.retain(|(key, _)| key != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Call {
        self.headers.retain(|(key, _)| key != name);
        self
    }

    pub fn body(mut self, body: &str) -> Call {
        self.body = body.as_bytes().to_vec();
        self
    }

    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }
}

/// The test merchant with one connection and one token.
pub struct Merchant {
    pub base_url: String,
    pub clock_s: Cell<i64>,
    pub token: RefCell<String>,
    ca_pem: String,
    wire: RefCell<Wire>,
}

impl Merchant {
    /// A merchant that holds a token.
    pub fn of(sandbox: &Sandbox) -> Merchant {
        let merchant = Merchant::at(&sandbox.base_url(), sandbox.ca_pem());
        merchant.fetch_token();
        merchant
    }

    pub fn at(base_url: &str, ca_pem: &str) -> Merchant {
        Merchant {
            base_url: base_url.to_owned(),
            clock_s: Cell::new(0),
            token: RefCell::default(),
            ca_pem: ca_pem.to_owned(),
            wire: RefCell::new(Wire::connect(base_url, ca_pem)),
        }
    }

    pub fn now(&self) -> String {
        timestamp(self.clock_s.get())
    }

    pub fn token_call(&self) -> Call {
        Call { path: TOKEN, headers: Vec::new(), body: br#"{"grantType":"client_credentials"}"#.to_vec() }
            .with("X-CLIENT-KEY", TEST_CLIENT_ID)
            .with("X-TIMESTAMP", &self.now())
            .with("Content-Type", "application/json")
    }

    pub fn send_token_call(&self, call: Call) -> Response {
        self.send_raw(&signed_token_call(call))
    }

    pub fn fetch_token(&self) {
        let answer = self.send_token_call(self.token_call());
        assert_eq!(answer.code(), "2007300", "{}", answer.text());
        let token = answer.json()["accessToken"].as_str().unwrap().to_owned();
        self.token.replace(token);
    }

    /// A call with every header but the signature, and an id of its own.
    pub fn call(&self, path: &'static str, body: &Value) -> Call {
        let call = Call { path, headers: Vec::new(), body: body.to_string().into_bytes() }
            .with("X-TIMESTAMP", &self.now())
            .with("X-PARTNER-ID", TEST_CLIENT_ID)
            .with("X-EXTERNAL-ID", &new_id())
            .with("Authorization", &format!("Bearer {}", self.token.borrow()))
            .with("X-IP-ADDRESS", "8.8.8.8")
            .with("Content-Type", "application/json");
        if path == STATUS { call } else { call.with("X-DEVICE-ID", "device1") }
    }

    /// Signs and sends.
    pub fn send(&self, call: &Call) -> Response {
        self.send_raw(&signed_over(call.clone(), &call.body))
    }

    pub fn send_raw(&self, call: &Call) -> Response {
        let mut wire = self.wire.borrow_mut();
        wire.send(&request_bytes("POST", call.path, &call.headers, &call.body));
        wire.receive()
    }

    pub fn post(&self, path: &'static str, body: &Value) -> Response {
        self.send(&self.call(path, body))
    }

    /// Signs, sends, and takes what comes up to the end of the connection; the next request goes over a new one.
    pub fn send_for_bytes(&self, call: &Call) -> (String, Option<ErrorKind>) {
        let call = match call.path {
            TOKEN => signed_token_call(call.clone()),
            _ => signed_over(call.clone(), &call.body),
        };
        let mut wire = self.wire.borrow_mut();
        wire.send(&request_bytes("POST", call.path, &call.headers, &call.body));
        let (bytes, end) = wire.rest();
        *wire = Wire::connect(&self.base_url, &self.ca_pem);
        (String::from_utf8_lossy(&bytes).into_owned(), end)
    }

    /// How long the next answer may stay away.
    pub fn patience(&self, time: Duration) {
        self.wire.borrow().patience(time);
    }

    /// A request to a control endpoint.
    pub fn control(&self, path: &str, body: &str) -> Response {
        let mut wire = self.wire.borrow_mut();
        wire.send(&request_bytes("POST", path, &[], body.as_bytes()));
        wire.receive()
    }

    /// Signs, sends, and hangs up.
    pub fn send_and_leave(&self, call: &Call) {
        let call = signed_over(call.clone(), &call.body);
        let mut wire = self.wire.borrow_mut();
        wire.send(&request_bytes("POST", call.path, &call.headers, &call.body));
        *wire = Wire::connect(&self.base_url, &self.ca_pem);
    }

    /// A request without any header of DOKU's.
    pub fn plain(&self, method: &str, path: &str) -> Response {
        let mut wire = self.wire.borrow_mut();
        wire.send(&request_bytes(method, path, &[], b""));
        wire.receive()
    }

    pub fn status_of(&self, reference: &str) -> Value {
        let answer = self.post(STATUS, &status_body(reference));
        assert_eq!(answer.code(), "2005500", "{}", answer.text());
        answer.json()
    }
}

pub fn signed_token_call(call: Call) -> Call {
    let message = format!("{}|{}", call.header("X-CLIENT-KEY"), call.header("X-TIMESTAMP"));
    call.with("X-SIGNATURE", &rsa(&message))
}

/// Signs a call as if its body were these bytes.
pub fn signed_over(call: Call, body: &[u8]) -> Call {
    let token = call.header("Authorization");
    let token = token.split_once(' ').map_or("", |(_, token)| token);
    let message = format!(
        "POST:{}:{token}:{}:{}",
        call.path,
        hex(digest::digest(&digest::SHA256, body).as_ref()),
        call.header("X-TIMESTAMP")
    );
    let key = hmac::Key::new(hmac::HMAC_SHA512, TEST_CLIENT_SECRET.as_bytes());
    let signature = BASE64_STANDARD.encode(hmac::sign(&key, message.as_bytes()));
    call.with("X-SIGNATURE", &signature)
}

pub fn request_bytes(method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub fn payment_body(reference: &str, amount: &str) -> Value {
    json!({
        "partnerReferenceNo": reference,
        "amount": { "value": amount, "currency": "IDR" },
        "urlParam": [{ "url": "https://shop.example/back", "type": "PAY_RETURN", "isDeepLink": "N" }],
        "additionalInfo": { "channel": "EMONEY_DANA_SNAP", "orderTitle": "Two <b>coffees</b>" },
    })
}

pub fn refund_body(reference: &str, refund_no: &str, amount: &str) -> Value {
    json!({
        "originalPartnerReferenceNo": reference,
        "partnerRefundNo": refund_no,
        "refundAmount": { "value": amount, "currency": "IDR" },
        "reason": "cold coffee",
        "additionalInfo": { "channel": "EMONEY_DANA_SNAP" },
    })
}

pub fn status_body(reference: &str) -> Value {
    json!({ "originalPartnerReferenceNo": reference, "serviceCode": "55" })
}

/// `body` with the value at a JSON pointer replaced; `null` takes it out.
pub fn changed(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let fields = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        fields.remove(name);
    } else {
        fields.insert(name.to_owned(), value);
    }
    body
}

pub fn start(options: Options) -> Sandbox {
    // These are about the sandbox's own date.
    Sandbox::start(Options { date_ahead_s: 0, ..options }).unwrap()
}

/// A sandbox whose clock the test moves.
pub fn start_with_clock() -> (Sandbox, Clock) {
    let clock = Clock::default();
    let options = Options { clock: clock.clone(), ..Options::default() };
    (start(options), clock)
}

pub fn new_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(10_000_000_000_000_000_000 - 9_000_000_000);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// X-TIMESTAMP for now and so many seconds.
pub fn timestamp(shift_s: i64) -> String {
    let now = time::OffsetDateTime::now_utc() + time::Duration::seconds(shift_s);
    let local = now.to_offset(time::macros::offset!(+7));
    let form = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+07:00");
    local.format(&form).unwrap()
}

pub fn rsa(message: &str) -> String {
    let der = PrivatePkcs8KeyDer::from_pem_slice(TEST_PRIVATE_KEY_PEM.as_bytes()).unwrap();
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).unwrap();
    BASE64_STANDARD.encode(signature)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
