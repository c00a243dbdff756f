//! X-EXTERNAL-ID: 32 decimal digits, "unique in the same day" (protocol.md section 8).
//!
//! That of a first attempt is derived from what the operation is, so that even a till that lost its journal repeats the
//! same id, and DOKU's own deduplication protects (journal.md "Model"). Those of later attempts are random.

use crate::amount::Amount;
use crate::reference::Reference;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// An X-EXTERNAL-ID of ours.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ExternalId(String);

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Operation {
    /// A payment.
    Payment,
    /// A refund.
    Refund,
}

impl Operation {
    /// `payment` or `refund`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
        }
    }
}

/// The derivation of ids for one merchant; the keyed state is made once.
#[derive(Clone)]
pub struct Derivation {
    keyed: Hmac<Sha256>,
    scope: String,
}

/// Keeps the derivation apart from every other use of the client secret.
const LABEL: &[u8] = b"bayar external id v1";

impl Derivation {
    /// `environment` and `client_id` keep a merchant's sandbox and production ids, and those of two merchants, apart.
    pub fn new(client_secret: &[u8], environment: &str, client_id: &str) -> Self {
        let key = keyed(client_secret).chain_update(LABEL).finalize().into_bytes();
        Self { keyed: keyed(&key), scope: format!("{environment}\n{client_id}\n") }
    }

    /// The id of the first attempt of an operation.
    pub fn first(&self, operation: Operation, reference: &Reference, amount: Amount) -> ExternalId {
        let intent = format!("{}{}\n{reference}\n{amount}", self.scope, operation.name());
        let digest = self.keyed.clone().chain_update(intent).finalize().into_bytes();
        let mut head = [0; 16];
        head.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        ExternalId::from_bytes(head)
    }
}

impl ExternalId {
    /// 32 digits out of 128 random bits.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("{:032}", u128::from_be_bytes(bytes) % 10_u128.pow(32)))
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// HMAC takes keys of any length, so this cannot fail; the empty state stands in for a failure that does not exist.
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()))
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExternalId({})", self.0)
    }
}
