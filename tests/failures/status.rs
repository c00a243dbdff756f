//! Proves P3 for questions: whatever befalls a status inquiry, the outcome is unknown and nothing is made by asking.

use crate::house::{House, Line, Said, walk};
use crate::play::{LONG_MS, SHORT_MS, payment};
use crate::table::ALWAYS;
use bayar::{Kind, Outcome};
use bayar_sandbox::{Conflict, Counts, Endpoint, Misbehaviour as M, Options};
use std::time::{Duration, Instant};

struct Question {
    what: M,
    times: u32,
    expected: Said,
    requests: u64,
}

fn ask(row: &Question) -> Line {
    let house = House::open(Options::default());
    let hangs =
        matches!(row.what, M::Delay { .. } | M::HalfThenSilence | M::Trickle { .. } | M::DelayBeforeWork { .. });
    let limit_ms = if hangs { SHORT_MS } else { LONG_MS };
    house.client(60_000).pay(&payment("INV-1")).unwrap();
    let client = house.client(limit_ms);
    (0..20).find_map(|_| client.warm_up().ok()).unwrap();
    house.misbehave(Endpoint::Status, row.times, row.what.clone());
    let begun = Instant::now();
    let said = Said::of(&client.status("INV-1"));
    let took = begun.elapsed();
    let Counts { status_requests, payment_requests, payments_made, refunds_made, .. } = house.sandbox.counts();
    house.sandbox.behave();
    if matches!(row.what, M::CloseAfterAnswer) {
        // A connection that closes while the next request is being written is lost, and told so. That one which closed
        // while it was idle is noticed before is what this row shows: so let its end arrive first.
        std::thread::sleep(Duration::from_millis(500));
    }
    let again = Said::of(&client.status("INV-1"));
    let mut problems = Vec::new();
    if (said, status_requests) != (row.expected, row.requests) {
        problems.push(format!("expected: {}, {} requests", row.expected, row.requests));
    }
    if (payment_requests, payments_made, refunds_made) != (1, 1, 0) {
        problems.push("something but the status was asked for".to_owned());
    }
    if again != Said::Done {
        problems.push(format!("when all is well it says {again}"));
    }
    if took > Duration::from_millis(limit_ms + 1000) {
        problems.push(format!("it took {took:?}"));
    }
    let name = format!("{:?}{}", row.what, if row.times > 1 { ", always" } else { "" });
    let text = format!("Status | {name:<60} | {said:<24} | {status_requests} | {again} | {:>5} ms", took.as_millis());
    Line { text, problems }
}

fn unknown(kind: Kind) -> Said {
    Said::Failed(kind, Outcome::Unknown)
}

#[test]
fn a_question_that_fails_proves_nothing_and_makes_nothing() {
    use Kind::{BadAnswer, ConnectionLost, NotFound, ServerError, Timeout, TryLater, Unauthorized};
    let code = |http: u16, case: u8| M::Code { http, code: format!("{http}55{case:02}") };
    let field = |name: &str| name.to_owned();
    let mut rows = Vec::new();
    let mut add = |what: M, times: u32, expected: Said, requests: u64| {
        rows.push(Question { what, times, expected, requests });
    };
    for (what, kind) in [
        (M::CloseBeforeWork, ConnectionLost),
        (M::CloseAfterWork, ConnectionLost),
        (M::ResetBeforeWork, ConnectionLost),
        (M::ResetAfterWork, ConnectionLost),
        (M::HalfAnswer, ConnectionLost),
        (M::HalfThenSilence, Timeout),
        (M::Trickle { bytes_per_s: 1 }, Timeout),
        (M::Delay { ms: 60_000 }, Timeout),
        (M::DelayBeforeWork { ms: 1500 }, Timeout),
        (M::Rubbish, BadAnswer),
        (M::Html { status: 200 }, BadAnswer),
        (M::Html { status: 404 }, BadAnswer),
        (M::HtmlAfterWork { status: 502 }, BadAnswer),
        (M::Redirect { status: 307 }, BadAnswer),
        (M::EmptyBody, BadAnswer),
        (M::Oversized { bytes: 20 << 20 }, BadAnswer),
        (M::TwoLengths, BadAnswer),
        (M::InProgress, Kind::InProgress),
        (M::Conflict(Conflict::IdSeen), Kind::Conflict),
        (M::Conflict(Conflict::OtherData), Kind::Conflict),
        (M::TooMany { retry_after_s: None }, TryLater),
        (M::TooMany { retry_after_s: Some(3600) }, TryLater),
        (code(400, 1), Kind::Declined),
        (code(401, 0), Unauthorized),
        (code(403, 1), Kind::Declined),
        (code(404, 0), Kind::Declined),
        (code(404, 1), NotFound),
        (code(405, 0), Kind::Declined),
        (code(500, 0), ServerError),
        (code(503, 0), ServerError),
        (code(504, 0), ServerError),
        (M::Missing { field: field("responseCode") }, BadAnswer),
        (M::WrongType { field: field("responseCode") }, BadAnswer),
        (M::NulIn { field: field("originalReferenceNo") }, BadAnswer),
        (M::NulIn { field: field("latestTransactionStatus") }, BadAnswer),
        (M::WrongEcho { field: field("originalPartnerReferenceNo"), value: field("INV-2") }, Kind::Conflict),
        (M::WrongEcho { field: field("transAmount.value"), value: field("1.00") }, Kind::Conflict),
    ] {
        // Within the minute the client that paid is another one, so that this one knows no amount to compare.
        let expected = match &what {
            M::WrongEcho { field, .. } if field == "transAmount.value" => Said::Done,
            _ => unknown(kind),
        };
        add(what.clone(), 1, expected, 1);
        add(what, ALWAYS, expected, 1);
    }
    for what in [
        M::CloseAfterAnswer,
        M::DuplicateHeaders,
        M::NoContentType,
        M::NoContentLength,
        M::Chunked,
        M::NoDate,
        M::UnknownField,
        M::Conflict(Conflict::Replay),
    ] {
        add(what, 1, Said::Done, 1);
    }
    for what in [M::OldToken, M::UnknownToken, M::TooMany { retry_after_s: Some(1) }] {
        let kind = if matches!(what, M::TooMany { .. }) { TryLater } else { Unauthorized };
        add(what.clone(), 1, Said::Done, 2);
        add(what, ALWAYS, unknown(kind), 3);
    }
    walk("Questions", 12, &rows, ask);
}
