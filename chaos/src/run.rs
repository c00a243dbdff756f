//! The arguments, the rounds one after the other, and the file from which a run is taken up again.

use crate::round::Round;
use crate::scenario::ALL;
use crate::tally::{Tally, table};
use crate::world::say;
use crate::{crowd, disk, worker};
use lexopt::{Arg, Parser, ValueExt};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "bayar-chaos run [--seed N] [--kills N] [--rounds N] [--at-once N] [--no-wait] [--scenario NAME]…\n\
    [--state FILE [--resume]] [--table FILE] [--journal postgres://… [--disturb COMMAND]]\n\
    --kills is of each round, all scenarios together. --disturb kills and restarts the database.";

struct Arguments {
    seed: u64,
    kills: u64,
    rounds: u64,
    at_once: usize,
    waits: bool,
    scenarios: Vec<String>,
    state: Option<PathBuf>,
    resumes: bool,
    table: Option<PathBuf>,
    journal: Option<String>,
    disturb: Option<String>,
}

/// What is kept between two rounds.
#[derive(Default, Serialize, Deserialize)]
struct State {
    seed: u64,
    rounds: u64,
    rows: Vec<(String, Tally)>,
}

/// Whether all was well.
pub(crate) fn main() -> Result<bool> {
    let mut parser = Parser::from_env();
    let command = parser.value().ok().and_then(|word| word.into_string().ok()).unwrap_or_default();
    match command.as_str() {
        "run" => {
            disk::enter_own_mounts();
            run(&read(parser)?)
        }
        "work" => Ok(worker::work().map(|()| true)?),
        "crowd" => {
            let (threads, refunds) = (parser.value()?.parse()?, parser.value()?.parse()?);
            let (payment, amount) = (parser.value()?.string()?, parser.value()?.string()?);
            Ok(crowd::crowd(threads, refunds, &payment, &amount).map(|()| true)?)
        }
        _ => Err(USAGE.into()),
    }
}

fn read(mut parser: Parser) -> Result<Arguments> {
    let mut read = Arguments {
        seed: 1,
        kills: 200,
        rounds: 1,
        at_once: 2,
        waits: true,
        scenarios: Vec::new(),
        state: None,
        resumes: false,
        table: None,
        journal: None,
        disturb: None,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("seed") => read.seed = parser.value()?.parse()?,
            Arg::Long("kills") => read.kills = parser.value()?.parse()?,
            Arg::Long("rounds") => read.rounds = parser.value()?.parse()?,
            Arg::Long("at-once") => read.at_once = parser.value()?.parse()?,
            Arg::Long("no-wait") => read.waits = false,
            Arg::Long("scenario") => read.scenarios.push(parser.value()?.string()?),
            Arg::Long("state") => read.state = Some(parser.value()?.into()),
            Arg::Long("resume") => read.resumes = true,
            Arg::Long("table") => read.table = Some(parser.value()?.into()),
            Arg::Long("journal") => read.journal = Some(parser.value()?.string()?),
            Arg::Long("disturb") => read.disturb = Some(parser.value()?.string()?),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(read)
}

fn run(read: &Arguments) -> Result<bool> {
    let chosen = |name: &str| read.scenarios.is_empty() || read.scenarios.iter().any(|wanted| wanted == name);
    let scenarios: Vec<_> =
        ALL.iter().filter(|it| chosen(it.name) && (read.journal.is_none() || !it.needs_file)).collect();
    if scenarios.is_empty() {
        return Err("there is no such scenario".into());
    }
    let known = read.state.as_deref().filter(|_| read.resumes).map(load).transpose()?.flatten();
    let mut state = known.unwrap_or_else(|| State { seed: read.seed, ..State::default() });
    say(&format!("seed {}, from round {}", state.seed, state.rounds + 1));
    let begun = since_1970();
    for _ in 0..read.rounds {
        let round = Round {
            seed: state.seed.wrapping_mul(1_000_003).wrapping_add(state.rounds),
            kills: read.kills,
            scenarios: scenarios.clone(),
            journal: read.journal.as_deref(),
            at_once: read.at_once,
            waits: read.waits,
            disturb: read.disturb.as_deref(),
            day: &day_in_jakarta(since_1970()),
            prefix: &format!("{:x}-{}", since_1970(), state.rounds + 1),
        };
        for (name, tally) in round.play()? {
            match state.rows.iter_mut().find(|(known, _)| *known == name) {
                Some((_, row)) => row.add(&tally),
                None => state.rows.push((name, tally)),
            }
        }
        state.rounds += 1;
        if let Some(path) = &read.state {
            // One that is read is a whole one.
            let new = path.with_extension("new");
            std::fs::write(&new, serde_json::to_vec(&state)?)?;
            std::fs::rename(&new, path)?;
        }
    }
    let page = table(&state.rows);
    if let Some(path) = &read.table {
        std::fs::write(path, &page)?;
    }
    let wrong: u64 = state.rows.iter().map(|(_, row)| row.wrong()).sum();
    let kills: u64 = state.rows.iter().map(|(_, row)| row.kills()).sum();
    say(&format!("\n{page}\nseed {}, {} rounds, {} s", state.seed, state.rounds, since_1970() - begun));
    say(&format!("{kills} kills, {wrong} wrong"));
    Ok(wrong == 0)
}

fn load(path: &Path) -> Result<Option<State>> {
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&std::fs::read(path)?)?))
}

fn since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Year, month and day by the rules of the Gregorian calendar, counted from the first of March of the year 0.
fn day_in_jakarta(since_1970_s: u64) -> String {
    let days = (since_1970_s + 7 * 3600) / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_jakarta() {
        assert_eq!(day_in_jakarta(0), "1970-01-01");
        assert_eq!(day_in_jakarta(951_782_399), "2000-02-29");
        assert_eq!(day_in_jakarta(951_757_200), "2000-02-29");
        assert_eq!(day_in_jakarta(951_757_199), "2000-02-28");
        assert_eq!(day_in_jakarta(1_795_366_800), "2026-11-23");
        assert_eq!(day_in_jakarta(1_795_366_799), "2026-11-22");
    }
}
