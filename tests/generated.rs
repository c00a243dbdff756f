//! What is generated and checked in is what the code generates today: the headers and the table of settings.
//!
//! `make generated` (BAYAR_UPDATE=1) writes the files anew.
#![cfg(feature = "capi")]
#![allow(clippy::unwrap_used, clippy::panic)] // A test may.

use std::path::Path;

/// Compares a file with what it should be, or writes it.
fn hold(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("BAYAR_UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((number, (ours, theirs))) =
        (1..).zip(expected.lines().zip(found.lines())).find(|(_, (ours, theirs))| ours != theirs)
    {
        panic!(
            "{name}, line {number}: is '{theirs}', should be '{ours}'. Run `make generated`, and look at the change."
        );
    }
    assert!(found == expected, "{name} is longer or shorter than what is generated. Run `make generated`.");
}

#[test]
fn the_headers_are_what_the_build_makes() {
    for (name, expected) in bayar::capi::HEADERS {
        hold(name, expected);
    }
}

#[test]
fn the_documented_settings_are_those_of_the_table() {
    let table = bayar::config::markdown();
    let expected = format!(
        "# Settings\n\nThe same names everywhere: `bayar_config_set(config, \"timeout_ms\", \"5000\", &error)` in C, \
         `BAYAR_TIMEOUT_MS=5000` in the\nenvironment (read only when asked), `timeout_ms = 5000` in a config file \
         (TOML). Made from the table in\n`src/config/table.rs` by `make generated`.\n\n{table}"
    );
    hold("docs/settings.md", &expected);
}
