//! What signing a payment costs.
//!
//! - Against its floor: the bare hashing of the very same bytes (SHA-256 of the body, HMAC-SHA512 of the string to sign
//!   with the key state kept) with the same crates. What signing adds is hex, base64 and its memory.
//! - With all that is made for a request besides: body, timestamp, headers.
//! - For scale: the RSA signature of the token request, once in 15 minutes, and reading the key, once a client.

#[path = "support/rounds.rs"]
mod rounds;

use std::error::Error;
use std::hint::black_box;
use std::io::{Write, stdout};

use bayar::PaymentRequest;
use bayar::keys::SigningKey;
use bayar::snap::path;
use bayar::snap::request::{Forms, Headers};
use bayar::snap::signature::{Signature, Signed, Symmetric, string_to_sign, token_string_to_sign};
use bayar::snap::timestamp::{self, Form};
use bayar_sandbox::{TEST_CLIENT_ID, TEST_PRIVATE_KEY_PEM};
use hmac::{Hmac, Mac};
use rounds::{ours, ratio, take_turns, theirs, wanted};
use sha2::{Digest, Sha256, Sha512};

const ROUNDS: usize = 101;
/// A millisecond or more a round, which no clock is too coarse for.
const CALLS: u32 = 4_000;
const RSA_CALLS: u32 = 10;

/// The sizes of a usual request: DOKU's tokens are JWTs.
const BODY_LENGTH: usize = 350;
const TOKEN_LENGTH: usize = 300;

const SECRET: &[u8] = b"SK-bench0123456789abcdef";
const CHANNEL: &str = "EMONEY_DANA_SNAP";
const NOW_MS: i64 = 1_795_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    if !wanted() {
        return Ok(());
    }
    let order = order()?;
    let body = order.body(CHANNEL, NOW_MS, Forms::default())?;
    let authorization = format!("Bearer {}", "t".repeat(TOKEN_LENGTH));
    let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
    let timestamp = timestamp::format(NOW_MS, Form::Wib);
    let signed = Signed { method: "POST", path: path::PAYMENT, token, body: &body, timestamp: &timestamp };
    let text = string_to_sign(&signed);
    let symmetric = Symmetric::new(SECRET);
    let keyed = Hmac::<Sha512>::new_from_slice(SECRET)?;

    let sign = || symmetric.sign(black_box(&signed));
    let bare = || bare(&keyed, black_box(&body), black_box(&text));
    let request = || whole(&symmetric, &order, &authorization);
    let against_bare = take_turns(ROUNDS, CALLS, sign, bare);
    let against_sign = take_turns(ROUNDS, CALLS, request, sign);
    let key = SigningKey::from_pem(TEST_PRIVATE_KEY_PEM.as_bytes(), None)?;
    let token_request = token_string_to_sign(TEST_CLIENT_ID, &timestamp);
    let rsa = || key.sign(black_box(token_request.as_bytes()));
    let parse = || SigningKey::from_pem(black_box(TEST_PRIVATE_KEY_PEM.as_bytes()), None);
    let of_key = take_turns(ROUNDS / 3, RSA_CALLS, rsa, parse);

    let out = &mut stdout().lock();
    writeln!(out, "Medians of {ROUNDS} rounds in turn (least to most). Ratios are within a round; times in µs.")?;
    writeln!(out, "body {} bytes, token {} bytes, string to sign {} bytes", body.len(), token.len(), text.len())?;
    writeln!(out, "sign / bare hashing              {:.3}", ratio(&against_bare))?;
    writeln!(out, "  sign                           {:.2}", ours(&against_bare))?;
    writeln!(out, "  bare hashing                   {:.2}", theirs(&against_bare))?;
    writeln!(out, "body, time, sign, headers / sign {:.3}", ratio(&against_sign))?;
    writeln!(out, "  body, time, sign, headers      {:.2}", ours(&against_sign))?;
    writeln!(out, "RSA-{} signature                {:.0}", key.bits(), ours(&of_key))?;
    writeln!(out, "RSA-{} key from PEM             {:.0}", key.bits(), theirs(&of_key))?;
    Ok(())
}

/// A payment whose body has exactly [`BODY_LENGTH`] bytes: the title fills it up.
fn order() -> Result<PaymentRequest, Box<dyn Error>> {
    let mut order = PaymentRequest::new("INV-20261122-000042", "125000.00")?;
    order.set_return_url("https://shop.example/thanks?order=42")?;
    order.set_point_of_initiation("app")?;
    order.set_title("-")?;
    let rest = BODY_LENGTH.saturating_sub(order.body(CHANNEL, NOW_MS, Forms::default())?.len());
    order.set_title(&"-".repeat(rest + 1))?;
    Ok(order)
}

/// The same hashing and nothing else.
fn bare(keyed: &Hmac<Sha512>, body: &[u8], text: &str) -> impl Sized {
    (Sha256::digest(body), keyed.clone().chain_update(text).finalize().into_bytes())
}

/// All that is made for one request; what it is made from is kept.
fn whole(symmetric: &Symmetric, order: &PaymentRequest, authorization: &str) -> Option<(Vec<u8>, Signature, usize)> {
    let order = black_box(order);
    let body = order.body(CHANNEL, NOW_MS, Forms::default()).ok()?;
    let timestamp = timestamp::format(black_box(NOW_MS), Form::Wib);
    let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
    let signature =
        symmetric.sign(&Signed { method: "POST", path: path::PAYMENT, token, body: &body, timestamp: &timestamp });
    let headers = Headers {
        timestamp: &timestamp,
        signature: signature.as_str(),
        partner_id: TEST_CLIENT_ID,
        external_id: "12345678901234567890123456789012",
        authorization,
        device_id: Some("till42"),
        ip_address: Some("8.8.8.8"),
        channel_id: None,
    };
    let count = black_box(headers.list()).len();
    Some((body, signature, count))
}
