//! Decides whether a key is an RSA key that can be used, before ring sees it.
//!
//! Promise: each of ring's limits has its own sentence, where ring has a word. They stand in the documentation of ring's
//! `rsa::KeyPair::from_components`, but one: ring 0.17.14 wants primes of a multiple of 512 bits (`PrivatePrime::new`).

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode as _, Header, SliceReader};

use super::asn1::{self, Content};
use super::error::{KeyError, KeyErrorKind};
use super::foreign;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const OTHERS: [(ObjectIdentifier, &str); 6] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"), "an EC key"),
    (ObjectIdentifier::new_unwrap("1.2.840.10040.4.1"), "a DSA key"),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), "an X25519 key"),
    (ObjectIdentifier::new_unwrap("1.3.101.111"), "an X448 key"),
    (ObjectIdentifier::new_unwrap("1.3.101.112"), "an Ed25519 key"),
    (ObjectIdentifier::new_unwrap("1.3.101.113"), "an Ed448 key"),
];

/// ring keeps an exponent in 33 bits.
const MAX_EXPONENT: u64 = (1 << 33) - 1;

/// A private key that ring will take if its numbers fit together.
pub(super) struct Private<'a> {
    /// RSAPrivateKey
    pub(super) der: &'a [u8],
    pub(super) bits: usize,
}

/// A public key that ring will take.
pub(super) struct Public<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
    pub(super) bits: usize,
}

pub(super) fn private(content: Content<'_>) -> Result<Private<'_>, KeyError> {
    let der = match content {
        Content::RsaPrivate(der) => der,
        Content::Private { algorithm, key } => {
            require_rsa(algorithm)?;
            match asn1::read(key)? {
                Content::RsaPrivate(der) => der,
                _ => {
                    return Err(KeyError::damaged("what is inside it is not an RSA private key"));
                }
            }
        }
        Content::Public { .. } | Content::RsaPublic(_) => {
            return Err(foreign::public_instead_of_private());
        }
        Content::Certificate => return Err(foreign::certificate_instead_of_private()),
        Content::Encrypted { .. } | Content::Pkcs12 => {
            return Err(KeyError::damaged("what is inside it is not an RSA private key"));
        }
    };
    let Numbers { version, modulus, exponent } = numbers(der, true)?;
    let bits = bit_length(modulus);
    long_enough(bits)?;
    if bits > 4096 || !bits.div_ceil(2).is_multiple_of(512) {
        let message = format!(
            "this RSA key has {bits} bits, and only 2048, 3072 and 4096 are supported: make one with: openssl genrsa -out private.pem 2048, and upload its public half to DOKU"
        );
        return Err(KeyError::new(KeyErrorKind::Unsupported, message));
    }
    check_exponent(exponent, 65537)?;
    if version != [0] {
        let message = "this RSA key has more than two primes, which is not supported: make one with: openssl genrsa -out private.pem 2048, and upload its public half to DOKU";
        return Err(KeyError::new(KeyErrorKind::Unsupported, message));
    }
    Ok(Private { der, bits })
}

pub(super) fn public(content: Content<'_>) -> Result<Public<'_>, KeyError> {
    let der = match content {
        Content::RsaPublic(der) => der,
        Content::Public { algorithm, key } => {
            require_rsa(algorithm)?;
            match asn1::read(key)? {
                Content::RsaPublic(der) => der,
                _ => {
                    return Err(KeyError::damaged("what is inside it is not an RSA public key"));
                }
            }
        }
        Content::Certificate => return Err(foreign::certificate_instead_of_public()),
        Content::RsaPrivate(_) | Content::Private { .. } | Content::Encrypted { .. } | Content::Pkcs12 => {
            return Err(foreign::private_instead_of_public());
        }
    };
    let Numbers { modulus, exponent, .. } = numbers(der, false)?;
    let bits = bit_length(modulus);
    long_enough(bits)?;
    if bits > 8192 {
        let message =
            format!("this RSA key has {bits} bits, and at most 8192 are supported: ask for a key of 2048 bits");
        return Err(KeyError::new(KeyErrorKind::Unsupported, message));
    }
    check_exponent(exponent, 3)?;
    if modulus.last().is_none_or(|low| low % 2 == 0) {
        return Err(KeyError::damaged("its modulus is an even number"));
    }
    Ok(Public { modulus, exponent, bits })
}

/// ring found numbers that cannot all be right.
pub(super) fn contradiction() -> KeyError {
    KeyError::damaged("its numbers do not fit together, as openssl pkey -in private.pem -check -noout will tell")
}

fn require_rsa(algorithm: ObjectIdentifier) -> Result<(), KeyError> {
    if algorithm == RSA {
        return Ok(());
    }
    if algorithm == RSA_PSS {
        let message = "this RSA key is bound to PSS signatures, which DOKU does not use: make a key with: openssl genrsa -out private.pem 2048, and upload its public half to DOKU";
        return Err(KeyError::new(KeyErrorKind::Unsupported, message));
    }
    let known = OTHERS.iter().find(|(id, _)| *id == algorithm);
    Err(match known {
        Some((_, what)) => foreign::other_algorithm(what),
        None => foreign::other_algorithm(&format!("a key of another algorithm ({algorithm})")),
    })
}

struct Numbers<'a> {
    version: &'a [u8],
    modulus: &'a [u8],
    exponent: &'a [u8],
}

/// The first numbers of a key, without leading zeros; only a private key has a version.
fn numbers(der: &[u8], private: bool) -> Result<Numbers<'_>, KeyError> {
    let read = || -> der::Result<_> {
        let mut reader = SliceReader::new(der)?;
        Header::decode(&mut reader)?;
        let version = if private { UintRef::decode(&mut reader)?.as_bytes() } else { &[] };
        let modulus = UintRef::decode(&mut reader)?.as_bytes();
        let exponent = UintRef::decode(&mut reader)?.as_bytes();
        Ok(Numbers { version, modulus, exponent })
    };
    read().map_err(|_| KeyError::damaged("its numbers cannot be read"))
}

fn bit_length(number: &[u8]) -> usize {
    number.first().map_or(0, |high| number.len() * 8 - high.leading_zeros() as usize)
}

/// ring rounds up to whole bytes here, since two primes of 1024 bits can make a product of 2047.
fn long_enough(bits: usize) -> Result<(), KeyError> {
    if bits.div_ceil(8) >= 256 {
        return Ok(());
    }
    let message = format!(
        "this RSA key is too short ({bits} bits): DOKU asks for 2048, so make one with: openssl genrsa -out private.pem 2048, and upload its public half to DOKU"
    );
    Err(KeyError::new(KeyErrorKind::TooShort, message))
}

fn check_exponent(exponent: &[u8], least: u64) -> Result<(), KeyError> {
    let value = exponent.iter().try_fold(0_u64, |value, byte| Some(value.checked_mul(256)? | u64::from(*byte)));
    if value.is_some_and(|value| (least..=MAX_EXPONENT).contains(&value) && value % 2 == 1) {
        return Ok(());
    }
    let message = "this RSA key has an unusual public exponent that is not supported: make one with the usual 65537: openssl genrsa -out private.pem 2048, and upload its public half to DOKU";
    Err(KeyError::new(KeyErrorKind::Unsupported, message))
}
