//! Tells from the bytes of a key what they are, whatever the label above them says.
//!
//! Promise: a label is never trusted (people retype them), a short read is told from a changed one, and only the
//! layout is read here; whether the numbers are good is for `rsa`.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode as _, Header, Reader as _, SliceReader, Tag};

use super::error::{KeyError, KeyErrorKind};

/// What a DER structure turned out to be.
pub(super) enum Content<'a> {
    /// RSAPrivateKey, all of it (RFC 8017 A.1.2).
    RsaPrivate(&'a [u8]),
    /// PrivateKeyInfo (RFC 5208 section 5).
    Private { algorithm: ObjectIdentifier, key: &'a [u8] },
    /// EncryptedPrivateKeyInfo (RFC 5208 section 6).
    Encrypted { scheme: Algorithm<'a>, data: &'a [u8] },
    /// RSAPublicKey, all of it (RFC 8017 A.1.1).
    RsaPublic(&'a [u8]),
    /// SubjectPublicKeyInfo (RFC 5280 section 4.1).
    Public { algorithm: ObjectIdentifier, key: &'a [u8] },
    /// A certificate, or a request for one: both are three parts, the last a signature.
    Certificate,
    /// A PFX (RFC 7292 section 4): version 3 gives it away.
    Pkcs12,
}

/// AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
#[derive(Clone, Copy)]
pub(super) struct Algorithm<'a> {
    pub(super) id: ObjectIdentifier,
    pub(super) parameters: Option<AnyRef<'a>>,
}

impl<'a> Algorithm<'a> {
    pub(super) fn read(any: AnyRef<'a>) -> der::Result<Self> {
        any.sequence(|reader| Ok(Self { id: reader.decode()?, parameters: reader.decode()? }))
    }
}

/// Reads one structure that takes up all of `der`.
pub(super) fn read(der: &[u8]) -> Result<Content<'_>, KeyError> {
    let body = whole(der)?;
    classify(der, body).map_err(|_| KeyError::damaged("its parts are not where those of a key belong"))
}

/// Whether `bytes` begin as a PrivateKeyInfo does: chance makes such a beginning once in 2^40 or so, which tells a
/// right passphrase before a damaged rest from a wrong passphrase.
pub(super) fn begins_as_private_key(bytes: &[u8]) -> bool {
    let begins = || -> der::Result<bool> {
        let mut reader = SliceReader::new(bytes)?;
        let outer = Header::decode(&mut reader)?.tag;
        let version = u8::decode(&mut reader)?;
        Ok(outer == Tag::Sequence && version <= 1 && reader.peek_tag()? == Tag::Sequence)
    };
    begins().unwrap_or(false)
}

fn whole(der: &[u8]) -> Result<&[u8], KeyError> {
    let not_a_key = |_| KeyError::damaged("its bytes do not form a key");
    let mut reader = SliceReader::new(der).map_err(not_a_key)?;
    let header = Header::decode(&mut reader).map_err(not_a_key)?;
    if header.tag != Tag::Sequence {
        return Err(KeyError::damaged("its bytes do not form a key"));
    }
    if header.length > reader.remaining_len() {
        let message =
            "the key is cut short (lines are missing inside it): copy the whole file, both dashed lines included";
        return Err(KeyError::new(KeyErrorKind::Truncated, message));
    }
    let body = reader.read_slice(header.length).map_err(not_a_key)?;
    if !reader.is_finished() {
        return Err(KeyError::damaged("there is more in it than one key"));
    }
    Ok(body)
}

fn classify<'a>(der: &'a [u8], body: &'a [u8]) -> der::Result<Content<'a>> {
    let mut reader = SliceReader::new(body)?;
    if reader.peek_tag()? == Tag::Integer {
        let version = UintRef::decode(&mut reader)?;
        if version.as_bytes() == [3] {
            return Ok(Content::Pkcs12);
        }
        if reader.peek_tag()? == Tag::Sequence {
            let algorithm = Algorithm::read(AnyRef::decode(&mut reader)?)?.id;
            // Attributes and a public key may follow (RFC 5958 section 2); they change nothing.
            let key = OctetStringRef::decode(&mut reader)?.as_bytes();
            return Ok(Content::Private { algorithm, key });
        }
        UintRef::decode(&mut reader)?;
        return Ok(if reader.is_finished() { Content::RsaPublic(der) } else { Content::RsaPrivate(der) });
    }
    let first = AnyRef::decode(&mut reader)?;
    match reader.peek_tag()? {
        Tag::OctetString => {
            let data = OctetStringRef::decode(&mut reader)?.as_bytes();
            Ok(Content::Encrypted { scheme: Algorithm::read(first)?, data })
        }
        Tag::BitString => {
            let bits = BitStringRef::decode(&mut reader)?;
            let key = bits.as_bytes().ok_or(Tag::BitString.value_error())?;
            Ok(Content::Public { algorithm: Algorithm::read(first)?.id, key })
        }
        _ => {
            first.sequence(|inner| inner.read_slice(inner.remaining_len()))?;
            AnyRef::decode(&mut reader)?;
            BitStringRef::decode(&mut reader)?;
            Ok(Content::Certificate)
        }
    }
}
