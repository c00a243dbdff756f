//! Each genuine way of writing a notification carries a good signature, and says what it is to say.

use bayar_sandbox::{Form, Notice};
use serde_json::{Value, json};

use crate::check;
use crate::scene;
use crate::shop::NOTIFY_PATH;

#[test]
fn every_form_is_accepted_by_an_honest_merchant() {
    let scene = scene();
    scene.approve("A");
    type Look = fn(&str, &Value) -> bool;
    let rows: Vec<(Form, Look)> = vec![
        (Form::Compact, |text, json| !text.contains([' ', '\n']) && json["amount"]["value"] == "10000.00"),
        (Form::Pretty, |text, json| text.contains("\n  \"") && json["latestTransactionStatus"] == "00"),
        (Form::PrettySignedRaw, |text, _| text.contains("\n  \"")),
        (Form::Numbers, |text, _| {
            text.contains("\"latestTransactionStatus\":0,") && text.contains("\"value\":10000.00,")
        }),
        (Form::UnknownFields, |_, json| json["additionalInfo"]["tomorrow"].is_array() && json["origin"].is_object()),
        (Form::Channel, |_, json| {
            json["additionalInfo"]["channel"] == "EMONEY_DANA_SNAP" && json["additionalInfo"]["channelId"].is_null()
        }),
        (Form::LineItems, |_, json| json["lineItems"].is_array() && json["additionalInfo"]["origin"].is_object()),
        (Form::Minimal, |_, json| {
            *json == json!({ "originalPartnerReferenceNo": "A", "latestTransactionStatus": "00" })
        }),
        (Form::NonAscii, |text, _| text.contains("kopi é ☕ 😀")),
        (Form::EscapedNonAscii, |text, json| {
            text.is_ascii() && json["transactionStatusDesc"] == "Sukses – kopi é ☕ 😀"
        }),
        (Form::EscapedSlashes, |text, _| text.contains("1\\/1 https:\\/\\/shop.example\\/")),
        (Form::ZuluTimestamp, |_, _| true),
        (Form::LowerCaseHeaders, |_, _| true),
        (Form::Body("{\"latestTransactionStatus\": \"00\"}".to_owned()), |text, _| text.ends_with(": \"00\"}")),
    ];
    for (form, look) in rows {
        let attempt = scene.deliver(&Notice { form: form.clone(), ..Notice::about("A") });
        let got = scene.shop.last(NOTIFY_PATH);
        assert_eq!(got.faults, Vec::<String>::new(), "{form:?}");
        assert!(attempt.acknowledged, "{form:?}");
        let over = check::signed_over(scene.shop.desk(), &got);
        let expected = match form {
            Form::Pretty | Form::Body(_) => (false, true),
            Form::PrettySignedRaw => (true, false),
            _ => (true, true),
        };
        assert_eq!(over, expected, "{form:?}");
        let text = std::str::from_utf8(&got.body).unwrap();
        assert!(look(text, &serde_json::from_str(text).unwrap()), "{form:?}\n{text}");
        assert_eq!(form == Form::ZuluTimestamp, got.header("X-TIMESTAMP").ends_with('Z'));
        let lower = got.headers.iter().any(|(name, _)| name == "x-signature");
        assert_eq!(form == Form::LowerCaseHeaders, lower);
        assert_eq!(form == Form::LowerCaseHeaders, got.header("authorization").starts_with("bearer "));
    }
}

#[test]
fn anything_can_be_said_about_any_reference() {
    let scene = scene();
    let notice =
        Notice { status: Some("06".to_owned()), amount: Some("1.50".to_owned()), ..Notice::about("NEVER \"ORDERED\"") };
    assert!(scene.deliver(&notice).acknowledged);
    let body: Value = serde_json::from_slice(&scene.shop.last(NOTIFY_PATH).body).unwrap();
    assert_eq!(body["originalPartnerReferenceNo"], "NEVER \"ORDERED\"");
    assert_eq!((&body["latestTransactionStatus"], &body["amount"]["value"]), (&json!("06"), &json!("1.50")));
    // Unless told otherwise, the truth: nobody has opened the page yet.
    assert!(scene.deliver(&Notice::about("A")).acknowledged);
    let body: Value = serde_json::from_slice(&scene.shop.last(NOTIFY_PATH).body).unwrap();
    assert_eq!(body["latestTransactionStatus"], "01");
}
