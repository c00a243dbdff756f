//! A merchant whose every secret can be recognised, and one way to call everything that a client has.

use bayar::{Client, Config, Level, PaymentRequest, RefundRequest};
use bayar_sandbox::{TEST_CLIENT_ID, TEST_PRIVATE_KEY_PEM};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::recorder;
use crate::witness::Witness;

pub(crate) const CLIENT_SECRET: &str = "SK-Rahasia8362Negara4711";
pub(crate) const PASSPHRASE: &str = "frasa sandi 5150 yang lenyap";
pub(crate) const OTHER_PASSPHRASE: &str = "frasa sandi 0815 yang salah";
pub(crate) const PROXY_USER: &str = "kasir";
pub(crate) const PROXY_PASSWORD: &str = "SandiProksi9921tertutup";

/// Someone who knows the merchant's secrets.
pub(crate) fn witness() -> Witness {
    recorder::install();
    let mut witness = Witness::default();
    witness.keep("the client secret", CLIENT_SECRET);
    witness.keep("the passphrase", PASSPHRASE);
    witness.keep("the wrong passphrase", OTHER_PASSPHRASE);
    witness.keep("the proxy's password", PROXY_PASSWORD);
    witness.keep_key("the private key", TEST_PRIVATE_KEY_PEM);
    witness
}

/// The settings of the merchant at this address.
pub(crate) fn config(base_url: &str) -> Config {
    let mut config = Config::new();
    for (name, value) in [
        ("environment", "sandbox"),
        ("base_url", base_url),
        ("client_id", TEST_CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("private_key", TEST_PRIVATE_KEY_PEM),
        ("private_key_passphrase", PASSPHRASE),
        ("tls_roots", "none"),
        ("log_level", "debug"),
        ("timeout_ms", "3000"),
        ("status_interval_ms", "50"),
        ("return_url", "https://shop.example/thanks"),
    ] {
        config.set(name, value).unwrap();
    }
    config
}

/// The private key under a passphrase, as DOKU's own instructions make it.
pub(crate) fn protected_key() -> String {
    let pass = format!("pass:{PASSPHRASE}");
    let mut openssl = Command::new("openssl");
    openssl.args(["pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-passout", &pass]);
    let started = openssl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child =
        started.unwrap_or_else(|error| panic!("openssl cannot be started ({error}). Install the package openssl."));
    child.stdin.take().unwrap().write_all(TEST_PRIVATE_KEY_PEM.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Hears the settings and what comes of them; `None` where no client can be made.
pub(crate) fn client(witness: &mut Witness, place: &str, config: &Config) -> Option<Client> {
    witness.hear_debug(&format!("{place}: the settings"), config);
    match Client::new(config) {
        Ok(client) => Some(client),
        Err(error) => {
            witness.hear_error(&format!("{place}: making a client"), &error);
            None
        }
    }
}

/// Makes every call, those that move money twice, and hears what comes of it and what the log says. Returns how many
/// calls failed.
pub(crate) fn call_everything(witness: &mut Witness, place: &str, client: &Client) -> usize {
    let mut failed = 0;
    let mut hear = |what: &str, result: Result<String, bayar::Error>| {
        let place = format!("{place}: {what}");
        match result {
            Ok(said) => witness.hear(&place, said),
            Err(error) => {
                failed += 1;
                witness.hear_error(&place, &error);
            }
        }
    };
    hear("warm_up", client.warm_up().map(|()| String::new()));
    let payment = PaymentRequest::new("INV-1", "10000").unwrap();
    let refund = RefundRequest::new("INV-1", "1000", "R-1").unwrap();
    for _ in 0..2 {
        hear("pay", client.pay(&payment).map(|payment| format!("{payment:?} {}", payment.json())));
        hear("refund", client.refund(&refund).map(|refund| format!("{refund:?} {}", refund.json())));
    }
    let said = |status: bayar::Status| format!("{status:?} {}", status.json());
    hear("status", client.status("INV-1").map(said));
    hear("wait", client.wait("INV-1", Duration::ZERO).map(said));
    let mut entries = 0;
    while let Some(entry) = client.poll_log() {
        entries += 1;
        assert!(entry.level() <= Level::Debug);
        witness.hear(&format!("{place}: the log"), entry.message());
        witness.hear_debug(&format!("{place}: an entry of the log"), &entry);
    }
    assert!(entries > 0, "{place}: the log is silent");
    witness.hear_debug(&format!("{place}: the client"), client);
    failed
}
