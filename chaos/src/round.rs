//! One round: all scenarios are killed through, a minute goes by, and each is brought to its end.

use crate::finish::{calm, finish, touch};
use crate::lane::Lane;
use crate::random::Random;
use crate::scenario::{Scenario, Trouble};
use crate::tally::Tally;
use crate::world::{World, lock, say};
use std::io;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) struct Round<'a> {
    pub(crate) seed: u64,
    /// Of all scenarios together.
    pub(crate) kills: u64,
    pub(crate) scenarios: Vec<&'static Scenario>,
    /// A database's address; else each scenario has a file.
    pub(crate) journal: Option<&'a str>,
    /// How many scenarios are at work at once.
    pub(crate) at_once: usize,
    /// Whether to wait for the minute after which what is open is due.
    pub(crate) waits: bool,
    /// A command that kills and restarts the database, run again and again.
    pub(crate) disturb: Option<&'a str>,
    /// The day in Jakarta.
    pub(crate) day: &'a str,
    /// Unlike that of any other round that shares the journal.
    pub(crate) prefix: &'a str,
}

/// A little more than the minute in which DOKU wants not to be asked, and a refund not to be sent again.
const A_MINUTE: Duration = Duration::from_secs(62);
/// A scenario that does not come to its kills by then is over.
const LONGEST: Duration = Duration::from_secs(900);

impl Round<'_> {
    pub(crate) fn play(&self) -> io::Result<Vec<(String, Tally)>> {
        let (is_over, open) = (AtomicBool::new(false), Mutex::new(Vec::new()));
        std::thread::scope(|scope| -> io::Result<()> {
            if let Some(command) = self.disturb {
                let is_over = &is_over;
                scope.spawn(move || disturb(command, Random::new(self.seed), is_over));
            }
            let played = self.each(self.scenarios.len(), |at| {
                let Some(scenario) = self.scenarios.get(at) else { return Ok(()) };
                let world = self.kill(scenario, at)?;
                lock(&open).push((at, world));
                Ok(())
            });
            is_over.store(true, Ordering::SeqCst);
            played
        })?;
        if self.waits {
            std::thread::sleep(A_MINUTE);
        }
        let mut worlds = open.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        worlds.sort_by_key(|(at, _)| *at);
        self.each(worlds.len(), |at| match worlds.get(at) {
            Some((_, world)) => finish(world, self.waits),
            None => Ok(()),
        })?;
        Ok(worlds.iter().map(|(_, world)| (world.scenario.name.to_owned(), world.tally().clone())).collect())
    }

    /// Does something for each number, several at a time.
    fn each(&self, count: usize, what: impl Fn(usize) -> io::Result<()> + Sync) -> io::Result<()> {
        let (next, failed) = (AtomicUsize::new(0), Mutex::new(Ok(())));
        std::thread::scope(|scope| {
            for _ in 0..self.at_once.max(1) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::SeqCst);
                        if at >= count {
                            break;
                        }
                        if let Err(error) = what(at) {
                            *lock(&failed) = Err(error);
                        }
                    }
                });
            }
        });
        failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The scenario's share of the kills.
    fn kill(&self, scenario: &'static Scenario, at: usize) -> io::Result<World> {
        let count = self.scenarios.len() as u64;
        let goal = self.kills / count + u64::from((at as u64) < self.kills % count);
        let seed = self.seed ^ ((at as u64 + 1) << 32);
        let world = World::open(scenario, seed, self.journal, self.day, &format!("{}-{at}", self.prefix))?;
        let (kills, is_over, begun) = (AtomicU64::new(0), AtomicBool::new(false), Instant::now());
        std::thread::scope(|scope| {
            if let Some(disk) = &world.disk {
                let is_over = &is_over;
                scope.spawn(move || disk.play(&mut Random::new(seed), is_over));
            }
            std::thread::scope(|lanes| {
                for number in 0..scenario.workers() {
                    let (world, kills) = (&world, &kills);
                    lanes.spawn(move || {
                        let random = Random::new(seed ^ (number as u64 + 1));
                        let mut lane = Lane { world, number, random, kills, goal, end: begun + LONGEST };
                        if let Err(error) = lane.run() {
                            world.report_other(&format!("no worker could be started: {error}"));
                        }
                    });
                }
            });
            is_over.store(true, Ordering::SeqCst);
        });
        if scenario.trouble == Trouble::JournalLost {
            world.lose_journal();
        }
        calm(&world);
        touch(&world)?;
        say(&format!("{}: {} kills in {} s", scenario.name, world.tally().kills(), begun.elapsed().as_secs()));
        Ok(world)
    }
}

fn disturb(command: &str, mut random: Random, is_over: &AtomicBool) {
    while !is_over.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(1_000 + random.below(6_000)));
        let _ = Command::new("sh").args(["-c", command]).status();
    }
}
