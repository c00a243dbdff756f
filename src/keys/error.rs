//! What can be wrong with a key, told so that a support desk can mend it.
//!
//! Promise (P6): the sentence is made of fixed words, sizes, line numbers and object identifiers; it never quotes the
//! input, because the input may be a key or a passphrase in the wrong place.

use std::borrow::Cow;
use std::fmt;

/// Why a key could not be used: a kind for programs, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError {
    kind: KeyErrorKind,
    message: Cow<'static, str>,
}

/// The kinds of trouble with a key. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyErrorKind {
    /// No PEM text: DER, a file name, an empty setting, something else.
    NotPem,
    /// The end is missing.
    Truncated,
    /// All there, but changed: odd characters, numbers that do not fit together.
    Damaged,
    /// A public key where the private one belongs.
    PublicInsteadOfPrivate,
    /// A private key where a public one belongs.
    PrivateInsteadOfPublic,
    /// A certificate or a request for one, not a key.
    Certificate,
    /// A key of another algorithm: EC, Ed25519, DSA.
    NotRsa,
    /// An RSA key of fewer than 2048 bits.
    TooShort,
    /// A sound key of a size, exponent, file format or encryption that is not supported.
    Unsupported,
    /// The key is encrypted, and no passphrase was given.
    PassphraseMissing,
    /// The passphrase does not open the key.
    PassphraseWrong,
}

impl KeyError {
    pub(super) fn new(kind: KeyErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn damaged(what: &str) -> Self {
        let message = format!("the key is damaged ({what}): copy the original file again, whole and unchanged");
        Self::new(KeyErrorKind::Damaged, message)
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> KeyErrorKind {
        self.kind
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for KeyError {}
