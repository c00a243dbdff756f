//! The evidence table, row by row: each piece of evidence is brought about, and the journal, the caller and what is sent
//! next are held against what the row says.

use super::*;
use crate::RecordState;
use crate::error::Outcome;
use crate::journal::evidence::{Effect, Evidence, TABLE};

/// How a piece of evidence comes about: what DOKU answers, one after the other. The last is the evidence; those before it
/// bring the operation there. `None` where it cannot come up.
fn steps(evidence: Evidence, operation: Operation) -> Option<Vec<Step>> {
    let is_refund = operation == Operation::Refund;
    let service = if is_refund { "58" } else { "54" };
    let answer = |status: u16, code: &str| Step::Answer(status, json!({"responseCode": code}).to_string());
    let code = |http: u16, case: &str| answer(http, &format!("{http}{service}{case}"));
    let replay = |http: u16, case: &str| answer(409, &format!("{http}{service}{case}"));
    let found = |entries: Value| Step::Answer(200, history(entries).to_string());
    let says = |text: &str| Step::Answer(200, status(text).to_string());
    let mut wrong_echo = if is_refund { refunded() } else { taken("INV-0001") };
    wrong_echo[if is_refund { "partnerRefundNo" } else { "partnerReferenceNo" }] = json!("ANOTHER");
    let other_amount = json!({"value": "1.00", "currency": "IDR"});
    // DOKU has seen it before, so its status is asked at once.
    let asked = |step: Step| vec![code(409, "00"), step];
    Some(match (evidence, is_refund) {
        (Evidence::NothingSent, _) => vec![Step::NotSent],
        (Evidence::NoAnswer, _) => vec![Step::Lost],
        (Evidence::ServerError, _) => vec![code(500, "00")],
        (Evidence::ReplayedServerError, _) => vec![replay(500, "00"), answer(500, "5005500")],
        (Evidence::Success, true) => vec![Step::Answer(200, refunded().to_string())],
        (Evidence::Success, false) => vec![Step::Answer(409, taken("INV-0001").to_string())],
        (Evidence::OtherSuccess, _) => vec![Step::Answer(200, wrong_echo.to_string())],
        (Evidence::InProgress, _) => vec![code(202, "00")],
        (Evidence::TokenRefused, _) => vec![code(401, "01"), code(401, "03"), code(401, "01")],
        (Evidence::Refused, _) => vec![code(403, "05")],
        (Evidence::RefusedOrDone, _) => vec![code(404, "00"), answer(500, "5005500")],
        (Evidence::RefusedUntilMended, _) => vec![code(401, "00")],
        (Evidence::RefusedForNow, _) => vec![code(429, "00")],
        // After a transmission of unknown fate.
        (Evidence::RefusedLater, true) => {
            vec![Step::Lost, found(json!([])), code(403, "15")]
        }
        (Evidence::RefusedLater, false) => vec![Step::Lost, code(403, "05")],
        (Evidence::ReplayedRefusal, _) => vec![replay(403, "05"), answer(500, "5005500")],
        (Evidence::SeenBefore, _) => asked(answer(500, "5005500")),
        (Evidence::StatusPaid, false) => asked(says("00")),
        (Evidence::StatusUnpaid, false) => asked(says("03")),
        (Evidence::StatusFailed, false) => asked(says("06")),
        (Evidence::StatusOtherAmount, false) => {
            let mut other = status("00");
            other["transAmount"] = other_amount;
            asked(Step::Answer(200, other.to_string()))
        }
        (Evidence::StatusNotFound, _) => asked(answer(404, "4045501")),
        (Evidence::StatusSilent, _) => asked(answer(500, "5005500")),
        (Evidence::EntryDone, true) => asked(found(json!([entry("00")]))),
        (Evidence::EntryPending, true) => asked(found(json!([entry("03")]))),
        (Evidence::EntryFailed, true) => asked(found(json!([entry("06")]))),
        (Evidence::EntryOtherAmount, true) => {
            let mut other = entry("00");
            other["refundAmount"] = other_amount;
            asked(found(json!([other])))
        }
        (Evidence::EntryAbsent, true) => asked(found(json!([]))),
        (Evidence::EntryUnclear, true) => asked(found(json!([{"refundStatus": "00"}]))),
        (Evidence::NoHistory, true) => asked(says("00")),
        _ => return None,
    })
}

/// What the journal and the caller must know after it.
fn expected(evidence: Evidence, effect: Effect) -> (RecordState, Option<Outcome>) {
    use RecordState as S;
    match effect {
        Effect::NotSent => (S::NotSent, Some(Outcome::NotSent)),
        Effect::Done => (S::Done, None),
        Effect::Refused | Effect::RefusedUnlessDone => (S::Refused, Some(Outcome::Refused)),
        Effect::RefusedForNow => (S::RefusedForNow, Some(Outcome::Refused)),
        Effect::RenewToken => (S::NotTaken, Some(Outcome::Refused)),
        Effect::Conflict => (S::Conflict, Some(Outcome::Unknown)),
        Effect::OpenSendAgain
        | Effect::Open
        | Effect::OpenAskOnly
        | Effect::OpenAskNow
        | Effect::Alarm
        | Effect::Nothing
        | Effect::ExpiredInTheEnd
        | Effect::MaySendAgain => (S::Unknown, Some(Outcome::Unknown)),
        Effect::None => panic!("{evidence:?} cannot come up"),
    }
}

