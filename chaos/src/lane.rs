//! One worker after the other: each gets jobs until it is killed, or has done enough.

use crate::child::{Came, Child, Start};
use crate::job::{Answer, Job, Said};
use crate::random::Random;
use crate::scenario::{POINTS, Trouble};
use crate::world::World;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A worker that was not killed by then ends by itself.
const JOBS: u32 = 14;
/// A worker that does not answer within this much is a failure: its limit is half a second (P4).
const PATIENCE: Duration = Duration::from_secs(20);

/// What is planned for a worker.
struct Plan {
    start: Start,
    kill_after: Option<Duration>,
    stop_after: Option<Duration>,
}

impl Plan {
    fn draw(world: &World, random: &mut Random) -> Self {
        let mut plan = Self { start: Start::default(), kill_after: None, stop_after: None };
        let point = |random: &mut Random, most: u64| {
            let point = random.pick(POINTS).copied().unwrap_or_default();
            Some(format!("{point}:{}", 1 + random.below(most)))
        };
        let moment = |random: &mut Random| {
            // As often in the first milliseconds as later.
            let scale = 1 << random.below(10);
            Some(Duration::from_micros(random.below(1000) * scale))
        };
        if world.scenario.trouble == Trouble::Stopped && random.strikes(60) {
            match random.strikes(70) {
                true => plan.start.stop_at = point(random, 6),
                false => plan.stop_after = moment(random),
            }
        } else {
            match random.strikes(60) {
                true => plan.start.crash_at = point(random, 8),
                false => plan.kill_after = moment(random),
            }
        }
        if world.scenario.trouble == Trouble::DiskFull && world.disk.is_none() && random.strikes(60) {
            plan.start.file_limit = Some(8 + random.below(400));
        }
        plan
    }
}

pub(crate) struct Lane<'a> {
    pub(crate) world: &'a World,
    pub(crate) number: usize,
    pub(crate) random: Random,
    /// Counts the kills of all lanes.
    pub(crate) kills: &'a AtomicU64,
    pub(crate) goal: u64,
    pub(crate) end: Instant,
}

impl Lane<'_> {
    pub(crate) fn run(&mut self) -> io::Result<()> {
        while self.kills.load(Ordering::SeqCst) < self.goal && Instant::now() < self.end {
            let mut plan = Plan::draw(self.world, &mut self.random);
            // Somebody else has fetched a newer token, so that ours is refused, and must be renewed by one of us.
            if self.random.strikes(15) {
                self.world.sandbox.forget_tokens();
            }
            let child = Child::start(&self.world.settings, &plan.start)?;
            let was_killed = self.lead(child, &mut plan);
            if was_killed {
                self.count(plan.start.crash_at.as_deref());
            }
            if self.world.scenario.trouble == Trouble::JournalLost && self.random.strikes(30) {
                self.world.lose_journal();
            }
        }
        Ok(())
    }

    fn count(&self, point: Option<&str>) {
        self.kills.fetch_add(1, Ordering::SeqCst);
        let mut tally = self.world.tally();
        match point.and_then(|point| point.split_once(':')) {
            Some((point, _)) => *tally.kills_at_points.entry(point.to_owned()).or_default() += 1,
            None => tally.kills_at_random += 1,
        }
    }

    /// Gives jobs to a worker until it is gone; whether it was killed.
    fn lead(&mut self, mut child: Child, plan: &mut Plan) -> bool {
        let begun = Instant::now();
        for _ in 0..JOBS {
            let job = self.next_job();
            self.world.begin(&job);
            child.give(&job);
            match self.wait(&mut child, &job, plan, begun) {
                Some(answer) => {
                    self.world.hear(&job, &answer);
                    self.perhaps_pay(&job, &answer);
                }
                None => {
                    let was_killed = child.end();
                    self.world.died(&job);
                    return was_killed;
                }
            }
        }
        child.end();
        false
    }

    /// The answer; `None` when the worker is gone.
    fn wait(&mut self, child: &mut Child, job: &Job, plan: &mut Plan, begun: Instant) -> Option<Answer> {
        let planned = plan.kill_after.or(plan.stop_after);
        let within = planned.map_or(PATIENCE, |after| (begun + after).saturating_duration_since(Instant::now()));
        let mut came = child.answer(within);
        if matches!(came, Came::Late) {
            if plan.kill_after.is_some() {
                child.kill();
            } else if plan.stop_after.take().is_some() {
                child.stop();
            } else {
                self.world.report_other(&format!("a call did not end within {} s", PATIENCE.as_secs()));
                child.kill();
            }
            // What it had answered before is still in the pipe.
            came = child.answer(PATIENCE);
        }
        match came {
            Came::Answer(answer) => {
                child.wake();
                Some(answer)
            }
            Came::Stopped => self.overtake(child, job),
            Came::Ended | Came::Late => None,
        }
    }

    /// A worker stands still in the middle of a call: another one calls the same, until it has taken over. Then the first
    /// is woken, and has to tell the truth; or it is killed as it stands.
    fn overtake(&mut self, child: &mut Child, job: &Job) -> Option<Answer> {
        self.world.tally().stops += 1;
        if let Ok(mut other) = Child::start(&self.world.settings, &Start::default()) {
            let until = Instant::now() + Duration::from_millis(500 + self.random.below(5_000));
            while Instant::now() < until {
                self.world.begin(job);
                other.give(job);
                let Came::Answer(answer) = other.answer(PATIENCE) else {
                    self.world.died(job);
                    break;
                };
                self.world.hear(job, &answer);
                if matches!(answer.said, Said::Done | Said::Refused) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            other.end();
        }
        if self.random.strikes(20) {
            child.kill();
            return None;
        }
        child.wake();
        match child.answer(PATIENCE) {
            Came::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    fn next_job(&mut self) -> Job {
        let (world, lane, random) = (self.world, self.number, &mut self.random);
        let job = match random.below(100) {
            0 => Some(Job::Settle),
            // In a database there are those of others, too.
            1..=3 if world.is_file => Some(Job::Reconcile { day: world.day.clone(), limit_ms: 1_500 }),
            1..=39 => world.known(lane, false, random),
            40..=49 => world.known(lane, true, random),
            50..=79 => world.new_refund(lane, random),
            80..=89 if world.scenario.trouble == Trouble::Shared => world.busy(random),
            _ => None,
        };
        job.unwrap_or_else(|| world.new_payment(lane))
    }

    /// Most customers pay at once.
    fn perhaps_pay(&mut self, job: &Job, answer: &Answer) {
        if let Job::Pay { reference, .. } = job
            && answer.said == Said::Done
            && self.random.strikes(70)
        {
            self.world.approve(reference);
        }
    }
}
