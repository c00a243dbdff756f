//! The programs that the tests call: one that is missing fails the test with what to install.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

/// A file of this repository.
pub(crate) fn repository(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|error| panic!("{}", cannot_start(command.get_program(), &error)))
}

/// Runs a command that must succeed, and returns what it printed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\nended with {}:\n{said}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn start(command: &mut Command) -> Child {
    let child = command.spawn();
    child.unwrap_or_else(|error| panic!("{}", cannot_start(command.get_program(), &error)))
}

fn cannot_start(program: &OsStr, error: &io::Error) -> String {
    let name = program.to_string_lossy();
    let package = match name.as_ref() {
        "nm" | "readelf" => "binutils",
        "php" => "php-cli",
        other => other,
    };
    format!(
        "{name} cannot be started ({error}). Install the package {package} (`make test` installs all that is needed)."
    )
}

#[test]
fn a_missing_tool_is_named_with_what_to_install() {
    let missing = io::Error::from(io::ErrorKind::NotFound);
    let message = cannot_start(OsStr::new("readelf"), &missing);
    assert!(message.contains("readelf") && message.contains("Install the package binutils"), "{message}");
    let failure = std::panic::catch_unwind(|| run(&mut Command::new("bayar-no-such-tool")));
    assert!(failure.is_err(), "a test must not go on without its tool");
}
