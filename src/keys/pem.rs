//! Finds the wanted key in a PEM text and decodes its base64.
//!
//! Promise: what people really paste is understood (Windows line ends, `\n` spelled out in an environment variable,
//! quotes, notes around the key, several keys in one file), and the copies made on the way are wiped (P6).
//!
//! rustls-pki-types would read most of it, but it skips `ENCRYPTED PRIVATE KEY` and `RSA PUBLIC KEY` as unknown, does not say
//! why, and leaves its copy of the base64 in freed memory. The base64 itself is a library's.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::error::{KeyError, KeyErrorKind};
use super::foreign;

/// Far above a chain of certificates with a key, far below what would hurt.
const MAX_TEXT: usize = 1 << 20;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// Copies and shells lose the `=` at the end; nothing else about the encoding is left open.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text with `\n` and `\r` that were spelled out, once or escaped again, turned into line ends.
pub(super) fn normalise(pem: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if pem.len() > MAX_TEXT {
        let message = "this is more than 1 MiB and cannot be a key: give the PEM file of the key itself";
        return Err(KeyError::new(KeyErrorKind::NotPem, message));
    }
    if split(pem, BEGIN).is_none() {
        return Ok(Zeroizing::new(pem.to_vec())); // perhaps DER, where such a pair of bytes means something else
    }
    let mut text = Zeroizing::new(Vec::with_capacity(pem.len()));
    let mut backslashes = 0;
    for &byte in pem {
        match byte {
            b'\\' => backslashes += 1,
            b'n' | b'r' if backslashes > 0 => {
                text.push(b'\n');
                backslashes = 0;
            }
            _ => {
                text.extend(std::iter::repeat_n(b'\\', backslashes));
                text.push(byte);
                backslashes = 0;
            }
        }
    }
    Ok(text)
}

/// The DER of the first private key. Public keys and certificates beside it do no harm.
pub(super) fn private_key(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match blocks(text).find(|block| block.label.ends_with(b"PRIVATE KEY")) {
        Some(block) => match block.label {
            b"EC PRIVATE KEY" => Err(foreign::other_algorithm("an EC key")),
            b"DSA PRIVATE KEY" => Err(foreign::other_algorithm("a DSA key")),
            b"OPENSSH PRIVATE KEY" => Err(foreign::openssh()),
            _ => block.decode(),
        },
        None if has(text, b"PUBLIC KEY") => Err(foreign::public_instead_of_private()),
        None if has(text, b"CERTIFICATE") => Err(foreign::certificate_instead_of_private()),
        None if has(text, b"CERTIFICATE REQUEST") => Err(foreign::request()),
        None => Err(foreign::explain(text, foreign::Wanted::Private)),
    }
}

/// The DER of the first public key.
pub(super) fn public_key(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match blocks(text).find(|block| block.label.ends_with(b"PUBLIC KEY")) {
        Some(block) => block.decode(),
        None if blocks(text).any(|block| block.label.ends_with(b"PRIVATE KEY")) => {
            Err(foreign::private_instead_of_public())
        }
        None if has(text, b"CERTIFICATE") => Err(foreign::certificate_instead_of_public()),
        None if has(text, b"CERTIFICATE REQUEST") => Err(foreign::request()),
        None => Err(foreign::explain(text, foreign::Wanted::Public)),
    }
}

/// One `BEGIN` line and all that follows it up to the next one.
struct Block<'a> {
    label: &'a [u8],
    rest: &'a [u8],
}

fn has(text: &[u8], label: &[u8]) -> bool {
    blocks(text).any(|block| block.label.ends_with(label))
}

fn blocks(text: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut left = split(text, BEGIN).map(|(_, after)| after);
    std::iter::from_fn(move || {
        let part = left?;
        let (own, next) = match split(part, BEGIN) {
            Some((own, next)) => (own, Some(next)),
            None => (part, None),
        };
        left = next;
        Some(own)
    })
    .filter_map(|own| {
        let (label, rest) = split(own, DASHES)?;
        Some(Block { label, rest })
    })
}

impl Block<'_> {
    fn decode(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let (body, end) = split(self.rest, END).ok_or_else(|| {
            let message =
                "the key is cut off (its END line is missing): copy the whole file, both dashed lines included";
            KeyError::new(KeyErrorKind::Truncated, message)
        })?;
        if !end.starts_with(self.label) {
            return Err(KeyError::damaged("its BEGIN and END lines do not belong together"));
        }
        if split(body, b"Proc-Type:").is_some() {
            return Err(foreign::legacy_encryption());
        }
        let mut line = 1;
        let mut digits = Zeroizing::new(Vec::with_capacity(body.len()));
        for &byte in body {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => digits.push(byte),
                b'\n' => line += 1,
                _ if byte.is_ascii_whitespace() => {}
                _ => {
                    let what = format!("a character that does not belong there, in line {line} counted from BEGIN");
                    return Err(KeyError::damaged(&what));
                }
            }
        }
        let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(digits.len())]);
        let length = BASE64
            .decode_slice(&digits, &mut der)
            .map_err(|_| KeyError::damaged("characters are missing or changed in its base64"))?;
        der.truncate(length);
        Ok(der)
    }
}

/// What stands before and after the first `mark`.
fn split<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(mark.len()).position(|window| window == mark)?;
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(mark.len()..)?))
}
