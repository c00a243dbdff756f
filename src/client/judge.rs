//! What a transmission proves about the money: the evidence table of journal.md in one function.

use super::exchange::Transmission;
use super::words::refusal;
use crate::amount::CURRENCY;
use crate::clock::Tick;
use crate::error::{Error, Kind, Outcome, Retry};
use crate::journal::evidence::{Effect, Evidence};
use crate::journal::{Answer, Finding, Intent, Open, Source};
use crate::payment::redirect_url;
use crate::snap::codes::Proof;
use crate::snap::external_id::Operation;
use crate::snap::response::Reply;
use serde_json::Value;

/// What is to be written into the journal and, unless it was done, told to the caller.
pub(super) struct Verdict {
    pub(super) finding: Finding,
    pub(super) error: Option<Error>,
    /// DOKU knows the id or the reference: its status can tell more, and comes first where it settles something.
    pub(super) ask_status: bool,
}

impl Verdict {
    pub(super) fn new(finding: Finding, error: Error) -> Self {
        Self { finding, error: Some(error), ask_status: false }
    }

    pub(super) fn done(answer: Answer) -> Self {
        Self { finding: Finding::Done(answer), error: None, ask_status: false }
    }
}

/// `first`: no byte of this operation was ever sent before. After a transmission whose fate is unknown a refusal proves
/// nothing ("not permitted" may mean "already refunded"), so then only success settles it. A replay says the same: its
/// id was sent before, by a process whose journal is lost.
pub(super) fn judge(intent: &Intent, first: bool, came: Transmission, now: Tick) -> Verdict {
    let evidence = evidence(intent, first, &came);
    let error = match came {
        Transmission::NotSent(error) | Transmission::TokenRefused(error) | Transmission::Lost(error) => error,
        Transmission::Answered(reply) => return judge_reply(intent, evidence, &reply, now),
    };
    match evidence.effect(intent.operation) {
        Effect::NotSent if first => Verdict::new(Finding::NothingNew, error.with_outcome(Outcome::NotSent)),
        Effect::RenewToken if first => Verdict::new(Finding::TokenRefused, error),
        Effect::NotSent | Effect::RenewToken => Verdict::new(Finding::NothingNew, unknown(error, intent)),
        _ => open(intent, error, false, now),
    }
}

/// Which row of the table it is.
fn evidence(intent: &Intent, first: bool, came: &Transmission) -> Evidence {
    let reply = match came {
        Transmission::NotSent(_) => return Evidence::NothingSent,
        Transmission::TokenRefused(_) => return Evidence::TokenRefused,
        Transmission::Lost(_) => return Evidence::NoAnswer,
        Transmission::Answered(reply) => reply,
    };
    match reply.proves() {
        Proof::Done if contradiction(intent, reply).is_some() => Evidence::OtherSuccess,
        Proof::Done => Evidence::Success,
        Proof::InProgress => Evidence::InProgress,
        _ if reply.is_replay() && reply.code().is_some_and(|code| code.http() >= 500) => Evidence::ReplayedServerError,
        Proof::Nothing => Evidence::ServerError,
        Proof::AskStatus => Evidence::SeenBefore,
        // From here on it is a refusal.
        _ if reply.is_replay() => Evidence::ReplayedRefusal,
        _ if !first => Evidence::RefusedLater,
        Proof::Refused => Evidence::Refused,
        Proof::RefusedOrDone => Evidence::RefusedOrDone,
        Proof::RefusedUntilMended => Evidence::RefusedUntilMended,
        Proof::RefusedForNow => Evidence::RefusedForNow,
        Proof::RenewToken => Evidence::TokenRefused,
    }
}

fn judge_reply(intent: &Intent, evidence: Evidence, reply: &Reply, now: Tick) -> Verdict {
    let refused = || refusal(reply, Outcome::Refused);
    let said = || match evidence {
        Evidence::ReplayedRefusal => repeated(intent, reply),
        _ => refusal(reply, Outcome::Unknown),
    };
    match evidence.effect(intent.operation) {
        Effect::Done => Verdict::done(answer(reply)),
        Effect::Refused => Verdict::new(Finding::Refused(answer(reply)), refused()),
        Effect::RefusedUnlessDone => {
            Verdict { ask_status: true, ..Verdict::new(Finding::Refused(answer(reply)), refused()) }
        }
        Effect::RefusedForNow => Verdict::new(Finding::RefusedForNow, refused()),
        Effect::RenewToken => Verdict::new(Finding::TokenRefused, refused()),
        Effect::Alarm => open(intent, contradiction(intent, reply).unwrap_or_else(said), false, now),
        Effect::OpenAskOnly => open(intent, said(), true, now),
        Effect::OpenAskNow => Verdict { ask_status: true, ..open(intent, said(), true, now) },
        _ => open(intent, said(), false, now),
    }
}

