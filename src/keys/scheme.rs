//! How an encrypted key says that it was encrypted, and which of that is understood.
//!
//! Promise (P4, P7): what the file asks for is checked before any of it is done, so that a forged file can ask
//! neither for hours of hashing nor for all the memory. RustCrypto's `pkcs5` 0.7.1 panics on a short DES vector and on
//! a scrypt cost of zero, and keeps the derived key unwiped; hence the parameters are read here.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Reader as _};

use super::asn1::Algorithm;
use super::error::{KeyError, KeyErrorKind};

/// RFC 8018 section 4.2 names ten million as enough for the most critical keys; OpenSSL writes 2048. (A fuzzer tries
/// thousands of keys a second, so it gets less of everything.)
const MAX_ITERATIONS: u32 = if cfg!(fuzzing) { 256 } else { 10_000_000 };
/// scrypt's table; OpenSSL asks for 16 MiB.
const MAX_SCRYPT_MEMORY: u64 = if cfg!(fuzzing) { 1 << 16 } else { 256 << 20 };
/// scrypt's table times the passes over it: a few seconds.
const MAX_SCRYPT_WORK: u64 = if cfg!(fuzzing) { 1 << 18 } else { 1 << 30 };

/// How to get from a passphrase to a key, and what to do with the key.
pub(super) struct Scheme<'a> {
    pub(super) derivation: Derivation<'a>,
    pub(super) cipher: Cipher,
}

pub(super) enum Derivation<'a> {
    /// RFC 7292 B.2 with SHA-1; the vector is derived as well.
    Pkcs12 { salt: &'a [u8], iterations: u32 },
    /// RFC 8018 section 5.2
    Pbkdf2 { hash: Hash, salt: &'a [u8], iterations: u32, vector: &'a [u8] },
    /// RFC 7914
    Scrypt { cost: scrypt::Params, salt: &'a [u8], vector: &'a [u8] },
}

#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy)]
pub(super) enum Cipher {
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    pub(super) fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    pub(super) fn block_length(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }
}

const PBE_SHA1_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");
const HASHES: [(ObjectIdentifier, Hash); 5] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.7"), Hash::Sha1),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.8"), Hash::Sha224),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.9"), Hash::Sha256),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.10"), Hash::Sha384),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.11"), Hash::Sha512),
];
const CIPHERS: [(ObjectIdentifier, Cipher); 4] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.3.7"), Cipher::TripleDes),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2"), Cipher::Aes128),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22"), Cipher::Aes192),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42"), Cipher::Aes256),
];

/// Reads the scheme, with all that it asks for within the limits.
pub(super) fn read(algorithm: Algorithm<'_>) -> Result<Scheme<'_>, KeyError> {
    match algorithm.id {
        PBE_SHA1_3DES => {
            let (salt, iterations) = fields(algorithm, |r| Ok((octets(r)?, r.decode()?)))?;
            let iterations = bounded(iterations)?;
            Ok(Scheme { derivation: Derivation::Pkcs12 { salt, iterations }, cipher: Cipher::TripleDes })
        }
        PBES2 => {
            let (derivation, encryption) =
                fields(algorithm, |r| Ok((Algorithm::read(r.decode()?)?, Algorithm::read(r.decode()?)?)))?;
            pbes2(derivation, encryption)
        }
        other => Err(unsupported(other)),
    }
}

/// RFC 8018 A.4
fn pbes2<'a>(derivation: Algorithm<'a>, encryption: Algorithm<'a>) -> Result<Scheme<'a>, KeyError> {
    let cipher = known(&CIPHERS, encryption.id)?;
    let vector = encryption.parameters.ok_or_else(garbled)?;
    let vector = vector.decode_as::<OctetStringRef<'_>>().map_err(|_| garbled())?.as_bytes();
    if vector.len() != cipher.block_length() {
        return Err(garbled());
    }
    let (derivation, key_length) = match derivation.id {
        PBKDF2 => pbkdf2(derivation, vector)?,
        SCRYPT => scrypt(derivation, vector)?,
        other => return Err(unsupported(other)),
    };
    if key_length.is_some_and(|length| usize::from(length) != cipher.key_length()) {
        return Err(garbled());
    }
    Ok(Scheme { derivation, cipher })
}

/// RFC 8018 A.2. Without a hash it is SHA-1.
fn pbkdf2<'a>(algorithm: Algorithm<'a>, vector: &'a [u8]) -> Result<(Derivation<'a>, Option<u16>), KeyError> {
    let (salt, iterations, key_length, hash) = fields(algorithm, |r| {
        let (salt, iterations, key_length) = (octets(r)?, r.decode()?, r.decode()?);
        let hash: Option<AnyRef<'_>> = r.decode()?;
        Ok((salt, iterations, key_length, hash.map(Algorithm::read).transpose()?))
    })?;
    let hash = hash.map_or(Ok(Hash::Sha1), |hash| known(&HASHES, hash.id))?;
    Ok((Derivation::Pbkdf2 { hash, salt, iterations: bounded(iterations)?, vector }, key_length))
}

