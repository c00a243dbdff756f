//! `Debug` of every public type, made of secrets wherever it can be. The types are taken from the source, so that a new one
//! is not forgotten.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar::config::SETTINGS;
use bayar::keys::{KeyErrorKind, SigningKey, VerifyingKey};
use bayar::snap::codes::ResponseCode;
use bayar::snap::external_id::{Derivation, ExternalId, Operation};
use bayar::snap::request::{Forms, Headers};
use bayar::snap::response::Reply;
use bayar::snap::signature::{Signed, Symmetric};
use bayar::snap::timestamp;
use bayar::{
    Amount, Cancel, Client, Config, Incoming, PaymentRequest, Reference, RefundRequest, Resolution, Which, evidence,
};
use bayar_sandbox::{Customer, Options, Sandbox, TEST_CLIENT_ID, TEST_PRIVATE_KEY_PEM, TEST_PUBLIC_KEY_PEM};
use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use crate::house::{self, CLIENT_SECRET, PROXY_PASSWORD, PROXY_USER};

/// Finds out whether a type has `Debug`: of two methods of one name the one with fewer dereferences is taken, if it fits.
struct Probe<'a, T>(&'a T);

trait Shows {
    fn shown(&self) -> Option<String>;
}

impl<T: Debug> Shows for &Probe<'_, T> {
    fn shown(&self) -> Option<String> {
        Some(format!("{:?} {:#?}", self.0, self.0))
    }
}

trait ShowsNothing {
    fn shown(&self) -> Option<String>;
}

impl<T> ShowsNothing for Probe<'_, T> {
    fn shown(&self) -> Option<String> {
        None
    }
}

macro_rules! types {
    ($($name:literal => $value:expr,)*) => {
        vec![$(($name, (&&Probe(&$value)).shown())),*]
    };
}

const TOKEN: &str = "eyToken.Rahasia.4711.Sangat.Panjang.Sekali";
const SIGNATURE: &str = "TandaTanganRahasia0815DalamBase64xyz/+==";

fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Every public type by its name, and its `Debug` if it has one.
fn every_type() -> Vec<(&'static str, Option<String>)> {
    let options = Options {
        client_secret: CLIENT_SECRET.to_owned(),
        customer: Customer::Approves { after_ms: 0 },
        date_ahead_s: 0,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut config = house::config(&sandbox.base_url());
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem()).unwrap();
    config.set("ca_file", ca_file.to_str().unwrap()).unwrap();
    config.set("doku_public_key", TEST_PUBLIC_KEY_PEM).unwrap();
    let client = Client::new(&config).unwrap();
    let payment_request = PaymentRequest::new("INV-1", "10000").unwrap();
    let payment = client.pay(&payment_request).unwrap();
    client.wait("INV-1", Duration::from_secs(20)).unwrap();
    let refund_request = RefundRequest::new("INV-1", "1000", "R-1").unwrap();
    let refund = client.refund(&refund_request).unwrap();
    let status = client.status("INV-1").unwrap();
    let entry = client.poll_log().unwrap();
    let mut with_proxy: Config = config.clone();
    with_proxy.set("proxy", &format!("http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:1")).unwrap();

    let signed = Signed { method: "POST", path: "/p", token: TOKEN, body: TOKEN.as_bytes(), timestamp: "now" };
    let symmetric = Symmetric::new(CLIENT_SECRET.as_bytes());
    let signature = symmetric.sign(&signed);
    let authorization = format!("Bearer {TOKEN}");
    let headers = Headers {
        timestamp: "now",
        signature: SIGNATURE,
        partner_id: "BRN-1",
        external_id: "1",
        authorization: &authorization,
        device_id: None,
        ip_address: None,
        channel_id: None,
    };
    let reply =
        Reply::read(200, format!("{{\"accessToken\":\"{TOKEN}\",\"responseCode\":\"2007300\"}}").as_bytes()).unwrap();
    let key = SigningKey::from_pem(TEST_PRIVATE_KEY_PEM.as_bytes(), None).unwrap();
    let key_error = SigningKey::from_pem(house::protected_key().as_bytes(), Some(b"salah")).unwrap_err();
    assert_eq!(key_error.kind(), KeyErrorKind::PassphraseWrong);
    let code = ResponseCode::parse("2005400").unwrap();
    let record = client.record(Operation::Payment, "INV-1").unwrap().unwrap();
    let records = client.records(Which::All).unwrap();
    let settled = client.settle(Duration::from_secs(20)).unwrap();
    let reconciliation = client.reconcile(&record.created()[..10], Duration::from_secs(20)).unwrap();
    let row = evidence::TABLE.first().unwrap();
    // DOKU's key is the merchant's own here.
    let now = timestamp::format(now_ms(), timestamp::Form::Wib);
    let asked = STANDARD.encode(key.sign(format!("{TEST_CLIENT_ID}|{now}").as_bytes()).unwrap());
    let mut request = Incoming::new("POST", "/token", br#"{"grantType":"client_credentials"}"#);
    for (name, value) in [("X-CLIENT-KEY", TEST_CLIENT_ID), ("X-TIMESTAMP", &now), ("X-SIGNATURE", &asked)] {
        request.add_header(name, value);
    }
    let answer = client.webhook_token(&request).unwrap();
    let issued: serde_json::Value = serde_json::from_str(answer.body()).unwrap();
    let issued = issued["accessToken"].as_str().unwrap().to_owned();
    assert!(!format!("{answer:?}").contains(&issued), "the answer shows the token that was issued");
    let body = br#"{"originalPartnerReferenceNo":"INV-9","latestTransactionStatus":"00"}"#;
    let notify = Signed { method: "POST", path: "/v1.0/debit/notify", token: &issued, body, timestamp: &now };
    let notified = symmetric.sign(&notify);
    let mut incoming = Incoming::new("POST", "/notify", body);
    for (name, value) in [("X-TIMESTAMP", now.as_str()), ("X-SIGNATURE", notified.as_str())] {
        incoming.add_header(name, value);
    }
    incoming.add_header("Authorization", &format!("Bearer {issued}"));
    let delivery = client.notification(&incoming).unwrap();
    let notification = delivery.notification().unwrap().clone();
    let inbox = client.inbox().unwrap();
    for shown in [format!("{incoming:?}"), format!("{delivery:?}")] {
        assert!(!shown.contains(&issued) && !shown.contains(notified.as_str()), "{shown}");
    }
    let amount = Amount::parse("10000").unwrap();
    let moment = timestamp::parse("2024-07-10T11:57:58+07:00").unwrap();
    let error = Config::new().set("client_secret", &format!("{CLIENT_SECRET} ")).unwrap_err();
    types! {
        "Amount" => amount,
        "Cancel" => Cancel::new(),
        "Client" => client,
        "Config" => with_proxy,
        "Delivery" => delivery,
        "DeliveryOrder" => delivery.order(),
        "Derivation" => Derivation::new(CLIENT_SECRET.as_bytes(), "sandbox", "BRN-1"),
        "Error" => error,
        "Comparison" => record.comparison(),
        "Effect" => row.payment,
        "Evidence" => row.evidence,
        "ExternalId" => ExternalId::from_bytes([7; 16]),
        "Form" => timestamp::Form::Wib,
        "Forms" => Forms::default(),
        "Headers" => headers,
        "InboxEntry" => inbox[0],
        "Incoming" => incoming,
        "KeyError" => key_error,
        "KeyErrorKind" => key_error.kind(),
        "Kind" => error.kind(),
        "Kind" => SETTINGS[0].kind,
        "Level" => entry.level(),
        "LogEntry" => entry,
        "Moment" => moment,
        "Notification" => notification,
        "Operation" => Operation::Payment,
        "Outcome" => error.outcome(),
        "Payment" => payment,
        "PaymentRequest" => payment_request,
        "Reconciliation" => reconciliation,
        "Record" => record,
        "RecordState" => record.state(),
        "Records" => records,
        "Resolution" => Resolution::Done,
        "Row" => row,
        "WebhookAnswer" => answer,
        "Which" => Which::Open,
        "Proof" => code.proves(),
        "Reference" => Reference::parse("reference", "INV-1").unwrap(),
        "Refund" => refund,
        "RefundEntry" => status.refunds()[0],
        "RefundRequest" => refund_request,
        "RefundStatus" => status.refunds()[0].status().unwrap(),
        "Reply" => reply,
        "ResponseCode" => code,
        "Retry" => error.retry(),
        "Settled" => settled,
        "Row" => *code.row().unwrap(),
        "Setting" => SETTINGS[0],
        "Signature" => signature,
        "Signed" => signed,
        "SigningKey" => key,
        "Status" => status,
        "Symmetric" => symmetric,
        "TransactionStatus" => status.transaction_status().unwrap(),
        "VerifyingKey" => VerifyingKey::from_pem(TEST_PUBLIC_KEY_PEM.as_bytes()).unwrap(),
    }
}

#[test]
fn no_debug_of_a_public_type_shows_a_secret() {
    let mut witness = house::witness();
    witness.keep("a token", TOKEN);
    witness.keep("a signature", SIGNATURE);
    let types = every_type();
    for (name, shown) in &types {
        witness.hear(&format!("Debug of {name}"), shown.clone().unwrap_or_default());
    }
    witness.assert_silence();
    assert!(types.iter().filter(|(_, shown)| shown.is_some()).count() > 20, "the probe sees nothing");

    // The handles of the C API have no Debug that anyone could call, and are not listed.
    let mut declared = Vec::new();
    read_types(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut declared);
    declared.sort();
    let mut listed: Vec<&str> = types.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    assert_eq!(listed, declared, "a public type is missing above, or is no more");
}

#[test]
fn the_probe_tells_who_has_debug() {
    struct Silent;
    let shown = types! { "silent" => Silent, "one" => 1, };
    assert_eq!(shown, [("silent", None), ("one", Some("1 1".to_owned()))]);
}

/// The names of all types that are declared `pub` outside of the C API.
fn read_types(folder: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "capi" {
            read_types(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let declared =
                    ["pub struct ", "pub enum ", "pub union "].iter().find_map(|mark| line.trim().strip_prefix(mark));
                let name = declared.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap());
                names.extend(name.map(str::to_owned));
            }
        }
    }
}