fn open(intent: &Intent, error: Error, ask_only: bool, now: Tick) -> Verdict {
    Verdict::new(Finding::Unknown(Open { last_sent: now, ask_only }), unknown(error, intent))
}

/// An answer as the journal keeps it.
fn answer(reply: &Reply) -> Answer {
    Answer { http_status: reply.http_status(), body: reply.json().to_owned(), source: Source::Request }
}

/// Success that does not fit what was asked for: another reference or amount in the echo, or a value that cannot be used.
fn contradiction(intent: &Intent, reply: &Reply) -> Option<Error> {
    let given = |name: &str| reply.value().get(name).filter(|value| !value.is_null());
    let echoes = match intent.operation {
        Operation::Payment => [("partnerReferenceNo", Some(intent.reference.as_str())), ("", None)],
        Operation::Refund => [
            ("partnerRefundNo", Some(intent.reference.as_str())),
            ("originalPartnerReferenceNo", intent.original.as_deref()),
        ],
    };
    for (name, ours) in echoes {
        // Absent or null is no contradiction: DOKU's own sample of a refund's answer has no echo.
        if ours.is_some() && given(name).is_some() && reply.text(name).as_deref() != ours {
            return Some(conflict(reply, name));
        }
    }
    let amount = if intent.operation == Operation::Refund { "refundAmount" } else { "amount" };
    let other_currency = reply.currency(amount).is_some_and(|currency| currency != CURRENCY);
    if other_currency || (given(amount).is_some() && reply.amount(amount) != Some(intent.amount)) {
        return Some(conflict(reply, amount));
    }
    let used: &[&str] = match intent.operation {
        Operation::Payment => &["referenceNo"],
        Operation::Refund => &["refundNo", "originalReferenceNo", "refundTime"],
    };
    let name = reply.unsound(used).or_else(|| has_unusable_link(intent, reply).then_some("webRedirectUrl"))?;
    let message = format!("DOKU took the {} but the {name} in its answer cannot be used.", intent.operation.name());
    Some(about(reply, Error::new(Kind::BadAnswer, Outcome::Unknown, Retry::SameReference, message)))
}

/// A link that is there and is none. One that is missing is another matter: the payment exists all the same.
fn has_unusable_link(intent: &Intent, reply: &Reply) -> bool {
    let given = |value: Option<&Value>| value.is_some_and(|value| !value.is_null() && value != "");
    let top = reply.value().get("webRedirectUrl");
    let inner = reply.value().get("additionalInfo").and_then(|info| info.get("webRedirectUrl"));
    intent.operation == Operation::Payment && (given(top) || given(inner)) && redirect_url(reply).is_none()
}

/// A refusal that this process never had before: what became of the operation since, only DOKU knows.
fn repeated(intent: &Intent, reply: &Reply) -> Error {
    let said = refusal(reply, Outcome::Unknown);
    let message = format!(
        "DOKU repeats how it refused an earlier request for the same {}, of which this program knows nothing. {} Whether \
         another attempt succeeded since then, DOKU's dashboard tells; use a new reference only if nothing is there.",
        intent.operation.name(),
        said.message()
    );
    about(reply, Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message))
}

fn conflict(reply: &Reply, name: &str) -> Error {
    let message = format!(
        "DOKU's answer has another {name} than was sent. Let a person look at it in DOKU's dashboard before anything is \
         repeated."
    );
    about(reply, Error::new(Kind::Conflict, Outcome::Unknown, Retry::No, message))
}

fn about(reply: &Reply, error: Error) -> Error {
    let code = reply.code().map(|code| code.to_string()).unwrap_or_default();
    error.with_response_code(code).with_http_status(reply.http_status())
}

/// Makes an error say that it may have happened and, unless a person has to look first, what to do about that.
pub(super) fn unknown(error: Error, intent: &Intent) -> Error {
    let error = error.with_outcome(Outcome::Unknown);
    if error.kind() == Kind::Conflict && error.retry() == Retry::No {
        return error;
    }
    let advice = format!(
        " It is not known whether the {} happened: call again with the same reference '{}'; never use a new one for it.",
        intent.operation.name(),
        intent.reference
    );
    let retry = if error.retry() == Retry::Later { Retry::Later } else { Retry::SameReference };
    error.followed_by(&advice).with_retry(retry)
}
