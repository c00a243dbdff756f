//! The merchant's two routes. The input is a request: a line with method and path, headers, an empty line and the body; a
//! path that begins with `/token` goes to the token route. In header values stand `$client`, `$now` (the moment), `$then` (an
//! hour ago), `$token` (one that was issued), `$old` (one that has expired), `$rsa` (DOKU's signature over client and moment),
//! `$hmac` (DOKU's signature over this very body) and `$min` (over the minified one). Whatever the library believes has to
//! be one of those, by a reckoning of this target's own.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bayar::keys::SigningKey;
use bayar::snap::minify::minify;
use bayar::{Client, Config, Delivery, Incoming, Kind, WebhookAnswer};
use bayar_fuzz::assert_shown;
use hmac::Mac;
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::{Value, json};
use sha2::Digest;
use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

/// The merchant's, and DOKU's: one key plays both here, for the two are never compared.
const PRIVATE_KEY: &str = include_str!("../../sandbox/keys/test-merchant-private.pem");
const PUBLIC_KEY: &str = include_str!("../../sandbox/keys/test-merchant-public.pem");
const CLIENT: &str = "BRN-0001";
const SECRET: &str = "SK-fuzz-0001";
const PATH: &str = "/v1.0/debit/notify";
const LARGEST_BODY: usize = 64 * 1024;
/// What is genuine is kept in the journal in memory, so that a client is not kept for ever.
const RUNS: u32 = 2_000;

/// A shop, and what DOKU has for it. Lives far shorter than the window for timestamps.
struct Shop {
    client: Client,
    now: String,
    then: String,
    token: String,
    old: String,
    rsa: String,
    runs: u32,
}

thread_local! {
    static SHOP: RefCell<Option<Shop>> = const { RefCell::new(None) };
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let at = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = at.map_or((input, &[][..]), |at| (&input[..at], &input[at + 2..]));
    let Ok(head) = std::str::from_utf8(head) else { return Corpus::Reject };
    SHOP.with_borrow_mut(|shop| {
        if shop.as_ref().is_none_or(|shop| shop.runs == 0) {
            *shop = Some(Shop::open());
        }
        if let Some(shop) = shop {
            shop.runs -= 1;
            shop.receive(head, body);
        }
    });
    Corpus::Keep
});

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
        let body: Value = serde_json::from_str(answer.body()).expect("JSON");
        shop.token = body["accessToken"].as_str().unwrap_or_else(|| panic!("{}", answer.reason())).to_owned();
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({"iss": "bayar/sandbox", "aud": CLIENT, "clientId": CLIENT, "iat": now_s - 1000,
                            "exp": now_s - 100});
        let signed = format!("{}.{}", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).expect("a signature"));
        shop.old = format!("{signed}.{signature}");
        shop
    }

    fn receive(&self, head: &str, body: &[u8]) {
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
        let headers = Headers(headers);
        if path.starts_with("/token") {
            self.token(&headers, method, &incoming, body);
        } else {
            self.notification(&headers, method, &incoming, body, &signatures);
        }
    }

    fn token(&self, headers: &Headers<'_>, method: &str, incoming: &Incoming, body: &[u8]) {
        let answer = self.client.webhook_token(incoming).expect("an answer");
        let said = check(&answer, "73");
        assert_eq!(answer.is_accepted(), said.get("accessToken").is_some());
        if answer.is_accepted() {
            assert!(method == "POST" && body.len() <= LARGEST_BODY);
            assert_eq!(headers.only("X-CLIENT-KEY"), CLIENT);
            assert_eq!(headers.only("X-TIMESTAMP"), self.now, "it was signed for this moment");
            assert_eq!(headers.only("X-SIGNATURE"), self.rsa);
            let read: Value = serde_json::from_slice(body).expect("JSON");
            assert_eq!(read["grantType"], "client_credentials");
        }
    }

    fn notification(
        &self,
        headers: &Headers<'_>,
        method: &str,
        incoming: &Incoming,
        body: &[u8],
        signatures: &[String; 2],
    ) {
        let mut delivery = self.client.notification(incoming).expect("a journal in memory");
        check(delivery.answer(), "56");
        assert!(!delivery.answer().is_accepted(), "nobody has decided");
        let bearer = || headers.only("Authorization").split_once(' ').map(|(_, token)| token.trim().to_owned());
        let Some(said) = delivery.notification() else {
            self.refused(&mut delivery);
            return;
        };
        assert!(method == "POST" && body.len() <= LARGEST_BODY);
        assert!(signatures.contains(&headers.only("X-SIGNATURE")), "it was not signed");
        assert_eq!(bearer().as_deref(), Some(self.token.as_str()), "another token was taken");
        // Its own meaning is read by the parser of timestamps, which has a target of its own.
        assert_ne!(headers.only("X-TIMESTAMP"), self.then, "it is an hour old");
        let read: Value = serde_json::from_slice(body).expect("JSON");
        let reference = said.original_partner_reference_no();
        // Of a number only that it is one: an exponent is written out.
        let number = |value: &Value| value.is_number() && reference.parse::<f64>().is_ok();
        let same = |value: &Value| value.as_str() == Some(reference) || number(value);
        assert!(same(&read["originalPartnerReferenceNo"]), "{reference}");
        assert!(!reference.is_empty() && !reference.contains(char::is_control));
        assert!(said.key().starts_with(reference) && !said.key().contains(char::is_control), "{:?}", said.key());
        // White space around it is none of it.
        assert_eq!(said.json().as_bytes(), body.trim_ascii());
        let words = [said.original_reference_no(), said.original_external_id(), said.transaction_status_desc()];
        for text in words.into_iter().chain([said.channel(), said.created_time(), said.finished_time()]).flatten() {
            assert!(!text.contains(char::is_control), "{text:?}");
        }
        if said.is_paid() {
            assert!(["00", "0"].iter().any(|paid| read["latestTransactionStatus"].to_string().contains(paid)));
        }
        self.client.acknowledge(&mut delivery).expect("a journal in memory");
        assert_eq!(check(delivery.answer(), "56")["responseCode"], "2005600");
        let again = self.client.notification(incoming).expect("a journal in memory");
        assert_eq!(again.order(), bayar::DeliveryOrder::Repeat);
    }

    fn refused(&self, delivery: &mut Delivery) {
        let before = delivery.answer().body().to_owned();
        for decided in [self.client.acknowledge(delivery), self.client.reject_unknown(delivery)] {
            assert_eq!(decided.expect_err("nothing to decide").kind(), Kind::InvalidArgument);
        }
        assert_eq!(delivery.answer().body(), before);
        assert!(delivery.status_instead().is_none() && delivery.mismatch().is_none() && !delivery.is_known());
    }
}

struct Headers<'a>(Vec<(&'a str, String)>);

impl Headers<'_> {
    /// The value of a header of which there has to be exactly one.
    #[track_caller]
    fn only(&self, wanted: &str) -> String {
        let mut found = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let value = found.next().map(|(_, value)| value.trim().to_owned());
        assert!(found.next().is_none(), "{wanted} came twice");
        value.unwrap_or_else(|| panic!("{wanted} is missing"))
    }
}

/// What holds of every answer; returns its body.
#[track_caller]
fn check(answer: &WebhookAnswer, service: &str) -> Value {
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
