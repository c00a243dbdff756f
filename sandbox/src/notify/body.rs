//! The body of a notification (protocol 6.3), written member by member: a map could hold no key twice.

use std::fmt::Write;

use serde_json::Value;
use time::OffsetDateTime;

use super::notice::{Forgery, Form};
use crate::stamp;

/// What a notification says.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) partner_reference_no: String,
    pub(super) reference_no: String,
    pub(super) external_id: String,
    pub(super) device_id: String,
    pub(super) channel: String,
    pub(super) status: String,
    pub(super) amount: String,
    pub(super) created_at: OffsetDateTime,
    pub(super) finished_at: OffsetDateTime,
}

/// A body before its white space is decided on.
#[derive(Clone, Default)]
struct Object(Vec<(String, Member)>);

#[derive(Clone)]
enum Member {
    /// JSON as it is to be written.
    Json(String),
    Object(Object),
}

/// The body as it is sent.
pub(super) fn sent(facts: &Facts, form: &Form, forgery: Option<&Forgery>) -> Vec<u8> {
    let forged = match forgery {
        Some(Forgery::ChangedAmount) => Facts { amount: other_amount(&facts.amount), ..facts.clone() },
        Some(Forgery::ChangedStatus) => Facts { status: other_status(&facts.status).to_owned(), ..facts.clone() },
        _ => facts.clone(),
    };
    if let Form::Body(text) = form {
        return text.clone().into_bytes();
    }
    let mut body = object(&forged, form);
    match forgery {
        Some(Forgery::DuplicateKey) => body.first(STATUS, text(other_status(&facts.status))),
        Some(Forgery::DuplicateEscapedKey) => {
            body.first("latestTransactionStatu\\u0073", text(other_status(&facts.status)));
        }
        Some(Forgery::DuplicateNestedKey) => body.within("amount", |amount| {
            amount.first("value", text(&other_amount(&facts.amount)));
        }),
        Some(Forgery::HugeBody { bytes }) => {
            let without = body.written(form).len();
            let around = ",\"padding\":\"\"".len();
            body.last("padding", text(&"a".repeat(bytes.saturating_sub(without + around))));
        }
        _ => {}
    }
    body.written(form).into_bytes()
}

const STATUS: &str = "latestTransactionStatus";

fn object(facts: &Facts, form: &Form) -> Object {
    let mut body = Object::default();
    let numbers = *form == Form::Numbers;
    let number = |digits: &str| {
        let digits = digits.trim_start_matches('0');
        Member::Json(if digits.is_empty() { "0" } else { digits }.to_owned())
    };
    let description = match form {
        Form::NonAscii | Form::EscapedNonAscii => "Sukses – kopi é ☕ 😀",
        Form::EscapedSlashes => "Success 1/1 https://shop.example/",
        _ => description(&facts.status),
    };
    body.last("originalPartnerReferenceNo", text(&facts.partner_reference_no));
    body.last(STATUS, if numbers { number(&facts.status) } else { text(&facts.status) });
    if *form == Form::Minimal {
        return body;
    }
    body.last("originalReferenceNo", text(&facts.reference_no));
    body.last("originalExternalId", text(&facts.external_id));
    body.last("transactionStatusDesc", text(description));
    let mut amount = Object::default();
    amount.last("value", if numbers { Member::Json(facts.amount.clone()) } else { text(&facts.amount) });
    amount.last("currency", text("IDR"));
    body.last("amount", Member::Object(amount));
    body.last("createdTime", text(&stamp::jakarta(facts.created_at)));
    body.last("finishedTime", text(&stamp::jakarta(facts.finished_at)));
    let mut additional = Object::default();
    additional.last(if *form == Form::Channel { "channel" } else { "channelId" }, text(&facts.channel));
    additional.last("acquirerId", text("DANA"));
    additional.last("accountType", text("EMONEY"));
    match form {
        Form::UnknownFields => {
            additional.last("tomorrow", Member::Json("[{\"a\":[]},1e3,true]".to_owned()));
            body.last("origin", Member::Json("{\"product\":\"SDK\"}".to_owned()));
            body.last("submerchant", Member::Json("null".to_owned()));
        }
        Form::LineItems => {
            let items = "[{\"name\":\"Coffee\",\"price\":\"5000.00\",\"quantity\":\"2\"}]";
            body.last("lineItems", Member::Json(items.to_owned()));
            additional.last("origin", Member::Json("{\"source\":\"direct\"}".to_owned()));
        }
        _ => {}
    }
    body.last("additionalInfo", Member::Object(additional));
    body
}

/// ASPI's words for its two digits (protocol 6.3).
fn description(status: &str) -> &'static str {
    match status {
        "00" => "Success",
        "01" => "Initiated",
        "02" => "Paying",
        "03" => "Pending",
        "04" => "Refunded",
        "05" => "Cancelled",
        "06" => "Failed",
        "07" => "Not Found",
        _ => "",
    }
}

/// The status that a forger would rather have.
fn other_status(status: &str) -> &'static str {
    if status == "00" { "05" } else { "00" }
}

/// Another amount of the same length.
fn other_amount(amount: &str) -> String {
    let other = if amount.starts_with('9') { "8" } else { "9" };
    format!("{other}{}", amount.get(1..).unwrap_or_default())
}

fn text(value: &str) -> Member {
    Member::Json(Value::from(value).to_string())
}

impl Object {
    fn last(&mut self, key: &str, member: Member) {
        self.0.push((key.to_owned(), member));
    }

