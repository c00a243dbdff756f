//! RSA keys from PEM: the merchant's key that signs, DOKU's key that verifies.
//!
//! Promises: a key is parsed once and kept (P2 needs no key work between two tries); no byte of a key and no
//! passphrase ever reaches an error or `Debug` (P6); no input panics or costs unbounded work (P7, P4).
//!
//! What is accepted follows `protocol.md` section 2 "Key handling" and section 12 row 16: DOKU's page makes a
//! passphrase-protected PKCS#8 file, DOKU's libraries want a bare one, and merchants have PKCS#1 files from before.

mod asn1;
mod envelope;
mod error;
mod foreign;
mod pem;
mod pkcs12;
mod rsa;
mod scheme;

#[cfg(test)]
mod tests;

use std::fmt;

use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};

pub use error::{KeyError, KeyErrorKind};

/// A private RSA key that signs with SHA-256.
pub struct SigningKey {
    pair: KeyPair,
    bits: usize,
}

impl SigningKey {
    /// Loads the first private key of a PEM text: PKCS#8, PKCS#1, or PKCS#8 under a passphrase.
    ///
    /// A passphrase that the key does not need is ignored, so that one setting serves both kinds of file.
    pub fn from_pem(pem: &[u8], passphrase: Option<&[u8]>) -> Result<Self, KeyError> {
        let text = pem::normalise(pem)?;
        let der = pem::private_key(&text)?;
        let content = asn1::read(&der)?;
        let opened;
        let content = match content {
            asn1::Content::Encrypted { scheme, data } => {
                opened = envelope::open(scheme, data, passphrase)?;
                asn1::read(&opened)?
            }
            other => other,
        };
        let key = rsa::private(content)?;
        // ring checks the numbers against each other, except dP and dQ, which it checks while it signs.
        let pair = KeyPair::from_der(key.der).map_err(|_| rsa::contradiction())?;
        Ok(Self { pair, bits: key.bits })
    }

    /// The RSASSA-PKCS1-v1_5 signature over SHA-256 of `message`, as long as the key.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| rsa::contradiction())?;
        Ok(signature)
    }

    /// The public half, which checks what this key signs.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey { parts: PublicKeyComponents::from(self.pair.public()), bits: self.bits }
    }

    /// The length of the modulus in bits.
    pub fn bits(&self) -> usize {
        self.bits
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(RSA {})", self.bits)
    }
}

/// A public RSA key that checks SHA-256 signatures.
pub struct VerifyingKey {
    parts: PublicKeyComponents<Vec<u8>>,
    bits: usize,
}

impl VerifyingKey {
    /// Loads the first public key of a PEM text, whether it calls itself `PUBLIC KEY` or `RSA PUBLIC KEY`.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let text = pem::normalise(pem)?;
        let der = pem::public_key(&text)?;
        let key = rsa::public(asn1::read(&der)?)?;
        let parts = PublicKeyComponents { n: key.modulus.to_vec(), e: key.exponent.to_vec() };
        Ok(Self { parts, bits: key.bits })
    }

    /// Whether `signature` is this key's RSASSA-PKCS1-v1_5 signature over SHA-256 of `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parts.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }

    /// The length of the modulus in bits.
    pub fn bits(&self) -> usize {
        self.bits
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey(RSA {})", self.bits)
    }
}
