//! Names what was given in a key's place, and the command that makes a key of it.
//!
//! Promise: of the usual mistakes (the wrong half of the pair, a certificate, DER, a file name, an old or a strange
//! format) each has its own sentence, with an openssl command where there is one; the commands are run by the tests.

use super::asn1::{self, Content};
use super::error::{KeyError, KeyErrorKind};

/// Which half of the pair the caller is after.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Private,
    Public,
}

/// Tells what a text without any usable PEM block is.
pub(super) fn explain(text: &[u8], wanted: Wanted) -> KeyError {
    let trimmed = text.trim_ascii();
    if trimmed.is_empty() {
        return not_pem("the key is empty: give the text of a PEM file, from -----BEGIN to the END line");
    }
    // PowerShell's `>` writes UTF-16, and so does Notepad's "Unicode".
    if text.starts_with(&[0xFF, 0xFE]) || text.starts_with(&[0xFE, 0xFF]) {
        return not_pem("the key file was saved as UTF-16: save it again as UTF-8 or plain text");
    }
    if let Ok(content) = asn1::read(text) {
        return der(&content, wanted);
    }
    if contains(trimmed, b"BEGIN") && contains(trimmed, b" KEY") {
        return KeyError::damaged("its first line is not exactly five dashes, BEGIN, the kind of key, five dashes");
    }
    if contains(trimmed, DASHED_BEGIN) {
        return not_pem("the PEM file holds no key: give the one whose first line ends in KEY-----");
    }
    if looks_like_path(trimmed) {
        return not_pem("this looks like the name of a file: give the text in the file, not its name");
    }
    if trimmed.len() > 300 && trimmed.iter().all(|&byte| is_base64(byte)) {
        return not_pem(match wanted {
            Wanted::Private => {
                "the lines around the key are missing: put -----BEGIN PRIVATE KEY----- before it and -----END PRIVATE KEY----- after it, each on a line of its own"
            }
            Wanted::Public => {
                "the lines around the key are missing: put -----BEGIN PUBLIC KEY----- before it and -----END PUBLIC KEY----- after it, each on a line of its own"
            }
        });
    }
    not_pem("this is not a PEM key: the text must have a line that starts with -----BEGIN and ends with KEY-----")
}

pub(super) fn public_instead_of_private() -> KeyError {
    KeyError::new(
        KeyErrorKind::PublicInsteadOfPrivate,
        "this is a public key, but the private key is needed here: give the file that openssl genrsa or openssl pkcs8 wrote, and upload the public one to DOKU",
    )
}

pub(super) fn private_instead_of_public() -> KeyError {
    KeyError::new(
        KeyErrorKind::PrivateInsteadOfPublic,
        "this is a private key, but a public key is needed here: give DOKU's public key; the public half of a key of your own is made with: openssl pkey -in private.pem -pubout -out public.pem",
    )
}

pub(super) fn certificate_instead_of_private() -> KeyError {
    KeyError::new(
        KeyErrorKind::Certificate,
        "this is a certificate, but a private key is needed here: give the file that openssl genrsa or openssl pkcs8 wrote",
    )
}

pub(super) fn certificate_instead_of_public() -> KeyError {
    KeyError::new(
        KeyErrorKind::Certificate,
        "this is a certificate, but a public key is needed here: take it out with: openssl x509 -in certificate.pem -noout -pubkey -out public.pem",
    )
}

pub(super) fn request() -> KeyError {
    KeyError::new(
        KeyErrorKind::Certificate,
        "this is a certificate request, but a key is needed here: give the key file that was made together with it",
    )
}

/// An EC, Ed25519, … key; `what` names it with its article.
pub(super) fn other_algorithm(what: &str) -> KeyError {
    let message = format!(
        "this is {what}, but DOKU wants RSA: make a key with: openssl genrsa -out private.pem 2048, and upload its public half to DOKU"
    );
    KeyError::new(KeyErrorKind::NotRsa, message)
}

pub(super) fn openssh() -> KeyError {
    KeyError::new(
        KeyErrorKind::Unsupported,
        "this key is in OpenSSH's own format: convert a copy of it with: ssh-keygen -p -m PKCS8 -f copy-of-the-key",
    )
}

/// OpenSSL's encryption from before PKCS#8: the key made from the passphrase by one round of MD5.
pub(super) fn legacy_encryption() -> KeyError {
    KeyError::new(
        KeyErrorKind::Unsupported,
        "this key is encrypted in the old way (Proc-Type: 4,ENCRYPTED): convert it with: openssl pkcs8 -topk8 -in old.pem -out private.pem",
    )
}

/// A key that is fine but for the text around it: the command depends on what it is.
fn der(content: &Content<'_>, wanted: Wanted) -> KeyError {
    match (content, wanted) {
        (Content::RsaPrivate(_) | Content::Private { .. }, Wanted::Private) => not_pem(
            "the key is in DER form, not PEM: convert it with: openssl pkey -inform DER -in key.der -out private.pem",
        ),
        (Content::Encrypted { .. }, Wanted::Private) => not_pem(
            "the key is in DER form, not PEM: convert it with: openssl pkcs8 -topk8 -inform DER -in key.der -out private.pem",
        ),
        (Content::Pkcs12, Wanted::Private) => not_pem(
            "this is a PKCS#12 file (.p12, .pfx), not PEM: take the key out with: openssl pkcs12 -in file.p12 -nocerts -out private.pem",
        ),
        (Content::RsaPublic(_), Wanted::Public) => not_pem(
            "the key is in DER form, not PEM: convert it with: openssl rsa -RSAPublicKey_in -inform DER -in key.der -pubout -out public.pem",
        ),
        (Content::Public { .. }, Wanted::Public) => not_pem(
            "the key is in DER form, not PEM: convert it with: openssl pkey -pubin -inform DER -in key.der -pubout -out public.pem",
        ),
        (Content::Certificate, Wanted::Public) => KeyError::new(
            KeyErrorKind::Certificate,
            "this is a certificate, but a public key is needed here: take it out with: openssl x509 -inform DER -in certificate.der -noout -pubkey -out public.pem",
        ),
        (Content::Certificate, Wanted::Private) => certificate_instead_of_private(),
        (_, Wanted::Private) => public_instead_of_private(),
        (_, Wanted::Public) => private_instead_of_public(),
    }
}

const DASHED_BEGIN: &[u8] = b"-----BEGIN ";

fn not_pem(message: &'static str) -> KeyError {
    KeyError::new(KeyErrorKind::NotPem, message)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn looks_like_path(text: &[u8]) -> bool {
    let named = [".pem", ".key", ".der", ".txt"].iter().any(|end| text.ends_with(end.as_bytes()));
    text.len() <= 300 && !text.contains(&b'\n') && (named || text.starts_with(b"/") || text.starts_with(b"file:"))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || matches!(byte, b'+' | b'/' | b'=' | b'\\')
}
