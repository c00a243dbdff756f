//! Proves P2 and P3: each misbehaviour of the network and of DOKU's answers, once and for good, on a payment and on a
//! refund.

use crate::house::{Said, walk};
use crate::play::{Call, HELD_MS, OPEN, Row, Told, done, not_sent, play, refused, unknown};
use bayar::{Kind, Outcome};
use bayar_sandbox::{Conflict, Endpoint, Misbehaviour};

/// Always, as far as a test is concerned.
pub(crate) const ALWAYS: u32 = 1000;

/// What a misbehaviour amounts to.
#[derive(Clone, Copy)]
pub(crate) enum Amounts {
    /// To nothing: all is well.
    Nothing,
    /// No answer of DOKU's, and nothing done.
    LostBeforeWork(Kind),
    /// No answer of DOKU's, and it was done.
    LostAfterWork(Kind),
    /// The limit is reached, and it was done.
    Hang,
    /// Success, but with something in it that is not believed. No reason to send anything again within the call.
    Doubt(Kind),
}

/// What the first call tells, and the second: by journal.md "Evidence", a payment of unknown fate is sent once more in
/// the call and again in the next; a refund is not within the call, and then only its status is asked for a minute.
pub(crate) fn expected(amounts: Amounts, call: Call, times: u32) -> (Told, Said) {
    match (amounts, call, times) {
        (Amounts::Nothing, ..) => (done(1), Said::Done),
        (Amounts::Hang, ..) => (unknown(Kind::Timeout, 1, 1), Said::Done),
        (Amounts::Doubt(kind), ..) => (unknown(kind, 1, 1), Said::Done),
        (Amounts::LostBeforeWork(_) | Amounts::LostAfterWork(_), Call::Pay, 1) => (done(2), Said::Done),
        (Amounts::LostBeforeWork(kind), Call::Pay, _) => (unknown(kind, 2, 0), Said::Done),
        (Amounts::LostAfterWork(kind), Call::Pay, _) => (unknown(kind, 2, 1), Said::Done),
        (Amounts::LostBeforeWork(kind), Call::Refund, _) => (unknown(kind, 1, 0), OPEN),
        (Amounts::LostAfterWork(kind), Call::Refund, _) => (unknown(kind, 1, 1), Said::Done),
    }
}

#[test]
fn a_connection_or_an_answer_that_fails_on_the_way() {
    use Amounts::{Hang, LostAfterWork, LostBeforeWork, Nothing};
    use Kind::{BadAnswer, ConnectionLost};
    use Misbehaviour as M;
    let mut rows = Vec::new();
    for (name, what, amounts) in [
        ("closed before the work", M::CloseBeforeWork, LostBeforeWork(ConnectionLost)),
        ("closed after the work", M::CloseAfterWork, LostAfterWork(ConnectionLost)),
        ("closed after a whole answer", M::CloseAfterAnswer, Nothing),
        ("reset before the work", M::ResetBeforeWork, LostBeforeWork(ConnectionLost)),
        ("reset after the work", M::ResetAfterWork, LostAfterWork(ConnectionLost)),
        ("half an answer", M::HalfAnswer, LostAfterWork(ConnectionLost)),
        ("half an answer, then silence", M::HalfThenSilence, Hang),
        ("one byte a second", M::Trickle { bytes_per_s: 1 }, Hang),
        ("an answer a minute late", M::Delay { ms: 60_000 }, Hang),
        ("rubbish", M::Rubbish, LostAfterWork(BadAnswer)),
        ("HTML 502", M::Html { status: 502 }, LostBeforeWork(BadAnswer)),
        ("HTML 403", M::Html { status: 403 }, LostBeforeWork(BadAnswer)),
        ("HTML 200", M::Html { status: 200 }, LostBeforeWork(BadAnswer)),
        ("HTML 502 after the work", M::HtmlAfterWork { status: 502 }, LostAfterWork(BadAnswer)),
        ("HTML 404 after the work", M::HtmlAfterWork { status: 404 }, LostAfterWork(BadAnswer)),
        ("redirect 302", M::Redirect { status: 302 }, LostBeforeWork(BadAnswer)),
        ("redirect 307", M::Redirect { status: 307 }, LostBeforeWork(BadAnswer)),
        ("redirect 308", M::Redirect { status: 308 }, LostBeforeWork(BadAnswer)),
        ("an empty body", M::EmptyBody, LostAfterWork(BadAnswer)),
        ("an oversized answer", M::Oversized { bytes: 20 << 20 }, LostAfterWork(BadAnswer)),
        ("every header twice", M::DuplicateHeaders, Nothing),
        ("two lengths", M::TwoLengths, LostAfterWork(BadAnswer)),
        ("no Content-Type", M::NoContentType, Nothing),
        ("no Content-Length", M::NoContentLength, Nothing),
        ("chunked", M::Chunked, Nothing),
        ("no Date", M::NoDate, Nothing),
    ] {
        for (call, times) in [(Call::Pay, 1), (Call::Pay, ALWAYS), (Call::Refund, 1), (Call::Refund, ALWAYS)] {
            let (first, again) = expected(amounts, call, times);
            rows.push(Row::new(name, call, times, what.clone()).expecting(first, again));
        }
    }
    let held = M::DelayBeforeWork { ms: HELD_MS };
    let late = unknown(Kind::Timeout, 1, 0);
    rows.push(Row::new("held back past the limit", Call::Pay, 1, held.clone()).expecting(late, Said::Done));
    rows.push(Row::new("held back past the limit", Call::Refund, 1, held).expecting(late, OPEN));
    for call in [Call::Pay, Call::Refund] {
        let mut row = Row::new("a handshake that never ends", call, 1, M::NoHandshake);
        row.warm = false;
        rows.push(row.expecting(not_sent(Kind::Timeout), Said::Done));
    }
    walk("On the way", 12, &rows, play);
}

