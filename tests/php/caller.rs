//! Who calls, in the rows of the failure table (`tests/failures/`): here PHP.

use bayar::{Kind, Outcome};
use serde_json::{Value, json};
use std::sync::Mutex;

use crate::driver::{Came, Driver};
use crate::house::{House, Said, list_of_settings};
use crate::play::Call;

pub(crate) struct Caller {
    driver: Mutex<Driver>,
    /// With the certificate authority of the sandbox.
    _file: tempfile::NamedTempFile,
}

impl Caller {
    pub(crate) fn new(house: &House, timeout_ms: u64) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), house.sandbox.ca_pem()).unwrap();
        let (base_url, timeout_ms) = (house.sandbox.base_url(), timeout_ms.to_string());
        let mut settings = list_of_settings(&base_url).to_vec();
        settings.extend([("ca_file", file.path().to_str().unwrap()), ("timeout_ms", &timeout_ms)]);
        let mut driver = Driver::start();
        driver.client(&settings);
        Self { driver: Mutex::new(driver), _file: file }
    }

    pub(crate) fn warms_up(&self) -> bool {
        self.driver.lock().unwrap().call("warmUp", json!([])).is_ok()
    }

    pub(crate) fn press(&self, call: Call) -> Said {
        let mut driver = self.driver.lock().unwrap();
        said(&match call {
            Call::Pay => driver.call("pay", json!([{"reference": "INV-1", "amount": "10000.00"}])),
            Call::Refund => {
                let refund = json!([{"paymentReference": "INV-1", "amount": 4000, "refundReference": "R-1"}]);
                driver.call("refund", refund)
            }
        })
    }
}

/// What a call told, and that its exception is of the class that says so.
fn said(came: &Came) -> Said {
    let Err(failed) = came else { return Said::Done };
    let outcome = match failed["outcome"].as_i64().unwrap() {
        1 => Outcome::NotSent,
        2 => Outcome::Refused,
        _ => Outcome::Unknown,
    };
    let class = failed["class"].as_str().unwrap();
    let fits: &[&str] = match (outcome, failed["retry"] == 0) {
        (Outcome::NotSent, _) => &["NotSentException", "InvalidArgumentException", "SettingsException"],
        (Outcome::Refused, true) => &["RefusedException"],
        (Outcome::Refused, false) => &["TryLaterException"],
        (_, true) => &["PersonNeededException"],
        (_, false) => &["OutcomeUnknownException"],
    };
    assert!(fits.contains(&class), "{failed}");
    assert_eq!(failed["isOutcomeUnknown"], Value::from(outcome == Outcome::Unknown));
    Said::Failed(kind(failed["code"].as_i64().unwrap()), outcome)
}

fn kind(code: i64) -> Kind {
    use Kind::*;
    let kinds = [
        InvalidArgument,
        NullPointer,
        InvalidUtf8,
        ReferenceReused,
        SignatureMismatch,
        MissingSetting,
        UnknownSetting,
        InvalidSetting,
        InvalidKey,
        NameLookup,
        Connect,
        Tls,
        Proxy,
        Timeout,
        ConnectionLost,
        BadAnswer,
        Cancelled,
        Unauthorized,
        Declined,
        TryLater,
        NotFound,
        Conflict,
        InProgress,
        ServerError,
        Internal,
        Journal,
    ];
    kinds.into_iter().find(|kind| *kind as i64 == code).unwrap()
}
