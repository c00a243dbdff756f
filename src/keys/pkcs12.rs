//! The key derivation of PKCS#12 (RFC 7292 appendix B.2) with SHA-1, which `openssl pkcs8 -v1 PBE-SHA1-3DES` uses.
//!
//! Promise: the same passphrase gives the same key as OpenSSL's, whatever letters are in it. Own code, because the
//! `pkcs12` crate brings ten others (certificates, CMS, derive macros) for these lines.

use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

/// SHA-1's block and output: "v" and "u" in the RFC, in bytes.
const BLOCK: usize = 64;
const OUTPUT: usize = 20;

/// What the derived bytes are for (RFC 7292 B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    Vector = 2,
}

/// Fills `out` from the passphrase.
pub(super) fn derive(passphrase: &[u8], salt: &[u8], iterations: u32, purpose: Purpose, out: &mut [u8]) {
    let diversifier = [purpose as u8; BLOCK];
    let passphrase = utf16(passphrase);
    let mut input = Zeroizing::new(Vec::with_capacity(stretched(salt) + stretched(&passphrase)));
    for text in [salt, &passphrase] {
        input.extend(text.iter().cycle().take(stretched(text)));
    }
    for part in out.chunks_mut(OUTPUT) {
        let first = Sha1::new().chain_update(diversifier).chain_update(&*input).finalize();
        let mut hash: Zeroizing<[u8; OUTPUT]> = Zeroizing::new(first.into());
        for _ in 1..iterations {
            *hash = Sha1::digest(*hash).into();
        }
        part.iter_mut().zip(hash.iter()).for_each(|(out, byte)| *out = *byte);
        input.chunks_mut(BLOCK).for_each(|block| add_and_one(block, &hash));
    }
}

/// The length of whole blocks that `text` is repeated to fill; none if there is no text.
fn stretched(text: &[u8]) -> usize {
    text.len().next_multiple_of(BLOCK)
}

/// Adds the hash, repeated to a block's length, and one: big-endian, the carry at the top dropped (step 6C).
fn add_and_one(block: &mut [u8], hash: &[u8; OUTPUT]) {
    let mut repeated = [0; BLOCK];
    repeated.iter_mut().zip(hash.iter().cycle()).for_each(|(to, from)| *to = *from);
    let mut carry = 1;
    for (byte, addend) in block.iter_mut().zip(repeated).rev() {
        let sum = u16::from(*byte) + u16::from(addend) + carry;
        [_, *byte] = sum.to_be_bytes();
        carry = sum >> 8;
    }
}

/// The passphrase as a BMPString with a zero at its end (RFC 7292 B.1). As OpenSSL since 1.1 does it: UTF-8 is decoded,
/// beyond the BMP into two halves, and what is not UTF-8 is taken byte for byte.
fn utf16(passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * passphrase.len() + 2));
    match std::str::from_utf8(passphrase) {
        Ok(text) => text.encode_utf16().for_each(|unit| bytes.extend(unit.to_be_bytes())),
        Err(_) => passphrase.iter().for_each(|byte| bytes.extend([0, *byte])),
    }
    bytes.extend([0, 0]);
    bytes
}