#[test]
fn what_doku_says_before_it_looks_at_the_money() {
    use Kind::{Conflict as Clash, InProgress, NotFound, TryLater, Unauthorized};
    use Misbehaviour as M;
    let gone = Said::Failed(NotFound, Outcome::Unknown);
    let unsettled = Said::Failed(Clash, Outcome::Unknown);
    let mut rows = Vec::new();
    for call in [Call::Pay, Call::Refund] {
        let mut add = |name: &str, times: u32, what: M, first: Told, again: Said| {
            rows.push(Row::new(name, call, times, what).expecting(first, again));
        };
        for (name, what) in [("token no longer good", M::OldToken), ("token not known", M::UnknownToken)] {
            add(name, 1, what.clone(), done(2), Said::Done);
            add(name, 2, what.clone(), done(3), Said::Done);
            add(name, ALWAYS, what, refused(Unauthorized, 3), Said::Done);
        }
        add("429, come again in 1 s", 1, M::TooMany { retry_after_s: Some(1) }, done(2), Said::Done);
        add("429, come again in 1 s", ALWAYS, M::TooMany { retry_after_s: Some(1) }, refused(TryLater, 3), Said::Done);
        add("429, come again in 1 h", 1, M::TooMany { retry_after_s: Some(3600) }, refused(TryLater, 1), Said::Done);
        add("429, no time given", 1, M::TooMany { retry_after_s: None }, refused(TryLater, 1), Said::Done);
        // The status settles it, if anything does: a payment that was not made is not found, a refund not listed.
        let (nothing_there, open) = match call {
            Call::Pay => (unknown(NotFound, 1, 0), gone),
            Call::Refund => (unknown(Clash, 1, 0), OPEN),
        };
        add("409, id seen", 1, M::Conflict(Conflict::IdSeen), nothing_there, open);
        add("409, already done", 1, M::Conflict(Conflict::AlreadyDone), nothing_there, open);
        add("404, other data", 1, M::Conflict(Conflict::OtherData), nothing_there, open);
        add("a replay at the first time", 1, M::Conflict(Conflict::Replay), done(1), Said::Done);
        // Taken: status only. A payment that is not paid has no link any more.
        let later = if call == Call::Pay { unsettled } else { Said::Done };
        add("202", 1, M::InProgress, unknown(InProgress, 1, 1), later);
        add("202", ALWAYS, M::InProgress, unknown(InProgress, 1, 1), later);
        // A clock that is off for one answer only spoils the correction; one that stays off is followed.
        add("Date an hour ahead", ALWAYS, M::WrongDate { ahead_s: 3600 }, done(2), Said::Done);
        add("Date an hour behind", ALWAYS, M::WrongDate { ahead_s: -3600 }, done(2), Said::Done);
        add("Date an hour ahead", 1, M::WrongDate { ahead_s: 3600 }, refused(Unauthorized, 2), Said::Done);
        add("Date ten minutes ahead", ALWAYS, M::WrongDate { ahead_s: 600 }, done(1), Said::Done);
    }
    walk("What DOKU says first", 12, &rows, play);
}

#[test]
fn whatever_befalls_the_token_request_nothing_is_sent() {
    use Misbehaviour as M;
    let mut rows = Vec::new();
    for (name, what, kind) in [
        ("token: closed", M::CloseBeforeWork, Kind::ConnectionLost),
        ("token: reset", M::ResetAfterWork, Kind::ConnectionLost),
        ("token: half an answer", M::HalfAnswer, Kind::ConnectionLost),
        ("token: half, then silence", M::HalfThenSilence, Kind::Timeout),
        ("token: one byte a second", M::Trickle { bytes_per_s: 1 }, Kind::Timeout),
        ("token: a minute late", M::Delay { ms: 60_000 }, Kind::Timeout),
        ("token: rubbish", M::Rubbish, Kind::BadAnswer),
        ("token: HTML 502", M::Html { status: 502 }, Kind::BadAnswer),
        ("token: redirect", M::Redirect { status: 302 }, Kind::BadAnswer),
        ("token: empty body", M::EmptyBody, Kind::BadAnswer),
        ("token: oversized", M::Oversized { bytes: 20 << 20 }, Kind::BadAnswer),
        ("token: two lengths", M::TwoLengths, Kind::BadAnswer),
        ("token: 401xx00", M::Code { http: 401, code: "4017300".to_owned() }, Kind::Unauthorized),
        ("token: 500xx00", M::Code { http: 500, code: "5007300".to_owned() }, Kind::ServerError),
        ("token: 504xx00", M::Code { http: 504, code: "5047300".to_owned() }, Kind::ServerError),
        ("token: 429", M::TooMany { retry_after_s: Some(1) }, Kind::TryLater),
        ("token: no accessToken", M::Missing { field: "accessToken".to_owned() }, Kind::BadAnswer),
        ("token: a number", M::WrongType { field: "accessToken".to_owned() }, Kind::BadAnswer),
        ("token: with NUL", M::NulIn { field: "accessToken".to_owned() }, Kind::BadAnswer),
    ] {
        for call in [Call::Pay, Call::Refund] {
            let mut row = Row::new(name, call, ALWAYS, what.clone());
            row.rules[0].0 = Endpoint::Token;
            row.warm = false;
            rows.push(row.expecting(not_sent(kind), Said::Done));
        }
    }
    walk("The token", 12, &rows, play);
}
