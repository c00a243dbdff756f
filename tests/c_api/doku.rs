//! What DOKU sends to the merchant's two routes, and what somebody sends who would like to be DOKU. Signed here with ring
//! and openssl, by nothing of the library's, so that a mistake in one does not agree with itself in the other.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bayar_sandbox::{TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair};
use ring::{digest, hmac};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::keys;

pub(crate) const TOKEN: &str = "/token";
pub(crate) const NOTIFY: &str = "/notify";
/// As the merchant registered it; a proxy in front of the shop has shortened it.
pub(crate) const REGISTERED: &str = "/v1.0/debit/notify";

/// A request as it arrives at the shop.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    fn new(path: &'static str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { method: "POST", path, headers, body: body.to_vec() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        let before = self.headers.len();
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        assert_eq!(self.headers.len(), before - 1, "{name}");
        self
    }

    pub(crate) fn replacing(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).unwrap()
    }

    pub(crate) fn of_method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    pub(crate) fn with_body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: body.as_ref().to_vec(), ..self }
    }
}

/// One request and what must come of it.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) request: Request,
    pub(crate) http: u16,
    pub(crate) code: &'static str,
}

impl Row {
    fn new(name: impl Into<String>, request: Request, http: u16, code: &'static str) -> Self {
        Self { name: name.into(), request, http, code }
    }

    pub(crate) fn is_genuine(&self) -> bool {
        self.http == 200
    }
}

/// The moment this many seconds from now, as DOKU writes it.
pub(crate) fn moment(seconds: i64) -> String {
    let now = OffsetDateTime::from_unix_timestamp(now_s() + seconds).unwrap();
    now.to_offset(UtcOffset::from_hms(7, 0, 0).unwrap()).format(&Rfc3339).unwrap()
}

pub(crate) fn now_s() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

fn pair(pem: &str) -> RsaKeyPair {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap()
}

fn rsa(pem: &str, padding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
    let pair = pair(pem);
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
    signature
}

/// X-SIGNATURE over these very bytes.
pub(crate) fn signature(secret: &str, path: &str, token: &str, body: &[u8], timestamp: &str) -> String {
    let hash = hex::encode(digest::digest(&digest::SHA256, body));
    let signed = format!("POST:{path}:{token}:{hash}:{timestamp}");
    let key = hmac::Key::new(hmac::HMAC_SHA512, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, signed.as_bytes()))
}

/// What DOKU signs of a body: JSON without the white space between its parts.
fn compact(body: &str) -> String {
    serde_json::from_str::<Box<serde_json::value::RawValue>>(body).map_or_else(
        |_| body.to_owned(),
        |_| {
            let (mut text, mut escaped) = (false, false);
            let kept = |c: &char| {
                let keep = text || !c.is_ascii_whitespace();
                match (escaped, c) {
                    (true, _) => escaped = false,
                    (false, '\\') => escaped = text,
                    (false, '"') => text = !text,
                    _ => {}
                }
                keep
            };
            body.chars().filter(kept).collect()
        },
    )
}

/// DOKU with its own key.
pub(crate) struct Doku {
    pub(crate) private: String,
    pub(crate) public: String,
}

impl Doku {
    pub(crate) fn open() -> Self {
        let private = keys::rsa(2048);
        let public = keys::public_of(&private);
        Self { private, public }
    }

    pub(crate) fn asks_for_token(&self) -> Request {
        token_request(&self.private, TEST_CLIENT_ID, &moment(0))
    }

