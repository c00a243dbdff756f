//! From a `PUBLIC KEY` PEM (X.509 SubjectPublicKeyInfo) to the bare RSA key that ring takes (PKCS#1 RSAPublicKey).

use std::io;

use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;

/// DER of the algorithm that must be named: OID 1.2.840.113549.1.1.1 (rsaEncryption), parameters NULL (RFC 3279, 2.3.1).
const RSA_ENCRYPTION: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;

pub(super) fn rsa_key_from_pem(pem: &str) -> io::Result<Vec<u8>> {
    let spki = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| refused(&format!("is no PEM text of a PUBLIC KEY ({error})")))?;
    bare_key(&spki).map(<[u8]>::to_vec).ok_or_else(|| refused("is no RSA key"))
}

fn bare_key(spki: &[u8]) -> Option<&[u8]> {
    let (outer, rest) = element(SEQUENCE, spki)?;
    let (algorithm, key) = element(SEQUENCE, outer)?;
    let (bits, after) = element(BIT_STRING, key)?;
    let (unused_bits, key) = bits.split_first()?;
    let whole = rest.is_empty() && after.is_empty() && *unused_bits == 0;
    (whole && algorithm == RSA_ENCRYPTION).then_some(key)
}

/// Splits off one DER element with the expected tag: its contents, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, der) = der.split_first()?;
    let (&first, der) = der.split_first()?;
    let (length, der) = if first < 0x80 {
        (usize::from(first), der)
    } else {
        let digits = usize::from(first & 0x7f);
        if digits == 0 || digits > 3 {
            return None; // indefinite, or longer than any key
        }
        let (length, der) = der.split_at_checked(digits)?;
        let length = length.iter().fold(0, |sum, &digit| sum << 8 | usize::from(digit));
        (length, der)
    };
    (found == tag).then(|| der.split_at_checked(length)).flatten()
}

fn refused(why: &str) -> io::Error {
    let text = format!("the merchant's public key {why}");
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merchant::{TEST_PRIVATE_KEY_PEM, TEST_PUBLIC_KEY_PEM};

    #[test]
    fn the_test_key_is_found_inside_its_envelope() {
        let key = rsa_key_from_pem(TEST_PUBLIC_KEY_PEM).unwrap();
        assert_eq!(key.len(), 270); // 2048-bit modulus, exponent 65537
    }

    #[test]
    fn anything_else_is_refused_with_a_reason() {
        let error = rsa_key_from_pem(TEST_PRIVATE_KEY_PEM).unwrap_err();
        assert!(error.to_string().contains("PUBLIC KEY"), "{error}");
        assert!(rsa_key_from_pem("hello").is_err());
    }

    #[test]
    fn a_truncated_envelope_is_refused() {
        let spki = SubjectPublicKeyInfoDer::from_pem_slice(TEST_PUBLIC_KEY_PEM.as_bytes()).unwrap();
        for length in 0..spki.len() {
            assert_eq!(bare_key(&spki[..length]), None);
        }
    }
}
