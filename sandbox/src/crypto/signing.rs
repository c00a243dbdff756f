//! Making signatures, as DOKU does when it calls the merchant (protocol 6), and as forgers would like to.

use std::io;

use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;

/// A private RSA key.
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    random: SystemRandom,
}

impl SigningKey {
    /// Reads a PKCS#8 PEM text; `whose` names the key in the refusal.
    pub(crate) fn from_pem(pem: &str, whose: &str) -> io::Result<SigningKey> {
        let refused = |why: String| io::Error::new(io::ErrorKind::InvalidInput, format!("{whose} {why}"));
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|error| refused(format!("is no PEM text of a PRIVATE KEY ({error})")))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|error| refused(format!("is no RSA key of 2048 bits or more ({error})")))?;
        Ok(SigningKey { pair, random: SystemRandom::new() })
    }

    /// SHA256withRSA (PKCS#1 v1.5); nothing when the machine has no random numbers.
    pub(crate) fn sign(&self, message: &str) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        match self.pair.sign(&RSA_PKCS1_SHA256, &self.random, message.as_bytes(), &mut signature) {
            Ok(()) => signature,
            Err(_) => Vec::new(),
        }
    }
}

pub(crate) fn hmac_sha512(secret: &str, message: &str) -> Vec<u8> {
    mac(hmac::HMAC_SHA512, secret, message)
}

pub(crate) fn hmac_sha256(secret: &str, message: &str) -> Vec<u8> {
    mac(hmac::HMAC_SHA256, secret, message)
}

fn mac(algorithm: hmac::Algorithm, secret: &str, message: &str) -> Vec<u8> {
    let key = hmac::Key::new(algorithm, secret.as_bytes());
    hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::MerchantKey;
    use crate::merchant::{
        TEST_DOKU_NEXT_PRIVATE_KEY_PEM, TEST_DOKU_NEXT_PUBLIC_KEY_PEM, TEST_DOKU_PRIVATE_KEY_PEM,
        TEST_DOKU_PUBLIC_KEY_PEM, TEST_PUBLIC_KEY_PEM,
    };
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    #[test]
    fn what_dokus_test_keys_sign_their_public_halves_verify() {
        for (private, public) in [
            (TEST_DOKU_PRIVATE_KEY_PEM, TEST_DOKU_PUBLIC_KEY_PEM),
            (TEST_DOKU_NEXT_PRIVATE_KEY_PEM, TEST_DOKU_NEXT_PUBLIC_KEY_PEM),
        ] {
            let signature = BASE64_STANDARD.encode(SigningKey::from_pem(private, "it").unwrap().sign("a|b"));
            assert!(MerchantKey::from_pem(public).unwrap().verifies("a|b", &signature));
            assert!(!MerchantKey::from_pem(public).unwrap().verifies("a|c", &signature));
            assert!(!MerchantKey::from_pem(TEST_PUBLIC_KEY_PEM).unwrap().verifies("a|b", &signature));
        }
    }

    #[test]
    fn what_is_no_private_key_is_refused_by_name() {
        let error = SigningKey::from_pem(TEST_PUBLIC_KEY_PEM, "DOKU's key").err().unwrap();
        assert!(error.to_string().starts_with("DOKU's key is no PEM text"), "{error}");
    }

    /// Midtrans' published SNAP sample (protocol 3, vector 1).
    #[test]
    fn the_published_symmetric_signature_is_made() {
        let message = "POST:/v1.0/debit/payment-host-to-host:gp9HjjEj813Y9JGoqwOeOPWbnt4CupvIJbU1Mmu4a11MNDZ7Sg5u9a:56fa5f4999ad8014de49d7898c1d1d53472569db8999de3c1b752a0dd181e98c:2020-01-01T00:00:00+07:00";
        let signature = BASE64_STANDARD.encode(hmac_sha512("fdppqbF5wq7vVegyvsV1CROMv646nJ7A", message));
        let published = "FSlidRHe4ow9qppNifGVQNcdv67lBjgCiP0BHylh+IKXo4fs2rHaGsFNUY0N8t0rPlZs4iAHAOCDklnCccwuJw==";
        assert_eq!(signature, published);
    }
}
