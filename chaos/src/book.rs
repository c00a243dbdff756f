//! What the driver knows of each reference, and the rules by which an answer is judged against what the sandbox really
//! did. Pure, so that its own tests can show that it sees what it is for.

use crate::job::{Answer, Job, Outcome, Said};
use crate::worker::NO_CLIENT;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What may be wrong with an answer, or with what is left in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrong {
    /// Made more than once.
    Duplicate,
    /// Answered as done, or asked of DOKU, and the journal does not have it.
    Lost,
    /// Said of something that was made that it was not, or the other way round.
    Contradiction,
    /// Another result than the first time.
    OtherResult,
}

/// One payment or refund.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) job: Job,
    /// Whose it is; nobody else calls it, unless the scenario shares them.
    pub(crate) lane: usize,
    /// Calls that were begun and not answered so far.
    pub(crate) in_flight: u32,
    /// Whether two calls were under way at once since the last quiet moment.
    overlapped: bool,
    /// Whether a call was killed, or said that it does not know.
    pub(crate) is_ambiguous: bool,
    /// The first result that the journal has.
    pub(crate) done: Option<Outcome>,
    /// Whether a call said done without the journal having it.
    pub(crate) was_done_unrecorded: bool,
    pub(crate) was_refused: bool,
    /// In which words.
    refusal: Option<String>,
    /// What the last call said.
    pub(crate) last: Option<Answer>,
    pub(crate) calls: u32,
    /// The customer has paid.
    pub(crate) is_paid: bool,
    /// Its journal was taken away since.
    pub(crate) is_forgotten: bool,
    /// Already reported as made twice.
    pub(crate) is_reported: bool,
    /// When a call first said, since the last one that was killed, that DOKU does not tell.
    pub(crate) open_since: Option<Instant>,
}

/// A little more than the minute of journal.md.
const HISTORY_LAG: Duration = Duration::from_millis(60_500);

/// What an error says whose call could not let go of its record.
const NOT_WRITTEN: &str = "This could not be written into the journal.";

pub(crate) type Found = Vec<(Wrong, String)>;

impl Entry {
    pub(crate) fn new(job: Job, lane: usize) -> Self {
        Self {
            job,
            lane,
            in_flight: 0,
            overlapped: false,
            is_ambiguous: false,
            done: None,
            was_done_unrecorded: false,
            was_refused: false,
            refusal: None,
            last: None,
            calls: 0,
            is_paid: false,
            is_forgotten: false,
            is_reported: false,
            open_since: None,
        }
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.done.is_some()
    }

    /// Whether it is open for longer than DOKU's refund history may lag, so that it may be sent again.
    pub(crate) fn is_open_for_long(&self) -> bool {
        self.open_since.is_some_and(|since| since.elapsed() > HISTORY_LAG)
    }

    pub(crate) fn begin(&mut self) {
        self.in_flight += 1;
        self.calls += 1;
        self.overlapped |= self.in_flight > 1;
    }

    /// A call ended without an answer.
    pub(crate) fn died(&mut self) {
        self.is_ambiguous = true;
        self.open_since = None;
        self.over();
    }

    fn over(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.overlapped &= self.in_flight > 0;
    }

