//! Where the sandbox, as DOKU, delivers notifications, and how.

use crate::merchant::{TEST_DOKU_PRIVATE_KEY_PEM, TEST_PRIVATE_KEY_PEM};

/// Where and how a merchant is notified (protocol 6). Give it to [`crate::Options::notifications`], or later to
/// [`crate::Sandbox::notify`], also to change it while notifications flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// Where notifications are posted: `http://` or `https://`. Its path, with its query if it has one, is signed.
    pub notification_url: String,
    /// Where a token is asked for first.
    pub token_url: String,
    /// The certificate authorities that https is believed from, in PEM; needed for it.
    pub ca_pem: Option<String>,
    /// DOKU's private key (PKCS#8 PEM, RSA), which signs the request for a token.
    pub doku_private_key_pem: String,
    /// The secret that signs notifications, when it is another than [`crate::Options::client_secret`]: a rotation.
    pub client_secret: Option<String>,
    /// The merchant's private key, with which [`crate::Forgery::ExpiredToken`] is made.
    pub merchant_private_key_pem: String,
    /// When it is tried again, in seconds after the first time.
    pub retry_after_s: Vec<u64>,
    /// What is sent then.
    pub retry: Retry,
    /// How much faster than the sandbox's clock those seconds go by. Only the waiting is shortened: the times that are
    /// sent and judged by stay those of the clock.
    pub speed: u32,
    /// How long the merchant may take to answer a request, in milliseconds.
    pub patience_ms: u64,
}

/// What a notification carries when it is sent again. DOKU does not tell (protocol 6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same body and X-EXTERNAL-ID with a new timestamp, a living token and a new signature.
    Fresh,
    /// Every byte as it was sent the first time, the old timestamp and token with it.
    Same,
}

impl Notifications {
    /// DOKU's own schedule (+30 min, +6 h, +12 h), everything anew each time, and 8 s of patience.
    #[must_use]
    pub fn to(notification_url: &str, token_url: &str) -> Notifications {
        Notifications {
            notification_url: notification_url.to_owned(),
            token_url: token_url.to_owned(),
            ca_pem: None,
            doku_private_key_pem: TEST_DOKU_PRIVATE_KEY_PEM.to_owned(),
            client_secret: None,
            merchant_private_key_pem: TEST_PRIVATE_KEY_PEM.to_owned(),
            retry_after_s: vec![30 * 60, 6 * 3600, 12 * 3600],
            retry: Retry::Fresh,
            speed: 1,
            patience_ms: 8000,
        }
    }
}
