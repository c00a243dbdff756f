//! What a warm payment through the C API costs over HTTPS, against the same POST through libcurl.
//!
//! Both are called from one C program (`c/`), in turn, each with its own kept connection to one server on this machine
//! (`payment/server.rs`), and send equally many bytes. libcurl's side only sends; bayar's also checks, writes down, signs,
//! reads and judges. The library is the one that users get; it is built first unless `BAYAR_LIBRARY_DIR` says where one is.

#[path = "support/rounds.rs"]
mod rounds;
#[path = "payment/server.rs"]
mod server;

use std::env;
use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bayar_sandbox::TEST_PRIVATE_KEY_PEM;
use rounds::{Round, ours, ratio, theirs, wanted};
use server::{Connection, Server};

const ROUNDS: usize = 101;
const CALLS: usize = 100;

const C_FLAGS: [&str; 7] =
    ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
const C_FILES: [&str; 3] = ["side_by_side.c", "bayar_pay.c", "libcurl_post.c"];

type Problem = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-payment");
    fs::create_dir_all(&place)?;
    let library = match env::var_os("BAYAR_LIBRARY_DIR") {
        Some(given) => fs::canonicalize(given)?,
        None => build_library(root, &place)?,
    };
    let program = Program { path: build_program(root, &place, &library)?, place };
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

/// The library of a release, in a directory of its own: a `cargo build` with other features must not replace it.
fn build_library(root: &Path, place: &Path) -> Result<PathBuf, Problem> {
    let target = place.join("library");
    let arguments = ["rustc", "--release", "--lib", "--features", "capi", "--crate-type", "cdylib", "--target-dir"];
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    run(cargo.current_dir(root).args(arguments).arg(&target))?;
    Ok(target.join("release"))
}

fn build_program(root: &Path, place: &Path, library: &Path) -> Result<PathBuf, Problem> {
    let program = place.join("side_by_side");
    let mut cc = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
    cc.args(C_FLAGS).arg("-I").arg(root.join("include"));
    cc.args(C_FILES.map(|file| root.join("benches/c").join(file)));
    // By its path: a library of another build must not be found instead.
    let library_file = library.join("libbayar.so");
    cc.arg("-o").arg(&program).arg(&library_file).arg("-lcurl");
    run(&mut cc)?;
    // The program asks for it by its soname.
    fs::copy(&library_file, place.join("libbayar.so.0"))?;
    Ok(program)
}

fn run(command: &mut Command) -> Result<(), Problem> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}").into()),
        Err(problem) => Err(format!("{command:?}: {problem}").into()),
    }
}

/// This process, with the server in it, and all that it starts.
fn stay_on_one_core() -> bool {
    let this = std::process::id().to_string();
    let taskset = Command::new("taskset").args(["-a", "-c", "-p", "0", &this]).stdout(Stdio::null()).status();
    taskset.is_ok_and(|status| status.success())
}

struct Program {
    path: PathBuf,
    place: PathBuf,
}

impl Program {
    fn measure(&self, out: &mut impl Write, how: &str) -> Result<(), Problem> {
        let server = Server::start()?;
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
        let (ca, key) = (self.place.join("ca.pem"), self.place.join("key.pem"));
        fs::write(&ca, &server.ca_pem)?;
        fs::write(&key, TEST_PRIVATE_KEY_PEM)?;
        let mut command = Command::new(&self.path);
        command.env("LD_LIBRARY_PATH", &self.place).arg(&server.base_url).args([ca, key]);
        command.args([ROUNDS, CALLS].map(|number| number.to_string()));
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("{command:?}: {}", output.status).into());
        }
        String::from_utf8(output.stdout)?.lines().map(Times::read).collect()
    }
}

/// What the program says about one round, in microseconds.
struct Times {
    clock: Round,
    cpu: Round,
}

impl Times {
    fn read(line: &str) -> Result<Self, Problem> {
        let numbers: Result<Vec<f64>, _> =
            line.split(' ').map(|number| number.parse().map(|ns: f64| ns / 1e3)).collect();
        match numbers?.as_slice() {
            &[ours, theirs, ours_cpu, theirs_cpu] => {
                Ok(Self { clock: Round { ours, theirs }, cpu: Round { ours: ours_cpu, theirs: theirs_cpu } })
            }
            _ => Err(format!("The program printed '{line}'.").into()),
        }
    }
}

/// Microseconds that the server took for a payment on the average, from the last byte read to the last one written.
fn busy(connection: &Connection) -> f64 {
    connection.busy_ns as f64 / 1e3 / connection.payments.max(1) as f64
}