#[test]
fn each_row_of_the_table_holds() {
    for row in TABLE {
        for (operation, effect) in [(Operation::Payment, row.payment), (Operation::Refund, row.refund)] {
            let what = format!("{:?} of a {}", row.evidence, operation.name());
            let Some(steps) = steps(row.evidence, operation) else {
                // The other amount of a refund is that of its entry.
                let is_elsewhere = row.evidence == Evidence::StatusOtherAmount;
                assert!(effect == Effect::None || is_elsewhere, "{what}: no test brings it about");
                continue;
            };
            assert_ne!(effect, Effect::None, "{what}");
            // So hurried that nothing is sent again within a call, unless the row is about that.
            let in_one_call = matches!(row.evidence, Evidence::TokenRefused);
            let stage = if in_one_call { Stage::new() } else { hurried() };
            let calls = match (row.evidence, operation) {
                (Evidence::RefusedLater, _) => 2,
                _ => 1,
            };
            let count = steps.len();
            for step in steps {
                stage.script.then(step);
            }
            let mut result = Ok(());
            for call in 0..calls {
                if call > 0 {
                    stage.clock.forward_s(61);
                }
                result = match operation {
                    Operation::Payment => stage.pay().map(drop),
                    Operation::Refund => stage.refund().map(drop),
                };
            }
            let (state, outcome) = expected(row.evidence, effect);
            assert_eq!(result.as_ref().err().map(crate::Error::outcome), outcome, "{what}: {result:?}");
            let reference = if operation == Operation::Payment { "INV-0001" } else { "INV-REF-0001" };
            let known = stage.client.record(operation, reference).unwrap();
            // In memory, what was never sent is forgotten at once: its id is derived.
            let known = known.map_or(RecordState::NotSent, |record| record.state());
            assert_eq!(known, state, "{what}");
            let sent = if row.evidence == Evidence::NothingSent { 1 } else { count };
            assert_eq!(stage.script.asked().len(), sent, "{what}");
            what_may_follow(&stage, operation, effect, &what);
        }
    }
}

fn hurried() -> Stage {
    Stage::hurried(&Map::new(), Hands::at("2026-11-22T12:00:00+07:00"), "token-1")
}

/// What the caller's next call does: sends the same again, asks, makes a new attempt, or neither.
fn what_may_follow(stage: &Stage, operation: Operation, effect: Effect, what: &str) {
    let before = stage.script.asked();
    let path = before[0].path.clone();
    let id = before[0].header("X-EXTERNAL-ID").to_owned();
    // Whatever is asked or sent is lost.
    for _ in 0..2 {
        stage.script.then(Step::Lost);
    }
    let _ = match operation {
        Operation::Payment => stage.pay().map(drop),
        Operation::Refund => stage.refund().map(drop),
    };
    let after: Vec<Sent> = stage.script.asked().split_off(before.len());
    let sent: Vec<_> = after.iter().filter(|sent| sent.path == path).collect();
    match effect {
        Effect::Done | Effect::Refused | Effect::RefusedUnlessDone => assert!(after.is_empty(), "{what}: {after:?}"),
        Effect::RefusedForNow => {
            assert_eq!(sent.len(), 1, "{what}");
            assert_ne!(sent[0].header("X-EXTERNAL-ID"), id, "{what}: a new attempt");
        }
        Effect::NotSent | Effect::RenewToken => {
            assert!(sent.iter().all(|sent| sent.header("X-EXTERNAL-ID") == id), "{what}");
            assert!(!sent.is_empty(), "{what}");
        }
        // A payment that is open is sent again by the caller, unless DOKU is known to have it; a refund is asked about.
        Effect::OpenSendAgain => assert!(sent.iter().all(|sent| sent.header("X-EXTERNAL-ID") == id), "{what}"),
        Effect::Open | Effect::Alarm if operation == Operation::Payment => {
            assert!(sent.iter().all(|sent| sent.header("X-EXTERNAL-ID") == id), "{what}");
        }
        _ => assert!(sent.is_empty() && !after.is_empty(), "{what}: it is asked about first: {after:?}"),
    }
}

#[test]
fn the_table_has_each_piece_of_evidence_once() {
    for (at, row) in TABLE.iter().enumerate() {
        assert!(TABLE[..at].iter().all(|other| other.evidence != row.evidence), "{:?}", row.evidence);
        assert!(!row.says.is_empty() && !row.payment.says().is_empty());
    }
}
