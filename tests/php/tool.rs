//! The programs that the tests call: one that is missing fails the test with what to install.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// A file of this repository.
pub(crate) fn repository(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a command that must succeed, and returns what it printed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{}", cannot_start(command.get_program(), &error)));
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\nended with {}:\n{said}\n{failed}", output.status);
    said.into_owned()
}

pub(crate) fn start(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| panic!("{}", cannot_start(command.get_program(), &error)))
}

fn cannot_start(program: &OsStr, error: &io::Error) -> String {
    let name = program.to_string_lossy();
    let package = match name.as_ref() {
        "php" => "php-cli",
        "/usr/sbin/nginx" => "nginx-light",
        other => other,
    };
    format!("{name} cannot be started ({error}). Install the package {package} (`make test` installs what is needed).")
}

/// Whether what is measured is to be run at its full length.
pub(crate) fn is_full() -> bool {
    std::env::var_os("BAYAR_PHP_FULL").is_some()
}
