//! Proves P3: every code of the table as the answer to a payment and to a refund, instead of the work and after it.

use crate::house::{Said, walk};
use crate::play::{Call, OPEN, Row, Told, done, play, refused, unknown};
use crate::table::ALWAYS;
use bayar::snap::codes::TABLE;
use bayar::{Kind, Outcome};
use bayar_sandbox::{Assumption, Misbehaviour as M};

/// Refusals after which the same reference gets a new attempt: they may pass, or a person may mend what they are about.
const MAY_PASS: &[(u16, u8)] = &[
    (401, 0),
    (403, 1),
    (403, 4),
    (403, 6),
    (403, 14),
    (403, 20),
    (404, 2),
    (404, 3),
    (404, 8),
    (404, 9),
    (404, 10),
    (404, 16),
    (404, 17),
    (405, 0),
    (429, 0),
];
/// Codes that say that DOKU knows the id or the reference.
const SEEN_BEFORE: &[(u16, u8)] = &[(400, 3), (404, 18), (409, 0), (409, 1)];
/// What the status says of a payment that was not made.
const GONE: Said = Said::Failed(Kind::NotFound, Outcome::Unknown);
/// What is said of a payment that was made, is not paid, and whose link cannot be had any more.
const LINK_LOST: Said = Said::Failed(Kind::Conflict, Outcome::Unknown);

fn code(call: Call, http: u16, case: u8) -> String {
    format!("{http}{}{case:02}", if call == Call::Pay { 54 } else { 58 })
}

/// For a code in place of the work, by journal.md "Evidence".
fn instead(call: Call, http: u16, case: u8, kind: Kind) -> (Told, Said) {
    let key = (http, case);
    match call {
        _ if key == (401, 1) || key == (401, 3) => (done(2), Said::Done),
        _ if MAY_PASS.contains(&key) => (refused(kind, 1), Said::Done),
        Call::Pay if SEEN_BEFORE.contains(&key) => (unknown(Kind::NotFound, 1, 0), GONE),
        Call::Refund if SEEN_BEFORE.contains(&key) => (unknown(Kind::Conflict, 1, 0), OPEN),
        // The second transmission gets a replay of the failure, so the status is asked.
        Call::Pay if http >= 500 => (unknown(Kind::NotFound, 2, 0), GONE),
        Call::Refund if http >= 500 => (unknown(Kind::ServerError, 1, 0), OPEN),
        _ => (refused(kind, 1), refused(kind, 1).said),
    }
}

#[test]
fn every_code_of_the_table_instead_of_the_work() {
    let mut rows = Vec::new();
    for row in TABLE.iter().filter(|row| row.http >= 400) {
        for call in [Call::Pay, Call::Refund] {
            let what = M::Code { http: row.http, code: code(call, row.http, row.case) };
            let (first, again) = instead(call, row.http, row.case, row.kind.unwrap());
            rows.push(Row::new(&code(call, row.http, row.case), call, 1, what).expecting(first, again));
        }
    }
    walk("Codes instead of the work", 12, &rows, play);
}

#[test]
fn a_server_error_proves_nothing() {
    let mut rows = Vec::new();
    for (http, case) in [(500, 0), (500, 1), (500, 2), (504, 0), (502, 0), (503, 0)] {
        let server = Kind::ServerError;
        let (pay, refund) = (code(Call::Pay, http, case), code(Call::Refund, http, case));
        let after = |code: &str| M::CodeAfterWork { http, code: code.to_owned() };
        let before = |code: &str| M::Code { http, code: code.to_owned() };
        let name = |code: &str| format!("{code} after the work");
        rows.extend([
            Row::new(&name(&pay), Call::Pay, 1, after(&pay)).expecting(unknown(Kind::Conflict, 2, 1), LINK_LOST),
            Row::new(&name(&pay), Call::Pay, ALWAYS, after(&pay)).expecting(unknown(server, 2, 1), LINK_LOST),
            Row::new(&name(&refund), Call::Refund, 1, after(&refund)).expecting(unknown(server, 1, 1), Said::Done),
            Row::new(&name(&refund), Call::Refund, ALWAYS, after(&refund)).expecting(unknown(server, 1, 1), Said::Done),
            Row::new(&pay, Call::Pay, ALWAYS, before(&pay)).expecting(unknown(server, 2, 0), GONE),
            Row::new(&refund, Call::Refund, ALWAYS, before(&refund)).expecting(unknown(server, 1, 0), OPEN),
        ]);
        for what in [after(&pay), before(&pay)] {
            let mut row = Row::new(&format!("{pay}, failures are not replayed"), Call::Pay, 1, what);
            row.off.push(Assumption::ErrorsAreReplayed);
            rows.push(row.expecting(done(2), Said::Done));
        }
    }
    walk("Server errors", 12, &rows, play);
}

