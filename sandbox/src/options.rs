//! What a sandbox is started with.

use crate::assumptions::Assumption;
use crate::clock::Clock;
use crate::merchant::{TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PUBLIC_KEY_PEM};
use crate::midnight;
use crate::notify::Notifications;

/// The settings of one sandbox. The default is the test merchant over TLS on a free port, with a real clock.
#[derive(Debug, Clone)]
pub struct Options {
    /// The one client id that is known here.
    pub client_id: String,
    /// The key of the symmetric signatures.
    pub client_secret: String,
    /// The merchant's public RSA key (PEM, `PUBLIC KEY`), as it would be uploaded to DOKU's dashboard.
    pub merchant_public_key_pem: String,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// `false` serves plain HTTP.
    pub tls: bool,
    /// What the certificate is worth.
    pub certificate: Certificate,
    /// How long an access token lives.
    pub token_lifetime_s: u64,
    /// How far X-TIMESTAMP may lie before or after the sandbox's clock. DOKU's own limit is not published.
    pub timestamp_window_s: u64,
    /// Who opens the link of each new payment.
    pub customer: Customer,
    /// Where the merchant is notified; see also [`crate::Sandbox::notify`].
    pub notifications: Option<Notifications>,
    /// The sandbox's idea of now; keep a clone of it to let time pass.
    pub clock: Clock,
    /// By how much DOKU's date, which its answers show and by which it counts days, is ahead of that clock; what it does goes
    /// by the clock. 0, unless the environment's BAYAR_SANDBOX_DATE_AHEAD_S says otherwise.
    pub date_ahead_s: i64,
    /// What shall not hold here; see also [`crate::Sandbox::switch_off`].
    pub switched_off: Vec<Assumption>,
    /// How many requests [`crate::Sandbox::seen`] keeps; the oldest go first.
    pub seen_limit: usize,
    /// A connection on which nothing arrives for this long is closed.
    pub idle_timeout_ms: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            client_id: TEST_CLIENT_ID.to_owned(),
            client_secret: TEST_CLIENT_SECRET.to_owned(),
            merchant_public_key_pem: TEST_PUBLIC_KEY_PEM.to_owned(),
            port: 0,
            tls: true,
            certificate: Certificate::Good,
            token_lifetime_s: 900,
            timestamp_window_s: 900,
            customer: Customer::Manual,
            notifications: None,
            clock: Clock::default(),
            date_ahead_s: midnight::date_ahead_s(),
            switched_off: Vec::new(),
            seen_limit: 10_000,
            idle_timeout_ms: 75_000,
        }
    }
}

/// The certificate that is shown to clients who trust [`crate::Sandbox::ca_pem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// Signed by that authority for this machine.
    Good,
    /// The same, but it ended yesterday.
    Expired,
    /// The same, but for another host.
    WrongName,
    /// Signed by nobody but itself: that authority knows nothing of it.
    SelfSigned,
}

/// The stand-in customer, who opens the link of each new payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Customer {
    /// Nobody: the payment waits for the checkout page, a control request or [`crate::Sandbox::approve`].
    Manual,
    /// Pays every payment this long after it was made.
    Approves {
        /// Milliseconds from the making of the payment.
        after_ms: u64,
    },
    /// Refuses every payment this long after it was made.
    Declines {
        /// Milliseconds from the making of the payment.
        after_ms: u64,
    },
}
