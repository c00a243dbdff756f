//! Proves P2 and P3 where DOKU is not as it is taken to be: made at most once, and nobody is told "not sent" or
//! "refused" about something that was made.

use crate::house::walk;
use crate::play::{Call, HELD_MS, Row, play};
use crate::table::ALWAYS;
use bayar_sandbox::{Assumption, Conflict, Misbehaviour as M};

pub(crate) const OFF: &[Assumption] = &[
    Assumption::IdsAreRemembered,
    Assumption::RepeatsWaitForTheFirst,
    Assumption::ReferencesAreUnique,
    Assumption::ErrorsAreReplayed,
    Assumption::StatusIsCurrent { lag_s: 300 },
    Assumption::UnopenedLinkIsFound,
    Assumption::RefundHistoryIsGiven,
    Assumption::SuccessIsNotHidden,
    Assumption::AspiServiceCodes,
];

fn code(http: u16, call: Call, case: u8) -> String {
    format!("{http}{}{case:02}", if call == Call::Pay { 54 } else { 58 })
}

fn rows(call: Call) -> Vec<Row> {
    let after = |http: u16| M::CodeAfterWork { http, code: code(http, call, 0) };
    let mut rows = Vec::new();
    for what in [
        M::CloseBeforeWork,
        M::CloseAfterWork,
        M::ResetAfterWork,
        M::HalfAnswer,
        M::HtmlAfterWork { status: 502 },
        M::InProgress,
        M::Conflict(Conflict::IdSeen),
        M::TooMany { retry_after_s: Some(0) },
        M::OldToken,
        M::Code { http: 500, code: code(500, call, 0) },
        after(500),
        after(409),
        M::Delay { ms: 60_000 },
        M::DelayBeforeWork { ms: HELD_MS },
    ] {
        for off in OFF {
            for times in [1, ALWAYS] {
                if times > 1 && matches!(what, M::Delay { .. } | M::DelayBeforeWork { .. } | M::TooMany { .. }) {
                    continue;
                }
                let name =
                    format!("{what:?}, not {off:?}").replace("StatusIsCurrent { lag_s: 300 }", "StatusIsCurrent");
                let mut row = Row::new(&name, call, times, what.clone());
                row.off.push(*off);
                rows.push(row);
            }
        }
    }
    // A refusal that follows a transmission of unknown fate proves nothing.
    for second in [
        M::TooMany { retry_after_s: Some(0) },
        M::OldToken,
        M::WrongDate { ahead_s: 3600 },
        M::Code { http: 401, code: code(401, call, 0) },
        M::Code { http: 403, code: code(403, call, 15) },
        M::Code { http: 403, code: code(403, call, 4) },
        M::Code { http: 404, code: code(404, call, 0) },
        M::Code { http: 400, code: code(400, call, 1) },
        M::Conflict(Conflict::IdSeen),
        M::Html { status: 403 },
    ] {
        for off in [None, Some(Assumption::ReferencesAreUnique), Some(Assumption::IdsAreRemembered)] {
            let name = format!("lost, then {second:?}, not {off:?}");
            let mut row = Row::new(&name, call, 1, M::CloseAfterWork);
            row.rules.push((call.endpoint(), ALWAYS, second.clone()));
            row.off.extend(off);
            rows.push(row);
        }
    }
    rows
}

#[test]
fn a_payment_is_made_at_most_once_whatever_does_not_hold() {
    walk("Payments, with an assumption off", 12, &rows(Call::Pay), play);
}

#[test]
fn a_refund_is_made_at_most_once_whatever_does_not_hold() {
    walk("Refunds, with an assumption off", 12, &rows(Call::Refund), play);
}