    /// A call was answered; `made` says how often the sandbox had really made it by then. Where it is shared, another call may
    /// have made it since.
    pub(crate) fn hear(&mut self, answer: &Answer, made: u64, is_shared: bool) -> Found {
        let is_alone = !self.overlapped || !is_shared;
        let mut found = self.check_made(made);
        let mut wrong = |what, why: String| found.push((what, why));
        match (answer.said, &answer.outcome) {
            (Said::Done, Some(outcome)) => {
                if made == 0 {
                    wrong(Wrong::Contradiction, "done, and DOKU has made nothing".to_owned());
                }
                match &self.done {
                    // Where the journal could not be used for it, it may be worded otherwise: it says that it is not recorded.
                    Some(first) if first != outcome && answer.is_recorded => {
                        wrong(Wrong::OtherResult, format!("first {first:?}, now {outcome:?}"));
                    }
                    _ if answer.is_recorded => self.done = Some(outcome.clone()),
                    _ => self.was_done_unrecorded = true,
                }
            }
            (Said::Done, None) => wrong(Wrong::OtherResult, "done, without a result".to_owned()),
            (Said::Refused, _) => {
                // A token that was not taken is no word about the payment: the next call may make it.
                self.was_refused |= answer.kind != "Unauthorized";
                self.refusal = Some(format!("{}: {}", answer.kind, answer.message));
                // Of two calls at once the other one may have made it since: of one that was stopped when it had written down
                // that its token was not taken, too.
                let is_overtaken = self.overlapped && answer.kind == "Unauthorized";
                if !is_overtaken && ((made > 0 && is_alone) || self.done.is_some()) {
                    wrong(Wrong::Contradiction, format!("refused, and made: {}", answer.message));
                }
            }
            (Said::NotSent, _) if answer.kind == NO_CLIENT => {}
            // The journal could not even be read: it says that this call sent nothing, and what of earlier ones.
            (Said::NotSent, _) if answer.kind == "Journal" && answer.message.contains("it still is") => {}
            // Unless it was stopped when it had written that down; that nobody says it who was overtaken before, chaos/tests
            // shows.
            (Said::NotSent, _) => {
                if made > 0 && !self.overlapped {
                    wrong(Wrong::Contradiction, format!("not sent, and made: {}", answer.message));
                }
            }
            (Said::Unknown, _) => {
                // That the journal cannot be read is told; what was done stays so. Of two calls at once the one that waited in
                // vain may be heard after the other one.
                let waited = answer.kind == "Timeout" && self.overlapped;
                if self.done.is_some() && answer.kind != "Journal" && !waited {
                    wrong(Wrong::OtherResult, format!("done before, now unknown: {}", answer.message));
                }
                self.is_ambiguous = true;
                // Not where another call was waited for: that one may still have been allowed to send. Nor where the journal
                // does not have it: for whoever takes over from this call, it may have sent until then.
                match answer.kind.as_str() {
                    "InProgress" if answer.message.contains(NOT_WRITTEN) => self.open_since = None,
                    "InProgress" => drop(self.open_since.get_or_insert_with(Instant::now)),
                    _ => {}
                }
            }
        }
        self.last = Some(answer.clone());
        self.over();
        found
    }

    /// Whether it was made more than once; said once.
    pub(crate) fn check_made(&mut self, made: u64) -> Found {
        if made < 2 || self.is_reported {
            return Vec::new();
        }
        self.is_reported = true;
        vec![(Wrong::Duplicate, format!("made {made} times"))]
    }
}

/// What the journal says of a record, as the end of a round compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    Nothing,
    Done,
    /// Refused, not sent, expired: that it did not happen.
    Denied,
    Open,
}

/// What is wrong in the end, when all is quiet. `may_refuse`: refusals for now are part of the scenario.
pub(crate) fn in_the_end(entry: &mut Entry, recorded: Recorded, made: u64, may_refuse: bool) -> Found {
    let mut found = entry.check_made(made);
    let mut wrong = |what, why: String| found.push((what, why));
    match (recorded, made) {
        (Recorded::Nothing, 1..) => wrong(Wrong::Lost, "made, and the journal has no record".to_owned()),
        (Recorded::Denied, 1..) => wrong(Wrong::Contradiction, "made, and the journal denies it".to_owned()),
        (Recorded::Done, 0) => wrong(Wrong::Contradiction, "done in the journal, and never made".to_owned()),
        _ => {}
    }
    if entry.done.is_some() && recorded != Recorded::Done {
        wrong(Wrong::Lost, format!("answered as done, and {recorded:?} in the journal"));
    }
    let last = entry.last.as_ref().map(|answer| answer.said);
    let denied_last = last == Some(Said::Refused) || (last == Some(Said::NotSent) && !entry.is_ambiguous);
    let is_quiet = !entry.was_done_unrecorded && entry.done.is_none();
    if made > 0 && (denied_last && is_quiet || entry.was_refused && !may_refuse) {
        wrong(Wrong::Contradiction, format!("was refused or not sent, and was made: {:?}", entry.refusal));
    }
    found
}

