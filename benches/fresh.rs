//! A fresh process that makes one payment and ends: token and payment, two POSTs on one connection. Beside it a C program
//! that sends the very same bytes through libcurl, signed before.
//!
//! From before the start of the process to after its end, so with loading the libraries, reading the key and the
//! authorities, the handshake, and the RSA signature of the token request. The server has an address and no name: a name
//! takes a thread and its look-up on both sides, and libcurl knows localhost by heart.

#[path = "support/programs.rs"]
mod programs;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;

use std::env;
use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use programs::{BAYAR, LIBCURL, Problem, Workshop, numbers, printed, run, start, stay_on_one_core};
use rounds::{Round, ours, ratio, theirs, wanted};
use server::{Scheme, Server};

const ROUNDS: usize = 101;
/// All authorities of the system in one file (Debian's).
const SYSTEM: &str = "/etc/ssl/certs/ca-certificates.crt";

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let workshop = Workshop::new("bench-fresh")?;
    let programs = Programs {
        in_turn: workshop.program("in_turn", &["in_turn.c"], &[])?,
        bayar: workshop.program("fresh_bayar", &["fresh_bayar.c", "bayar_pay.c"], &[BAYAR])?,
        libcurl: workshop.program("fresh_libcurl", &["fresh_libcurl.c", "request.c"], &[LIBCURL])?,
        workshop,
    };
    let rounds = match env::var("BAYAR_BENCH_ROUNDS") {
        Ok(text) => text.parse()?,
        Err(_) => ROUNDS,
    };
    let out = &mut stdout().lock();
    writeln!(out, "Medians of {rounds} rounds in turn (least to most). Ratios are within a round.")?;
    programs.measure_all(out, rounds, "as the system places client and server")?;
    match stay_on_one_core() {
        true => programs.measure_all(out, rounds, "client and server on one core"),
        false => Ok(writeln!(out, "\nThere is no taskset here: not measured on one core.")?),
    }
}

struct Programs {
    in_turn: PathBuf,
    bayar: PathBuf,
    libcurl: PathBuf,
    workshop: Workshop,
}

/// Whom both sides trust.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    ServerOnly,
    /// The server's and all of the system's.
    SystemToo,
}

impl Programs {
    fn measure_all(&self, out: &mut impl Write, rounds: usize, where_: &str) -> Result<(), Problem> {
        let loaded = [vec![self.bayar.clone()], vec![self.libcurl.clone()]];
        self.measure(out, rounds, &loaded, &format!("both programs only loaded, {where_}"))?;
        self.pay(out, rounds, Scheme::Http, Trust::ServerOnly, &format!("http, {where_}"))?;
        self.pay(out, rounds, Scheme::Https, Trust::ServerOnly, &format!("https, one authority, {where_}"))?;
        if !Path::new(SYSTEM).exists() {
            writeln!(out, "\nThere is no {SYSTEM} here: not measured with the system's authorities.")?;
            return Ok(());
        }
        let name = format!("https, the system's authorities as well, {where_}");
        self.pay(out, rounds, Scheme::Https, Trust::SystemToo, &name)
    }

    fn pay(&self, out: &mut impl Write, rounds: usize, scheme: Scheme, trust: Trust, how: &str) -> Result<(), Problem> {
        let server = Server::start(scheme)?;
        let commands = self.commands(&server, trust)?;
        self.measure(out, rounds, &commands, how)?;
        // One before, the one that warms up, and those that are counted; each on one connection, with one payment.
        let expected = 1 + 2 * (1 + rounds);
        let seen = server.take_seen().connections;
        if seen.len() != expected || seen.iter().any(|connection| connection.payments != 1) {
            return Err(format!("There were {} connections instead of {expected}.", seen.len()).into());
        }
        Ok(())
    }

    fn measure(
        &self,
        out: &mut impl Write,
        rounds: usize,
        [bayar, libcurl]: &[Vec<PathBuf>; 2],
        how: &str,
    ) -> Result<(), Problem> {
        let mut in_turn = start(&self.in_turn);
        in_turn.arg(rounds.to_string()).args(bayar).arg("--").args(libcurl);
        let figures: Result<Vec<[f64; 6]>, Problem> = printed(&mut in_turn)?.lines().map(numbers).collect();
        let figures = figures?;

        writeln!(out, "\n{how}:")?;
        writeln!(out, "                  bayar / libcurl        bayar                  libcurl")?;
        let mut show = |name: &str, digits: usize, pick: fn(&[f64; 6]) -> Round| {
            let rounds: Vec<Round> = figures.iter().map(pick).collect();
            let [ours, theirs] = [ours(&rounds), theirs(&rounds)].map(|spread| format!("{spread:.digits$}"));
            writeln!(out, "{name:<17} {:<22} {ours:<22} {theirs}", format!("{:.2}", ratio(&rounds)))
        };
        show("time, ms", 2, |&[ours, theirs, ..]| Round { ours: ours / 1e3, theirs: theirs / 1e3 })?;
        show("processor, ms", 2, |&[_, _, ours, theirs, ..]| Round { ours: ours / 1e3, theirs: theirs / 1e3 })?;
        show("most memory, MiB", 1, |&[_, _, _, _, ours, theirs]| Round {
            ours: ours / 1024.0,
            theirs: theirs / 1024.0,
        })?;
        Ok(())
    }

    /// The two command lines. Bayar is run once for that, and libcurl gets what it sent.
    fn commands(&self, server: &Server, trust: Trust) -> Result<[Vec<PathBuf>; 2], Problem> {
        let place = &self.workshop.place;
        let (ca, key) = self.workshop.credentials(server)?;
        let roots = if trust == Trust::SystemToo { "system" } else { "none" };
        let bayar = vec![self.bayar.clone(), PathBuf::from(&server.base_url), ca, key, PathBuf::from(roots)];
        run(start(&self.bayar).args(bayar.get(1..).unwrap_or_default()))?;

        let (token, payment) = (place.join("token.request"), place.join("payment.request"));
        let recorded = server.recorded();
        fs::write(&token, &recorded.token)?;
        fs::write(&payment, &recorded.payment)?;
        let trusted = place.join("trusted.pem");
        let system = if trust == Trust::SystemToo { fs::read_to_string(SYSTEM)? } else { String::new() };
        fs::write(&trusted, format!("{}{system}", server.ca_pem))?;
        let libcurl = vec![self.libcurl.clone(), PathBuf::from(&server.base_url), trusted, token, payment];
        Ok([bayar, libcurl])
    }
}
