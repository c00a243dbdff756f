//! Checking the two kinds of signature: RSA for the token (protocol 2), HMAC for everything else (protocol 3).

use std::fmt::Write;
use std::io;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use super::spki::rsa_key_from_pem;

/// The merchant's public key.
pub(crate) struct MerchantKey(UnparsedPublicKey<Vec<u8>>);

impl MerchantKey {
    pub(crate) fn from_pem(pem: &str) -> io::Result<MerchantKey> {
        let key = rsa_key_from_pem(pem)?;
        Ok(MerchantKey(UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)))
    }

    /// Whether `signature` is the base64 of an RSA signature of `message`.
    pub(crate) fn verifies(&self, message: &str, signature: &str) -> bool {
        BASE64_STANDARD.decode(signature).is_ok_and(|bytes| self.0.verify(message.as_bytes(), &bytes).is_ok())
    }
}

/// The client secret, its HMAC state prepared once.
pub(crate) struct Secret(hmac::Key);

impl Secret {
    pub(crate) fn new(secret: &str) -> Secret {
        Secret(hmac::Key::new(hmac::HMAC_SHA512, secret.as_bytes()))
    }

    /// Whether `signature` is the base64 of the HMAC of `message`; the comparison takes constant time.
    pub(crate) fn verifies(&self, message: &str, signature: &str) -> bool {
        BASE64_STANDARD.decode(signature).is_ok_and(|bytes| hmac::verify(&self.0, message.as_bytes(), &bytes).is_ok())
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in digest(&SHA256, bytes).as_ref() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Midtrans' published SNAP samples (protocol 3, vectors 1 and 2).
    const SECRET: &str = "fdppqbF5wq7vVegyvsV1CROMv646nJ7A";
    const SYMMETRIC: &str = "POST:/v1.0/debit/payment-host-to-host:gp9HjjEj813Y9JGoqwOeOPWbnt4CupvIJbU1Mmu4a11MNDZ7Sg5u9a:56fa5f4999ad8014de49d7898c1d1d53472569db8999de3c1b752a0dd181e98c:2020-01-01T00:00:00+07:00";
    const SYMMETRIC_SIGNATURE: &str =
        "FSlidRHe4ow9qppNifGVQNcdv67lBjgCiP0BHylh+IKXo4fs2rHaGsFNUY0N8t0rPlZs4iAHAOCDklnCccwuJw==";
    const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlWbtlh3eM+bW3n5AFj42\nwddC4L7tQqbLiCFbTv8K67yng9iwK5mEn+UMXiRhvB2JVWFafCPPxFamsiVG3Mjn\neGjC0BYgmpmw4qXnAnyO3nCdCuPtmZ3ljhKvSTPdWZxrcLi1Xa9V/+Pzb8hrjb5i\nwMn6SZFNeMmZYgFKiSeueo6TPln2PoTqXCzs1HtsM8eUVe8GAsjJe/3dYl992nyX\nOpG21GgNu8o5T3WOptPg6GdDTWkTWUu483yRbVVy04Pz4L8DDZTDv+WcsAViDn1r\nA/jB1Auj/UGKx2ovGcBH/a/hor5TbABbODU6cPTHT54K3sSZtvZNV4eFDB1f/4wd\nfwIDAQAB\n-----END PUBLIC KEY-----";
    const ASYMMETRIC: &str = "G1234325-SNAP|2023-07-31T07:10:00+07:00";
    const ASYMMETRIC_SIGNATURE: &str = "iv5YorKVVFOFS59l0HChDvPe+HeoE/jY5CfVgCg5i16nj5/DVnKg49ilkv8PyeU7y38apHhgO+cUrvkfUs5BhDD69yLn7xp8hzN9RcR0UDy5+nCrQ3GGCVSzZJvlEXN+TB0j4Q6pMsjrq4+YRoyDa4mTlsjJTU9aGjLRFBYgY4MyMQ5x11JyLnoFwbS8TJ5e/q4mUozrp49VyHe7OQSFnJNwvMSFrDyAIxoOK0IZQIlY29PaDIFcWoR+RJAY42H2FryjJcPpNfeercbkj9jsBLV3wmEKiNoN6lgFFLk5QicDnAAQzL45s92EYeCqDNuTTJOydaJbUqEo1d/ZPVNBtQ==";

    #[test]
    fn the_published_symmetric_signature_is_accepted() {
        let secret = Secret::new(SECRET);
        assert!(secret.verifies(SYMMETRIC, SYMMETRIC_SIGNATURE));
        assert!(!secret.verifies(&SYMMETRIC.replace("POST", "PUT"), SYMMETRIC_SIGNATURE));
        assert!(!secret.verifies(SYMMETRIC, &SYMMETRIC_SIGNATURE.to_lowercase()));
        assert!(!Secret::new("another").verifies(SYMMETRIC, SYMMETRIC_SIGNATURE));
    }

    #[test]
    fn the_published_asymmetric_signature_is_accepted() {
        let key = MerchantKey::from_pem(PUBLIC_KEY).unwrap();
        assert!(key.verifies(ASYMMETRIC, ASYMMETRIC_SIGNATURE));
        assert!(!key.verifies("G1234325-SNAP|2023-07-31T07:10:01+07:00", ASYMMETRIC_SIGNATURE));
        assert!(!key.verifies(ASYMMETRIC, "not base64!"));
    }

    #[test]
    fn the_empty_body_has_the_hash_of_nothing() {
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), expected);
    }
}
