//! The rules of the journal (journal.md), pure: what a record becomes when somebody wants to work on it, has found
//! something out, asked about it, or closes it by hand. Every store obeys the same ones.

use super::record::{Answer, Attempt, Hold, Intent, Moment, Need, Open, Record, Source, State};
use super::store::{Refunds, Seen};
use crate::clock::Tick;
use crate::error::{Error, Result};
use crate::snap::external_id::Operation;
use crate::snap::timestamp::{self, Form};
use crate::status::TransactionStatus;

/// What a call brings along that wants to work on an operation.
pub(super) struct Claim<'a> {
    pub(super) intent: &'a Intent,
    /// A random number of the call.
    pub(super) call: i64,
    /// How long the call may still begin to send.
    pub(super) lease_ms: i64,
    /// That this refund may bring the refunds of a payment above what was paid.
    pub(super) allow_over_refund: bool,
    /// Now, with DOKU's date.
    pub(super) now: Tick,
}

/// What became of it.
pub(super) enum Claimed {
    /// The operation is the call's, once this record is written.
    Mine { record: Record, sent_before: bool },
    /// It has its result.
    Settled(Record),
    /// Another call is at work on it.
    Busy,
}

/// What a call found out about the operation that it holds.
#[derive(Clone)]
pub(crate) enum Finding {
    /// This call sent no byte of the operation, and learned nothing about it.
    NothingNew,
    /// See [`State::TokenRefused`].
    TokenRefused,
    /// See [`State::Done`].
    Done(Answer),
    /// See [`State::Refused`].
    Refused(Answer),
    /// See [`State::RefusedForNow`].
    RefusedForNow,
    /// Bytes were sent, and what came of them is not known.
    Unknown(Open),
    /// DOKU has something else than was ordered; bytes were sent before.
    Conflict(String),
}

/// What asking about an open operation taught.
pub(crate) enum Observation {
    Done(Answer),
    Refused(Answer),
    Conflict(String),
    /// DOKU does not know the payment.
    NotFound,
    /// Nothing that settles it.
    StillOpen,
}

/// How a person closes a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(i32)]
pub enum Resolution {
    /// It happened: DOKU's dashboard shows it.
    Done = 1,
    /// It did not happen, and will not.
    Refused = 2,
    /// Whatever became of it, it is not wanted any more; a payment's link may still be paid, which is reported.
    Abandoned = 3,
}

/// Beyond lease and call a hold lasts this much longer: for clocks, and for what the kernel still delivers.
pub(super) const GRACE_MS: i64 = 1_000;
/// DOKU wants to be asked no sooner than a minute after a payment (protocol.md section 7).
const FIRST_ASK_MS: i64 = 60_000;
const LONGEST_ASK_MS: i64 = 3_600_000;
/// After the end of a link, this long is waited before "not found" counts.
const AFTER_END_MS: i64 = 600_000;
/// This many times DOKU has to say so.
const NOT_FOUND_TIMES: u32 = 3;
/// The trail of a record is cut to this many bytes, the oldest lines first.
const LONGEST_TRAIL: usize = 4_000;

