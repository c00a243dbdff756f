//! Only the signing, for a system that does its own HTTP: no client and no network. The C API and the other bindings stand on
//! these same functions.

use crate::error::{Error, Kind, Outcome, Result, Retry};
use crate::keys::{KeyError, SigningKey, VerifyingKey};
use crate::snap::external_id::ExternalId;
use crate::snap::minify::minify;
use crate::snap::signature::{Signature, Signed, Symmetric, string_to_sign, token_string_to_sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};

/// X-SIGNATURE of a payment, refund or status request. The body is minified for the hash as DOKU documents it; send
/// compact JSON, then no reading of that rule can differ.
pub fn sign_request(client_secret: &str, request: &Signed<'_>) -> Signature {
    let minified = minify(request.body);
    Symmetric::new(client_secret.as_bytes()).sign(&Signed { body: &minified, ..*request })
}

/// The string that [`sign_request`] signs. It contains the token: do not log it.
pub fn request_string_to_sign(request: &Signed<'_>) -> String {
    let minified = minify(request.body);
    string_to_sign(&Signed { body: &minified, ..*request })
}

/// Verifies what [`sign_request`] makes, in constant time: over the body's bytes as they are, or over the minified body,
/// for signers differ in this. An error of [`Kind::SignatureMismatch`] if it does not match.
pub fn verify_request(client_secret: &str, request: &Signed<'_>, signature: &str) -> Result<()> {
    let key = Symmetric::new(client_secret.as_bytes());
    let minified = || minify(request.body);
    matches(key.verify(request, signature) || key.verify(&Signed { body: &minified(), ..*request }, signature))
}

/// X-SIGNATURE of a token request, in base64: SHA256withRSA over `client_id|timestamp`. The key is parsed at every call.
pub fn sign_token_request(
    private_key_pem: &str,
    passphrase: Option<&str>,
    client_id: &str,
    timestamp: &str,
) -> Result<String> {
    let key = SigningKey::from_pem(private_key_pem.as_bytes(), passphrase.map(str::as_bytes))
        .map_err(|problem| invalid_key("private_key_pem", &problem))?;
    let message = token_string_to_sign(client_id, timestamp);
    let signature = key.sign(message.as_bytes()).map_err(|problem| Error::internal(problem.to_string()))?;
    Ok(STANDARD.encode(signature))
}

/// Verifies what [`sign_token_request`] makes. An error of [`Kind::SignatureMismatch`] if it does not match.
pub fn verify_token_request(public_key_pem: &str, client_id: &str, timestamp: &str, signature: &str) -> Result<()> {
    let key =
        VerifyingKey::from_pem(public_key_pem.as_bytes()).map_err(|problem| invalid_key("public_key_pem", &problem))?;
    let message = token_string_to_sign(client_id, timestamp);
    matches(STANDARD.decode(signature).is_ok_and(|signature| key.verify(message.as_bytes(), &signature)))
}

/// A random X-EXTERNAL-ID. Store it before it is sent, and send the same one with every repeat.
pub fn new_external_id() -> Result<ExternalId> {
    let mut random = [0; 16];
    let filled = SystemRandom::new().fill(&mut random);
    filled.map_err(|_| Error::internal("The system gives no random numbers."))?;
    Ok(ExternalId::from_bytes(random))
}

fn invalid_key(name: &str, problem: &KeyError) -> Error {
    Error::setting(Kind::InvalidKey, name, problem.to_string())
}

fn matches(valid: bool) -> Result<()> {
    if valid {
        return Ok(());
    }
    let message = "The signature does not match.";
    Err(Error::new(Kind::SignatureMismatch, Outcome::NotSent, Retry::No, message).with_field("signature"))
}