/// RFC 7914 section 7.1
fn scrypt<'a>(algorithm: Algorithm<'a>, vector: &'a [u8]) -> Result<(Derivation<'a>, Option<u16>), KeyError> {
    let (salt, cost, block, parallel, key_length) = fields(algorithm, |r| {
        Ok((octets(r)?, r.decode::<u64>()?, r.decode::<u32>()?, r.decode::<u32>()?, r.decode()?))
    })?;
    if !cost.is_power_of_two() || cost < 2 || block == 0 || parallel == 0 {
        return Err(garbled());
    }
    let bytes = |a: u64, b: u64| 128_u64.saturating_mul(a).saturating_mul(b);
    let (table, lanes) = (bytes(cost, block.into()), bytes(parallel.into(), block.into()));
    if table.max(lanes) > MAX_SCRYPT_MEMORY || table.saturating_mul(parallel.into()) > MAX_SCRYPT_WORK {
        return Err(too_costly());
    }
    // The length given here is for password hashes only; the output's length rules.
    let log_cost = u8::try_from(cost.ilog2()).map_err(|_| garbled())?;
    let cost = scrypt::Params::new(log_cost, block, parallel, 32).map_err(|_| garbled())?;
    Ok((Derivation::Scrypt { cost, salt, vector }, key_length))
}

fn fields<'a, T>(
    algorithm: Algorithm<'a>,
    read: impl FnOnce(&mut der::SliceReader<'a>) -> der::Result<T>,
) -> Result<T, KeyError> {
    let parameters = algorithm.parameters.ok_or_else(garbled)?;
    parameters.sequence(read).map_err(|_| garbled())
}

fn octets<'a>(reader: &mut der::SliceReader<'a>) -> der::Result<&'a [u8]> {
    Ok(OctetStringRef::decode(reader)?.as_bytes())
}

fn known<T: Copy>(table: &[(ObjectIdentifier, T)], id: ObjectIdentifier) -> Result<T, KeyError> {
    table.iter().find(|(known, _)| *known == id).map(|(_, value)| *value).ok_or_else(|| unsupported(id))
}

/// A count of 64 bits, so that a huge one is called costly and not garbled.
fn bounded(iterations: u64) -> Result<u32, KeyError> {
    match u32::try_from(iterations) {
        Ok(0) => Err(garbled()),
        Ok(iterations) if iterations <= MAX_ITERATIONS => Ok(iterations),
        _ => Err(too_costly()),
    }
}

fn garbled() -> KeyError {
    KeyError::damaged("what it says about its own encryption cannot be right")
}

fn too_costly() -> KeyError {
    let message = "this key's encryption asks for more work than is allowed (10 million iterations; for scrypt 256 MiB of memory, gone over 4 times): encrypt it again with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in private.pem -out new.pem";
    KeyError::new(KeyErrorKind::Unsupported, message)
}

fn unsupported(id: ObjectIdentifier) -> KeyError {
    let message = format!(
        "this key's encryption ({id}) is not supported: encrypt it again with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in private.pem -out new.pem (OpenSSL 3 may need -provider default -provider legacy as well)"
    );
    KeyError::new(KeyErrorKind::Unsupported, message)
}