    fn first(&mut self, key: &str, member: Member) {
        self.0.insert(0, (key.to_owned(), member));
    }

    fn within(&mut self, key: &str, change: impl FnOnce(&mut Object)) {
        let found = self.0.iter_mut().find(|(name, _)| name == key);
        if let Some((_, Member::Object(object))) = found {
            change(object);
        }
    }

    fn written(&self, form: &Form) -> String {
        let mut json = String::new();
        let depth = matches!(form, Form::Pretty | Form::PrettySignedRaw).then_some(1);
        self.write(&mut json, depth);
        match form {
            Form::EscapedSlashes => json.replace('/', "\\/"),
            Form::EscapedNonAscii => escaped(&json),
            _ => json,
        }
    }

    /// `depth` is that of the members when lines are broken.
    fn write(&self, json: &mut String, depth: Option<usize>) {
        let line = |json: &mut String, depth: usize| {
            json.push('\n');
            json.push_str(&"  ".repeat(depth));
        };
        json.push('{');
        for (index, (key, member)) in self.0.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            if let Some(depth) = depth {
                line(json, depth);
            }
            let _ = write!(json, "\"{key}\":");
            if depth.is_some() {
                json.push(' ');
            }
            match member {
                Member::Json(text) => json.push_str(text),
                Member::Object(object) => object.write(json, depth.map(|depth| depth + 1)),
            }
        }
        if let Some(depth) = depth {
            line(json, depth - 1);
        }
        json.push('}');
    }
}

fn escaped(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::minify;

    fn facts() -> Facts {
        Facts {
            partner_reference_no: "INV/1".to_owned(),
            reference_no: "2".to_owned(),
            external_id: "3".to_owned(),
            device_id: "4".to_owned(),
            channel: "EMONEY_DANA_SNAP".to_owned(),
            status: "00".to_owned(),
            amount: "10000.00".to_owned(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            finished_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn written(form: &Form, forgery: Option<&Forgery>) -> String {
        String::from_utf8(sent(&facts(), form, forgery)).unwrap()
    }

    #[test]
    fn the_compact_form_is_the_documented_one() {
        let expected = "{\"originalPartnerReferenceNo\":\"INV/1\",\"latestTransactionStatus\":\"00\",\
            \"originalReferenceNo\":\"2\",\"originalExternalId\":\"3\",\"transactionStatusDesc\":\"Success\",\
            \"amount\":{\"value\":\"10000.00\",\"currency\":\"IDR\"},\"createdTime\":\"1970-01-01T07:00:00+07:00\",\
            \"finishedTime\":\"1970-01-01T07:00:00+07:00\",\"additionalInfo\":{\"channelId\":\"EMONEY_DANA_SNAP\",\
            \"acquirerId\":\"DANA\",\"accountType\":\"EMONEY\"}}";
        assert_eq!(written(&Form::Compact, None), expected);
    }

    #[test]
    fn the_pretty_form_is_the_same_with_white_space() {
        let pretty = written(&Form::Pretty, None);
        assert!(pretty.contains("{\n  \"originalPartnerReferenceNo\": \"INV/1\",\n") && pretty.ends_with("\n}"));
        assert!(pretty.contains("\n    \"currency\": \"IDR\"\n  },"), "{pretty}");
        assert_eq!(minify(pretty.as_bytes()), written(&Form::Compact, None).into_bytes());
    }

    #[test]
    fn every_form_is_json_and_says_the_same() {
        for form in [
            Form::Compact,
            Form::Pretty,
            Form::Numbers,
            Form::UnknownFields,
            Form::Channel,
            Form::LineItems,
            Form::Minimal,
            Form::NonAscii,
            Form::EscapedNonAscii,
            Form::EscapedSlashes,
        ] {
            let text = written(&form, None);
            let json: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["originalPartnerReferenceNo"], "INV/1", "{form:?}");
        }
        assert!(written(&Form::Numbers, None).contains("\"latestTransactionStatus\":0,"));
        assert!(written(&Form::Numbers, None).contains("\"value\":10000.00,"));
        assert!(written(&Form::NonAscii, None).contains("é ☕ 😀"));
        assert!(written(&Form::EscapedNonAscii, None).contains("\\u00e9 \\u2615 \\ud83d\\ude00"));
        assert!(written(&Form::EscapedSlashes, None).contains("https:\\/\\/shop"));
        assert!(written(&Form::Channel, None).contains("\"channel\":\"EMONEY_DANA_SNAP\""));
    }

    #[test]
    fn forged_bodies_are_wrong_in_one_place() {
        let genuine = written(&Form::Compact, None);
        let changed = written(&Form::Compact, Some(&Forgery::ChangedAmount));
        assert_eq!(changed, genuine.replace("10000.00", "90000.00"));
        let doubled = written(&Form::Compact, Some(&Forgery::DuplicateKey));
        assert_eq!(doubled, genuine.replacen('{', "{\"latestTransactionStatus\":\"05\",", 1));
        let nested = written(&Form::Compact, Some(&Forgery::DuplicateNestedKey));
        assert_eq!(nested, genuine.replace("\"amount\":{", "\"amount\":{\"value\":\"90000.00\","));
        let huge = written(&Form::Compact, Some(&Forgery::HugeBody { bytes: 100_000 }));
        assert_eq!(huge.len(), 100_000);
        assert!(serde_json::from_str::<Value>(&huge).is_ok());
    }
}