    /// What is given a token, and what is not.
    pub(crate) fn token_rows(&self) -> Vec<Row> {
        let good = || self.asks_for_token();
        let refused = |name: &str, request| Row::new(name, request, 401, "4017300");
        let mut rows = vec![
            Row::new("DOKU asks for a token", good(), 200, "2007300"),
            refused("another key", token_request(TEST_PRIVATE_KEY_PEM, TEST_CLIENT_ID, &moment(0))),
            refused("another merchant", token_request(&self.private, "BRN-2", &moment(0))),
            refused("too old", token_request(&self.private, TEST_CLIENT_ID, &moment(-600))),
            refused("from the future", token_request(&self.private, TEST_CLIENT_ID, &moment(600))),
            refused("a signature that is not base64", good().replacing("X-SIGNATURE", "%%%")),
            refused("another timestamp than was signed", good().replacing("X-TIMESTAMP", &moment(-7))),
            Row::new("no date", token_request(&self.private, TEST_CLIENT_ID, "2026-11-22 12:00"), 400, "4007301"),
            Row::new("GET for a token", good().of_method("GET"), 400, "4007300"),
        ];
        for name in ["X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"] {
            rows.push(Row::new(format!("without {name}"), good().without(name), 400, "4007302"));
            rows.push(Row::new(format!("{name} twice"), good().with(&name.to_lowercase(), "x"), 400, "4007301"));
        }
        for (body, code) in [
            ("", "4007300"),
            ("{", "4007300"),
            ("\u{0}", "4007300"),
            ("{}", "4007302"),
            (r#"{"grantType":"password"}"#, "4007301"),
        ] {
            rows.push(Row::new(format!("a token for {body:?}"), good().with_body(body), 400, code));
        }
        let large = format!(r#"{{"grantType":"client_credentials","a":"{}"}}"#, "x".repeat(64 * 1024));
        rows.push(Row::new("a large body for a token", good().with_body(large), 400, "4007300"));
        rows
    }
}

fn token_request(key: &str, client_id: &str, timestamp: &str) -> Request {
    let signed = format!("{client_id}|{timestamp}");
    let signature = STANDARD.encode(rsa(key, &RSA_PKCS1_SHA256, signed.as_bytes()));
    let headers = [("x-client-key", client_id), ("X-TIMESTAMP", timestamp), ("X-Signature", &signature)];
    Request::new(TOKEN, &headers, br#"{"grantType":"client_credentials"}"#)
}

/// What a notification says, compact.
pub(crate) fn said(reference: &str, status: &str) -> String {
    json!({"originalPartnerReferenceNo": reference, "originalReferenceNo": "D1", "originalExternalId": "41",
           "latestTransactionStatus": status, "transactionStatusDesc": "Success", "createdTime": "2026-11-22T12:00:00+07:00",
           "finishedTime": "2026-11-22T12:00:09+07:00", "amount": {"value": "10000.00", "currency": "IDR"},
           "additionalInfo": {"channelId": "EMONEY_DANA_SNAP"}})
    .to_string()
}

/// Signed as DOKU documents it.
pub(crate) fn notification(body: &str, token: &str) -> Request {
    signed_with(TEST_CLIENT_SECRET, body, token, &moment(0))
}

pub(crate) fn signed_with(secret: &str, body: &str, token: &str, timestamp: &str) -> Request {
    let signature = signature(secret, REGISTERED, token, compact(body).as_bytes(), timestamp);
    bearing(body.as_bytes(), token, timestamp, &signature)
}

fn bearing(body: &[u8], token: &str, timestamp: &str, signature: &str) -> Request {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("X-TIMESTAMP", timestamp),
        ("X-SIGNATURE", signature),
        ("X-PARTNER-ID", TEST_CLIENT_ID),
        ("X-EXTERNAL-ID", "1"),
        ("Authorization", &bearer),
    ];
    Request::new(NOTIFY, &headers, body)
}

/// A token with this header and these claims.
fn jwt(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sign(signed.as_bytes())))
}

