//! Proves P2 and P3 by chance: half of all requests go wrong, whatever they are for, and the key is pressed again and
//! again meanwhile; with each assumption about DOKU switched off.

use crate::house::{House, Line, Said, walk};
use crate::play::payment;
use bayar::RefundRequest;
use bayar_sandbox::{Assumption, Conflict, Misbehaviour as M, Options};
use std::time::{Duration, Instant};

fn everything() -> Vec<M> {
    let code = |http: u16, case: u8| M::Code { http, code: format!("{http}54{case:02}") };
    vec![
        M::CloseBeforeWork,
        M::CloseAfterWork,
        M::ResetBeforeWork,
        M::ResetAfterWork,
        M::CloseAfterAnswer,
        M::HalfAnswer,
        M::Rubbish,
        M::Html { status: 502 },
        M::HtmlAfterWork { status: 404 },
        M::InProgress,
        M::OldToken,
        M::UnknownToken,
        M::TooMany { retry_after_s: Some(0) },
        M::TooMany { retry_after_s: None },
        M::Conflict(Conflict::IdSeen),
        M::Conflict(Conflict::AlreadyDone),
        M::Conflict(Conflict::OtherData),
        M::Conflict(Conflict::Replay),
        code(400, 1),
        code(401, 0),
        code(403, 1),
        code(403, 15),
        code(404, 0),
        code(404, 1),
        code(500, 0),
        M::CodeAfterWork { http: 500, code: "5005400".to_owned() },
        M::CodeAfterWork { http: 409, code: "4095401".to_owned() },
        M::WrongDate { ahead_s: 3600 },
        M::EmptyBody,
        M::Missing { field: "responseCode".to_owned() },
        M::NoHandshake,
        M::DelayBeforeWork { ms: 700 },
        M::HalfThenSilence,
    ]
}

struct Row {
    seed: u64,
    off: Option<Assumption>,
}

/// Presses under chance, then when all is well. Tells what was said, and what is wrong with it.
fn press(row: &Row, house: &House, call: impl Fn() -> Said, made: impl Fn() -> u64) -> (Vec<Said>, Vec<String>) {
    let (mut told, mut problems) = (Vec::new(), Vec::new());
    house.sandbox.misbehave_at_random(row.seed, 500, everything());
    for number in 0..5 {
        if number == 4 {
            house.sandbox.behave();
            // What was held back is done by now.
            std::thread::sleep(Duration::from_millis(750));
        }
        let said = call();
        let made_then = made();
        if said.denies() && made_then > 0 || said == Said::Done && made_then != 1 || made_then > 1 {
            problems.push(format!("press {number} says {said}, made {made_then}"));
        }
        if told.last() == Some(&Said::Done) && said != Said::Done {
            problems.push(format!("press {number} takes done back: {said}"));
        }
        told.push(said);
    }
    (told, problems)
}

fn play(row: &Row) -> Line {
    let house = House::open(Options { switched_off: row.off.into_iter().collect(), ..Options::default() });
    let client = house.client(500);
    let begun = Instant::now();
    let times_made = |reference: &str| house.sandbox.payment(reference).map_or(0, |payment| payment.times_made);
    let (paying, mut problems) =
        press(row, &house, || Said::of(&client.pay(&payment("INV-1"))), || times_made("INV-1"));
    house.client(60_000).pay(&payment("PAID-1")).unwrap();
    house.sandbox.approve("PAID-1").unwrap();
    let refund = || Said::of(&client.refund(&RefundRequest::new("PAID-1", "4000", "R-1").unwrap()));
    let refunded = || {
        let paid = house.sandbox.payment("PAID-1").unwrap();
        paid.refunds.iter().map(|refund| refund.times_made).sum()
    };
    let (refunding, more) = press(row, &house, refund, refunded);
    problems.extend(more);
    let words = |told: &[Said]| told.iter().map(Said::to_string).collect::<Vec<_>>().join("; ");
    let off = row.off.map_or_else(|| "all hold".to_owned(), |off| format!("not {off:?}"));
    let text = format!(
        "{:>3} | {off:<34} | pay: {}, made {} | refund: {}, made {} | {} ms",
        row.seed,
        words(&paying),
        times_made("INV-1"),
        words(&refunding),
        refunded(),
        begun.elapsed().as_millis()
    );
    Line { text, problems }
}

#[test]
fn by_chance_nothing_is_made_twice_and_nothing_made_is_denied() {
    let mut off = vec![None];
    off.extend(crate::assumptions::OFF.iter().copied().map(Some));
    let rows: Vec<_> = (0..8).flat_map(|seed| off.iter().map(move |off| (seed, *off))).collect();
    let rows: Vec<_> =
        rows.iter().enumerate().map(|(number, (_, off))| Row { seed: number as u64, off: *off }).collect();
    walk("By chance", 16, &rows, play);
}
