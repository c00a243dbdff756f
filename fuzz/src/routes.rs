//! A shop with the merchant's two routes, and what DOKU has for it. The input of both targets is a request: a line with
//! method and path, headers, an empty line and the body. In header values stand `$client`, `$now` (the moment), `$then` (an
//! hour ago), `$token` (one that was issued), `$old` (one that has expired), `$rsa` (DOKU's signature over client and moment),
//! `$hmac` (DOKU's signature over this very body) and `$min` (over the minified one). Whatever the library believes has to
//! be one of those, by a reckoning of the targets' own.

use crate::assert_shown;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bayar::keys::SigningKey;
use bayar::snap::minify::minify;
use bayar::{Client, Config, Incoming, WebhookAnswer};
use hmac::Mac;
use serde_json::{Value, json};
use sha2::Digest;
use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

/// The merchant's, and DOKU's: one key plays both here, for the two are never compared.
const PRIVATE_KEY: &str = include_str!("../../sandbox/keys/test-merchant-private.pem");
const PUBLIC_KEY: &str = include_str!("../../sandbox/keys/test-merchant-public.pem");
pub const CLIENT: &str = "BRN-0001";
pub const SECRET: &str = "SK-fuzz-0001";
const PATH: &str = "/v1.0/debit/notify";
pub const LARGEST_BODY: usize = 64 * 1024;
/// What is genuine is kept in the journal in memory, so that a client is not kept for ever.
const RUNS: u32 = 2_000;

/// Lives far shorter than the window for timestamps.
pub struct Shop {
    pub client: Client,
    pub now: String,
    pub then: String,
    pub token: String,
    old: String,
    pub rsa: String,
    runs: u32,
}

/// A request of an input.
pub struct Heard<'a> {
    pub method: &'a str,
    pub headers: Headers<'a>,
    pub body: &'a [u8],
    /// What DOKU would sign it with: as it is, and minified.
    pub signatures: [String; 2],
    pub incoming: Incoming,
}

thread_local! {
    static SHOP: RefCell<Option<Shop>> = const { RefCell::new(None) };
}

/// Gives the request of an input, if it is one, to a shop.
pub fn heard(input: &[u8], look: impl FnOnce(&Shop, &Heard<'_>)) -> bool {
    let at = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = at.map_or((input, &[][..]), |at| (&input[..at], &input[at + 2..]));
    let Ok(head) = std::str::from_utf8(head) else { return false };
    SHOP.with_borrow_mut(|shop| {
        if shop.as_ref().is_none_or(|shop| shop.runs == 0) {
            *shop = Some(Shop::open());
        }
        if let Some(shop) = shop {
            shop.runs -= 1;
            look(shop, &shop.heard(head, body));
        }
    });
    true
}

impl Shop {
    fn open() -> Self {
        let mut config = Config::new();
        for (name, value) in [
            ("environment", "sandbox"),
            ("base_url", "https://127.0.0.1:9"),
            ("tls_roots", "bundled"),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("private_key", PRIVATE_KEY),
            ("doku_public_key", PUBLIC_KEY),
            ("notification_window_s", "1800"),
        ] {
            config.set(name, value).expect("a setting");
        }
        let client = Client::new(&config).expect("a client");
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        let moment = |s| httpdate::fmt_http_date(UNIX_EPOCH + std::time::Duration::from_secs(s));
        let [now, then] = [now_s, now_s - 3600].map(|s| as_snap(&moment(s)));
        let key = SigningKey::from_pem(PRIVATE_KEY.as_bytes(), None).expect("a key");
        let rsa = STANDARD.encode(key.sign(format!("{CLIENT}|{now}").as_bytes()).expect("a signature"));
        let mut shop = Self { client, now, then, token: String::new(), old: String::new(), rsa, runs: RUNS };
        let mut request = Incoming::new("POST", "/token", br#"{"grantType":"client_credentials"}"#);
        for (name, value) in [("X-CLIENT-KEY", CLIENT), ("X-TIMESTAMP", &shop.now), ("X-SIGNATURE", &shop.rsa)] {
            request.add_header(name, value);
        }
        let answer = shop.client.webhook_token(&request).expect("an answer");
        shop.token = token_of(&answer).unwrap_or_else(|| panic!("{}", answer.reason()));
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({"iss": "bayar/sandbox", "aud": CLIENT, "clientId": CLIENT, "iat": now_s - 1000,
                            "exp": now_s - 100});
        let signed = format!("{}.{}", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).expect("a signature"));
        shop.old = format!("{signed}.{signature}");
        shop
    }

    fn heard<'a>(&self, head: &'a str, body: &'a [u8]) -> Heard<'a> {
        let mut lines = head.split('\n');
        let (method, path) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or(("POST", "/"));
        let mut headers: Vec<(&str, String)> = Vec::new();
        for line in lines.take(32) {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = [("$client", CLIENT), ("$now", &self.now), ("$then", &self.then), ("$token", &self.token)]
                .into_iter()
                .chain([("$old", self.old.as_str()), ("$rsa", &self.rsa)])
                .fold(value.to_owned(), |value, (name, text)| value.replace(name, text));
            headers.push((name, value));
        }
        // These need the others.
        let first = |wanted: &str| {
            let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let (timestamp, bearer) = (first("X-TIMESTAMP"), first("Authorization"));
        let token = bearer.split_once(' ').map(|(_, token)| token.trim()).unwrap_or_default().to_owned();
        let signatures = [sign(&token, body, &timestamp), sign(&token, &minify(body), &timestamp)];
        let mut incoming = Incoming::new(method, path, body);
        for (name, value) in &mut headers {
            *value = value.replace("$hmac", &signatures[0]).replace("$min", &signatures[1]);
            incoming.add_header(name, value);
        }
        Heard { method, headers: Headers(headers), body, signatures, incoming }
    }

    /// A genuine notification with this token.
    pub fn genuine(&self, token: &str, body: &[u8]) -> Incoming {
        let mut incoming = Incoming::new("POST", PATH, body);
        incoming.add_header("X-TIMESTAMP", &self.now);
        incoming.add_header("X-SIGNATURE", &sign(token, body, &self.now));
        incoming.add_header("Authorization", &format!("Bearer {token}"));
        incoming
    }
}

pub struct Headers<'a>(Vec<(&'a str, String)>);