/// All of one scenario.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) entries: BTreeMap<String, Entry>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let mut entry = Entry::new(Job::Pay { reference: "P".to_owned(), amount: "1".to_owned() }, 0);
        entry.begin();
        entry
    }

    fn answer(said: Said) -> Answer {
        let outcome = (said == Said::Done).then(|| outcome("{}"));
        let (kind, message) = (String::new(), String::new());
        Answer { said, kind, message, outcome, is_recorded: said == Said::Done, took_ms: 0 }
    }

    fn outcome(json: &str) -> Outcome {
        Outcome { json: json.to_owned(), link: None, external_id: "1".to_owned() }
    }

    fn kinds(found: Found) -> Vec<Wrong> {
        found.into_iter().map(|(what, _)| what).collect()
    }

    #[test]
    fn an_answer_that_agrees_is_fine() {
        for (said, made) in
            [(Said::Done, 1), (Said::Refused, 0), (Said::NotSent, 0), (Said::Unknown, 0), (Said::Unknown, 1)]
        {
            assert_eq!(kinds(entry().hear(&answer(said), made, false)), []);
        }
    }

    #[test]
    fn what_was_made_twice_is_a_duplicate_once() {
        let mut entry = entry();
        assert_eq!(kinds(entry.hear(&answer(Said::Unknown), 2, false)), [Wrong::Duplicate]);
        assert_eq!(kinds(in_the_end(&mut entry, Recorded::Open, 2, false)), []);
    }

    #[test]
    fn an_answer_that_denies_what_was_made_is_a_contradiction() {
        assert_eq!(kinds(entry().hear(&answer(Said::Refused), 1, false)), [Wrong::Contradiction]);
        assert_eq!(kinds(entry().hear(&answer(Said::NotSent), 1, false)), [Wrong::Contradiction]);
        assert_eq!(kinds(entry().hear(&answer(Said::Done), 0, false)), [Wrong::Contradiction]);
    }

    #[test]
    fn also_after_a_killed_call_nothing_that_was_made_may_be_denied() {
        let mut entry = entry();
        entry.died();
        for said in [Said::NotSent, Said::Refused] {
            entry.begin();
            assert_eq!(kinds(entry.hear(&answer(said), 1, false)), [Wrong::Contradiction]);
        }
        entry.begin();
        let no_client = Answer { kind: NO_CLIENT.to_owned(), ..answer(Said::NotSent) };
        assert_eq!(kinds(entry.hear(&no_client, 1, false)), [], "nobody was there to say it");
    }

    #[test]
    fn a_result_that_changes_is_found() {
        let mut entry = entry();
        entry.hear(&answer(Said::Done), 1, false);
        entry.begin();
        let other = Answer { outcome: Some(outcome("{\"a\":1}")), ..answer(Said::Done) };
        assert_eq!(kinds(entry.hear(&other, 1, false)), [Wrong::OtherResult]);
        entry.begin();
        assert_eq!(kinds(entry.hear(&answer(Said::Unknown), 1, false)), [Wrong::OtherResult]);
    }

    #[test]
    fn whoever_waited_in_vain_may_be_heard_after_the_one_that_was_waited_for() {
        let mut shared = entry();
        shared.begin();
        shared.hear(&answer(Said::Done), 1, true);
        let timeout = Answer { kind: "Timeout".to_owned(), ..answer(Said::Unknown) };
        assert_eq!(kinds(shared.clone().hear(&timeout, 1, true)), []);
        assert_eq!(kinds(shared.clone().hear(&answer(Said::Unknown), 1, true)), [Wrong::OtherResult]);
        shared.hear(&answer(Said::Done), 1, true);
        shared.begin();
        assert_eq!(kinds(shared.hear(&timeout, 1, true)), [Wrong::OtherResult], "nobody else was there");
    }

    #[test]
    fn whoever_was_stopped_on_its_way_home_may_tell_of_a_token_that_was_not_taken() {
        let token = Answer { kind: "Unauthorized".to_owned(), ..answer(Said::Refused) };
        for said in [token, answer(Said::NotSent)] {
            let mut stopped = entry();
            assert_eq!(kinds(stopped.clone().hear(&said, 1, false)), [Wrong::Contradiction], "nobody else was there");
            stopped.begin();
            stopped.hear(&answer(Said::Done), 1, false);
            assert_eq!(kinds(stopped.clone().hear(&said, 1, false)), []);
            assert_eq!(kinds(stopped.hear(&answer(Said::Refused), 1, false)), [Wrong::Contradiction]);
        }
    }

    #[test]
    fn what_was_not_recorded_may_be_worded_otherwise_later() {
        let mut entry = entry();
        entry.hear(&Answer { is_recorded: false, ..answer(Said::Done) }, 1, false);
        entry.begin();
        let other = Answer { outcome: Some(outcome("{\"a\":1}")), ..answer(Said::Done) };
        assert_eq!(kinds(entry.hear(&other, 1, false)), []);
        entry.begin();
        assert_eq!(kinds(entry.hear(&Answer { is_recorded: false, ..answer(Said::Done) }, 1, false)), []);
        entry.begin();
        assert_eq!(kinds(entry.hear(&answer(Said::Done), 1, false)), [Wrong::OtherResult]);
    }

    #[test]
    fn the_end_finds_what_is_lost_or_denied() {
        let mut done = entry();
        done.hear(&answer(Said::Done), 1, false);
        assert_eq!(kinds(in_the_end(&mut done.clone(), Recorded::Done, 1, false)), []);
        assert_eq!(kinds(in_the_end(&mut done.clone(), Recorded::Open, 1, false)), [Wrong::Lost]);
        assert_eq!(kinds(in_the_end(&mut done, Recorded::Nothing, 1, false)), [Wrong::Lost, Wrong::Lost]);
        let mut killed = entry();
        killed.died();
        assert_eq!(kinds(in_the_end(&mut killed.clone(), Recorded::Open, 1, false)), []);
        assert_eq!(kinds(in_the_end(&mut killed.clone(), Recorded::Denied, 1, false)), [Wrong::Contradiction]);
        assert_eq!(kinds(in_the_end(&mut killed, Recorded::Done, 0, false)), [Wrong::Contradiction]);
    }

    #[test]
    fn the_minute_of_a_refund_begins_when_the_journal_has_it_and_nobody_was_killed_since() {
        let in_progress = |message: &str| Answer {
            kind: "InProgress".to_owned(),
            message: message.to_owned(),
            ..answer(Said::Unknown)
        };
        let mut entry = entry();
        entry.hear(&in_progress(&format!("DOKU does not list the refund so far. {NOT_WRITTEN}")), 0, false);
        assert!(entry.open_since.is_none());
        entry.begin();
        entry.hear(&in_progress("DOKU does not list the refund so far."), 0, false);
        assert!(entry.open_since.is_some());
        entry.begin();
        entry.died();
        assert!(entry.open_since.is_none());
    }

    #[test]
    fn what_is_made_after_it_was_refused_is_found_in_the_end() {
        let mut refused = entry();
        refused.hear(&answer(Said::Refused), 0, false);
        assert_eq!(kinds(in_the_end(&mut refused.clone(), Recorded::Open, 1, true)), [Wrong::Contradiction]);
        assert_eq!(kinds(in_the_end(&mut refused, Recorded::Denied, 0, true)), []);
    }
}
