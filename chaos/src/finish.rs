//! The end of a scenario: DOKU behaves, everybody has paid, all is asked again; then what the journal says is held
//! against what the sandbox really did.

use crate::book::{Found, Recorded, Wrong, in_the_end};
use crate::child::{Came, Child, Start};
use crate::job::{Answer, Job, Said};
use crate::world::{World, name_of};
use std::io;
use std::time::Duration;

/// A call's limit now, when nothing goes wrong any more.
const TIMEOUT_MS: u64 = 20_000;
const PATIENCE: Duration = Duration::from_secs(90);
/// Twice the workers' limit and a second, and a little more: then a call that was killed can be taken over.
const HOLD: Duration = Duration::from_millis(2_100);
/// How often what stays open is asked again at the most.
const TRIES: u32 = 6;

/// What a worker says; it is not killed any more, so it must say something.
struct Desk<'a> {
    world: &'a World,
    child: Child,
}

impl<'a> Desk<'a> {
    fn open(world: &'a World) -> io::Result<Self> {
        Ok(Self { world, child: Child::start(&world.patient(TIMEOUT_MS), &Start::default())? })
    }

    fn call(&mut self, job: &Job) -> Option<Answer> {
        self.world.begin(job);
        self.child.give(job);
        match self.child.answer(PATIENCE) {
            Came::Answer(answer) => {
                if !name_of(job).is_empty() {
                    self.world.hear(job, &answer);
                }
                Some(answer)
            }
            came => {
                self.world.report_other(&format!("a worker did not answer in the end: {came:?}"));
                None
            }
        }
    }
}

/// When it is quiet: no misbehaviour, and every customer has paid.
pub(crate) fn calm(world: &World) {
    world.sandbox.behave();
    for payment in world.sandbox.payments() {
        world.approve(&payment.partner_reference_no);
    }
}

/// When all holds are over: asks again about every other reference that is open; the rest is left for `settle`. From then
/// on the minute counts after which a refund that DOKU does not list may be sent again.
pub(crate) fn touch(world: &World) -> io::Result<()> {
    std::thread::sleep(HOLD);
    let open = |entry: &&crate::book::Entry| !entry.is_settled();
    let jobs: Vec<Job> = world.book().entries.values().filter(open).step_by(2).map(|entry| entry.job.clone()).collect();
    let mut desk = Desk::open(world)?;
    for job in &jobs {
        desk.call(job);
    }
    Ok(())
}

/// Settles, asks everything again, and compares. `has_waited`: for the minute after which a refund that DOKU does not
/// list may be sent again, and after which what is open is due.
pub(crate) fn finish(world: &World, has_waited: bool) -> io::Result<()> {
    ask(world, has_waited)?;
    let jobs: Vec<Job> = world.book().entries.values().map(|entry| entry.job.clone()).collect();
    let mut desk = Desk::open(world)?;
    for job in &jobs {
        for _ in 0..TRIES {
            let answer = desk.call(job);
            if answer.is_none_or(|answer| answer.said == Said::Done) || world.recorded(job) == Some(Recorded::Denied) {
                break;
            }
            // Made only now, it was paid by nobody; and where its link was lost with a killed database, being paid is what
            // settles it.
            if let Job::Pay { reference, .. } = job {
                world.approve(reference);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    // After a restart the result is the same.
    let mut desk = Desk::open(world)?;
    for job in &jobs {
        desk.call(job);
    }
    for job in &jobs {
        compare(world, job);
    }
    let counts = world.sandbox.counts();
    let mut tally = world.tally();
    tally.payments += counts.payments_made;
    tally.refunds += counts.refunds_made;
    drop(tally);
    match world.is_file.then(|| integrity(world.journal())) {
        None => {}
        Some(Ok(said)) if said == "ok" => {}
        Some(said) => world.report_other(&format!("the journal is damaged: {said:?}")),
    }
    Ok(())
}

/// `settle` and `reconcile`, killed now and then: they only ask.
fn ask(world: &World, has_waited: bool) -> io::Result<()> {
    let before = world.sandbox.counts();
    for crash_at in [Some("asking.before_observe:3"), Some("journal.before_commit:2"), None] {
        let start = Start { crash_at: crash_at.filter(|_| has_waited).map(str::to_owned), ..Start::default() };
        let mut child = Child::start(&world.patient(TIMEOUT_MS), &start)?;
        child.give(&Job::Settle);
        let _ = child.answer(PATIENCE);
        if child.end() {
            let point = start.crash_at.as_deref().and_then(|at| at.split_once(':')).map_or("", |(point, _)| point);
            *world.tally().kills_at_points.entry(point.to_owned()).or_default() += 1;
        }
    }
    if world.is_file {
        Desk::open(world)?.call(&Job::Reconcile { day: world.day.clone(), limit_ms: 60_000 });
    }
    let after = world.sandbox.counts();
    let sent = (after.payment_requests - before.payment_requests) + (after.refund_requests - before.refund_requests);
    if sent > 0 {
        world.report_other(&format!("settle or reconcile has sent {sent} payments or refunds; they must only ask"));
    }
    Ok(())
}

fn compare(world: &World, job: &Job) {
    let name = name_of(job);
    let Some(recorded) = world.recorded(job) else {
        world.report_other(&format!("the journal cannot be read about {name}"));
        return;
    };
    let (made, may_refuse) = (world.made(job), world.scenario.may_refuse());
    let (mut found, last, is_open_for_long): (Found, Option<Answer>, bool) = match world.book().entries.get_mut(name) {
        None => return,
        Some(entry) => (in_the_end(entry, recorded, made, may_refuse), entry.last.clone(), entry.is_open_for_long()),
    };
    if world.recorded(job) == Some(Recorded::Nothing) && world.requests(job) > 0 {
        found.push((Wrong::Lost, "DOKU was asked for it, and the journal does not know it".to_owned()));
    }
    world.report(name, found);
    if recorded != Recorded::Open {
        return;
    }
    let what = if matches!(job, Job::Pay { .. }) { "payment" } else { "refund" };
    let said = last.map(|answer| first_sentence(&answer)).unwrap_or_default();
    *world.tally().open.entry(format!("{what}, made {made}: {said}")).or_default() += 1;
    // A refund that DOKU does not list is sent again after a minute at the soonest.
    let is_young = !is_open_for_long && matches!(job, Job::Refund { .. }) && made == 0;
    if world.scenario.may_stay_open().is_none() && !is_young && is_safe_day() {
        world.tally().wrongly_open += 1;
        crate::world::say(&format!("WRONG, {}: {name} is still open: {said}", world.scenario.name));
    }
}

fn first_sentence(answer: &Answer) -> String {
    let sentence = answer.message.split(". ").next().unwrap_or_default();
    format!("{} ({sentence})", answer.kind)
}

fn integrity(journal: &str) -> Result<String, rusqlite::Error> {
    let connection = rusqlite::Connection::open(journal)?;
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))
}

/// Near midnight in Jakarta or in Greenwich nothing is sent again (journal.md rule 4), so that more may be open.
fn is_safe_day() -> bool {
    let now = seconds();
    [0, 7 * 3600].iter().all(|zone| (2_400..86_400 - 1_200).contains(&((now + zone) % 86_400)))
}

fn seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
