//! The pure protocol by the shared vectors, the published ones among them: signatures, the strings they sign, minify.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar::keys::{SigningKey, VerifyingKey};
use bayar::snap::minify::minify;
use bayar::snap::signature::{Signed, Symmetric, string_to_sign, token_string_to_sign};
use serde_json::Value;

fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// Walks all cases before failing, so that one run tells all that is wrong.
fn walk(name: &str, check: impl Fn(&Value) -> Result<(), String>) {
    let cases = cases(name);
    let failures: Vec<_> =
        cases.iter().filter_map(|case| check(case).err().map(|why| format!("{}: {why}", case["name"]))).collect();
    assert!(!cases.is_empty() && failures.is_empty(), "{}", failures.join("\n"));
}

fn same(what: &str, ours: &str, theirs: &Value) -> Result<(), String> {
    if theirs == ours { Ok(()) } else { Err(format!("{what} is {ours}, should be {theirs}")) }
}

fn signed<'a>(case: &'a Value, body: &'a [u8]) -> Signed<'a> {
    let text = |name: &str| case[name].as_str().unwrap();
    Signed { method: text("method"), path: text("path"), token: text("token"), body, timestamp: text("timestamp") }
}

#[test]
fn signatures_are_those_of_the_vectors() {
    walk("signature.json", |case| {
        let text = |name: &str| case[name].as_str().unwrap();
        match text("kind") {
            "symmetric" => {
                let body = minify(text("body").as_bytes());
                same("the string to sign", &string_to_sign(&signed(case, &body)), &case["string_to_sign"])?;
                let key = Symmetric::new(text("client_secret").as_bytes());
                let signature = key.sign(&signed(case, &body));
                same("the signature", signature.as_str(), &case["signature"])?;
                assert!(key.verify(&signed(case, &body), signature.as_str()));
                Ok(())
            }
            "symmetric_string" => {
                use hmac::{Hmac, Mac};
                let mut mac = Hmac::<sha2::Sha512>::new_from_slice(text("client_secret").as_bytes()).unwrap();
                mac.update(text("string_to_sign").as_bytes());
                same("the signature", &STANDARD.encode(mac.finalize().into_bytes()), &case["signature"])
            }
            "symmetric_verify" => {
                let key = Symmetric::new(text("client_secret").as_bytes());
                let valid = key.verify(&signed(case, &minify(text("body").as_bytes())), text("signature"));
                if case["valid"] == valid { Ok(()) } else { Err(format!("verify says {valid}")) }
            }
            "asymmetric" => {
                let message = token_string_to_sign(text("client_id"), text("timestamp"));
                same("the string to sign", &message, &case["string_to_sign"])?;
                let key = SigningKey::from_pem(text("private_key_pem").as_bytes(), None).map_err(|e| e.to_string())?;
                let signature = key.sign(message.as_bytes()).map_err(|e| e.to_string())?;
                same("the signature", &STANDARD.encode(&signature), &case["signature"])
            }
            "asymmetric_verify" => {
                let message = token_string_to_sign(text("client_id"), text("timestamp"));
                let key = VerifyingKey::from_pem(text("public_key_pem").as_bytes()).map_err(|e| e.to_string())?;
                let valid =
                    STANDARD.decode(text("signature")).is_ok_and(|claimed| key.verify(message.as_bytes(), &claimed));
                if case["valid"] == valid { Ok(()) } else { Err(format!("verify says {valid}")) }
            }
            other => Err(format!("unknown kind {other}")),
        }
    });
}

#[test]
fn minify_removes_white_space_between_tokens_only() {
    walk("minify.json", |case| {
        let minified = minify(case["input"].as_str().unwrap().as_bytes());
        same("the minified text", std::str::from_utf8(&minified).unwrap(), &case["minified"])
    });
}

/// `make.py` computes every vector without our code; a file that was changed by hand does not stand it.
#[test]
fn the_vectors_are_what_their_maker_computes() {
    let maker = format!("{}/tests/vectors/make.py", env!("CARGO_MANIFEST_DIR"));
    let out = std::process::Command::new("python3").args([&maker, "--check"]).output();
    let out = out.unwrap_or_else(|why| panic!("python3 is needed for checking the vectors: {why}"));
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(out.status.success(), "{}{}", said(&out.stdout), said(&out.stderr));
}
