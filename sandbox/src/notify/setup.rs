//! The settings of [`Notifications`] after they were checked: addresses in parts, keys read.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::settings::{Notifications, Retry};
use crate::crypto::SigningKey;
use crate::merchant::STRANGER_PRIVATE_KEY_PEM;
use crate::net::{Client, Stop, Url};
use crate::options::Options;

/// Who the merchant is, as far as notifications need it.
pub(super) struct Merchant {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) public_key_pem: String,
}

impl Merchant {
    pub(super) fn of(options: &Options) -> Merchant {
        Merchant {
            client_id: options.client_id.clone(),
            client_secret: options.client_secret.clone(),
            public_key_pem: options.merchant_public_key_pem.clone(),
        }
    }
}

pub(super) struct Setup {
    pub(super) notification_url: Url,
    pub(super) token_url: Url,
    /// Both as they were given, for the records.
    pub(super) notification_text: String,
    pub(super) token_text: String,
    pub(super) client: Client,
    pub(super) client_id: String,
    pub(super) secret: String,
    pub(super) doku_key: SigningKey,
    pub(super) merchant_key: SigningKey,
    pub(super) merchant_public_key_pem: String,
    pub(super) stranger_key: SigningKey,
    pub(super) retry: Retry,
    pub(super) retry_after: Vec<Duration>,
    pub(super) speed: u32,
}

impl Setup {
    pub(super) fn of(settings: Notifications, merchant: &Merchant, stop: &Arc<Stop>) -> io::Result<Setup> {
        let unfit = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let url = |text: &str| Url::parse(text).map_err(unfit);
        let (notification_url, token_url) = (url(&settings.notification_url)?, url(&settings.token_url)?);
        if (notification_url.https || token_url.https) && settings.ca_pem.is_none() {
            return Err(unfit("https to the merchant needs the certificate authority to trust".to_owned()));
        }
        let patience = Duration::from_millis(settings.patience_ms);
        Ok(Setup {
            notification_url,
            token_url,
            notification_text: settings.notification_url,
            token_text: settings.token_url,
            client: Client::new(settings.ca_pem.as_deref(), patience, Arc::clone(stop))?,
            client_id: merchant.client_id.clone(),
            secret: settings.client_secret.unwrap_or_else(|| merchant.client_secret.clone()),
            doku_key: SigningKey::from_pem(&settings.doku_private_key_pem, "DOKU's private key")?,
            merchant_key: SigningKey::from_pem(&settings.merchant_private_key_pem, "the merchant's private key")?,
            merchant_public_key_pem: merchant.public_key_pem.clone(),
            stranger_key: SigningKey::from_pem(STRANGER_PRIVATE_KEY_PEM, "the stranger's key")?,
            retry: settings.retry,
            retry_after: settings.retry_after_s.into_iter().map(Duration::from_secs).collect(),
            speed: settings.speed.max(1),
        })
    }
}
