//! DOKU's own sample requests through the C API: what arrives is what the shared vectors say, byte for byte; and each form
//! in which DOKU's documents disagree is reached by its setting alone.

use bayar_sandbox::{Options, SeenRequest};
use serde_json::Value;

use crate::desk::Desk;
use crate::finished::How;

/// The body of a vector's case; the sample's validity ended in 2024, so a later one is sent.
fn body_of(file: &str, case: &str) -> String {
    let path = format!("{}/tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let found = cases.iter().find(|known| known["name"] == case).unwrap_or_else(|| panic!("{file} has no '{case}'"));
    found["body"].as_str().unwrap().replace("2024-07-10T11:57:58", "2098-07-10T11:57:58")
}

/// The payment and the refund that arrive when the program runs with these settings.
fn arrived(settings: &[(&str, &str)]) -> Vec<SeenRequest> {
    let mut desk = Desk::open(Options::default());
    for (name, value) in settings {
        desk.set(name, value);
    }
    desk.run_test_program(How::Plain, "sample", &[]);
    desk.sandbox.seen().into_iter().filter(|request| request.path.starts_with("/direct-debit/")).collect()
}

fn body(request: &SeenRequest) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

#[test]
fn dokus_samples_arrive_as_the_vectors_say() {
    let arrived = arrived(&[]);
    assert_eq!(body(&arrived[0]), body_of("payment.json", "DOKU's sample payment, in our default forms"));
    assert_eq!(body(&arrived[1]), body_of("refund.json", "DOKU's sample refund"));
    for request in &arrived {
        assert_eq!(request.header("X-DEVICE-ID"), Some("95221"));
        assert_eq!(request.header("CHANNEL-ID"), None);
    }
}

#[test]
fn the_forms_of_dokus_older_page_arrive_when_the_settings_say_so() {
    let arrived = arrived(&[
        ("BAYAR_VALID_UP_TO_FIELD", "validUpto"),
        ("BAYAR_URL_PARAM_FORM", "object"),
        ("BAYAR_TIMESTAMP_FORM", "utc_ms"),
        ("BAYAR_CHANNEL_ID", "DH"),
    ]);
    let name = "DOKU's sample payment, in the forms of the old page: validUpto, urlParam an object, timestamp with \
                milliseconds";
    assert_eq!(body(&arrived[0]), body_of("payment.json", name));
    assert_eq!(arrived[0].header("CHANNEL-ID"), Some("DH"));
    let timestamp = arrived[0].header("X-TIMESTAMP").unwrap();
    assert!(timestamp.len() == 24 && timestamp.ends_with('Z'), "{timestamp}");
}