/// Takes hold of an operation, unless it is settled or held.
pub(super) fn claim(
    seen: &Seen,
    claim: &Claim<'_>,
    attempt: &mut dyn FnMut(Need<'_>) -> Result<Attempt>,
) -> Result<Claimed> {
    let Some(known) = &seen.record else {
        must_not_exceed(claim, seen.refunds)?;
        let now_ms = claim.now.wall_ms;
        let record = Record {
            intent: claim.intent.clone(),
            attempt: attempt(Need::First)?,
            number: 1,
            state: State::Sending,
            answer: None,
            open: None,
            epoch: 0,
            hold: None,
            created_ms: now_ms,
            changed_ms: now_ms,
            transaction_status: None,
            next_ask_ms: None,
            asked: 0,
            not_found: 0,
            note: None,
            trail: String::new(),
        };
        return Ok(mine(record, claim, seen.now));
    };
    claim.intent.must_match(&known.intent)?;
    let mut record = known.clone();
    match known.state {
        State::Done | State::Refused | State::Expired | State::Abandoned => return Ok(Claimed::Settled(record)),
        State::Sending => match known.hold {
            // A commit that was in doubt did happen.
            Some(hold) if hold.call == claim.call => {
                return Ok(Claimed::Mine { sent_before: record.open.is_some(), record });
            }
            Some(hold) if !hold.is_over(seen.now) => return Ok(Claimed::Busy),
            _ => record.open = Some(left_behind(known, claim.now)),
        },
        State::RefusedForNow => {
            must_not_exceed(claim, seen.refunds)?;
            record.attempt = attempt(Need::Another)?;
            record.number += 1;
        }
        State::Unsent => {
            must_not_exceed(claim, seen.refunds)?;
            record.attempt = attempt(Need::Rewritten(&known.attempt.external_id))?;
        }
        State::TokenRefused => must_not_exceed(claim, seen.refunds)?,
        State::Unknown | State::Conflict => {}
    }
    Ok(mine(record, claim, seen.now))
}

fn mine(mut record: Record, claim: &Claim<'_>, now: Moment) -> Claimed {
    // The holder may begin to send until its lease is over, and be at it for a call's length then.
    let held_ms = claim.lease_ms.saturating_mul(2).saturating_add(GRACE_MS);
    record.state = State::Sending;
    record.epoch += 1;
    record.hold = Some(Hold { call: claim.call, until: Moment { ms: now.ms.saturating_add(held_ms), ..now } });
    record.changed_ms = claim.now.wall_ms;
    record.next_ask_ms = Some(claim.now.wall_ms.saturating_add(held_ms.max(FIRST_ASK_MS)));
    let line = format!("attempt {} under X-EXTERNAL-ID {}", record.number, record.attempt.external_id);
    note_down(&mut record, claim.now.wall_ms, &line);
    Claimed::Mine { sent_before: record.open.is_some(), record }
}

/// What is known of a transmission whose call died or was stopped: it may have been sent until now.
fn left_behind(record: &Record, now: Tick) -> Open {
    Open { last_sent: now, ask_only: record.open.is_some_and(|open| open.ask_only) }
}

/// Two refunds of one payment under two numbers are two refunds (journal.md rule 6).
fn must_not_exceed(claim: &Claim<'_>, refunds: Option<Refunds>) -> Result<()> {
    let Some(Refunds { paid_sen: Some(paid), others_sen }) = refunds else { return Ok(()) };
    if claim.allow_over_refund || others_sen.saturating_add(claim.intent.amount.sen()) <= paid {
        return Ok(());
    }
    let rupiah = |sen: i64| format!("{}.{:02}", sen / 100, sen % 100);
    let message = format!(
        "This refund of {} would bring the refunds of the payment '{}' above the {} that were paid: {} are refunded or \
         may be. Nothing was sent. See the records of the payment; allow_over_refund lets it through all the same.",
        claim.intent.amount,
        claim.intent.original.as_deref().unwrap_or_default(),
        rupiah(paid),
        rupiah(others_sen)
    );
    Err(Error::argument("amount", message))
}

/// Writes what a call found out. `None`: somebody else has taken the operation over since, and knows better.
pub(super) fn finish(known: &Record, held: &Record, finding: Finding, said: &str, now: Tick) -> Option<Record> {
    let is_held = known.epoch == held.epoch && known.state == State::Sending;
    // That it was done is true whoever holds it now, and whatever somebody has closed it as; what a person gave up stays so.
    let is_proof = !matches!(known.state, State::Done | State::Abandoned) && matches!(finding, Finding::Done(_));
    if !is_held && !is_proof {
        return None;
    }
    let mut record = known.clone();
    if !is_held {
        record.epoch += 1;
    }
    let (state, answer) = match (finding, record.open) {
        (Finding::NothingNew | Finding::TokenRefused, Some(_)) => (State::Unknown, None),
        (Finding::NothingNew, None) => (State::Unsent, None),
        (Finding::TokenRefused, None) => (State::TokenRefused, None),
        (Finding::Done(answer), _) => (State::Done, Some(answer)),
        (Finding::Refused(answer), _) => (State::Refused, Some(answer)),
        (Finding::RefusedForNow, _) => (State::RefusedForNow, None),
        (Finding::Unknown(open), _) => {
            record.open = Some(open);
            (State::Unknown, None)
        }
        (Finding::Conflict(why), open) => {
            let last_sent = open.map_or(now, |open| open.last_sent);
            record.open = Some(Open { last_sent, ask_only: true });
            record.note = Some(why);
            (State::Conflict, None)
        }
    };
    if let Some(answer) = &answer
        && record.intent.operation == Operation::Payment
    {
        record.transaction_status =
            merge(record.transaction_status, answer.transaction_status(&record.intent.reference));
    }
    settle_as(&mut record, state, answer, now.wall_ms);
    let colon = if said.is_empty() { "" } else { ": " };
    note_down(&mut record, now.wall_ms, &format!("{}{colon}{said}", state.name()));
    Some(record)
}

/// Writes what asking taught, if nobody has touched the record since. A call that is at work is left alone.
pub(super) fn observe(
    known: &Record,
    asked: &Record,
    observation: Observation,
    status: Option<TransactionStatus>,
    now: Tick,
) -> Option<Record> {
    if known.epoch != asked.epoch || known.state != asked.state {
        return None;
    }
    let mut record = known.clone();
    let now_ms = now.wall_ms;
    if record.intent.operation == Operation::Payment {
        record.transaction_status = merge(record.transaction_status, status);
    }
    if !record.state.is_open() {
        // A payment that is settled, or was given up: only the money is followed.
        if record.next_ask_ms.is_some() {
            record.asked += 1;
            // It ends with an answer, not with an inquiry that failed.
            let is_answered = status.is_some() || !matches!(observation, Observation::StillOpen);
            let again = (!is_answered).then(|| now_ms.saturating_add(pause(record.asked)));
            record.next_ask_ms = again.or_else(|| next_ask(&record, now_ms));
        }
        return (record != *known).then(|| {
            if record.transaction_status != known.transaction_status {
                let said = record.transaction_status.map_or("nothing", TransactionStatus::name);
                let after = if record.is_paid_after_cancel() { ", after it was given up" } else { "" };
                note_down(&mut record, now_ms, &format!("asked: {said}{after}"));
            }
            changed(record, now_ms)
        });
    }
    record.asked += 1;
    if record.state == State::Sending {
        record.open = Some(left_behind(known, now));
        record.state = State::Unknown;
    }
    let (state, answer, said) = match observation {
        Observation::Done(answer) => (State::Done, Some(answer), "by its status".to_owned()),
        Observation::Refused(answer) => (State::Refused, Some(answer), "by its status".to_owned()),
        Observation::Conflict(why) => {
            record.note = Some(why.clone());
            (State::Conflict, None, why)
        }
        Observation::NotFound if is_after_end(&record, now_ms) => {
            record.not_found += 1;
            if record.not_found >= NOT_FOUND_TIMES {
                (State::Expired, None, "DOKU never knew it, and its link is dead".to_owned())
            } else {
                (record.state, None, "its link is dead, and DOKU does not know it".to_owned())
            }
        }
        Observation::NotFound => (record.state, None, "DOKU does not know it so far".to_owned()),
        Observation::StillOpen => (record.state, None, "its status does not tell".to_owned()),
    };
    settle_as(&mut record, state, answer, now_ms);
    note_down(&mut record, now_ms, &format!("asked, {}: {said}", state.name()));
    Some(changed(record, now_ms))
}

/// A person closes it; again in the same words changes nothing, so that it may be said again where a commit was in doubt.
/// The error says why it cannot be.
pub(super) fn resolve(seen: &Seen, resolution: Resolution, reason: &str, now: Tick) -> Result<Record> {
    let Some(known) = &seen.record else {
        return Err(Error::argument("reference", "The journal has no such record. Nothing was changed."));
    };
    let is_so_already = match resolution {
        Resolution::Done => known.state == State::Done && is_by_hand(known),
        Resolution::Refused => known.state == State::Refused && is_by_hand(known),
        Resolution::Abandoned => known.state == State::Abandoned,
    };
    if is_so_already && known.note.as_deref() == Some(reason) {
        return Ok(known.clone());
    }
    let name = known.state.name();
    let refused = |why: &str| {
        let reference = &known.intent.reference;
        Err(Error::argument("reference", format!("The record '{reference}' is {name}: {why} Nothing was changed.")))
    };
    if known.state == State::Sending && known.hold.is_some_and(|hold| !hold.is_over(seen.now)) {
        return refused("a call is at work on it.");
    }
    // A link that was made and not paid may be given up.
    let is_unpaid = known.intent.operation == Operation::Payment
        && known.state == State::Done
        && !matches!(known.transaction_status, Some(TransactionStatus::Paid | TransactionStatus::Refunded));
    let allowed = match resolution {
        Resolution::Abandoned => known.state.is_open() || is_unpaid,
        Resolution::Done | Resolution::Refused => known.state.is_open(),
    };
    if !allowed {
        return refused("what is settled is not closed by hand.");
    }
    let mut record = known.clone();
    let by_hand = Answer { http_status: 0, body: String::new(), source: Source::Person };
    let (state, answer) = match resolution {
        Resolution::Done => (State::Done, Some(by_hand)),
        Resolution::Refused => (State::Refused, Some(by_hand)),
        Resolution::Abandoned => (State::Abandoned, record.answer.clone()),
    };
    record.note = Some(reason.to_owned());
    settle_as(&mut record, state, answer, now.wall_ms);
    if state == State::Abandoned && record.intent.operation == Operation::Payment {
        // Once at least, also where its link is dead already: it may have been paid.
        record.asked = 0;
        record.next_ask_ms = Some(now.wall_ms.saturating_add(FIRST_ASK_MS));
    }
    note_down(&mut record, now.wall_ms, &format!("closed by hand as {}: {reason}", state.name()));
    Ok(changed(record, now.wall_ms))
}

fn is_by_hand(record: &Record) -> bool {
    record.answer.as_ref().is_some_and(|answer| answer.source == Source::Person)
}

fn changed(mut record: Record, now_ms: i64) -> Record {
    record.epoch += 1;
    record.changed_ms = now_ms;
    record
}

fn settle_as(record: &mut Record, state: State, answer: Option<Answer>, now_ms: i64) {
    record.state = state;
    record.hold = None;
    if answer.is_some() {
        record.answer = answer;
    }
    record.changed_ms = now_ms;
    record.next_ask_ms = next_ask(record, now_ms);
}

/// Asked again after a minute, then ever less often; a payment that was given up, until its link is dead.
fn next_ask(record: &Record, now_ms: i64) -> Option<i64> {
    let next_ms = now_ms.saturating_add(pause(record.asked));
    match record.state {
        state if state.is_open() => Some(next_ms),
        State::Abandoned if follows_money(record, now_ms) => Some(next_ms),
        _ => None,
    }
}

fn pause(asked: u32) -> i64 {
    FIRST_ASK_MS.saturating_mul(1 << asked.min(6)).min(LONGEST_ASK_MS)
}

fn follows_money(record: &Record, now_ms: i64) -> bool {
    record.intent.operation == Operation::Payment && !record.is_paid_after_cancel() && !is_after_end(record, now_ms)
}

fn is_after_end(record: &Record, now_ms: i64) -> bool {
    let end_ms = record.attempt.valid_up_to_ms;
    record.intent.operation == Operation::Payment && now_ms >= end_ms.saturating_add(AFTER_END_MS)
}

/// A status that is further on is not taken back by one that is late: nothing overrides paid but refunded, and
/// refunded stays.
pub(crate) fn merge(known: Option<TransactionStatus>, said: Option<TransactionStatus>) -> Option<TransactionStatus> {
    match (known, said) {
        (known, None) => known,
        (Some(TransactionStatus::Refunded), _) => known,
        (Some(TransactionStatus::Paid), Some(TransactionStatus::Refunded)) => said,
        (Some(TransactionStatus::Paid), _) => known,
        // That DOKU does not find it says less than what it said before.
        (Some(_), Some(TransactionStatus::NotFound)) => known,
        _ => said,
    }
}

fn note_down(record: &mut Record, now_ms: i64, line: &str) {
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    record.trail.push_str(&format!("{} {line}\n", timestamp::format(now_ms, Form::WibMillis)));
    while record.trail.len() > LONGEST_TRAIL {
        let Some((_, rest)) = record.trail.split_once('\n') else { break };
        record.trail = rest.to_owned();
    }
}
