//! Settings and notices as JSON, for tests that live in another process. Names are those of the Rust types in snake case;
//! a form or forgery without anything to fill in may be its name alone: `"forgery": "wrong_secret"`.

use serde_json::{Map, Value};

use super::notice::{Forgery, Form, Notice};
use super::settings::{Notifications, Retry};

pub(crate) fn settings(json: &Value) -> Result<Notifications, String> {
    let members = json.as_object().ok_or("the settings are a JSON object")?;
    let given = Given(Some(members));
    let mut settings = Notifications::to(&given.text("notification_url")?, &given.text("token_url")?);
    for (name, value) in members {
        match name.as_str() {
            "notification_url" | "token_url" => {}
            "ca_pem" => settings.ca_pem = Some(given.text(name)?),
            "doku_private_key_pem" => settings.doku_private_key_pem = given.text(name)?,
            "client_secret" => settings.client_secret = Some(given.text(name)?),
            "merchant_private_key_pem" => settings.merchant_private_key_pem = given.text(name)?,
            "retry_after_s" => {
                let list = value.as_array().ok_or("retry_after_s is a list")?;
                let seconds: Option<Vec<u64>> = list.iter().map(Value::as_u64).collect();
                settings.retry_after_s = seconds.ok_or("retry_after_s is a list of seconds")?;
            }
            "retry" => settings.retry = retry(&given.text(name)?)?,
            "speed" => settings.speed = given.number(name)?,
            "patience_ms" => settings.patience_ms = given.number(name)?,
            other => return Err(format!("{other} is no setting of notifications")),
        }
    }
    Ok(settings)
}

fn retry(name: &str) -> Result<Retry, String> {
    match name {
        "fresh" => Ok(Retry::Fresh),
        "same" => Ok(Retry::Same),
        _ => Err(format!("retry is fresh or same, not {name}")),
    }
}

pub(crate) fn notice(json: &Value) -> Result<Notice, String> {
    let members = json.as_object().ok_or("a notice is a JSON object")?;
    let given = Given(Some(members));
    let mut notice = Notice::about(&given.text("reference")?);
    for (name, value) in members {
        match name.as_str() {
            "reference" => {}
            "status" => notice.status = Some(given.text(name)?),
            "amount" => notice.amount = Some(given.text(name)?),
            "form" => notice.form = form(value)?,
            "forgery" => notice.forgery = Some(forgery(value)?),
            other => return Err(format!("{other} is no part of a notice")),
        }
    }
    Ok(notice)
}

fn form(json: &Value) -> Result<Form, String> {
    let (what, given) = named(json)?;
    Ok(match what {
        "compact" => Form::Compact,
        "pretty" => Form::Pretty,
        "pretty_signed_raw" => Form::PrettySignedRaw,
        "numbers" => Form::Numbers,
        "unknown_fields" => Form::UnknownFields,
        "channel" => Form::Channel,
        "line_items" => Form::LineItems,
        "minimal" => Form::Minimal,
        "non_ascii" => Form::NonAscii,
        "escaped_non_ascii" => Form::EscapedNonAscii,
        "escaped_slashes" => Form::EscapedSlashes,
        "zulu_timestamp" => Form::ZuluTimestamp,
        "lower_case_headers" => Form::LowerCaseHeaders,
        "body" => Form::Body(given.text("body")?),
        other => return Err(format!("{other} is no form known here")),
    })
}

fn forgery(json: &Value) -> Result<Forgery, String> {
    let (what, given) = named(json)?;
    let header = || given.text("header");
    Ok(match what {
        "token_request_wrong_key" => Forgery::TokenRequestWrongKey,
        "token_request_wrong_client" => Forgery::TokenRequestWrongClient,
        "token_request_stale" => Forgery::TokenRequestStale { age_s: given.number("age_s")? },
        "token_request_missing_header" => Forgery::TokenRequestMissingHeader { header: header()? },
        "token_request_duplicate_header" => Forgery::TokenRequestDuplicateHeader { header: header()? },
        "token_request_body" => Forgery::TokenRequestBody { body: given.text("body")? },
        "wrong_secret" => Forgery::WrongSecret,
        "stale" => Forgery::Stale { age_s: given.number("age_s")? },
        "changed_amount" => Forgery::ChangedAmount,
        "changed_status" => Forgery::ChangedStatus,
        "expired_token" => Forgery::ExpiredToken { ended_s: given.number("ended_s")? },
        "unknown_token" => Forgery::UnknownToken,
        "token" => Forgery::Token { token: given.text("token")? },
        "alg_none" => Forgery::AlgNone,
        "hs256_with_public_key" => {
            let given_key = given.value("public_key_pem").is_some();
            let public_key_pem = given_key.then(|| given.text("public_key_pem")).transpose()?;
            Forgery::Hs256WithPublicKey { public_key_pem }
        }
        "other_merchants_token" => Forgery::OtherMerchantsToken,
        "changed_token" => Forgery::ChangedToken,
        "signature_case" => Forgery::SignatureCase,
        "signature_hex" => Forgery::SignatureHex,
        "other_path" => Forgery::OtherPath { path: given.text("path")? },
        "duplicate_header" => Forgery::DuplicateHeader { header: header()? },
        "missing_header" => Forgery::MissingHeader { header: header()? },
        "duplicate_key" => Forgery::DuplicateKey,
        "duplicate_nested_key" => Forgery::DuplicateNestedKey,
        "duplicate_escaped_key" => Forgery::DuplicateEscapedKey,
        "wrong_partner" => Forgery::WrongPartner,
        "huge_body" => Forgery::HugeBody { bytes: given.number("bytes")? },
        other => return Err(format!("{other} is no forgery known here")),
    })
}

/// Either a name, or an object whose `what` is the name.
fn named(json: &Value) -> Result<(&str, Given<'_>), String> {
    let unfit = || format!("{json} is neither a name nor an object with a name as its what");
    match json {
        Value::String(name) => Ok((name, Given(None))),
        Value::Object(map) => Ok((map.get("what").and_then(Value::as_str).ok_or_else(unfit)?, Given(Some(map)))),
        _ => Err(unfit()),
    }
}

/// The members of the JSON object that was given.
struct Given<'a>(Option<&'a Map<String, Value>>);

impl Given<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.0?.get(name)
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let text = self.value(name).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("{name} must be a text"))
    }

    fn number<N: TryFrom<i64>>(&self, name: &str) -> Result<N, String> {
        let number = self.value(name).and_then(Value::as_i64);
        number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| format!("{name} must be a number in range"))
    }
}
