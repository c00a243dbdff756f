//! What is read: leniently. Unknown fields are kept, both spellings are taken, numbers may be strings and strings
//! numbers (design section 4), for a new field in DOKU's answer must not break a shop.

use super::codes::{Proof, ResponseCode};
use super::echo::{blank_members, blank_words};
use crate::amount::Amount;
use serde_json::{Number, Value};
use std::time::Duration;

/// A complete JSON answer.
pub struct Reply {
    http_status: u16,
    code: Option<ResponseCode>,
    json: String,
    value: Value,
    retry_after: Option<Duration>,
}

impl Reply {
    /// Reads a body; `None` when it is not one complete JSON object: a web page, half an answer, nothing.
    pub fn read(http_status: u16, body: &[u8]) -> Option<Self> {
        let json = std::str::from_utf8(body).ok()?.trim();
        let value: Value = serde_json::from_str(json).ok()?;
        let members = value.as_object()?;
        let code = match members.get("responseCode") {
            Some(Value::String(text)) => ResponseCode::parse(text),
            Some(Value::Number(number)) => ResponseCode::parse(&number.to_string()),
            _ => None,
        };
        Some(Self { http_status, code, json: json.to_owned(), value, retry_after: None })
    }

    /// Without what it repeats of these secrets, which were sent or signed with: no word of DOKU's message that holds a
    /// piece of one stays, and no member that holds one whole.
    pub(crate) fn without(mut self, secrets: &[&str]) -> Self {
        let mut changed = false;
        if let Some(Value::String(message)) = self.value.get_mut("responseMessage")
            && let Some(shown) = blank_words(beginning(message), secrets)
        {
            *message = shown;
            changed = true;
        }
        changed |= blank_members(&mut self.value, secrets);
        if changed {
            self.json = self.value.to_string();
        }
        self
    }

    /// With the Retry-After header that it came with. Only the form in seconds is taken; DOKU documents neither.
    pub fn with_retry_after(mut self, header: Option<&str>) -> Self {
        let seconds = header.and_then(|text| text.trim().parse::<u32>().ok());
        self.retry_after = seconds.map(|seconds| Duration::from_secs(seconds.into()));
        self
    }

    /// How long DOKU asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The HTTP status that it came with.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// Its response code, if it has a readable one.
    pub fn code(&self) -> Option<ResponseCode> {
        self.code
    }

    /// The whole answer as DOKU wrote it.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What it proves as the answer to a first transmission of a payment or refund.
    ///
    /// The HTTP status and the code may differ (protocol.md section 2). HTTP 409 around another code is a replay of the
    /// first answer (section 8) and means what that answer meant, except that a replayed failure can only be asked
    /// about. Success inside an HTTP error, or without a code, proves nothing.
    pub fn proves(&self) -> Proof {
        let Some(code) = self.code else { return Proof::Nothing };
        match (self.http_status, code.http(), code.proves()) {
            (500.., _, _) => Proof::Nothing,
            (409, 500.., _) => Proof::AskStatus,
            (200..=299 | 409, 200..=299, proof) => proof,
            (_, 200..=299, _) => Proof::Nothing,
            (200..=299 | 400..=499, _, proof) => proof,
            _ => Proof::Nothing,
        }
    }

    /// Whether it repeats an earlier answer to the same X-EXTERNAL-ID (HTTP 409 around another code): then bytes of this
    /// operation were sent before, even if the journal has lost that.
    pub fn is_replay(&self) -> bool {
        self.http_status == 409 && self.code.is_some_and(|code| code.http() != 409)
    }

    /// DOKU's own words, made safe to show: one line, at most 150 characters (the standard's limit), and no long run of
    /// letters and digits, which could be an echoed token or signature (P6).
    pub fn message(&self) -> Option<String> {
        let text = beginning(self.value.get("responseMessage")?.as_str()?);
        let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        let shown: Vec<&str> = words.map(|word| if word.chars().count() > 40 { "…" } else { word }).collect();
        let line: String = shown.join(" ").chars().take(150).collect();
        (!line.is_empty()).then_some(line)
    }

