//! Proves P3: members of an answer that are missing, of a wrong type, damaged or about something else.

use crate::house::{Said, walk};
use crate::play::{Call, Row, play, unknown};
use crate::table::{ALWAYS, Amounts, expected};
use bayar::Kind;
use bayar_sandbox::Misbehaviour as M;

fn wrong_type(field: &str) -> M {
    M::WrongType { field: field.to_owned() }
}

fn nul_in(field: &str) -> M {
    M::NulIn { field: field.to_owned() }
}

fn missing(field: &str) -> M {
    M::Missing { field: field.to_owned() }
}

fn echo(field: &str, value: &str) -> M {
    M::WrongEcho { field: field.to_owned(), value: value.to_owned() }
}

fn put(field: &str, json: &str) -> M {
    M::Put { field: field.to_owned(), json: json.to_owned() }
}

#[test]
fn a_success_is_believed_only_as_far_as_it_is_sound() {
    use Amounts::{Doubt, LostAfterWork, Nothing};
    use Call::{Pay, Refund};
    use Kind::{BadAnswer, Conflict};
    let mut rows = Vec::new();
    for (call, what, amounts) in [
        (Pay, M::UnknownField, Nothing),
        (Refund, M::UnknownField, Nothing),
        (Pay, missing("responseCode"), LostAfterWork(BadAnswer)),
        (Refund, missing("responseCode"), LostAfterWork(BadAnswer)),
        (Pay, wrong_type("responseCode"), LostAfterWork(BadAnswer)),
        (Refund, wrong_type("responseCode"), LostAfterWork(BadAnswer)),
        (Pay, nul_in("responseCode"), LostAfterWork(BadAnswer)),
        (Refund, nul_in("responseCode"), LostAfterWork(BadAnswer)),
        (Pay, put("responseCode", "null"), LostAfterWork(BadAnswer)),
        (Refund, put("responseCode", "null"), LostAfterWork(BadAnswer)),
        (Pay, echo("responseCode", "200"), LostAfterWork(BadAnswer)),
        (Refund, echo("responseCode", "200"), LostAfterWork(BadAnswer)),
        (Pay, missing("responseMessage"), Nothing),
        (Refund, missing("responseMessage"), Nothing),
        (Pay, wrong_type("responseMessage"), Nothing),
        (Refund, nul_in("responseMessage"), Nothing),
        (Pay, missing("partnerReferenceNo"), Nothing),
        (Refund, missing("partnerRefundNo"), Nothing),
        (Refund, missing("originalPartnerReferenceNo"), Nothing),
        (Pay, missing("referenceNo"), Nothing),
        (Refund, missing("refundNo"), Nothing),
        (Refund, missing("refundAmount"), Nothing),
        (Refund, put("refundAmount", "null"), Nothing),
        (Pay, missing("webRedirectUrl"), Nothing),
        (Pay, put("webRedirectUrl", "null"), Nothing),
        (Pay, echo("partnerReferenceNo", "INV-2"), Doubt(Conflict)),
        (Pay, wrong_type("partnerReferenceNo"), Doubt(Conflict)),
        (Pay, put("amount", r#"{"value":"1.00","currency":"IDR"}"#), Doubt(Conflict)),
        (Pay, put("amount", r#"{"value":"10000.00","currency":"USD"}"#), Doubt(Conflict)),
        (Refund, echo("partnerRefundNo", "R-2"), Doubt(Conflict)),
        (Refund, nul_in("partnerRefundNo"), Doubt(Conflict)),
        (Refund, echo("originalPartnerReferenceNo", "INV-2"), Doubt(Conflict)),
        (Refund, echo("refundAmount.value", "1.00"), Doubt(Conflict)),
        (Refund, wrong_type("refundAmount.value"), Doubt(Conflict)),
        // A number for a text and a bare amount are read, as long as they say the same.
        (Refund, put("refundAmount.value", "4000.0"), Nothing),
        (Refund, put("refundAmount", "\"4000.00\""), Nothing),
        (Refund, echo("refundAmount.currency", "USD"), Doubt(Conflict)),
        (Pay, wrong_type("referenceNo"), Nothing),
        (Pay, nul_in("referenceNo"), Doubt(BadAnswer)),
        (Pay, nul_in("webRedirectUrl"), Doubt(BadAnswer)),
        (Pay, wrong_type("webRedirectUrl"), Doubt(BadAnswer)),
        (Pay, echo("webRedirectUrl", "javascript:alert(1)"), Doubt(BadAnswer)),
        (Refund, wrong_type("refundNo"), Nothing),
        (Refund, nul_in("refundNo"), Doubt(BadAnswer)),
        (Refund, wrong_type("refundTime"), Nothing),
        (Pay, put("referenceNo", "[1]"), Nothing),
        (Pay, put("webRedirectUrl", "{}"), Doubt(BadAnswer)),
        (Pay, put("partnerReferenceNo", "true"), Doubt(Conflict)),
        (Refund, put("partnerRefundNo", "[]"), Doubt(Conflict)),
        (Refund, put("refundAmount", "{}"), Doubt(Conflict)),
    ] {
        for times in [1, ALWAYS] {
            let (first, again) = expected(amounts, call, times);
            rows.push(Row::new(&format!("{what:?}"), call, times, what.clone()).expecting(first, again));
        }
    }
    walk("Members of an answer", 12, &rows, play);
}

#[test]
fn a_refund_of_unknown_fate_is_settled_by_no_damaged_status() {
    let mut rows = Vec::new();
    for what in [
        put("refundHistory", "[]"),
        put("refundHistory", "{}"),
        put("refundHistory", "7"),
        missing("refundHistory"),
        wrong_type("refundHistory.0.refundStatus"),
        wrong_type("refundHistory.0.partnerRefundNo"),
        missing("refundHistory.0.partnerRefundNo"),
        missing("refundHistory.0.refundStatus"),
        echo("refundHistory.0.partnerRefundNo", "R-9"),
        echo("refundHistory.0.refundStatus", "99"),
        echo("refundHistory.0.refundAmount.value", "1.00"),
        echo("originalPartnerReferenceNo", "INV-9"),
        M::HtmlAfterWork { status: 502 },
        M::EmptyBody,
        M::HalfAnswer,
        M::Code { http: 404, code: "4045501".to_owned() },
        M::Code { http: 500, code: "5005500".to_owned() },
    ] {
        // 409xx00 after the work: the same call asks the status at once.
        let seen = M::CodeAfterWork { http: 409, code: "4095800".to_owned() };
        let mut row = Row::new(&format!("409, then status {what:?}"), Call::Refund, 1, seen);
        row.rules.push((bayar_sandbox::Endpoint::Status, 1, what));
        rows.push(row);
    }
    let seen = M::CodeAfterWork { http: 409, code: "4095800".to_owned() };
    rows.push(Row::new("409, then a good status", Call::Refund, 1, seen).expecting(crate::play::done(1), Said::Done));
    let lost = unknown(Kind::ConnectionLost, 1, 1);
    rows.push(Row::new("lost", Call::Refund, 1, M::CloseAfterWork).expecting(lost, Said::Done));
    walk("Damaged status after a refund", 12, &rows, play);
}