pub(crate) fn claims_of(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// The token with one claim replaced, signed with the merchant's own key.
pub(crate) fn with_claim(token: &str, name: &str, value: Value) -> String {
    let mut claims = claims_of(token);
    claims[name] = value;
    jwt(&json!({"alg": "RS256", "typ": "JWT"}), &claims, |signed| rsa(TEST_PRIVATE_KEY_PEM, &RSA_PKCS1_SHA256, signed))
}

/// The genuine forms, each of a payment of its own.
pub(crate) fn genuine_rows(token: &str) -> Vec<Row> {
    let form = |number: usize| said(&format!("FORM-{number}"), "00");
    let pretty = |text: String| serde_json::to_string_pretty(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    let forms = [
        ("compact", form(0)),
        ("pretty-printed", pretty(form(1))),
        ("numbers for strings", form(2).replace("\"10000.00\"", "10000.00").replace("\"00\"", "0")),
        ("unknown fields", form(3).replacen('{', r#"{"a new field":{"of":["any",1,null]},"#, 1)),
        ("escapes", form(4).replacen('{', r#"{"url":"https:\/\/x\/","name":"日本 \u00e9","#, 1)),
        ("the other spelling", form(5).replace("channelId", "channel")),
    ];
    let row = |name: &str, request| Row::new(name, request, 200, "2005600");
    let mut rows: Vec<Row> = forms.iter().map(|(name, body)| row(name, notification(body, token))).collect();
    let (raw, now) = (pretty(form(6)), moment(0));
    let over_raw = signature(TEST_CLIENT_SECRET, REGISTERED, token, raw.as_bytes(), &now);
    rows.push(row("signed over the bytes as they came", bearing(raw.as_bytes(), token, &now, &over_raw)));
    let utc = OffsetDateTime::from_unix_timestamp(now_s()).unwrap().format(&Rfc3339).unwrap();
    rows.push(row("a timestamp in UTC", signed_with(TEST_CLIENT_SECRET, &form(7), token, &utc)));
    let own = with_claim(token, "clientId", json!(TEST_CLIENT_ID));
    rows.push(row("a token made here as the library makes it", notification(&form(8), &own)));
    let odd =
        notification(&form(9), token).without("X-PARTNER-ID").replacing("Authorization", &format!("bearer {token}"));
    rows.push(row("without a partner, and bearer in small letters", odd));
    rows
}

/// Every forgery; `token` is a good one.
pub(crate) fn forged_rows(token: &str) -> Vec<Row> {
    let body = said("INV-F", "00");
    let now = moment(0);
    let good = signature(TEST_CLIENT_SECRET, REGISTERED, token, body.as_bytes(), &now);
    let full = || bearing(body.as_bytes(), token, &now, &good);
    let mut rows = Vec::new();
    let mut signature_row = |name: &str, request| rows.push(Row::new(name, request, 401, "4015600"));
    signature_row("another secret", signed_with("SK-another", &body, token, &now));
    signature_row("another amount", full().with_body(body.replace("10000.00", "10000000.00")));
    signature_row("another timestamp", full().replacing("X-TIMESTAMP", &moment(1)));
    let at = good.find(|c: char| c.is_ascii_lowercase()).unwrap();
    let mut letter = good.clone();
    letter.replace_range(at..=at, &good[at..=at].to_ascii_uppercase());
    signature_row("the case of a letter", full().replacing("X-SIGNATURE", &letter));
    signature_row("hex for base64", full().replacing("X-SIGNATURE", &hex::encode(STANDARD.decode(&good).unwrap())));
    for other in ["=", "AAAA", &good[..80], &format!("{good}AAAA")] {
        signature_row("a signature of another length", full().replacing("X-SIGNATURE", other));
    }
    let other_path = signature(TEST_CLIENT_SECRET, NOTIFY, token, body.as_bytes(), &now);
    signature_row("another path", full().replacing("X-SIGNATURE", &other_path));
    signature_row("another partner", full().replacing("X-PARTNER-ID", "BRN-2"));
    signature_row("a byte added behind the body", full().with_body(format!("{body}\u{0}")));
    signature_row("stale", signed_with(TEST_CLIENT_SECRET, &said("INV-STALE", "00"), token, &moment(-360)));
    signature_row("from the future", signed_with(TEST_CLIENT_SECRET, &said("INV-STALE", "00"), token, &moment(360)));
    rows.extend(token_forgeries(token, &body));
    rows.extend(malformed(token, &body));
    rows
}

fn token_forgeries(token: &str, body: &str) -> Vec<Row> {
    let claims = claims_of(token);
    let header = |algorithm: &str| json!({"alg": algorithm, "typ": "JWT"});
    let own = |signed: &[u8]| rsa(TEST_PRIVATE_KEY_PEM, &RSA_PKCS1_SHA256, signed);
    let public = keys::public_of(TEST_PRIVATE_KEY_PEM);
    let hs256 = |signed: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes());
        hmac::sign(&key, signed).as_ref().to_vec()
    };
    let theirs = keys::rsa(2048);
    let mut tokens: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, token: String| tokens.push((name.to_owned(), token));
    for algorithm in ["none", "None", "NONE", ""] {
        add("no algorithm", jwt(&header(algorithm), &claims, |_| Vec::new()));
    }
    add("HS256 with the public key", jwt(&header("HS256"), &claims, hs256));
    add("HS256 that calls itself RS256", jwt(&header("RS256"), &claims, hs256));
    let rs512 = |signed: &[u8]| rsa(TEST_PRIVATE_KEY_PEM, &RSA_PKCS1_SHA512, signed);
    add("another RSA algorithm", jwt(&header("RS512"), &claims, rs512));
    add("another RSA algorithm in the header alone", jwt(&header("RS512"), &claims, own));
    let foreign = |signed: &[u8]| rsa(&theirs, &RSA_PKCS1_SHA256, signed);
    add("another merchant's key", jwt(&header("RS256"), &claims, foreign));
    add("another merchant's token", with_claim(token, "aud", json!("BRN-2")));
    add("the other environment's token", with_claim(token, "iss", json!("bayar/production")));
    add("a token from the future", with_claim(token, "iat", json!(now_s() + 3600)));
    add("an end that is no number", with_claim(token, "exp", json!("9999999999")));
    let expired = with_claim(&with_claim(token, "exp", json!(now_s() - 1)), "iat", json!(now_s() - 901));
    add("an expired token", expired);
    let signed_by_another = token.rsplit_once('.').unwrap().0;
    add("the signature left out", format!("{signed_by_another}."));
    add("a letter left out", token[1..].to_owned());
    add("another signature", format!("{token}.x"));
    add("padding", format!("{token}="));
    add("no token", "x".to_owned());
    tokens.into_iter().map(|(name, token)| Row::new(name, notification(body, &token), 401, "4015601")).collect()
}

fn malformed(token: &str, body: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let full = || notification(body, token);
    for name in ["X-TIMESTAMP", "X-SIGNATURE", "Authorization"] {
        let value = full().header(name).to_owned();
        rows.push(Row::new(format!("without {name}"), full().without(name), 400, "4005602"));
        rows.push(Row::new(format!("{name} twice"), full().with(&name.to_lowercase(), &value), 400, "4005601"));
        rows.push(Row::new(format!("{name} too long"), full().replacing(name, &"x".repeat(5_000)), 400, "4005601"));
    }
    let mut add = |name: &str, request, code| rows.push(Row::new(name, request, 400, code));
    add("X-PARTNER-ID twice", full().with("x-partner-id", TEST_CLIENT_ID), "4005601");
    add("GET", full().of_method("GET"), "4005600");
    add("65 KiB", notification(&format!("{{\"a\":\"{}\"}}", "x".repeat(64 * 1024)), token), "4005600");
    add("10 MiB", notification(&format!("{{\"a\":\"{}\"}}", "x".repeat(10 << 20)), token), "4005600");
    let at = |timestamp| signed_with(TEST_CLIENT_SECRET, body, token, timestamp);
    add("a timestamp in words", at("yesterday"), "4005601");
    add("a timestamp without a zone", at("2026-11-22T12:00:00"), "4005601");
    let twice = body.replacen('{', r#"{"latestTransactionStatus":"03","#, 1);
    add("a member twice", notification(&twice, token), "4005601");
    let nested = body.replace(r#""currency""#, r#""value":"1.00","currency""#);
    add("a member of a member twice", notification(&nested, token), "4005601");
    for broken in ["", "[]", "null", "\"x\"", "{", "{\"a\":1} {}", "\u{feff}{}", "{\"a\":\"\u{0}\"}"] {
        add(&format!("the body {broken:?}"), notification(broken, token), "4005601");
    }
    // The very bytes are signed, though they are no text.
    let raw = [b"{\"originalPartnerReferenceNo\":\"\xFF\xFE\"," as &[u8], &body.as_bytes()[1..]].concat();
    let now = moment(0);
    let over_raw = signature(TEST_CLIENT_SECRET, REGISTERED, token, &raw, &now);
    add("bytes that are no text", bearing(&raw, token, &now, &over_raw), "4005601");
    for (member, value, code) in [
        ("originalPartnerReferenceNo", Value::Null, "4005602"),
        ("originalPartnerReferenceNo", json!(""), "4005602"),
        ("originalPartnerReferenceNo", json!(["INV-0001"]), "4005601"),
        ("originalPartnerReferenceNo", json!("INV\u{0}0001"), "4005601"),
        ("originalPartnerReferenceNo", json!("x".repeat(65)), "4005601"),
        ("latestTransactionStatus", Value::Null, "4005602"),
        ("latestTransactionStatus", json!({"a": 1}), "4005601"),
        ("latestTransactionStatus", json!("000"), "4005601"),
        ("amount", json!({"value": "ten", "currency": "IDR"}), "4005601"),
        ("amount", json!({"value": "10000.00", "currency": "USD"}), "4005601"),
        ("originalReferenceNo", json!("a\nb"), "4005601"),
    ] {
        let mut changed: Value = serde_json::from_str(body).unwrap();
        changed[member] = value;
        add(&format!("{member} is {}", changed[member]), notification(&changed.to_string(), token), code);
    }
    rows
}
