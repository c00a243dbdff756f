//! Opens an encrypted PKCS#8 key with its passphrase.
//!
//! Promise: a wrong passphrase is told from a damaged file as well as can be; derived keys and plain text are wiped (P6).

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit as _};
use des::TdesEde3;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::asn1::{self, Algorithm};
use super::error::{KeyError, KeyErrorKind};
use super::pkcs12::{self, Purpose};
use super::scheme::{self, Cipher, Derivation, Hash, Scheme};

/// The PrivateKeyInfo that `data` was before it was encrypted by `algorithm`.
pub(super) fn open(
    algorithm: Algorithm<'_>,
    data: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let scheme = scheme::read(algorithm)?;
    if data.is_empty() || !data.len().is_multiple_of(scheme.cipher.block_length()) {
        return Err(KeyError::damaged("its encrypted part is not made of whole blocks"));
    }
    let passphrase = passphrase.ok_or_else(|| {
        let message = "this key is encrypted and no passphrase was given: give the one that was chosen when the key was made, or take the encryption off with: openssl pkcs8 -in private.pem -out bare.pem";
        KeyError::new(KeyErrorKind::PassphraseMissing, message)
    })?;
    let (key, vector) = derive(&scheme, passphrase)?;
    let mut text = Zeroizing::new(data.to_vec());
    let unpadded = decrypt(scheme.cipher, &key, &vector, &mut text);
    // A wrong passphrase makes noise from the first byte on; with the right one the beginning is right at least.
    if !asn1::begins_as_private_key(&text) {
        let message = "the passphrase does not open this key: check it for capitals, and for spaces or a line break at its end (if it is surely right, the key file is damaged)";
        return Err(KeyError::new(KeyErrorKind::PassphraseWrong, message));
    }
    text.truncate(unpadded.ok_or_else(|| KeyError::damaged("its encrypted part does not end as it should"))?);
    Ok(text)
}

type Key = Zeroizing<Vec<u8>>;

/// The key and the initial vector.
fn derive(scheme: &Scheme<'_>, passphrase: &[u8]) -> Result<(Key, Key), KeyError> {
    let mut key = Zeroizing::new(vec![0; scheme.cipher.key_length()]);
    let vector = match scheme.derivation {
        Derivation::Pkcs12 { salt, iterations } => {
            let mut vector = Zeroizing::new(vec![0; scheme.cipher.block_length()]);
            pkcs12::derive(passphrase, salt, iterations, Purpose::Key, &mut key);
            pkcs12::derive(passphrase, salt, iterations, Purpose::Vector, &mut vector);
            return Ok((key, vector));
        }
        Derivation::Pbkdf2 { hash, salt, iterations, vector } => {
            match hash {
                Hash::Sha1 => pbkdf2_hmac::<Sha1>(passphrase, salt, iterations, &mut key),
                Hash::Sha224 => pbkdf2_hmac::<Sha224>(passphrase, salt, iterations, &mut key),
                Hash::Sha256 => pbkdf2_hmac::<Sha256>(passphrase, salt, iterations, &mut key),
                Hash::Sha384 => pbkdf2_hmac::<Sha384>(passphrase, salt, iterations, &mut key),
                Hash::Sha512 => pbkdf2_hmac::<Sha512>(passphrase, salt, iterations, &mut key),
            }
            vector
        }
        Derivation::Scrypt { cost, salt, vector } => {
            scrypt::scrypt(passphrase, salt, &cost, &mut key)
                .map_err(|_| KeyError::damaged("the length of its encryption key is impossible"))?;
            vector
        }
    };
    Ok((key, Zeroizing::new(vector.to_vec())))
}

/// Decrypts in place and returns the length without the padding, if that is sound.
fn decrypt(cipher: Cipher, key: &[u8], vector: &[u8], text: &mut [u8]) -> Option<usize> {
    match cipher {
        Cipher::TripleDes => cbc::<TdesEde3>(key, vector, text),
        Cipher::Aes128 => cbc::<Aes128>(key, vector, text),
        Cipher::Aes192 => cbc::<Aes192>(key, vector, text),
        Cipher::Aes256 => cbc::<Aes256>(key, vector, text),
    }
}

fn cbc<C: BlockCipher + BlockDecryptMut + KeyInit>(key: &[u8], vector: &[u8], text: &mut [u8]) -> Option<usize> {
    let decryptor = cbc::Decryptor::<C>::new_from_slices(key, vector).ok()?;
    // The blocks are decrypted before the padding is looked at, so `text` is plain either way.
    decryptor.decrypt_padded_mut::<Pkcs7>(text).ok().map(<[u8]>::len)
}
