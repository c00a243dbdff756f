//! What came back, or did not, as an error: the kind, the field, and a sentence for a support desk. No header, body or
//! token gets into one (P6).

use crate::error::{Error, Kind, Outcome, Retry};
use crate::snap::codes::{Proof, ResponseCode};
use crate::snap::response::Reply;
use crate::transport::{Answer, Failure, FailureKind};

/// A failure of the network, as an error. Whether something may have happened the caller knows better.
pub(super) fn failure_error(failure: &Failure) -> Error {
    let kind = match failure.kind {
        FailureKind::NameLookup => Kind::NameLookup,
        FailureKind::Connect => Kind::Connect,
        FailureKind::Tls => Kind::Tls,
        FailureKind::Proxy => Kind::Proxy,
        FailureKind::Timeout => Kind::Timeout,
        FailureKind::ConnectionLost => Kind::ConnectionLost,
        FailureKind::Cancelled => Kind::Cancelled,
        FailureKind::Request => Kind::Internal,
        _ => Kind::BadAnswer,
    };
    let outcome = if failure.sent { Outcome::Unknown } else { Outcome::NotSent };
    Error::new(kind, outcome, Retry::SameReference, sentence(&failure.message))
}

/// The transport says what was wrong as part of a sentence; here it becomes one.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// An answer that is not DOKU's. What it says is not shown: it may be anything.
pub(super) fn unreadable(answer: &Answer) -> Error {
    let what = match (answer.status, answer.content_type.as_deref().unwrap_or_default()) {
        (300..=399, _) => "a redirect, which is not followed",
        (_, html) if html.starts_with("text/html") => "a web page (from a proxy, a firewall or a log-in page?)",
        _ if answer.body.is_empty() => "nothing",
        _ => "something that is no complete JSON",
    };
    let message = format!("The answer (HTTP {}) is not DOKU's: it is {what}.", answer.status);
    Error::new(Kind::BadAnswer, Outcome::Unknown, Retry::SameReference, message).with_http_status(answer.status)
}

/// DOKU's answer to a payment or refund as an error: its code, its words, and what to do.
pub(super) fn refusal(reply: &Reply, outcome: Outcome) -> Error {
    let advice = reply.code().and_then(ResponseCode::row).filter(|row| row.kind.is_some()).map(|row| row.advice);
    with_advice(reply, outcome, advice)
}

/// DOKU's answer to a question (a token, a status) as an error. What the table advises is about payments and refunds;
/// only what is about the merchant's own credentials holds here as well.
pub(super) fn refusal_of_question(reply: &Reply, outcome: Outcome) -> Error {
    let row = reply.code().and_then(ResponseCode::row);
    with_advice(reply, outcome, row.filter(|row| row.http == 401 && row.case == 0).map(|row| row.advice))
}

fn with_advice(reply: &Reply, outcome: Outcome, advice: Option<&str>) -> Error {
    let said = reply.message().map(|message| format!(": {message}")).unwrap_or_default();
    let http_status = reply.http_status();
    let Some(code) = reply.code() else {
        let message = format!("DOKU's answer (HTTP {http_status}) has no readable responseCode{said}.");
        return Error::new(Kind::BadAnswer, outcome, Retry::SameReference, message).with_http_status(http_status);
    };
    let row = code.row();
    let kind = row.and_then(|row| row.kind).unwrap_or(match (code.proves(), code.http()) {
        (_, 401) => Kind::Unauthorized,
        (Proof::Refused, _) => Kind::Declined,
        (Proof::RefusedForNow, _) => Kind::TryLater,
        (Proof::AskStatus, _) => Kind::Conflict,
        (Proof::InProgress, _) => Kind::InProgress,
        (Proof::Nothing, 500..) => Kind::ServerError,
        _ => Kind::BadAnswer,
    });
    let retry = match (outcome, code.proves()) {
        (_, Proof::RefusedForNow | Proof::RenewToken | Proof::InProgress) => Retry::Later,
        // Asking again mends no secret. (Where money may have moved, the judge says otherwise.)
        (_, Proof::RefusedUntilMended) => Retry::No,
        (Outcome::Unknown, _) => Retry::SameReference,
        _ if kind == Kind::ServerError => Retry::Later,
        _ => Retry::No,
    };
    // DOKU's own words usually begin with the standard's name of the code.
    let name = row.map(|row| row.name).filter(|name| !said.trim_start_matches(": ").starts_with(name));
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    // A code that the HTTP status contradicts is told with it.
    let inside = if http_status == code.http() { String::new() } else { format!(" with HTTP status {http_status}") };
    let advice = advice.map(|advice| format!(" {advice}.")).unwrap_or_default();
    let said = said.trim_end_matches('.');
    let error = Error::new(kind, outcome, retry, format!("DOKU answered {code}{name}{inside}{said}.{advice}"))
        .with_http_status(http_status)
        .with_response_code(code.to_string());
    match reply.named_field().map(api_name) {
        Some(field) if code.http() == 400 => error.with_field(&field),
        _ => error,
    }
}

/// Our name for a field that DOKU names, where it has a setter of ours; else DOKU's.
fn api_name(wire: &str) -> String {
    let known = [
        ("urlParam", "return_url"),
        ("validUp", "valid_up_to"),
        ("partnerReferenceNo", "partner_reference_no"),
        ("originalPartnerReferenceNo", "original_partner_reference_no"),
        ("originalExternalId", "original_external_id"),
        ("partnerRefundNo", "partner_refund_no"),
        ("pointOfInitiation", "point_of_initiation"),
        ("additionalInfo.channel", "channel"),
        ("additionalInfo.orderTitle", "title"),
        ("additionalInfo.supportDeepLink", "support_deep_link_checkout_url"),
        ("amount", "amount"),
        ("refundAmount", "amount"),
        ("reason", "reason"),
        ("X-DEVICE-ID", "device_id"),
        ("X-IP-ADDRESS", "ip_address"),
    ];
    let ours = known.iter().find(|(begins, _)| wire.starts_with(begins));
    ours.map_or(wire, |(_, ours)| ours).to_owned()
}