impl Headers<'_> {
    /// The value of a header of which there has to be exactly one.
    #[track_caller]
    pub fn only(&self, wanted: &str) -> String {
        let mut found = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let value = found.next().map(|(_, value)| value.trim().to_owned());
        assert!(found.next().is_none(), "{wanted} came twice");
        value.unwrap_or_else(|| panic!("{wanted} is missing"))
    }
}

/// What holds of every answer; returns its body.
#[track_caller]
pub fn check(answer: &WebhookAnswer, service: &str) -> Value {
    let body: Value = serde_json::from_str(answer.body()).expect("JSON");
    let code = body["responseCode"].as_str().expect("a code");
    assert_eq!(code.len(), 7, "{code}");
    assert_eq!((&code[..3], &code[3..5]), (answer.status().to_string().as_str(), service));
    assert_eq!(answer.is_accepted(), answer.reason().is_empty());
    if !answer.is_accepted() {
        assert_shown(answer.reason());
        assert!(!answer.reason().contains(SECRET));
    }
    for (name, value) in answer.headers() {
        assert_shown(name);
        assert_shown(value);
    }
    body
}

/// The token that an answer gives.
pub fn token_of(answer: &WebhookAnswer) -> Option<String> {
    let body: Value = serde_json::from_str(answer.body()).expect("JSON");
    body["accessToken"].as_str().map(str::to_owned)
}

/// X-SIGNATURE as protocol.md has it, by other crates than the library's module.
fn sign(token: &str, body: &[u8], timestamp: &str) -> String {
    let hash = hex::encode(sha2::Sha256::digest(body));
    let mut mac = hmac::Hmac::<sha2::Sha512>::new_from_slice(SECRET.as_bytes()).expect("any length");
    mac.update(format!("POST:{PATH}:{token}:{hash}:{timestamp}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// `Sun, 22 Nov 2026 05:00:00 GMT` as `2026-11-22T05:00:00Z`.
fn as_snap(date: &str) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let parts: Vec<&str> = date.split(' ').collect();
    let month = MONTHS.find(parts[2]).expect("a month") / 3 + 1;
    format!("{}-{month:02}-{}T{}Z", parts[3], parts[1], parts[4])
}
