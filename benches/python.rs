//! What the Python package costs, beside a bare urllib3 (keep-alive) that POSTs the very same bytes in the same run: a warm
//! payment; a fresh process with one payment; and what `import bayar` adds to bare Python.
//!
//! `BAYAR_PYTHON` is an interpreter that has the wheel and urllib3 (see bindings/python/README.md). urllib3's side only sends;
//! bayar's also checks, writes down, signs, reads and judges, and makes Python objects of it.

#[path = "support/programs.rs"]
mod programs;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;

use programs::{Problem, Workshop, numbers, printed, start, stay_on_one_core};
use rounds::{Round, Spread, ours, ratio, rounds_wanted, theirs, wanted};
use server::{Scheme, Server};

const CALLS: usize = 100;

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-python");
    fs::create_dir_all(&place)?;
    let workshop = Workshop { place };
    let bench = Bench {
        python: env::var_os("BAYAR_PYTHON").unwrap_or_else(|| "python3".into()),
        in_turn: workshop.program("in_turn", &["in_turn.c"], &[])?,
        workshop,
        rounds: rounds_wanted(101)?,
    };
    let out = &mut stdout().lock();
    writeln!(out, "Medians of {} rounds in turn (least to most). Ratios are within a round.", bench.rounds)?;
    bench.measure_all(out, "as the system places client and server")?;
    match stay_on_one_core() {
        true => bench.measure_all(out, "client and server on one core"),
        false => Ok(writeln!(out, "\nThere is no taskset here: not measured on one core.")?),
    }
}

struct Bench {
    python: OsString,
    in_turn: PathBuf,
    workshop: Workshop,
    rounds: usize,
}

/// A script of `bindings/python/benches`.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/python/benches").join(name)
}

impl Bench {
    fn measure_all(&self, out: &mut impl Write, how: &str) -> Result<(), Problem> {
        self.warm(out, how)?;
        self.fresh(out, how)?;
        self.import(out, how)
    }

    fn warm(&self, out: &mut impl Write, how: &str) -> Result<(), Problem> {
        let server = Server::start(Scheme::Https)?;
        let (ca, key) = self.workshop.credentials(&server)?;
        let mut command = start(Path::new(&self.python));
        command.arg(script("side_by_side.py")).arg(&server.base_url).args([ca, key]);
        command.args([self.rounds, CALLS].map(|number| number.to_string()));
        let lines = printed(&mut command)?;
        let figures: Vec<[f64; 4]> = lines.lines().map(numbers).collect::<Result<_, _>>()?;
        let clock: Vec<Round> = figures.iter().map(|&[ours, theirs, ..]| microseconds(ours, theirs)).collect();
        let cpu: Vec<Round> = figures.iter().map(|&[.., ours, theirs]| microseconds(ours, theirs)).collect();
        let seen = server.take_seen().connections;
        let [bayar, urllib3] = seen.as_slice() else {
            return Err(format!("There were {} connections instead of one each.", seen.len()).into());
        };
        writeln!(out, "\na warm payment over https, {how}:")?;
        writeln!(out, "bayar / urllib3              {:.3}", ratio(&clock))?;
        writeln!(out, "  a payment through bayar    {:.1} µs", ours(&clock))?;
        writeln!(out, "  a POST through urllib3     {:.1} µs", theirs(&clock))?;
        writeln!(out, "client's processor time only {:.3}", ratio(&cpu))?;
        writeln!(out, "  bayar                      {:.1} µs", ours(&cpu))?;
        writeln!(out, "  urllib3                    {:.1} µs", theirs(&cpu))?;
        writeln!(out, "  request                    {} and {} bytes", bayar.request_length, urllib3.request_length)?;
        Ok(())
    }

    fn fresh(&self, out: &mut impl Write, how: &str) -> Result<(), Problem> {
        let server = Server::start(Scheme::Https)?;
        let (ca, key) = self.workshop.credentials(&server)?;
        let with = |name: &str, more: &[&Path]| {
            let first = [self.python.clone(), script(name).into(), OsString::from(&server.base_url)];
            first.into_iter().chain(more.iter().map(|path| path.as_os_str().to_owned())).collect::<Vec<_>>()
        };
        let bayar = with("fresh_bayar.py", &[&ca, &key]);
        let mut first = Command::new(&self.python);
        programs::run(first.args(bayar.get(1..).unwrap_or_default()))?;
        let recorded = server.recorded();
        let [token, payment] = ["token.request", "payment.request"].map(|name| self.workshop.place.join(name));
        fs::write(&token, &recorded.token)?;
        fs::write(&payment, &recorded.payment)?;
        let urllib3 = with("fresh_urllib3.py", &[&ca, &token, &payment]);
        let title = format!("a fresh process with one payment, https, {how}:");
        self.in_turn(out, &title, ["bayar", "urllib3"], &bayar, &urllib3)
    }

    fn import(&self, out: &mut impl Write, how: &str) -> Result<(), Problem> {
        let saying = |code: &str| ["", "-c", code].map(OsString::from).to_vec();
        let [mut bayar, mut bare] = [saying("import bayar"), saying("pass")];
        for command in [&mut bayar, &mut bare] {
            if let Some(first) = command.first_mut() {
                first.clone_from(&self.python);
            }
        }
        self.in_turn(out, &format!("import bayar, {how}:"), ["import bayar", "bare Python"], &bayar, &bare)
    }

    fn in_turn(
        &self,
        out: &mut impl Write,
        title: &str,
        names: [&str; 2],
        ours_: &[OsString],
        theirs_: &[OsString],
    ) -> Result<(), Problem> {
        let mut command = start(&self.in_turn);
        command.arg(self.rounds.to_string()).args(ours_).arg("--").args(theirs_);
        let lines = printed(&mut command)?;
        let figures: Vec<[f64; 6]> = lines.lines().map(numbers).collect::<Result<_, _>>()?;
        let [first, second] = names;
        writeln!(out, "\n{title}")?;
        writeln!(out, "                  {first:<22} {second:<22} ratio                  difference")?;
        let mut show = |name: &str, pick: fn(&[f64; 6]) -> Round| {
            let rounds: Vec<Round> = figures.iter().map(pick).collect();
            let [ours, theirs, ratio] =
                [ours(&rounds), theirs(&rounds), ratio(&rounds)].map(|spread| format!("{spread:.1}"));
            let difference = Spread::of(rounds.iter().map(|round| round.ours - round.theirs));
            writeln!(out, "{name:<17} {ours:<22} {theirs:<22} {ratio:<22} {difference:.1}")
        };
        show("time, ms", |&[ours, theirs, ..]| Round { ours: ours / 1e3, theirs: theirs / 1e3 })?;
        show("processor, ms", |&[_, _, ours, theirs, ..]| Round { ours: ours / 1e3, theirs: theirs / 1e3 })?;
        show("most memory, MiB", |&[.., ours, theirs]| Round { ours: ours / 1024.0, theirs: theirs / 1024.0 })?;
        Ok(())
    }
}

fn microseconds(ours: f64, theirs: f64) -> Round {
    Round { ours: ours / 1e3, theirs: theirs / 1e3 }
}
