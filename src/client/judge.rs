//! What a transmission proves about the money: the evidence table of journal.md in one function.

use super::exchange::{Transmission, refusal};
use crate::amount::CURRENCY;
use crate::error::{Error, Kind, Outcome, Retry};
use crate::journal::{Answer, Finding, Intent};
use crate::payment::redirect_url;
use crate::snap::codes::Proof;
use crate::snap::external_id::Operation;
use crate::snap::response::Reply;
use serde_json::Value;

/// What is to be written into the journal and, unless it was done, told to the caller.
pub(super) struct Verdict {
    pub(super) finding: Finding,
    pub(super) error: Option<Error>,
    /// DOKU knows the id or the reference already: the status can tell more.
    pub(super) ask_status: bool,
}

/// `first`: no byte of this operation was ever sent before. After a transmission whose fate is unknown a refusal proves
/// nothing ("not permitted" may mean "already refunded"), so then only success settles it.
pub(super) fn judge(intent: &Intent, first: bool, came: Transmission, now_ms: i64) -> Verdict {
    let open = |error: Error, ask_status| Verdict {
        finding: Finding::Unknown(now_ms),
        error: Some(unknown(error, intent)),
        ask_status,
    };
    let reply = match came {
        Transmission::NotSent(error) if first => {
            let error = error.with_outcome(Outcome::NotSent);
            return Verdict { finding: Finding::NotSent, error: Some(error), ask_status: false };
        }
        Transmission::NotSent(error) => {
            let error = Some(unknown(error, intent));
            return Verdict { finding: Finding::NotSent, error, ask_status: false };
        }
        Transmission::Lost(error) => return open(error, false),
        Transmission::Answered(reply) => reply,
    };
    match reply.proves() {
        Proof::Done => match contradiction(intent, &reply) {
            None => Verdict { finding: Finding::Done(answer(&reply)), error: None, ask_status: false },
            Some(error) => open(error, false),
        },
        Proof::Refused if first => Verdict {
            finding: Finding::Refused(answer(&reply)),
            error: Some(refusal(&reply, Outcome::Refused)),
            ask_status: false,
        },
        // The token was renewed as often as allowed; DOKU never looked at the request itself.
        Proof::RenewToken if first => {
            Verdict { finding: Finding::NotSent, error: Some(refusal(&reply, Outcome::Refused)), ask_status: false }
        }
        Proof::RefusedForNow if first => Verdict {
            finding: Finding::RefusedForNow,
            error: Some(refusal(&reply, Outcome::Refused)),
            ask_status: false,
        },
        proof => open(refusal(&reply, Outcome::Unknown), proof == Proof::AskStatus),
    }
}

/// An answer as the journal keeps it.
pub(super) fn answer(reply: &Reply) -> Answer {
    Answer { http_status: reply.http_status(), body: reply.json().to_owned(), from_status: false }
}

/// Success that does not fit what was asked for: another reference or amount in the echo, or a value that cannot be used.
fn contradiction(intent: &Intent, reply: &Reply) -> Option<Error> {
    let echoes = match intent.operation {
        Operation::Payment => [("partnerReferenceNo", Some(intent.reference.as_str())), ("", None)],
        Operation::Refund => [
            ("partnerRefundNo", Some(intent.reference.as_str())),
            ("originalPartnerReferenceNo", intent.original.as_deref()),
        ],
    };
    for (name, ours) in echoes {
        // Absent or null is no contradiction: DOKU's own sample of a refund's answer has no echo.
        let theirs = reply.value().get(name).filter(|value| !value.is_null());
        if ours.is_some() && theirs.is_some() && reply.text(name).as_deref() != ours {
            return Some(conflict(reply, format!("DOKU's answer is for another {name} than was sent")));
        }
    }
    let amount = if intent.operation == Operation::Refund { "refundAmount" } else { "amount" };
    let other_currency = reply.currency(amount).is_some_and(|currency| currency != CURRENCY);
    if other_currency || reply.amount(amount).is_some_and(|theirs| theirs != intent.amount) {
        return Some(conflict(reply, format!("DOKU's answer has another {amount} than was sent")));
    }
    let used: &[&str] = match intent.operation {
        Operation::Payment => &["referenceNo"],
        Operation::Refund => &["refundNo", "originalReferenceNo", "refundTime"],
    };
    if let Some(name) = reply.unsound(used).or_else(|| has_unusable_link(intent, reply).then_some("webRedirectUrl")) {
        let message = format!("DOKU took the {} but the {name} in its answer cannot be used.", intent.operation.name());
        let code = reply.code().map(|code| code.to_string()).unwrap_or_default();
        let error = Error::new(Kind::BadAnswer, Outcome::Unknown, Retry::SameReference, message);
        return Some(error.with_response_code(code).with_http_status(reply.http_status()));
    }
    None
}

/// A link that is there and is none. One that is missing is another matter: the payment exists all the same.
fn has_unusable_link(intent: &Intent, reply: &Reply) -> bool {
    let given = |value: Option<&Value>| value.is_some_and(|value| !value.is_null() && value != "");
    let top = reply.value().get("webRedirectUrl");
    let inner = reply.value().get("additionalInfo").and_then(|info| info.get("webRedirectUrl"));
    intent.operation == Operation::Payment && (given(top) || given(inner)) && redirect_url(reply).is_none()
}

fn conflict(reply: &Reply, what: String) -> Error {
    let message = format!("{what}. Let a person look at it in DOKU's dashboard before anything is repeated.");
    Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message)
        .with_response_code(reply.code().map(|code| code.to_string()).unwrap_or_default())
        .with_http_status(reply.http_status())
}

/// Makes an error say that it may have happened, and what to do about that.
pub(super) fn unknown(error: Error, intent: &Intent) -> Error {
    let name = intent.operation.name();
    let advice = format!(
        " It is not known whether the {name} happened: call again with the same reference '{}'; never use a new one \
         for it.",
        intent.reference
    );
    let retry = if error.retry() == Retry::Later { Retry::Later } else { Retry::SameReference };
    let retry = if error.kind() == Kind::Conflict { error.retry() } else { retry };
    error.followed_by(&advice).with_outcome(Outcome::Unknown).with_retry(retry)
}
