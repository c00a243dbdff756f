//! The SNAP protocol as DOKU speaks it, pure: no clock, no network, no disk, no global. Everything here can be proven
//! by the vectors in `tests/vectors/`.

pub mod codes;
mod echo;
pub mod external_id;
pub(crate) mod extra;
pub(crate) mod jwt;
pub mod minify;
pub mod request;
pub mod response;
pub mod signature;
pub mod timestamp;
pub mod token;
pub(crate) mod unique;

/// The paths of DOKU's API (protocol.md section 1).
pub mod path {
    /// Token (B2B).
    pub const TOKEN: &str = "/authorization/v1/access-token/b2b";
    /// Payment (jump to the wallet's app or page).
    pub const PAYMENT: &str = "/direct-debit/core/v1/debit/payment-host-to-host";
    /// Refund.
    pub const REFUND: &str = "/direct-debit/core/v1/debit/refund";
    /// Check status of direct debit and e-wallet transactions.
    pub const STATUS: &str = "/orders/v1.0/debit/status";
}
