//! The checks of an honest merchant, every one of them whatever the others found: what is wrong in one way only has one fault.

use std::sync::atomic::Ordering;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bayar_sandbox::{TEST_CLIENT_ID, TEST_PRIVATE_KEY_PEM};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use ring::{digest, hmac};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::shop::{Desk, Got, NOTIFY_PATH, TOKEN_PATH, answer};

const WINDOW_S: u64 = 300;

pub(crate) fn now_s(desk: &Desk) -> i64 {
    OffsetDateTime::now_utc().unix_timestamp() + desk.shift_s.load(Ordering::SeqCst)
}

pub(crate) fn token_request(desk: &Desk, got: &Got) -> Vec<String> {
    let mut faults = headers(got, &["Content-Type", "X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"]);
    fault(&mut faults, "time", in_time(desk, got.header("X-TIMESTAMP")));
    fault(&mut faults, "client", got.header("X-CLIENT-KEY") == TEST_CLIENT_ID);
    let body: Option<Value> = serde_json::from_slice(&got.body).ok();
    fault(&mut faults, "grant", body == Some(json!({ "grantType": "client_credentials" })));
    let message = format!("{}|{}", got.header("X-CLIENT-KEY"), got.header("X-TIMESTAMP"));
    let keys = desk.doku_keys.lock().unwrap().clone();
    let signature = BASE64_STANDARD.decode(got.header("X-SIGNATURE")).unwrap_or_default();
    fault(&mut faults, "signature", keys.iter().any(|key| verifies(key, &message, &signature)));
    unsaid(faults)
}