#[test]
fn a_replayed_refusal_proves_nothing() {
    let mut rows = Vec::new();
    // An earlier request for the same was refused, of which this program knows nothing: for a person.
    let first = unknown(Kind::Conflict, 1, 0);
    for (http, case) in [(400, 1), (403, 15), (403, 4)] {
        let (pay, refund) = (code(Call::Pay, http, case), code(Call::Refund, http, case));
        let after = |code: &str| M::CodeAfterWork { http: 409, code: code.to_owned() };
        let before = |code: &str| M::Code { http: 409, code: code.to_owned() };
        let name = |code: &str, when: &str| format!("HTTP 409 around {code} {when} the work");
        rows.extend([
            Row::new(&name(&pay, "after"), Call::Pay, 1, after(&pay))
                .expecting(unknown(Kind::Conflict, 1, 1), LINK_LOST),
            Row::new(&name(&pay, "before"), Call::Pay, 1, before(&pay)).expecting(first, GONE),
            Row::new(&name(&refund, "after"), Call::Refund, 1, after(&refund)).expecting(done(1), Said::Done),
            Row::new(&name(&refund, "before"), Call::Refund, 1, before(&refund)).expecting(first, OPEN),
        ]);
    }
    walk("Replayed refusals", 12, &rows, play);
}

#[test]
fn where_http_status_and_code_differ_the_more_careful_one_counts() {
    let mut rows = Vec::new();
    for (http, code_http, case, kind) in [
        (200, 500, 0, Kind::ServerError),
        (404, 500, 0, Kind::ServerError),
        (500, 403, 15, Kind::Declined),
        (503, 429, 0, Kind::TryLater),
    ] {
        let (pay, refund) = (code(Call::Pay, code_http, case), code(Call::Refund, code_http, case));
        let after = |code: &str| M::CodeAfterWork { http, code: code.to_owned() };
        let name = |code: &str| format!("HTTP {http} around {code} after the work");
        rows.extend([
            Row::new(&name(&pay), Call::Pay, 1, after(&pay)).expecting(unknown(Kind::Conflict, 2, 1), LINK_LOST),
            Row::new(&name(&refund), Call::Refund, 1, after(&refund)).expecting(unknown(kind, 1, 1), Said::Done),
        ]);
    }
    // Success in an HTTP error is none, until it is repeated or the status confirms it.
    for http in [400, 500, 502] {
        let (pay, refund) = (code(Call::Pay, 200, 0), code(Call::Refund, 200, 0));
        let name = |code: &str| format!("HTTP {http} around {code}");
        let after = |code: &str| M::CodeAfterWork { http, code: code.to_owned() };
        let before = |code: &str| M::Code { http, code: code.to_owned() };
        let lost = unknown(Kind::BadAnswer, 1, 1);
        rows.extend([
            Row::new(&name(&pay), Call::Pay, 1, after(&pay)).expecting(done(2), Said::Done),
            Row::new(&name(&refund), Call::Refund, 1, after(&refund)).expecting(lost, Said::Done),
            Row::new(&format!("{}, not done", name(&refund)), Call::Refund, 1, before(&refund))
                .expecting(unknown(Kind::BadAnswer, 1, 0), OPEN),
        ]);
    }
    for call in [Call::Pay, Call::Refund] {
        let code = code(call, 403, 15);
        let what = M::Code { http: 200, code: code.clone() };
        let told = refused(Kind::Declined, 1);
        rows.push(Row::new(&format!("HTTP 200 around {code}"), call, 1, what).expecting(told, told.said));
    }
    walk("HTTP status and code differ", 12, &rows, play);
}
