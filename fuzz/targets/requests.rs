//! Request bodies. The input's first lines are given to the setters, the rest is the extra JSON: what is taken makes a
//! body that is compact, has every member once, and reads back as what was given.
#![no_main]

use bayar::snap::minify::minify;
use bayar::snap::request::Forms;
use bayar::{PaymentRequest, RefundRequest, Result};
use bayar_fuzz::assert_refused;
use libfuzzer_sys::{Corpus, fuzz_target};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt;

const CHANNEL: &str = "EMONEY_DANA_SNAP";
const MOMENT: i64 = 1_795_345_200_000;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(input) else { return Corpus::Reject };
    let mut parts = text.splitn(5, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let (flags, text, address, other, extra) = (next(), next(), next(), next(), next());
    payment(flags, text, address, other, extra);
    refund(text, other, extra);
    Corpus::Keep
});

fn payment(flags: &str, title: &str, return_url: &str, other: &str, extra: &str) {
    let mut request = PaymentRequest::new("INV-0001", "10000").expect("a request");
    let on = |flag| flags.contains(flag);
    let mut expected = json!({
        "partnerReferenceNo": "INV-0001",
        "amount": {"value": "10000.00", "currency": "IDR"},
        "additionalInfo": {"channel": CHANNEL},
    });
    expected[if on('v') { "validUpto" } else { "validUpTo" }] = json!("2026-11-22T18:00:00+07:00");
    request.set_is_deep_link(on('d'));
    if taken("title", request.set_title(title)) {
        expected["additionalInfo"]["orderTitle"] = json!(title);
    }
    if taken("return_url", request.set_return_url(return_url)) {
        let is_deep_link = if on('d') { "Y" } else { "N" };
        let param = json!({"url": return_url, "type": "PAY_RETURN", "isDeepLink": is_deep_link});
        expected["urlParam"] = if on('o') { param } else { json!([param]) };
    }
    if taken("point_of_initiation", request.set_point_of_initiation(other)) {
        expected["pointOfInitiation"] = json!(other);
    }
    if on('s') {
        request.set_support_deep_link_checkout_url(true);
        expected["additionalInfo"]["supportDeepLinkCheckoutUrl"] = if on('b') { json!(true) } else { json!("true") };
    }
    taken("ip_address", request.set_ip_address(other));
    taken("device_id", request.set_device_id(other));
    taken("channel", request.set_channel(other));
    let added = taken("extra_json", request.set_extra_json(extra)).then_some(extra);
    let forms = Forms { valid_upto_spelling: on('v'), url_param_object: on('o'), deep_link_boolean: on('b') };
    check(&request.body(CHANNEL, MOMENT, forms).expect("a body"), expected, added);
}

fn refund(reason: &str, other: &str, extra: &str) {
    let mut request = RefundRequest::new("INV-0001", "10000", "REQ-0001").expect("a request");
    let mut expected = json!({
        "originalPartnerReferenceNo": "INV-0001",
        "partnerRefundNo": "REQ-0001",
        "refundAmount": {"value": "10000.00", "currency": "IDR"},
        "additionalInfo": {"channel": CHANNEL},
    });
    if taken("reason", request.set_reason(reason)) {
        expected["reason"] = json!(reason);
    }
    if taken("original_external_id", request.set_original_external_id(other)) {
        expected["originalExternalId"] = json!(other);
    }
    let added = taken("extra_json", request.set_extra_json(extra)).then_some(extra);
    check(&request.body(CHANNEL).expect("a body"), expected, added);
}

fn taken(field: &str, result: Result<()>) -> bool {
    result.inspect_err(|error| assert_refused(error, Some(field))).is_ok()
}

/// Holds a body against the members that it must have.
fn check(body: &[u8], mut expected: Value, extra: Option<&str>) {
    let text = std::str::from_utf8(body).expect("a body is UTF-8");
    assert_eq!(minify(body), body, "a body is compact");
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    assert!(!text.contains(odd), "{text}");
    let bare = text.replace(r"\\", "").replace(r#"\""#, "");
    assert!(!bare.contains('\\'), "an escape that is not needed: {text}");
    serde_json::from_str::<Unique>(text).expect("JSON in which no member stands twice");
    let added = serde_json::from_str(extra.unwrap_or("{}")).expect("JSON");
    let read: Value = serde_json::from_str(text).expect("JSON");
    merge(&mut expected, added);
    assert_eq!(read, expected);
}

fn merge(expected: &mut Value, added: serde_json::Map<String, Value>) {
    for (name, value) in added {
        match (name.as_str(), value) {
            ("additionalInfo", Value::Object(info)) => merge(&mut expected["additionalInfo"], info),
            (_, value) => {
                assert!(expected.get(&name).is_none(), "an extra has overridden {name}");
                expected[name] = value;
            }
        }
    }
}

/// Any JSON, refused where an object has a member twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Unique)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, Unique)) = map.next_entry::<String, Self>()? {
            if !names.insert(name) {
                return Err(serde::de::Error::custom("a member stands twice"));
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Self, A::Error> {
        while let Some(Unique) = items.next_element()? {}
        Ok(self)
    }

    fn visit_unit<E>(self) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Self, E> {
        Ok(self)
    }
}
