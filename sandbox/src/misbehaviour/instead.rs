//! What is answered in place of the work, and what is said in place of the truth after it.

use serde_json::json;

use super::{Conflict, Misbehaviour};
use crate::net::{Answer, Manner, Request};

/// The answer that takes the place of the work, if this misbehaviour does. `digits` are those of the service.
pub(crate) fn instead(what: &Misbehaviour, digits: &str, request: &Request) -> Option<Answer> {
    let code = |http: u16, case: &str| coded(http, &format!("{http}{digits}{case}"));
    Some(match what {
        Misbehaviour::CloseBeforeWork => Answer::none(Manner::Nothing),
        Misbehaviour::ResetBeforeWork => Answer::none(Manner::Reset),
        Misbehaviour::Html { status } => html(*status),
        Misbehaviour::Code { http, code } => coded(*http, code),
        Misbehaviour::OldToken => code(401, "01"),
        Misbehaviour::UnknownToken => code(401, "03"),
        Misbehaviour::TooMany { retry_after_s } => match retry_after_s {
            Some(seconds) => code(429, "00").with("Retry-After", seconds.to_string()),
            None => code(429, "00"),
        },
        Misbehaviour::Conflict(Conflict::IdSeen) => code(409, "00"),
        Misbehaviour::Conflict(Conflict::AlreadyDone) => code(409, "01"),
        Misbehaviour::Conflict(Conflict::OtherData) => code(404, "18"),
        // Relative, as RFC 9110 allows: whoever follows it comes back here and is counted.
        Misbehaviour::Redirect { status } => {
            Answer::empty(*status).with("Location", format!("{}?redirected", request.path()))
        }
        _ => return None,
    })
}

/// Whether an answer given in place of the work is DOKU's own last word on the request, and so replayed (protocol 8).
pub(crate) fn is_remembered(what: &Misbehaviour) -> bool {
    matches!(what, Misbehaviour::Code { http, .. } if !matches!(http, 401 | 429))
}

/// What DOKU says although the work was done, if this misbehaviour is of that kind.
pub(crate) fn said_after_work(what: &Misbehaviour, digits: &str) -> Option<Answer> {
    match what {
        Misbehaviour::CodeAfterWork { http, code } => Some(coded(*http, code)),
        Misbehaviour::InProgress => Some(coded(202, &format!("202{digits}00"))),
        _ => None,
    }
}

/// A page as a proxy would put it in the way.
pub(super) fn html(status: u16) -> Answer {
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1><hr>proxy</body></html>\n");
    Answer::html(status, page)
}

fn coded(http: u16, code: &str) -> Answer {
    let body = json!({ "responseCode": code, "responseMessage": "Misbehaviour on demand" });
    Answer::json(http, body.to_string().into_bytes())
}
