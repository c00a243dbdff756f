//! Clients with this or that journal, and the payments that they make.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use bayar::{Client, Config, PaymentRequest};
use bayar_sandbox::{Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};

use crate::place::Place;

pub(crate) type Problem = Box<dyn Error + Send + Sync>;

pub(crate) const AMOUNT: &str = "125000.00";

/// All that a client needs to know, also one of another process.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) base_url: String,
    pub(crate) ca: PathBuf,
    pub(crate) key: PathBuf,
    /// The setting `journal`; in memory without.
    pub(crate) journal: Option<String>,
}

impl Shop {
    pub(crate) fn new(place: &Place, base_url: String, ca_pem: &str, journal: Option<String>) -> Result<Self, Problem> {
        let port = base_url.rsplit(':').next().unwrap_or_default();
        let (ca, key) = (place.file(&format!("ca-{port}.pem")), place.file("key.pem"));
        fs::write(&ca, ca_pem)?;
        fs::write(&key, TEST_PRIVATE_KEY_PEM)?;
        Ok(Self { base_url, ca, key, journal })
    }

    /// A shop at the local DOKU.
    pub(crate) fn at(place: &Place, sandbox: &Sandbox, journal: Option<String>) -> Result<Self, Problem> {
        Self::new(place, sandbox.base_url(), sandbox.ca_pem(), journal)
    }

    pub(crate) fn client(&self) -> Result<Client, Problem> {
        self.client_with(&[])
    }

    pub(crate) fn client_with(&self, more: &[(&str, &str)]) -> Result<Client, Problem> {
        let mut config = Config::new();
        for (name, value) in [
            ("environment", "sandbox"),
            ("client_id", TEST_CLIENT_ID),
            ("client_secret", TEST_CLIENT_SECRET),
            ("private_key_file", &self.key.to_string_lossy()),
            ("base_url", &self.base_url),
            ("ca_file", &self.ca.to_string_lossy()),
            ("tls_roots", "none"),
            ("return_url", "https://shop.example/thanks"),
        ] {
            config.set(name, value)?;
        }
        if let Some(journal) = &self.journal {
            config.set("journal", journal)?;
        }
        for (name, value) in more {
            config.set(name, value)?;
        }
        Ok(Client::new(&config)?)
    }
}

/// Makes a payment; that it is done but not written down is a failure here.
pub(crate) fn pay(client: &Client, reference: &str) -> Result<(), Problem> {
    let payment = client.pay(&PaymentRequest::new(reference, AMOUNT)?)?;
    match payment.is_recorded() {
        true => Ok(()),
        false => Err(format!("The payment {reference} was not recorded.").into()),
    }
}

pub(crate) fn setting(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A local DOKU that keeps no list of what it saw.
pub(crate) fn sandbox() -> Result<Sandbox, Problem> {
    Ok(Sandbox::start(Options { seen_limit: 0, ..Options::default() })?)
}
