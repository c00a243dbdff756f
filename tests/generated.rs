//! What is generated and checked in is what the code generates today: the headers, and the documents that are made from
//! the tables of settings, error codes, response codes and evidence.
//!
//! `make generated` (BAYAR_UPDATE=1) writes the files anew.
#![cfg(feature = "capi")]
#![allow(clippy::unwrap_used, clippy::panic)] // A test may.

use bayar::config::{Kind, SETTINGS, Setting};
use bayar::evidence;
use bayar::snap::codes::{Proof, TABLE};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn path_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a file with what it should be, or writes it.
fn hold(name: &str, expected: &str) {
    if std::env::var_os("BAYAR_UPDATE").is_some() {
        std::fs::write(path_of(name), expected).unwrap();
    }
    let found = std::fs::read_to_string(path_of(name)).unwrap_or_default();
    let lines = (1..).zip(expected.lines().zip(found.lines()));
    if let Some((number, (ours, theirs))) = lines.into_iter().find(|(_, (ours, theirs))| ours != theirs) {
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

/// PHP's FFI reads the header; with two lines in front PHP can do that once, before any request (ffi.preload).
#[test]
fn the_headers_of_the_php_package_are_what_the_build_makes() {
    let (_, header) = bayar::capi::HEADERS.into_iter().find(|(name, _)| name.ends_with(".ffi.h")).unwrap();
    hold("bindings/php/include/bayar.ffi.h", header);
    let preload = format!("#define FFI_SCOPE \"BAYAR\"\n#define FFI_LIB \"libbayar.so.0\"\n{header}");
    hold("bindings/php/include/bayar.preload.h", &preload);
}

#[test]
fn the_documented_settings_are_those_of_the_table() {
    let mut page = "# Settings\n\nThe same names everywhere: `bayar_config_set(config, \"timeout_ms\", \"5000\", \
                    &error)` in C, `BAYAR_TIMEOUT_MS=5000` in the\nenvironment (read only when asked), `timeout_ms = \
                    5000` in a config file (TOML). Made from the table in\n`src/config/table.rs` by `make \
                    generated`.\n\n| setting | value | default | meaning |\n| --- | --- | --- | --- |\n"
        .to_owned();
    for setting in SETTINGS {
        let secret = if setting.secret { " (secret)" } else { "" };
        let (value, default) = (value_of(setting), default_of(setting));
        writeln!(page, "| `{}`{secret} | {value} | {default} | {} |", setting.name, setting.help).unwrap();
    }
    hold("docs/settings.md", &page);
}

fn value_of(setting: &Setting) -> String {
    match setting.kind {
        Kind::Path => "path".to_owned(),
        Kind::Integer { least, most } => format!("{least} to {most}"),
        Kind::Choice(choices) => choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", "),
        _ => "text".to_owned(),
    }
}

fn default_of(setting: &Setting) -> String {
    match setting.default {
        Some(default) => format!("`{default}`"),
        None if setting.required => "must be given".to_owned(),
        None => "none".to_owned(),
    }
}

#[test]
fn the_documented_errors_are_those_of_the_tables() {
    let mut page = "# Errors\n\nFor a support desk. Every error says what is true about the money \
                    (`bayar_error_outcome()`), what went wrong\n(`bayar_error_code()`), DOKU's own seven digits if it \
                    answered (`bayar_error_response_code()`), and what to do\n(`bayar_error_retry()`, and the message). \
                    Made from the tables in `src/capi/constants.rs` and `src/snap/codes.rs` by\n`make generated`.\n"
        .to_owned();
    for (title, name) in [
        ("What is true about the money", "bayar_outcome"),
        ("What to do next", "bayar_retry"),
        ("What went wrong", "bayar_code"),
    ] {
        writeln!(page, "\n## {title}\n\n| constant | number | meaning |\n| --- | --- | --- |").unwrap();
        for (constant, number, meaning) in constants_of("constants", name) {
            writeln!(page, "| `{constant}` | {number} | {meaning} |").unwrap();
        }
    }
    page.push_str(
        "\n## DOKU's response codes\n\nThe first three digits and the last two; the two between them name the service \
         and are not looked at. *Meaning* is that of an\nanswer to the first transmission of a payment or refund. After \
         a transmission whose fate is unknown a refusal proves nothing,\nand the outcome stays unknown.\n\n| code | \
         name | meaning | what to do |\n| --- | --- | --- | --- |\n",
    );
    for row in TABLE {
        let meaning = meaning_of(row.proves);
        writeln!(page, "| {}xx{:02} | {} | {meaning} | {} |", row.http, row.case, row.name, row.advice).unwrap();
    }
    hold("docs/errors.md", &page);
}

/// The text is in docs/journal.in.md, and the figures in docs/chaos.md, which are written by hand.
#[test]
fn the_documented_journal_goes_by_the_tables() {
    let read = |name: &str| std::fs::read_to_string(path_of(name)).unwrap();
    let mut page = read("docs/journal.in.md");
    let mut fill = |place: &str, text: &str| {
        assert_eq!(page.matches(place).count(), 1, "{place}");
        page = page.replace(place, text);
    };
    let states = constants_of("journal_constants", "bayar_state");
    let rows = states.iter().map(|(constant, number, meaning)| format!("| `{constant}` | {number} | {meaning} |\n"));
    fill("{states}", &rows.collect::<String>());
    let rows = evidence::TABLE
        .iter()
        .map(|row| format!("| {} | {} | {} |\n", row.says, row.payment.says(), row.refund.says()));
    fill("{evidence}", &rows.collect::<String>());
    fill("{chaos}\n", &read("docs/chaos.md"));
    hold("docs/journal.md", &page);
}

/// The constants of a C enum with their comments, from the source that the header is made of.
fn constants_of(file: &str, name: &str) -> Vec<(String, String, String)> {
    let source = std::fs::read_to_string(path_of(&format!("src/capi/{file}.rs"))).unwrap();
    let (_, from) = source.split_once(&format!("pub enum {name} {{")).unwrap();
    let (body, _) = from.split_once("\n}").unwrap();
    let mut meaning = String::new();
    let mut constants = Vec::new();
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(comment) = line.strip_prefix("///") {
            meaning.push_str(comment);
        } else {
            let (constant, number) = line.trim_end_matches(',').split_once(" = ").unwrap();
            constants.push((constant.to_owned(), number.to_owned(), std::mem::take(&mut meaning).trim().to_owned()));
        }
    }
    assert!(!constants.is_empty());
    constants
}

fn meaning_of(proof: Proof) -> &'static str {
    match proof {
        Proof::Done => "done",
        Proof::InProgress => "taken and not finished: unknown so far",
        Proof::Refused => "refused: nothing happened",
        Proof::RefusedOrDone => "refused, unless the status knows it as done",
        Proof::RefusedUntilMended => "refused: nothing happened; works under the same reference once mended",
        Proof::RefusedForNow => "refused for now: nothing happened",
        Proof::RenewToken => "nothing happened: the token is renewed",
        Proof::AskStatus => "known to DOKU already: unknown until the status tells",
        Proof::Nothing => "unknown: it may have happened",
        _ => panic!("{proof:?} has no words"),
    }
}
