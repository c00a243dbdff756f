//! What a warm payment through the C API costs over HTTPS, against the same POST through libcurl.
//!
//! Both are called from one C program (`c/`), in turn, each with its own kept connection to one server on this machine
//! (`support/server.rs`), and send equally many bytes. libcurl's side only sends; bayar's also checks, writes down, signs,
//! reads and judges. The library is the one that users get; it is built first unless `BAYAR_LIBRARY_DIR` says where one is.

#[path = "support/programs.rs"]
mod programs;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;

use std::io::{Write, stdout};
use std::path::PathBuf;

use programs::{BAYAR, LIBCURL, Problem, Workshop, numbers, printed, start, stay_on_one_core};
use rounds::{Round, ours, ratio, theirs, wanted};
use server::{Connection, Scheme, Server};

const ROUNDS: usize = 101;
const CALLS: usize = 100;

const C_FILES: [&str; 4] = ["side_by_side.c", "bayar_pay.c", "libcurl_post.c", "request.c"];

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let workshop = Workshop::new("bench-payment")?;
    let program = Program { path: workshop.program("side_by_side", &C_FILES, &[BAYAR, LIBCURL])?, workshop };
    let out = &mut stdout().lock();
    writeln!(
        out,
        "Medians of {ROUNDS} rounds of {CALLS} payments in turn (least to most). Ratios are within a round."
    )?;
    program.measure(out, "as the system places client and server")?;
    match stay_on_one_core() {
        true => program.measure(out, "client and server on one core"),
        false => Ok(writeln!(out, "\nThere is no taskset here: not measured on one core.")?),
    }
}

struct Program {
    path: PathBuf,
    workshop: Workshop,
}

impl Program {
    fn measure(&self, out: &mut impl Write, how: &str) -> Result<(), Problem> {
        let server = Server::start(Scheme::Https)?;
        let rounds = self.run(&server)?;
        let (bayar, libcurl) = match server.take_seen().connections.as_slice() {
            [bayar, libcurl] => (*bayar, *libcurl),
            others => return Err(format!("There were {} connections instead of one each.", others.len()).into()),
        };
        let clock: Vec<Round> = rounds.iter().map(|round| round.clock).collect();
        let cpu: Vec<Round> = rounds.iter().map(|round| round.cpu).collect();
        writeln!(out, "\n{how}:")?;
        writeln!(out, "bayar / libcurl              {:.3}", ratio(&clock))?;
        writeln!(out, "  a payment through bayar    {:.1} µs", ours(&clock))?;
        writeln!(out, "  a POST through libcurl     {:.1} µs", theirs(&clock))?;
        writeln!(out, "  of both the server         {:.1} and {:.1} µs", busy(&bayar), busy(&libcurl))?;
        writeln!(out, "client's processor time only {:.3}", ratio(&cpu))?;
        writeln!(out, "  bayar                      {:.1} µs", ours(&cpu))?;
        writeln!(out, "  libcurl                    {:.1} µs", theirs(&cpu))?;
        writeln!(out, "  request                    {} and {} bytes", bayar.request_length, libcurl.request_length)?;
        Ok(())
    }

    fn run(&self, server: &Server) -> Result<Vec<Times>, Problem> {
        let (ca, key) = self.workshop.credentials(server)?;
        let mut command = start(&self.path);
        command.arg(&server.base_url).args([ca, key]);
        command.args([ROUNDS, CALLS].map(|number| number.to_string()));
        printed(&mut command)?.lines().map(Times::read).collect()
    }
}

/// What the program says about one round, in microseconds.
struct Times {
    clock: Round,
    cpu: Round,
}

impl Times {
    fn read(line: &str) -> Result<Self, Problem> {
        let [ours, theirs, ours_cpu, theirs_cpu] = numbers(line)?.map(|ns| ns / 1e3);
        Ok(Self { clock: Round { ours, theirs }, cpu: Round { ours: ours_cpu, theirs: theirs_cpu } })
    }
}

/// Microseconds that the server took for a payment on the average, from the last byte read to the last one written.
fn busy(connection: &Connection) -> f64 {
    connection.busy_ns as f64 / 1e3 / connection.payments.max(1) as f64
}
