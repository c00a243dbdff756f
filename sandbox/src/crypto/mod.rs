//! The sandbox's own cryptography: checking signatures, hashing bodies, making up unguessable names.

mod minify;
mod random;
mod signature;
mod signing;
mod spki;

pub(crate) use minify::minify;
pub(crate) use random::Random;
pub(crate) use signature::{MerchantKey, Secret, sha256};
pub(crate) use signing::{SigningKey, hmac_sha256, hmac_sha512};
