//! A sandbox, a database with the journal's tables, and clients that use both as machines of their own.

use crate::server::Server;
use bayar::{Client, Config, Error, Kind, Outcome, PaymentRequest, RefundRequest, Retry};
use bayar_sandbox::{Customer, Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use std::time::Duration;

pub(crate) struct House {
    pub(crate) sandbox: Sandbox,
    pub(crate) database: String,
    /// The names and values of the settings, but the journal's.
    pub(crate) settings: Vec<(&'static str, String)>,
    url: String,
    _folder: tempfile::TempDir,
}

/// Enough for a busy machine.
pub(crate) const LONG_MS: u64 = 60_000;

impl House {
    /// With an empty journal. Every customer pays at once.
    pub(crate) fn open(server: &Server) -> Self {
        let house = Self::without_tables(server);
        house.client(LONG_MS).create_journal().unwrap();
        house
    }

    pub(crate) fn without_tables(server: &Server) -> Self {
        let sandbox =
            Sandbox::start(Options { customer: Customer::Approves { after_ms: 0 }, ..Options::default() }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, sandbox.ca_pem()).unwrap();
        let settings = vec![
            ("environment", "sandbox".to_owned()),
            ("base_url", sandbox.base_url()),
            ("client_id", TEST_CLIENT_ID.to_owned()),
            ("client_secret", TEST_CLIENT_SECRET.to_owned()),
            ("private_key", TEST_PRIVATE_KEY_PEM.to_owned()),
            ("tls_roots", "none".to_owned()),
            ("ca_file", ca_file.to_str().unwrap().to_owned()),
            ("status_interval_ms", "50".to_owned()),
            ("return_url", "https://shop.example/thanks".to_owned()),
        ];
        let database = server.database();
        Self { sandbox, url: server.url(&database), database, settings, _folder: folder }
    }

    /// A machine of its own, whose calls have this limit.
    pub(crate) fn client(&self, timeout_ms: u64) -> Client {
        self.try_client(&self.url, timeout_ms).unwrap()
    }

    /// The same with its journal elsewhere.
    pub(crate) fn try_client(&self, url: &str, timeout_ms: u64) -> bayar::Result<Client> {
        let mut config = Config::new();
        for (name, value) in self.settings_with(url, timeout_ms) {
            config.set(name, &value)?;
        }
        Client::new(&config)
    }

    pub(crate) fn settings_with(&self, url: &str, timeout_ms: u64) -> Vec<(&'static str, String)> {
        let more = [("timeout_ms", timeout_ms.to_string()), ("journal", url.to_owned())];
        self.settings.iter().cloned().chain(more).collect()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A payment that was paid.
    pub(crate) fn paid(&self, client: &Client, reference: &str, amount: &str) {
        client.pay(&payment(reference, amount)).unwrap();
        assert!(client.wait(reference, Duration::from_secs(30)).unwrap().is_paid());
    }

    /// What a payment is told that finds no journal; nothing must have been sent.
    pub(crate) fn refused(&self, url: &str, limit_ms: u64) -> Error {
        let before = self.sandbox.counts();
        let client = match self.try_client(url, limit_ms) {
            Ok(client) => client,
            Err(error) => return error,
        };
        let error = client.pay(&payment("INV-REFUSED", "1000")).unwrap_err();
        let now = self.sandbox.counts();
        assert_eq!((now.token_requests, now.payment_requests), (before.token_requests, before.payment_requests));
        assert_eq!((error.kind(), error.outcome()), (Kind::Journal, Outcome::NotSent), "{error:?}");
        error
    }
}

/// That the error says this, and whether calling again can help.
pub(crate) fn must_say(error: &Error, retry: Retry, words: &[&str]) {
    println!("{}", error.message());
    assert_eq!(error.retry(), retry, "{error:?}");
    for word in words {
        assert!(error.message().contains(word), "'{word}' is not in: {error}");
    }
    for secret in [crate::server::PASSWORD, "raha%2Fsia", "sia@1"] {
        assert!(!format!("{error:?}").contains(secret), "{error:?}");
    }
}

pub(crate) fn payment(reference: &str, amount: &str) -> PaymentRequest {
    PaymentRequest::new(reference, amount).unwrap()
}

pub(crate) fn refund(original: &str, amount: &str, number: &str) -> RefundRequest {
    RefundRequest::new(original, amount, number).unwrap()
}