pub(crate) fn notification(desk: &Desk, got: &Got) -> Vec<String> {
    let names = ["X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "X-DEVICE-ID", "Authorization"];
    let mut faults = headers(got, &names);
    faults.extend(headers(got, &["Content-Type"]));
    fault(&mut faults, "long", got.body.len() <= 64 * 1024);
    fault(&mut faults, "path", got.path == NOTIFY_PATH);
    fault(&mut faults, "time", in_time(desk, got.header("X-TIMESTAMP")));
    fault(&mut faults, "partner", got.header("X-PARTNER-ID") == TEST_CLIENT_ID);
    let (scheme, token) = got.header("Authorization").split_once(' ').unwrap_or_default();
    fault(&mut faults, "scheme", scheme.eq_ignore_ascii_case("bearer"));
    if let Err(why) = token_is_good(desk, token) {
        faults.push(format!("token: {why}"));
    }
    match serde_json::from_slice::<Value>(&got.body) {
        Ok(json) => fault(&mut faults, "duplicate key", keys_of(&json) == keys_in(&got.body)),
        Err(_) => faults.push("no JSON".to_owned()),
    }
    let (raw, minified) = signed_over(desk, got);
    fault(&mut faults, "signature", raw || minified);
    unsaid(faults)
}

/// Whether the signature is one of the bytes as they came, and one of them without white space.
pub(crate) fn signed_over(desk: &Desk, got: &Got) -> (bool, bool) {
    let (_, token) = got.header("Authorization").split_once(' ').unwrap_or_default();
    let signed = |body: &[u8]| {
        let hash = hex(digest::digest(&digest::SHA256, body).as_ref());
        let message = format!("POST:{NOTIFY_PATH}:{token}:{hash}:{}", got.header("X-TIMESTAMP"));
        let signature = BASE64_STANDARD.decode(got.header("X-SIGNATURE")).unwrap_or_default();
        desk.secrets.lock().unwrap().iter().any(|secret| {
            let key = hmac::Key::new(hmac::HMAC_SHA512, secret.as_bytes());
            hmac::verify(&key, message.as_bytes(), &signature).is_ok()
        })
    };
    (signed(&got.body), signed(&minified(&got.body)))
}

/// What an honest merchant answers.
pub(crate) fn honest(desk: &Desk, got: &Got) -> String {
    let good = got.faults.is_empty();
    match (got.path.as_str(), good) {
        (TOKEN_PATH, true) => {
            let expires_in: Value = serde_json::from_str(&desk.expires_in.lock().unwrap()).unwrap();
            let body = json!({
                "responseCode": "2007300", "responseMessage": "Successful", "tokenType": "Bearer",
                "accessToken": token(desk), "expiresIn": expires_in, "additionalInfo": "",
            });
            answer(200, &body.to_string())
        }
        (TOKEN_PATH, false) => answer(401, r#"{"responseCode":"4017300","responseMessage":"Unauthorized"}"#),
        (_, true) => answer(200, r#"{"responseCode":"2005600","responseMessage":"Successful"}"#),
        (_, false) => answer(401, r#"{"responseCode":"4015600","responseMessage":"Unauthorized"}"#),
    }
}

fn token(desk: &Desk) -> String {
    let number = desk.tokens_issued.fetch_add(1, Ordering::SeqCst);
    let now_s = now_s(desk);
    let claims = json!({
        "iss": "shop", "clientId": TEST_CLIENT_ID, "iat": now_s, "exp": now_s + 900, "jti": format!("T{number}"),
    });
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let unsigned = format!("{}.{}", encode(r#"{"typ":"JWT","alg":"RS256"}"#), encode(&claims.to_string()));
    let key = key(TEST_PRIVATE_KEY_PEM);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), unsigned.as_bytes(), &mut signature).unwrap();
    format!("{unsigned}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

fn token_is_good(desk: &Desk, token: &str) -> Result<(), String> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return Err("no JWT".to_owned()) };
    let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| "no base64".to_owned());
    let read = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).map_err(|_| "no JSON".to_owned());
    let algorithm = read(decoded(header)?)?["alg"].clone();
    if algorithm != "RS256" {
        return Err(algorithm.as_str().unwrap().to_owned());
    }
    let claims_json = read(decoded(claims)?)?;
    if !verifies(TEST_PRIVATE_KEY_PEM, &format!("{header}.{claims}"), &decoded(signature)?) {
        return Err("signature".to_owned());
    }
    if claims_json["iss"] != "shop" || claims_json["clientId"] != TEST_CLIENT_ID {
        return Err("issuer".to_owned());
    }
    if claims_json["exp"].as_i64().unwrap() <= now_s(desk) { Err("ended".to_owned()) } else { Ok(()) }
}

/// Present once each.
fn headers(got: &Got, names: &[&str]) -> Vec<String> {
    let complaint = |name: &&str| match got.values(name).len() {
        0 => Some(format!("no {name}")),
        1 => None,
        _ => Some(format!("two {name}")),
    };
    names.iter().filter_map(complaint).collect()
}

fn fault(faults: &mut Vec<String>, name: &str, good: bool) {
    if !good {
        faults.push(name.to_owned());
    }
}

/// Without the consequences of a header that is not there.
fn unsaid(faults: Vec<String>) -> Vec<String> {
    match faults.iter().find(|fault| fault.starts_with("no ") && *fault != "no JSON").cloned() {
        Some(missing) => vec![missing],
        None => faults,
    }
}

fn in_time(desk: &Desk, timestamp: &str) -> bool {
    let time = OffsetDateTime::parse(timestamp, &Rfc3339).map(OffsetDateTime::unix_timestamp);
    time.is_ok_and(|time| time.abs_diff(now_s(desk)) <= WINDOW_S)
}

fn verifies(private_key_pem: &str, message: &str, signature: &[u8]) -> bool {
    let public = key(private_key_pem).public().as_ref().to_vec();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
    public.verify(message.as_bytes(), signature).is_ok()
}

fn key(private_key_pem: &str) -> RsaKeyPair {
    let der = PrivatePkcs8KeyDer::from_pem_slice(private_key_pem.as_bytes()).unwrap();
    RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keys that a parser keeps.
fn keys_of(json: &Value) -> usize {
    match json {
        Value::Object(map) => map.len() + map.values().map(keys_of).sum::<usize>(),
        Value::Array(list) => list.iter().map(keys_of).sum(),
        _ => 0,
    }
}

/// Keys that were written: colons outside strings.
fn keys_in(json: &[u8]) -> usize {
    outside_strings(json).iter().filter(|(byte, outside)| *outside && *byte == b':').count()
}

fn minified(json: &[u8]) -> Vec<u8> {
    let kept = |(byte, outside): &(u8, bool)| !(*outside && byte.is_ascii_whitespace());
    outside_strings(json).iter().filter(|pair| kept(pair)).map(|(byte, _)| *byte).collect()
}

fn outside_strings(json: &[u8]) -> Vec<(u8, bool)> {
    let (mut outside, mut escaped) = (true, false);
    json.iter()
        .map(|&byte| {
            let here = outside;
            if byte == b'"' && !escaped {
                outside = !outside;
            }
            escaped = !outside && byte == b'\\' && !escaped;
            (byte, here && outside)
        })
        .collect()
}
