//! A test program that ran to its end, and what it said.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::sanitized;
use crate::tool::{self, repository};

/// A memory error ends the program with this status. Blocks that are still reachable at the end are the library's own
/// (tables that live as long as the process).
pub(crate) const VALGRIND: [&str; 7] = [
    "valgrind",
    "-q",
    "--error-exitcode=99",
    "--leak-check=full",
    "--show-leak-kinds=definite,possible",
    "--errors-for-leak-kinds=definite,possible",
    "--num-callers=30",
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum How {
    Plain,
    UnderValgrind,
    /// Without the suppressions that TLS needs.
    UnderValgrindWithoutMercy,
    /// Program and library have AddressSanitizer and UndefinedBehaviorSanitizer in them.
    Sanitized,
}

pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// The values of the lines `fact NAME VALUE` of that name.
    pub(crate) fn facts(&self, name: &str) -> Vec<&str> {
        let value = |line: &'_ str| -> Option<usize> { line.strip_prefix("fact ")?.strip_prefix(name)?.find(' ') };
        let lines = self.stdout.lines().filter(|line| value(line) == Some(0));
        lines.map(|line| &line["fact ".len() + name.len() + 1..]).collect()
    }

    /// The value of the one line `fact NAME VALUE`.
    pub(crate) fn fact(&self, name: &str) -> &str {
        let facts = self.facts(name);
        assert_eq!(facts.len(), 1, "one line 'fact {name}' is expected in\n{}", self.stdout);
        facts[0]
    }

    pub(crate) fn succeeded(self) -> Finished {
        assert!(self.code == Some(0), "status {:?}\n{}\n{}", self.code, self.stdout, self.stderr);
        self
    }
}

/// Runs a program with nothing but this environment. `input` is its standard input; without one, each line that it
/// begins with `customer ` is given to `customer`, and answered by `done`.
pub(crate) fn run(
    how: How,
    program: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
    input: Option<&[u8]>,
    customer: &mut dyn FnMut(&str),
) -> Finished {
    let mut command = match how {
        How::Plain | How::Sanitized => Command::new(program),
        How::UnderValgrind | How::UnderValgrindWithoutMercy => {
            let mut valgrind = Command::new(VALGRIND[0]);
            valgrind.args(&VALGRIND[1..]);
            if how == How::UnderValgrind {
                let file = repository("tests/c_api/valgrind.supp");
                valgrind.arg(format!("--suppressions={}", file.display()));
            }
            valgrind.arg(program);
            valgrind
        }
    };
    command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    if how == How::Sanitized {
        command.envs(sanitized::OPTIONS);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = tool::start(&mut command);
    let mut stdin = child.stdin.take();
    let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    std::thread::scope(|scope| {
        let errors = scope.spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        });
        if let Some(input) = input {
            let mut stdin = stdin.take().unwrap();
            // A program that ends early does not read all of it; its own status tells.
            scope.spawn(move || drop(stdin.write_all(input)));
        }
        let mut said = String::new();
        for line in BufReader::new(stdout).lines() {
            let line = line.unwrap();
            if let (Some(what), Some(stdin)) = (line.strip_prefix("customer "), stdin.as_mut()) {
                customer(what);
                drop(stdin.write_all(b"done\n"));
            }
            said.push_str(&line);
            said.push('\n');
        }
        let status = child.wait().unwrap();
        Finished { code: status.code(), stdout: said, stderr: errors.join().unwrap() }
    })
}
