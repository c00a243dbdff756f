//! What checking a notification costs, on one thread, with the journal in memory.
//!
//! - The route with a token that was checked before, and what that is made of.
//! - With a new token, beside the bare RSA verification of it.

#[path = "support/rounds.rs"]
mod rounds;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar::keys::{SigningKey, VerifyingKey};
use bayar::snap::minify::minify;
use bayar::snap::signature::{Signed, Symmetric, token_string_to_sign};
use bayar::snap::timestamp::{self, Form};
use bayar::{Client, Config, Incoming};
use bayar_sandbox::{TEST_CLIENT_ID, TEST_PRIVATE_KEY_PEM, TEST_PUBLIC_KEY_PEM};
use rounds::{ours, ratio, take_turns, theirs, wanted};
use std::error::Error;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::{SystemTime, UNIX_EPOCH};

const ROUNDS: usize = 51;
const CALLS: u32 = 1_000;
/// A new token cannot be made as often: it is an RSA signature.
const TOKENS: u32 = 20;
const SECRET: &str = "SK-bench0123456789abcdef";
const PATH: &str = "/v1.0/debit/notify";
const BODY_LENGTH: usize = 600;

type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    if !wanted() {
        return Ok(());
    }
    let now_ms = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let timestamp = timestamp::format(now_ms, Form::Wib);
    let body = body();
    let client = client()?;
    let token = token(&client, &timestamp)?;
    let known = notification(&body, &token, &timestamp);
    let accepted = |incoming: &Incoming| client.notification(incoming).is_ok_and(|it| it.notification().is_some());
    if !accepted(&known) {
        return Err("The notification is not accepted.".into());
    }
    let symmetric = Symmetric::new(SECRET.as_bytes());
    let signed = Signed { method: "POST", path: PATH, token: &token, body: body.as_bytes(), timestamp: &timestamp };
    let signature = symmetric.sign(&signed);

    let route = || accepted(black_box(&known));
    let verify = || symmetric.verify(black_box(&signed), signature.as_str());
    let against_signature = take_turns(ROUNDS, CALLS, route, verify);
    let parse = || serde_json::from_str::<serde_json::Value>(black_box(&body)).is_ok();
    let of_parts = take_turns(ROUNDS, CALLS, parse, || minify(black_box(body.as_bytes())));

    // Each is new to its client; the first round is thrown away.
    let clients = (0..2 * TOKENS).map(|_| client_and_notification(&body, &timestamp)).collect::<Result<Vec<_>, _>>()?;
    let key = VerifyingKey::from_pem(TEST_PUBLIC_KEY_PEM.as_bytes())?;
    let own = SigningKey::from_pem(TEST_PRIVATE_KEY_PEM.as_bytes(), None)?;
    let (text, _) = token.rsplit_once('.').ok_or("no JWT")?;
    let rsa = own.sign(text.as_bytes())?;
    let mut next = clients.iter();
    let first = move || next.next().is_some_and(|(client, it)| client.notification(it).is_ok());
    let bare = || key.verify(black_box(text.as_bytes()), black_box(&rsa));
    let of_new = take_turns(1, TOKENS, first, bare);

    let out = &mut stdout().lock();
    writeln!(out, "Medians of {ROUNDS} rounds in turn (least to most); times in µs. Body {} bytes.", body.len())?;
    writeln!(out, "route, token known               {:.2}  (target 12)", ours(&against_signature))?;
    writeln!(out, "  the signature of it            {:.2}", theirs(&against_signature))?;
    writeln!(out, "  route / signature              {:.2}", ratio(&against_signature))?;
    writeln!(out, "  reading JSON                   {:.2}", ours(&of_parts))?;
    writeln!(out, "  minify, where white space came {:.2}", theirs(&of_parts))?;
    writeln!(out, "route, token new                 {:.1}", ours(&of_new))?;
    writeln!(out, "  bare RSA verification          {:.1}", theirs(&of_new))?;
    Ok(())
}

fn body() -> String {
    let head = r#"{"originalPartnerReferenceNo":"INV-20261122-000042","originalReferenceNo":"D20261122000042","originalExternalId":"12345678901234567890123456789012","latestTransactionStatus":"00","transactionStatusDesc":"Successful","amount":{"value":"125000.00","currency":"IDR"},"additionalInfo":{"channelId":"EMONEY_DANA_SNAP","acquirerId":"DANA","note":""#;
    let tail = r#""}}"#;
    format!("{head}{}{tail}", "x".repeat(BODY_LENGTH.saturating_sub(head.len() + tail.len())))
}

fn client() -> Result<Client, Failed> {
    let mut config = Config::new();
    for (name, value) in [
        ("environment", "sandbox"),
        ("client_id", TEST_CLIENT_ID),
        ("client_secret", SECRET),
        ("private_key", TEST_PRIVATE_KEY_PEM),
        // DOKU's key is the merchant's own here.
        ("doku_public_key", TEST_PUBLIC_KEY_PEM),
    ] {
        config.set(name, value)?;
    }
    Ok(Client::new(&config)?)
}

/// A token as DOKU asks for it.
fn token(client: &Client, timestamp: &str) -> Result<String, Failed> {
    let key = SigningKey::from_pem(TEST_PRIVATE_KEY_PEM.as_bytes(), None)?;
    let signature = STANDARD.encode(key.sign(token_string_to_sign(TEST_CLIENT_ID, timestamp).as_bytes())?);
    let mut request = Incoming::new("POST", "/token", br#"{"grantType":"client_credentials"}"#);
    for (name, value) in [("X-CLIENT-KEY", TEST_CLIENT_ID), ("X-TIMESTAMP", timestamp), ("X-SIGNATURE", &signature)] {
        request.add_header(name, value);
    }
    let answer: serde_json::Value = serde_json::from_str(client.webhook_token(&request)?.body())?;
    Ok(answer.get("accessToken").and_then(serde_json::Value::as_str).ok_or("no token")?.to_owned())
}

fn notification(body: &str, token: &str, timestamp: &str) -> Incoming {
    let signed = Signed { method: "POST", path: PATH, token, body: body.as_bytes(), timestamp };
    let signature = Symmetric::new(SECRET.as_bytes()).sign(&signed);
    let mut incoming = Incoming::new("POST", PATH, body.as_bytes());
    incoming.add_header("X-TIMESTAMP", timestamp);
    incoming.add_header("X-SIGNATURE", signature.as_str());
    incoming.add_header("X-PARTNER-ID", TEST_CLIENT_ID);
    incoming.add_header("X-EXTERNAL-ID", "12345678901234567890123456789012");
    incoming.add_header("Authorization", &format!("Bearer {token}"));
    incoming
}

/// A client that has not seen the token so far.
fn client_and_notification(body: &str, timestamp: &str) -> Result<(Client, Incoming), Failed> {
    let fresh = client()?;
    let token = token(&fresh, timestamp)?;
    Ok((fresh, notification(body, &token, timestamp)))
}
