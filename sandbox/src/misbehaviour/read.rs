//! Rules as JSON, for tests that live in another process: `{"on": "refund", "times": 2, "what": "delay", "ms": 500}`.
//! Names are those of the Rust types in snake case; `on` is `any` and `times` 1 when not given.

use serde_json::{Map, Value};

use super::{Conflict, Endpoint, Misbehaviour, Rule};

pub(crate) fn rule(json: &Value) -> Result<Rule, String> {
    let given = Given::of(json)?;
    let times = if given.0.contains_key("times") { given.number("times")? } else { 1 };
    Ok(Rule { on: endpoint(given.0)?, times, what: misbehaviour(&given)? })
}

fn endpoint(given: &Map<String, Value>) -> Result<Endpoint, String> {
    let Some(name) = given.get("on") else {
        return Ok(Endpoint::Any);
    };
    Ok(match name.as_str() {
        Some("any") => Endpoint::Any,
        Some("token") => Endpoint::Token,
        Some("payment") => Endpoint::Payment,
        Some("refund") => Endpoint::Refund,
        Some("status") => Endpoint::Status,
        _ => return Err(format!("on is any, token, payment, refund or status, not {name}")),
    })
}

fn misbehaviour(given: &Given<'_>) -> Result<Misbehaviour, String> {
    let (field, status) = (|| given.text("field"), || given.number("status"));
    Ok(match given.text("what")?.as_str() {
        "delay" => Misbehaviour::Delay { ms: given.number("ms")? },
        "delay_before_work" => Misbehaviour::DelayBeforeWork { ms: given.number("ms")? },
        "close_before_work" => Misbehaviour::CloseBeforeWork,
        "close_after_work" => Misbehaviour::CloseAfterWork,
        "close_after_answer" => Misbehaviour::CloseAfterAnswer,
        "reset_before_work" => Misbehaviour::ResetBeforeWork,
        "reset_after_work" => Misbehaviour::ResetAfterWork,
        "half_answer" => Misbehaviour::HalfAnswer,
        "half_then_silence" => Misbehaviour::HalfThenSilence,
        "trickle" => Misbehaviour::Trickle { bytes_per_s: given.number("bytes_per_s")? },
        "no_handshake" => Misbehaviour::NoHandshake,
        "rubbish" => Misbehaviour::Rubbish,
        "html" => Misbehaviour::Html { status: status()? },
        "html_after_work" => Misbehaviour::HtmlAfterWork { status: status()? },
        "code" => Misbehaviour::Code { http: given.number("http")?, code: given.text("code")? },
        "code_after_work" => Misbehaviour::CodeAfterWork { http: given.number("http")?, code: given.text("code")? },
        "in_progress" => Misbehaviour::InProgress,
        "too_many" if given.0.contains_key("retry_after_s") => {
            Misbehaviour::TooMany { retry_after_s: Some(given.number("retry_after_s")?) }
        }
        "too_many" => Misbehaviour::TooMany { retry_after_s: None },
        "conflict" => Misbehaviour::Conflict(conflict(&given.text("meaning")?)?),
        "old_token" => Misbehaviour::OldToken,
        "unknown_token" => Misbehaviour::UnknownToken,
        "wrong_date" => Misbehaviour::WrongDate { ahead_s: given.number("ahead_s")? },
        "no_date" => Misbehaviour::NoDate,
        "oversized" => Misbehaviour::Oversized { bytes: given.number("bytes")? },
        "duplicate_headers" => Misbehaviour::DuplicateHeaders,
        "two_lengths" => Misbehaviour::TwoLengths,
        "no_content_type" => Misbehaviour::NoContentType,
        "no_content_length" => Misbehaviour::NoContentLength,
        "chunked" => Misbehaviour::Chunked,
        "wrong_type" => Misbehaviour::WrongType { field: field()? },
        "nul_in" => Misbehaviour::NulIn { field: field()? },
        "unknown_field" => Misbehaviour::UnknownField,
        "missing" => Misbehaviour::Missing { field: field()? },
        "wrong_echo" => Misbehaviour::WrongEcho { field: field()?, value: given.text("value")? },
        "put" => Misbehaviour::Put { field: field()?, json: given.text("json")? },
        "redirect" => Misbehaviour::Redirect { status: status()? },
        "empty_body" => Misbehaviour::EmptyBody,
        other => return Err(format!("{other} is no misbehaviour known here")),
    })
}

fn conflict(meaning: &str) -> Result<Conflict, String> {
    Ok(match meaning {
        "id_seen" => Conflict::IdSeen,
        "already_done" => Conflict::AlreadyDone,
        "other_data" => Conflict::OtherData,
        "replay" => Conflict::Replay,
        _ => return Err(format!("meaning is id_seen, already_done, other_data or replay, not {meaning}")),
    })
}

/// The members of the JSON object that was given.
struct Given<'a>(&'a Map<String, Value>);

impl<'a> Given<'a> {
    fn of(json: &'a Value) -> Result<Given<'a>, String> {
        json.as_object().map(Given).ok_or_else(|| "a rule is a JSON object".to_owned())
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let text = self.0.get(name).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("{name} must be a text"))
    }

    fn number<N: TryFrom<i64>>(&self, name: &str) -> Result<N, String> {
        let number = self.0.get(name).and_then(Value::as_i64);
        number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| format!("{name} must be a number in range"))
    }
}
