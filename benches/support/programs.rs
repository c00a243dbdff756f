//! The C programs that are measured: the library that users get, a compiler, and a place to put both.

#![allow(dead_code)] // Each benchmark uses what it needs.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bayar_sandbox::TEST_PRIVATE_KEY_PEM;

use crate::server::Server;

pub(crate) type Problem = Box<dyn Error + Send + Sync>;

const C_FLAGS: [&str; 7] =
    ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// What a program is linked with.
pub(crate) const BAYAR: &str = "libbayar.so";
pub(crate) const LIBCURL: &str = "-lcurl";

/// Where one benchmark keeps its programs and files.
pub(crate) struct Workshop {
    pub(crate) place: PathBuf,
}

impl Workshop {
    /// The library is built as a release has it, unless `BAYAR_LIBRARY_DIR` says where one is.
    pub(crate) fn new(name: &str) -> Result<Self, Problem> {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&place)?;
        let library = match env::var_os("BAYAR_LIBRARY_DIR") {
            Some(given) => fs::canonicalize(given)?,
            None => build_library(&[], "library")?,
        };
        fs::copy(library.join(BAYAR), place.join(BAYAR))?;
        // Programs ask for it by its soname.
        fs::copy(library.join(BAYAR), place.join("libbayar.so.0"))?;
        Ok(Self { place })
    }

    /// Compiles files of `benches/c` into one program.
    pub(crate) fn program(&self, name: &str, files: &[&str], libraries: &[&str]) -> Result<PathBuf, Problem> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = self.place.join(name);
        let mut cc = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
        cc.args(C_FLAGS).arg("-I").arg(root.join("include"));
        cc.args(files.iter().map(|file| root.join("benches/c").join(file)));
        cc.arg("-o").arg(&program);
        for library in libraries {
            match *library {
                // By its path, also when it is started (see `start`): no library of another build may be found instead.
                BAYAR => cc.arg(self.place.join(BAYAR)).arg(format!("-Wl,-rpath,{}", self.place.display())),
                other => cc.arg(other),
            };
        }
        let made = run(&mut cc);
        if made.is_err() && libraries.contains(&LIBCURL) {
            return Err("A C compiler and libcurl with its headers are needed (Debian: libcurl4-openssl-dev).".into());
        }
        made.map(|()| program)
    }

    /// Files with the authority to trust and with the merchant's key.
    pub(crate) fn credentials(&self, server: &Server) -> Result<(PathBuf, PathBuf), Problem> {
        let (ca, key) = (self.place.join("ca.pem"), self.place.join("key.pem"));
        fs::write(&ca, &server.ca_pem)?;
        fs::write(&key, TEST_PRIVATE_KEY_PEM)?;
        Ok((ca, key))
    }
}

/// The library of a release, in a directory of its own: a `cargo build` with other features must not replace it.
pub(crate) fn build_library(more: &[&str], directory: &str) -> Result<PathBuf, Problem> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(directory);
    let arguments = ["rustc", "--release", "--lib", "--features", "capi", "--crate-type", "cdylib", "--target-dir"];
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    run(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).arg(&target).args(more))?;
    Ok(target.join("release"))
}

/// A program of ours, to be started as from a shell. Cargo sets a path for libraries, which comes before the program's own
/// and has another build's library on it; and certificates may be set that are not the system's usual ones.
pub(crate) fn start(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in ["LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.env_remove(name);
    }
    command
}

pub(crate) fn run(command: &mut Command) -> Result<(), Problem> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}").into()),
        Err(problem) => Err(format!("{command:?}: {problem}").into()),
    }
}

/// Runs a command that must succeed, and returns what it printed.
pub(crate) fn printed(command: &mut Command) -> Result<String, Problem> {
    let output = match command.stderr(Stdio::inherit()).output() {
        Ok(output) => output,
        Err(problem) => return Err(format!("{command:?}: {problem}").into()),
    };
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// So many numbers, with a space in between, as the programs print them.
pub(crate) fn numbers<const COUNT: usize>(line: &str) -> Result<[f64; COUNT], Problem> {
    let numbers: Result<Vec<f64>, _> = line.split(' ').map(str::parse).collect();
    let numbers = numbers.ok().and_then(|numbers| numbers.try_into().ok());
    numbers.ok_or_else(|| format!("A program printed '{line}'.").into())
}

/// This process, with the server in it, and all that it starts.
pub(crate) fn stay_on_one_core() -> bool {
    let this = std::process::id().to_string();
    let taskset = Command::new("taskset").args(["-a", "-c", "-p", "0", &this]).stdout(Stdio::null()).status();
    taskset.is_ok_and(|status| status.success())
}