    /// The field that DOKU names in its message, as the standard has it: `Invalid Mandatory Field {field}`.
    pub fn named_field(&self) -> Option<&str> {
        let message = beginning(self.value.get("responseMessage")?.as_str()?);
        let after = |words| message.split_once(words).map(|(_, field)| field);
        let field = after("Mandatory Field ").or_else(|| after("Field Format "))?;
        let field = field.split_whitespace().next()?.trim_matches(['{', '}', '[', ']', '.', ':', '\'', '"']);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_[]".contains(&byte);
        (!field.is_empty() && field.len() <= 64 && field.bytes().all(plain)).then_some(field)
    }

    /// A member's text, a number's too; `None` when it is absent, empty or has a control character, which no field has.
    pub fn text(&self, name: &str) -> Option<String> {
        text_of(self.value.get(name)?)
    }

    /// The same one level down.
    pub fn text_in(&self, outer: &str, name: &str) -> Option<String> {
        text_of(self.value.get(outer)?.get(name)?)
    }

    /// The amount of a `{value, currency}` member.
    pub fn amount(&self, name: &str) -> Option<Amount> {
        amount_of(self.value.get(name)?)
    }

    /// The first of these members that holds a control character: no such value can be used, or lent to C.
    pub fn unsound<'a>(&self, names: &[&'a str]) -> Option<&'a str> {
        let has_control = |value: &Value| value.as_str().is_some_and(|text| text.chars().any(char::is_control));
        names.iter().find(|name| self.value.get(name).is_some_and(has_control)).copied()
    }

    /// The currency of a `{value, currency}` member.
    pub fn currency(&self, name: &str) -> Option<&str> {
        self.value.get(name)?.get("currency")?.as_str()
    }

    /// The members of a list.
    pub fn list(&self, name: &str) -> Option<&[Value]> {
        self.value.get(name)?.as_array().map(Vec::as_slice)
    }

    /// The whole answer, parsed.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// As much of a message as is looked at.
fn beginning(message: &str) -> &str {
    const MOST: usize = 1_000;
    match message.char_indices().nth(MOST) {
        Some((end, _)) => message.get(..end).unwrap_or_default(),
        None => message,
    }
}

/// A text or a number's text.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => written_out(number),
        _ => return None,
    };
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

/// The digits of a number as DOKU wrote them; `1E+4`, which some writers make of 10000, is written out.
fn written_out(number: &Number) -> String {
    let text = number.to_string();
    let has_exponent = text.contains(['e', 'E']);
    // Below this a double has all digits of an amount.
    let value = number.as_f64().filter(|value| has_exponent && value.abs() < 1e13);
    value.map_or(text, |value| value.to_string())
}

/// `{value, currency}`, or the bare value.
pub(crate) fn amount_of(value: &Value) -> Option<Amount> {
    let text = text_of(value.get("value").unwrap_or(value))?;
    Amount::parse_answer(&text)
}

impl std::fmt::Debug for Reply {
    /// Without the contents: an answer to a token request carries the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("http_status", &self.http_status)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(json: &str) -> Reply {
        Reply::read(200, json.as_bytes()).unwrap()
    }

    #[test]
    fn a_number_keeps_all_the_digits_that_doku_wrote() {
        let reply = reply(
            r#"{"referenceNo": 123456789012345678901234567890, "amount": {"value": 1234567890123456.78},
                "feeAmount": 1000000000000000.01, "responseCode": 2005400}"#,
        );
        assert_eq!(reply.text("referenceNo").as_deref(), Some("123456789012345678901234567890"));
        assert_eq!(reply.amount("amount"), Amount::parse("1234567890123456.78").ok());
        assert_eq!(reply.amount("feeAmount"), Amount::parse("1000000000000000.01").ok());
        assert_eq!(reply.code().map(|code| code.to_string()).as_deref(), Some("2005400"));
    }

    #[test]
    fn an_amount_with_an_exponent_is_read_where_no_digit_is_lost() {
        for (number, amount) in
            [("1E+4", Some("10000.00")), ("12.5e3", Some("12500.00")), ("1e400", None), ("1e15", None)]
        {
            let found = reply(&format!(r#"{{"amount": {number}}}"#)).amount("amount");
            assert_eq!(found.map(|amount| amount.to_string()).as_deref(), amount, "{number}");
        }
    }
}
