//! The plain header is what PHP's FFI reads, and calls through it work.

use std::process::Command;

use crate::tool::{repository, succeed};
use crate::workshop::Workshop;

#[test]
fn php_reads_the_plain_header_and_calls_through_it() {
    let modules = succeed(Command::new("php").arg("-m"));
    assert!(
        modules.lines().any(|line| line == "FFI"),
        "This PHP has no FFI. Install the package php-common (`make test` does)."
    );
    let workshop = Workshop::open();
    let mut php = Command::new("php");
    php.args(["-d", "ffi.enable=true", "-d", "error_reporting=-1", "-d", "display_errors=stderr"]);
    php.arg(repository("tests/c_api/ffi.php")).arg(repository("include/bayar.ffi.h")).arg(workshop.library());
    let said = succeed(&mut php);
    let lines: Vec<&str> = said.lines().collect();
    let expected = [
        concat!("version ", env!("CARGO_PKG_VERSION")),
        "timestamp 2024-07-10T11:57:58+07:00",
        "code 202",
        "field timeout_m",
        "message string with timeout_ms",
        "end",
    ];
    assert_eq!(lines, expected);
}
